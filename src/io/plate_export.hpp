// Plates as readers export them: one or several grids of 8 x 12 or 16 x 24 cells between other lines, or a
// list of wells, with comma, semicolon or tab; and plate maps in the form of such a grid.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "assays/plate.hpp"
#include "core/diagnostics.hpp"
#include "io/sheet.hpp"

namespace stroma::io {

/// One read of a plate.
struct PlateGrid {
  std::string title;  ///< what names it, such as "450 nm"; may be empty
  core::Place place;  ///< of its first line
  assays::PlateFormat format;
  std::map<assays::Position, core::Cell> cells;  ///< those that hold something
  std::set<assays::Position> lost;               ///< in rows that are missing or too short: said already
};

/// All reads of a sheet, in order. A grid has rows A to H or P, and a line 1 ... 12 or 24 above them. Lines
/// without a letter below a row are further reads of it, named by what stands behind their last well (Gen5);
/// rows need no letters below "Temperature 1 ... 12", and several runs 1 ... 12 side by side are several
/// reads (SoftMax). Where there is no grid, a list with a column "well" (or "well row" and "well col") and a
/// column of numbers for each read. Problems: no-grid, no-such-row, row-given-twice, row-missing,
/// missing-field (a row with too few cells), no-such-well, well-taken-twice, no-readings.
std::vector<PlateGrid> find_grids(const Sheet& sheet, core::Diagnostics& problems);

/// The grid that `read` names: its number from 1, or a part of its title; the only one where `read` is empty.
/// Null with a problem (several-reads, no-such-read) otherwise.
const PlateGrid* choose_grid(const std::vector<PlateGrid>& grids, std::string_view read,
                             const std::string& file, core::Diagnostics& problems);

/// What a map says of a well, and where.
struct MappedWell {
  assays::PlateWell well;
  core::Place place;
  std::string dose_unit;      ///< as it is written; empty without a dose
  core::Place dose_place;     ///< of that dose
  std::string standard_unit;  ///< as it is written; empty without a standard
};
using PlateMap = std::map<assays::Position, MappedWell>;

/// The unit of "5 ng/mL"; empty after a bare number.
std::string unit_after_number(std::string_view quantity);

/// Reads the dose of a mapped well, molar or by mass; adds a problem where it is neither.
void read_map_dose(const std::string& text, const core::Place& place, const std::string& key,
                   MappedWell& mapped, core::Diagnostics& problems);

/// Whether a sheet is a map in the form of a grid: it has a line 1 ... 12 or 24.
bool is_grid_map(const Sheet& sheet);

/// A map in the form of a grid. One grid with cells "blank", "standard 5 ng/mL", "ARM", "ARM @ 2 uM" or
/// "ARM #2 @ 2 uM" (replicate 2); or several, each with its name (role, arm, dose, replicate, standard,
/// dilution) above it or in its corner. Wells of one arm, replicate and dose are technical repeats.
PlateMap read_grid_map(const Sheet& sheet, core::Diagnostics& problems);

}  // namespace stroma::io
