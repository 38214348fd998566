// Grids, plans that are refused, budgets, checkpoints, failures, the choice of method, and values at cells.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "core/errors.hpp"
#include "fields/sample.hpp"
#include "unit/fields/cases.hpp"

namespace stroma::fields::testing {
namespace fields_test {

constexpr core::Threads one{1};

TEST(Grid, voxels_are_numbered_along_x_first) {
  Grid grid;
  grid.n = {4, 3, 2};
  grid.spacing = {10.0, 20.0, 30.0};
  grid.origin = {-5.0, 0.0, 100.0};
  EXPECT_EQ(grid.voxels(), 24U);
  EXPECT_DOUBLE_EQ(grid.voxel_volume(), 6000.0);
  for (std::size_t v = 0; v < grid.voxels(); ++v) {
    const auto [i, j, k] = grid.place(v);
    EXPECT_EQ(grid.index(i, j, k), v);
    const auto x = grid.centre(v);
    EXPECT_EQ(grid.voxel_at(x[0], x[1], x[2]), v);
    EXPECT_TRUE(grid.contains(x));
  }
  EXPECT_FALSE(grid.contains({-6.0, 10.0, 120.0}));
  EXPECT_EQ(grid.voxel_at(-1e9, 1e9, std::nan("")), grid.index(0, 2, 0));
}

std::vector<std::string> codes(const Plan& plan) {
  core::Diagnostics diagnostics;
  validate(plan, {}, diagnostics);
  std::vector<std::string> found;
  for (const auto& entry : diagnostics.entries()) found.push_back(entry.code);
  return found;
}

TEST(Plan, every_problem_is_reported_at_once) {
  Plan plan;
  plan.grid.dimensions = 2;
  plan.grid.n = {4, 4, 1};
  SubstancePlan s;
  s.name = "drug";
  s.diffusivity = 0.0;
  s.decay = -1.0;
  s.half_uptake = std::nan("");
  s.error_target = 2.0;
  s.fixed_step = -1.0;
  s.mobility = {1.0, 2.0};
  s.fixed = {{99, 1.0}};
  s.boundary[0] = {Boundary::Kind::value, -1.0, 0.0};
  s.boundary[1] = {Boundary::Kind::exchange, 1.0, 0.0};
  s.boundary[5] = {Boundary::Kind::value, 1.0, 0.0};
  plan.substances.push_back(s);
  EXPECT_THAT(codes(plan),
              ::testing::IsSupersetOf({"substance-diffusivity", "substance-decay", "substance-half-uptake",
                                       "substance-error-target", "substance-fixed-step", "substance-mobility",
                                       "substance-fixed-voxel", "boundary-value", "boundary-permeability",
                                       "boundary-unused-axis"}));
  SubstancePlan steady;
  steady.name = "steady";
  steady.diffusivity = 1.0;
  steady.method = Method::quasi_steady;
  plan.substances = {steady};
  EXPECT_THAT(codes(plan), ::testing::ElementsAre("substance-steady"));
  plan.substances[0].decay = 1.0;
  EXPECT_TRUE(codes(plan).empty());
  plan.grid.n = {0, 4, 2};
  plan.grid.spacing[1] = -1.0;
  EXPECT_THAT(codes(plan), ::testing::ElementsAre("grid-voxels", "grid-spacing", "grid-voxels"));
}

TEST(Plan, saturable_uptake_has_a_half_uptake) {
  SubstancePlan s;
  s.name = "oxygen";
  s.diffusivity = 1.0;
  Plan plan;
  plan.substances = {s};
  EXPECT_TRUE(codes(plan).empty());  // without such uptake there is no Km to give
  plan.substances[0].saturable = true;
  EXPECT_THAT(codes(plan), ::testing::ElementsAre("substance-half-uptake"));
  plan.substances[0].half_uptake = -1.0;
  EXPECT_THAT(codes(plan), ::testing::ElementsAre("substance-half-uptake"));
  plan.substances[0].half_uptake = 1.0;
  EXPECT_TRUE(codes(plan).empty());
  // What was not refused then is a fault of the caller when it comes to steps.
  plan.substances[0].half_uptake = 0.0;
  const std::vector<double> most(plan.grid.voxels(), 1.0);
  Exchange exchange;
  exchange.uptake_saturable = most;
  Fields fields = make_fields(plan);
  Workspace workspace;
  EXPECT_THROW(advance(fields, plan, {&exchange, 1}, 1.0, workspace, one), core::InternalError);
}

TEST(Plan, memory_is_known_before_it_is_taken) {
  Grid grid;
  grid.n = {100000, 100000, 100000};
  EXPECT_GT(memory_estimate(grid, 1, Method::automatic), 1e15);
  grid.n = {128, 128, 128};
  EXPECT_NEAR(memory_estimate(grid, 1, Method::split), 3.0 * 8.0 * 128 * 128 * 128, 1.0);
  EXPECT_GT(memory_estimate(grid, 1, Method::implicit), memory_estimate(grid, 1, Method::split));
}

// ---- checkpoints -----------------------------------------------------------------------------------------

class Store : public core::ArchiveWriter, public core::ArchiveReader {
 public:
  void write(std::string_view name, core::Scalar type, const void* data, std::size_t count) override {
    const auto* bytes = static_cast<const char*>(data);
    auto& entry = entries_[std::string(name)];
    EXPECT_TRUE(entry.empty()) << name << " is written twice";
    entry.assign(bytes, bytes + count * core::size_of(type));
  }
  bool has(std::string_view name) const override { return entries_.contains(std::string(name)); }
  std::size_t count(std::string_view name, core::Scalar type) override {
    return entries_.at(std::string(name)).size() / core::size_of(type);
  }
  void read(std::string_view name, core::Scalar type, void* data, std::size_t count) override {
    const auto& entry = entries_.at(std::string(name));
    ASSERT_EQ(entry.size(), count * core::size_of(type));
    std::copy(entry.begin(), entry.end(), static_cast<char*>(data));
  }

