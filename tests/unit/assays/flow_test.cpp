// Flow cytometry: cells are drawn without replacement, gates come from controls, quadrants add up to the
// events.
#include "assays/flow/flow.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "lab.hpp"

namespace stroma::assays {
namespace flow_test {

FlowInstrument sharp() {
  FlowInstrument i;
  for (FatePopulation* p : {&i.live, &i.early_apoptotic, &i.late_apoptotic, &i.necrotic})
    for (Stain* stain : {&p->fsc, &p->ssc, &p->annexin, &p->pi}) stain->sigma = 0.0;
  return i;
}

TEST(Flow, with_sharp_stains_gives_back_the_fractions_of_the_fates) {
  const Specimen s = vessel({700, 200, 75, 25});
  const FlowSample tube = acquire(s, "a", 1, 1, sharp(), 3);
  EXPECT_EQ(tube.event_count(), 1000u);
  const GatingControls controls = acquire_controls(sharp(), 4);
  const Quadrants q = analyse_flow(tube, set_gate(controls.unstained, controls.live));
  EXPECT_DOUBLE_EQ(q.live, 0.700);
  EXPECT_DOUBLE_EQ(q.early, 0.200);
  EXPECT_DOUBLE_EQ(
      q.late, 0.100);  // an open membrane lets annexin V in as well: necrotic cells fall into this quadrant
  EXPECT_DOUBLE_EQ(*q.apoptotic, 0.300);
}

TEST(Flow, acquires_all_cells_where_there_are_fewer_than_asked_for_and_no_more_than_asked) {
  EXPECT_EQ(acquire(vessel({30, 0, 0, 0}), "a", 1, 1, {}, 1).event_count(), 30u);
  EXPECT_EQ(acquire(vessel({20000, 5000, 0, 0}), "a", 1, 1, {}, 1).event_count(), 10000u);
}

TEST(Flow, of_no_one_or_only_dead_cells_is_a_result) {
  const QuadrantGate gate{600.0, 450.0};
  const Quadrants none = analyse_flow(acquire(vessel({}), "a", 1, 1, {}, 1), gate);
  EXPECT_EQ(none.events, 0u);
  EXPECT_FALSE(none.apoptotic);
  EXPECT_EQ(*analyse_flow(acquire(vessel({1, 0, 0, 0}), "a", 1, 1, sharp(), 1), gate).apoptotic, 0.0);
  EXPECT_EQ(*analyse_flow(acquire(vessel({0, 0, 50, 0}), "a", 1, 1, sharp(), 1), gate).apoptotic, 1.0);
}

TEST(Flow, populations_are_apart_and_yet_a_few_per_cent_cross_the_gates) {
  const GatingControls controls = acquire_controls({}, 11);
  const QuadrantGate gate = set_gate(controls.unstained, controls.live);
  const Quadrants live = analyse_flow(acquire(vessel({10000, 0, 0, 0}), "a", 1, 1, {}, 12), gate);
  const Quadrants early = analyse_flow(acquire(vessel({0, 10000, 0, 0}), "a", 1, 1, {}, 12), gate);
  const Quadrants late = analyse_flow(acquire(vessel({0, 0, 10000, 0}), "a", 1, 1, {}, 12), gate);
  EXPECT_GT(live.live, 0.95);
  EXPECT_GT(early.early, 0.95);
  EXPECT_GT(late.late, 0.95);
  for (const double stayed : {live.live, early.early, late.late}) EXPECT_LT(stayed, 1.0);
}

TEST(Flow, quadrants_add_up_to_all_events) {
  const Quadrants q = analyse_flow(acquire(vessel({500, 300, 200, 100}), "a", 1, 1, {}, 5), {400.0, 400.0});
  EXPECT_NEAR(q.live + q.early + q.late + q.necrotic, 1.0, 1e-12);
}

TEST(Flow, is_a_pure_function_of_its_seed) {
  const Specimen s = vessel({500, 300, 200, 100});
  EXPECT_EQ(acquire(s, "a", 1, 1, {}, 5).events, acquire(s, "b", 2, 1, {}, 5).events);
  EXPECT_NE(acquire(s, "a", 1, 1, {}, 5).events, acquire(s, "a", 1, 1, {}, 6).events);
}

TEST(Flow, mixes_the_fates_in_time_as_a_stirred_tube_does) {
  const FlowSample tube = acquire(vessel({500, 0, 500, 0}), "a", 1, 1, sharp(), 5);
  int early_half = 0;
  for (std::size_t e = 0; e < 500; ++e) early_half += tube.events[e * 4 + 3] > 1000.0f;
  EXPECT_NEAR(early_half, 250, 4 * 8);  // hypergeometric: sd = sqrt(500/4 * 500/999) = 7.9
}

TEST(FlowAnalysis, names_the_channel_or_control_that_is_missing) {
  FlowSample tube{"mine", 1, 1, {{"FSC-A", "", 1000.0}, {"PI-A", "", 1000.0}}, {1.0f, 2.0f}};
  EXPECT_EQ(codes_of([&] { analyse_flow(tube, {1.0, 1.0}); }), "unknown-channel");
  FlowSample empty{"control", 1, 1, tube.channels, {}};
  EXPECT_EQ(codes_of([&] { set_gate(empty, empty); }), "empty-control empty-control");
}

TEST(FlowAnalysis, takes_a_tube_of_another_cytometer_by_the_names_of_its_channels) {
  const FlowSample tube{"mine",
                        1,
                        1,
                        {{"BL1-A", "", 1e6}, {"YL2-A", "", 1e6}},
                        {5.0f, 5.0f, 50.0f, 5.0f, 50.0f, 50.0f, 5.0f, 50.0f}};
  const Quadrants q = analyse_flow(tube, {10.0, 10.0}, "BL1-A", "YL2-A");
  for (const double share : {q.live, q.early, q.late, q.necrotic}) EXPECT_EQ(share, 0.25);
}

}  // namespace flow_test
}  // namespace stroma::assays
