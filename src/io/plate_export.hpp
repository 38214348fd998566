// Plates as readers export them: one or several grids of 8 x 12 cells between other lines, with comma,
// semicolon or tab; and plate maps in the form of such a grid.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "assays/plate.hpp"
#include "core/diagnostics.hpp"
#include "io/sheet.hpp"

namespace stroma::io {

/// One grid of a file. Rows are labelled A to H; a line 1 ... 12 may stand above them.
struct PlateGrid {
  std::string title;                             ///< what stands above it, such as "450 nm"; may be empty
  core::Place place;                             ///< of its first line
  std::map<assays::Position, core::Cell> cells;  ///< those that hold something
};

/// All grids of a sheet, in order. Problems: no-grid, no-such-row, row-given-twice, row-missing,
/// missing-field (a row with fewer than 12 cells), plate-384 (a 16 x 24 grid: its place is a long table).
std::vector<PlateGrid> find_grids(const Sheet& sheet, core::Diagnostics& problems);

/// The grid that `read` names: its number from 1, or a part of its title; the only one where `read` is empty.
/// Null with a problem (several-reads, no-such-read) otherwise.
const PlateGrid* choose_grid(const std::vector<PlateGrid>& grids, std::string_view read,
                             const std::string& file, core::Diagnostics& problems);

/// What a map says of a well, and where.
struct MappedWell {
  assays::PlateWell well;
  core::Place place;
};
using PlateMap = std::map<assays::Position, MappedWell>;

/// Whether a sheet is a map in the form of a grid: it has a line 1 ... 12.
bool is_grid_map(const Sheet& sheet);

/// A map in the form of a grid. One grid with cells "blank", "standard 5 ng/mL", "ARM", "ARM @ 2 uM" or
/// "ARM #2 @ 2 uM" (replicate 2); or several, each with its name (role, arm, dose, replicate, standard,
/// dilution) above it or in its corner. Wells of one arm, replicate and dose are technical repeats.
PlateMap read_grid_map(const Sheet& sheet, core::Diagnostics& problems);

}  // namespace stroma::io
