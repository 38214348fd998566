#include "cli/stats_columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "stats/descriptive.hpp"
#include "stats/error.hpp"

namespace stroma::cli {
namespace {

using io::PlainColumn;

std::string small(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

constexpr std::array subject_names{"subject", "animal", "mouse", "patient", "donor", "id"};
constexpr std::array group_names{"group",     "arm",    "treatment",  "trt",
                                 "condition", "factor", "instrument", "lab"};

template <std::size_t N>
bool is_one_of(const PlainColumn& column, const std::array<const char*, N>& names) {
  const std::string name = small(column.name);
  return std::any_of(names.begin(), names.end(), [&](const char* n) { return name == n; });
}

std::vector<const PlainColumn*> columns_where(const io::PlainTable& table, const auto& holds) {
  std::vector<const PlainColumn*> found;
  for (const PlainColumn& c : table.columns)
    if (holds(c)) found.push_back(&c);
  return found;
}

std::string list(std::span<const PlainColumn* const> columns) {
  std::vector<std::string> names;
  for (const PlainColumn* c : columns) names.push_back(fmt::format("'{}'", c->name));
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

/// The column of groups of a long table, or null for a wide one.
const PlainColumn* group_column(Columns& columns, const StatsRequest& request, const io::PlainTable& table) {
  if (!request.group.empty()) return columns.named(request.group, "--group");
  const auto by_name = columns_where(table, [](const PlainColumn& c) { return is_one_of(c, group_names); });
  if (by_name.size() == 1) return by_name.front();
  const auto words = columns_where(table, [&](const PlainColumn& c) {
    return !c.is_number && !is_one_of(c, subject_names) && c.name != request.subject &&
           c.name != request.value && c.missing < c.texts.size();
  });
  if (words.size() == 1) return words.front();
  if (words.size() > 1) {
    columns.wrong("ambiguous-columns", fmt::format("several columns could name the groups: {}", list(words)),
                  "say which with --group");
    return nullptr;
  }
  // Two columns of numbers of which one holds codes: a long table whose groups are numbered.
  const auto numbers =
      columns_where(table, [&](const PlainColumn& c) { return c.is_number && c.name != request.value; });
  const auto codes =
      columns_where(table, [&](const PlainColumn& c) { return c.is_number && looks_like_codes(c); });
  const std::size_t values = columns_where(table, [](const PlainColumn& c) { return c.is_number; }).size();
  if (values == 2 && codes.size() == 1 &&
      std::find(numbers.begin(), numbers.end(), codes.front()) != numbers.end())
    return codes.front();
  return nullptr;
}

void add_long(Grouped& g, const PlainColumn& value, const PlainColumn& group, const PlainColumn* subject) {
  std::map<std::string, std::size_t> index;
  g.origin = origin_of(value.values);
  for (std::size_t row = 0; row < value.values.size(); ++row) {
    const std::string& name = group.texts[row];
    if (std::isnan(value.values[row]) || name.empty()) continue;
    const auto [at, fresh] = index.emplace(name, g.names.size());
    if (fresh) {
      g.names.push_back(name);
      g.values.emplace_back();
      g.subjects.emplace_back();
    }
    g.values[at->second].push_back(
        static_cast<double>(value.values[row] - static_cast<long double>(g.origin)));
    if (subject != nullptr) g.subjects[at->second].push_back(subject->texts[row]);
  }
}

void add_wide(Grouped& g, std::span<const PlainColumn* const> columns) {
  std::vector<long double> all;
  for (const PlainColumn* c : columns) all.insert(all.end(), c->values.begin(), c->values.end());
  g.origin = origin_of(all);
  for (const PlainColumn* c : columns) {
    g.names.push_back(c->name);
    g.subjects.emplace_back();
    auto& values = g.values.emplace_back();
    for (const long double v : c->values)
      if (!std::isnan(v)) values.push_back(static_cast<double>(v - static_cast<long double>(g.origin)));
  }
}

/// Several values of one subject in one group are not independent.
void note_pseudo_replication(const Grouped& g, StatsAnswer& answer) {
  for (std::size_t i = 0; i < g.names.size(); ++i) {
    const std::set<std::string> distinct(g.subjects[i].begin(), g.subjects[i].end());
    if (distinct.size() == g.subjects[i].size() || distinct.empty()) continue;
    answer.notes.push_back(
        fmt::format("pseudo-replication: the {} values of '{}' come from {} subjects; values of one subject "
                    "are not independent, so "
                    "p is too small: average them per subject first",
                    g.subjects[i].size(), g.names[i], distinct.size()));
  }
}

}  // namespace

const io::PlainColumn* Columns::named(const std::string& name, std::string_view role) {
  if (const PlainColumn* column = table_.find(name)) return column;
  std::vector<std::string> names;
  for (const PlainColumn& c : table_.columns) names.push_back(c.name);
  problems_.add(
      "missing-column", {table_.file, 1, 0}, name,
      fmt::format("{}: there is no column '{}'; the columns are {}", role, name, fmt::join(names, ", ")),
      core::did_you_mean(name, names));
  return nullptr;
}

const io::PlainColumn* Columns::number(const std::string& name, std::string_view role) {
  return use(named(name, role), role, true);
}

const io::PlainColumn* Columns::known(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names)
    for (const PlainColumn& column : table_.columns)
      if (small(column.name) == name) return &column;
  return nullptr;
}

const io::PlainColumn* Columns::subject() const {
  for (const PlainColumn& column : table_.columns)
    if (is_one_of(column, subject_names)) return &column;
  return nullptr;
}

const io::PlainColumn* Columns::use(const io::PlainColumn* column, std::string_view role, bool as_number) {
  if (column == nullptr) return nullptr;
  const std::string key(role.starts_with("--") ? role.substr(2) : role);
  if (understood_.contains(key)) {
    if (!understood_[key].is_array()) understood_[key] = {understood_[key]};
    understood_[key].push_back(column->name);
  } else {
    understood_[key] = column->name;
  }
  if (as_number) {
    constexpr std::size_t most = 100;
    for (std::size_t i = 0; i < std::min(most, column->faults.size()); ++i) problems_.add(column->faults[i]);
    if (column->faults.size() > most)
      problems_.add(
          "too-many-problems", column->faults[most].place, column->name,
          fmt::format("{}: {} more cells are no numbers", column->name, column->faults.size() - most));
  }
  if (column->missing > 0)
    answer_.notes.push_back(fmt::format("{} of {} cells of column '{}' are missing and were left out",
                                        column->missing, column->texts.size(), column->name));
  return column;
}

void Columns::wrong(std::string code, std::string message, std::string hint) {
  problems_.add(std::move(code), {table_.file, 1, 0}, "", std::move(message), std::move(hint));
}

void Columns::done() {
  problems_.throw_if_any();
  answer_.json["columns"] = understood_;
  std::vector<std::string> parts;
  for (const auto& [role, names] : understood_.items()) {
    std::vector<std::string> words;
    for (const auto& name : names.is_array() ? names : nlohmann::ordered_json::array({names}))
      words.push_back(fmt::format("'{}'", name.get<std::string>()));
    parts.push_back(fmt::format("{} {}", role, fmt::join(words, ", ")));
  }
  answer_.notes.insert(answer_.notes.begin(), fmt::format("columns understood: {}", fmt::join(parts, "; ")));
}

const io::PlainColumn* only_group(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer ignored;
  Columns columns(table, ignored);
  return group_column(columns, request, table);
}

const io::PlainColumn* value_column(Columns& columns, const StatsRequest& request,
                                    const io::PlainTable& table,
                                    std::span<const io::PlainColumn* const> taken) {
  if (!request.value.empty()) return columns.number(request.value, "--value");
  const auto numbers = columns_where(table, [&](const PlainColumn& c) {
    return c.is_number && std::find(taken.begin(), taken.end(), &c) == taken.end() &&
           !is_one_of(c, subject_names);
  });
  if (numbers.size() == 1) return columns.use(numbers.front(), "value", true);
  columns.wrong("ambiguous-columns",
                numbers.empty() ? "there is no column of numbers beside the groups"
                                : fmt::format("several columns could hold the values: {}", list(numbers)),
                "say which with --value");
  return nullptr;
}

Grouped grouped(const StatsRequest& request, const io::PlainTable& table, StatsAnswer& answer, bool several) {
  Columns columns(table, answer);
  Grouped g;
  const PlainColumn* group = group_column(columns, request, table);
  columns.problems().throw_if_any();
  const PlainColumn* subject =
      !request.subject.empty() ? columns.named(request.subject, "--subject") : nullptr;
  if (request.subject.empty()) subject = columns.subject();
  if (group != nullptr) {
    const std::array taken{group, subject};
    const PlainColumn* value = value_column(columns, request, table, taken);
    columns.use(group, "group", false);
    if (subject != nullptr) columns.use(subject, "subject", false);
    columns.done();
    g.value_name = value->name;
    g.unit = value->unit;
    add_long(g, *value, *group, subject);
  } else {
    auto wide = columns_where(table, [&](const PlainColumn& c) { return c.is_number && &c != subject; });
    if (!request.value.empty()) wide = {columns.named(request.value, "--value")};
    if (wide.empty() || wide.front() == nullptr)
      columns.wrong("no-numbers", "there is no column of numbers",
                    "give a column of values, and one of groups");
    else
      for (const PlainColumn* c : wide) columns.use(c, several ? "group" : "value", true);
    const auto codes = columns_where(
        table, [&](const PlainColumn& c) { return c.is_number && &c != subject && looks_like_codes(c); });
    constexpr std::size_t enough = 6;  // rows: of fewer, values repeat by chance
    if (several && wide.size() > 2 && !codes.empty() && codes.size() < wide.size() && table.rows >= enough)
      columns.wrong(
          "ambiguous-columns",
          fmt::format("every column holds numbers, and the numbers of {} repeat as those of groups do",
                      list(codes)),
          "say which column names the groups with --group, and which holds the values with --value; where "
          "each column is a group of its own, write one value per row beside the name of its group");
    if (several && wide.size() < 2)
      columns.wrong("one-group", "there is one column of numbers and none that names groups",
                    "add a column of group names, or one column of numbers per group");
    for (const PlainColumn* c : wide)
      if (c != nullptr && several && c->unit != wide.front()->unit)
        columns.wrong(
            "two-units",
            fmt::format("the groups '{}' and '{}' have different units", wide.front()->name, c->name),
            "write all groups in one unit");
    columns.done();
    g.value_name = wide.size() == 1 ? wide.front()->name : "value";
    g.unit = wide.front()->unit;
    add_wide(g, wide);
  }
  if (g.origin != 0.0)
    answer.notes.push_back(
        "the values share many leading digits; distances from the first one were used, so that no digit is "
        "lost");
  for (const std::vector<double>& values : g.values) require_squares(values, g.value_name);
  note_pseudo_replication(g, answer);
  return g;
}

void require_squares(std::span<const double> values, const std::string& name) {
  constexpr double most = 1e150, least = 1e-150;
  double largest = 0.0;
  for (const double v : values) largest = std::max(largest, std::abs(v));
  if (largest <= most && (largest == 0.0 || largest >= least)) return;
  throw stats::StatisticsError(
      fmt::format("'{}': numbers as {} as {:g} have no squares that a computer can hold; write the column in "
                  "another unit",
                  name, largest > most ? "large" : "small", largest));
}

double origin_of(std::span<const long double> values) {
  long double low = std::numeric_limits<long double>::infinity(), high = -low;
  long double first = 0.0L;
  for (const long double v : values) {
    if (std::isnan(v)) continue;
    if (low > high) first = v;
    low = std::min(low, v);
    high = std::max(high, v);
  }
  const bool constant_digits = std::max(std::abs(low), std::abs(high)) > 1e4L * (high - low) && high > low;
  return constant_digits ? static_cast<double>(first) : 0.0;
}

bool looks_like_codes(const io::PlainColumn& column) {
  std::map<std::string, int> count;
  bool whole = true;
  for (std::size_t row = 0; row < column.texts.size(); ++row) {
    if (column.texts[row].empty()) continue;
    whole = whole && (!column.is_number || column.values[row] == std::floor(column.values[row]));
    ++count[column.texts[row]];
  }
  const int least = whole ? 2 : 3;
  return count.size() >= 2 &&
         std::all_of(count.begin(), count.end(), [&](const auto& c) { return c.second >= least; });
}

std::string shown(double value) {
  return fmt::format("{:.6g}", value);
}

std::string shown_p(double p) {
  return p < 1e-300 ? "< 1e-300" : fmt::format("{:.4g}", p);
}

}  // namespace stroma::cli
