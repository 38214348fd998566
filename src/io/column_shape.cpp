#include "io/column_shape.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "io/sheet.hpp"

namespace stroma::io {
namespace {

/// Levels that say yes or no.
bool says_yes_or_no(const std::map<std::string, std::size_t>& levels) {
  static const std::set<std::string> words{"0", "1", "yes", "no", "true", "false", "y", "n"};
  return levels.size() <= 2 && std::all_of(levels.begin(), levels.end(), [](const auto& level) {
           return words.contains(plain_name(level.first));
         });
}

}  // namespace

ColumnShape shape_of(const PlainColumn& column) {
  ColumnShape shape;
  std::map<std::string, std::size_t> levels;
  std::set<long double> numbers;
  shape.whole = shape.increasing = column.is_number;
  long double before = -std::numeric_limits<long double>::infinity();
  for (std::size_t row = 0; row < column.texts.size(); ++row) {
    if (column.texts[row].empty()) continue;
    ++levels[column.texts[row]];
    ++shape.filled;
    const long double value = column.values[row];
    if (!column.is_number || std::isnan(value)) continue;
    shape.whole = shape.whole && value == std::floor(value);
    shape.increasing = shape.increasing && value > before;
    before = value;
    numbers.insert(value);
  }
  shape.fractions = column.is_number && !shape.whole;
  shape.levels = levels.size();
  if (!levels.empty()) shape.least = shape.filled;
  for (const auto& [text, count] : levels) {
    shape.least = std::min(shape.least, count);
    shape.most = std::max(shape.most, count);
  }
  shape.numbered = shape.whole && numbers.size() >= 2 && *numbers.begin() >= 0.0L &&
                   *numbers.begin() <= 1.0L &&
                   *numbers.rbegin() - *numbers.begin() + 1.0L == static_cast<long double>(numbers.size());
  shape.flag = !levels.empty() && says_yes_or_no(levels);
  return shape;
}

ColumnRole plausible_role(const PlainColumn& column) {
  const ColumnRole role = role_of_column(column.name);
  if (role == ColumnRole::unknown || role == ColumnRole::group || role == ColumnRole::status) return role;
  const ColumnShape shape = shape_of(column);
  switch (role) {
    case ColumnRole::index:
      return shape.increasing && shape.whole ? role : ColumnRole::unknown;
    case ColumnRole::replicate:
      return !column.is_number || (shape.numbered && !shape.flag) || shape.levels == 1 ? role
                                                                                       : ColumnRole::unknown;
    case ColumnRole::subject:
    case ColumnRole::block:
      return shape.fractions || (shape.flag && shape.levels < shape.filled && shape.most > 2)
                 ? ColumnRole::unknown
                 : role;
    case ColumnRole::well:
      return column.is_number && !shape.whole ? ColumnRole::unknown : role;
    default:
      return role;
  }
}

std::string listed(const std::vector<const PlainColumn*>& columns) {
  std::vector<std::string> names;
  for (const PlainColumn* c : columns) names.push_back(fmt::format("'{}'", c->name));
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace stroma::io
