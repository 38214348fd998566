#include "io/sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "core/units.hpp"
#include "io/csv.hpp"

namespace stroma::io {
namespace {

// The square root of the largest number: squares and products of measurements must exist.
constexpr double largest_measurement = 1e150;

bool digit(char c) {
  return c >= '0' && c <= '9';
}

bool decimal_comma(std::string_view line, std::size_t at) {
  return at > 0 && at + 1 < line.size() && digit(line[at - 1]) && digit(line[at + 1]);
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string small_letters(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

template <std::size_t N>
bool one_of(const std::string& word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// What stands in a cell that may be a number: its digits before and after a comma or point.
struct Decimal {
  char mark = 0;  // ',' or '.', or 0 where the cell is no such number
  std::size_t at = 0, before = 0, after = 0;
  bool zero_before = false;
};

Decimal decimal_in(std::string_view text) {
  std::size_t i = text.find_first_not_of("+-<> ");
  if (i > 2) return {};  // none at all, too
  Decimal out;
  const std::size_t begin = i;
  while (i < text.size() && digit(text[i])) ++i;
  out.before = i - begin;
  if (out.before == 0 || i >= text.size() || (text[i] != ',' && text[i] != '.')) return {};
  out.at = i;
  const char mark = text[i++];
  while (i < text.size() && digit(text[i])) ++i;
  out.after = i - out.at - 1;
  if (out.after == 0) return {};
  if (i + 1 < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    std::size_t j = i + 1;
    if (text[j] == '+' || text[j] == '-') ++j;
    const std::size_t exponent = j;
    while (j < text.size() && digit(text[j])) ++j;
    if (j > exponent) i = j;
  }
  if (i < text.size() && text[i] != ' ' && text[i] != '%') return {};  // a unit or nothing may follow
  out.mark = mark;
  out.zero_before = out.before == 1 && text[begin] == '0';
  return out;
}

constexpr std::array<std::string_view, 7> nothing{"", "-", "na", "n/a", "n.a.", "none", "empty"};
constexpr std::array<std::string_view, 9> over{"over",  "ovrflw", "overflow",  "ovr",         "overflw",
                                               "*****", "sat",    "saturated", "out of range"};
constexpr std::array<std::string_view, 8> under{"<lod", "<loq", "<lloq", "blq",
                                                "bql",  "lod",  "bloq",  "under"};
constexpr std::array<std::string_view, 7> no_value{"nan", "inf", "-inf", "#n/a", "#div/0!", "#value!", "?"};

}  // namespace

char delimiter_of(std::string_view text) {
  constexpr std::array<char, 3> candidates{'\t', ';', ','};
  constexpr std::size_t enough = 50'000;  // bytes that are looked at
  std::array<std::size_t, 3> counts{};
  text = text.substr(0, enough);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool other = line.find_first_of("\t;") != std::string_view::npos;
    for (std::size_t i = 0; i < line.size(); ++i)
      for (std::size_t c = 0; c < candidates.size(); ++c)
        if (line[i] == candidates[c] && !(line[i] == ',' && other && decimal_comma(line, i))) ++counts[c];
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  return *most == 0 ? ',' : candidates[static_cast<std::size_t>(most - counts.begin())];
}

bool points_for_commas(std::vector<std::vector<core::Cell>>& lines) {
  std::size_t unmistakable = 0;
  for (const std::vector<core::Cell>& line : lines) {
    std::size_t points = 0, numbers = 0;
    for (const core::Cell& cell : line) {
      const Decimal number = decimal_in(cell.text);
      numbers += number.mark != 0 || core::parse_number(cell.text).error.empty();
      points += number.mark == '.';
      unmistakable += number.mark == ',' && (number.zero_before || number.after != 3);
    }
    if (points > 0 && numbers >= 2) return false;  // a line of readings has points
  }
  if (unmistakable == 0) return false;
  for (std::vector<core::Cell>& line : lines)
    for (core::Cell& cell : line)
      if (const Decimal number = decimal_in(cell.text); number.mark == ',') cell.text[number.at] = '.';
  return true;
}

Sheet read_sheet(const NamedText& from, core::Diagnostics& problems) {
  Sheet sheet;
  sheet.file = from.file;
  sheet.delimiter = delimiter_of(from.text);
  CsvOptions options;
  options.delimiter = sheet.delimiter;
  sheet.lines = read_records(from.text, from.file, options, problems);
  const bool there = !sheet.lines.empty();
  sheet.decimal_commas = points_for_commas(sheet.lines);
  for (std::vector<core::Cell>& line : sheet.lines)
    for (core::Cell& cell : line) cell.text = std::string(trim(cell.text));
  std::erase_if(sheet.lines, [](const std::vector<core::Cell>& line) {
    return std::all_of(line.begin(), line.end(), [](const core::Cell& cell) { return cell.text.empty(); });
  });
  if (there && sheet.lines.empty())
    problems.add("empty-file", {from.file, 1, 0}, {},
                 "the file holds nothing but delimiters; expected a table");
  return sheet;
}

ReadCell read_cell(std::string_view raw) {
  const std::string text(trim(raw));
  const std::string word = small_letters(text);
  if (one_of(word, nothing)) return {};
  if (const core::ParsedNumber number = core::parse_number(text); number.error.empty()) {
    if (std::abs(number.value) <= largest_measurement) return {Reading::number, number.value, {}, {}};
    return {Reading::no_number, 0.0,
            fmt::format("'{}' is no measurement: it is beyond {:g}", text.substr(0, 40), largest_measurement),
            "correct the cell, or leave it empty if the value is missing"};
  }
  if (text.starts_with('>') || text.starts_with('<'))
    if (const core::ParsedNumber limit = core::parse_number(trim(std::string_view(text).substr(1)));
        limit.error.empty())
      return {text.starts_with('>') ? Reading::above : Reading::below, limit.value, {}, {}};
  const auto no = [](std::string why, std::string hint) {
    return ReadCell{Reading::no_number, 0.0, std::move(why), std::move(hint)};
  };
  if (one_of(word, over))
    return no(fmt::format("'{}': beyond the instrument's range, and its limit is not said", text),
              "write the limit, such as '>3.5', or dilute and read again");
  if (one_of(word, under))
    return no(fmt::format("'{}': below the limit of detection, and the limit is not said", text),
              "write the limit, such as '<0.05'");
  if (text.find_first_not_of('#') == std::string::npos)
    return no(fmt::format("'{}' is what a spreadsheet shows where a column is too narrow; the number is lost",
                          text),
              "widen the column and export again");
  if (one_of(word, no_value)) return no(fmt::format("'{}' is no reading", text), "leave the cell empty");
  if (text.ends_with('%'))
    return no(fmt::format("'{}' is a percentage; expected a plain number", text),
              "write the numbers without % and say the unit in the header");
  const std::size_t comma = text.find(',');
  if (comma != std::string::npos) {
    std::string point = text;
    std::replace(point.begin(), point.end(), ',', '.');
    if (core::parse_number(point).error.empty())
      return no(fmt::format("'{}' has a decimal comma", text),
                fmt::format("write {}, or export with decimal points", point));
  }
  return no(fmt::format("'{}' is not a number", text.substr(0, 40)), {});
}

std::string plain_name(std::string_view text) {
  std::string out;
  for (const char c : small_letters(text))
    if (c != ' ' && c != '_' && c != '.' && c != '(' && c != ')' && c != '[' && c != ']' && c != '-' &&
        c != '*')
      out += c;
  return out;
}

}  // namespace stroma::io
