// Fields against closed forms: point release, steady source, spheres of cells that take up, the spheroid's
// necrotic core, the Krogh cylinder. Each with the values of the literature and with values drawn from a
// seed.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <random>

#include "fields/advance.hpp"

namespace fields_closed_forms {

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

/// A centred grid that holds a ball of this radius, with a voxel in the middle.
Grid grid_around(int dimensions, double radius, double h) {
  const int n = static_cast<int>(std::ceil(2.0 * radius / h));
  return centred_grid(dimensions, n + 1 - n % 2, h);
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

/// The quasi-steady solution under `exchange` that is reached from `start` everywhere.
Fields steady_from(const Plan& plan, const Exchange& exchange, double start) {
  Fields fields = make_fields(plan);
  for (double& c : fields.concentration(0)) c = start;
  account(fields, plan);
  Workspace workspace;
  const StepReport report = advance(fields, plan, {&exchange, 1}, 60.0, workspace, threads);
  EXPECT_LE(report.balance_residual, 1e-12);
  EXPECT_EQ(report.negative, 0U);
  return fields;
}

// ---- point release ---------------------------------------------------------------------------------------

/// The part x, y, z > 0 of a box around the release. The solution is even in each coordinate, so nothing
/// flows through these planes: sealed faces there give what the whole box gives.
Grid octant_grid(int dimensions, int n, double h) {
  Grid grid = centred_grid(dimensions, n, h);
  for (int axis = 0; axis < dimensions; ++axis) grid.origin[static_cast<std::size_t>(axis)] = 0.0;
  return grid;
}

/// Concentration [nM] at time t of a release of 1e9 nM um^d at the origin at time 0.
double released(int dimensions, double D, double k, double r, double t) {
  return 1e9 * std::pow(4.0 * pi * D * t, -0.5 * dimensions) * std::exp(-r * r / (4.0 * D * t) - k * t);
}

/// L2 error at time `end` of a plan whose fields hold a release at time `begin` already.
double release_error(const Plan& plan, Fields& fields, double begin, double end) {
  Workspace workspace;
  const StepReport report = advance(fields, plan, {}, end - begin, workspace, threads);
  EXPECT_LE(report.balance_residual, 1e-12);
  EXPECT_EQ(report.negative, 0U);
  const SubstancePlan& s = plan.substances[0];
  return relative_l2(fields.concentration(0), [&](std::size_t v) {
    return released(plan.grid.dimensions, s.diffusivity, s.decay, radius(plan.grid, v), end);
  });
}

Plan release_plan(int dimensions, double D, double k, double h, double end, double target) {
  const double half_box = 6.0 * std::sqrt(2.0 * D * end);
  Plan plan = one_substance(octant_grid(dimensions, static_cast<int>(std::ceil(half_box / h)), h), D, k,
                            Method::split);
  plan.substances[0].error_target = target;
  return plan;
}

/// What is left at t of a release into the voxels around the origin: one of the octant holds its share. They
/// spread it over a cube of 2 h, of variance h^2/3 per axis, as if it were older by h^2/(6 D): with h =
/// sqrt(D t)/10 that is t/600, an error of 0.25 % of the largest value in three dimensions, and less in L2.
double point_release_error(int dimensions, double D, double k, double t) {
  const double h = std::sqrt(D * t) / 10.0;
  const Plan plan = release_plan(dimensions, D, k, h, t, 1e-3);
  Fields fields = make_fields(plan);
  fields.concentration(0)[0] = 1e9 / std::pow(2.0 * h, dimensions);
  account(fields, plan);
  return release_error(plan, fields, 0.0, t);
}

TEST(FieldsPointRelease, in_one_two_and_three_dimensions) {
  for (const int dimensions : {1, 2, 3})
    EXPECT_LT(point_release_error(dimensions, 1e5, 0.1, 1e-3), 0.01) << dimensions;
}

TEST(FieldsPointRelease, with_other_rates) {
  for (const int dimensions : {1, 2, 3}) {
    const auto seed = static_cast<unsigned>(dimensions);
    const double D = drawn(seed, 500.0, 2e5), k = drawn(seed + 9, 0.0, 20.0);
    EXPECT_LT(point_release_error(dimensions, D, k, drawn(seed + 19, 1e-3, 1e-1)), 0.01) << D << " " << k;
  }
}

/// From the exact solution at t to that at 3 t, h = sqrt(D t)/per_length.
double later_release_error(int dimensions, double D, double k, double per_length, double target) {
  const double begin = 1e-3, end = 3e-3;
  const Plan plan = release_plan(dimensions, D, k, std::sqrt(D * begin) / per_length, end, target);
  Fields fields = make_fields(plan);
  for (std::size_t v = 0; v < plan.grid.voxels(); ++v)
    fields.concentration(0)[v] = released(dimensions, D, k, radius(plan.grid, v), begin);
  account(fields, plan);
  return release_error(plan, fields, begin, end);
}

TEST(FieldsPointRelease, a_release_that_has_spread) {
  for (const int dimensions : {1, 2, 3})
    EXPECT_LT(later_release_error(dimensions, 1e5, 0.1, 10.0, 1e-3), 0.01) << dimensions;
}

TEST(FieldsPointRelease, is_of_second_order_in_space) {
  // Time errors are made small against those of the coarsest grid by the target.
  for (const int dimensions : {1, 2, 3}) {
    const double coarse = later_release_error(dimensions, 1e5, 0.1, 1.5, 1e-5);
    const double fine = later_release_error(dimensions, 1e5, 0.1, 3.0, 1e-5);
    EXPECT_GE(std::log2(coarse / fine), 1.9) << dimensions;
  }
}

TEST(FieldsPointRelease, an_octant_behaves_as_the_whole_box) {
  // Rounding of a hundred steps; the steps are given, so that both take the same.
  constexpr int m = 9;
  constexpr double h = 10.0;
  std::vector<Fields> results;
  for (const Grid& grid : {centred_grid(3, 2 * m, h), octant_grid(3, m, h)}) {
    Plan plan = one_substance(grid, 1e4, 0.5, Method::split);
    plan.substances[0].fixed_step = 1e-3;
    Fields fields = make_fields(plan);
    for (std::size_t v = 0; v < grid.voxels(); ++v)
      fields.concentration(0)[v] = radius(grid, v) < 2.0 * h ? 1.0 : 0.0;
    account(fields, plan);
    Workspace workspace;
    advance(fields, plan, {}, 0.1, workspace, threads);
    results.push_back(std::move(fields));
  }
  const Grid whole = centred_grid(3, 2 * m, h), octant = octant_grid(3, m, h);
  for (std::size_t v = 0; v < octant.voxels(); ++v) {
    const auto x = octant.centre(v);
    const double expected = results[0].concentration(0)[whole.voxel_at(x[0], x[1], x[2])];
    EXPECT_NEAR(results[1].concentration(0)[v], expected, 1e-12);
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
    // Voxels at 4 h, up to rounding, are not beyond it.
    if (r > 4.0 * h * (1.0 + 1e-9) && r < 0.5 * edge)
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
    EXPECT_LT(source_error(3, D, length, 101, length / 25.0), 0.02);
  }
}

// ---- spheres of cells ------------------------------------------------------------------------------------

/// c/c0 = (R/r) sinh(r/l)/sinh(R/l), also outside, where it continues the solution.
double sphere_value(double r, double R, double l) {
  return r < 1e-9 ? R / l / std::sinh(R / l) : R / r * std::sinh(r / l) / std::sinh(R / l);
}

/// Holds voxels outside the sphere at the continuation of the solution, so that its surface lies between
/// voxels as it should, and solves c inside; returns the value in the middle.
double sphere_centre(double R, double l, double h) {
  const Grid grid = grid_around(3, R + 2.0 * h, h);
  const double D = 1e5, U = D / (l * l);
  Plan plan = one_substance(grid, D, 0.0, Method::quasi_steady);
  plan.substances[0].error_target = 1e-4;
  open_all(plan, 1.0);
  for (std::size_t v = 0; v < grid.voxels(); ++v)
    if (radius(grid, v) > R) plan.substances[0].fixed.push_back({v, sphere_value(radius(grid, v), R, l)});
  const std::vector<double> uptake(grid.voxels(), U);
  Exchange exchange;
  exchange.uptake_linear = uptake;
  return steady_from(plan, exchange, 0.0).concentration(0)[grid.voxel_at(0.0, 0.0, 0.0)];
}

TEST(FieldsSphere, first_order_uptake) {
  EXPECT_NEAR(sphere_value(0.0, 200.0, 100.0), 0.551441, 1e-6);
  EXPECT_NEAR(sphere_value(0.0, 400.0, 100.0), 0.146574, 1e-6);
  EXPECT_NEAR(sphere_centre(200.0, 100.0, 6.0) / 0.551441, 1.0, 0.01);
  EXPECT_NEAR(sphere_centre(400.0, 100.0, 10.0) / 0.146574, 1.0, 0.01);
  for (const unsigned seed : {6U, 7U}) {
    const double R = drawn(seed, 150.0, 350.0), l = drawn(seed + 1, 80.0, 200.0);
    EXPECT_NEAR(sphere_centre(R, l, R / 35.0) / sphere_value(0.0, R, l), 1.0, 0.01) << R << " " << l;
  }
}

/// Necrotic radius [um] of a spheroid of radius r0 with zero-order uptake a W [mmHg/s...] expressed by the
/// diffusion limit rl: the uptake is 6 D p0/rl^2. Outside the spheroid p = p0.
double necrotic_radius(double r0, double rl, double p0, double h) {
  const Grid grid = grid_around(3, r0 + 2.0 * h, h);
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
  const Fields fields = steady_from(plan, exchange, p0);
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
  const Grid grid = grid_around(2, R + h, h);
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
  const Fields fields = steady_from(plan, exchange, pc);
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

}  // namespace fields_closed_forms
