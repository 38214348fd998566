#include "io/group_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "io/column_shape.hpp"

namespace stroma::io {
namespace {

/// A name in small letters without blanks (also the ones that spreadsheets do not break at).
std::string folded(const std::string& name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name.compare(i, 2, "\xC2\xA0") == 0) {
      ++i;
      continue;
    }
    if (name[i] == ' ' || name[i] == '\t') continue;
    out += name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
  }
  return out;
}

std::string cropped(const std::string& name) {
  constexpr std::size_t longest = 40;
  if (name.size() <= longest) return name;
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0u) == 0x80u) --end;  // whole characters
  return name.substr(0, end) + "...";
}

}  // namespace

std::vector<std::string> settled_names(const PlainTable& table, const PlainColumn& column,
                                       const ColumnOptions& options, core::Understanding& facts) {
  std::vector<std::string> names = column.texts;
  if (column.padded > 0)
    facts.found("names", fmt::format("blanks around {} cell{} of '{}' were left out", column.padded,
                                     column.padded == 1 ? "" : "s", column.name));
  if (column.is_number) return names;
  std::map<std::string, std::vector<std::pair<std::string, std::size_t>>> spellings;
  for (const std::string& name : names) {
    if (name.empty()) continue;
    auto& known = spellings[folded(name)];
    const auto at = std::find_if(known.begin(), known.end(),
                                 [&](const auto& spelling) { return spelling.first == name; });
    if (at == known.end())
      known.emplace_back(name, 1);
    else
      ++at->second;
  }
  std::vector<std::string> doubtful;
  for (const auto& [fold, known] : spellings) {
    if (known.size() < 2) continue;
    std::vector<std::string> parts;
    for (const auto& [name, count] : known) parts.push_back(fmt::format("'{}' ({})", cropped(name), count));
    doubtful.push_back(fmt::format("{}", fmt::join(parts, " and ")));
  }
  if (doubtful.empty()) return names;
  const std::string which = fmt::format("{}", fmt::join(doubtful, "; "));
  if (options.exact_names) {
    facts.given("names", fmt::format("{} are different groups", which), "--exact-names");
  } else if (options.any_case) {
    facts.given("names", fmt::format("{} are one group", which), "--any-case");
    for (std::string& name : names)
      if (!name.empty()) name = spellings[folded(name)].front().first;
  } else {
    ask(table, "names-differ-in-case",
        fmt::format("names in '{}' differ only in case or blanks: {}", column.name, which), options.command,
        {{"they are one group", "--any-case"}, {"they are different groups", "--exact-names"}});
  }
  return names;
}

GroupRows rows_of(const PlainTable& table, const GroupColumns& columns, const ColumnOptions& options,
                  core::Understanding& facts, bool keep_missing) {
  GroupRows rows;
  const auto add = [&](std::size_t group, long double value, std::size_t row) {
    if (std::isnan(value)) {
      ++rows.left_out;
      if (!keep_missing) return;
    }
    rows.group.push_back(group);
    rows.value.push_back(value);
    rows.row.push_back(row);
  };
  if (columns.group != nullptr) {
    const std::vector<std::string> names = settled_names(table, *columns.group, options, facts);
    std::map<std::string, std::size_t> index;
    for (std::size_t row = 0; row < table.rows; ++row) {
      if (names[row].empty() || (!keep_missing && std::isnan(columns.value->values[row]))) {
        ++rows.left_out;
        continue;
      }
      const auto [at, fresh] = index.emplace(names[row], rows.names.size());
      if (fresh) rows.names.push_back(names[row]);
      add(at->second, columns.value->values[row], row);
    }
    return rows;
  }
  std::vector<const PlainColumn*> wide = columns.wide;
  if (wide.empty()) wide.push_back(columns.value);
  for (std::size_t i = 0; i < wide.size(); ++i) {
    rows.names.push_back(wide[i]->name);
    for (std::size_t row = 0; row < table.rows; ++row) add(i, wide[i]->values[row], row);
  }
  return rows;
}

