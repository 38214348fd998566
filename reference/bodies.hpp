// Cells in space, the obvious way: every pair is looked at, in double precision. Neighbours within a
// distance, forces of the pair law, and steps of Adams-Bashforth with a fixed length. Shares no code with
// src/cells.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace stroma::reference {

using Vector = std::array<double, 3>;

struct Ball {
  Vector at{};
  double radius = 0.0;
  std::size_t type = 0;
  double adhesion_factor = 1.0;
};

/// c_r = sqrt(c_ri c_rj), c_a = sqrt(f_i c_ai f_j c_aj) sqrt(A_ij A_ji).
struct PairLaw {
  std::vector<double> repulsion{10.0}, adhesion{0.4};  ///< per type
  std::vector<double> affinity{1.0};                   ///< types x types
  double reach = 1.25;
};

/// For each ball the others with d <= max(reach R, R + contact) + skin, in ascending order.
std::vector<std::vector<std::size_t>> near(const std::vector<Ball>& balls, double reach, double contact,
                                           double skin);

/// Velocity of each ball (um/min).
std::vector<Vector> velocities(const std::vector<Ball>& balls, const PairLaw& law);

/// Moves the balls by `steps` of h minutes: x += h (3 v - v')/2, the first step x += h v.
void move(std::vector<Ball>& balls, const PairLaw& law, double h, int steps);

}  // namespace stroma::reference
