// What instruments export: lines of cells with comma, semicolon or tab between them, where the table may
// stand between other lines (instrument, date, notes). A sheet is those lines as they are; the readers of
// each instrument's form look for their table in it. Here too: what a cell means that should be a number and
// is none ("OVER", "<LOD", "####", a decimal comma), said in words.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/table.hpp"

namespace stroma::io {

/// A text and the name of the file it came from, for messages.
struct NamedText {
  std::string_view text;
  std::string file;
};

struct Sheet {
  std::string file;
  char delimiter = ',';
  std::vector<std::vector<core::Cell>> lines;  ///< without blank ones; cells trimmed of blanks
  bool decimal_commas = false;                 ///< numbers were written so; they have points now

  core::Place place(const core::Cell& cell) const { return {file, cell.line, cell.column}; }
};

/// The delimiter of a text: of tab, semicolon and comma the one that divides most. Commas between digits do
/// not count in a line that has another delimiter: they are decimal commas.
char delimiter_of(std::string_view text);

/// Whether numbers are written with decimal commas ("0,12", "1,5 uM", ">3,5"), which are then replaced by
/// points. They are where a number of this form is unmistakable (0,12 or 12,5; not 1,234, which may be a
/// thousand) and no line of numbers has one with a point.
bool points_for_commas(std::vector<std::vector<core::Cell>>& lines);

/// Reads any delimited text; numbers with decimal commas are read (`Sheet::decimal_commas`). Problems: those
/// of read_records.
Sheet read_sheet(const NamedText& from, core::Diagnostics& problems);

/// The table of a sheet whose header is the first line at or after `first` for which `is_header` holds. Rows
/// end at the first line with fewer than two filled cells; rows shorter than the header are padded, longer
/// ones cut, as instruments leave delimiters out or in. Nothing where there is no such line.
template <class IsHeader>
std::optional<core::Table> table_in(const Sheet& sheet, IsHeader is_header, std::size_t first = 0);

/// What a cell says where a number is expected.
enum class Reading {
  number,
  empty,      ///< nothing, "-", "NA", "n/a"
  above,      ///< ">3.5": beyond a limit that is said (`value`)
  below,      ///< "<0.05": below a limit that is said
  no_number,  ///< OVER, <LOD, ####, NaN, a decimal comma, a text: `why` says it
};

struct ReadCell {
  Reading kind = Reading::empty;
  double value = 0.0;
  std::string why;   ///< no_number: what is wrong, in words
  std::string hint;  ///< and what to do
};

ReadCell read_cell(std::string_view text);

/// `text` in small letters without blanks, underscores, dots and brackets: how headers of instruments are
/// compared.
std::string plain_name(std::string_view text);

// ---------------------------------------------------------------------------------------------- details

template <class IsHeader>
std::optional<core::Table> table_in(const Sheet& sheet, IsHeader is_header, std::size_t first) {
  for (std::size_t i = first; i < sheet.lines.size(); ++i) {
    if (!is_header(sheet.lines[i])) continue;
    core::Table table{sheet.file, sheet.lines[i], {}};
    while (!table.header.empty() && table.header.back().text.empty()) table.header.pop_back();
    for (std::size_t r = i + 1; r < sheet.lines.size(); ++r) {
      std::vector<core::Cell> row = sheet.lines[r];
      std::size_t filled = 0;
      for (const core::Cell& cell : row) filled += !cell.text.empty();
      if (filled < 2) break;
      const int line = row.front().line;
      row.resize(table.header.size(), core::Cell{{}, line, 0});
      table.rows.push_back(std::move(row));
    }
    return table;
  }
  return std::nullopt;
}

}  // namespace stroma::io
