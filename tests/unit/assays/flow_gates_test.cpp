// Gates: the negative events of a control decide, whatever dies in it, and debris is told from dying cells.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "assays/flow/flow_gating.hpp"
#include "core/random.hpp"
#include "stats/descriptive.hpp"
#include "support/codes.hpp"

namespace stroma::assays {
namespace flow_gates_test {

constexpr double z99 = 2.3263478740408408;

/// What a population looks like; negatives of compensated data are normal on the linear scale.
struct Cells {
  double share = 1.0, scatter = 90e3, annexin = 200.0, death = 150.0;
  double spread = 0.45, scatter_spread = 0.15;  ///< of the logarithm
};

FlowSample tube_of(const std::vector<Cells>& all, std::size_t n, std::uint64_t seed, double noise = 0.0) {
  core::Stream stream(seed, core::Purpose::instrument, 0);
  FlowSample tube{"t", 1, 1, {{"FSC-A", "", 1e6}, {"A", "Annexin V", 1e6}, {"P", "PI", 1e6}}, {}};
  for (const Cells& cells : all)
    for (std::size_t i = 0; i < static_cast<std::size_t>(cells.share * static_cast<double>(n)); ++i) {
      tube.events.push_back(
          static_cast<float>(cells.scatter * std::exp(cells.scatter_spread * stream.normal())));
      for (const double median : {cells.annexin, cells.death})
        tube.events.push_back(
            static_cast<float>(median * std::exp(cells.spread * stream.normal()) + noise * stream.normal()));
    }
  return tube;
}

/// Live, early and late apoptotic cells with this share of dying ones.
std::vector<Cells> dying(double share) {
  return {{1.0 - share}, {0.6 * share, 47e3, 6000, 160, 0.5}, {0.4 * share, 40e3, 9000, 9000, 0.5}};
}

std::vector<float> column(const FlowSample& tube, std::size_t c) {
  std::vector<float> out;
  for (std::size_t i = c; i < tube.events.size(); i += tube.channels.size()) out.push_back(tube.events[i]);
  return out;
}

double above(const FlowSample& tube, std::size_t c, double threshold) {
  const std::vector<float> values = column(tube, c);
  const auto n = std::count_if(values.begin(), values.end(),
                               [&](float v) { return static_cast<double>(v) > threshold; });
  return static_cast<double>(n) / static_cast<double>(values.size());
}

TEST(NegativePopulation, has_the_quantile_of_its_distribution) {
  // Lognormal: 200 exp(0.45 z); normal around zero: 5 + 60 z. The standard error of a 99 % quantile of 20 000
  // events is sqrt(0.01 0.99 / 20 000) / density = 0.026 sd; 6 % is four of it for the lognormal.
  const double lognormal = 200.0 * std::exp(0.45 * z99), normal = 5.0 + 60.0 * z99;
  const std::vector<float> logs = column(tube_of({{}}, 20'000, 1), 1);
  EXPECT_NEAR(negative_population(logs).edge, lognormal, 0.06 * lognormal);
  EXPECT_NEAR(negative_population(logs).beyond, 0.01, 0.004);
  Cells none;
  none.annexin = 5.0;
  none.spread = 0.0;
  const std::vector<float> linear = column(tube_of({none}, 20'000, 2, 60.0), 1);
  EXPECT_NEAR(negative_population(linear).edge, normal, 0.06 * normal);
  EXPECT_NEAR(negative_population(linear).below(5.0), 0.5, 0.02);
}

TEST(NegativePopulation, is_not_moved_by_positive_events_as_a_quantile_of_all_is) {
  const double edge = 200.0 * std::exp(0.45 * z99);
  for (const double share : {0.02, 0.055, 0.15, 0.4}) {
    const std::vector<float> values = column(tube_of(dying(share), 20'000, 3), 1);
    const MixtureThreshold m = mixture_threshold(values, "A");
    EXPECT_NEAR(negative_population(values, m.found() ? m.positive : 0.0).edge, edge, 0.12 * edge) << share;
    // The mutant that this replaces: the 99 % quantile of all events lies among the dying ones.
    std::vector<double> all(values.begin(), values.end());
    EXPECT_GT(stats::quantile(all, 0.99), 4.0 * edge) << share;
  }
}

TEST(NegativePopulation, of_few_or_equal_values_is_their_largest) {
  EXPECT_EQ(negative_population(std::vector<float>{1, 2, 3}).edge, 3.0);
  EXPECT_EQ(negative_population(std::vector<float>(500, 7.0f)).edge, 7.0);
  EXPECT_EQ(negative_population({}).edge, 0.0);
}

TEST(ControlGate, gives_back_the_shares_with_a_control_that_holds_dying_cells) {
  const FlowSample vehicle = tube_of(dying(0.055), 12'000, 4), drug = tube_of(dying(0.38), 12'000, 5);
  const FlowSample control = tube_of(dying(0.055), 12'000, 6);
  Cells dim;
  dim.annexin = dim.death = 45.0;
  const FlowSample unstained = tube_of({dim}, 10'000, 7);
  const Tubes tubes{&vehicle, &drug};
  for (const FlowSample* without : {&unstained, static_cast<const FlowSample*>(nullptr)}) {
    const AutomaticGate gate = control_gate(without, &control, tubes, "A", "P");
    EXPECT_NEAR(above(vehicle, 1, gate.annexin.value), 0.055, 0.004);
    EXPECT_NEAR(above(drug, 1, gate.annexin.value), 0.38, 0.004);
    EXPECT_NEAR(gate.annexin.control, 0.055, 0.004);
    EXPECT_NEAR(gate.pi.control, 0.4 * 0.055, 0.004);
    EXPECT_LT(gate.annexin.negatives_cut, 0.01);
  }
  // The mutant: quantiles of all events of the control, as gates on pure controls are set.
  const QuadrantGate quantile = set_gate(unstained, control, 0.99, "A", "P");
  EXPECT_LT(above(vehicle, 1, quantile.annexin), 0.02);
  EXPECT_LT(above(drug, 1, quantile.annexin), 0.15);
}

TEST(ControlGate, without_positive_events_is_the_edge_of_the_control) {
  const FlowSample vehicle = tube_of({{}}, 10'000, 8), control = tube_of({{}}, 10'000, 9);
  const AutomaticGate gate = control_gate(nullptr, &control, {&vehicle}, "A", "P");
  EXPECT_FALSE(gate.annexin.separated);
  EXPECT_NEAR(above(vehicle, 1, gate.annexin.value), 0.01, 0.005);
  const FlowSample empty{"e", 1, 1, vehicle.channels, {}};
  EXPECT_EQ(test::codes_of([&] { control_gate(&empty, nullptr, {&vehicle}, "A", "P"); }), "empty-control");
}

TEST(Gates, that_cut_the_negative_events_are_known) {
  Cells dim;
  dim.annexin = dim.death = 45.0;
  const FlowSample vehicle = tube_of({{}}, 10'000, 10), unstained = tube_of({dim}, 10'000, 11);
  const AutomaticGate gate = control_gate(&unstained, nullptr, {&vehicle}, "A", "P");  // 45 exp(1.05) = 128
  EXPECT_GT(gate.annexin.negatives_cut, 0.5);
  EXPECT_NEAR(judge_gate({200.0, 1e4}, {&vehicle}, "A", "P").annexin.negatives_cut, 0.5, 0.03);
  EXPECT_LT(judge_gate({200.0, 1e4}, {&vehicle}, "A", "P").pi.negatives_cut, 1e-6);
}

TEST(AutomaticGate, of_tubes_without_positive_events_is_the_edge_of_all) {
  const FlowSample vehicle = tube_of({{}}, 10'000, 12);
  const AutomaticGate gate = automatic_gate({&vehicle}, "A", "P");
  EXPECT_FALSE(gate.annexin.separated);
  EXPECT_NEAR(above(vehicle, 1, gate.annexin.value), 0.01, 0.005);
}

TEST(Debris, is_left_out_and_dying_cells_are_not) {
  for (const double share : {0.05, 0.35, 0.6}) {
    std::vector<Cells> cells = dying(0.2);
    for (Cells& c : cells) c.share *= 1.0 - share;
    cells.push_back({share, 12e3, 900, 150, 1.0, 0.4});
    FlowSample tube = tube_of(cells, 20'000, 13);
    const DebrisGate gate = debris_gate({&tube}, 0);
    ASSERT_TRUE(gate.threshold) << share;
    const std::size_t all = tube.event_count(), removed = remove_debris(tube, 0, *gate.threshold);
    EXPECT_NEAR(static_cast<double>(removed) / static_cast<double>(all), share, 0.02);
    EXPECT_NEAR(above(tube, 1, 1200.0), 0.2, 0.02);
  }
}

TEST(Debris, is_not_seen_in_dying_cells_or_where_nothing_stands_apart) {
  for (const double share : {0.0, 0.05, 0.38, 0.7}) {
    const FlowSample tube = tube_of(dying(share), 20'000, 14);
    EXPECT_FALSE(debris_gate({&tube}, 0).threshold) << share;
  }
  // Debris that runs into the cells is not cut, but its share is known.
  const FlowSample smear = tube_of({{0.6}, {0.4, 25e3, 900, 150, 1.0, 0.6}}, 20'000, 15);
  const DebrisGate gate = debris_gate({&smear}, 0);
  EXPECT_FALSE(gate.threshold);
  EXPECT_GT(gate.low_share, 0.2);
  EXPECT_FALSE(debris_gate({}, 0).threshold);
}

}  // namespace flow_gates_test
}  // namespace stroma::assays
