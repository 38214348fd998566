// Tables as comma-separated text (RFC 4180, UTF-8), written so that every program reads them back;
// io/csv.hpp reads. Text only: nothing here touches a file.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace stroma::core {

/// Whether a spreadsheet would run `text` as a formula: after any apostrophes it begins with = + - @, tab or
/// carriage return. Writing adds one apostrophe to such a text and reading takes one away, so the pair is
/// exact.
bool looks_like_formula(std::string_view text);

/// A cell to write. std::monostate and NaN are written as an empty cell (missing), infinities as Inf and
/// -Inf, other numbers in the shortest form that reads back to the same bits.
using CsvValue = std::variant<std::monostate, std::string, double, std::int64_t>;

/// The table as CSV with LF line ends. A text that a spreadsheet would run as a formula (leading = + - @, tab
/// or carriage return) gets an apostrophe in front; numbers do not. Throws InternalError for a row
/// whose length differs from `columns`.
std::string write_csv(std::span<const std::string> columns, std::span<const std::vector<CsvValue>> rows,
                      char delimiter = ',');

}  // namespace stroma::core
