// Drug entry against the slow twin of the whole chain: serum, entry, pump and target, far from and near
// equilibrium.
#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"
#include "pharmacology/engagement.hpp"
#include "reference/culture.hpp"
#include "support/model_builder.hpp"

namespace stroma {
namespace pharmacology_closed_forms {

// One cell in so much medium that the outside is constant; its pump is a node at rest. Runge-Kutta of order 4
// at 2000 steps of an hour has an error of (k h)^4/120 < 1e-9 for k <= 1/min, so what remains is the float32
// of the kernel.
TEST(DrugEntry, agrees_with_the_slow_twin_for_random_drugs_serum_and_pumps) {
  core::Stream draw(11, core::Purpose::test, 1);
  for (int trial = 0; trial < 40; ++trial) {
    const double pump = draw.uniform(), serum = draw.uniform(), influx = 0.3 * draw.uniform();
    test::ModelBuilder b;
    b.cell_type("C");
    const model::Index p = b.node("P", pump, 10.0);
    b.drug("D", 0.001 + 0.999 * draw.uniform(), influx, 0.3 * draw.uniform(), 0.3 * draw.uniform(), p);
    const model::Drug& d = b.model.drugs[0];
    const double total = 1000.0 * draw.uniform(), inside = 100.0 * draw.uniform();
    reference::AverageState twin{{total}, {pump}, {inside}};
    reference::integrate_culture({&b.model, 0, 1.0, 1e30, serum}, twin, 60.0, 2000);

    std::vector<double> c = {inside};
    const std::vector<float> activity = {static_cast<float>(pump)};
    const double outside = total * pharmacology::free_fraction(d.free_fraction_in_serum, serum);
    pharmacology::enter_cells(c, 1.0, {}, activity, {d.influx, d.efflux, d.efflux_by_transporter}, outside,
                              60.0);
    // Inputs are rounded to float32 (6e-8); a rounding of the pump's activity is stretched by k t <= 36.
    ASSERT_NEAR(c[0], twin.inside[0], 3e-6 * (twin.inside[0] + 1.0)) << trial;
  }
}

}  // namespace pharmacology_closed_forms
}  // namespace stroma
