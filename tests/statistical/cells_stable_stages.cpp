// The stable distribution over phases: cells that begin in step forget it, and founders drawn from it stay in
// it. The second eigenvalue of this cycle (7 stages in 22 h) lies about 0.13/h below the first, so that 120 h
// leave e^-15 of the start.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "support/lives.hpp"
#include "support/statistics.hpp"

namespace stroma {
namespace cells_stable_stages {

constexpr double hour = 60.0, entry = 1.0 / (10.0 * hour);

std::vector<model::Phase> cycle() {
  return {{"G1", 10.0 * hour, 2}, {"S", 8.0 * hour, 3}, {"G2M", 4.0 * hour, 2}};
}

std::vector<double> expected_shares() {
  std::vector<double> shares(3, 0.0);
  for (const cells::StageShare& s : cells::stable_stages(cycle(), entry)) shares[s.phase] += s.share;
  return shares;
}

double z_of_phase(const test::Lives& lives, std::size_t founders, std::uint8_t phase, double share) {
  std::vector<double> in_phase(founders, 0.0), whole(founders, 0.0);
  for (std::size_t i = 0; i < lives.cells.size(); ++i) {
    if (lives.cells.fate[i] != cells::Fate::live) continue;
    whole[lives.cells.lineage[i] - 1] += 1.0;
    in_phase[lives.cells.lineage[i] - 1] += lives.cells.phase[i] == phase;
  }
  return test::z_of_clonal_share(in_phase, whole, share);
}

TEST(StableStages, are_what_cells_in_step_come_to) {
  const std::size_t founders = 1500;
  for (const double apoptosis :
       {0.0, 1.0 / (100.0 * hour)}) {  // a hazard that all share does not change them
    test::Lives lives(test::life_plan(cycle(), 21), founders, {entry, apoptosis, 0.0});
    std::fill(lives.cells.phase.begin(), lives.cells.phase.end(), std::uint8_t{0});
    std::fill(lives.cells.cycle_budget.begin(), lives.cells.cycle_budget.end(), 2.0f);
    lives.run(120.0 * hour, 2.0 * hour);
    const std::vector<double> shares = expected_shares();
    for (std::uint8_t p = 0; p < 3; ++p) {
      EXPECT_LT(std::abs(z_of_phase(lives, founders, p, shares[p])), test::z_bound) << int(p);
      EXPECT_GT(std::abs(z_of_phase(lives, founders, p, 1.1 * shares[p])), test::z_bound) << int(p);
    }
  }
}

// G1 of stages, S of a fixed duration, G2M of stages: ages within S are part of what is kept.
TEST(StableStages, are_kept_where_a_phase_has_a_fixed_duration) {
  std::vector<model::Phase> phases = cycle();
  phases[1].stages = 0;
  std::vector<double> shares(3, 0.0);
  for (const cells::StageShare& s : cells::stable_stages(phases, entry)) shares[s.phase] += s.share;
  const std::size_t founders = 10000;
  test::Lives lives(test::life_plan(phases, 23), founders, {entry, 0.0, 0.0});
  for (const double hours : {0.0, 3.0, 5.0, 8.0}) {
    if (hours > 0.0) lives.run(hours * hour, 1.0 * hour);
    for (std::uint8_t p = 0; p < 3; ++p)
      EXPECT_LT(std::abs(z_of_phase(lives, founders, p, shares[p])), test::z_bound) << int(p);
    EXPECT_GT(std::abs(z_of_phase(lives, founders, 1, 1.1 * shares[1])), test::z_bound);
  }
  EXPECT_NEAR(shares[0] + shares[1] + shares[2], 1.0, 1e-12);
  // One phase of fixed duration alone: ages 2^(1 - a/T), and everybody divides once within T.
  test::Lives clock(test::life_plan({{"G", 600.0, 0}}, 24), 4000, {1.0 / 600.0, 0.0, 0.0});
  std::vector<double> age;
  for (const float rest : clock.cells.cycle_budget) age.push_back(1.0 - static_cast<double>(rest));
  const double ln2 = std::log(2.0);
  EXPECT_LT(std::abs(test::z_of_mean(age, 1.0 / ln2 - 1.0)), test::z_bound);
  EXPECT_GT(std::abs(test::z_of_mean(age, 0.5)), test::z_bound);
  clock.run(600.0, 60.0);
  EXPECT_EQ(clock.cells.size(), 8000u);
}

TEST(StableStages, are_kept_by_founders_drawn_from_them) {
  const std::size_t founders = 10000;
  test::Lives lives(test::life_plan(cycle(), 22), founders, {entry, 0.0, 0.0});
  const std::vector<double> shares = expected_shares();
  for (const double hours : {0.0, 5.0, 5.0, 20.0}) {
    if (hours > 0.0) lives.run(hours * hour, 1.0 * hour);
    for (std::uint8_t p = 0; p < 3; ++p)
      EXPECT_LT(std::abs(z_of_phase(lives, founders, p, shares[p])), test::z_bound) << int(p);
    EXPECT_GT(std::abs(z_of_phase(lives, founders, 0, 1.1 * shares[0])), test::z_bound);
  }
}

}  // namespace cells_stable_stages
}  // namespace stroma
