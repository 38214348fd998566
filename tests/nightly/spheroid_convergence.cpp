// The whole spheroid of experiments/spheroid, smaller and shorter, as the coupling step and the grid are
// refined: number of cells, oxygen at the centre, drug in the cells and mean activities of three nodes after
// a dose. Once with cells that neither divide, die nor move, 48 min after the dose, where there is an order
// to be seen; once as it is, 10 h after it, with the same seeds at every step, where what cells do
// decorrelates and only means over seeds compare. docs/theory/tissue.md has the tables.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "fields/sample.hpp"
#include "store/study_folder.hpp"
#include "support/tissues.hpp"
#include "test_paths.hpp"

namespace stroma::tissue {
namespace spheroid_convergence {

constexpr double treated_at = 120.0;                           // min
constexpr double radius = 80.0, side = 320.0, centre = 400.0;  // um
constexpr std::array nodes = {"ERK", "MCL1", "HIF1A"};
constexpr std::size_t values = 3 + nodes.size();
constexpr std::array<const char*, values> names = {
    "cells",         "oxygen at the centre, nM", "drug in cells, amol", "activity ERK", "activity MCL1",
    "activity HIF1A"};
using Outcome = std::array<double, values>;
constexpr std::size_t oxygen = 1, drug = 2, erk = 3, mcl1 = 4, hif1a = 5;

struct Case {
  double end = 168.0;               // min
  double step = 6.0, voxel = 20.0;  // min, um
  std::uint64_t seed = 1;
  bool lives = false;
  double influx = 1.0;  // times that of the model
};

Outcome measure(const test::Tissue& t) {
  Outcome out{};
  out[0] = static_cast<double>(t.state.cells());
  const std::array<double, 1> x = {centre};
  std::array<double, 1> c{};
  fields::sample(c, t.plan.fields.grid, t.state.fields.concentration(t.field("oxygen")), x, x, x, {1});
  out[oxygen] = c[0];
  out[drug] = t.inside() * 1e-6;  // nM um^3 = 1e-24 mol
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    double sum = 0.0, cells = 0.0;
    for (std::size_t k = 0; k < t.state.populations.size(); ++k) {
      const network::Slot slot = t.plan.populations[k].program.slot(t.plan.model->node(nodes[n]));
      if (slot == network::no_slot) continue;  // fibroblasts lack it
      for (const float a : t.state.populations[k].activities.node(static_cast<std::size_t>(slot))) {
        sum += static_cast<double>(a);
        cells += 1.0;
      }
    }
    out[3 + n] = sum / cells;
  }
  return out;
}

Outcome run(const Case& c) {
  const std::string root = STROMA_SOURCE_DIR;
  store::LoadedTissue loaded = store::load_tissue(root + "/experiments/spheroid/spheroid.toml",
                                                  {{root + "/models"}, {}}, {}, c.seed, 8e9);
  TissueSetup& setup = loaded.experiment.setup;
  for (auto& cells : setup.cells)
    std::erase_if(cells.positions, [](const std::array<double, 3>& p) {
      return std::hypot(p[0] - centre, p[1] - centre, p[2] - centre) > radius;
    });
  for (std::size_t a = 0; a < 3; ++a) {
    setup.grid.n[a] = static_cast<int>(side / c.voxel);
    setup.grid.spacing[a] = c.voxel;
    setup.grid.origin[a] = centre - 0.5 * side;
  }
  setup.step = core::to_tick(c.step);
  setup.treatments.at(0).at = core::to_tick(treated_at);
  for (auto& substance : setup.substances) substance.plan.error_target = 1e-4;
  model::Model m = *loaded.model;
  for (model::Drug& one : m.drugs) one.influx *= c.influx;
  if (!c.lives) {
    test::stop_life(m);
    test::stop_motion(m);
  }
  test::Tissue t(m, setup);
  // The parts are solved well below what the coupling leaves.
  t.plan.accuracy = {.tolerance = 1e-4, .steady = 1e-5};
  t.run_to(c.end);
  return measure(t);
}

void print(const char* what, double size, const Outcome& o) {
  std::printf("| %s %g |", what, size);
  for (const double x : o) std::printf(" %.6g |", x);
  std::printf("\n");
}

TEST(SpheroidConvergence, in_the_coupling_step_is_of_first_order_where_nothing_is_born_or_dies) {
  Outcome exact = run({.step = 0.15});
  const Outcome coarser = run({.step = 0.3});
  for (std::size_t v = 0; v < values; ++v) exact[v] += exact[v] - coarser[v];
  std::vector<Outcome> error;
  for (const double step : {12.0, 6.0, 3.0, 1.5, 0.75}) {
    const Outcome at = run({.step = step});
    Outcome& e = error.emplace_back();
    for (std::size_t v = 0; v < values; ++v) e[v] = std::abs(at[v] / exact[v] - 1.0);
    print("step, min", step, at);
    print("error, ", step, e);
  }
  for (const std::size_t v : {erk, mcl1}) {
    for (std::size_t k = 0; k + 1 < error.size(); ++k) {
      const double order = std::log2(error[k][v] / error[k + 1][v]);
      std::printf("%s: order %.2f\n", names[v], order);
      EXPECT_GT(order, 0.0) << names[v];
      // Nodes near the drug's targets relax in minutes: the slope is that of short steps.
      if (k >= 2) {
        EXPECT_NEAR(order, 1.0, 0.3) << names[v] << ", " << k;
      }
    }
    EXPECT_LT(error[1][v], 0.05) << names[v];  // the default step, 48 min after the dose
  }
  // Nothing changes what cells consume, and hypoxia is long over: no step makes a difference beyond what the
  // networks are solved to. A dose that is taken to be steady at once is ahead by the time of the
  // slowest mode, side^2/(3 pi^2 D) = 0.17 min of the 48.
  for (const Outcome& e : error) {
    EXPECT_LT(e[oxygen], 1e-6);
    EXPECT_LT(e[hif1a], 1e-4);
    EXPECT_LT(e[drug], 1e-2);
  }
}

TEST(SpheroidConvergence, in_the_grid_changes_oxygen_by_less_than_a_percent) {
  std::vector<Outcome> at;
  for (const double voxel : {40.0, 20.0, 10.0}) {
    at.push_back(run({.voxel = voxel}));
    print("voxel, um", voxel, at.back());
  }
  for (std::size_t v = 0; v < values; ++v) EXPECT_NEAR(at[1][v], at[2][v], 0.01 * at[2][v]) << names[v];
}

constexpr int seeds = 4;
using Sample = std::array<Outcome, seeds>;

Sample sample(double step, double influx = 1.0) {
  Sample out;
  for (std::size_t s = 0; s < seeds; ++s)
    out[s] = run({.end = 720.0, .step = step, .seed = s + 1, .lives = true, .influx = influx});
  return out;
}

struct Difference {
  double mean = 0.0, error = 0.0;  // of `a` against `b`, seed by seed
  bool is_seen() const { return std::abs(mean) > 4.0 * error + bound; }
  double bound = 0.0;  // what the step may cost: 1 % of b
};

Difference difference(const Sample& a, const Sample& b, std::size_t v) {
  Difference out;
  double squares = 0.0;
  for (std::size_t s = 0; s < seeds; ++s) {
    out.mean += (a[s][v] - b[s][v]) / seeds;
    out.bound += 0.01 * b[s][v] / seeds;
  }
  for (std::size_t s = 0; s < seeds; ++s) squares += std::pow(a[s][v] - b[s][v] - out.mean, 2.0);
  out.error = std::sqrt(squares / (seeds * (seeds - 1)));
  return out;
}

// Cells divide, die and walk with the same seeds at every step. The mutant, an influx that is 10 % larger,
// must be seen.
TEST(SpheroidConvergence, of_means_over_seeds_while_cells_divide_die_and_walk) {
  const Sample finest = sample(1.5);
  for (const double step : {12.0, 6.0, 3.0}) {
    const Sample at = sample(step);
    for (std::size_t v = 0; v < values; ++v) {
      const Difference d = difference(at, finest, v);
      std::printf("%s, step %g min: against 1.5 min %.2e +- %.1e (1 %% is %.2e)\n", names[v], step, d.mean,
                  d.error, d.bound);
      EXPECT_FALSE(d.is_seen()) << names[v] << " at a step of " << step;
    }
  }
  EXPECT_TRUE(difference(sample(6.0, 1.1), finest, drug).is_seen());
}

}  // namespace spheroid_convergence
}  // namespace stroma::tissue