 private:
  std::map<std::string, std::vector<char>> entries_;
};

std::string hash(const Fields& fields) {
  core::HashingArchive archive;
  core::Saving saving(archive);
  walk(saving, fields, "fields");
  return archive.digest();
}

TEST(Fields, a_restored_state_continues_to_the_bit) {
  for (const Method method : {Method::split, Method::implicit, Method::quasi_steady, Method::automatic}) {
    Case c = random_case({13, 11, 7}, {}, 21);
    c.plan.substances[0].method = method;
    c.plan.substances[0].error_target = 0.02;
    const Exchange exchange = c.exchange();
    Fields straight = start_fields(c);
    Store store;
    Workspace workspace;
    for (int step = 0; step < 6; ++step) {
      if (step == 3) {
        core::Saving saving(store);
        walk(saving, straight, "fields");
      }
      advance(straight, c.plan, {&exchange, 1}, 0.03, workspace, one);
    }
    Fields resumed = make_fields(c.plan);
    core::Restoring restoring(store);
    walk(restoring, resumed, "fields");
    Workspace fresh;
    for (int step = 3; step < 6; ++step) advance(resumed, c.plan, {&exchange, 1}, 0.03, fresh, one);
    EXPECT_EQ(hash(resumed), hash(straight)) << to_string(method);
    straight.concentration(0)[5] += 1e-12;
    EXPECT_NE(hash(resumed), hash(straight));
  }
}

// ---- failures --------------------------------------------------------------------------------------------

TEST(Advance, a_value_that_is_not_finite_stops_the_run_with_its_voxel) {
  for (const Method method : {Method::split, Method::implicit, Method::quasi_steady, Method::automatic}) {
    Case c = random_case({9, 8, 7}, {}, 2);
    c.plan.substances[0].method = method;
    Fields fields = start_fields(c);
    fields.concentration(0)[c.plan.grid.index(3, 4, 5)] = std::nan("");
    c.source[c.plan.grid.index(3, 4, 5)] = std::nan("");
    const Exchange exchange = c.exchange();
    Workspace workspace;
    try {
      advance(fields, c.plan, {&exchange, 1}, 0.1, workspace, one);
      FAIL() << to_string(method);
    } catch (const core::NumericalError& error) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr("drug"));
      EXPECT_THAT(error.what(), ::testing::HasSubstr("voxel ("));
    }
  }
}

// ---- the automatic choice --------------------------------------------------------------------------------

/// Oxygen-like in an open box, with the cells of a ball.
Case ball(double diffusivity, double decay, double uptake) {
  Case c;
  c.plan.grid.n = {30, 30, 30};
  SubstancePlan s;
  s.name = "oxygen";
  s.diffusivity = diffusivity;
  s.decay = decay;
  for (auto& boundary : s.boundary) boundary = {Boundary::Kind::value, 1.0, 0.0};
  c.plan.substances.push_back(s);
  c.start.assign(c.plan.grid.voxels(), 1.0);
  for (std::size_t v = 0; v < c.start.size(); ++v) {
    const auto x = c.plan.grid.centre(v);
    c.uptake.push_back(std::hypot(x[0] - 300.0, x[1] - 300.0, x[2] - 300.0) < 150.0 ? uptake : 0.0);
  }
  return c;
}

TEST(Automatic, fast_substances_are_quasi_steady_and_slow_ones_are_not) {
  Workspace workspace;
  // Relaxation 3 pi^2 D/L^2 = 8/min: steady after six minutes.
  const Case fast = ball(1e5, 0.1, 10.0);
  Fields fields = start_fields(fast);
  Exchange exchange = fast.exchange();
  StepReport report = advance(fields, fast.plan, {&exchange, 1}, 6.0, workspace, one);
  EXPECT_EQ(report.substances[0].method, Method::quasi_steady);
  EXPECT_LE(report.error_estimate, 1e-2);
  const Case slow = ball(1000.0, 0.016, 1.0);
  fields = start_fields(slow);
  exchange = slow.exchange();
  Workspace other;
  report = advance(fields, slow.plan, {&exchange, 1}, 0.1, other, one);
  EXPECT_NE(report.substances[0].method, Method::quasi_steady);
}

