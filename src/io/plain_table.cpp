#include "io/plain_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "core/units.hpp"
#include "io/csv.hpp"
#include "io/sheet.hpp"

namespace stroma::io {
namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_missing(std::string_view text) {
  return read_cell(text).kind == Reading::empty || text == "NaN" || text == "nan";
}

struct Number {
  bool is = false;
  long double value = std::numeric_limits<long double>::quiet_NaN();
  std::string unit;
};

Number number_of(std::string_view text) {
  Number n;
  const std::string_view plain = text.starts_with('+') ? text.substr(1) : text;
  long double value = 0.0L;
  const auto [end, failed] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (failed != std::errc()) return n;
  const std::string_view number(plain.data(), static_cast<std::size_t>(end - plain.data()));
  const std::string_view rest = trim(plain.substr(number.size()));
  // The project's own reading of numbers decides what is one; this one only keeps more digits.
  const bool good =
      core::parse_number(number).error.empty() &&
      (rest.empty() || (core::parse_quantity(text).error.empty() && core::parse_quantity(text).has_unit));
  if (!good) return n;
  n.is = true;
  n.value = value;
  n.unit = std::string(rest);
  return n;
}

core::Diagnostic fault(const PlainColumn& column, std::size_t row, std::string code, std::string message,
                       std::string hint) {
  return {std::move(code), column.places[row], column.name, fmt::format("{}: {}", column.name, message),
          std::move(hint)};
}

/// A cell of words that instruments and spreadsheets write in place of a number.
bool stands_for_a_number(const ReadCell& cell) {
  return cell.kind == Reading::above || cell.kind == Reading::below ||
         (cell.kind == Reading::no_number && !cell.hint.empty());
}

core::Diagnostic not_a_number(const PlainColumn& column, std::size_t row, const ReadCell& cell) {
  const std::string& text = column.texts[row];
  // What other readers may take for a limit of a measurement has no place among numbers.
  const std::string missing =
      "leave the cell empty to count it as missing, and say so where you report the result";
  if (cell.kind == Reading::above || cell.kind == Reading::below)
    return fault(column, row, "beyond-range", fmt::format("'{}' is a limit and no number", text), missing);
  if (stands_for_a_number(cell)) {
    const bool spelling = text.find_first_of(",#") != std::string::npos;
    return fault(column, row, "not-a-number", cell.why, spelling ? cell.hint : missing);
  }
  const std::string why = core::parse_quantity(text).error;  // names an unknown unit
  return fault(column, row, "not-a-number", why.empty() ? cell.why : why,
               "correct the cell, or leave it empty if the value is missing");
}

/// All numbers of a column must have the unit that most of them have.
void require_one_unit(PlainColumn& column, const std::vector<std::pair<std::size_t, std::string>>& units) {
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const auto& [row, unit] : units) {
    const auto known =
        std::find_if(counts.begin(), counts.end(), [&unit = unit](const auto& c) { return c.first == unit; });
    if (known == counts.end())
      counts.emplace_back(unit, 1);
    else
      ++known->second;
  }
  if (counts.empty()) return;
  const auto most = std::max_element(counts.begin(), counts.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  column.unit = most->first;
  for (const auto& [row, unit] : units) {
    if (unit == column.unit) continue;
    const std::string& text = column.texts[row];
    if (unit == "%" || (column.unit == "%" && unit.empty())) {
      const double value = static_cast<double>(column.values[row]);
      column.faults.push_back(fault(
          column, row, "percent-or-fraction",
          unit == "%"
              ? fmt::format(
                    "'{}' stands among numbers without unit: it is {:g} if they are fractions and {:g} if "
                    "they are per cent",
                    text, 0.01 * value, value)
              : fmt::format(
                    "'{}' stands among percentages: it could mean {:g} % or the fraction {:g}, which is "
                    "{:g} %",
                    text, value, value, 100.0 * value),
          "write the whole column in per cent, or the whole column as fractions"));
    } else {
      column.faults.push_back(fault(column, row, "two-units",
                                    fmt::format("'{}' {} where the other cells have {}", text,
                                                unit.empty() ? "has no unit" : fmt::format("is in {}", unit),
                                                column.unit.empty() ? "no unit" : column.unit),
                                    "write the whole column in one unit"));
    }
    column.values[row] = std::numeric_limits<long double>::quiet_NaN();
  }
}

PlainColumn read_column(const core::Table& table, std::size_t index) {
  PlainColumn column;
  column.name = std::string(trim(table.header[index].text));
  column.place = table.place(table.header[index]);
  std::vector<std::pair<std::size_t, std::string>> units;
  std::size_t other = 0, in_place = 0;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const core::Cell& cell = table.rows[row][index];
    const std::string_view text = trim(cell.text);
    const bool missing = is_missing(text);
    column.texts.emplace_back(missing ? std::string_view() : text);
    column.places.push_back(table.place(cell));
    column.values.push_back(std::numeric_limits<long double>::quiet_NaN());
    if (missing) {
      ++column.missing;
      continue;
    }
    const Number number = number_of(text);
    if (number.is) {
      column.values.back() = number.value;
      units.emplace_back(row, number.unit);
      continue;
    }
    const ReadCell cell_read = read_cell(text);
    ++(stands_for_a_number(cell_read) ? in_place : other);
    column.faults.push_back(not_a_number(column, row, cell_read));
  }
  column.is_number = other == 0 ? units.size() + in_place > 0 : units.size() >= other;
  require_one_unit(column, units);
  return column;
}

}  // namespace

const PlainColumn* PlainTable::find(std::string_view name) const {
  for (const PlainColumn& column : columns)
    if (column.name == name) return &column;
  return nullptr;
}

PlainTable read_plain_table(std::string_view text, std::string file, core::Diagnostics& problems) {
  CsvOptions options;
  if (text.substr(0, text.find('\n')).find('\t') != std::string_view::npos) options.delimiter = '\t';
  const core::Table table = read_csv(text, file, options, problems);
  PlainTable out;
  out.file = std::move(file);
  out.rows = table.rows.size();
  for (std::size_t i = 0; i < table.header.size(); ++i) {
    PlainColumn column = read_column(table, i);
    if (const PlainColumn* twin = out.find(column.name)) {
      problems.add(
          "duplicate-column", column.place, column.name,
          fmt::format("column '{}' is there twice (first at column {})", column.name, twin->place.column),
          "give every column its own name");
    }
    out.columns.push_back(std::move(column));
  }
  if (out.rows == 0 && problems.empty())
    problems.add("no-rows", {out.file, 1, 0}, "", "the table has a header and no rows",
                 "add the data below the header");
  return out;
}

}  // namespace stroma::io
