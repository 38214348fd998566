// Orders of the fields' methods in space and time, modes whose discrete solution is known exactly, and the
// amounts' balance.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "unit/fields/cases.hpp"

namespace fields_orders {

using namespace stroma;
using namespace stroma::fields;
using std::numbers::pi;

constexpr core::Threads threads{2};
constexpr double D = 1e5, L0 = 500.0;

/// 1 + product over axes of cos(pi x/L0), in a sealed box of L0 per axis.
struct CosineMode {
  CosineMode(int dimensions, double h, Method method) {
    Grid& grid = plan.grid;
    grid.dimensions = dimensions;
    for (std::size_t a = 0; a < 3; ++a) {
      const bool used = static_cast<int>(a) < dimensions;
      grid.n[a] = used ? static_cast<int>(std::lround(L0 / h)) : 1;
      grid.spacing[a] = used ? h : 20.0;
    }
    SubstancePlan s;
    s.name = "mode";
    s.diffusivity = D;
    s.method = method;
    plan.substances.push_back(s);
    fields = make_fields(plan);
    for (std::size_t v = 0; v < grid.voxels(); ++v) fields.concentration(0)[v] = 1.0 + shape(v);
    account(fields, plan);
  }
  double shape(std::size_t voxel) const {
    const auto x = plan.grid.centre(voxel);
    double product = 1.0;
    for (int a = 0; a < plan.grid.dimensions; ++a)
      product *= std::cos(pi * x[static_cast<std::size_t>(a)] / L0);
    return product;
  }
  StepReport run(double minutes) {
    Workspace workspace;
    const StepReport report = advance(fields, plan, {}, minutes, workspace, threads);
    EXPECT_LE(report.balance_residual, 1e-12);
    return report;
  }
  /// Largest error against 1 + factor * shape.
  double error(double factor) const {
    double worst = 0.0;
    for (std::size_t v = 0; v < plan.grid.voxels(); ++v)
      worst = std::max(worst, std::fabs(fields.concentration(0)[v] - 1.0 - factor * shape(v)));
    return worst;
  }
  /// Rate of the discrete operator along one axis, 1/min.
  double rate() const {
    const double h = plan.grid.spacing[0];
    return D * 4.0 / (h * h) * std::pow(std::sin(0.5 * pi * h / L0), 2);
  }
  Plan plan;
  Fields fields;
};

TEST(FieldsCosineMode, space_is_of_second_order) {
  EXPECT_NEAR(D * pi * pi / (L0 * L0), 3.947842, 1e-6);
  for (const int dimensions : {1, 2, 3}) {
    // Time errors 1e-6 and below; the coarsest space error is of pi^4/12 (h/L0)^2 D t/L0^2, some 1e-3.
    std::vector<double> errors;
    for (const double h : {50.0, 25.0, 12.5}) {
      CosineMode mode(dimensions, h, Method::split);
      mode.plan.substances[0].error_target = 1e-6;
      mode.run(0.2);
      errors.push_back(mode.error(std::exp(-dimensions * D * pi * pi / (L0 * L0) * 0.2)));
    }
    EXPECT_GE(std::log2(errors[0] / errors[1]), 1.9) << dimensions;
    EXPECT_GE(std::log2(errors[1] / errors[2]), 1.9) << dimensions;
  }
}

TEST(FieldsCosineMode, that_decays_meets_its_target_and_has_second_order) {
  // Relative to what there is at the end, e^(-k t) (1 + factor), however little that is. One step per call
  // for the order: the target is met by any.
  for (const Method method : {Method::split, Method::implicit, Method::automatic})
    for (const double k : {0.05, 0.5, 4.1, 40.0})
      for (const double target : {1e-2, 1e-3}) {
        CosineMode mode(2, 25.0, method);
        mode.plan.substances[0].decay = k;
        mode.plan.substances[0].error_target = target;
        mode.run(0.4);
        const double left = std::exp(-k * 0.4), factor = std::exp(-2.0 * mode.rate() * 0.4);
        double worst = 0.0;
        for (std::size_t v = 0; v < mode.plan.grid.voxels(); ++v)
          worst = std::max(worst,
                           std::fabs(mode.fields.concentration(0)[v] / left - 1.0 - factor * mode.shape(v)));
        EXPECT_LE(worst, target * (1.0 + factor)) << to_string(method) << ' ' << k;
      }
  std::vector<double> errors;
  for (const int steps : {20, 40, 80}) {
    CosineMode mode(1, 25.0, Method::split);
    mode.plan.substances[0].decay = 4.1;
    mode.plan.substances[0].error_target = 0.9;
    for (int step = 0; step < steps; ++step) mode.run(0.2 / steps);
    for (double& c : mode.fields.concentration(0)) c /= std::exp(-4.1 * 0.2);
    errors.push_back(mode.error(std::exp(-mode.rate() * 0.2)));
  }
  EXPECT_GE(std::log2(errors[0] / errors[1]), 1.9);
  EXPECT_GE(std::log2(errors[1] / errors[2]), 1.9);
}

// dc/dt = S - k c everywhere: exact by any step, and what came and went with it; the implicit method solves
// its equations to a tenth of the target.
TEST(FieldsDecay, with_a_source_is_exact_at_any_rate_and_target) {
  for (const Method method : {Method::split, Method::implicit})
    for (const int dimensions : {1, 2, 3})
      for (const double k : {0.003, 0.5, 4.1, 25.0, 700.0}) {
        CosineMode mode(dimensions, 125.0, method);
        mode.plan.substances[0].decay = k;
        for (double& c : mode.fields.concentration(0)) c = 8.0;
        account(mode.fields, mode.plan);
        const Field& field = mode.fields.substances[0];
        const double before = field.content;
        const std::vector<double> source(mode.plan.grid.voxels(), 3.0);
        const std::vector<Exchange> exchange{{{}, {}, source}};
        Workspace workspace;
        const StepReport report = advance(mode.fields, mode.plan, exchange, 6.0, workspace, threads);
        EXPECT_LE(report.balance_residual, 1e-12);
        const double left = std::exp(-k * 6.0), expected = 8.0 * left - 3.0 / k * std::expm1(-k * 6.0);
        for (const double c : mode.fields.concentration(0))
          EXPECT_NEAR(c, expected, (method == Method::split ? 1e-11 : 1e-2) * expected)
              << k << ' ' << to_string(method);
        const double volume = before / 8.0, came = 3.0 * 6.0 * volume;
        EXPECT_NEAR(field.budget.source, came, 1e-11 * came);
        EXPECT_NEAR(field.budget.decayed, before + came - field.content, 1e-11 * (before + came));
      }
}

TEST(FieldsCosineMode, fixed_steps_are_of_first_order_in_time) {
  for (const Method method : {Method::split, Method::implicit})
    for (const int dimensions : {1, 2, 3}) {
      std::vector<double> errors;
      for (const double dt : {0.02, 0.01, 0.005}) {
        CosineMode mode(dimensions, 25.0, method);
        mode.plan.substances[0].fixed_step = dt;
        mode.plan.substances[0].error_target = 1e-5;  // of the solver
        mode.run(0.2);
        errors.push_back(mode.error(std::exp(-dimensions * mode.rate() * 0.2)));
      }
      EXPECT_GE(std::log2(errors[0] / errors[1]), 0.95) << to_string(method);
      EXPECT_GE(std::log2(errors[1] / errors[2]), 0.95) << to_string(method);
    }
}

TEST(FieldsCosineMode, extrapolated_steps_are_of_second_order_in_time) {
  // A target that every step meets leaves one step per call. (The implicit method extrapolates in the same
  // way, but solves its equations to a share of the target, which would hide the order.)
  for (const int dimensions : {1, 2, 3}) {
    std::vector<double> errors;
    for (const int steps : {20, 40, 80}) {
      CosineMode mode(dimensions, 25.0, Method::split);
      mode.plan.substances[0].error_target = 0.9;
      Workspace workspace;
      for (int step = 0; step < steps; ++step)
        EXPECT_EQ(advance(mode.fields, mode.plan, {}, 0.2 / steps, workspace, threads).steps, 1);
      errors.push_back(mode.error(std::exp(-dimensions * mode.rate() * 0.2)));
    }
    EXPECT_GE(std::log2(errors[0] / errors[1]), 1.9) << dimensions;
    EXPECT_GE(std::log2(errors[1] / errors[2]), 1.9) << dimensions;
  }
}

TEST(FieldsCosineMode, controlled_steps_meet_their_target) {
  for (const Method method : {Method::split, Method::implicit, Method::automatic})
    for (const int dimensions : {1, 2})
      for (const double target : {1e-2, 1e-3, 1e-4}) {
        CosineMode mode(dimensions, 25.0, method);
        mode.plan.substances[0].error_target = target;
        mode.run(0.4);
        EXPECT_LE(mode.error(std::exp(-dimensions * mode.rate() * 0.4)), target)
            << to_string(method) << " " << dimensions;
      }
}

TEST(FieldsDiscreteMode, a_split_step_damps_by_the_product_over_axes) {
  // Steps drawn again are diffusivities drawn again: only D dt/h^2 and the mode matter.
  std::mt19937 engine(31);
  const double drawn = std::uniform_real_distribution<double>(1e-4, 0.05)(engine);
  for (const double dt : {0.01, drawn})
    for (const int dimensions : {1, 2, 3})
      for (const double h : {20.0, 10.0, 5.0}) {
        CosineMode mode(dimensions, h, Method::split);
        constexpr int steps = 10;
        mode.plan.substances[0].fixed_step = dt;
        mode.run(steps * dt);
        const double factor = std::pow(1.0 + dt * mode.rate(), -steps * dimensions);
        EXPECT_LE(mode.error(factor), 1e-12) << dimensions << " " << h << " " << dt;
      }
}

/// Uniform fields decay the same however many axes there are.
double uniform_decay(int dimensions, double k_dt, double target, double minutes) {
  Plan plan;
  plan.grid.dimensions = dimensions;
  plan.grid.n = {9, dimensions > 1 ? 7 : 1, dimensions > 2 ? 5 : 1};
  SubstancePlan s;
  s.name = "uniform";
  s.diffusivity = D;
  s.method = Method::split;
  s.decay = k_dt;
  if (target > 0.0)
    s.error_target = target;
  else
    s.fixed_step = minutes;
  plan.substances.push_back(s);
  Fields fields = make_fields(plan);
  for (double& c : fields.concentration(0)) c = 1.0;
  account(fields, plan);
  Workspace workspace;
  advance(fields, plan, {}, minutes, workspace, threads);
  double low = 1e300, high = 0.0;
  for (const double c : fields.concentration(0)) low = std::min(low, c), high = std::max(high, c);
  EXPECT_LE(high - low, 1e-12 * high);
  return high;
}

TEST(FieldsUniform, decay_is_the_same_in_one_two_and_three_dimensions) {
  for (const double k_dt : {1e-3, 0.1, 1.0, 5.0, 25.0}) {
    const double one = uniform_decay(1, k_dt, 0.0, 1.0);
    EXPECT_NEAR(one, 1.0 / (1.0 + k_dt), 1e-12 * one);
    EXPECT_NEAR(uniform_decay(2, k_dt, 0.0, 1.0), one, 1e-12 * one);
    EXPECT_NEAR(uniform_decay(3, k_dt, 0.0, 1.0), one, 1e-12 * one);
  }
}

TEST(FieldsUniform, decay_is_the_exponential_whatever_the_target) {
  for (const double target : {1e-2, 1e-4})
    for (const int dimensions : {1, 2, 3})
      EXPECT_NEAR(uniform_decay(dimensions, 2.0, target, 1.0), std::exp(-2.0), 1e-13) << dimensions;
}

// ---- amounts ---------------------------------------------------------------------------------------------

TEST(FieldsBudget, every_step_of_every_method_balances) {
  unsigned seed = 100;
  for (const Method method : {Method::split, Method::implicit, Method::quasi_steady, Method::automatic})
    for (const std::array<int, 3> shape :
         {std::array{40, 1, 1}, std::array{21, 19, 1}, std::array{11, 13, 9}})
      for (const bool special : {false, true}) {
        fields::testing::Case c =
            fields::testing::random_case(shape, {true, true, true, special, special, true}, ++seed);
        c.plan.substances[0].method = method;
        c.plan.substances[0].error_target = 0.05;
        c.plan.substances[0].decay = 0.1;
        Fields f = fields::testing::start_fields(c);
        const Exchange exchange = c.exchange();
        Workspace workspace;
        double scale = 0.0;
        for (int step = 0; step < 5; ++step) {
          if (step == 3 && special) f.substances[0].fixed_value[0] *= 2.0;  // a treatment
          const StepReport report = advance(f, c.plan, {&exchange, 1}, 0.02, workspace, threads);
          EXPECT_LE(report.balance_residual, 1e-12) << to_string(method) << " seed " << seed;
          EXPECT_EQ(report.negative, 0U);
          const Budget& b = f.substances[0].budget;
          scale = std::fabs(b.placed) + std::fabs(b.source) + std::fabs(b.boundary) + std::fabs(b.fixed) +
                  std::fabs(b.storage) + b.decayed + b.uptake_linear + b.uptake_saturable;
        }
        const Field& field = f.substances[0];
        EXPECT_NEAR(field.content, field.budget.expected(), 1e-12 * scale)
            << to_string(method) << " seed " << seed;
        EXPECT_NEAR(compensated_sum(f.concentration(0)) * c.plan.grid.voxel_volume(), field.content,
                    1e-13 * scale);
      }
}

TEST(FieldsBudget, amounts_that_nobody_booked_are_reported) {
  fields::testing::Case c = fields::testing::random_case({11, 13, 9}, {}, 5);
  c.plan.substances[0].method = Method::split;
  Fields f = fields::testing::start_fields(c);
  f.concentration(0)[17] += 1.0;
  Workspace workspace;
  EXPECT_GT(advance(f, c.plan, {}, 0.02, workspace, threads).balance_residual, 1e-5);
}

// ---- a manufactured solution -----------------------------------------------------------------------------

/// c = c0 + sin(pi x/Lx) cos(pi y/Ly) sin(mu z): values at both x faces and low z, sealed y, exchange at high
/// z.
double manufactured_error(int level) {
  Plan plan;
  Grid& grid = plan.grid;
  const int m = 1 << level;
  grid.n = {6 * m, 5 * m, 4 * m};
  const std::array<double, 3> length{120.0, 150.0, 90.0};
  for (std::size_t a = 0; a < 3; ++a) grid.spacing[a] = length[a] / grid.n[a];
  const double diffusivity = 1000.0, k = 5.0, c0 = 3.0, mu = 2.0 / length[2];
  SubstancePlan s;
  s.name = "manufactured";
  s.diffusivity = diffusivity;
  s.decay = k;
  s.method = Method::quasi_steady;
  s.error_target = 1e-6;
  for (const std::size_t face : {0U, 1U, 4U}) s.boundary[face] = {Boundary::Kind::value, c0, 0.0};
  // D Z'(Lz) = -P Z(Lz) with Z = sin(mu z), mu Lz = 2.
  s.boundary[5] = {Boundary::Kind::exchange, c0, -diffusivity * mu * std::cos(2.0) / std::sin(2.0)};
  plan.substances.push_back(s);
  const auto wave = [&](std::size_t v) {
    const auto x = grid.centre(v);
    return std::sin(pi * x[0] / length[0]) * std::cos(pi * x[1] / length[1]) * std::sin(mu * x[2]);
  };
  const double rate =
      k + diffusivity * (pi * pi / (length[0] * length[0]) + pi * pi / (length[1] * length[1]) + mu * mu);
  std::vector<double> source(grid.voxels());
  for (std::size_t v = 0; v < grid.voxels(); ++v) source[v] = k * c0 + rate * wave(v);
  Exchange exchange;
  exchange.source = source;
  Fields fields = make_fields(plan);
  Workspace workspace;
  advance(fields, plan, {&exchange, 1}, 1.0, workspace, threads);
  double error = 0.0;
  for (std::size_t v = 0; v < grid.voxels(); ++v)
    error += std::pow(fields.concentration(0)[v] - c0 - wave(v), 2);
  return std::sqrt(error / static_cast<double>(grid.voxels()));
}

TEST(FieldsManufactured, second_order_on_four_grids_with_unequal_spacing_and_mixed_boundaries) {
  double before = manufactured_error(0);
  for (const int level : {1, 2, 3}) {
    const double error = manufactured_error(level);
    EXPECT_GE(std::log2(before / error), 1.9) << level << ": " << before << " " << error;
    before = error;
  }
}

}  // namespace fields_orders
