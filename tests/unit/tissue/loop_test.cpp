// What is due when: steps, treatments and medium changes, on a medium without cells or with cells that do
// nothing.
#include <gtest/gtest.h>

#include <cmath>

#include "support/cultures.hpp"

namespace stroma::tissue {
namespace loop_test {

using core::Tick;
using core::to_tick;
using test::Culture;

model::Model two_substances() {
  test::ModelBuilder b;
  b.cell_type("C");
  b.substance("A", 0.01);
  b.substance("B");
  return b.model;
}

/// Remembers the times and the concentrations it saw.
struct Diary : Observer {
  void observe(const State& s, const Plan&) override {
    ticks.push_back(s.tick.count);
    first.push_back(s.medium.solution.concentration[0]);
  }
  std::vector<std::int64_t> ticks;
  std::vector<double> first;
};

TEST(NextStep, is_cut_short_at_treatments_changes_and_the_end) {
  const model::Model m = two_substances();
  CultureSetup setup = test::setup_of(m, {{0, 0}});
  setup.step = to_tick(15.0);
  setup.treatments = {{to_tick(40.0), 0, 1.0}, {to_tick(0.0), 1, 1.0}};
  setup.renewal = to_tick(65.0);
  Culture culture(m, setup);
  Diary diary;
  culture.run_to(100.0, &diary);
  std::vector<std::int64_t> expected;
  for (const double t : {0.0, 15.0, 30.0, 40.0, 55.0, 65.0, 80.0, 95.0, 100.0})
    expected.push_back(to_tick(t).count);
  EXPECT_EQ(diary.ticks, expected);
  EXPECT_EQ(culture.state.counters.steps, 8);
}

TEST(NextStep, never_passes_a_treatment_one_tick_away) {
  const model::Model m = two_substances();
  CultureSetup setup = test::setup_of(m, {{0, 0}});
  setup.treatments = {{Tick{1}, 0, 1.0}, {Tick{2}, 0, 1.0}, {Tick{1501}, 0, 1.0}};
  const Plan plan = compile_culture(std::make_shared<model::Model>(m), setup, {1});
  EXPECT_EQ(next_step(plan, Tick{0}, Tick{9999}).end, Tick{1});
  EXPECT_EQ(next_step(plan, Tick{1}, Tick{9999}).end, Tick{2});
  EXPECT_EQ(next_step(plan, Tick{2}, Tick{9999}).end, Tick{1501});
  EXPECT_EQ(next_step(plan, Tick{1501}, Tick{9999}).end, Tick{3001});
}

TEST(Treatments, are_in_the_medium_from_their_tick_on_and_not_before) {
  const model::Model m = two_substances();
  CultureSetup setup = test::setup_of(m, {{0, 0}});
  setup.treatments = {{to_tick(37.0), 0, 8.0}};
  Culture culture(m, setup);
  culture.run_to(37.0);
  EXPECT_EQ(culture.concentration("A"), 0.0);
  culture.run_to(47.0);
  EXPECT_NEAR(culture.concentration("A"), 8.0 * std::exp(-0.01 * 10.0), 1e-14);
}

TEST(Treatments, add_to_what_is_there_in_any_order_of_the_list) {
  const model::Model m = two_substances();
  CultureSetup setup = test::setup_of(m, {{0, 0}});
  setup.medium.concentration[0] = 1.0;
  setup.treatments = {{to_tick(50.0), 0, 3.0}, {to_tick(20.0), 0, 2.0}};
  Culture culture(m, setup);
  culture.run_to(60.0);
  EXPECT_NEAR(culture.concentration("A"), std::exp(-0.6) + 2.0 * std::exp(-0.4) + 3.0 * std::exp(-0.1),
              1e-13);
  EXPECT_DOUBLE_EQ(culture.budget("A").added, 5.0 * setup.volume);
}

TEST(Treatments, that_come_later_have_the_same_effect_later) {
  const model::Model m = two_substances();
  const auto run = [&](double start) {
    CultureSetup setup = test::setup_of(m, {{0, 0}});
    setup.treatments = {{to_tick(start), 0, 8.0}, {to_tick(start + 37.0), 0, 1.0}};
    Culture culture(m, setup);
    culture.run_to(start + 100.0);
    return culture.concentration("A");
  };
  for (const double start : {15.0, 300.0, 1500.0}) EXPECT_EQ(run(start), run(0.0)) << start;
}

TEST(Renewal, replaces_the_medium_and_repeats_the_treatments_given_so_far) {
  const model::Model m = two_substances();
  CultureSetup setup = test::setup_of(m, {{0, 0}});
  setup.medium.concentration[0] = 2.0;
  setup.treatments = {{to_tick(10.0), 0, 5.0}, {to_tick(100.0), 1, 7.0}, {to_tick(150.0), 1, 1.0}};
  setup.renewal = to_tick(100.0);
  Culture culture(m, setup);
  culture.run_to(100.0);
  EXPECT_NEAR(culture.concentration("A"), 2.0 * std::exp(-1.0) + 5.0 * std::exp(-0.9), 1e-13);
  EXPECT_EQ(culture.concentration("B"), 0.0);
  culture.run_to(130.0);
  EXPECT_NEAR(culture.concentration("A"), 7.0 * std::exp(-0.3), 1e-13) << "2 fresh and 5 repeated";
  EXPECT_EQ(culture.concentration("B"), 7.0) << "due at the change itself: given once";
  culture.run_to(230.0);
  EXPECT_EQ(culture.concentration("B"), 8.0);
  EXPECT_LE(culture.mass_error(), 1e-14);
}

TEST(WashOut, changes_the_medium_when_it_is_due_and_leaves_out_what_has_ended) {
  const model::Model m = two_substances();
  CultureSetup setup = test::setup_of(m, {{0, 0}});
  setup.step = to_tick(15.0);
  setup.medium.concentration[0] = 2.0;
  setup.treatments = {{to_tick(10.0), 1, 7.0, to_tick(100.0)}, {to_tick(20.0), 0, 5.0}};
  Culture culture(m, setup);
  Diary diary;
  culture.run_to(100.0, &diary);
  EXPECT_EQ(culture.concentration("B"), 7.0);
  culture.run_to(130.0);
  EXPECT_EQ(culture.concentration("B"), 0.0) << "7 are gone with the medium";
  EXPECT_NEAR(culture.concentration("A"), 7.0 * std::exp(-0.3), 1e-13) << "2 fresh and 5 that go on";
  EXPECT_LE(culture.mass_error(), 1e-14);
}

TEST(WashOut, is_not_undone_by_a_later_renewal) {
  const model::Model m = two_substances();
  CultureSetup setup = test::setup_of(m, {{0, 0}});
  setup.treatments = {{to_tick(10.0), 1, 7.0, to_tick(40.0)}};
  setup.renewal = to_tick(100.0);
  Culture culture(m, setup);
  culture.run_to(130.0);
  EXPECT_EQ(culture.concentration("B"), 0.0);
  // The mutant: without an end it is given again.
  setup.treatments[0].until = core::Tick{-1};
  Culture kept(m, setup);
  kept.run_to(130.0);
  EXPECT_EQ(kept.concentration("B"), 7.0);
}

TEST(WashOut, cuts_a_step) {
  const model::Model m = two_substances();
  CultureSetup setup = test::setup_of(m, {{0, 0}});
  setup.step = to_tick(15.0);
  setup.treatments = {{to_tick(0.0), 1, 7.0, to_tick(37.0)}};
  const Plan plan = compile_culture(std::make_shared<model::Model>(m), setup, {1});
  EXPECT_EQ(next_step(plan, to_tick(30.0), Tick{99999}).end, to_tick(37.0));
}

TEST(Renewal, brings_fresh_serum) {
  const model::Model m = two_substances();
  CultureSetup setup = test::setup_of(m, {{0, 0}}, 1e8, 0.1);
  setup.renewal = to_tick(30.0);
  Culture culture(m, setup);
  culture.state.medium.solution.serum = 0.02;
  culture.run_to(15.0);
  EXPECT_EQ(culture.state.medium.solution.serum, 0.02);
  culture.run_to(45.0);
  EXPECT_EQ(culture.state.medium.solution.serum, 0.1);
}

TEST(Advance, in_pieces_that_end_with_a_step_gives_the_same_bits_as_at_once) {
  const model::Model m = test::tumour_and_stroma();
  CultureSetup setup = test::treated(m, 300, 100);
  Culture once(m, setup), pieces(m, setup);
  once.run_to(1440.0);
  for (const double t : {30.0, 120.0, 135.0, 720.0, 1440.0}) pieces.run_to(t);
  EXPECT_EQ(once.hash(), pieces.hash());
}

TEST(Advance, to_the_present_does_nothing) {
  const model::Model m = test::tumour_and_stroma();
  Culture culture(m, test::treated(m, 30, 10));
  culture.run_to(60.0);
  const std::string before = culture.hash();
  culture.run_to(60.0);
  culture.run_to(30.0);
  EXPECT_EQ(culture.hash(), before);
}

TEST(Advance, shows_the_observer_every_step_and_the_start) {
  const model::Model m = two_substances();
  Culture culture(m, test::setup_of(m, {{0, 0}}));
  Diary diary;
  culture.run_to(150.0, &diary);
  EXPECT_EQ(diary.ticks.size(), 11u);
}

}  // namespace loop_test
}  // namespace stroma::tissue
