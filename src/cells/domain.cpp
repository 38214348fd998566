// See domain.hpp.
#include "cells/domain.hpp"

#include <cmath>
#include <string>

namespace stroma::cells {

namespace {

constexpr double lattice_points = 0x1p30;     // per axis: differences of two points fit an int32
constexpr double coarsest_spacing = 0x1p-10;  // um

}  // namespace

Lattice lattice_of(const Domain& domain) {
  double extent = 0.0;
  for (int k = 0; k < domain.dimensions; ++k) {
    const auto axis = static_cast<std::size_t>(k);
    extent = std::max(extent, domain.high[axis] - domain.low[axis]);
  }
  int exponent = 0;
  const double mantissa = std::frexp(extent / lattice_points, &exponent);  // extent <= 2^exponent points
  if (mantissa == 0.5) --exponent;                                         // a power of two already
  Lattice lattice;
  lattice.spacing = std::ldexp(1.0, exponent);
  lattice.per_um = std::ldexp(1.0, -exponent);
  lattice.low = domain.low;
  if (domain.dimensions == 2) lattice.low[2] = 0.0;
  return lattice;
}

void validate(const Domain& domain, core::Diagnostics& diagnostics) {
  static constexpr const char* axes[] = {"x", "y", "z"};
  static constexpr const char* sides[] = {"x_low", "x_high", "y_low", "y_high", "z_low", "z_high"};
  if (domain.dimensions != 2 && domain.dimensions != 3) {
    diagnostics.add("bad-dimensions", {}, "dimensions",
                    "cells live in 2 or 3 dimensions, not " + std::to_string(domain.dimensions));
    return;
  }
  for (int k = 0; k < domain.dimensions; ++k) {
    const auto axis = static_cast<std::size_t>(k);
    const double extent = domain.high[axis] - domain.low[axis];
    if (!std::isfinite(extent) || extent <= 0.0) {
      diagnostics.add("bad-domain", {}, axes[axis], "the domain has no extent along this axis",
                      "give a lower and a larger upper bound, both finite");
    } else if (extent > lattice_points * coarsest_spacing) {
      diagnostics.add(
          "domain-too-large", {}, axes[axis],
          "the domain is longer than 1 m along this axis: positions would be coarser than 1e-3 um");
    }
  }
  for (std::size_t side = 0; side < 6; ++side) {
    const Face& face = domain.faces[side];
    if (!(face.adhesion >= 0.0 && face.repulsion >= 0.0) || !std::isfinite(face.adhesion + face.repulsion)) {
      diagnostics.add("bad-plane", {}, sides[side],
                      "adhesion and repulsion of a basement plane are finite and not negative (um/min)");
    }
  }
}

}  // namespace stroma::cells
