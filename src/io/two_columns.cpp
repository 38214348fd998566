#include "io/two_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "io/column_shape.hpp"
#include "io/sheet.hpp"

namespace stroma::io {
namespace {

using Columns = std::vector<const PlainColumn*>;

bool has_role(const PlainColumn& c, std::initializer_list<ColumnRole> roles) {
  return std::find(roles.begin(), roles.end(), plausible_role(c)) != roles.end();
}

/// A column called x beside one called y is no counter.
bool called_x_and_y(const Columns& two) {
  return two.size() == 2 && plain_name(two[0]->name) == "x" && plain_name(two[1]->name) == "y";
}

}  // namespace

TwoColumns choose_two(const PlainTable& table, const std::string& x, const std::string& y,
                      const std::string& command) {
  TwoColumns t;
  if (!x.empty()) t.x = column_named(table, x, "--x");
  if (!y.empty()) t.y = column_named(table, y, "--y");
  t.x_given = t.x != nullptr;
  t.y_given = t.y != nullptr;
  const std::size_t needed = (t.x == nullptr ? 1u : 0u) + (t.y == nullptr ? 1u : 0u);
  if (needed == 0) return t;
  Columns numbers;
  for (const PlainColumn& c : table.columns)
    if (c.is_number && &c != t.x && &c != t.y) numbers.push_back(&c);
  const Columns all = numbers;
  if (!called_x_and_y(numbers)) {
    const bool y_is_there =
        std::any_of(numbers.begin(), numbers.end(), [](const auto* c) { return plain_name(c->name) == "y"; });
    std::erase_if(numbers, [&](const PlainColumn* c) {
      if (y_is_there && plain_name(c->name) == "x") return false;  // perhaps no counter
      return has_role(*c, {ColumnRole::subject, ColumnRole::index, ColumnRole::block, ColumnRole::replicate,
                           ColumnRole::well});
    });
    if (numbers.size() > needed)
      std::erase_if(numbers, [](const PlainColumn* c) {
        return has_role(*c, {ColumnRole::time, ColumnRole::dose});
      });
  }
  if (numbers.size() != needed) {
    const Columns& could = numbers.size() < needed ? all : numbers;
    std::vector<core::Choice> readings;
    constexpr std::size_t most = 6;
    for (std::size_t i = 0; i < could.size() && readings.size() < most; ++i) {
      if (needed == 1) {
        readings.push_back({fmt::format("with '{}'", could[i]->name),
                            fmt::format("--{} {}", t.x == nullptr ? "x" : "y", as_argument(could[i]->name))});
        continue;
      }
      for (std::size_t j = i + 1; j < could.size() && readings.size() < most; ++j)
        readings.push_back(
            {fmt::format("'{}' and '{}'", could[i]->name, could[j]->name),
             fmt::format("--x {} --y {}", as_argument(could[i]->name), as_argument(could[j]->name))});
    }
    const std::string message =
        fmt::format("two columns of numbers are needed; those that could be: {}", listed(could));
    if (!readings.empty()) ask(table, "ambiguous-columns", message, command, readings);
    core::Diagnostics problems;
    problems.add("ambiguous-columns", {table.file, 1, 0}, "", message, "say which with --x and --y");
    problems.throw_if_any();
  }
  std::size_t next = 0;
  if (t.x == nullptr) t.x = numbers[next++];
  if (t.y == nullptr) t.y = numbers[next++];
  return t;
}

PairRows pair_rows(const PlainTable& table, const TwoColumns& columns, const ColumnOptions& options,
                   const std::string& method, core::Understanding& facts) {
  PairRows pairs;
  std::array<GroupRows, 2> rows;
  for (GroupRows& r : rows) r.names = {"pairs"};
  for (std::size_t row = 0; row < table.rows; ++row) {
    const long double x = columns.x->values[row], y = columns.y->values[row];
    pairs.incomplete += std::isnan(x) != std::isnan(y) ? 1 : 0;
    if (std::isnan(x) || std::isnan(y)) continue;
    rows[0].value.push_back(x);
    rows[1].value.push_back(y);
    for (GroupRows& r : rows) {
      r.group.push_back(0);
      r.row.push_back(row);
    }
  }
  GroupColumns taken;
  taken.value = columns.y;
  taken.wide = {columns.x};
  core::Understanding details, again;
  const Units units = units_of(table, taken, std::move(rows[1]), options, {method}, details);
  pairs.y = units.rows.value;
  pairs.x = units_of(table, taken, std::move(rows[0]), options, {method}, again).rows.value;
  pairs.subject = units.subject;
  const auto say = [&](const char* about, const PlainColumn& c, bool given) {
    const std::string what = fmt::format("column '{}'{}", c.name, c.unit.empty() ? "" : ", in " + c.unit);
    given ? facts.given(about, what, fmt::format("--{}", about))
          : facts.found(about, what, fmt::format("--{}", about));
  };
  say("x", *columns.x, columns.x_given);
  say("y", *columns.y, columns.y_given);
  facts.found("pairs", fmt::format("{} complete", pairs.x.size()));
  const std::string unused = unused_columns(table, {columns.x, columns.y, units.subject});
  if (!unused.empty()) facts.found("not used", unused);
  facts.append(details);
  return pairs;
}

}  // namespace stroma::io
