// A drug between fields and cells: no mass is lost or made, nothing falls below zero however greedy the cells
// are, the two sides come to the equilibrium of the rates, and the coupling step costs no more than its
// order.
#include <gtest/gtest.h>

#include <cmath>

#include "core/errors.hpp"
#include "support/tissues.hpp"

namespace stroma::tissue {
namespace space_drug {

constexpr double day = 1440.0;

// T and S with the drug D as the only substance, in a sealed box without decay.
TissueSetup sealed(const model::Model& m, fields::Method method, int dimensions, double initial = 100.0) {
  TissueSetup setup = test::busy_setup(m, dimensions, 60, 20, 6, dimensions == 2 ? 14 : 10);
  setup.treatments.clear();
  setup.substances = {test::diffusing("D", m.substance("D"), 600.0, 0.0, initial)};
  setup.substances[0].plan.method = method;
  return setup;
}

double lowest(const test::Tissue& t) {
  double out = 0.0;
  for (const double c : t.state.fields.concentration(t.field("D"))) out = std::min(out, c);
  for (const auto& population : t.state.populations)
    for (const auto& held : population.held)
      for (const double amount : held) out = std::min(out, amount);
  return out;
}

class SpaceDrug : public testing::TestWithParam<fields::Method> {};
INSTANTIATE_TEST_SUITE_P(Methods, SpaceDrug,
                         testing::Values(fields::Method::split, fields::Method::implicit,
                                         fields::Method::automatic),
                         [](const auto& method) { return std::string(fields::to_string(method.param)); });

// Rounding of a step is a few 1e-16 of all that there is; 240 steps of them, were they all of one sign,
// would be 1e-13.
TEST_P(SpaceDrug, is_neither_lost_nor_made_in_a_sealed_box) {
  const model::Model m = test::living_tissue();
  for (const int dimensions : {2, 3}) {
    test::Tissue t(m, sealed(m, GetParam(), dimensions));
    const double all = t.content("D");
    double worst = 0.0, most_inside = 0.0;
    for (double at = 6.0; at <= day; at += 6.0) {
      t.run_to(at);
      worst = std::max(worst, std::abs(t.content("D") + t.inside() - all) / all);
      most_inside = std::max(most_inside, t.inside() / all);
    }
    EXPECT_LE(worst, 1e-12) << dimensions;
    EXPECT_GT(most_inside, 0.001);
    EXPECT_GT(t.state.counters.tally.births, 3);
    EXPECT_GT(t.state.counters.tally.lyses, 3);
    EXPECT_EQ(t.state.counters.negative_voxels, 0);
  }
}

// A cell that would take ten thousand times what its voxel holds in one step.
TEST_P(SpaceDrug, stays_positive_however_fast_the_cells_take_it_up) {
  model::Model m = test::living_tissue();
  test::stop_life(m);
  for (model::Drug& drug : m.drugs)
    if (drug.name == "D") drug.influx = 1e4;
  test::Tissue t(m, sealed(m, GetParam(), 3));
  const double all = t.content("D");
  for (double at = 6.0; at <= 120.0; at += 6.0) {
    t.run_to(at);
    ASSERT_GE(lowest(t), 0.0) << at;
    ASSERT_NEAR(t.content("D") + t.inside(), all, 1e-12 * all) << at;
  }
  EXPECT_GT(t.inside(), 0.9 * all);
  EXPECT_EQ(t.state.counters.negative_voxels, 0);
}

// dC/dt = 0: k_in m f_u C_out = (k_out + k_efflux a) C, for every cell with its own m and a. The slowest rate
// is the diffusion over the box (600 um^2/min over 200 um: 0.15/min) or the efflux (0.04/min): after 600 min
// e^-24 of any deviation is left.
TEST_P(SpaceDrug, comes_to_the_equilibrium_of_influx_and_efflux) {
  model::Model m = test::living_tissue();
  test::stop_life(m);
  test::stop_motion(m);
  std::erase_if(m.mechanisms, [](const auto&) { return true; });  // the pump rests at its basal activity
  test::Tissue t(m, sealed(m, GetParam(), 3));
  t.run_to(600.0);
  double worst = 0.0;
  for (std::size_t b = 0; b < t.state.bodies.size(); ++b) {
    const std::size_t k = t.state.bodies.type[b], i = t.state.bodies.slot[b];
    const DrugEntry& entry = t.plan.populations[k].drugs[0];
    const auto [influx, pump] = entry_modifiers(entry, t.state.populations[k]);
    const double outside =
        pharmacology::free_fraction(entry.free_fraction_in_serum, t.plan.setup.serum) *
        t.state.fields.concentration(
            0)[t.plan.fields.grid.voxel_at(t.state.bodies.x[b], t.state.bodies.y[b], t.state.bodies.z[b])];
    const double expected = entry.entry.influx * (influx.empty() ? 1.0 : static_cast<double>(influx[i])) *
                            outside /
                            (entry.entry.efflux + entry.entry.efflux_by_transporter *
                                                      (pump.empty() ? 0.0 : static_cast<double>(pump[i])));
    worst = std::max(worst, std::abs(drug_inside(t.state, k, 0, b) / expected - 1.0));
  }
  EXPECT_LE(worst, 1e-6);
}

// The drug comes and is washed out, solved to its steady state in every step.
TEST(SpaceDrugSteady, is_washed_out_without_a_fault) {
  model::Model m = test::living_tissue();
  test::stop_life(m);
  TissueSetup setup = sealed(m, fields::Method::quasi_steady, 3, 0.0);
  test::hold_faces(setup.substances[0], 3, 0.0);
  setup.treatments = {{core::to_tick(60.0), core::to_tick(240.0), 0, 500.0}};
  test::Tissue t(m, setup);
  t.run_to(240.0);
  const double loaded = t.inside();
  EXPECT_GT(loaded, 0.0);
  // Diffusion empties a voxel at some D/h^2 = 1.5/min, its cells at k_in V/h^3 < 0.01/min: what is given off
  // is gone, and of what was inside e^-(0.04 x 600) = 4e-11 is left.
  t.run_to(240.0 + 600.0);
  EXPECT_LT(t.inside(), 1e-6 * loaded);
  EXPECT_GE(lowest(t), -1e-9 * loaded / t.plan.fields.grid.voxel_volume());
  EXPECT_LE(t.state.counters.worst_balance, 1e-10);
}

// One voxel and its cell: dA/dt = u c - k A, V dc/dt = k A - u c, with the closed form
// A = A_eq (1 - e^(-(k + u/V) t)), A_eq = V c_0 u/(u + k V). Networks stand still, so that the coupling of
// cell and field is all that has an error.
TEST(SpaceDrugOrder, of_the_coupling_step_is_two) {
  model::Model m = test::living_tissue();
  test::stop_life(m);
  test::stop_motion(m);
  std::erase_if(m.mechanisms, [](const auto&) { return true; });
  for (model::CellType& type : m.cell_types) type.traits.clear();
  for (model::Drug& drug : m.drugs)
    if (drug.name == "D") {
      drug.influx = 0.2;
      drug.efflux = 0.03;
      drug.efflux_by_transporter = 0.0;
    }
  const double end = 24.0;
  std::vector<double> errors;
  for (const double step : {12.0, 6.0, 3.0, 1.5}) {
    TissueSetup setup = sealed(m, fields::Method::split, 3, 50.0);
    setup.grid = test::cube(3, 1);
    setup.serum = 0.0;
    setup.cells.resize(1);
    setup.cells[0].positions = {{0.0, 0.0, 0.0}};
    setup.substances[0].plan.error_target = 1e-9;
    setup.step = core::to_tick(step);
    test::Tissue t(m, setup);
    const double box = t.plan.fields.grid.voxel_volume(), u = 0.2 * 2000.0, k = 0.03;
    t.run_to(end);
    const double exact = box * 50.0 * u / (u + k * box) * -std::expm1(-(k + u / box) * end);
    errors.push_back(std::abs(t.inside() / exact - 1.0));
    const double order = errors.size() < 2 ? 0.0 : std::log2(errors[errors.size() - 2] / errors.back());
    std::printf("step %4.1f min: error %.3e, order %.2f\n", step, errors.back(), order);
    if (errors.size() > 1) {
      EXPECT_NEAR(order, 2.0, 0.2) << step;
    }
  }
}

}  // namespace space_drug
}  // namespace stroma::tissue
