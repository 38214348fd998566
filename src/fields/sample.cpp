// Linear interpolation between centres of voxels, gradients, and deposits in a fixed order.
#include "fields/sample.hpp"

#include <algorithm>
#include <array>

namespace stroma::fields {
namespace {

constexpr std::size_t cells_per_chunk = 1024;

/// Two neighbouring voxels of one axis and the weight of the upper one.
struct Bracket {
  int low = 0, high = 0;
  double weight = 0.0;
};

Bracket bracket(const Grid& grid, std::size_t a, double x) {
  const int n = grid.n[a];
  const double position = (x - grid.origin[a]) / grid.spacing[a] - 0.5;
  if (n == 1 || !(position > 0.0)) return {0, 0, 0.0};
  if (position >= n - 1) return {n - 1, n - 1, 0.0};
  const int low = static_cast<int>(position);
  return {low, low + 1, position - low};
}

template <class Value>
double interpolate(const std::array<Bracket, 3>& at, const Value& value) {
  const auto along_x = [&](int j, int k) {
    const double low = value(at[0].low, j, k);
    return at[0].weight == 0.0 ? low : low + at[0].weight * (value(at[0].high, j, k) - low);
  };
  const auto along_y = [&](int k) {
    const double low = along_x(at[1].low, k);
    return at[1].weight == 0.0 ? low : low + at[1].weight * (along_x(at[1].high, k) - low);
  };
  const double low = along_y(at[2].low);
  return at[2].weight == 0.0 ? low : low + at[2].weight * (along_y(at[2].high) - low);
}

/// Difference quotient along axis a at the centre of voxel `at`.
double slope(const Grid& grid, std::span<const double> field, std::array<int, 3> at, std::size_t a) {
  const int n = grid.n[a];
  if (n == 1) return 0.0;
  const auto value = [&](int offset) {
    std::array<int, 3> there = at;
    there[a] += offset;
    return field[grid.index(there[0], there[1], there[2])];
  };
  const double h = grid.spacing[a];
  if (n == 2) return at[a] == 0 ? (value(1) - value(0)) / h : (value(0) - value(-1)) / h;
  if (at[a] == 0) return (4.0 * value(1) - 3.0 * value(0) - value(2)) / (2.0 * h);
  if (at[a] == n - 1) return (3.0 * value(0) - 4.0 * value(-1) + value(-2)) / (2.0 * h);
  return (value(1) - value(-1)) / (2.0 * h);
}

}  // namespace

void sample(std::span<double> values, const Grid& grid, std::span<const double> field,
            std::span<const double> x, std::span<const double> y, std::span<const double> z,
            core::Threads threads) {
  core::for_chunks(values.size(), cells_per_chunk, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t c = begin; c < end; ++c)
      values[c] = interpolate({bracket(grid, 0, x[c]), bracket(grid, 1, y[c]), bracket(grid, 2, z[c])},
                              [&](int i, int j, int k) { return field[grid.index(i, j, k)]; });
  });
}

void gradient(std::span<double> gx, std::span<double> gy, std::span<double> gz, const Grid& grid,
              std::span<const double> field, std::span<const double> x, std::span<const double> y,
              std::span<const double> z, core::Threads threads) {
  core::for_chunks(gx.size(), cells_per_chunk, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t c = begin; c < end; ++c) {
      const std::array<Bracket, 3> at{bracket(grid, 0, x[c]), bracket(grid, 1, y[c]), bracket(grid, 2, z[c])};
      const auto along = [&](std::size_t a) {
        return interpolate(at, [&](int i, int j, int k) { return slope(grid, field, {i, j, k}, a); });
      };
      gx[c] = along(0);
      gy[c] = along(1);
      gz[c] = along(2);
    }
  });
}

void locate(std::span<std::uint32_t> voxels, const Grid& grid, std::span<const double> x,
            std::span<const double> y, std::span<const double> z, core::Threads threads) {
  core::for_chunks(voxels.size(), cells_per_chunk, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t c = begin; c < end; ++c)
      voxels[c] = static_cast<std::uint32_t>(grid.voxel_at(x[c], y[c], z[c]));
  });
}

void sort_by_voxel(VoxelOrder& order, const Grid& grid, std::span<const std::uint32_t> voxel_of_cell) {
  std::vector<std::uint32_t>& count = order.scratch;
  count.assign(grid.voxels() + 1, 0);
  for (const std::uint32_t v : voxel_of_cell) ++count[v + 1];
  order.voxel.clear();
  order.start.clear();
  for (std::size_t v = 0; v < grid.voxels(); ++v) {
    if (count[v + 1] > 0) {
      order.voxel.push_back(static_cast<std::uint32_t>(v));
      order.start.push_back(count[v]);
    }
    count[v + 1] += count[v];
  }
  order.start.push_back(static_cast<std::uint32_t>(voxel_of_cell.size()));
  order.order.resize(voxel_of_cell.size());
  for (std::size_t c = 0; c < voxel_of_cell.size(); ++c)
    order.order[count[voxel_of_cell[c]]++] = static_cast<std::uint32_t>(c);
}

void deposit(std::span<double> density, const Grid& grid, const VoxelOrder& order,
             std::span<const double> amount, core::Threads threads) {
  const double per_volume = 1.0 / grid.voxel_volume();
  core::for_chunks(order.voxel.size(), cells_per_chunk, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v < end; ++v) {
      double sum = 0.0;
      for (std::uint32_t at = order.start[v]; at < order.start[v + 1]; ++at) sum += amount[order.order[at]];
      density[order.voxel[v]] += sum * per_volume;
    }
  });
}

void deposit(std::span<double> density, const Grid& grid, std::span<const std::uint32_t> voxel_of_cell,
             std::span<const double> amount) {
  const double per_volume = 1.0 / grid.voxel_volume();
  for (std::size_t c = 0; c < voxel_of_cell.size(); ++c) density[voxel_of_cell[c]] += amount[c] * per_volume;
}

}  // namespace stroma::fields
