// How the cases are set up and timed; see the header.
#include "bench/fields_bench.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "fields/advance.hpp"

namespace stroma::bench {
namespace {

using namespace fields;

constexpr int repeats = 25;
/// Fixed steps of 0.1 min in a call: a coupling step of one minute; those of tissues are 1 to 6 min.
constexpr int steps_of_a_call = 10;

double seconds_of(const auto& body) {
  const auto begin = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// x = 1.0000001 x + 1e-9, with the widest vectors of the machine.
__attribute__((target_clones("avx512f", "avx2", "default"), optimize("O3"))) void pass(double* x,
                                                                                       std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) x[i] = x[i] * 1.0000001 + 1e-9;
}

/// Seconds per byte of reading and writing `bytes` of memory in place, the best of several passes.
double seconds_per_byte(std::size_t bytes, core::Threads threads) {
  AlignedDoubles values(bytes / sizeof(double));
  double best = 1e300;
  for (int repeat = 0; repeat < 20; ++repeat)
    best =
        std::min(best, seconds_of([&] {
                   core::for_chunks(values.size(), 65536, threads, [&](std::size_t begin, std::size_t end) {
                     pass(values.data() + begin, end - begin);
                   });
                 }));
  return best / (2.0 * static_cast<double>(bytes));
}

void finish(Result& result, std::vector<double>& times) {
  std::sort(times.begin(), times.end());
  result.value = 1e9 * times.front() / static_cast<double>(result.n);
  result.unit = "ns per voxel, substance and step";
  result.floor_unit = result.unit;
}

/// A cosine mode in each substance, put back before each call: after its steps the amplitude is known
/// exactly.
Result diffusion(int substances, bool with_uptake, int steps_per_call, int count) {
  const core::Threads threads{count};
  constexpr double dt = 0.1, k = 0.1, D = 1000.0;
  constexpr double uptake_rate = 0.5;
  Plan plan;
  plan.grid.n = {128, 128, 128};
  for (int s = 0; s < substances; ++s) {
    SubstancePlan substance;
    substance.name = "s" + std::to_string(s);
    substance.diffusivity = D;
    substance.decay = k;
    substance.method = Method::split;
    substance.fixed_step = dt;
    plan.substances.push_back(std::move(substance));
  }
  const std::size_t voxels = plan.grid.voxels();
  Fields fields = make_fields(plan);
  const double length = plan.grid.length(0);
  const auto shape = [&](std::size_t v) {
    const auto x = plan.grid.centre(v);
    return std::cos(std::numbers::pi * x[0] / length) * std::cos(std::numbers::pi * x[2] / length);
  };
  std::vector<double> shapes(voxels);
  for (std::size_t v = 0; v < voxels; ++v) shapes[v] = shape(v);
  const std::vector<double> uptake(with_uptake ? voxels : 0, uptake_rate);
  std::vector<Exchange> exchange(plan.substances.size());
  for (Exchange& x : exchange) x.uptake_linear = uptake;
  Workspace workspace;
  std::vector<double> times;
  constexpr int warm_up = 2;
  for (int call = 0; call < warm_up + repeats; ++call) {
    for (std::size_t s = 0; s < plan.substances.size(); ++s)
      for (std::size_t v = 0; v < voxels; ++v) fields.concentration(s)[v] = 2.0 + shapes[v];
    account(fields, plan);
    const double time =
        seconds_of([&] { advance(fields, plan, exchange, steps_per_call * dt, workspace, threads); });
    if (call >= warm_up) times.push_back(time);
  }
  Result result;
  result.n = voxels * plan.substances.size() * static_cast<std::size_t>(steps_per_call);
  finish(result, times);
  const double rate = k + (with_uptake ? uptake_rate : 0.0);
  const double t = dt * steps_per_call, wave = D * std::pow(std::numbers::pi / length, 2);
  double worst = 0.0, largest = 0.0;
  for (std::size_t v = 0; v < voxels; ++v) {
    const double exact = std::exp(-rate * t) * (2.0 + shapes[v] * std::exp(-2.0 * wave * t));
    worst = std::max(worst, std::fabs(fields.concentration(0)[v] - exact));
    largest = std::max(largest, exact);
  }
  result.error = worst / largest;
  // Two passes that read and write the field, the second reads the uptake too. The first step of a call finds
  // its substance where all of them lie, the others find it where one has room.
  const double passes = with_uptake ? 40.0 : 32.0, steps = steps_per_call;
  const std::size_t bytes = voxels * sizeof(double);
  const double first = seconds_per_byte(bytes * plan.substances.size(), threads),
               others = substances > 1 ? seconds_per_byte(bytes, threads) : first;
  result.floor = 1e9 * passes * (first + (steps - 1.0) * others) / steps;
  return result;
}

}  // namespace

Result diffusion_128_s1(int threads) {
  return diffusion(1, false, steps_of_a_call, threads);
}
Result diffusion_128_s8(int threads) {
  return diffusion(8, false, steps_of_a_call, threads);
}
Result diffusion_128_s8_single(int threads) {
  return diffusion(8, false, 1, threads);
}
Result diffusion_128_uptake(int threads) {
  return diffusion(1, true, steps_of_a_call, threads);
}

Result quasi_steady(int count) {
  const core::Threads threads{count};
  Plan plan;
  plan.grid.n = {75, 75, 75};
  SubstancePlan oxygen;
  oxygen.name = "oxygen";
  oxygen.diffusivity = 1.2e5;
  oxygen.decay = 0.1;
  oxygen.half_uptake = 1000.0;
  oxygen.method = Method::quasi_steady;
  oxygen.error_target = 1e-2;  // its solves use a tenth of it
  for (Boundary& boundary : oxygen.boundary) boundary = {Boundary::Kind::value, 5e4, 0.0};
  plan.substances.push_back(oxygen);
  const std::size_t voxels = plan.grid.voxels();
  std::vector<double> most(voxels);
  const auto grow = [&](double radius) {
    for (std::size_t v = 0; v < voxels; ++v) {
      const auto x = plan.grid.centre(v);
      const double r = std::hypot(x[0] - 750.0, x[1] - 750.0, x[2] - 750.0);
      most[v] = 6e5 * std::clamp(0.5 + (radius - r) / plan.grid.spacing[0], 0.0, 1.0);
    }
  };
  Fields fields = make_fields(plan);
  Exchange exchange;
  exchange.uptake_saturable = most;
  Workspace workspace;
  std::vector<double> times;
  Result result;
  result.n = voxels;
  constexpr int warm_up = 3;
  for (int solve = 0; solve < warm_up + repeats; ++solve) {
    grow(250.0 + 0.5 * solve);
    const double time = seconds_of([&] { advance(fields, plan, {&exchange, 1}, 6.0, workspace, threads); });
    if (solve >= warm_up) times.push_back(time);
  }
  finish(result, times);
  result.unit = result.floor_unit = "ns per voxel and solve";
  // The converged answer.
  Plan strict = plan;
  strict.substances[0].error_target = 1e-8;
  Fields converged = fields;
  Workspace other;
  for (int i = 0; i < 3; ++i) advance(converged, strict, {&exchange, 1}, 6.0, other, threads);
  double worst = 0.0, largest = 0.0;
  for (std::size_t v = 0; v < voxels; ++v) {
    worst = std::max(worst, std::fabs(fields.concentration(0)[v] - converged.concentration(0)[v]));
    largest = std::max(largest, converged.concentration(0)[v]);
  }
  result.error = worst / largest;
  // One cycle: residual (read c, uptake; write two rows of floats), smoothing twice and residual on the
  // finest level (12 bytes read, 4 written, each), correction (12 read, 8 written), the other levels a
  // seventh of it; copy in and out.
  result.floor =
      1e9 * seconds_per_byte(voxels * sizeof(double), threads) * (24.0 + 8.0 / 7.0 * 64.0 + 20.0 + 32.0);
  return result;
}

}  // namespace stroma::bench
