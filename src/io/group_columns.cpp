#include "io/group_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "io/column_shape.hpp"
#include "io/sheet.hpp"

namespace stroma::io {
namespace {

using Columns = std::vector<const PlainColumn*>;

Columns columns_where(const PlainTable& table, const auto& holds) {
  Columns found;
  for (const PlainColumn& c : table.columns)
    if (holds(c)) found.push_back(&c);
  return found;
}

bool contains(const Columns& columns, const PlainColumn* column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

/// Whether an option gives the column another role.
bool claimed(const PlainColumn& c, const ColumnOptions& o) {
  return c.name == o.value || c.name == o.subject || c.name == o.block || c.name == o.group2;
}

/// A column called as groups are names groups where its labels repeat.
bool could_be_groups(const PlainColumn& c) {
  const ColumnShape shape = shape_of(c);
  if (shape.filled == 0 || shape.all_distinct()) return false;
  return !c.is_number || shape.repeats() || (shape.whole && 2 * shape.levels <= shape.filled);
}

/// Whether a column under a name of groups is one: numbers must count from 0 or 1, unless the name can mean
/// nothing else ("drug" beside "vehicle" is a measurement).
bool named_as_groups(const PlainColumn& c) {
  if (role_of_column(c.name) != ColumnRole::group || !could_be_groups(c)) return false;
  static const std::set<std::string> sure{"group",    "groups",      "arm", "trt",        "code",
                                          "grp",      "cohort",      "lab", "instrument", "treatmentgroup",
                                          "studyarm", "treatmentarm"};
  return !c.is_number || shape_of(c).numbered || sure.contains(plain_name(c.name));
}

/// Whether a column of numbers can be a value, or a group of a wide table.
bool could_be_values(const PlainColumn& c) {
  if (!c.is_number) return false;
  const ColumnRole role = plausible_role(c);
  return role == ColumnRole::unknown || role == ColumnRole::status || role == ColumnRole::group;
}

/// Whole numbers 1, 2, 3 ... from row to row: a counter, whatever it is called.
bool counts_rows(const PlainColumn& c) {
  const ColumnShape shape = shape_of(c);
  return shape.filled >= 3 && shape.numbered && shape.increasing && shape.filled == c.texts.size();
}

core::Choice as_group(const PlainColumn& c) {
  const ColumnShape shape = shape_of(c);
  return {fmt::format("'{}' names the groups ({} of them)", c.name, shape.levels),
          fmt::format("--group {}", as_argument(c.name))};
}

/// Questions of a table in which several columns could name the groups.
[[noreturn]] void ask_for_group(const PlainTable& table, const ColumnOptions& o, const Columns& candidates) {
  std::vector<core::Choice> readings;
  for (const PlainColumn* c : candidates) readings.push_back(as_group(*c));
  if (candidates.size() == 2)
    readings.push_back({"both are factors",
                        fmt::format("--group {} --group2 {}", as_argument(candidates[0]->name),
                                    as_argument(candidates[1]->name)),
                        with_method(o.command, "anova2")});
  ask(table, "ambiguous-columns",
      fmt::format("several columns could name the groups: {}", listed(candidates)), o.command, readings);
}

/// The groups by the names of columns, or the only column of words; null where neither says.
const PlainColumn* group_by_name(const PlainTable& table, const ColumnOptions& o, bool pairs, bool& assumed) {
  const Columns by_name =
      columns_where(table, [&](const PlainColumn& c) { return !claimed(c, o) && named_as_groups(c); });
  const auto vary = [](const Columns& columns) {
    Columns out;
    for (const PlainColumn* c : columns)
      if (shape_of(*c).levels > 1) out.push_back(c);
    return out.empty() ? columns : out;
  };
  if (const Columns varying = vary(by_name); varying.size() == 1) return varying.front();
  if (by_name.size() > 1) ask_for_group(table, o, vary(by_name));
  const Columns words = vary(columns_where(table, [&](const PlainColumn& c) {
    const ColumnRole role = plausible_role(c);
    return !c.is_number && !claimed(c, o) && could_be_groups(c) &&
           (role == ColumnRole::unknown || role == ColumnRole::status || role == ColumnRole::dose);
  }));
  if (words.size() <= 1) return words.empty() ? nullptr : words.front();
  Columns two;
  for (const PlainColumn* c : words)
    if (shape_of(*c).levels == 2) two.push_back(c);
  if (pairs && two.size() == 1) {
    assumed = true;
    return two.front();
  }
  ask_for_group(table, o, words);
}

/// Of two columns of numbers with no telling names: is one of them codes of groups?
const PlainColumn* codes_of_two(const PlainTable& table, const ColumnOptions& o, const Columns& two) {
  const std::array shapes{shape_of(*two[0]), shape_of(*two[1])};
  if (shapes[0].repeats() == shapes[1].repeats()) return nullptr;  // values in both
  const std::size_t at = shapes[0].repeats() ? 0 : 1;
  const ColumnShape &code = shapes[at], &other = shapes[1 - at];
  const bool two_kinds = code.whole && other.fractions;  // one quantity is not written in two ways
  constexpr std::size_t often = 5;
  if (two_kinds && (code.numbered || code.least >= often)) return two[at];
  if (!two_kinds && !code.numbered) return nullptr;
  ask(table, "ambiguous-columns",
      fmt::format("'{}' could be numbers of groups or values: its numbers repeat", two[at]->name), o.command,
      {as_group(*two[at]), {fmt::format("each column is a group: {}", listed(two)), "--wide"}});
}

GroupColumns wide_of(const PlainTable& table, const ColumnOptions& o, Columns columns, bool several) {
  GroupColumns g;
  if (columns.empty()) {
    core::Diagnostics problems;
    problems.add("no-numbers", {table.file, 1, 0}, "", "there is no column of numbers",
                 "give a column of values, and one of groups");
    problems.throw_if_any();
  }
  // A first column that counts the rows beside columns that do not.
  if (o.columns.empty() && !o.wide && columns.size() > 1 && counts_rows(*columns.front()) &&
      std::none_of(columns.begin() + 1, columns.end(),
                   [](const PlainColumn* c) { return counts_rows(*c); })) {
    std::string others;
    for (std::size_t i = 1; i < columns.size(); ++i)
      others += fmt::format("{}{}", i > 1 ? "," : "", columns[i]->name);
    ask(table, "ambiguous-columns",
        fmt::format("'{}' could count the rows or be a group of its own", columns.front()->name), o.command,
        {{"it counts the rows", fmt::format("--columns {}", as_argument(others))},
         {"it is a group like the others", "--wide"}});
  }
  if (several && columns.size() < 2) {
    std::vector<core::Choice> readings;
    Columns others;
    for (const PlainColumn& c : table.columns)
      if (&c != columns.front() && shape_of(c).levels > 1 && !shape_of(c).all_distinct()) {
        others.push_back(&c);
        readings.push_back(as_group(c));
      }
    if (!readings.empty())
      ask(table, "one-group",
          fmt::format("there is one column of values, '{}', and none whose name says that it holds groups; "
                      "those that repeat: {}",
                      columns.front()->name, listed(others)),
          o.command, readings);
    core::Diagnostics problems;
    problems.add("one-group", {table.file, 1, 0}, "",
                 "there is one column of numbers and none that names groups",
                 "add a column of group names, or one column of numbers per group");
    problems.throw_if_any();
  }
  core::Diagnostics problems;
  for (const PlainColumn* c : columns)
    if (several && c->unit != columns.front()->unit)
      problems.add(
          "two-units", c->place, c->name,
          fmt::format("the groups '{}' and '{}' have different units", columns.front()->name, c->name),
          "write all groups in one unit");
  problems.throw_if_any();
  if (columns.size() == 1 && !several)
    g.value = columns.front();
  else
    g.wide = std::move(columns);
  return g;
}

/// A table of numbers only.
GroupColumns from_numbers(const PlainTable& table, const ColumnOptions& o, bool several) {
  GroupColumns g;
  Columns values = columns_where(table, [&](const PlainColumn& c) {
    return could_be_values(c) && (c.name == o.value || !claimed(c, o));
  });
  const Columns doses = columns_where(table, [&](const PlainColumn& c) {
    return c.is_number && plausible_role(c) == ColumnRole::dose && !claimed(c, o);
  });
  if (!o.value.empty()) {
    const PlainColumn* value = column_named(table, o.value, "--value");
    Columns codes;
    for (const PlainColumn* c : values)
      if (c != value && could_be_groups(*c)) codes.push_back(c);
    for (const PlainColumn* c : doses)
      if (could_be_groups(*c)) codes.push_back(c);
    g.value = value;
    if (codes.empty() && several) return wide_of(table, o, {value}, several);
    if (codes.empty() || !several) return g;
    if (codes.size() > 1) ask_for_group(table, o, codes);
    g.group = codes.front();
    g.assumed = true;
    return g;
  }
  const PlainColumn* codes = nullptr;
  if (values.size() == 1 && doses.size() == 1 && could_be_groups(*doses.front()))
    codes = doses.front();  // what was given is the only thing in which the rows differ
  else if (values.size() == 2 && doses.empty())
    codes = codes_of_two(table, o, values);
  if (codes != nullptr) {
    g.group = codes;
    g.assumed = true;
    g.value = values[0] == codes ? values[1] : values[0];
    return g;
  }
  if (several && values.size() > 2) {
    Columns numbered;
    for (const PlainColumn* c : values)
      if (shape_of(*c).numbered && shape_of(*c).repeats()) numbered.push_back(c);
    if (!numbered.empty() && numbered.size() < values.size()) {
      std::vector<core::Choice> readings;
      for (const PlainColumn* c : numbered) readings.push_back(as_group(*c));
      readings.push_back({"each column is a group", "--wide"});
      ask(table, "ambiguous-columns",
          fmt::format("every column holds numbers, and the numbers of {} repeat as those of groups do",
                      listed(numbered)),
          o.command, readings);
    }
  }
  return wide_of(table, o, std::move(values), several);
}

}  // namespace

GroupColumns choose_groups(const PlainTable& table, const ColumnOptions& o, bool several, bool pairs) {
  if (!o.columns.empty() || o.wide) {
    if (!o.group.empty() || !o.value.empty())
      ask(table, "two-layouts",
          "--wide says that each column is a group, --group and --value that one column is", o.command,
          {{"leave out either", ""}});
    Columns columns;
    for (const std::string& name : o.columns) columns.push_back(column_named(table, name, "--columns"));
    if (columns.empty())
      columns =
          columns_where(table, [&](const PlainColumn& c) { return could_be_values(c) && !claimed(c, o); });
    return wide_of(table, o, std::move(columns), several);
  }
  GroupColumns g;
  if (!o.group.empty())
    g.group = column_named(table, o.group, "--group");
  else
    g.group = group_by_name(table, o, pairs, g.assumed);
  if (g.group == nullptr) return from_numbers(table, o, several);
  g.value = choose_value(table, o, {g.group});
  return g;
}

const PlainColumn* choose_value(const PlainTable& table, const ColumnOptions& o, const Columns& taken) {
  if (!o.value.empty()) return column_named(table, o.value, "--value");
  Columns numbers = columns_where(table, [&](const PlainColumn& c) {
    return could_be_values(c) && !contains(taken, &c) && !claimed(c, o);
  });
  if (numbers.size() > 1) std::erase_if(numbers, [](const PlainColumn* c) { return counts_rows(*c); });
  if (numbers.size() == 1) return numbers.front();
  if (numbers.empty())  // a time or a dose can be what was measured, where nothing else was
    numbers = columns_where(table, [&](const PlainColumn& c) {
      const ColumnRole role = plausible_role(c);
      return c.is_number && (role == ColumnRole::time || role == ColumnRole::dose) && !contains(taken, &c) &&
             !claimed(c, o);
    });
  if (numbers.size() == 1) return numbers.front();
  if (numbers.empty()) {
    core::Diagnostics problems;
    problems.add("ambiguous-columns", {table.file, 1, 0}, "",
                 "there is no column of numbers beside the groups",
                 "say which holds the values with --value");
    problems.throw_if_any();
  }
  std::vector<core::Choice> readings;
  for (const PlainColumn* c : numbers)
    readings.push_back({fmt::format("the values are '{}'", c->name), "--value " + as_argument(c->name)});
  ask(table, "ambiguous-columns", fmt::format("several columns could hold the values: {}", listed(numbers)),
      o.command, readings);
}

std::vector<std::string> columns_to_describe(const PlainTable& table, const ColumnOptions& o) {
  std::vector<std::string> names;
  if (!o.value.empty() || o.wide || !o.columns.empty()) return names;
  bool assumed = false;
  const PlainColumn* by =
      o.group.empty() ? group_by_name(table, o, false, assumed) : column_named(table, o.group, "--group");
  if (by == nullptr) return names;
  for (const PlainColumn& c : table.columns) {
    const ColumnRole role = plausible_role(c);
    const bool described = could_be_values(c) || role == ColumnRole::dose || role == ColumnRole::time;
    if (c.is_number && described && &c != by && !claimed(c, o)) names.push_back(c.name);
  }
  return names;
}

const PlainColumn* column_named(const PlainTable& table, const std::string& name, const std::string& option) {
  if (const PlainColumn* column = table.find(name)) return column;
  std::vector<std::string> names;
  std::string all;
  for (const PlainColumn& c : table.columns) {
    names.push_back(c.name);
    all += (all.empty() ? "" : ", ") + c.name;
  }
  core::Diagnostics problems;
  problems.add("missing-column", {table.file, 1, 0}, name,
               fmt::format("{}: there is no column '{}'; the columns are {}", option, name, all),
               core::did_you_mean(name, names));
  problems.throw_if_any();
  return nullptr;
}

std::string as_argument(const std::string& name) {
  const bool plain = !name.empty() && name.find_first_of(" \t'\"\\$()[]&|;<>*?#!`~") == std::string::npos;
  if (plain) return name;
  std::string out = "'";
  for (const char c : name) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string with_method(const std::string& command, const std::string& method) {
  const std::string word = " stats ";
  const std::size_t at = command.find(word);
  if (at == std::string::npos) return command;
  const std::size_t begin = at + word.size(), end = command.find(' ', begin);
  return command.substr(0, begin) + method + (end == std::string::npos ? "" : command.substr(end));
}

void ask(const PlainTable& table, std::string code, std::string message, const std::string& command,
         const std::vector<core::Choice>& readings) {
  throw core::InputError(
      {{std::move(code), {table.file, 1, 0}, "", std::move(message), core::choices(command, readings)}});
}

}  // namespace stroma::io
