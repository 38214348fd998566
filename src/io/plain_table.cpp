#include "io/plain_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <set>
#include <unordered_map>
#include <utility>

#include "core/units.hpp"
#include "io/csv.hpp"
#include "io/decimal_commas.hpp"
#include "io/replicate_columns.hpp"
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

/// Words that stand for nothing among numbers, and may name a group among words: "none" beside "drug", "-"
/// beside "+".
bool could_be_a_name(std::string_view text) {
  std::string word(text);
  for (char& c : word)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return word == "none" || word == "empty" || word == "-";
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

/// A number that is too large or too small for a double is still meant as one.
bool is_out_of_range(std::string_view text) {
  double value = 0.0;
  const std::string_view plain = text.starts_with('+') ? text.substr(1) : text;
  const bool digits = plain.find_first_of("0123456789") != std::string_view::npos;
  const auto [end, failed] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  return digits && failed != std::errc::invalid_argument && end == plain.data() + plain.size();
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

/// In a column of words "none" and "empty" are words like others, and so is "-" where "+" is one of them.
void take_names(PlainColumn& column, const core::Table& table, std::size_t index) {
  const bool plus = std::find(column.texts.begin(), column.texts.end(), "+") != column.texts.end();
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const std::string_view text = trim(table.rows[row][index].text);
    if (!column.texts[row].empty() || !could_be_a_name(text) || (text == "-" && !plus)) continue;
    column.texts[row] = text;
    --column.missing;
    column.faults.push_back(not_a_number(column, row, read_cell(text)));
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
    column.padded += text.size() < cell.text.size() ? 1 : 0;
    const ReadCell cell_read = read_cell(text);
    ++(stands_for_a_number(cell_read) || is_out_of_range(text) ? in_place : other);
    column.faults.push_back(not_a_number(column, row, cell_read));
  }
  column.is_number = other == 0 ? units.size() + in_place > 0 : units.size() >= other;
  if (!column.is_number) take_names(column, table, index);
  require_one_unit(column, units);
  return column;
}

constexpr char kRowNames[] = "row.names";
constexpr std::size_t most_cells = 4'000'000;  // a number takes some 150 bytes with its place and spelling

/// Of comma, semicolon and tab the one that stands most often in the first line, outside quotation marks.
char delimiter_of_header(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of("\r\n"), text.size());
  std::size_t commas = 0, semicolons = 0, tabs = 0;
  bool quoted = false;
  for (const char c : text.substr(begin)) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n') break;
    commas += c == ',' ? 1 : 0;
    semicolons += c == ';' ? 1 : 0;
    tabs += c == '\t' ? 1 : 0;
  }
  if (tabs > 0 && tabs >= std::max(commas, semicolons)) return '\t';
  return semicolons > commas ? ';' : ',';
}

/// Whether the first line is quoted words with blanks between them, as R's write.table writes without a
/// `sep`.
bool has_blanks_between(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  return line.find(',') == std::string_view::npos && line.find("\" \"") != std::string_view::npos;
}

bool all_distinct(const std::vector<std::string_view>& names) {
  return std::set<std::string_view>(names.begin(), names.end()).size() == names.size();
}

/// Whether every row has one cell more than the header, the first of them a name: what R's write.table makes.
/// Between commas the names must be quoted, since decimal commas make one cell too many as well.
bool lacks_a_name(std::string_view text, const CsvOptions& options) {
  if (text.empty()) return false;
  core::Diagnostics ignored;
  const std::size_t second_line_end = text.find('\n', std::min(text.find('\n'), text.size() - 1) + 1);
  const auto first = read_records(text.substr(0, second_line_end), "", options, ignored);
  if (first.size() != 2 || first[1].size() != first[0].size() + 1) return false;
  const auto lines = read_records(text, "", options, ignored);
  std::vector<std::string_view> names;
  bool ends_empty = true;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].size() != lines[0].size() + 1) return false;
    names.emplace_back(lines[i][0].text);
    ends_empty = ends_empty && lines[i].back().text.empty();
  }
  if (ends_empty || !all_distinct(names)) return false;
  if (options.delimiter != ',') return true;
  for (std::size_t i = 1; i < text.size(); ++i)
    if (text[i - 1] == '\n' && text[i] != '"' && text[i] != '\n' && text[i] != '\r') return false;
  return true;
}

/// Whether the first column is one that programs add to count or name the rows.
bool counts_rows(const core::Table& table) {
  if (table.header.size() < 2) return false;
  const std::string_view name = table.header[0].text;
  constexpr std::array<std::string_view, 4> known{kRowNames, "rownames", "Unnamed: 0", "...1"};
  if (std::find(known.begin(), known.end(), name) == known.end()) return false;
  std::vector<std::string_view> names;
  for (const std::vector<core::Cell>& row : table.rows) names.emplace_back(row[0].text);
  return all_distinct(names);
}

/// GraphPad names the first column of a group and leaves the names of its other replicates empty: gives them
/// the name of the first where at least two groups are written so. Returns how many columns were named.
std::size_t name_replicates(core::Table& table) {
  std::size_t groups = 0, columns = 0;
  for (std::size_t i = 2; i < table.header.size(); ++i) {
    if (!table.header[i].text.empty()) continue;
    const bool filled = std::any_of(table.rows.begin(), table.rows.end(),
                                    [&](const auto& row) { return !trim(row[i].text).empty(); });
    if (!filled) return 0;
    ++columns;
    groups += table.header[i - 1].text.empty() ? 0 : 1;
  }
  if (groups < 2) return 0;
  for (std::size_t i = 2; i < table.header.size(); ++i)
    if (table.header[i].text.empty()) table.header[i].text = table.header[i - 1].text;
  return columns;
}

}  // namespace

