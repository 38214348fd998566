// See cells_bench.hpp. The floor is the memory that a step must touch, at the bandwidth of a copy measured
// here, whatever fits a cache: per cell 16 B of point, 6 B of list position and length, 4 B per list entry,
// 32 B of velocity written and read again, 16 B of the previous velocity, 48 B of position and 32 B of point
// read and written, 16 B of reference.
#include "bench/cells_bench.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <vector>

#include "cells/mechanics.hpp"
#include "cells/volume.hpp"
#include "core/random.hpp"

namespace stroma::bench {

namespace {

constexpr double cell_radius = 8.412710547954228;  // um; the reference simulator's default cell, 2494 um^3

/// A ball of about n cells in hexagonal close packing, with jitter, in its own order.
struct Aggregate {
  cells::Bodies bodies;
  cells::MechanicsPlan plan;
  cells::Neighbourhood neighbourhood;
};

Aggregate packed(std::size_t n) {
  Aggregate a;
  const double s = 0.95 * 2.0 * cell_radius;
  const double ball =
      s * std::cbrt(static_cast<double>(n) * 3.0 / (4.0 * 3.141592653589793 * std::sqrt(2.0)));
  const double half = ball + 50.0;
  a.plan.domain.low = {-half, -half, -half};
  a.plan.domain.high = {half, half, half};
  a.plan.types.resize(1);
  a.plan.tolerance = 0.0;  // steps of 0.1 min, all of them
  a.bodies.reserve(n + n / 50);
  const double row = s * std::sqrt(3.0) / 2.0, layer = s * std::sqrt(2.0 / 3.0);
  const int most = static_cast<int>(ball / row) + 2;
  std::uint64_t id = 0;
  const float volume = cells::volume_of(static_cast<float>(cell_radius));
  for (int k = -most; k <= most; ++k) {
    for (int j = -most; j <= most; ++j) {
      for (int i = -most; i <= most; ++i) {
        const bool odd_layer = k % 2 != 0;
        double x = s * (i + 0.5 * ((j % 2 != 0) != odd_layer ? 1 : 0));
        double y = row * (j + (odd_layer ? 1.0 / 3.0 : 0.0));
        double z = layer * k;
        if (x * x + y * y + z * z > ball * ball) continue;
        core::Stream stream(1, core::Purpose::test, id);
        x += 0.05 * s * (2.0 * stream.uniform() - 1.0);
        y += 0.05 * s * (2.0 * stream.uniform() - 1.0);
        z += 0.05 * s * (2.0 * stream.uniform() - 1.0);
        cells::append(a.bodies, {x, y, z, id++, 0, 0, 0.75F * volume, 0.25F * volume});
      }
    }
  }
  cells::Sorting sorting;
  if (cells::canonical_order(a.bodies, a.plan.domain, cells::bin_side(a.plan, cell_radius, 1.0), sorting)) {
    cells::permute(a.bodies, sorting.order, sorting.old);
  }
  return a;
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Bytes per second of a copy of arrays much larger than the caches, read and written.
double bandwidth(int threads) {
  constexpr std::size_t size = std::size_t{1} << 24;
  std::vector<double> from(size, 1.0), to(size, 0.0);
  double best = 0.0;
  for (int repeat = 0; repeat < 5; ++repeat) {
    const auto begin = std::chrono::steady_clock::now();
    core::for_chunks(size, size / 64, {threads}, [&](std::size_t b, std::size_t e) {
      std::copy(from.begin() + static_cast<std::ptrdiff_t>(b), from.begin() + static_cast<std::ptrdiff_t>(e),
                to.begin() + static_cast<std::ptrdiff_t>(b));
    });
    best = std::max(best, 16.0 * static_cast<double>(size) / seconds_since(begin));
  }
  return best;
}

/// Largest error of a velocity by the law in double precision, relative to the largest velocity.
double velocity_error(Aggregate& a, int threads) {
  const auto v = cells::velocities(a.bodies, a.plan, a.neighbourhood, {}, {}, {threads});
  double worst = 0.0, largest = 0.0;
  const cells::Bodies& b = a.bodies;
  for (std::size_t i = 0; i < b.size(); i += 97) {
    double sum[3] = {0.0, 0.0, 0.0};
    for (const std::uint32_t j : a.neighbourhood.of(i)) {
      const double dx = b.x[i] - b.x[j], dy = b.y[i] - b.y[j], dz = b.z[i] - b.z[j];
      const double d = std::sqrt(dx * dx + dy * dy + dz * dz);
      const double reach = static_cast<double>(b.radius[i]) + static_cast<double>(b.radius[j]);
      const double overlap = std::max(0.0, 1.0 - d / reach), tie = std::max(0.0, 1.0 - d / (1.25 * reach));
      const double f = (10.0 * overlap * overlap - 0.4 * tie * tie) / d;
      sum[0] += f * dx;
      sum[1] += f * dy;
      sum[2] += f * dz;
    }
    double difference = 0.0, size = 0.0;
    for (std::size_t k = 0; k < 3; ++k) {
      difference += std::pow(sum[k] - static_cast<double>(v[4 * i + k]), 2);
      size += sum[k] * sum[k];
    }
    worst = std::max(worst, std::sqrt(difference));
    largest = std::max(largest, std::sqrt(size));
  }
  return worst / largest;
}

Result mechanics(std::size_t n, int threads) {
  const Aggregate start = packed(n);
  Aggregate a = start;
  Result result;
  result.n = a.bodies.size();
  result.unit = "ns/cell/step";
  result.value = std::numeric_limits<double>::infinity();
  result.error = velocity_error(a, threads);
  const int repeats = n > 500000 ? 4 : 9;
  const double minutes = 10.0;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    a.bodies = start.bodies;
    const auto begin = std::chrono::steady_clock::now();
    const cells::MoveReport report =
        cells::move(a.bodies, a.plan, a.neighbourhood, {}, {}, {}, minutes, {threads});
    const auto moves = static_cast<double>(report.steps) * static_cast<double>(result.n);
    result.value = std::min(result.value, 1e9 * seconds_since(begin) / moves);
  }
  const double listed = static_cast<double>(a.neighbourhood.listed()) / static_cast<double>(result.n);
  const double bytes = 16.0 + 6.0 + 4.0 * listed + 32.0 + 16.0 + 48.0 + 32.0 + 16.0;
  result.floor = 1e9 * bytes / bandwidth(threads);
  result.floor_unit = "ns/cell/step";
  return result;
}

}  // namespace

Result mechanics_1e5(int threads) {
  return mechanics(100000, threads);
}

Result mechanics_1e6(int threads) {
  return mechanics(1000000, threads);
}

double move_aggregate(int times) {
  Aggregate a = packed(2000);
  for (int i = 0; i < times; ++i) cells::move(a.bodies, a.plan, a.neighbourhood, {}, {}, {}, 1.0, {1});
  return a.bodies.x[0];
}

Result cell_bytes(int threads) {
  Aggregate a = packed(100000);
  cells::move(a.bodies, a.plan, a.neighbourhood, {}, {}, {}, 1.0, {threads});
  Result result;
  result.n = a.bodies.size();
  result.unit = "bytes/cell";
  result.value =
      static_cast<double>(a.bodies.memory() + a.neighbourhood.memory()) / static_cast<double>(result.n);
  result.floor_unit = "bytes/cell";
  result.floor = 24.0 + 8.0 + 4.0 + 1.0 + 12.0 + 4.0 * 12.0;  // position, id, slot, type, volumes, 12 entries
  return result;
}

}  // namespace stroma::bench
