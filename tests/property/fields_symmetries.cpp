// Fields do not know where they are: the same problem moved, mirrored or turned has the same solution, to
// rounding. (A split step treats the axis that holds the uptake apart, so with uptake it is turned about that
// axis only.)
#include <gtest/gtest.h>

#include <functional>

#include "unit/fields/cases.hpp"

namespace fields_symmetries {

using namespace stroma;
using namespace stroma::fields;
using fields::testing::Case;
using Voxel = std::array<int, 3>;

/// The case with its voxels taken to other places; `axes[a]` says which old axis the new axis a is.
Case mapped(const Case& c, std::array<std::size_t, 3> axes, const std::function<Voxel(Voxel)>& to) {
  Case result = c;
  const Grid& grid = c.plan.grid;
  Grid& turned = result.plan.grid;
  for (std::size_t a = 0; a < 3; ++a) {
    turned.n[a] = grid.n[axes[a]];
    turned.spacing[a] = grid.spacing[axes[a]];
  }
  const auto map = [&](const std::vector<double>& from, std::vector<double>& values) {
    for (std::size_t v = 0; v < from.size(); ++v) {
      const Voxel there = to(grid.place(v));
      values[turned.index(there[0], there[1], there[2])] = from[v];
    }
  };
  map(c.start, result.start);
  map(c.uptake, result.uptake);
  map(c.most, result.most);
  map(c.source, result.source);
  map(c.plan.substances[0].mobility, result.plan.substances[0].mobility);
  return result;
}

std::vector<double> solved(const Case& c, Method method) {
  Plan plan = c.plan;
  plan.substances[0].method = method;
  plan.substances[0].error_target = method == Method::split ? 1e-2 : 1e-10;
  if (method != Method::quasi_steady) plan.substances[0].fixed_step = 0.05;
  Fields fields = make_fields(plan);
  std::copy(c.start.begin(), c.start.end(), fields.concentration(0).begin());
  account(fields, plan);
  Workspace workspace;
  const Exchange exchange = c.exchange();
  advance(fields, plan, {&exchange, 1}, 0.2, workspace, core::Threads{1});
  const auto values = fields.concentration(0);
  return {values.begin(), values.end()};
}

void expect_same(const Case& c, const Case& other, Method method, const std::function<Voxel(Voxel)>& to,
                 double tolerance) {
  const std::vector<double> one = solved(c, method), two = solved(other, method);
  double worst = 0.0, largest = 0.0;
  for (std::size_t v = 0; v < one.size(); ++v) {
    const Voxel there = to(c.plan.grid.place(v));
    worst = std::max(worst, std::abs(one[v] - two[other.plan.grid.index(there[0], there[1], there[2])]));
    largest = std::max(largest, std::abs(one[v]));
  }
  EXPECT_LE(worst, tolerance * largest) << to_string(method);
}

Case sealed_case(bool cells, unsigned seed) {
  fields::testing::Features features;
  features.uptake = features.saturable = features.source = cells;
  features.open = false;
  return fields::testing::random_case({12, 15, 10}, features, seed);
}

constexpr double rounding = 1e-12, solver = 1e-8;

TEST(FieldsSymmetries, a_quarter_turn_about_z) {
  for (const unsigned seed : {1U, 2U})
    for (const bool cells : {false, true}) {
      const Case c = sealed_case(cells, seed);
      const int ny = c.plan.grid.n[1];
      const auto turn = [ny](Voxel v) { return Voxel{ny - 1 - v[1], v[0], v[2]}; };
      const Case turned = mapped(c, {1, 0, 2}, turn);
      expect_same(c, turned, Method::split, turn, rounding);
      expect_same(c, turned, Method::implicit, turn, solver);
      if (cells) expect_same(c, turned, Method::quasi_steady, turn, solver);
    }
}

TEST(FieldsSymmetries, a_quarter_turn_about_x) {
  for (const bool cells : {false, true}) {
    Case c = sealed_case(cells, 3);
    if (!cells) c.plan.substances[0].decay = 0.0;
    const int nz = c.plan.grid.n[2];
    const auto turn = [nz](Voxel v) { return Voxel{v[0], nz - 1 - v[2], v[1]}; };
    const Case turned = mapped(c, {0, 2, 1}, turn);
    if (!cells) expect_same(c, turned, Method::split, turn, rounding);
    expect_same(c, turned, Method::implicit, turn, solver);
    if (cells) expect_same(c, turned, Method::quasi_steady, turn, solver);
  }
}

TEST(FieldsSymmetries, a_mirror) {
  const Case c = sealed_case(true, 4);
  for (const std::size_t axis : {0U, 1U, 2U}) {
    const int n = c.plan.grid.n[axis];
    const auto mirror = [=](Voxel v) {
      v[axis] = n - 1 - v[axis];
      return v;
    };
    const Case mirrored = mapped(c, {0, 1, 2}, mirror);
    for (const Method method : {Method::split, Method::implicit, Method::quasi_steady})
      expect_same(c, mirrored, method, mirror, method == Method::split ? rounding : solver);
  }
}

TEST(FieldsSymmetries, another_place_for_the_box_changes_no_bit) {
  Case c = sealed_case(true, 5), moved = c;
  moved.plan.grid.origin = {1234.5, -77.25, 3e4};
  for (const Method method : {Method::split, Method::implicit, Method::quasi_steady})
    expect_same(
        c, moved, method, [](Voxel v) { return v; }, 0.0);
}

TEST(FieldsSymmetries, a_blob_moved_by_three_voxels) {
  // Far from the faces: what reaches them is below the tolerance, exp(-(300 um)^2/(4 D t)) = 1e-12 at D t =
  // 800 um^2.
  Plan plan;
  plan.grid.n = {60, 60, 60};
  plan.grid.spacing = {20.0, 20.0, 20.0};
  SubstancePlan s;
  s.name = "blob";
  s.diffusivity = 1000.0;
  s.decay = 0.2;
  s.method = Method::split;
  s.error_target = 1e-2;
  plan.substances.push_back(s);
  const auto run = [&](int shift) {
    Fields fields = make_fields(plan);
    fields.concentration(0)[plan.grid.index(28 + shift, 28, 28)] = 1e4;
    account(fields, plan);
    Workspace workspace;
    advance(fields, plan, {}, 0.8, workspace, core::Threads{2});
    return std::vector<double>(fields.concentration(0).begin(), fields.concentration(0).end());
  };
  const std::vector<double> here = run(0), there = run(3);
  double worst = 0.0, largest = 0.0;
  for (int k = 0; k < 60; ++k)
    for (int j = 0; j < 60; ++j)
      for (int i = 0; i < 57; ++i) {
        const double a = here[plan.grid.index(i, j, k)];
        worst = std::max(worst, std::abs(a - there[plan.grid.index(i + 3, j, k)]));
        largest = std::max(largest, a);
      }
  EXPECT_LE(worst, 1e-10 * largest);
}

}  // namespace fields_symmetries
