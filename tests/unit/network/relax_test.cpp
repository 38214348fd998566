// The integrator: exact where it must be, the same bits for any number of threads, loud where numbers break.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/errors.hpp"
#include "unit/network/cases.hpp"

namespace stroma::network {
namespace relax_test {

using ::testing::AllOf;
using testing::Case;
using ::testing::HasSubstr;

Activities relaxed(const Case& one, double dt, int times, const Accuracy& accuracy = {}, int threads = 1) {
  Activities x = one.activities();
  Workspace workspace;
  for (int i = 0; i < times; ++i) relax(x, one.program(), one.inputs(), dt, accuracy, workspace, {threads});
  return x;
}

TEST(Relax, a_node_without_arrows_decays_exactly_to_its_basal_activity) {
  reference::RandomNetwork options;
  options.rows_per_node = options.receptors = options.drug_targets = options.traits = 0;
  const Case one(reference::random_network(options, 2), 0, 70, 2);
  const Activities x = relaxed(one, 37.0, 1);
  for (std::size_t s = 0; s < x.nodes(); ++s)
    for (std::size_t c = 0; c < x.size(); ++c) {
      const double b = one.program().basal[s];
      const double x0 = one.activities().at(s, c);
      EXPECT_NEAR(x.at(s, c), b + (x0 - b) * std::exp(-37.0 / one.program().tau[s]), 3e-7);
    }
}

TEST(Relax, agrees_with_runge_kutta_of_the_slow_twin) {
  const Case one(reference::random_network({}, 11), 0, 30, 11);
  const Activities x = relaxed(one, 6.0, 20);
  for (std::size_t c = 0; c < one.size(); ++c) {
    std::vector<double> y = one.state(c);
    reference::integrate_network(one.model(), 0, y, one.inputs_of(c), 120.0, 480);
    for (std::size_t s = 0; s < x.nodes(); ++s)
      EXPECT_NEAR(x.at(s, c), y[static_cast<std::size_t>(one.program().nodes[s])], 1e-3);
  }
}

TEST(Relax, gives_the_same_bits_and_report_for_1_2_and_3_threads) {
  const Case one(reference::random_network({}, 4), 0, 1000, 4);
  Activities first;
  RelaxReport reported;
  for (const int threads : {1, 2, 3, 40}) {
    Activities x = one.activities();
    Workspace workspace;
    RelaxReport report;
    for (int i = 0; i < 5; ++i)
      report.add(relax(x, one.program(), one.inputs(), 20.0, {}, workspace, {threads}));
    if (threads == 1) {
      first = x;
      reported = report;
    }
    EXPECT_TRUE(testing::same_bits(x, first)) << threads;
    EXPECT_EQ(report.substeps, reported.substeps);
    EXPECT_EQ(report.rejected, reported.rejected);
    EXPECT_EQ(report.largest_error, reported.largest_error);
  }
}

TEST(Relax, does_not_depend_on_what_the_workspace_or_the_padding_held_before) {
  const Case one(reference::random_network({}, 4), 0, 70, 4),
      other(reference::random_network({}, 9), 1, 500, 9);
  const Activities fresh = relaxed(one, 20.0, 1);
  Activities x = one.activities();
  x.resize(128);  // and back, with the padding of the last block filled with what is far from its cells
  for (std::size_t s = 0; s < x.nodes(); ++s)
    for (std::size_t c = 70; c < 128; ++c)
      x.at(s, c) = c % 2 == 0 ? 1.0f : std::numeric_limits<float>::quiet_NaN();
  x.resize(70);
  Workspace workspace;
  Activities y = other.activities();
  relax(y, other.program(), other.inputs(), 7.0, {}, workspace, {2});
  relax(x, one.program(), one.inputs(), 20.0, {}, workspace, {1});
  EXPECT_TRUE(testing::same_bits(x, fresh));
}

TEST(Relax, stays_within_0_and_1_at_any_step) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Case one(reference::random_network({}, seed), 0, 100, seed);
    for (const double dt : {0.01, 1.0, 100.0, 1e6})
      for (const double tolerance : {8e-4, std::numeric_limits<double>::infinity()}) {
        Accuracy accuracy;
        accuracy.tolerance = tolerance;
        const Activities x = relaxed(one, dt, 3, accuracy);
        for (std::size_t s = 0; s < x.nodes(); ++s)
          for (const float value : x.node(s)) ASSERT_TRUE(value >= 0.0f && value <= 1.0f) << value;
      }
  }
}