Crossing crossing_of(const GroupRows& rows, const PlainColumn& column) {
  Crossing c;
  std::unordered_map<std::string_view, std::size_t> index;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> cells;
  std::vector<std::set<std::size_t>> groups_of;
  std::vector<std::size_t> in_group(rows.names.size(), 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string& text = column.texts[rows.row[i]];
    if (text.empty()) continue;
    const auto [label, fresh] = index.emplace(text, groups_of.size());
    if (fresh) groups_of.emplace_back();
    ++cells[{rows.group[i], label->second}];
    ++in_group[rows.group[i]];
    groups_of[label->second].insert(rows.group[i]);
  }
  c.labels = groups_of.size();
  c.cells = cells.size();
  std::vector<std::size_t> labels_in(rows.names.size(), 0);
  for (const auto& [cell, count] : cells) {
    c.repeated += count > 1 ? 1 : 0;
    ++labels_in[cell.first];
  }
  for (const std::set<std::size_t>& groups : groups_of) {
    c.shared += groups.size() > 1 ? 1 : 0;
    c.everywhere += groups.size() == rows.names.size() ? 1 : 0;
  }
  for (std::size_t g = 0; g < in_group.size(); ++g) {
    if (labels_in[g] == 0 || in_group[g] - labels_in[g] < c.example_rows - c.example_labels) continue;
    if (c.example_labels > 0 && in_group[g] - labels_in[g] == c.example_rows - c.example_labels) continue;
    c.example = g;
    c.example_rows = in_group[g];
    c.example_labels = labels_in[g];
  }
  return c;
}

const PlainColumn* choose_subject(const PlainTable& table, const ColumnOptions& options) {
  if (!options.subject.empty()) return column_named(table, options.subject, "--subject");
  const PlainColumn* best = nullptr;
  for (const PlainColumn& c : table.columns) {
    if (plausible_role(c) != ColumnRole::subject || c.name == options.value || c.name == options.group ||
        c.name == options.group2 || c.name == options.block || shape_of(c).levels < 2)
      continue;
    if (best == nullptr || shape_of(c).levels < shape_of(*best).levels) best = &c;
  }
  return best;
}

std::string unused_columns(const PlainTable& table, const std::vector<const PlainColumn*>& used) {
  constexpr std::size_t most = 6;
  std::vector<std::string> parts;
  std::size_t more = 0;
  const std::set<const PlainColumn*> taken(used.begin(), used.end());
  for (const PlainColumn& c : table.columns) {
    if (taken.contains(&c)) continue;
    if (parts.size() == most) {
      ++more;
      continue;
    }
    const ColumnShape shape = shape_of(c);
    const ColumnRole role = plausible_role(c);
    const bool pooled = shape.levels > 1 && 2 * shape.levels <= shape.filled && !shape.fractions;
    std::string why;
    if (role == ColumnRole::index)
      why = " (counts the rows)";
    else if (role == ColumnRole::replicate)
      why = " (counts repeats)";
    else if (pooled || ((role == ColumnRole::dose || role == ColumnRole::time) && !shape.all_distinct()))
      why = fmt::format(" ({} levels, pooled)", shape.levels);
    parts.push_back(fmt::format("'{}'{}", cropped(c.name), why));
  }
  if (more > 0) parts.push_back(fmt::format("and {} more", more));
  return fmt::format("{}", fmt::join(parts, ", "));
}

void say_columns(const PlainTable& table, const GroupColumns& columns, const ColumnOptions& options,
                 const Units& units, core::Understanding& facts) {
  constexpr std::size_t most = 12;
  std::vector<std::size_t> n(units.rows.names.size(), 0);
  for (const std::size_t g : units.rows.group) ++n[g];
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < n.size() && i < most; ++i)
    parts.push_back(fmt::format("{} {}", cropped(units.rows.names[i]), n[i]));
  if (n.size() > most) parts.push_back(fmt::format("and {} more", n.size() - most));
  const std::string sizes = fmt::format("{}", fmt::join(parts, ", "));
  const auto say = [&](const std::string& about, const std::string& what, const std::string& option,
                       bool given, bool assumed) {
    if (given)
      facts.given(about, what, option);
    else if (assumed)
      facts.assumed(about, what, option);
    else
      facts.found(about, what, option);
  };
  const auto measured_in = [](const PlainColumn& c) { return c.unit.empty() ? "" : ", in " + c.unit; };
  std::vector<const PlainColumn*> used{columns.value, columns.group, units.subject, units.block};
  if (columns.group != nullptr) {
    say("value", fmt::format("column '{}'{}", columns.value->name, measured_in(*columns.value)), "--value",
        !options.value.empty(), false);
    say("group", fmt::format("column '{}' ({})", columns.group->name, sizes), "--group",
        !options.group.empty(), columns.assumed);
  } else if (columns.value != nullptr) {
    say("value",
        fmt::format("column '{}'{}, one sample of {}", columns.value->name, measured_in(*columns.value),
                    units.rows.size()),
        "--value", !options.value.empty(), false);
  } else {
    used.insert(used.end(), columns.wide.begin(), columns.wide.end());
    say("groups", fmt::format("each of the columns {}{}", sizes, measured_in(*columns.wide.front())),
        options.columns.empty() ? "--wide" : "--columns", options.wide || !options.columns.empty(), false);
  }
  const std::string unused = unused_columns(table, used);
  if (!unused.empty()) facts.found("not used", unused);
}

}  // namespace stroma::io
