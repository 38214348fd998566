#include "core/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "core/columns.hpp"

namespace stroma::core {

std::optional<std::size_t> Table::column(std::string_view name) const {
  for (std::size_t i = 0; i < header.size(); ++i)
    if (header[i].text == name) return i;
  return std::nullopt;
}

namespace {

/// `known`: all of them.
bool check_names(const Table& table, const std::vector<std::string_view>& required,
                 const std::vector<std::string>& known, Diagnostics& problems) {
  std::unordered_map<std::string_view, int> first_at;  // a header may have tens of thousands of columns
  for (std::size_t i = 0; i < table.header.size(); ++i) {
    const Cell& cell = table.header[i];
    if (std::find(known.begin(), known.end(), cell.text) == known.end())
      problems.add("unknown-column", table.place(cell), cell.text,
                   fmt::format("unknown column '{}'", cell.text), did_you_mean(cell.text, known));
    if (const auto [twin, fresh] = first_at.insert({cell.text, cell.column}); !fresh)
      problems.add("duplicate-column", table.place(cell), cell.text,
                   fmt::format("column '{}' is there twice (first at column {})", cell.text, twin->second));
  }
  bool complete = true;
  for (std::string_view name : required) {
    if (table.column(name)) continue;
    complete = false;
    problems.add("missing-column", {table.file, 1, 0}, std::string(name),
                 fmt::format("column '{}' is missing", name));
  }
  return complete;
}

}  // namespace

bool check_columns(const Table& table, std::initializer_list<std::string_view> required,
                   std::initializer_list<std::string_view> optional, Diagnostics& problems) {
  std::vector<std::string> known(required.begin(), required.end());
  known.insert(known.end(), optional.begin(), optional.end());
  return check_names(table, required, known, problems);
}

bool check_columns(const Table& table, const Keys& columns, Diagnostics& problems) {
  std::vector<std::string_view> required;
  for (const Key& column : columns.all)
    if (column.is_required) required.push_back(column.name);
  return check_names(table, required, columns.names(), problems);
}

const Cell* Row::cell(std::string_view column) const {
  const auto index = table_.column(column);
  return index && *index < cells_.size() ? &cells_[*index] : nullptr;
}

Place Row::place(std::string_view column) const {
  const Cell* found = cell(column);
  return found != nullptr ? table_.place(*found) : place();
}

void Row::wrong(std::string_view column, std::string code, std::string message, std::string hint) const {
  problems_.add(std::move(code), place(column), std::string(column), fmt::format("{}: {}", column, message),
                std::move(hint));
}

std::string Row::text(std::string_view column) const {
  const Cell* found = cell(column);
  return found != nullptr ? found->text : std::string();
}

std::string Row::required_text(std::string_view column) const {
  std::string value = text(column);
  if (value.empty()) wrong(column, "empty", "must not be empty");
  return value;
}

double Row::quantity(std::string_view column, Dimension dim, Range range) const {
  const std::string value = text(column);
  if (value.empty()) {
    wrong(column, "empty", fmt::format("must not be empty; expected {}", describe(dim)));
    return 0.0;
  }
  return check_quantity(value, dim, range, place(column), column, problems_).value_or(0.0);
}

double Row::quantity_or(std::string_view column, Dimension dim, Range range, double fallback) const {
  return text(column).empty() ? fallback : quantity(column, dim, range);
}

std::string Row::choice(std::string_view column, const std::vector<std::string>& choices) const {
  const std::string value = text(column);
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return value;
  wrong(column, "unknown-value", fmt::format("'{}' is not known here", value), did_you_mean(value, choices));
  return {};
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    std::string_view part = text.substr(0, end);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace stroma::core
