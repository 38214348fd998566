// The box in which cells live and the lattice on which forces are computed. Positions are double; forces read
// 32-bit whole multiples of a power of two of a micrometre, so that differences are exact, antisymmetric and
// the same everywhere in the box.
#pragma once

#include <array>
#include <cstdint>

#include "core/diagnostics.hpp"

namespace stroma::cells {

/// A side of the box. No centre of a cell passes it: a centre that would is reflected, and counted. A
/// basement plane also pushes and pulls, like a neighbour without radius: at distance d of the centre of a
/// cell of radius r the velocity away from the plane is
///     repulsion (1 - d/r)^2 [d < r]  -  adhesion (1 - d/(reach r))^2 [d < reach r].
struct Face {
  double repulsion = 0.0;  ///< um/min, >= 0; 0 with adhesion 0: no plane, only the reflecting side
  double adhesion = 0.0;   ///< um/min, >= 0
};

/// The box [low, high] in um. In 2-D z is 0 for every cell and low[2], high[2] are not read.
struct Domain {
  int dimensions = 3;  ///< 2 or 3
  std::array<double, 3> low{};
  std::array<double, 3> high{};
  std::array<Face, 6> faces{};  ///< x low, x high, y low, y high, z low, z high
};

/// Adds what is wrong with `domain`: dimensions, empty or non-finite extents, negative coefficients, a box so
/// large (2^30 um / 2^-10) that the lattice would be coarser than 2^-10 um.
void validate(const Domain& domain, core::Diagnostics& diagnostics);

/// Lattice of forces: q = round((x - low)/spacing), spacing = the smallest power of two with extent/spacing
/// <= 2^30. The rounding moves a cell by at most spacing/2: 1e-6 um in a box of 1 mm, 1.5e-5 um in one of
/// 3 cm. Positions themselves never round to it.
struct Lattice {
  double spacing = 0.0;  ///< um
  double per_um = 0.0;   ///< 1/spacing, exact
  std::array<double, 3> low{};
};
Lattice lattice_of(const Domain& domain);

}  // namespace stroma::cells
