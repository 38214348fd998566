// Diffusion, decay, uptake and secretion of one substance on a grid, as one dense system of equations that is
// solved by Gaussian elimination: for grids of some hundred voxels.
//   dc/dt = div(D m grad c) - k c - U c - Vmax c/(Km + c) + S, finite volumes, harmonic means at faces.
// Source: design section 3; any text on finite volumes.
#pragma once

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace stroma::reference {

struct Diffusion {
  enum class Face { flux, value, exchange };
  int dimensions = 3;
  std::array<int, 3> n{1, 1, 1};
  std::array<double, 3> h{1.0, 1.0, 1.0};
  double diffusivity = 1.0, decay = 0.0, half_uptake = 1.0;
  std::array<Face, 6> face{};
  std::array<double, 6> face_value{}, permeability{};
  std::vector<double> mobility, uptake, most, source;  ///< per voxel; empty: 1, 0, 0, 0
  std::vector<std::pair<std::size_t, double>> fixed;   ///< voxel and its concentration
};

/// One backward Euler step with saturable uptake at the rate Vmax/(Km + c) of the start.
std::vector<double> implicit_step(const Diffusion& problem, const std::vector<double>& start, double minutes);

/// One step split by axes: backward Euler along x, y, z in turn, everything local with the last axis,
/// saturable uptake at the rate of the concentration that the last axis starts from.
std::vector<double> split_step(const Diffusion& problem, const std::vector<double>& start, double minutes);

/// dc/dt = 0, by Newton's method from c = `guess`.
std::vector<double> steady_state(const Diffusion& problem, const std::vector<double>& guess);

}  // namespace stroma::reference
