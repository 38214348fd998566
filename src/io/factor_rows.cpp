#include "io/factor_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "io/column_shape.hpp"

namespace stroma::io {
namespace {

using Columns = std::vector<const PlainColumn*>;

/// The columns that could be factors, those that say so first.
Columns candidates(const PlainTable& table, const ColumnOptions& o, std::size_t needed) {
  Columns sure, times, codes;
  std::size_t numbers = 0;
  for (const PlainColumn& c : table.columns) {
    const ColumnRole role = plausible_role(c);
    const ColumnShape shape = shape_of(c);
    numbers += c.is_number && (role == ColumnRole::unknown || role == ColumnRole::status) ? 1 : 0;
    if (c.name == o.value || c.name == o.subject || c.name == o.block || c.name == o.group ||
        c.name == o.group2 || shape.levels < 2 || shape.all_distinct())
      continue;
    if (role_of_column(c.name) == ColumnRole::group ||
        (!c.is_number && (role == ColumnRole::unknown || role == ColumnRole::status)))
      sure.push_back(&c);
    else if (role == ColumnRole::time || role == ColumnRole::dose)
      times.push_back(&c);
    else if (c.is_number && role == ColumnRole::unknown && shape.repeats())
      codes.push_back(&c);
  }
  if (sure.size() < needed) sure.insert(sure.end(), times.begin(), times.end());
  if (sure.size() < needed && numbers > codes.size()) sure.insert(sure.end(), codes.begin(), codes.end());
  return sure;
}

std::array<const PlainColumn*, 2> choose_factors(const PlainTable& table, const ColumnOptions& o) {
  std::array<const PlainColumn*, 2> by{};
  if (!o.group.empty()) by[0] = column_named(table, o.group, "--group");
  if (!o.group2.empty()) by[1] = column_named(table, o.group2, "--group2");
  const std::size_t needed = (by[0] == nullptr ? 1u : 0u) + (by[1] == nullptr ? 1u : 0u);
  if (needed == 0) return by;
  const Columns found = candidates(table, o, needed);
  if (found.size() != needed) {
    std::vector<core::Choice> readings;
    constexpr std::size_t most = 6;
    for (std::size_t i = 0; i < found.size() && readings.size() < most; ++i) {
      if (needed == 1) {
        readings.push_back(
            {fmt::format("'{}' is the other factor", found[i]->name),
             fmt::format("--{} {}", by[0] == nullptr ? "group" : "group2", as_argument(found[i]->name))});
        continue;
      }
      for (std::size_t j = i + 1; j < found.size() && readings.size() < most; ++j)
        readings.push_back({fmt::format("'{}' and '{}' are the factors", found[i]->name, found[j]->name),
                            fmt::format("--group {} --group2 {}", as_argument(found[i]->name),
                                        as_argument(found[j]->name))});
    }
    const std::string message =
        fmt::format("two columns of groups are needed; those that could be: {}", listed(found));
    if (!readings.empty()) ask(table, "ambiguous-columns", message, o.command, readings);
    core::Diagnostics problems;
    problems.add("ambiguous-columns", {table.file, 1, 0}, "", message,
                 "say which with --group and --group2; the table is long: one value per row");
    problems.throw_if_any();
  }
  std::size_t next = 0;
  for (const PlainColumn*& c : by)
    if (c == nullptr) c = found[next++];
  return by;
}

std::size_t index_of(std::vector<std::string>& names, const std::string& name) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
  names.push_back(name);
  return names.size() - 1;
}

/// How the rows of the subjects lie in the cells.
struct Subjects {
  std::map<std::string, std::vector<std::size_t>> rows;  // of each subject
  std::vector<std::string> order;
  bool repeated = false;                   // some subject has several rows
  bool same_cell = false;                  // ... in one cell
  std::array<bool, 2> nested{true, true};  // every subject stays at one level of that factor
};

/// `key_factor`: a subject is the same one only within a level of that factor; 2: everywhere.
Subjects subjects_of(const FactorRows& f, const std::vector<std::size_t>& table_row,
                     const PlainColumn& column, std::size_t key_factor) {
  Subjects s;
  std::set<std::pair<std::string, std::array<std::size_t, 2>>> cells;
  for (std::size_t i = 0; i < f.values.size(); ++i) {
    std::string key = column.texts[table_row[i]];
    if (key.empty()) key = fmt::format("\x01{}", i);
    if (key_factor < 2) key += fmt::format(" of {}", f.names[key_factor][f.level[i][key_factor]]);
    auto& rows = s.rows[key];
    if (rows.empty()) s.order.push_back(key);
    for (std::size_t k = 0; k < 2; ++k)
      if (!rows.empty() && f.level[rows.front()][k] != f.level[i][k]) s.nested[k] = false;
    s.repeated = s.repeated || !rows.empty();
    s.same_cell = !cells.insert({key, f.level[i]}).second || s.same_cell;
    rows.push_back(i);
  }
  return s;
}

void keep(FactorRows& f, std::vector<std::size_t>& table_row, const std::vector<std::size_t>& rows) {
  FactorRows out = f;
  out.level.clear();
  out.values.clear();
  std::vector<std::size_t> of;
  for (const std::size_t i : rows) {
    out.level.push_back(f.level[i]);
    out.values.push_back(f.values[i]);
    of.push_back(table_row[i]);
  }
  f = std::move(out);
  table_row = std::move(of);
}

/// Means of the rows of one subject in one cell.
void average(FactorRows& f, std::vector<std::size_t>& table_row, const PlainColumn& column) {
  std::map<std::pair<std::string, std::array<std::size_t, 2>>, std::size_t> index;
  std::vector<std::size_t> first;
  std::vector<long double> sum, n;
  for (std::size_t i = 0; i < f.values.size(); ++i) {
    const std::string& label = column.texts[table_row[i]];
    const auto [at, fresh] =
        index.emplace(std::pair{label.empty() ? fmt::format("\x01{}", i) : label, f.level[i]}, first.size());
    if (fresh) {
      first.push_back(i);
      sum.push_back(0.0L);
      n.push_back(0.0L);
    }
    sum[at->second] += f.values[i];
    n[at->second] += 1.0L;
  }
  keep(f, table_row, first);
  for (std::size_t i = 0; i < sum.size(); ++i) f.values[i] = sum[i] / n[i];
}

/// Every subject at every level of the factor `within`: those that are not are left out and named.
void take_repeated(FactorRows& f, std::vector<std::size_t>& table_row, const Subjects& s, std::size_t within,
                   const ColumnOptions& o, core::Understanding& facts) {
  f.repeated = true;
  f.within = within;
  const std::size_t levels = f.names[within].size();
  std::vector<std::size_t> rows, subject;
  std::vector<std::string> left_out;
  std::size_t complete = 0;
  for (const std::string& key : s.order) {
    const auto& own = s.rows.at(key);
    if (own.size() < levels) {
      left_out.push_back(key);
      continue;
    }
    rows.insert(rows.end(), own.begin(), own.end());
    subject.insert(subject.end(), own.size(), complete++);
  }
  keep(f, table_row, rows);
  f.subject_of = std::move(subject);
  const std::string what = fmt::format("'{}', {} of them, each at all {} levels of '{}': repeated measures",
                                       f.subject->name, complete, levels, f.factor[within]->name);
  if (o.subject.empty())
    facts.assumed("independent unit", what, "--independent");
  else
    facts.given("independent unit", what, "--subject");
  if (left_out.empty()) return;
  constexpr std::size_t most = 8;
  const std::size_t shown = std::min(most, left_out.size());
  facts.found("left out", fmt::format("{} without a value at every level: {}{}", left_out.size(),
                                      fmt::join(left_out.begin(),
                                                left_out.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                                      left_out.size() > shown ? " ..." : ""));
}

bool is_time(const PlainColumn& c) {
  return plausible_role(c) == ColumnRole::time;
}

/// Decides what the independent unit is.
void settle_units(FactorRows& f, std::vector<std::size_t>& table_row, const PlainTable& table,
                  const ColumnOptions& o, core::Understanding& facts) {
  if (o.independent) return facts.given("independent unit", "each row", "--independent");
  const PlainColumn* column = choose_subject(table, o);
  if (column == f.value || column == f.factor[0] || column == f.factor[1]) column = nullptr;
  if (column == nullptr) return;
  f.subject = column;
  if (o.per_subject) average(f, table_row, *column);
  if (o.block == column->name) return facts.given("independent unit", "each row within its block", "--block");
  // Which factor the subjects are nested in where they are numbered anew: not the one of times.
  const std::size_t outer = is_time(*f.factor[0]) && !is_time(*f.factor[1]) ? 1 : 0;
  const Subjects s = subjects_of(f, table_row, *column, o.own_numbers ? outer : 2);
  const std::string name = column->name;
  if (s.same_cell)
    ask(table, "not-independent",
        fmt::format("pseudo-replication: some '{}' have several values in one cell of '{}' and '{}'", name,
                    f.factor[0]->name, f.factor[1]->name),
        o.command,
        {{fmt::format("the mean of each '{}' in a cell is one value", name), "--per-subject"},
         {"each group numbers its own", "--own-numbers"},
         {"every row is independent all the same", "--independent"}});
  if (!s.repeated) {
    facts.found("independent unit", fmt::format("column '{}', one row each", name), "--subject");
    return;
  }
  for (const std::size_t within : {1u, 0u})
    if (s.nested[1 - within] && !s.nested[within]) return take_repeated(f, table_row, s, within, o, facts);
  std::vector<core::Choice> readings;
  if (!o.own_numbers)
    readings.push_back({fmt::format("each level of '{}' numbers its own '{}'", f.factor[outer]->name, name),
                        "--own-numbers"});
  for (std::size_t k = 0; k < 2; ++k)
    readings.push_back({fmt::format("one level of '{}' only, with '{}' as blocks", f.factor[k]->name, name),
                        fmt::format("--where {} --group {} --block {}",
                                    as_argument(fmt::format("{}={}", f.factor[k]->name, f.names[k].back())),
                                    as_argument(f.factor[1 - k]->name), as_argument(name)),
                        fmt::format("stroma stats anova {}", as_argument(table.file))});
  readings.push_back({"every row is independent all the same", "--independent"});
  ask(table, "not-independent",
      fmt::format(
          "each '{}' has values at several levels of both factors; two factors within subjects are not "
          "built in",
          name),
      o.command, readings);
}

/// Experiments or plates that hold every cell once are blocks; --block names them.
void settle_blocks(FactorRows& f, const std::vector<std::size_t>& table_row, const PlainTable& table,
                   const ColumnOptions& o, core::Understanding& facts) {
  const PlainColumn* column = o.block.empty() ? nullptr : column_named(table, o.block, "--block");
  if (column == nullptr && (f.repeated || o.independent)) return;
  const std::size_t cells = f.names[0].size() * f.names[1].size();
  for (const PlainColumn& c : table.columns) {
    if (column != nullptr ? &c != column : plausible_role(c) != ColumnRole::block) continue;
    if (&c == f.value || &c == f.factor[0] || &c == f.factor[1] || &c == f.subject) continue;
    std::map<std::string, std::map<std::array<std::size_t, 2>, std::size_t>> of;
    for (std::size_t i = 0; i < f.values.size(); ++i) ++of[c.texts[table_row[i]]][f.level[i]];
    if (of.size() < 2) continue;
    std::size_t rows_per_cell = 0;
    bool complete = true, some = false;
    for (const auto& [label, counts] : of) {
      complete = complete && counts.size() == cells;
      some = some || counts.size() > 1;
      for (const auto& [cell, n] : counts) {
        rows_per_cell = rows_per_cell == 0 ? n : rows_per_cell;
        complete = complete && n == rows_per_cell;
      }
    }
    if (column == nullptr && (!some || f.subject != nullptr)) continue;
    if (!complete || (column == nullptr && rows_per_cell > 1))
      ask(table, "not-independent",
          fmt::format(
              "'{}' holds several cells, but not every cell {}: such blocks are not built in for two factors",
              c.name, rows_per_cell > 1 ? "once" : "equally often"),
          o.command,
          {{fmt::format("the mean of each '{}' in a cell is one value, and '{}' is a block", c.name, c.name),
            fmt::format("--per-subject --subject {} --block {}", as_argument(c.name), as_argument(c.name))},
           {"every row is independent all the same", "--independent"}});
    f.block_column = &c;
    for (const std::size_t row : table_row) f.block.push_back(c.texts[row]);
    const std::string what = fmt::format("column '{}' ({} blocks), each with every cell", c.name, of.size());
    if (column != nullptr)
      facts.given("block", what, "--block");
    else
      facts.assumed("block", what, "--independent");
    return;
  }
}

/// A column of any name whose labels lie as those of subjects do: nested in a factor, with several rows each.
void ask_about_labels(const FactorRows& f, const std::vector<std::size_t>& table_row, const PlainTable& table,
                      const ColumnOptions& o) {
  for (const PlainColumn& c : table.columns) {
    const ColumnShape shape = shape_of(c);
    if (plausible_role(c) != ColumnRole::unknown || &c == f.value || &c == f.factor[0] || &c == f.factor[1] ||
        shape.fractions || shape.flag || shape.levels < 3 || 2 * shape.levels > shape.filled)
      continue;
    const Subjects s = subjects_of(f, table_row, c, 2);
    if (!s.nested[0] && !s.nested[1]) continue;
    const std::size_t cells = s.nested[0] && s.nested[1] ? f.names[0].size() * f.names[1].size()
                                                         : f.names[s.nested[0] ? 0 : 1].size();
    if (s.order.size() <= cells) continue;
    const std::string subject = "--subject " + as_argument(c.name);
    ask(table, "not-independent",
        fmt::format("each '{}' has several rows, as an animal or a culture has: are they independent?",
                    c.name),
        o.command,
        {{fmt::format("'{}' is who was measured", c.name),
          s.same_cell ? subject + " --per-subject" : subject},
         {"every row is independent", "--independent"}});
  }
}

/// Cultures or animals without a name that are followed over time.
void ask_about_times(const FactorRows& f, const std::vector<std::size_t>& table_row, const PlainTable& table,
                     const ColumnOptions& o, core::Understanding& facts) {
  for (std::size_t k = 0; k < 2; ++k) {
    if (!is_time(*f.factor[k])) continue;
    for (const PlainColumn& c : table.columns) {
      if (plausible_role(c) != ColumnRole::replicate || &c == f.value) continue;
      const Subjects s = subjects_of(f, table_row, c, 1 - k);
      if (s.same_cell || !s.repeated) continue;
      ask(table, "not-independent",
          fmt::format(
              "the values come at several levels of '{}' and nothing says whether they are from the same "
              "animals or cultures",
              f.factor[k]->name),
          o.command,
          {{fmt::format("'{}' numbers the ones that were followed", c.name),
            fmt::format("--subject {} --own-numbers", as_argument(c.name))},
           {"every value is from another one", "--independent"}});
    }
  }
  facts.assumed("independent unit", "each row (no column says from whom a value is)", "--subject");
}

void say_factors(const FactorRows& f, const PlainTable& table, const ColumnOptions& o,
                 core::Understanding& facts) {
  const std::string value =
      fmt::format("column '{}'{}", f.value->name, f.value->unit.empty() ? "" : ", in " + f.value->unit);
  o.value.empty() ? facts.found("value", value, "--value") : facts.given("value", value, "--value");
  for (std::size_t k = 0; k < 2; ++k) {
    std::vector<std::size_t> n(f.names[k].size(), 0);
    for (const auto& level : f.level) ++n[level[k]];
    std::vector<std::string> parts;
    constexpr std::size_t most = 12;
    for (std::size_t i = 0; i < n.size() && i < most; ++i)
      parts.push_back(fmt::format("{} {}", f.names[k][i], n[i]));
    if (n.size() > most) parts.push_back("...");
    const std::string what = fmt::format("column '{}' ({})", f.factor[k]->name, fmt::join(parts, ", "));
    const std::string about = k == 0 ? "group" : "group2", option = "--" + about;
    (k == 0 ? o.group : o.group2).empty() ? facts.found(about, what, option)
                                          : facts.given(about, what, option);
  }
  const std::string unused =
      unused_columns(table, {f.value, f.factor[0], f.factor[1], f.subject, f.block_column});
  if (!unused.empty()) facts.found("not used", unused);
}

}  // namespace

FactorRows factor_rows(const PlainTable& table, const ColumnOptions& options, core::Understanding& facts) {
  FactorRows f;
  f.factor = choose_factors(table, options);
  f.value = choose_value(table, options, {f.factor[0], f.factor[1]});
  core::Understanding details;
  const std::array labels{settled_names(table, *f.factor[0], options, details),
                          settled_names(table, *f.factor[1], options, details)};
  std::vector<std::size_t> table_row;
  for (std::size_t row = 0; row < table.rows; ++row) {
    if (std::isnan(f.value->values[row]) || labels[0][row].empty() || labels[1][row].empty()) continue;
    f.values.push_back(f.value->values[row]);
    f.level.push_back({index_of(f.names[0], labels[0][row]), index_of(f.names[1], labels[1][row])});
    table_row.push_back(row);
  }
  settle_units(f, table_row, table, options, details);
  settle_blocks(f, table_row, table, options, details);
  if (f.subject == nullptr && f.block_column == nullptr && !options.independent) {
    ask_about_labels(f, table_row, table, options);
    ask_about_times(f, table_row, table, options, details);
  }
  say_factors(f, table, options, facts);
  facts.append(details);
  return f;
}

}  // namespace stroma::io
