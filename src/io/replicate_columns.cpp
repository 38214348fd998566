#include "io/replicate_columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <unordered_map>
#include <vector>

#include "io/column_shape.hpp"
#include "io/sheet.hpp"

namespace stroma::io {
namespace {

struct Numbered {
  std::string base;
  long number = -1;      ///< -1: none
  bool divided = false;  ///< a sign stands before the number
};

Numbered numbered(const std::string& name) {
  std::size_t end = name.size();
  while (end > 0 && std::isdigit(static_cast<unsigned char>(name[end - 1])) != 0) --end;
  Numbered n;
  n.base = name.substr(0, end);
  constexpr std::size_t longest = 4;  // digits: more are an identifier
  if (end == name.size() || name.size() - end > longest) {
    n.base = name;
    return n;
  }
  n.number = std::stol(name.substr(end));
  const std::size_t kept = n.base.find_last_not_of(" _.-:#");
  n.divided = kept + 1 < n.base.size();
  n.base.resize(kept == std::string::npos ? 0 : kept + 1);
  // "CAF_rep1" is a replicate of CAF.
  for (const char* word : {"replicate", "rep", "n"}) {
    const std::string_view w(word);
    if (n.base.size() <= w.size() || plain_name(n.base.substr(n.base.size() - w.size())) != w) continue;
    const std::size_t left = n.base.size() - w.size();
    if (std::string(" _.-:#").find(n.base[left - 1]) == std::string::npos) continue;
    n.base.resize(n.base.find_last_not_of(" _.-:#", left - 1) + 1);
    n.divided = true;
    break;
  }
  return n;
}

struct Group {
  std::string name;
  std::vector<std::size_t> columns;  ///< of the table, in the order of their numbers
  std::vector<long> numbers;
  bool divided = true;
};

/// The groups of columns; empty where a column does not fit.
std::vector<Group> groups_of(const PlainTable& table) {
  std::vector<Group> groups;
  std::unordered_map<std::string, std::size_t> same_name, index;
  for (const PlainColumn& c : table.columns) ++same_name[c.name];
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const PlainColumn& c = table.columns[i];
    const bool twice = same_name[c.name] > 1;
    if (!c.is_number && c.missing < c.texts.size()) {
      if (twice) return {};
      continue;
    }
    const Numbered n = twice ? Numbered{c.name, -1, true} : numbered(c.name);
    if (!twice && n.number < 0 && plausible_role(c) != ColumnRole::unknown) continue;
    const auto [at, fresh] = index.emplace(n.base, groups.size());
    if (fresh) groups.push_back(Group{n.base, {}, {}, true});
    Group& group = groups[at->second];
    group.columns.push_back(i);
    // R writes Control, Control.1, Control.2 for three columns of one name.
    group.numbers.push_back(twice ? static_cast<long>(group.columns.size()) : std::max(n.number, 0L));
    group.divided = group.divided && (n.divided || n.number < 0);
  }
  // Beside columns of one name, a name that stands alone is that of the rows (hours, concentrations).
  if (same_name.size() < table.columns.size())
    std::erase_if(groups, [](const Group& g) { return g.columns.size() == 1; });
  for (const Group& g : groups) {
    if (g.columns.size() < 2 || g.numbers.front() > 1) return {};
    for (std::size_t i = 1; i < g.numbers.size(); ++i)
      if (g.numbers[i] != g.numbers[i - 1] + 1) return {};
  }
  return groups;
}

/// "rep", "replicate", "n", or nothing before the number.
bool counts_repeats(const std::string& base) {
  return base.empty() || role_of_column(base) == ColumnRole::replicate;
}

/// Words that name each row another group.
bool rows_are_groups(const PlainTable& table) {
  return std::any_of(table.columns.begin(), table.columns.end(), [](const PlainColumn& c) {
    const ColumnRole role = plausible_role(c);
    return !c.is_number && shape_of(c).all_distinct() &&
           (role == ColumnRole::unknown || role == ColumnRole::group);
  });
}

PlainColumn empty_like(const PlainColumn& c) {
  PlainColumn out;
  out.name = c.name;
  out.place = c.place;
  out.is_number = c.is_number;
  out.unit = c.unit;
  out.padded = c.padded;
  out.faults = c.faults;
  return out;
}

void copy_cell(PlainColumn& to, const PlainColumn& from, std::size_t row) {
  to.texts.push_back(from.texts[row]);
  to.values.push_back(from.values[row]);
  to.places.push_back(from.places[row]);
  to.missing += from.texts[row].empty() ? 1 : 0;
}

void add_text(PlainColumn& to, const std::string& text, long double value, const core::Place& place) {
  to.texts.push_back(text);
  to.values.push_back(value);
  to.places.push_back(place);
}

}  // namespace

