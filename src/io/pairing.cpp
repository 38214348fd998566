#include "io/pairing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "io/column_shape.hpp"

namespace stroma::io {
namespace {

using Cell = std::array<std::vector<long double>, 2>;  // the values of one label in both groups

[[noreturn]] void refuse(const PlainTable& table, std::string code, std::string message, std::string hint) {
  throw core::InputError({{std::move(code), {table.file, 1, 0}, "", std::move(message), std::move(hint)}});
}

/// The column whose labels stand in both groups: the one of subjects, of blocks, or the only other one that
/// has each label once in each group.
const PlainColumn* column_of_pairs(const PlainTable& table, const GroupColumns& columns,
                                   const GroupRows& rows, const ColumnOptions& o, bool& assumed) {
  if (const PlainColumn* subject = choose_subject(table, o);
      subject != nullptr && subject != columns.value && subject != columns.group)
    if (!o.subject.empty() || columns.wide_table() || crossing_of(rows, *subject).shared > 0) return subject;
  if (!o.block.empty()) return column_named(table, o.block, "--block");
  for (const ColumnRole role :
       {ColumnRole::block, ColumnRole::replicate, ColumnRole::time, ColumnRole::unknown}) {
    std::vector<const PlainColumn*> found;
    for (const PlainColumn& c : table.columns) {
      if (plausible_role(c) != role || &c == columns.value || &c == columns.group) continue;
      const Crossing x = crossing_of(rows, c);
      const bool labels = !c.is_number || shape_of(c).whole;
      if (labels && x.repeated == 0 && x.shared >= 2 && 2 * x.shared >= x.labels) found.push_back(&c);
    }
    if (found.size() == 1) {
      assumed = role != ColumnRole::block;
      return found.front();
    }
    if (found.size() > 1 && !columns.wide_table()) {
      std::vector<core::Choice> readings;
      for (const PlainColumn* c : found)
        readings.push_back({fmt::format("pairs by '{}'", c->name), "--subject " + as_argument(c->name)});
      ask(table, "not-paired", fmt::format("several columns could name the pairs: {}", listed(found)),
          o.command, readings);
    }
  }
  return nullptr;
}

/// Labels by the place of a value in its group, for tables in which nothing names the pairs.
std::vector<std::string> labels_by_order(const PlainTable& table, const GroupRows& rows) {
  std::array<std::size_t, 2> n{0, 0};
  std::vector<std::string> labels;
  for (const std::size_t group : rows.group) labels.push_back(std::to_string(++n[group]));
  if (n[0] != n[1])
    refuse(table, "not-paired",
           fmt::format("'{}' has {} rows and '{}' has {}, and no column says which belong together",
                       rows.names[0], n[0], rows.names[1], n[1]),
           "add a column of subjects, or name it with --subject");
  return labels;
}

}  // namespace

Pairing pair_up(const PlainTable& table, const GroupColumns& columns, const ColumnOptions& o,
                core::Understanding& facts) {
  core::Understanding names;
  const GroupRows rows = rows_of(table, columns, o, names, true);
  if (rows.names.size() != 2)
    refuse(table, "not-two-groups",
           fmt::format("{} group{} in the table; pairs need 2", rows.names.size(),
                       rows.names.size() == 1 ? " is" : "s are"),
           "choose two with --where GROUP=A,B or --columns A,B");
  Pairing p;
  p.names = rows.names;
  bool assumed = false;
  p.by = column_of_pairs(table, columns, rows, o, assumed);
  std::vector<std::string> labels;
  if (p.by != nullptr)
    for (const std::size_t row : rows.row) labels.push_back(p.by->texts[row]);
  else if (columns.wide_table())
    for (const std::size_t row : rows.row) labels.push_back(std::to_string(row + 1));
  else
    labels = labels_by_order(table, rows);
  std::vector<std::string> order;
  std::map<std::string, Cell> cells;
  std::size_t unlabelled = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (labels[i].empty()) {
      ++unlabelled;
      continue;
    }
    const auto [at, fresh] = cells.try_emplace(labels[i]);
    if (fresh) order.push_back(labels[i]);
    if (!std::isnan(rows.value[i])) at->second[rows.group[i]].push_back(rows.value[i]);
  }
  std::size_t averaged = 0;
  for (const std::string& label : order) {
    const Cell& cell = cells.at(label);
    for (std::size_t g = 0; g < 2; ++g) {
      if (cell[g].size() < 2) continue;
      ++averaged;
      if (!o.per_subject)
        ask(table, "not-independent",
            fmt::format("'{}' of '{}' has several values in '{}'; a pair needs one", label, p.by->name,
                        p.names[g]),
            o.command,
            {{fmt::format("the mean of each '{}' in a group is its value", p.by->name), "--per-subject"}});
    }
    if (cell[0].empty() && cell[1].empty()) continue;
    if (cell[0].empty() || cell[1].empty()) {
      p.incomplete.push_back(label);
      continue;
    }
    const auto mean = [](const std::vector<long double>& values) {
      long double sum = 0.0L;
      for (const long double v : values) sum += v;
      return sum / static_cast<long double>(values.size());
    };
    p.first.push_back(mean(cell[0]));
    p.second.push_back(mean(cell[1]));
    p.labels.push_back(label);
  }
  Units said;
  said.subject = p.by;
  said.rows.names = rows.names;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!std::isnan(rows.value[i])) {
      said.rows.group.push_back(rows.group[i]);
      said.rows.value.push_back(rows.value[i]);
    }
  say_columns(table, columns, o, said, facts);
  facts.append(names);
  const std::string how =
      p.by != nullptr
          ? fmt::format("by column '{}'{}", p.by->name, averaged > 0 ? ", means of several values" : "")
      : columns.wide_table()
          ? std::string("row by row")
          : std::string("the first value of one group with the first of the other, and so on");
  const std::string what = fmt::format("{}: {} complete", how, p.first.size());
  if (!o.subject.empty())
    facts.given("pairs", what, "--subject");
  else if (p.by != nullptr && !assumed)
    facts.found("pairs", what, "--subject");
  else
    facts.assumed("pairs", what, "--subject");
  if (!p.incomplete.empty()) {
    constexpr std::size_t most = 8;
    std::vector<std::string> some(
        p.incomplete.begin(),
        p.incomplete.begin() + static_cast<std::ptrdiff_t>(std::min(most, p.incomplete.size())));
    facts.found("left out", fmt::format("{} without a partner: {}{}", p.incomplete.size(),
                                        fmt::join(some, ", "), p.incomplete.size() > most ? " ..." : ""));
  }
  if (unlabelled > 0) facts.found("left out", fmt::format("{} rows without '{}'", unlabelled, p.by->name));
  return p;
}

}  // namespace stroma::io
