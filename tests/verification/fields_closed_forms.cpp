// Fields against closed forms: point release, steady source, spheres of cells that take up, the spheroid's
// necrotic core, the Krogh cylinder. Each with the values of the literature and with values drawn from a
// seed.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <random>

#include "fields/advance.hpp"

namespace {

using namespace stroma;
using namespace stroma::fields;
using std::numbers::pi;

constexpr core::Threads threads{2};

Grid centred_grid(int dimensions, int n, double h) {
  Grid grid;
  grid.dimensions = dimensions;
  for (std::size_t a = 0; a < 3; ++a) {
    const bool used = static_cast<int>(a) < dimensions;
    grid.n[a] = used ? n : 1;
    grid.spacing[a] = used ? h : 1.0;
    grid.origin[a] = -0.5 * grid.n[a] * grid.spacing[a];
  }
  return grid;
}

double radius(const Grid& grid, std::size_t voxel) {
  const auto x = grid.centre(voxel);
  return std::hypot(x[0], x[1], x[2]);
}

Plan one_substance(const Grid& grid, double diffusivity, double decay, Method method) {
  SubstancePlan s;
  s.name = "substance";
  s.diffusivity = diffusivity;
  s.decay = decay;
  s.method = method;
  return {grid, {s}};
}

void open_all(Plan& plan, double value) {
  for (int face = 0; face < 2 * plan.grid.dimensions; ++face)
    plan.substances[0].boundary[static_cast<std::size_t>(face)] = {Boundary::Kind::value, value, 0.0};
}

double relative_l2(std::span<const double> c, const std::function<double(std::size_t)>& exact) {
  double error = 0.0, norm = 0.0;
  for (std::size_t v = 0; v < c.size(); ++v) {
    error += std::pow(c[v] - exact(v), 2);
    norm += std::pow(exact(v), 2);
  }
  return std::sqrt(error / norm);
}

/// A parameter, drawn again.
double drawn(unsigned seed, double low, double high) {
  std::mt19937 engine(seed);
  return std::uniform_real_distribution<double>(low, high)(engine);
}

// ---- point release ---------------------------------------------------------------------------------------

/// L2 error at `periods` * t of a release that began as the exact solution at t, with h = sqrt(D
/// t)/per_length.
double release_error(int dimensions, double D, double k, double per_length, double target) {
  const double t0 = 1e-3, t1 = 3e-3;  // min; the exact solution at t0 is the initial condition
  const double h = std::sqrt(D * t0) / per_length, box = 12.0 * std::sqrt(2.0 * D * t1);
  const Grid grid = centred_grid(dimensions, static_cast<int>(std::ceil(box / h)), h);
  const auto exact = [&](std::size_t v, double t) {
    return std::pow(4.0 * pi * D * t, -0.5 * dimensions) *
           std::exp(-std::pow(radius(grid, v), 2) / (4.0 * D * t) - k * t) * 1e9;
  };
  Plan plan = one_substance(grid, D, k, Method::split);
  plan.substances[0].error_target = target;
  Fields fields = make_fields(plan);
  for (std::size_t v = 0; v < grid.voxels(); ++v) fields.concentration(0)[v] = exact(v, t0);
  account(fields, plan);
  Workspace workspace;
  const StepReport report = advance(fields, plan, {}, t1 - t0, workspace, threads);
  EXPECT_LE(report.balance_residual, 1e-12);
  EXPECT_EQ(report.negative, 0U);
  return relative_l2(fields.concentration(0), [&](std::size_t v) { return exact(v, t1); });
}

TEST(FieldsPointRelease, in_one_two_and_three_dimensions) {
  EXPECT_LT(release_error(1, 1e5, 0.1, 10.0, 1e-3), 0.01);
  EXPECT_LT(release_error(2, 1e5, 0.1, 10.0, 1e-3), 0.01);
  EXPECT_LT(release_error(3, 1e5, 0.1, 4.0, 4e-3), 0.01);  // even on a coarser grid
}

TEST(FieldsPointRelease, with_other_rates) {
  for (const unsigned seed : {1U, 2U, 3U})
    EXPECT_LT(release_error(1 + static_cast<int>(seed % 2), drawn(seed, 500.0, 2e5),
                            drawn(seed + 9, 0.0, 20.0), 10.0, 1e-3),
              0.01);
}

TEST(FieldsPointRelease, is_of_second_order_in_space) {
  // Time errors are made small against those of the coarsest grid by the target.
  for (const int dimensions : {1, 2}) {
    const double coarse = release_error(dimensions, 1e5, 0.1, 1.5, 1e-5);
    const double fine = release_error(dimensions, 1e5, 0.1, 3.0, 1e-5);
    EXPECT_GE(std::log2(coarse / fine), 1.9) << dimensions;
  }
}

// ---- steady source ---------------------------------------------------------------------------------------

/// Largest relative error for r > 4 h of the steady state around a source in the middle voxel.
double source_error(int dimensions, double D, double length, int n, double h) {
  const Grid grid = centred_grid(dimensions, n, h);
  const double k = D / (length * length), Q = 1e6;
  Plan plan = one_substance(grid, D, k, Method::quasi_steady);
  plan.substances[0].error_target = 1e-4;
  const auto exact = [&](double r) {
    return dimensions == 1   ? Q * length / (2.0 * D) * std::exp(-r / length)
           : dimensions == 2 ? Q / (2.0 * pi * D) * std::cyl_bessel_k(0.0, r / length)
                             : Q / (4.0 * pi * D * r) * std::exp(-r / length);
  };
  std::vector<double> source(grid.voxels(), 0.0);
  source[grid.voxel_at(0.0, 0.0, 0.0)] = Q / grid.voxel_volume();
  Exchange exchange;
  exchange.source = source;
  Fields fields = make_fields(plan);
  // The box ends where the exact solution is not yet 0: its faces hold the mean of the exact values there.
  Workspace workspace;
  const double edge = 0.5 * n * h;
  if (edge < 6.0 * length) {
    open_all(plan, 0.0);
    // Faces are exchange faces with the permeability of the exact solution's logarithmic slope in the middle
    // of a face.
    const double slope = -(std::log(exact(edge * 1.001)) - std::log(exact(edge * 0.999))) / (0.002 * edge);
    for (int f = 0; f < 2 * dimensions; ++f)
      plan.substances[0].boundary[static_cast<std::size_t>(f)] = {Boundary::Kind::exchange, 0.0, D * slope};
    fields = make_fields(plan);
  }
  const StepReport report = advance(fields, plan, {&exchange, 1}, 1.0, workspace, threads);
  EXPECT_LE(report.balance_residual, 1e-12);
  double worst = 0.0;
  for (std::size_t v = 0; v < grid.voxels(); ++v) {
    const double r = radius(grid, v);
    // Corners feel the faces, which are right in their middle only.
    if (r > 4.0 * h && r < 0.5 * edge)
      worst = std::max(worst, std::fabs(fields.concentration(0)[v] / exact(r) - 1.0));
  }
  return worst;
}

TEST(FieldsSteadySource, in_one_two_and_three_dimensions) {
  EXPECT_LT(source_error(1, 1e5, 1000.0, 1001, 20.0), 0.02);
  EXPECT_LT(source_error(2, 1e5, 1000.0, 401, 40.0), 0.02);
  EXPECT_LT(source_error(3, 1e5, 1000.0, 101, 40.0), 0.02);
}

TEST(FieldsSteadySource, with_other_lengths) {
  for (const unsigned seed : {4U, 5U}) {
    const double length = drawn(seed, 200.0, 2000.0), D = drawn(seed + 1, 1e3, 1e5);
    EXPECT_LT(source_error(1, D, length, 801, length / 50.0), 0.02);
    EXPECT_LT(source_error(2, D, length, 401, length / 25.0), 0.02);
  }
}

// ---- spheres of cells ------------------------------------------------------------------------------------

/// c/c0 = (R/r) sinh(r/l)/sinh(R/l), also outside, where it continues the solution.
double sphere_value(double r, double R, double l) {
  return r < 1e-9 ? R / l / std::sinh(R / l) : R / r * std::sinh(r / l) / std::sinh(R / l);
}

/// Holds voxels outside the sphere at the continuation of the solution, so that its surface lies between
/// voxels as it should, and solves c inside; returns the value in the middle.
double sphere_centre(double R, double l, double h, Method method) {
  int n = static_cast<int>(std::ceil(2.0 * (R + 2.0 * h) / h));
  n += 1 - n % 2;  // a voxel in the middle
  const Grid grid = centred_grid(3, n, h);
  const double D = 1e5, U = D / (l * l);
  Plan plan = one_substance(grid, D, 0.0, method);
  plan.substances[0].error_target = 1e-4;
  open_all(plan, 1.0);
  for (std::size_t v = 0; v < grid.voxels(); ++v)
    if (radius(grid, v) > R) plan.substances[0].fixed.push_back({v, sphere_value(radius(grid, v), R, l)});
  const std::vector<double> uptake(grid.voxels(), U);
  Exchange exchange;
  exchange.uptake_linear = uptake;
  Fields fields = make_fields(plan);
  Workspace workspace;
  const StepReport report = advance(fields, plan, {&exchange, 1}, 60.0, workspace, threads);
  EXPECT_LE(report.balance_residual, 1e-12);
  return fields.concentration(0)[grid.voxel_at(0.0, 0.0, 0.0)];
}

TEST(FieldsSphere, first_order_uptake) {
  EXPECT_NEAR(sphere_value(0.0, 200.0, 100.0), 0.551441, 1e-6);
  EXPECT_NEAR(sphere_value(0.0, 400.0, 100.0), 0.146574, 1e-6);
  EXPECT_NEAR(sphere_centre(200.0, 100.0, 6.0, Method::quasi_steady) / 0.551441, 1.0, 0.01);
  EXPECT_NEAR(sphere_centre(400.0, 100.0, 10.0, Method::quasi_steady) / 0.146574, 1.0, 0.01);
  for (const unsigned seed : {6U, 7U}) {
    const double R = drawn(seed, 150.0, 350.0), l = drawn(seed + 1, 80.0, 200.0);
    EXPECT_NEAR(sphere_centre(R, l, R / 35.0, Method::quasi_steady) / sphere_value(0.0, R, l), 1.0, 0.01)
        << R << " " << l;
  }
}

/// Necrotic radius [um] of a spheroid of radius r0 with zero-order uptake a W [mmHg/s...] expressed by the
/// diffusion limit rl: the uptake is 6 D p0/rl^2. Outside the spheroid p = p0.
double necrotic_radius(double r0, double rl, double p0, double h) {
  int n = static_cast<int>(std::ceil(2.0 * (r0 + 2.0 * h) / h));
  n += 1 - n % 2;
  const Grid grid = centred_grid(3, n, h);
  const double D = 1.2e5;  // 2e-9 m^2/s
  Plan plan = one_substance(grid, D, 0.0, Method::quasi_steady);
  plan.substances[0].half_uptake = 1e-4 * p0;
  plan.substances[0].error_target = 1e-3;
  open_all(plan, p0);
  for (std::size_t v = 0; v < grid.voxels(); ++v)
    if (radius(grid, v) > r0) plan.substances[0].fixed.push_back({v, p0});
  const std::vector<double> most(grid.voxels(), 6.0 * D * p0 / (rl * rl));
  Exchange exchange;
  exchange.uptake_saturable = most;
  Fields fields = make_fields(plan);
  for (double& c : fields.concentration(0)) c = p0;
  account(fields, plan);
  Workspace workspace;
  const StepReport report = advance(fields, plan, {&exchange, 1}, 60.0, workspace, threads);
  EXPECT_LE(report.balance_residual, 1e-12);
  EXPECT_EQ(report.negative, 0U);
  // Volume of what is below a thousandth of p0, in which cells cannot take up what the equation asks for.
  double volume = 0.0;
  for (const double c : fields.concentration(0)) volume += c < 1e-3 * p0 ? grid.voxel_volume() : 0.0;
  return std::cbrt(0.75 / pi * volume);
}

/// rl^2 = r0^2 - 3 rn^2 + 2 rn^3/r0, solved for rn in (0, r0).
double necrotic_exact(double r0, double rl) {
  double low = 0.0, high = r0;
  for (int i = 0; i < 100; ++i) {
    const double rn = 0.5 * (low + high);
    (r0 * r0 - 3.0 * rn * rn + 2.0 * rn * rn * rn / r0 > rl * rl ? low : high) = rn;
  }
  return low;
}

TEST(FieldsSpheroid, necrotic_core_of_zero_order_uptake) {
  EXPECT_NEAR(1e6 * std::sqrt(6.0 * 2e-9 * 100.0 / (7.29e-7 * 3.0318e7)), 233.01, 0.005);
  EXPECT_NEAR(necrotic_exact(300.0, 233.01), 129.21, 0.02);
  EXPECT_NEAR(necrotic_exact(400.0, 233.01), 243.53, 0.02);
  EXPECT_NEAR(necrotic_exact(500.0, 233.01), 349.53, 0.02);
  for (const double r0 : {300.0, 400.0, 500.0})
    EXPECT_NEAR(necrotic_radius(r0, 233.01, 100.0, 10.0), necrotic_exact(r0, 233.01), 10.0) << r0;
  EXPECT_NEAR(necrotic_radius(360.0, 180.0, 7.0, 12.0), necrotic_exact(360.0, 180.0), 12.0);
}

// ---- Krogh cylinder --------------------------------------------------------------------------------------

/// Largest relative error between vessel and rim, voxels of h um. Voxels of the vessel hold the continuation
/// of the solution, so that its wall lies between voxels as it should. The rim is sealed: outside nothing is
/// taken up and mobility is low, so that nothing flows there.
double krogh_error(double rc, double R, double pc, double M_K, double h) {
  int n = static_cast<int>(std::ceil(2.0 * (R + h) / h));
  n += 1 - n % 2;
  const Grid grid = centred_grid(2, n, h);
  const double K = 1e5;
  const auto exact = [&](double r) {
    return pc + 0.25 * M_K * (r * r - rc * rc) - 0.5 * M_K * R * R * std::log(r / rc);
  };
  Plan plan = one_substance(grid, K, 0.0, Method::quasi_steady);
  SubstancePlan& s = plan.substances[0];
  s.error_target = 1e-5;
  s.half_uptake = 1e-9 * pc;
  s.mobility.assign(grid.voxels(), 1.0);
  std::vector<double> most(grid.voxels(), 0.0);
  for (std::size_t v = 0; v < grid.voxels(); ++v) {
    const double r = std::hypot(grid.centre(v)[0], grid.centre(v)[1]);
    if (r <= rc) s.fixed.push_back({v, exact(std::max(r, 0.5 * rc))});
    if (r > R) s.mobility[v] = 1e-3;
    if (r <= R && r > rc) most[v] = M_K * K;
  }
  Exchange exchange;
  exchange.uptake_saturable = most;
  Fields fields = make_fields(plan);
  for (double& c : fields.concentration(0)) c = pc;
  account(fields, plan);
  Workspace workspace;
  advance(fields, plan, {&exchange, 1}, 60.0, workspace, threads);
  double worst = 0.0;
  for (std::size_t v = 0; v < grid.voxels(); ++v) {
    const double r = std::hypot(grid.centre(v)[0], grid.centre(v)[1]);
    if (r <= rc || r > R) continue;
    worst = std::max(worst, std::fabs(fields.concentration(0)[v] / exact(r) - 1.0));
  }
  return worst;
}

TEST(FieldsKrogh, pressure_around_a_vessel) {
  EXPECT_NEAR(40.0 + 0.0125 * (900.0 - 25.0) - 0.025 * 900.0 * std::log(6.0), 10.623, 1e-3);
  EXPECT_LT(krogh_error(5.0, 30.0, 40.0, 0.05, 0.25), 0.01);
  EXPECT_LT(krogh_error(6.0, 25.0, 50.0, 0.06, 0.25), 0.01);
}

}  // namespace
