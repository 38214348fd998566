// The loop of a tissue is first-order splitting: the error of a coupled problem halves with the coupling
// step. Two types of cells exchange two factors and take up a drug while everything diffuses; nobody
// divides, dies or walks, so that nothing is random. docs/theory/tissue.md has the numbers.
#include <gtest/gtest.h>

#include "support/tissues.hpp"
#include "tissue/tissue_perceive.hpp"

namespace stroma::tissue {
namespace tissue_splitting_order {

model::Model coupled() {
  model::Model m = test::living_tissue();
  test::stop_life(m);
  test::stop_motion(m);
  return m;
}

// Concentrations at the cells, activities and drug inside at 96 min.
std::vector<double> outcome(const model::Model& m, double step) {
  TissueSetup setup = test::busy_setup(m, 2, 30, 12, 0, 11);
  setup.cells.resize(2);
  setup.treatments = {{core::to_tick(24.0), {-1}, 3, 500.0}};
  setup.step = core::to_tick(step);
  setup.mechanics_tolerance = 1e-4;
  for (auto& substance : setup.substances) {
    substance.plan.error_target = 1e-6;
    if (substance.plan.name != "O") substance.plan.method = fields::Method::split;
  }
  test::Tissue t(m, setup);
  t.plan.accuracy = {.tolerance = 1e-6, .steady = 1e-7};
  t.run_to(96.0);
  std::vector<double> out;
  for (const char* name : {"L", "F", "D"})
    for (const double c : t.state.fields.concentration(t.field(name))) out.push_back(c);
  locate_cells(t.plan, t.state, t.work);
  for (std::size_t k = 0; k < t.state.populations.size(); ++k) {
    const Population& population = t.state.populations[k];
    for (std::size_t slot = 0; slot < population.activities.nodes(); ++slot)
      for (const float x : population.activities.node(slot)) out.push_back(static_cast<double>(x));
    for (const std::uint32_t b : t.work.populations[k].body_of) out.push_back(drug_inside(t.state, k, 0, b));
  }
  return out;
}

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  // Each kind of value is weighed by its own size.
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double size = std::max(std::abs(b[i]), 1e-3);
    sum += (a[i] - b[i]) * (a[i] - b[i]) / (size * size);
  }
  return std::sqrt(sum / static_cast<double>(a.size()));
}

TEST(TissueSplitting, is_of_first_order_in_the_coupling_step) {
  const model::Model m = coupled();
  // A step of zero: extrapolated from two small ones.
  std::vector<double> reference = outcome(m, 0.24);
  const std::vector<double> coarser = outcome(m, 0.48);
  for (std::size_t i = 0; i < reference.size(); ++i) reference[i] += reference[i] - coarser[i];
  std::vector<double> errors;
  for (const double step : {24.0, 12.0, 6.0, 3.0, 1.5, 0.75}) {
    errors.push_back(distance(outcome(m, step), reference));
    const double order = errors.size() < 2 ? 0.0 : std::log2(errors[errors.size() - 2] / errors.back());
    std::printf("step %5.1f min: error %.3e, order %.3f\n", step, errors.back(), order);
    if (errors.size() > 1) {
      EXPECT_LT(errors.back(), errors[errors.size() - 2]) << step;
    }
    // The fastest node relaxes in 10 min: longer steps than a fraction of that are not on the slope yet.
    if (step <= 2.0) {
      EXPECT_GE(order, 0.85) << step;
      EXPECT_LE(order, 1.3) << step;
    }
  }
  EXPECT_LT(errors[2], 0.01);  // the default, 6 min
}

}  // namespace tissue_splitting_order
}  // namespace stroma::tissue
