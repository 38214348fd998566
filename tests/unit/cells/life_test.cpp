// Lives whose budgets are set by hand, so that every event time is known: a budget B spent at rate r runs out
// after B/r minutes, wherever the ends of the steps fall. Times are dyadic fractions, so that float32 holds
// them exactly.
#include "cells/life.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "support/lives.hpp"

namespace stroma::cells {
namespace life_test {

using test::Lives;

// G1 of 1 stage with rate `cycle_entry`, then S of 2 stages, 128 min.
std::vector<model::Phase> two_phases() {
  return {{"G1", 64.0, 1}, {"S", 128.0, 2}};
}

// One founder at the start of G1 with budgets as given.
Lives one_cell(double cycle_budget, double death_budget, test::ConstantRates rates) {
  Lives lives(test::life_plan(two_phases(), 1), 1, rates);
  lives.cells.phase[0] = 0;
  lives.cells.cycle_budget[0] = static_cast<float>(cycle_budget);
  lives.cells.death_budget[0] = static_cast<float>(death_budget);
  return lives;
}

TEST(Life, a_phase_ends_when_its_budget_is_spent_whatever_the_step) {
  for (const double dt : {0.5, 1.0, 4.0, 20.0}) {
    Lives lives = one_cell(1.0, 1e6, {1.0 / 16.0, 0.0, 0.0});  // ends at 16 min
    lives.run(20.0, dt);
    ASSERT_EQ(lives.cells.phase[0], 1) << dt;
    Lives stopped = one_cell(1.0, 1e6, {1.0 / 16.0, 0.0, 0.0});
    stopped.run(16.0, 16.0);
    // 4 minutes at 2 stages per 128 min spend 1/16 of a stage of S.
    EXPECT_NEAR(lives.cells.cycle_budget[0], stopped.cells.cycle_budget[0] - 4.0 * 2.0 / 128.0, 2e-6) << dt;
  }
}

TEST(Life, a_rate_of_zero_stops_the_first_phase_and_only_that) {
  Lives waiting = one_cell(1e-3, 1e6, {0.0, 0.0, 0.0});
  waiting.run(1e5, 1e5);
  EXPECT_EQ(waiting.cells.phase[0], 0);
  EXPECT_EQ(waiting.cells.cycle_budget[0], 1e-3f);
  Lives in_s = one_cell(1.0, 1e6, {0.0, 0.0, 0.0});
  in_s.cells.phase[0] = 1;
  in_s.run(64.0, 64.0);
  EXPECT_EQ(in_s.cells.size(), 2u);
}

TEST(Life, division_makes_a_daughter_of_the_same_lineage_with_an_id_of_its_own) {
  Lives lives = one_cell(1.0, 1e6, {1.0 / 16.0, 0.0, 0.0});
  lives.cells.phase[0] = 1;  // one stage of S left: divides after 64 min
  lives.step(64.0);
  ASSERT_EQ(lives.cells.size(), 2u);
  EXPECT_EQ(lives.tally.births, 1);
  ASSERT_EQ(lives.changes.size(), 1u);
  EXPECT_EQ(lives.changes[0].kind, Change::Kind::birth);
  EXPECT_EQ(lives.changes[0].cell, 0u);
  EXPECT_EQ(lives.cells.id, (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(lives.next_id, 3u);
  EXPECT_EQ(lives.cells.lineage, (std::vector<std::uint64_t>{1, 1}));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(lives.cells.phase[i], 0);
    EXPECT_EQ(lives.cells.fate[i], Fate::live);
    EXPECT_GT(lives.cells.cycle_budget[i], 0.0f);
  }
  EXPECT_NE(lives.cells.cycle_budget[0], lives.cells.cycle_budget[1])
      << "sisters draw from streams of their own";
  EXPECT_NE(lives.cells.death_budget[0], lives.cells.death_budget[1]);
}

TEST(Life, a_daughter_lives_the_rest_of_the_step) {
  // Both daughters leave G1 of rate 1024/min within the 64 min that are left with all but certainty
  // (e^-65536).
  Lives lives = one_cell(1.0, 1e6, {1024.0, 0.0, 0.0});
  lives.cells.phase[0] = 1;
  lives.step(64.0 + 1.0);
  ASSERT_EQ(lives.cells.size(), 2u);
  EXPECT_EQ(lives.cells.phase[0], 1);
  EXPECT_EQ(lives.cells.phase[1], 1);
}

TEST(Life, one_step_may_hold_many_generations) {
  Lives lives = one_cell(1.0, 1e6, {1.0 / 64.0, 0.0, 0.0});
  lives.step(2000.0);
  EXPECT_GT(lives.cells.size(), 100u);  // mean doubling below 192 min
  EXPECT_EQ(static_cast<std::int64_t>(lives.cells.size()), 1 + lives.tally.births);
  EXPECT_EQ(lives.changes.size(), static_cast<std::size_t>(lives.tally.births));
  std::vector<std::uint64_t> ids = lives.cells.id;
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::unique(ids.begin(), ids.end()), ids.end());
}

TEST(Life, death_comes_when_the_hazard_is_consumed_and_ends_the_cycle) {
  Lives lives = one_cell(1.0, 0.5, {1.0 / 64.0, 1.0 / 64.0, 0.0});  // dies at 32 min, before G1 ends at 64
  lives.plan.early_apoptosis = {1e6, 1};
  lives.run(31.0, 31.0);
  EXPECT_EQ(lives.cells.fate[0], Fate::live);
  lives.run(2.0, 2.0);
  EXPECT_EQ(lives.cells.fate[0], Fate::early_apoptotic);
  EXPECT_EQ(lives.tally.apoptoses, 1);
  EXPECT_EQ(lives.tally.necroses, 0);
  lives.run(1000.0, 100.0);
  EXPECT_EQ(lives.tally.births, 0);
}

TEST(Life, growth_stops_before_the_birth_that_there_is_no_room_for) {
  Lives lives = one_cell(1.0, 0.5, {1.0, 0.0, 0.0});
  for (model::Phase& phase : lives.plan.cycle) phase.duration = 0.01;
  const std::vector<float> entry{100.0F}, none{0.0F};
  const Rates rates{entry, none, none};
  propose(lives.proposals, lives.cells, lives.plan, rates, 1.0, {1});
  EXPECT_THROW(
      commit(lives.cells, lives.changes, lives.next_id, lives.proposals, lives.plan, rates, 1.0, 100),
      core::LimitError);
  EXPECT_EQ(lives.cells.size(), 100u);
}

// A phase of 1e-9 h would have 2^(360e9) daughters in 6 min.
TEST(Life, a_cycle_that_no_step_can_follow_is_an_error_and_no_overflow) {
  Lives lives = one_cell(1.0, 0.5, {1e7, 0.0, 0.0});
  for (model::Phase& phase : lives.plan.cycle) phase.duration = 6e-8;
  try {
    lives.step(6.0);
    FAIL() << lives.cells.size() << " cells";
  } catch (const core::NumericalError& error) {
    EXPECT_NE(std::string(error.what()).find("phases are too short"), std::string::npos);
  }
  EXPECT_EQ(lives.cells.size(), static_cast<std::size_t>(most_generations) + 1);
}

TEST(Life, a_dying_cell_passes_its_stages_and_is_removed) {
  Lives lives = one_cell(1e6, 0.5, {0.0, 1.0 / 64.0, 0.0});
  lives.step(33.0);
  ASSERT_EQ(lives.cells.fate[0], Fate::early_apoptotic);
  lives.cells.death_budget[0] = 1.0f;  // of a stage of 60 min
  lives.step(59.0);
  EXPECT_EQ(lives.cells.fate[0], Fate::early_apoptotic);
  lives.step(2.0);
  ASSERT_EQ(lives.cells.fate[0], Fate::late_apoptotic);
  lives.cells.death_budget[0] = 1.0f;
  lives.step(59.0);
  EXPECT_EQ(lives.cells.size(), 1u);
  EXPECT_TRUE(lives.changes.empty());
  lives.step(2.0);
  EXPECT_EQ(lives.cells.size(), 0u);
  EXPECT_EQ(lives.tally.lyses, 1);
  ASSERT_EQ(lives.changes.size(), 1u);
  EXPECT_EQ(lives.changes[0].kind, Change::Kind::removal);
}

TEST(Life, a_necrotic_cell_has_no_early_stage) {
  Lives lives = one_cell(1e6, 0.5, {0.0, 0.0, 1.0 / 64.0});
  lives.plan.late_apoptosis = {1e6, 1};
  lives.step(33.0);
  EXPECT_EQ(lives.cells.fate[0], Fate::necrotic);
  EXPECT_EQ(lives.tally.necroses, 1);
  EXPECT_EQ(lives.tally.apoptoses, 0);
}

TEST(Life, a_step_without_events_draws_no_random_number) {
  Lives lives(test::life_plan(two_phases(), 3), 100, {1e-6, 1e-7, 0.0});
  for (std::size_t i = 0; i < 100; ++i) {
    lives.cells.cycle_budget[i] = 1.0f;
    lives.cells.death_budget[i] = 1.0f;
  }
  const std::vector<std::uint32_t> before = lives.cells.draws;
  lives.run(30.0, 15.0);
  EXPECT_EQ(lives.cells.draws, before);
  EXPECT_TRUE(lives.changes.empty());
}

TEST(Life, proposing_changes_nothing_and_names_whose_budgets_run_out_in_index_order) {
  Lives lives(test::life_plan({{"G1", 1.0, 1}}, 3), 10000, {1.0, 0.0, 0.0});
  for (std::size_t i = 0; i < 10000; ++i) lives.cells.cycle_budget[i] = i % 7 == 3 ? 1.0f : 3.0f;
  const cells::Lives before = lives.cells;
  const std::vector<float> entry(10000, 1.0f), none(10000, 0.0f);
  Proposals proposals;
  for (const int threads : {1, 2, 3}) {
    propose(proposals, lives.cells, lives.plan, {entry, none, none}, 2.0, {threads});
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < 10000; ++i)
      if (i % 7 == 3) expected.push_back(i);
    EXPECT_EQ(proposals.eventful, expected) << threads;
  }
  EXPECT_EQ(lives.cells.cycle_budget, before.cycle_budget);
  EXPECT_EQ(lives.cells.draws, before.draws);
}

// Whoever keeps arrays beside the population follows the list of changes; here the array is a copy of the
// ids' lineage.
TEST(Life, an_array_that_repeats_the_changes_stays_in_step_with_the_population) {
  Lives lives(test::life_plan({{"G1", 100.0, 2}}, 11), 500, {0.01, 0.006, 0.002});
  std::vector<std::uint64_t> mine = lives.cells.lineage;
  for (int k = 0; k < 100; ++k) {
    lives.step(10.0);
    for (const Change& change : lives.changes) {
      if (change.kind == Change::Kind::birth) {
        mine.push_back(mine[change.cell]);
      } else {
        mine[change.cell] = mine.back();
        mine.pop_back();
      }
    }
    ASSERT_EQ(mine, lives.cells.lineage) << "step " << k;
  }
  EXPECT_GT(lives.tally.births, 100);
  EXPECT_GT(lives.tally.lyses, 100);
}

TEST(Life, cells_without_phases_do_not_divide) {
  Lives lives(test::life_plan({}, 5), 10, {1.0, 0.0, 0.0});
  lives.run(1e5, 1e4);
  EXPECT_EQ(lives.cells.size(), 10u);
}

TEST(Life, traits_without_heritability_are_kept_as_they_are) {
  LifePlan plan = test::life_plan({{"G1", 10.0, 1}}, 5);
  plan.traits.resize(2);
  plan.traits[0].sigma = 0.7;
  plan.traits[1].sigma = 0.0;
  plan.heritability = 1.0;
  Lives lives(plan, 1, {0.1, 0.0, 0.0});
  const float founder = lives.cells.traits[0][0];
  lives.run(60.0, 15.0);
  ASSERT_GT(lives.cells.size(), 4u);
  // exp(log m) in double, rounded to float32: the same to one unit in the last place per generation.
  for (const float m : lives.cells.traits[0]) EXPECT_NEAR(m / founder, 1.0, 2e-6);
  for (const float m : lives.cells.traits[1]) EXPECT_EQ(m, 1.0f);
}

TEST(Life, a_plan_takes_its_numbers_from_the_cell_type) {
  model::CellType type;
  type.name = "T";
  type.cycle = {{"G1", 5.0, 3}};
  type.parameters["early_apoptosis"].value = 7.0;
  type.parameters["stages:early_apoptosis"].value = 4.0;
  type.parameters["late_apoptosis"].value = 9.0;
  const LifePlan plan = life_plan(type, 42);
  EXPECT_EQ(plan.cycle.size(), 1u);
  EXPECT_EQ(plan.early_apoptosis.duration, 7.0);
  EXPECT_EQ(plan.early_apoptosis.stages, 4);
  EXPECT_EQ(plan.late_apoptosis.duration, 9.0);
  EXPECT_EQ(plan.late_apoptosis.stages, 1);
  EXPECT_EQ(plan.heritability, 1.0);
  EXPECT_EQ(plan.seed, 42u);
}

// n equal stages of rate r: with g = r (2^(1/n) - 1), share_{j+1}/share_j = r/(r + g) = 2^(-1/n).
TEST(StableStages, of_one_erlang_phase_fall_by_the_nth_root_of_two) {
  for (const int n : {1, 2, 4, 16}) {
    const std::vector<StageShare> shares =
        stable_stages(std::vector<model::Phase>{{"G1", 1440.0, n}}, 1.0 / 1440.0);
    ASSERT_EQ(shares.size(), static_cast<std::size_t>(n));
    double total = 0.0;
    for (int j = 0; j < n; ++j) {
      EXPECT_EQ(shares[j].stages_left, n - j);
      EXPECT_NEAR(shares[j].share / shares[0].share, std::pow(2.0, -static_cast<double>(j) / n), 1e-12);
      total += shares[j].share;
    }
    EXPECT_NEAR(total, 1.0, 1e-14);
  }
}

// Each share must balance: (r_j + g) p_j = r_{j-1} p_{j-1}, and (r_0 + g) p_0 = 2 r_last p_last.
TEST(StableStages, balance_inflow_and_growth_in_every_stage) {
  const std::vector<model::Phase> cycle = {{"G1", 600.0, 2}, {"S", 480.0, 5}, {"G2M", 240.0, 3}};
  const double entry = 1.0 / 900.0;  // slower than the phase's own base
  const std::vector<StageShare> shares = stable_stages(cycle, entry);
  ASSERT_EQ(shares.size(), 10u);
  const auto rate = [&](const StageShare& s) {
    return cycle[s.phase].stages * (s.phase == 0 ? entry : 1.0 / cycle[s.phase].duration);
  };
  // Whole populations grow by the flux of divisions: g = r_last p_last.
  const double g = rate(shares.back()) * shares.back().share;
  EXPECT_NEAR((rate(shares[0]) + g) * shares[0].share, 2.0 * rate(shares[9]) * shares[9].share, 1e-15);
  for (std::size_t j = 1; j < shares.size(); ++j)
    EXPECT_NEAR((rate(shares[j]) + g) * shares[j].share, rate(shares[j - 1]) * shares[j - 1].share, 1e-15);
}

TEST(StableStages, gather_in_the_first_phase_when_nothing_leaves_it) {
  const std::vector<StageShare> shares =
      stable_stages(std::vector<model::Phase>{{"G1", 600.0, 1}, {"S", 480.0, 2}}, 0.0);
  EXPECT_EQ(shares[0].share, 1.0);
  EXPECT_EQ(shares[1].share, 0.0);
}

}  // namespace life_test
}  // namespace stroma::cells
