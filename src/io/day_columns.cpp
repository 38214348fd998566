#include "io/day_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/units.hpp"

namespace stroma::io {
namespace {

bool digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "5", "-3", "day 5", "d5", "5 d", "week 2": the day that a header names.
std::optional<double> day_of(const std::string& header) {
  const core::ParsedNumber number = core::parse_number(header);
  if (number.error.empty()) return number.value;
  const std::string plain = plain_name(header);
  for (const auto& [word, days] : {std::pair<std::string_view, double>{"days", 1.0},
                                   {"day", 1.0},
                                   {"weeks", 7.0},
                                   {"week", 7.0},
                                   {"wk", 7.0},
                                   {"d", 1.0}})
    for (const bool before : {true, false}) {
      const bool named = before ? plain.starts_with(word) : plain.ends_with(word);
      if (!named) continue;
      const std::string rest =
          before ? plain.substr(word.size()) : plain.substr(0, plain.size() - word.size());
      if (digits(rest)) return days * core::parse_number(rest).value;
    }
  return std::nullopt;
}

bool is_decimal_comma(const std::string& text) {
  const std::size_t at = text.find(',');
  if (at == std::string::npos || text.find(',', at + 1) != std::string::npos) return false;
  std::string_view whole(text.data(), at);
  if (whole.starts_with('-') || whole.starts_with('<')) whole.remove_prefix(1);
  return digits(whole) && digits(std::string_view(text).substr(at + 1));
}

struct Days {
  std::vector<std::size_t> columns;
  std::vector<double> days;
};

// Three or more rising days among the cells of a header.
Days days_among(const std::vector<core::Cell>& header) {
  Days out;
  for (std::size_t i = 0; i < header.size(); ++i)
    if (const auto day = day_of(header[i].text)) {
      if (!out.days.empty() && *day <= out.days.back()) return {};
      out.columns.push_back(i);
      out.days.push_back(*day);
    }
  return out.days.size() >= 3 ? out : Days{};
}

bool has_number(const std::vector<core::Cell>& row, const Days& days) {
  return std::any_of(days.columns.begin(), days.columns.end(), [&](std::size_t c) {
    return c < row.size() &&
           (read_cell(row[c].text).kind == Reading::number || is_decimal_comma(row[c].text));
  });
}

}  // namespace

std::optional<core::Table> days_as_lines(const Sheet& sheet, core::Understanding& understanding) {
  if (sheet.lines.size() < 2) return std::nullopt;
  const std::vector<core::Cell>& header = sheet.lines.front();
  const Days days = days_among(header);
  if (days.days.empty()) return std::nullopt;
  std::vector<std::size_t> kept;
  core::Table out{sheet.file, {}, {}};
  for (std::size_t i = 0; i < header.size(); ++i) {
    const bool is_day = std::find(days.columns.begin(), days.columns.end(), i) != days.columns.end();
    if (is_day || header[i].text.empty()) continue;
    kept.push_back(i);
    out.header.push_back(header[i]);
  }
  const int first = header.front().line;
  out.header.push_back({"day", first, header[days.columns.front()].column});
  out.header.push_back({"volume", first, header[days.columns.front()].column});
  for (std::size_t r = 1; r < sheet.lines.size(); ++r) {
    const std::vector<core::Cell>& row = sheet.lines[r];
    const int line = row.front().line;
    if (!has_number(row, days)) {
      understanding.found("left out", fmt::format("line {}, which has no number below any day", line));
      continue;
    }
    for (std::size_t d = 0; d < days.days.size(); ++d) {
      std::vector<core::Cell> made;
      for (const std::size_t k : kept) made.push_back(k < row.size() ? row[k] : core::Cell{{}, line, 0});
      const std::size_t c = days.columns[d];
      const core::Cell value = c < row.size() ? row[c] : core::Cell{{}, line, 0};
      made.push_back({fmt::format("{}", days.days[d]), line, value.column});
      made.push_back(value);
      out.rows.push_back(std::move(made));
    }
  }
  understanding.found("table", fmt::format("one line per animal, {} columns of days ({:g} to {:g})",
                                           days.days.size(), days.days.front(), days.days.back()));
  return out;
}

void leave_out_marked(core::Table& table, core::Understanding& understanding) {
  constexpr std::array<std::string_view, 8> said{"x", "yes", "y", "true", "1", "use", "include", "+"};
  constexpr std::array<std::string_view, 3> kept_by{"use", "include", "included"};
  constexpr std::array<std::string_view, 5> dropped_by{"exclude", "excluded", "omit", "omitted", "skip"};
  const auto one_of = [](const auto& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  for (std::size_t c = 0; c < table.header.size(); ++c) {
    const std::string name = plain_name(table.header[c].text);
    const bool keeps = one_of(kept_by, name);
    if (!keeps && !one_of(dropped_by, name)) continue;
    constexpr std::array<std::string_view, 6> unsaid{"", "no", "n", "false", "0", "exclude"};
    const bool marks = std::all_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
      const std::string cell = plain_name(row[c].text);
      return one_of(said, cell) || one_of(unsaid, cell);
    });
    if (!marks) continue;
    std::vector<int> lines;
    std::erase_if(table.rows, [&](const std::vector<core::Cell>& row) {
      const bool out = one_of(said, plain_name(row[c].text)) != keeps;
      if (out && (lines.empty() || lines.back() != row[c].line)) lines.push_back(row[c].line);
      return out;
    });
    std::string listed;
    for (std::size_t i = 0; i < std::min<std::size_t>(lines.size(), 10); ++i)
      listed += fmt::format("{}{}", i == 0 ? "" : ", ", lines[i]);
    if (!lines.empty())
      understanding.found("left out", fmt::format("{} line{} by column '{}': {}{}", lines.size(),
                                                  lines.size() == 1 ? "" : "s", table.header[c].text, listed,
                                                  lines.size() > 10 ? ", ..." : ""));
  }
}

}  // namespace stroma::io
