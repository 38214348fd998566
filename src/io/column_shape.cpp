#include "io/column_shape.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <set>
#include <string_view>
#include <unordered_map>

#include "io/sheet.hpp"

namespace stroma::io {
namespace {

using Levels = std::unordered_map<std::string_view, std::size_t>;

/// Levels that say yes or no.
bool says_yes_or_no(const Levels& levels) {
  static const std::set<std::string> words{"0", "1", "yes", "no", "true", "false", "y", "n"};
  return !levels.empty() && levels.size() <= 2 &&
         std::all_of(levels.begin(), levels.end(),
                     [](const auto& level) { return words.contains(plain_name(level.first)); });
}

ColumnShape look_at(const PlainColumn& column) {
  ColumnShape shape;
  Levels levels;
  shape.whole = shape.increasing = column.is_number;
  long double before = -std::numeric_limits<long double>::infinity(), low = -before, high = before;
  for (std::size_t row = 0; row < column.texts.size(); ++row) {
    if (column.texts[row].empty()) continue;
    ++levels[column.texts[row]];
    ++shape.filled;
    const long double value = column.values[row];
    if (!column.is_number || std::isnan(value)) continue;
    shape.whole = shape.whole && value == std::floor(value);
    shape.increasing = shape.increasing && value > before;
    before = value;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  shape.fractions = column.is_number && !shape.whole;
  shape.levels = levels.size();
  if (!levels.empty()) shape.least = shape.filled;
  for (const auto& [text, count] : levels) {
    shape.least = std::min(shape.least, count);
    shape.most = std::max(shape.most, count);
  }
  shape.numbered = shape.whole && levels.size() >= 2 && low >= 0.0L && low <= 1.0L &&
                   high - low + 1.0L == static_cast<long double>(levels.size());
  shape.flag = says_yes_or_no(levels);
  return shape;
}

/// Looks at one subject: numbered, they are repeats.
bool is_a_look(std::string_view name) {
  static const std::set<std::string> words{"section", "field", "fieldofview", "fov",       "image",
                                           "slide",   "roi",   "aliquot",     "injection", "reading"};
  return words.contains(plain_name(name));
}

/// Names of subjects that name a tissue or an arm as well.
bool also_a_tissue(std::string_view name) {
  static const std::set<std::string> words{"case",    "tumor",  "tumour", "sample",  "specimen", "clone",
                                           "culture", "biopsy", "plant",  "isolate", "organoid"};
  return words.contains(plain_name(name));
}

}  // namespace

ColumnShape shape_of(const PlainColumn& column) {
  if (column.shape == nullptr) column.shape = std::make_shared<const ColumnShape>(look_at(column));
  return *column.shape;
}

ColumnRole plausible_role(const PlainColumn& column) {
  const ColumnRole role = role_of_column(column.name);
  if (role == ColumnRole::unknown && is_a_look(column.name) && shape_of(column).numbered)
    return ColumnRole::replicate;
  if (role == ColumnRole::unknown || role == ColumnRole::group || role == ColumnRole::status) return role;
  const ColumnShape shape = shape_of(column);
  switch (role) {
    case ColumnRole::index:
      return shape.increasing && shape.whole ? role : ColumnRole::unknown;
    case ColumnRole::replicate:
      return !column.is_number || (shape.numbered && !shape.flag) || shape.levels == 1 ? role
                                                                                       : ColumnRole::unknown;
    case ColumnRole::subject:
      // "tumor" beside "normal", "case" beside "control" are measurements of a wide table: numbers under such
      // a name are labels only where they count.
      if (column.is_number && also_a_tissue(column.name) && !shape.numbered &&
          !(shape.whole && shape.increasing))
        return ColumnRole::unknown;
      [[fallthrough]];
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