std::optional<LongForm> replicates_as_rows(const PlainTable& table) {
  std::vector<Group> groups = groups_of(table);
  if (groups.empty() || table.find("value") != nullptr || table.find("replicate") != nullptr) return {};
  const bool by_rows = groups.size() == 1;
  if (by_rows ? !(counts_repeats(groups.front().name) && rows_are_groups(table))
              : table.find("group") != nullptr)
    return {};
  LongForm out;
  out.certain =
      by_rows || std::all_of(groups.begin(), groups.end(), [](const Group& g) { return g.divided; });
  std::vector<char> grouped(table.columns.size(), 0);
  for (const Group& g : groups)
    for (const std::size_t i : g.columns) grouped[i] = 1;
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (grouped[i] == 0) others.push_back(i);
  std::vector<PlainColumn> kept;
  for (const std::size_t i : others) kept.push_back(empty_like(table.columns[i]));
  const PlainColumn& first = table.columns[groups.front().columns.front()];
  PlainColumn row_name, group, replicate, value = empty_like(first);
  row_name.name = "row";
  group.name = "group";
  replicate.name = "replicate";
  replicate.is_number = true;
  value.name = "value";
  value.faults.clear();
  row_name.place = group.place = replicate.place = first.place;
  for (const Group& g : groups)
    for (const std::size_t i : g.columns)
      value.faults.insert(value.faults.end(), table.columns[i].faults.begin(), table.columns[i].faults.end());
  for (std::size_t row = 0; row < table.rows; ++row)
    for (const Group& g : groups)
      for (std::size_t i = 0; i < g.columns.size(); ++i) {
        const PlainColumn& from = table.columns[g.columns[i]];
        for (std::size_t k = 0; k < others.size(); ++k) copy_cell(kept[k], table.columns[others[k]], row);
        if (!table.row_names.empty()) add_text(row_name, table.row_names[row], 0.0L, from.places[row]);
        add_text(group, g.name, 0.0L, from.places[row]);
        add_text(replicate, std::to_string(i + 1), static_cast<long double>(i + 1), from.places[row]);
        copy_cell(value, from, row);
        ++out.table.rows;
      }
  out.table.file = table.file;
  out.table.decimal_commas = table.decimal_commas;
  out.table.columns = std::move(kept);
  if (!table.row_names.empty()) out.table.columns.push_back(std::move(row_name));
  if (!by_rows) out.table.columns.push_back(std::move(group));
  out.table.columns.push_back(std::move(replicate));
  out.table.columns.push_back(std::move(value));
  std::vector<std::string> parts;
  for (const Group& g : groups)
    parts.push_back(fmt::format("{} ({} columns)", g.name.empty() ? "unnamed" : g.name, g.columns.size()));
  out.what = by_rows
                 ? fmt::format("each row is a group, its columns {} are replicates", parts.front())
                 : fmt::format("columns of one name are replicates of a group: {}", fmt::join(parts, ", "));
  out.table.regrouped = out.what;
  return out;
}

}  // namespace stroma::io