const PlainColumn* PlainTable::find(std::string_view name) const {
  for (const PlainColumn& column : columns)
    if (column.name == name) return &column;
  return nullptr;
}

PlainTable read_plain_table(std::string_view text, std::string file, core::Diagnostics& problems) {
  CsvOptions options;
  options.delimiter = delimiter_of_header(text);
  options.cell_limit = most_cells;
  if (options.delimiter == ',' && has_blanks_between(text)) {
    problems.add("wrong-delimiter", {file, 1, 1}, {}, "the columns are separated by blanks; expected a comma",
                 "save the table with commas or tabs (in R: write.csv, or write.table with sep = \"\\t\")");
    PlainTable none;
    none.file = std::move(file);
    return none;
  }
  std::string named;  // the text with a name for the column that write.table left without one
  if (lacks_a_name(text, options)) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    text = named = std::string(kRowNames) + options.delimiter + std::string(text);
  }
  core::Diagnostics form;
  core::Table table = read_csv(text, file, options, form);
  const bool no_name = table.header.size() > 1 && table.header[0].text.empty();
  const std::size_t named_on = name_replicates(table);
  for (const core::Diagnostic& problem : form.entries())
    if (table.header.empty() || problem.place.line != table.header[0].line ||
        !((named_on > 0 && (problem.code == "empty-column-name" || problem.code == "trailing-delimiter")) ||
          (no_name && problem.code == "empty-column-name" && problem.place.column == table.header[0].column)))
      problems.add(problem);
  PlainTable out;
  out.file = std::move(file);
  out.rows = table.rows.size();
  out.decimal_commas = write_points(table, options.delimiter);
  const bool has_row_names = no_name || counts_rows(table);
  if (has_row_names)
    for (const std::vector<core::Cell>& row : table.rows) out.row_names.emplace_back(trim(row[0].text));
  core::Diagnostics twins;
  std::unordered_map<std::string, int> first_at;
  for (std::size_t i = has_row_names ? 1 : 0; i < table.header.size(); ++i) {
    PlainColumn column = read_column(table, i);
    if (!named.empty()) column.place.column -= static_cast<int>(std::size(kRowNames));
    const auto [twin, fresh] = first_at.insert({column.name, column.place.column});
    if (!fresh)
      twins.add("duplicate-column", column.place, column.name,
                fmt::format("column '{}' is there twice (first at column {})", column.name, twin->second),
                "give every column its own name");
    out.columns.push_back(std::move(column));
  }
  if (!twins.empty()) {
    if (auto grouped = replicates_as_rows(out); grouped && problems.empty()) return std::move(grouped->table);
    for (const core::Diagnostic& twin : twins.entries()) problems.add(twin);
  }
  require_rows(table, problems);
  return out;
}

PlainTable select_rows(const PlainTable& table, const std::string& condition) {
  const std::size_t equals = condition.find('=');
  std::string name = condition.substr(0, equals);
  name.erase(name.find_last_not_of(' ') + 1);
  const PlainColumn* column = equals == std::string::npos ? nullptr : table.find(name);
  core::Diagnostics problems;
  if (column == nullptr) {
    std::vector<std::string> names;
    for (const PlainColumn& c : table.columns) names.push_back(c.name);
    problems.add("missing-column", {table.file, 1, 0}, name,
                 equals == std::string::npos
                     ? fmt::format("--where {}: expected COLUMN=VALUE", condition)
                     : fmt::format("--where: there is no column '{}'; the columns are {}", name,
                                   fmt::join(names, ", ")),
                 core::did_you_mean(name, names));
    problems.throw_if_any();
  }
  std::vector<char> keep(table.rows, 0);
  std::string_view rest = std::string_view(condition).substr(equals + 1);
  const std::set<std::string> levels(column->texts.begin(), column->texts.end());
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string_view wanted = trim(rest.substr(0, comma));
    const Number number = number_of(wanted);
    bool found = false;
    for (std::size_t row = 0; row < table.rows; ++row)
      if (column->texts[row] == wanted || (number.is && column->values[row] == number.value))
        keep[row] = 1, found = true;
    if (!found) {
      std::vector<std::string> some;
      for (const std::string& level : levels)
        if (!level.empty() && some.size() < 12) some.push_back(level);
      problems.add("unknown-value", column->place, name,
                   fmt::format("--where: no row has '{}' in '{}'; there are {}{}", wanted, name,
                               fmt::join(some, ", "), levels.size() > some.size() + 1 ? " ..." : ""),
                   core::did_you_mean(std::string(wanted), some));
    }
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  problems.throw_if_any();
  PlainTable out = table;
  out.rows = 0;
  out.row_names.clear();
  std::set<int> lines;
  for (PlainColumn& c : out.columns) {
    c.texts.clear();
    c.values.clear();
    c.places.clear();
    c.missing = 0;
    c.shape.reset();
  }
  for (std::size_t row = 0; row < table.rows; ++row) {
    if (keep[row] == 0) continue;
    ++out.rows;
    lines.insert(column->places[row].line);
    if (!table.row_names.empty()) out.row_names.push_back(table.row_names[row]);
    for (std::size_t i = 0; i < out.columns.size(); ++i) {
      const PlainColumn& from = table.columns[i];
      out.columns[i].texts.push_back(from.texts[row]);
      out.columns[i].values.push_back(from.values[row]);
      out.columns[i].places.push_back(from.places[row]);
      out.columns[i].missing += from.texts[row].empty() ? 1 : 0;
    }
  }
  for (PlainColumn& c : out.columns)
    std::erase_if(c.faults, [&](const core::Diagnostic& fault) { return !lines.contains(fault.place.line); });
  return out;
}

}  // namespace stroma::io