TEST(Relax, in_a_steady_state_takes_one_evaluation_and_changes_nothing_beyond_its_threshold) {
  reference::RandomNetwork options;
  options.share_all = 0.0;
  const Case one(reference::random_network(options, 21), 0, 64, 21);
  Activities x = relaxed(one, 600.0, 200);
  Workspace workspace;
  const Activities before = x;
  Accuracy skipping;
  skipping.steady = 1e-5;
  const RelaxReport report = relax(x, one.program(), one.inputs(), 60.0, skipping, workspace, {});
  EXPECT_EQ(report.steady, report.substeps);
  EXPECT_LT(testing::largest_difference(x, before), 1e-5);
  Accuracy always;
  always.steady = -1.0;
  x = before;
  EXPECT_EQ(relax(x, one.program(), one.inputs(), 60.0, always, workspace, {}).steady, 0u);
}

TEST(Relax, meets_its_tolerance_or_says_that_it_did_not) {
  const Case one(reference::random_network({}, 6), 0, 64, 6);
  Workspace workspace;
  Activities x = one.activities();
  RelaxReport report = relax(x, one.program(), one.inputs(), 300.0, {}, workspace, {});
  EXPECT_EQ(report.missed, 0u);
  EXPECT_GT(report.substeps, report.blocks);
  EXPECT_LE(report.largest_error, Accuracy{}.tolerance);
  x = one.activities();
  Accuracy coarse;
  coarse.finest = 0;
  report = relax(x, one.program(), one.inputs(), 300.0, coarse, workspace, {});
  EXPECT_EQ(report.missed, 1u);
  EXPECT_GT(report.largest_error, coarse.tolerance);
}

TEST(Relax, two_halves_of_a_step_agree_with_the_whole_within_the_tolerance) {
  const Case one(reference::random_network({}, 8), 0, 64, 8);
  EXPECT_LT(testing::largest_difference(relaxed(one, 60.0, 1), relaxed(one, 30.0, 2)), 2e-3);
}

template <class Error, class Call>
std::string message_of(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(Relax, names_the_node_the_cell_and_the_value_that_is_not_finite) {
  for (const int threads : {1, 3}) {
    const Case one(reference::random_network({}, 6), 0, 300, 6);
    Activities x = one.activities();
    x.at(7, 130) = std::numeric_limits<float>::quiet_NaN();
    Workspace workspace;
    const std::string message = message_of<core::NumericalError>(
        [&] { relax(x, one.program(), one.inputs(), 5.0, {}, workspace, {threads}); });
    EXPECT_THAT(message, AllOf(HasSubstr("cell 130"), HasSubstr("nan"), HasSubstr("first")));
  }
}

TEST(Relax, names_the_input_that_is_out_of_its_range) {
  const Case one(reference::random_network({}, 6), 0, 300, 6);
  Workspace workspace;
  std::vector<InputValues> occupancies(one.inputs().occupancies.begin(), one.inputs().occupancies.end());
  std::vector<InputValues> multipliers(one.inputs().multipliers.begin(), one.inputs().multipliers.end());
  const auto call = [&] {
    Activities x = one.activities();
    relax(x, one.program(), {occupancies, one.inputs().drug_factors, multipliers}, 5.0, {}, workspace, {});
  };
  std::vector<float> row(occupancies[1].per_cell.begin(), occupancies[1].per_cell.end());
  row[299] = 1.5f;
  occupancies[1] = InputValues::each(row);
  EXPECT_THAT(message_of<core::NumericalError>(call),
              AllOf(HasSubstr("occupancy of mechanism"), HasSubstr("cell 299"), HasSubstr("1.5")));
  row[299] = 0.5f;
  multipliers[0] = InputValues::same(0.0f);
  EXPECT_THAT(message_of<core::NumericalError>(call), AllOf(HasSubstr("trait"), HasSubstr("(0, infinity)")));
  multipliers.pop_back();
  EXPECT_THAT(message_of<core::InternalError>(call), HasSubstr("one multiplier per trait"));
}

TEST(Relax, counts_states_outside_0_and_1_and_leaves_them) {
  reference::RandomNetwork options;
  options.rows_per_node = options.receptors = options.drug_targets = options.traits = 0;
  const Case one(reference::random_network(options, 2), 0, 70, 2);
  Activities x = one.activities();
  x.at(0, 69) = 1.5f;
  Workspace workspace;
  const RelaxReport report = relax(x, one.program(), one.inputs(), 0.001, {}, workspace, {});
  EXPECT_EQ(report.out_of_bounds, 1u);
  EXPECT_NEAR(report.worst_excursion, 0.5, 1e-3);
  EXPECT_GT(x.at(0, 69), 1.4f);
}

TEST(Relax, an_empty_population_and_a_program_without_nodes_do_nothing) {
  const Case none(reference::random_network({}, 2), 0, 0, 2, false);
  Activities x = none.activities();
  Workspace workspace;
  EXPECT_EQ(relax(x, none.program(), none.inputs(), 1.0, {}, workspace, {2}).node_updates, 0u);
  Activities no_nodes(0);
  no_nodes.resize(10);
  EXPECT_EQ(relax(no_nodes, Program{}, {}, 1.0, {}, workspace, {2}).node_updates, 0u);
}

}  // namespace relax_test
}  // namespace stroma::network
