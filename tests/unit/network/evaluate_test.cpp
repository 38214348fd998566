// F of the vector kernel against the slow twin, over random networks: both gates, every power, inhibitors,
// drugs of both modes, odds multipliers, uniform and per-cell inputs, whole and incomplete blocks. The kernel
// does about 30 float32 operations per term on numbers in [0, 2], so differences of some 1e-6 are rounding
// and 1e-5 is a mistake.
#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "core/errors.hpp"
#include "unit/network/cases.hpp"

namespace stroma::network {
namespace evaluate_test {

using testing::Case;

double largest_error_of_f(const Case& one) {
  Activities targets(one.program().size());
  Workspace workspace;
  evaluate(targets, one.activities(), one.program(), one.inputs(), workspace, {});
  double worst = 0.0;
  for (std::size_t c = 0; c < one.size(); ++c)
    for (std::size_t s = 0; s < one.program().size(); ++s) {
      const double f = reference::network_target(one.model(), one.cell_type(), one.program().nodes[s],
                                                 one.state(c), one.inputs_of(c));
      worst = std::max(worst, std::abs(targets.at(s, c) - f));
    }
  return worst;
}

TEST(Evaluate, agrees_with_the_slow_twin_on_random_networks) {
  const std::vector<double> hills[] = {{1.0},
                                       {2.0},
                                       {3.0},
                                       {4.0},
                                       {0.5, 1.5, 2.5, 3.5},
                                       {0.7, 1.2, 2.7, 5.0, 8.0},
                                       {1.0, 1.5, 2.0, 2.2, 3.0, 4.0}};
  for (const auto& hill : hills)
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      reference::RandomNetwork options;
      options.hills = hill;
      options.nodes = 10 + static_cast<int>(3 * seed);
      options.rows_per_node = static_cast<int>(seed % 6);
      const model::Model model = reference::random_network(options, seed);
      const std::size_t cells = std::size_t{1} << (seed % 9);
      const Case one(model, static_cast<model::Index>(seed % 2), cells + seed % 3, seed, seed % 4 == 0);
      EXPECT_LT(largest_error_of_f(one), 4e-6) << "hill " << hill.front() << " seed " << seed;
    }
}

TEST(Evaluate, keeps_its_accuracy_where_products_would_leave_the_range_of_float) {
  reference::RandomNetwork options;
  options.nodes = 6;
  options.rows_per_node = 30;
  options.share_inhibiting = 0.5;
  options.lowest_half_max = 0.02;
  options.highest_half_max = 0.1;
  for (const auto& hill :
       {std::vector{4.0}, std::vector{3.5}, std::vector{8.0}, std::vector{1.0, 4.0, 6.5}}) {
    options.hills = hill;
    for (std::uint64_t seed = 1; seed <= 10; ++seed)
      // The general power has n log2(x/K) with rounding of up to 40 ulp in (x/K)^n, the slope of h is at most
      // n/4.
      EXPECT_LT(largest_error_of_f(Case(reference::random_network(options, seed), 0, 100, seed)), 2e-5)
          << "hill " << hill.front() << " seed " << seed;
  }
}

TEST(Evaluate, gives_the_same_bits_for_every_instruction_set) {
  reference::RandomNetwork options;
  options.hills = {1.0, 1.5, 2.0, 2.3, 2.5, 3.0, 4.0};
  const Case one(reference::random_network(options, 5), 0, 150, 5);
  const auto run = [&] {
    Activities x = one.activities();
    Workspace workspace;
    relax(x, one.program(), one.inputs(), 30.0, {}, workspace, {});
    return x;
  };
  const std::int64_t supported = hwy::SupportedTargets();
  const Activities widest = run();
  int compared = 0;
  for (const std::int64_t target : {HWY_AVX3, HWY_AVX2, HWY_SSE4, HWY_EMU128}) {
    if (target != HWY_EMU128 && (supported & target) == 0) continue;
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    EXPECT_TRUE(testing::same_bits(run(), widest)) << hwy::TargetName(target);
    ++compared;
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  EXPECT_GE(compared, 1);
}

/// A model of one node and one source, made by hand.
model::Model two_nodes(model::Mechanism row, double basal) {
  model::Model model;
  model.cell_types.resize(1);
  model.cell_types[0].name = "only";
  for (const char* name : {"source", "target"}) {
    model::Node node;
    node.name = name;
    node.per_cell_type.resize(1);
    node.per_cell_type[0].emplace();
    node.per_cell_type[0]->basal = basal;
    node.per_cell_type[0]->tau = 10.0;
    model.nodes.push_back(node);
  }
  row.id = "row";
  row.cell_types = {0};
  row.target = 1;
  model.mechanisms.push_back(row);
  return model;
}

float target_of(const model::Model& model, float source, std::vector<float> occupancy = {}) {
  const Program program = compile(model, 0);
  Activities x(2), f(2);
  x.resize(1);
  x.at(0, 0) = source;
  Workspace workspace;
  std::vector<InputValues> occupancies;
  for (const float theta : occupancy) occupancies.push_back(InputValues::same(theta));
  evaluate(f, x, program, {occupancies, {}, {}}, workspace, {});
  return f.at(1, 0);
}

TEST(Evaluate, normalised_hill_is_0_at_0_and_1_at_1_and_half_its_scale_at_half_max) {
  for (const double n : {0.5, 1.0, 1.5, 2.0, 2.5, 2.9, 3.0, 3.5, 4.0, 6.0}) {
    model::Mechanism row;
    row.source_node = 0;
    row.hill = n;
    row.half_max = 0.4;
    const model::Model model = two_nodes(row, 0.0);
    EXPECT_EQ(target_of(model, 0.0f), 0.0f) << n;
    EXPECT_NEAR(target_of(model, 1.0f), 1.0f, 2e-6) << n;
    EXPECT_NEAR(target_of(model, 0.4f), 0.5 * (1.0 + std::pow(0.4, n)), 2e-6) << n;
  }
}

TEST(Evaluate, a_row_of_weight_0_changes_nothing) {
  model::Mechanism row;
  row.source_node = 0;
  row.weight = 0.0;
  for (const auto gate : {model::Gate::any, model::Gate::all}) {
    row.gate = gate;
    EXPECT_FLOAT_EQ(target_of(two_nodes(row, 0.3), 1.0f), 0.3f);
  }
}

TEST(Evaluate, the_target_of_a_receptor_follows_its_occupancy) {
  model::Mechanism row;
  row.source_substance = 0;
  row.half_max = 3.6;
  row.weight = 0.8;
  const model::Model model = two_nodes(row, 0.0);
  EXPECT_FLOAT_EQ(target_of(model, 0.0f, {0.25f}), 0.2f);
  EXPECT_EQ(compile(model, 0).substance_inputs.at(0).dissociation_constant, 3.6);
}

TEST(Compile, numbers_only_the_nodes_and_rows_of_the_cell_type) {
  const model::Model model = reference::random_network({}, 3);
  const Program program = compile(model, 1);
  EXPECT_LT(program.size(), model.nodes.size());
  EXPECT_EQ(program.slot(3), no_slot);
  for (std::size_t s = 0; s < program.size(); ++s) {
    EXPECT_EQ(program.slot(program.nodes[s]), static_cast<Slot>(s));
    EXPECT_EQ(program.node_names[s], model.nodes[static_cast<std::size_t>(program.nodes[s])].name);
  }
}

TEST(Compile, refuses_what_a_validated_model_cannot_contain) {
  model::Mechanism row;
  row.source_node = 0;
  model::Model model = two_nodes(row, 0.0);
  model.mechanisms[0].half_max = 1.5;
  EXPECT_THROW(compile(model, 0), core::InternalError);
  model.mechanisms[0].half_max = 0.5;
  model.nodes[0].per_cell_type[0].reset();
  EXPECT_THROW(compile(model, 0), core::InternalError);
}

}  // namespace evaluate_test
}  // namespace stroma::network
