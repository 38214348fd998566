// Between cells and grids: concentrations and gradients where cells are, and amounts from cells into voxels.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/parallel.hpp"
#include "fields/grid.hpp"

namespace stroma::fields {

/// values[c] = the concentration [nM] at (x[c], y[c], z[c]) [um], linear between centres of voxels in each
/// axis that is used, constant in the outer half of outer voxels. Second order. `field` is by Grid::index.
void sample(std::span<double> values, const Grid& grid, std::span<const double> field,
            std::span<const double> x, std::span<const double> y, std::span<const double> z,
            core::Threads threads);

/// Gradient [nM/um] at the same points: central differences at the centres of voxels (one-sided, second order
/// where n >= 3, at the outer ones), interpolated linearly. 0 along an axis with n = 1.
void gradient(std::span<double> gx, std::span<double> gy, std::span<double> gz, const Grid& grid,
              std::span<const double> field, std::span<const double> x, std::span<const double> y,
              std::span<const double> z, core::Threads threads);

/// voxels[c] = the voxel of each point, as Grid::voxel_at.
void locate(std::span<std::uint32_t> voxels, const Grid& grid, std::span<const double> x,
            std::span<const double> y, std::span<const double> z, core::Threads threads);

/// Order of cells by voxel, made once per position update and used for every deposit: `order` lists cells,
/// those of voxel v are order[start[i] .. start[i+1]) for v = voxel[i]; ascending by voxel, then by cell.
struct VoxelOrder {
  std::vector<std::uint32_t> voxel;  ///< occupied voxels, ascending
  std::vector<std::uint32_t> start;  ///< one more than `voxel`
  std::vector<std::uint32_t> order;
  std::vector<std::uint32_t> scratch;
};
void sort_by_voxel(VoxelOrder& order, const Grid& grid, std::span<const std::uint32_t> voxel_of_cell);

/// density[v] += sum over cells c in v of amount[c] / voxel volume, cells added in index order: the same bits
/// for any number of threads. Amounts of nM um^3 (/min) give nM (/min).
void deposit(std::span<double> density, const Grid& grid, const VoxelOrder& order,
             std::span<const double> amount, core::Threads threads);
/// The same without an order, on one thread.
void deposit(std::span<double> density, const Grid& grid, std::span<const std::uint32_t> voxel_of_cell,
             std::span<const double> amount);

}  // namespace stroma::fields
