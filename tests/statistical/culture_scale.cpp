// Twice the cells in twice the volume: each cell's history is drawn anew, but growth per cell and
// concentrations are the same in the mean; so are they when the types of a co-culture are listed in another
// order. Wells are independent; z < 4 of a difference of means over wells. Mutant: a volume 10 % off.
#include <gtest/gtest.h>

#include <cmath>

#include "support/cultures.hpp"
#include "support/statistics.hpp"

namespace stroma {
namespace culture_scale {

using test::Culture;

struct Wells {
  std::vector<double> growth, ligand;
};

Wells run(const model::Model& m, std::size_t cells, double volume, bool swapped, std::uint64_t seed) {
  Wells out;
  for (std::uint64_t w = 0; w < 60; ++w) {
    tissue::CultureSetup setup =
        test::setup_of(m, {{m.cell_type("T"), cells}, {m.cell_type("S"), cells}}, volume);
    if (swapped) std::swap(setup.cells[0], setup.cells[1]);
    setup.step = core::to_tick(60.0);
    setup.seed = core::derive_seed(seed, w);
    Culture culture(m, setup);
    culture.run_to(1440.0);
    const std::size_t t = swapped ? 1 : 0;
    out.growth.push_back(static_cast<double>(cells::count_fates(culture.cells(t)).live) /
                         static_cast<double>(cells));
    out.ligand.push_back(culture.concentration("L"));
  }
  return out;
}

double z_between(const std::vector<double>& a, const std::vector<double>& b) {
  const test::Moments x = test::moments(a), y = test::moments(b);
  return (x.mean - y.mean) / std::sqrt((x.variance + y.variance) / static_cast<double>(a.size() - 1));
}

TEST(CultureScale, twice_the_cells_in_twice_the_volume_are_the_same_culture) {
  const model::Model m = test::tumour_and_stroma();
  const Wells one = run(m, 100, 2e6, false, 1), two = run(m, 200, 4e6, false, 2),
              wider = run(m, 200, 4.4e6, false, 2);
  EXPECT_LT(std::abs(z_between(one.growth, two.growth)), test::z_bound);
  EXPECT_LT(std::abs(z_between(one.ligand, two.ligand)), test::z_bound);
  EXPECT_GT(std::abs(z_between(one.ligand, wider.ligand)), test::z_bound);
}

TEST(CultureScale, the_order_of_the_cell_types_does_not_matter) {
  const model::Model m = test::tumour_and_stroma();
  const Wells one = run(m, 100, 2e6, false, 1), swapped = run(m, 100, 2e6, true, 3);
  EXPECT_LT(std::abs(z_between(one.growth, swapped.growth)), test::z_bound);
  EXPECT_LT(std::abs(z_between(one.ligand, swapped.ligand)), test::z_bound);
}

}  // namespace culture_scale
}  // namespace stroma
