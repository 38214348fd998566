// Whether cells find a direction where there is none: in a uniform field that decays only rounding differs
// from voxel to voxel, and a walk is as random as without chemotaxis. Where there is a gradient it leads.
#include <gtest/gtest.h>

#include "support/statistics.hpp"
#include "support/tissues.hpp"

namespace stroma::tissue {
namespace chemotaxis_threshold {

constexpr double speed = 0.7, persistence = 22.0, end = 600.0;

// 400 cells that walk through each other, drawn to A.
struct Walkers {
  test::ModelBuilder b;
  TissueSetup setup;
  explicit Walkers(double threshold) {
    const model::Index type = b.cell_type("W");
    b.substance("A");
    test::put_in_space(b, type);
    b.parameter(type, "persistence", persistence);
    b.parameter(type, "gradient_threshold", threshold);
    b.behaviour(type, "migration_speed", speed);
    b.behaviour(type, "chemotaxis:A", 0.8);
    for (const char* force : {"repulsion", "adhesion"})
      b.model.cell_types.back().parameters[force].value = 0.0;
    setup.grid = test::cube(2, 80, 40.0);
    setup.seed = 11;
    setup.cells = {{type, {}}};
    for (int i = 0; i < 400; ++i)
      setup.cells[0].positions.push_back({60.0 * (i % 20) - 570.0, 60.0 * (i / 20) - 570.0, 0.0});
    setup.substances = {test::diffusing("A", 0, 1e4, 1e-3, 100.0)};
  }
};

// Squares of the ways of all cells until the end.
std::vector<double> squared_ways(const Walkers& walkers) {
  test::Tissue t(walkers.b.model, walkers.setup);
  t.run_to(end);
  std::vector<double> squares(400);
  for (std::size_t i = 0; i < t.state.bodies.size(); ++i) {
    const auto& from = walkers.setup.cells[0].positions[t.state.bodies.id[i] - 1];
    const double dx = t.state.bodies.x[i] - from[0], dy = t.state.bodies.y[i] - from[1];
    squares[t.state.bodies.id[i] - 1] = dx * dx + dy * dy;
  }
  return squares;
}

TEST(ChemotaxisThreshold, leaves_the_walk_in_a_uniform_field_random) {
  const double expected =
      2.0 * speed * speed * persistence * (end - persistence * (1.0 - std::exp(-end / persistence)));
  EXPECT_LT(std::abs(test::z_of_mean(squared_ways(Walkers(1e-3)), expected)), test::z_bound);
  // The mutant that follows whatever differs.
  EXPECT_GT(std::abs(test::z_of_mean(squared_ways(Walkers(0.0)), expected)), test::z_bound);
}

TEST(ChemotaxisThreshold, does_not_touch_the_way_up_a_gradient) {
  const auto run = [](double threshold) {
    Walkers walkers(threshold);
    walkers.setup.substances[0].plan.decay = 0.0;
    walkers.setup.substances[0].plan.boundary[0] = {fields::Boundary::Kind::value, 20.0, 0.0};
    walkers.setup.substances[0].plan.boundary[1] = {fields::Boundary::Kind::value, 200.0, 0.0};
    walkers.setup.substances[0].plan.method = fields::Method::quasi_steady;
    test::Tissue t(walkers.b.model, walkers.setup);
    t.run_to(end);
    return t.state.bodies.x;
  };
  // 180 nM over 3200 um: across a cell of 16 um, 0.9 nM, is at least 0.4 per cent of what there is.
  const std::vector<double> x = run(1e-3);
  EXPECT_EQ(x, run(0.0));
  EXPECT_NE(x, run(0.05)) << "five per cent are more than they find";
  double drift = 0.0;
  for (const double value : x) drift += value / 400.0;
  EXPECT_GT(drift, 0.8 * speed * end) << "of the index 0.92 of a bias of 0.8";
}

}  // namespace chemotaxis_threshold
}  // namespace stroma::tissue
