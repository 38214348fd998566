// Who gave and took what of a substance, in a culture and in space: the cells of each population through
// ports with names, and what lies between them. In a culture the ports sum to the medium's budget, in space
// to what the fields book (docs/theory/tissue.md).
#pragma once

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace stroma::tissue {

/// What the cells of one population gave to and took from their surroundings of one substance [nM um^3].
struct CellPort {
  double secreted = 0.0;
  double cleared = 0.0;   ///< uptake that does not saturate
  double consumed = 0.0;  ///< uptake that does
  double entered = 0.0;   ///< a drug that is in the cells now, or fell apart within them
};

inline constexpr std::array<std::pair<std::string_view, double CellPort::*>, 4> cell_ports{
    {{"secreted", &CellPort::secreted},
     {"cleared", &CellPort::cleared},
     {"consumed", &CellPort::consumed},
     {"entered", &CellPort::entered}}};

/// The same of what lies between the cells of a tissue: vessels and matrix, by what they do per voxel.
struct GroundPort {
  double source = 0.0;
  double sink = 0.0;         ///< uptake that does not saturate
  double consumption = 0.0;  ///< uptake that does
};

inline constexpr std::array<std::pair<std::string_view, double GroundPort::*>, 3> ground_ports{
    {{"source", &GroundPort::source},
     {"sink", &GroundPort::sink},
     {"consumption", &GroundPort::consumption}}};

/// [substance][population]; substances of the model in a culture, fields in space.
using CellPorts = std::vector<std::vector<CellPort>>;

}  // namespace stroma::tissue
