// Death: competing hazards a (apoptosis) and h (necrosis) end a life after an exponential time with rate a +
// h, by apoptosis with probability a/(a + h) whatever that time was; then early and late stages last Erlang
// times. Mutants: one rate or duration 10 % off.
#include <gtest/gtest.h>

#include <cmath>

#include "support/lives.hpp"
#include "support/statistics.hpp"

namespace stroma {
namespace cells_dying {

using cells::Fate;
using test::Lives;
using verification::ks_bound;

constexpr std::size_t founders = 40000;

double count(const Lives& lives, Fate fate) {
  return static_cast<double>(std::count(lives.cells.fate.begin(), lives.cells.fate.end(), fate));
}

// Cells that never leave the stage of dying that they enter.
Lives mortal(test::ConstantRates rates) {
  Lives lives(test::life_plan({}, 3), founders, rates);
  lives.plan.early_apoptosis = lives.plan.late_apoptosis = {1e12, 1};
  return lives;
}

TEST(Hazards, share_the_deaths_in_proportion_and_at_any_age) {
  for (const double dt : {3.0, 1000.0}) {
    Lives lives = mortal({0.0, 0.003, 0.001});
    for (const double until : {150.0, 1000.0}) {  // the young dead, then nearly all
      lives.run(until, std::min(dt, until));
      const double dead = count(lives, Fate::early_apoptotic) + count(lives, Fate::necrotic);
      EXPECT_LT(std::abs(test::z_of_share(count(lives, Fate::necrotic), dead, 0.25)), test::z_bound) << until;
      EXPECT_GT(std::abs(test::z_of_share(count(lives, Fate::necrotic), dead, 0.25 * 1.1)), test::z_bound)
          << until;
    }
    EXPECT_EQ(lives.tally.apoptoses, static_cast<std::int64_t>(count(lives, Fate::early_apoptotic)));
    EXPECT_EQ(lives.tally.necroses, static_cast<std::int64_t>(count(lives, Fate::necrotic)));
  }
}

TEST(Hazards, give_an_exponential_time_of_death) {
  Lives lives = mortal({0.0, 0.003, 0.001});
  std::vector<double> times, dead;
  for (double t = 4.0; t <= 1200.0; t += 4.0) {
    lives.step(4.0);
    times.push_back(t);
    dead.push_back(static_cast<double>(founders) - count(lives, Fate::live));
  }
  const auto distance = [&](double rate) {
    return test::kolmogorov_smirnov_at(times, dead, founders,
                                       [rate](double t) { return -std::expm1(-rate * t); });
  };
  EXPECT_LT(distance(0.004), ks_bound);
  EXPECT_GT(distance(0.0044), ks_bound);
}

// A hazard that changes from step to step: survival is exp(-integral).
TEST(Hazards, that_change_consume_the_same_budget) {
  Lives lives = mortal({0.0, 0.0, 0.0});
  double integral = 0.0;
  std::vector<float> apoptosis(founders);
  for (int k = 0; k < 60; ++k) {
    const double rate = k % 3 == 0 ? 0.004 : 0.0005 * (k % 5);
    std::fill(apoptosis.begin(), apoptosis.end(), static_cast<float>(rate));
    cells::propose(lives.proposals, lives.cells, lives.plan, {{}, apoptosis, {}}, 7.0, {1});
    cells::commit(lives.cells, lives.changes, lives.next_id, lives.proposals, lives.plan, {{}, apoptosis, {}},
                  7.0);
    integral += 7.0 * rate;
  }
  EXPECT_LT(std::abs(test::z_of_share(count(lives, Fate::live), founders, std::exp(-integral))),
            test::z_bound);
  EXPECT_GT(std::abs(test::z_of_share(count(lives, Fate::live), founders, std::exp(-1.1 * integral))),
            test::z_bound);
}

// Cells that die at once, then pass an early stage of 3 sub-stages and a late one that lasts for ever.
TEST(Dying, early_apoptosis_lasts_an_erlang_time) {
  Lives lives(test::life_plan({}, 9), founders, {0.0, 1e6, 0.0});
  lives.plan.early_apoptosis = {480.0, 3};
  lives.plan.late_apoptosis = {1e12, 1};
  lives.step(1e-3);
  ASSERT_EQ(count(lives, Fate::early_apoptotic), static_cast<double>(founders));
  std::vector<double> times, late;
  for (double t = 15.0; t <= 1500.0; t += 15.0) {
    lives.step(15.0);
    times.push_back(t);
    late.push_back(count(lives, Fate::late_apoptotic));
  }
  const auto distance = [&](int n, double mean) {
    return test::kolmogorov_smirnov_at(times, late, founders,
                                       [=](double t) { return test::erlang_cdf(n, mean, t); });
  };
  EXPECT_LT(distance(3, 480.0), ks_bound);
  EXPECT_GT(distance(3, 528.0), ks_bound);
  EXPECT_GT(distance(2, 480.0), ks_bound);
}

TEST(Dying, necrotic_cells_last_as_long_as_late_apoptotic_ones) {
  for (const bool necrosis : {false, true}) {
    Lives lives(test::life_plan({}, 9), founders, {0.0, necrosis ? 0.0 : 1e6, necrosis ? 1e6 : 0.0});
    lives.plan.early_apoptosis = {1e-6, 1};
    lives.plan.late_apoptosis = {960.0, 2};
    lives.step(1e-3);
    std::vector<double> times, gone;
    for (double t = 30.0; t <= 3000.0; t += 30.0) {
      lives.step(30.0);
      times.push_back(t);
      gone.push_back(static_cast<double>(founders - lives.cells.size()));
    }
    const auto distance = [&](double mean) {
      return test::kolmogorov_smirnov_at(times, gone, founders,
                                         [=](double t) { return test::erlang_cdf(2, mean, t); });
    };
    EXPECT_LT(distance(960.0), ks_bound);
    EXPECT_GT(distance(1056.0), ks_bound);
  }
}

}  // namespace cells_dying
}  // namespace stroma
