#include "io/measured_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace stroma::io {
namespace {

struct HeaderText {
  std::string name, unit;
};

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" _");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" _") - first + 1));
}

// "dose (uM)", "dose [uM]", "dose_uM", "dose uM": the ways in which a header may hold a unit, likely ones
// first.
std::vector<HeaderText> readings_of(const std::string& header) {
  std::vector<HeaderText> out{{plain_name(header), ""}};
  if (const std::size_t open = header.find_first_of("(["); open != std::string::npos && open > 0) {
    const std::size_t close = header.find_first_of(")]", open);
    if (close != std::string::npos)
      out.push_back({plain_name(header.substr(0, open)), trimmed(header.substr(open + 1, close - open - 1))});
  }
  for (const char separator : {'_', ' '})
    if (const std::size_t at = header.find(separator); at != std::string::npos && at > 0)
      out.push_back({plain_name(header.substr(0, at)), trimmed(header.substr(at + 1))});
  return out;
}

bool names(const ColumnSpec& spec, const std::string& plain) {
  return plain_name(spec.name) == plain ||
         std::any_of(spec.aliases.begin(), spec.aliases.end(),
                     [&](const std::string& alias) { return plain_name(alias) == plain; });
}

std::string any_of_these(const std::vector<core::Dimension>& dimensions) {
  std::string out;
  for (const core::Dimension& d : dimensions) out += (out.empty() ? "" : " or ") + core::describe(d);
  return out;
}

std::string example_unit(const std::vector<core::Dimension>& dimensions) {
  const core::Dimension& d = dimensions.front();
  return d == core::dimension::time                 ? "h"
         : d == core::dimension::mass_concentration ? "ng/mL"
         : d == core::dimension::mass               ? "mg"
         : d == core::dimension::volume             ? "mL"
                                                    : "uM";
}

}  // namespace

MeasuredTable::MeasuredTable(core::Table table, std::vector<ColumnSpec> columns, OtherColumns others,
                             core::Diagnostics& problems)
    : table_(std::move(table)), problems_(problems) {
  decimal_commas_ = points_for_commas(table_.rows);
  if (table_.header.empty())
    complete_ = false;  // an empty file: its reader has said so
  else
    find_columns(columns, others);
}

bool MeasuredTable::allowed(const Found& found, const core::Dimension& dimension) const {
  return std::find(found.dimensions.begin(), found.dimensions.end(), dimension) != found.dimensions.end();
}

void MeasuredTable::find_columns(const std::vector<ColumnSpec>& columns, OtherColumns others) {
  std::vector<std::string> known;
  for (const ColumnSpec& spec : columns) known.push_back(spec.name);
  for (std::size_t i = 0; i < table_.header.size(); ++i) {
    const core::Cell& cell = table_.header[i];
    if (cell.text.empty()) continue;  // a delimiter too many, which the reader of the file has named
    const ColumnSpec* spec = nullptr;
    HeaderText text;
    for (const HeaderText& reading : readings_of(cell.text)) {
      const auto match = std::find_if(columns.begin(), columns.end(),
                                      [&](const ColumnSpec& c) { return names(c, reading.name); });
      if (match == columns.end() || (!reading.unit.empty() && match->dimensions.empty())) continue;
      spec = &*match;
      text = reading;
      break;
    }
    if (!spec) {
      if (others == OtherColumns::refuse)
        problems_.add("unknown-column", table_.place(cell), cell.text,
                      fmt::format("unknown column '{}'", cell.text), core::did_you_mean(cell.text, known));
      continue;
    }
    Found found{i, text.unit, !text.unit.empty(), spec->dimensions};
    if (!text.unit.empty()) {
      const core::ParsedQuantity parsed = core::parse_quantity("1 " + text.unit);
      if (!parsed.error.empty() || !allowed(found, parsed.quantity.dim))
        problems_.add("unknown-unit", table_.place(cell), cell.text,
                      fmt::format("column '{}': '{}' is no unit of {}", cell.text, text.unit,
                                  any_of_these(found.dimensions)));
    }
    if (!found_.insert({spec->name, found}).second)
      problems_.add("duplicate-column", table_.place(cell), cell.text,
                    fmt::format("column '{}' is there twice", spec->name));
  }
  for (const ColumnSpec& spec : columns) {
    if (!spec.required || found_.contains(spec.name)) continue;
    complete_ = false;
    const int line = table_.header.empty() ? 1 : table_.header.front().line;
    problems_.add("missing-column", {table_.file, line, 0}, spec.name,
                  fmt::format("column '{}' is missing", spec.name));
  }
}

std::string MeasuredTable::unit(std::string_view column, const std::string& scope) const {
  const auto found = found_.find(column);
  if (found == found_.end()) return {};
  const auto said = found->second.said.find(scope);
  return found->second.in_header || said == found->second.said.end() ? found->second.unit
                                                                     : said->second.first;
}

std::string MeasuredTable::header(std::string_view column) const {
  const auto found = found_.find(column);
  return found == found_.end() ? "" : table_.header[found->second.index].text;
}

bool MeasuredTable::check_gaps(std::string_view column) {
  if (!has(column)) return false;
  std::size_t empty = 0, first = 0;
  for (std::size_t r = 0; r < rows(); ++r)
    if (text(r, column).empty() && empty++ == 0) first = r;
  if (empty > 0 && empty < rows())
    wrong(first, column, "empty-replicate",
          fmt::format("{} of {} cells are empty; which {} these lines belong to is not said", empty, rows(),
                      column),
          fmt::format("fill the column in every line, or take it out of the file"));
  return empty == rows();
}