TEST(Automatic, every_choice_is_within_the_target_of_a_converged_solution) {
  for (const auto& setting :
       {std::pair{1e5, 6.0}, std::pair{1e5, 0.1}, std::pair{1e4, 1.0}, std::pair{1000.0, 1.0}}) {
    const double diffusivity = setting.first, minutes = setting.second;
    const Case c = ball(diffusivity, 0.05, 5.0);
    const Exchange exchange = c.exchange();
    const auto run = [&](Method method, double target) {
      Plan plan = c.plan;
      plan.substances[0].method = method;
      plan.substances[0].error_target = target;
      Fields fields = start_fields(c);
      Workspace workspace;
      for (int call = 0; call < 3; ++call) advance(fields, plan, {&exchange, 1}, minutes, workspace, one);
      return std::vector<double>(fields.concentration(0).begin(), fields.concentration(0).end());
    };
    EXPECT_LE(distance(run(Method::automatic, 1e-2), run(Method::implicit, 1e-4)), 1e-2)
        << diffusivity << " " << minutes;
  }
}

TEST(Advance, the_steady_state_where_nothing_comes_in_is_nothing) {
  Case c = random_case({9, 8, 7}, {true, true, false, false, false, false}, 4);
  c.plan.substances[0].method = Method::quasi_steady;
  Fields fields = start_fields(c);
  const Exchange exchange = c.exchange();
  Workspace workspace;
  const StepReport report = advance(fields, c.plan, {&exchange, 1}, 1.0, workspace, one);
  for (const double value : fields.concentration(0)) EXPECT_EQ(value, 0.0);
  EXPECT_LE(report.balance_residual, 1e-12);
  EXPECT_NEAR(fields.substances[0].budget.storage, -fields.substances[0].budget.placed,
              1e-12 * fields.substances[0].budget.placed);
}

// ---- cells -----------------------------------------------------------------------------------------------

TEST(Sample, linear_fields_and_their_gradients_are_exact) {
  Grid grid;
  grid.n = {7, 6, 5};
  grid.spacing = {10.0, 15.0, 20.0};
  grid.origin = {-20.0, 5.0, 0.0};
  std::vector<double> field(grid.voxels());
  for (std::size_t v = 0; v < field.size(); ++v) {
    const auto x = grid.centre(v);
    field[v] = 3.0 + 0.5 * x[0] - 0.25 * x[1] + 2.0 * x[2];
  }
  const std::vector<double> x{0.0, 12.5, 44.0}, y{50.0, 20.0, 85.0}, z{33.0, 60.0, 12.0};
  std::vector<double> values(3), gx(3), gy(3), gz(3);
  sample(values, grid, field, x, y, z, one);
  gradient(gx, gy, gz, grid, field, x, y, z, one);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(values[c], 3.0 + 0.5 * x[c] - 0.25 * y[c] + 2.0 * z[c], 1e-12);
    EXPECT_NEAR(gx[c], 0.5, 1e-13);
    EXPECT_NEAR(gy[c], -0.25, 1e-13);
    EXPECT_NEAR(gz[c], 2.0, 1e-13);
  }
  // Beyond the outer centres: the value of the outer voxel.
  const std::vector<double> far_x{-20.0}, far_y{5.0}, far_z{0.0};
  sample(std::span(values).first(1), grid, field, far_x, far_y, far_z, one);
  EXPECT_EQ(values[0], field[0]);
}

TEST(Deposit, amounts_are_kept_and_threads_do_not_matter) {
  Grid grid;
  grid.n = {20, 20, 20};
  std::mt19937 engine(3);
  std::vector<double> x(20000), y(20000), z(20000), amount(20000);
  for (auto* values : {&x, &y, &z, &amount})
    for (double& value : *values) value = 400.0 * static_cast<double>(engine()) / 4294967296.0;
  std::vector<std::uint32_t> voxel(x.size());
  locate(voxel, grid, x, y, z, core::Threads{3});
  VoxelOrder order;
  sort_by_voxel(order, grid, voxel);
  std::vector<double> serial(grid.voxels()), parallel(grid.voxels());
  deposit(serial, grid, order, amount, one);
  deposit(parallel, grid, order, amount, core::Threads{3});
  EXPECT_EQ(serial, parallel);
  EXPECT_NEAR(compensated_sum(serial) * grid.voxel_volume(), compensated_sum(amount),
              1e-12 * compensated_sum(amount));
  std::vector<double> plain(grid.voxels());
  deposit(plain, grid, voxel, amount);
  EXPECT_LT(distance(plain, serial), 1e-13);
}

}  // namespace fields_test
}  // namespace stroma::fields::testing
