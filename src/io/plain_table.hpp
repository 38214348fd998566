// A table of which nothing is known but that it has a header: columns of numbers (perhaps with a unit) or of
// words, as a person keeps them. Cells that are empty, NA, n/a, NaN or - are missing; among numbers, so are
// "none" and "empty", which name a group among words (and - does beside +). What is wrong with a
// cell as a number is kept with its column, since only the reader of the table knows which columns are to be
// numbers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"

namespace stroma::io {

struct PlainColumn {
  std::string name;
  core::Place place;                     ///< of its header
  bool is_number = false;                ///< no cell is words, or at most as many as there are numbers
  std::vector<std::string> texts;        ///< as written, without blanks around it; empty where missing
  std::vector<long double> values;       ///< every digit that was written; NaN where missing or no number
  std::vector<core::Place> places;       ///< of each cell
  std::string unit;                      ///< that of all numbers of the column, as written; empty: none
  std::size_t missing = 0;               ///< cells without a value
  std::vector<core::Diagnostic> faults;  ///< cells that are not a number of that unit
};

struct PlainTable {
  std::string file;
  std::size_t rows = 0;
  std::vector<PlainColumn> columns;
  std::vector<std::string> row_names;  ///< of a first column that only names the rows; empty: there is none

  const PlainColumn* find(std::string_view name) const;
};

/// Reads a table with the delimiter of its header: comma, semicolon or tab. A first column without a name (as
/// R and spreadsheets write row names; also one called rownames, row.names, "Unnamed: 0" or ...1, and R's
/// write.table, whose header leaves its name out) holds names of rows and is no column of data. Problems of
/// the form (those of read_csv, duplicate-column, no-rows) go to `problems`; faults of cells (not-a-number,
/// beyond-range, two-units, percent-or-fraction) stay with their columns.
PlainTable read_plain_table(std::string_view text, std::string file, core::Diagnostics& problems);

}  // namespace stroma::io
