// A neutral table of what a CSV file said, each cell with its place, and a row reader that collects every
// problem.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/document.hpp"
#include "core/units.hpp"

namespace stroma::core {

struct Cell {
  std::string text;
  int line = 0;
  int column = 0;  ///< 1-based byte column in the line
};

/// Rows have as many cells as the header has columns; the reader of the format guarantees it.
struct Table {
  std::string file;
  std::vector<Cell> header;
  std::vector<std::vector<Cell>> rows;

  /// Index of a column, or nothing.
  std::optional<std::size_t> column(std::string_view name) const;
  Place place(const Cell& cell) const { return {file, cell.line, cell.column}; }
};

/// Reports columns that are missing, unknown or named twice. Returns whether all `required` ones are there.
bool check_columns(const Table& table, std::initializer_list<std::string_view> required,
                   std::initializer_list<std::string_view> optional, Diagnostics& problems);

/// One row, read column by column. Column names are ours: one that is not in the table reads as empty.
class Row {
 public:
  Row(const Table& table, std::size_t index, Diagnostics& problems)
      : table_(table), cells_(table.rows[index]), problems_(problems) {}

  std::string text(std::string_view column) const;           ///< may be empty
  std::string required_text(std::string_view column) const;  ///< diagnostic where empty
  double quantity(std::string_view column, Dimension dim, Range range) const;
  double quantity_or(std::string_view column, Dimension dim, Range range, double fallback) const;
  /// One of `choices`, or a diagnostic with "did you mean" and an empty text.
  std::string choice(std::string_view column, const std::vector<std::string>& choices) const;
  Place place(std::string_view column) const;
  Place place() const {
    return cells_.empty() ? Place{table_.file, 0, 0} : Place{table_.file, cells_[0].line, 0};
  }
  void wrong(std::string_view column, std::string code, std::string message, std::string hint = {}) const;

 private:
  const Cell* cell(std::string_view column) const;
  const Table& table_;
  const std::vector<Cell>& cells_;
  Diagnostics& problems_;
};

/// Splits "a; b; c" at semicolons and trims; empty parts are dropped.
std::vector<std::string> split_list(std::string_view text);

}  // namespace stroma::core
