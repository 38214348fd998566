// A tissue knows neither where nor how it lies, nor what its cells are called: translated, rotated by 90
// degrees or relabelled it does the same, to rounding. Nobody walks or divides, for headings and axes are
// drawn in the laboratory's frame.
#include <gtest/gtest.h>

#include <numeric>

#include "support/tissues.hpp"

namespace stroma::tissue {
namespace tissue_symmetries {

model::Model still() {
  model::Model m = test::living_tissue();
  test::stop_life(m);
  for (model::CellType& type : m.cell_types) {
    type.traits.clear();  // they are drawn by id
    if (type.base(model::BehaviourKind::migration_speed) > 0.0)
      test::base_of(m, type, "migration_speed") = 0.0;
  }
  return m;
}

TissueSetup quiet(const model::Model& m, int dimensions) {
  TissueSetup setup = test::busy_setup(m, dimensions, 40, 12, 0, dimensions == 2 ? 12 : 10);
  setup.cells.resize(2);
  setup.faces = {};
  setup.treatments = {{core::to_tick(12.0), {-1}, 3, 500.0}};
  for (auto& substance : setup.substances) {
    substance.plan.error_target = 1e-6;
    if (substance.plan.name != "O") substance.plan.method = fields::Method::implicit;
  }
  return setup;
}

// What is said of a cell whatever it is called: its place in the frame of the original, its network and its
// drug.
struct Told {
  std::array<double, 3> place;
  std::vector<double> inner;
};

template <class Back>
std::vector<Told> tell(const test::Tissue& t, const Back& back, const std::vector<std::size_t>& order) {
  const cells::Bodies& b = t.state.bodies;
  std::vector<Told> out(b.size());
  std::vector<std::size_t> at(b.size());
  for (std::size_t i = 0; i < b.size(); ++i) at[static_cast<std::size_t>(b.id[i] - 1)] = i;
  for (std::size_t k = 0; k < b.size(); ++k) {
    const std::size_t i = at[order.empty() ? k : order[k]];
    const Population& population = t.state.populations[b.type[i]];
    out[k].place = back(std::array<double, 3>{b.x[i], b.y[i], b.z[i]});
    for (std::size_t slot = 0; slot < population.activities.nodes(); ++slot)
      out[k].inner.push_back(static_cast<double>(population.activities.at(slot, b.slot[i])));
    out[k].inner.push_back(drug_inside(t.state, b.type[i], 0, i));
  }
  return out;
}

// Bounds: forces are computed on a lattice of 2^-22 um and in single precision, networks in single precision,
// fields to a relative 1e-6 x 0.1 of the algebraic error; a few steps multiply none of it by more than ten.
void expect_same(const std::vector<Told>& a, const std::vector<Told>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t axis = 0; axis < 3; ++axis) EXPECT_NEAR(a[i].place[axis], b[i].place[axis], 2e-4) << i;
    ASSERT_EQ(a[i].inner.size(), b[i].inner.size());
    for (std::size_t k = 0; k < a[i].inner.size(); ++k)
      EXPECT_NEAR(a[i].inner[k], b[i].inner[k], 2e-5 * std::max(1.0, std::abs(b[i].inner[k])))
          << i << ", " << k;
  }
}

class TissueSymmetry : public testing::TestWithParam<int> {
 protected:
  const model::Model m = still();
  static std::array<double, 3> as_is(const std::array<double, 3>& p) { return p; }
};
INSTANTIATE_TEST_SUITE_P(Dimensions, TissueSymmetry, testing::Values(2, 3));

TEST_P(TissueSymmetry, translation) {
  const TissueSetup setup = quiet(m, GetParam());
  TissueSetup moved = setup;
  const std::array<double, 3> shift{1000.0, -320.0, GetParam() == 3 ? 64.0 : 0.0};
  for (std::size_t a = 0; a < 3; ++a) moved.grid.origin[a] += shift[a];
  for (auto& cells : moved.cells)
    for (auto& p : cells.positions)
      for (std::size_t a = 0; a < 3; ++a) p[a] += shift[a];
  test::Tissue here(m, setup), there(m, moved);
  here.run_to(60.0);
  there.run_to(60.0);
  expect_same(tell(here, as_is, {}), tell(there,
                                          [&](std::array<double, 3> p) {
                                            for (std::size_t a = 0; a < 3; ++a) p[a] -= shift[a];
                                            return p;
                                          },
                                          {}));
}

TEST_P(TissueSymmetry, rotation_by_90_degrees) {
  const TissueSetup setup = quiet(m, GetParam());
  TissueSetup turned = setup;
  for (auto& cells : turned.cells)
    for (auto& p : cells.positions) p = {-p[1], p[0], p[2]};
  test::Tissue here(m, setup), there(m, turned);
  here.run_to(60.0);
  there.run_to(60.0);
  const auto back = [](const std::array<double, 3>& p) { return std::array<double, 3>{p[1], -p[0], p[2]}; };
  expect_same(tell(here, as_is, {}), tell(there, back, {}));
}

TEST_P(TissueSymmetry, relabelling) {
  const TissueSetup setup = quiet(m, GetParam());
  TissueSetup renamed = setup;
  std::vector<std::size_t> order;  // id - 1 in the renamed tissue of the cell with id - 1 in the original
  std::size_t before = 0;
  for (auto& cells : renamed.cells) {
    std::reverse(cells.positions.begin(), cells.positions.end());
    for (std::size_t i = cells.positions.size(); i-- > 0;) order.push_back(before + i);
    before += cells.positions.size();
  }
  test::Tissue here(m, setup), there(m, renamed);
  here.run_to(60.0);
  there.run_to(60.0);
  expect_same(tell(here, as_is, {}), tell(there, as_is, order));
}

}  // namespace tissue_symmetries
}  // namespace stroma::tissue
