// Comma-separated tables, read strictly: RFC 4180 with UTF-8 (core/csv.hpp writes them). A byte-order mark,
// CRLF line ends and blank lines are tolerated, because spreadsheets write them; everything else that is
// wrong is reported with line and column, all of it at once, and nothing is repaired silently.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/table.hpp"

namespace stroma::io {

struct CsvOptions {
  char delimiter = ',';                 ///< ',' or '\t' (TSV), or ';'
  bool comments = false;                ///< lines that begin with '#' are skipped
  bool row_names = false;               ///< a first column without a name (R's row names) is left out
  std::size_t field_limit = 1u << 20;   ///< bytes of one field
  std::size_t cell_limit = 10'000'000;  ///< cells of one table
  std::size_t problem_limit = 100;      ///< reading stops after so many problems, and says so
};

/// Reads `text` into a table; `file` is its name in places. Problems (codes: empty-file, wrong-delimiter,
/// not-utf8, nul-byte, stray-quote, unterminated-quote, stray-carriage-return, missing-field, extra-field,
/// trailing-delimiter, empty-column-name, field-too-long, too-many-cells, too-many-problems) go to
/// `problems`. The rows of the result always have as many cells as the header: a row that does not is
/// reported and padded or cut. Columns count bytes. A text that core::write_csv escaped against formulas is
/// given back as it was. Time and memory are linear in the text.
core::Table read_csv(std::string_view text, std::string file, const CsvOptions& options,
                     core::Diagnostics& problems);

/// "no-rows" where the table has a header and nothing below it: no measurement is no result. Tables that may
/// be empty, such as those of a model, do not ask. Says nothing where there are problems already.
void require_rows(const core::Table& table, core::Diagnostics& problems);

/// The lines of a text that is no table with one header: what instruments export, with lines before and after
/// their numbers. Each record has as many cells as its line; blank lines are left out. Problems as for
/// read_csv, but for those of a header and of lengths.
std::vector<std::vector<core::Cell>> read_records(std::string_view text, std::string file,
                                                  const CsvOptions& options, core::Diagnostics& problems);

}  // namespace stroma::io
