#include "core/csv.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "core/errors.hpp"

namespace stroma::core {
namespace {

void append_text(std::string& out, std::string_view text, char delimiter) {
  std::string escaped = looks_like_formula(text) ? "'" : "";
  escaped += text;
  const bool quote = escaped.find_first_of("\"\r\n\t,;") != std::string::npos ||
                     escaped.find(delimiter) != std::string::npos || escaped.starts_with(' ') ||
                     escaped.ends_with(' ') || escaped.starts_with('#') ||
                     escaped.starts_with("\xEF\xBB\xBF");
  if (!quote) {
    out += escaped;
    return;
  }
  out += '"';
  for (const char c : escaped) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_number(std::string& out, double value) {
  if (std::isnan(value)) return;
  if (std::isinf(value)) {
    out += value > 0 ? "Inf" : "-Inf";
    return;
  }
  fmt::format_to(std::back_inserter(out), "{}", value);
}

}  // namespace

bool looks_like_formula(std::string_view text) {
  const std::size_t first = text.find_first_not_of('\'');
  return first != std::string_view::npos &&
         std::string_view("=+-@\t\r").find(text[first]) != std::string_view::npos;
}

std::string write_csv(std::span<const std::string> columns, std::span<const std::vector<CsvValue>> rows,
                      char delimiter) {
  require(!columns.empty(), "a table needs at least one column");
  std::string out;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) out += delimiter;
    append_text(out, columns[i], delimiter);
  }
  out += '\n';
  for (const std::vector<CsvValue>& row : rows) {
    require(row.size() == columns.size(), "a row of a table has as many cells as there are columns");
    const std::size_t begin = out.size();
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += delimiter;
      if (const auto* text = std::get_if<std::string>(&row[i])) append_text(out, *text, delimiter);
      if (const auto* number = std::get_if<double>(&row[i])) append_number(out, *number);
      if (const auto* whole = std::get_if<std::int64_t>(&row[i]))
        fmt::format_to(std::back_inserter(out), "{}", *whole);
    }
    if (out.size() == begin) out += "\"\"";  // one empty cell alone would be a blank line
    out += '\n';
  }
  return out;
}

}  // namespace stroma::core
