// A table of which nothing is known but that it has a header: columns of numbers (perhaps with a unit) or of
// words, as a person keeps them. Cells that are empty, NA, n/a, NaN or - are missing; among numbers, so are
// "none" and "empty", which name a group among words (and - does beside +). What is wrong with a
// cell as a number is kept with its column, since only the reader of the table knows which columns are to be
// numbers.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"

namespace stroma::io {

struct ColumnShape;

struct PlainColumn {
  std::string name;
  core::Place place;                     ///< of its header
  bool is_number = false;                ///< no cell is words, or at most as many as there are numbers
  std::vector<std::string> texts;        ///< as written, without blanks around it; empty where missing
  std::vector<long double> values;       ///< every digit that was written; NaN where missing or no number
  std::vector<core::Place> places;       ///< of each cell
  std::string unit;                      ///< that of all numbers of the column, as written; empty: none
  std::size_t missing = 0;               ///< cells without a value
  std::size_t padded = 0;                ///< cells of words that had blanks around them
  std::vector<core::Diagnostic> faults;  ///< cells that are not a number of that unit
  mutable std::shared_ptr<const ColumnShape> shape;  ///< what shape_of found, once; not for several threads
};

struct PlainTable {
  std::string file;
  std::size_t rows = 0;
  std::vector<PlainColumn> columns;
  std::string decimal_commas;          ///< in words, where numbers were written with them; empty otherwise
  std::string regrouped;               ///< in words, where columns of one name became rows; empty otherwise
  std::vector<std::string> row_names;  ///< of a first column that only names the rows; empty: there is none

  const PlainColumn* find(std::string_view name) const;
};

/// Reads a table with the delimiter of its header: comma, semicolon or tab. A first column without a name (as
/// R and spreadsheets write row names; also one called rownames, row.names, "Unnamed: 0" or ...1, and R's
/// write.table, whose header leaves its name out) holds names of rows and is no column of data. Problems of
/// the form (those of read_csv, duplicate-column, no-rows) go to `problems`; faults of cells (not-a-number,
/// beyond-range, two-units, percent-or-fraction) stay with their columns.
PlainTable read_plain_table(std::string_view text, std::string file, core::Diagnostics& problems);

/// The rows in which `condition`, COLUMN=VALUE or COLUMN=VALUE,VALUE, holds: texts that are equal, or numbers
/// of one value. Throws core::InputError for a column or a value that is not there.
PlainTable select_rows(const PlainTable& table, const std::string& condition);

}  // namespace stroma::io