std::string MeasuredTable::text(std::size_t row, std::string_view column) const {
  const auto found = found_.find(column);
  return found == found_.end() ? "" : table_.rows[row][found->second.index].text;
}

core::Place MeasuredTable::place(std::size_t row, std::string_view column) const {
  const auto found = found_.find(column);
  const core::Cell& cell = table_.rows[row][found == found_.end() ? 0 : found->second.index];
  return {table_.file, cell.line, found == found_.end() ? 0 : cell.column};
}

void MeasuredTable::wrong(std::size_t row, std::string_view column, std::string code,
                          const std::string& message, std::string hint) {
  problems_.add(std::move(code), place(row, column), std::string(column),
                fmt::format("{}: {}", column, message), std::move(hint));
}

std::string MeasuredTable::required_text(std::size_t row, std::string_view column) {
  std::string value = text(row, column);
  if (value.empty()) wrong(row, column, "empty", "must not be empty");
  return value;
}

int MeasuredTable::repeat(std::size_t row, std::string_view column) {
  const std::string given = text(row, column);
  if (given.empty()) return 1;
  const core::ParsedNumber parsed = core::parse_number(given);
  if (parsed.error.empty() && parsed.value >= 1.0 && parsed.value <= 1e6 &&
      std::floor(parsed.value) == parsed.value)
    return static_cast<int>(parsed.value);
  wrong(row, column, "not-whole", fmt::format("'{}' is not a whole number from 1 on", given));
  return 1;
}

ReadCell MeasuredTable::reading(std::size_t row, std::string_view column) const {
  return read_cell(text(row, column));
}

std::optional<double> MeasuredTable::number(std::size_t row, std::string_view column, core::Range range) {
  const std::string given = text(row, column);
  const ReadCell cell = read_cell(given);
  switch (cell.kind) {
    case Reading::number:
      if (range.contains(cell.value)) return cell.value;
      wrong(row, column, "out-of-range",
            fmt::format("'{}' is out of range; allowed is {}", given, range.describe()));
      return std::nullopt;
    case Reading::empty:
      wrong(row, column, "empty", "must not be empty; expected a number");
      return std::nullopt;
    case Reading::above:
    case Reading::below:
      wrong(row, column, "bad-reading", fmt::format("'{}' is a limit and no measurement", given),
            "leave the line out, or measure again inside the range");
      return std::nullopt;
    case Reading::no_number:
      break;
  }
  wrong(row, column, "bad-reading", cell.why, cell.hint);
  return std::nullopt;
}

double MeasuredTable::internal(std::string_view column, double value) const {
  const std::string name = unit(column);
  return name.empty() ? value : value * core::parse_quantity("1 " + name).quantity.value;
}

std::optional<double> MeasuredTable::quantity(std::size_t row, std::string_view column, core::Range range,
                                              const std::string& scope) {
  Found& found = found_.find(column)->second;
  const std::string given = text(row, column);
  const std::size_t space = given.find_last_of(' ');
  const std::string cell_unit = space == std::string::npos ? "" : given.substr(space + 1);
  if (cell_unit.empty() && found.in_header) {
    const std::optional<double> value = number(row, column, core::Range::any());
    if (!value) return std::nullopt;
    const double result = *value * core::parse_quantity("1 " + found.unit).quantity.value;
    if (range.contains(result)) return result;
    wrong(row, column, "out-of-range",
          fmt::format("'{}' is out of range; allowed is {}", given, range.describe()));
    return std::nullopt;
  }
  const core::ParsedQuantity parsed = core::parse_quantity(given);
  if (!parsed.error.empty()) {
    const ReadCell cell = read_cell(given);
    wrong(row, column, given.empty() ? "empty" : "bad-reading",
          given.empty() ? fmt::format("must not be empty; expected {}", any_of_these(found.dimensions))
          : cell.kind == Reading::no_number ? cell.why
                                            : parsed.error,
          cell.hint);
    return std::nullopt;
  }
  const bool dimensionless = allowed(found, core::dimension::none);
  if (!parsed.has_unit && !dimensionless) {
    wrong(row, column, "missing-unit",
          fmt::format("'{}' has no unit; expected {}", given, any_of_these(found.dimensions)),
          fmt::format("write the unit in every cell, or once in the header, such as {}_{}", column,
                      example_unit(found.dimensions)));
    return std::nullopt;
  }
  if (!allowed(found, parsed.quantity.dim)) {
    wrong(row, column, "wrong-dimension",
          fmt::format("'{}' is {}; expected {}", given, core::describe(parsed.quantity.dim),
                      any_of_these(found.dimensions)));
    return std::nullopt;
  }
  if (!found.in_header) found.said.insert({scope, {cell_unit, place(row, column)}});
  const auto said = found.said.find(scope);
  const std::string& before = found.in_header ? found.unit : said->second.first;
  if (cell_unit != before) {
    const std::string whose =
        scope.empty() || found.in_header ? "the column is" : fmt::format("that of '{}' is", scope);
    wrong(row, column, "two-units",
          fmt::format("'{}' is in {}, but {} in {} (said in {})", given, cell_unit, whose, before,
                      found.in_header ? "its header"
                                      : fmt::format("line {}, column {}", said->second.second.line,
                                                    said->second.second.column)),
          scope.empty() ? "use one unit throughout the column" : "use one unit for each drug");
    return std::nullopt;
  }
  // Squares and products of measurements must exist.
  constexpr double largest = 1e150;
  if (range.contains(parsed.quantity.value) && std::abs(parsed.quantity.value) <= largest)
    return parsed.quantity.value;
  wrong(row, column, "out-of-range",
        fmt::format("'{}' is out of range; allowed is {}", given, range.describe()));
  return std::nullopt;
}

}  // namespace stroma::io
