// Plates as readers export them: one or several grids of 8 x 12 or 16 x 24 cells (or of plates with fewer
// wells) between other lines, or a list of wells, with comma, semicolon or tab; and plate maps in the form of
// such a grid. Where a well stands is read from letters, numbers and lines, never from counting filled ones.
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

/// What a grid of a file holds.
enum class GridKind {
  measured,  ///< what the reader read
  derived,   ///< what the reader's program made of it: reduced values, concentrations, means
  layout,    ///< what was in the wells
};

/// One read of a plate.
struct PlateGrid {
  std::string title;  ///< what names it, such as "450 nm"; may be empty
  core::Place place;  ///< of its first line
  int last_line = 0;  ///< of the file that belongs to it
  assays::PlateFormat format;
  std::map<assays::Position, core::Cell> cells;  ///< those that hold something
  std::set<assays::Position> lost = {};  ///< in rows that are too short or stand nowhere: said already
  std::set<int> rows = {};               ///< that the file has, filled or not
  GridKind kind = GridKind::measured;
  /// Wells that the file itself leaves out, and by what: "Omit", "marked *".
  std::map<assays::Position, std::string> omitted = {};
  /// What the file itself calls the wells ("Blank B"), and the column that does.
  std::map<assays::Position, std::string> contents = {};
  std::string content_column = {};
  core::Diagnostics problems = {};  ///< of this read alone: they matter where it is used
};

/// All reads of a sheet, in order. A grid has rows A, B, ... and a line 1, 2, ... above them (or the
/// reverse). Lines without a letter below a row are further reads of it, named by what stands behind their
/// last well (Gen5); rows need no letters below "Temperature 1 ... 12", where blank lines count and each time
/// of a kinetic is a read of its own, and several runs 1 ... 12 side by side are several reads (SoftMax). A
/// line of wells A1, A2, ... has a read in each line below it. Where there is no grid with readings, a list
/// with the well (or its row and column) in one column and numbers in others, for each of its plates.
/// Problems: no-grid, no-readings; those of single reads stand in them: no-such-row, row-given-twice,
/// row-missing, missing-field (a row with too few cells), no-such-well, well-taken-twice.
std::vector<PlateGrid> find_grids(const Sheet& sheet, core::Diagnostics& problems);

/// The grid that `read` names: its number from 1 among those with numbers in them, its title or a part of it;
/// the only measured one where `read` is empty. Null with a problem (several-reads, no-such-read,
/// layout-read) otherwise.
const PlateGrid* choose_grid(const std::vector<PlateGrid>& grids, std::string_view read,
                             const std::string& file, core::Diagnostics& problems);

/// "'450 nm', 1 of 2 (the other: '630 nm')": which of the file's reads a grid is.
std::string name_read(const std::vector<PlateGrid>& grids, const PlateGrid& chosen);

/// What a map says of a well, and where.
struct MappedWell {
  assays::PlateWell well;
  core::Place place;
  std::string dose_unit;      ///< as it is written; empty without a dose
  core::Place dose_place;     ///< of that dose
  std::string standard_unit;  ///< as it is written; empty without a standard
  std::string omitted = {};   ///< the column of the map that leaves the well out; empty: it counts
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

/// A map as a list: well, role (blank, standard, sample), arm, replicate, technical, dose, standard,
/// dilution, and columns such as Omit or Include.
PlateMap read_list_map(const NamedText& text, core::Diagnostics& problems);

/// What a column or cell says of a well that is to be left out: "yes" in Omit, "no" in Include, "x" in Flag.
/// `column`: its name; nothing where the column is none of these, or the cell keeps the well.
bool leaves_out(std::string_view column, std::string_view cell);
/// Whether a column is one of those: Omit, Omitted, Exclude, Excluded, Masked, Outlier, Flag, Include, Use.
bool is_flag_column(std::string_view column);

}  // namespace stroma::io
