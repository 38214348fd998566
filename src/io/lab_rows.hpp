// Rows of the laboratory's tables with fixed columns: shared by lab_files.cpp and plate_map_list.cpp; nobody
// else includes this.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "core/document.hpp"
#include "core/table.hpp"
#include "io/csv.hpp"
#include "io/sheet.hpp"

namespace stroma::io {

inline std::int64_t whole(const core::Row& row, std::string_view column, std::int64_t low,
                          double high = 1e9) {
  const double value =
      row.quantity(column, core::dimension::none, core::Range::closed(static_cast<double>(low), high));
  if (std::floor(value) != value)
    row.wrong(column, "not-whole", fmt::format("'{}' is not a whole number", row.text(column)));
  return static_cast<std::int64_t>(value);
}

inline int small(const core::Row& row, std::string_view column) {
  return static_cast<int>(std::clamp<std::int64_t>(whole(row, column, 1, 1e6), 1, 1'000'000));
}

inline int small_or_one(const core::Row& row, std::string_view column) {
  return row.text(column).empty() ? 1 : small(row, column);
}

// Reads a table and hands each row to `add`; throws with every problem at once.
template <class Add>
void each_row(const NamedText& from, std::initializer_list<std::string_view> required,
              std::initializer_list<std::string_view> optional, core::Diagnostics& problems, Add add) {
  CsvOptions options;
  options.delimiter = delimiter_of(from.text);
  options.row_names = true;
  const core::Table table = read_csv(from.text, from.file, options, problems);
  if (!core::check_columns(table, required, optional, problems)) return;
  require_rows(table, problems);
  for (std::size_t i = 0; i < table.rows.size(); ++i) add(core::Row(table, i, problems));
}

}  // namespace stroma::io
