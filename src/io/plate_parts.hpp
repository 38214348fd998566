// Between the files of plate_export.hpp; nobody else includes this.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "io/plate_export.hpp"

namespace stroma::io {

using PlateLine = std::vector<core::Cell>;

/// A run of cells 1, 2, 3, ... (or 3, 4, ... where a part of a plate was read).
struct PlateRun {
  std::size_t first = 0;  ///< the index of its first cell
  int column = 0;         ///< of the plate, from 0, that this cell names
  int columns = 0;        ///< cells of the run
  int end() const { return column + columns; }
};

/// The runs of a line with at least `least` cells each: one, or several where a program writes its
/// wavelengths side by side.
std::vector<PlateRun> plate_runs(const PlateLine& line, int least);

/// Whether a line of columns stands above rows with letters: a run of numbers whose neighbour below is a
/// letter. A short one has nothing before it but the corner: otherwise it is numbers in a line of a list.
bool heads_rows(const Sheet& sheet, std::size_t line);

/// The smallest usual plate that has these rows and columns: 6, 12, 24, 48, 96 or 384 wells.
assays::PlateFormat smallest_format(int rows, int columns);

int column_number(const std::string& text);  ///< of a header: "1", "01"; 0 for anything else
bool is_row_label(const std::string& text);  ///< one letter
std::string plate_cell(const PlateLine& line, std::size_t i);
char row_letter(int row);
bool holds_number(const PlateGrid& grid);
void append_words(std::string& title, const std::string& more);

/// Of the lines above line `grid` of the sheet (from `from` on) those that name a read.
std::string title_above(const Sheet& sheet, std::size_t from, std::size_t grid, const std::string& corner);

/// Whether the words of a title or behind a row name something that was not measured.
GridKind kind_of_title(const std::string& title);

/// What the line "Plate: ... PlateFormat ..." above a block of SoftMax says of it.
struct SoftmaxHead {
  std::string plate;
  std::vector<std::string> wavelengths;
  int first_row = 0, rows = 0;  ///< 0 rows: not said
};

/// The block without row letters under the header in `line`: a read for each of its runs and times. `line` is
/// moved behind it.
void read_block(const Sheet& sheet, std::size_t& line, const std::vector<PlateRun>& runs,
                const SoftmaxHead& head, std::vector<PlateGrid>& out);

/// The reads below a line of wells A1, A2, ...; nothing where the line is none.
bool read_wells_in_columns(const Sheet& sheet, std::size_t& line, const SoftmaxHead& head,
                           std::vector<PlateGrid>& out);

std::optional<SoftmaxHead> softmax_head(const PlateLine& line);

/// The reads of a list of wells; nothing where there is none.
std::optional<std::vector<PlateGrid>> read_well_list(const Sheet& sheet, core::Diagnostics& problems);

}  // namespace stroma::io
