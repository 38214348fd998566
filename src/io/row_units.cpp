// Which rows of a table are independent (declared in group_rows.hpp): the questions, and the means of
// subjects.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "io/column_shape.hpp"
#include "io/group_rows.hpp"

namespace stroma::io {
namespace {

std::string many(std::size_t n, const std::string& one) {
  return fmt::format("{} {}{}", n, one, n == 1 ? "" : "s");
}

/// What every step needs to know.
struct Case {
  const PlainTable& table;
  const GroupColumns& columns;
  const ColumnOptions& options;
  const Ability& can;
  GroupRows& rows;
  Units& units;
  core::Understanding& facts;

  std::set<const PlainColumn*> wide;  ///< columns that are groups

  bool is_free(const PlainColumn& c) const {
    return &c != columns.value && &c != columns.group && &c != units.subject && &c != units.block &&
           !wide.contains(&c) && c.missing < c.texts.size();
  }

  /// Refuses with the readings, or notes where the method only describes.
  void refuse(const std::string& message, std::vector<core::Choice> readings) const {
    if (can.only_describes) {
      units.notes.push_back(message + "; sd, SEM and interval count every row");
      units.subject = nullptr;
      return;
    }
    readings.push_back({"every row is independent all the same", "--independent"});
    ask(table, "not-independent", message, options.command, readings);
  }
};

/// Columns of times or doses in which the rows of one group differ.
std::vector<const PlainColumn*> factors_beside(const Case& c) {
  std::vector<const PlainColumn*> found;
  for (const PlainColumn& column : c.table.columns) {
    const ColumnRole role = plausible_role(column);
    const bool factor = role == ColumnRole::time || role == ColumnRole::dose || role == ColumnRole::group;
    if (c.is_free(column) && factor && shape_of(column).levels > 1 && shape_of(column).repeats())
      found.push_back(&column);
  }
  return found;
}

/// "--where day=14", and both factors at once.
void add_factor_readings(const Case& c, std::vector<core::Choice>& readings) {
  for (const PlainColumn* f : factors_beside(c)) {
    std::string last;
    for (const std::string& text : f->texts)
      if (!text.empty()) last = text;
    readings.push_back({fmt::format("one '{}' only, such as {}", f->name, last),
                        "--where " + as_argument(f->name + "=" + last)});
    if (c.columns.group != nullptr)
      readings.push_back(
          {fmt::format("'{}' is a factor beside '{}'", f->name, c.columns.group->name),
           fmt::format(
               "{}--group2 {}",
               c.options.group.empty() ? fmt::format("--group {} ", as_argument(c.columns.group->name)) : "",
               as_argument(f->name)),
           with_method(c.options.command, "anova2")});
  }
}

std::string option_for(const Case& c, const std::string& option, const PlainColumn& column) {
  const std::string& given = option == "--subject" ? c.options.subject : c.options.block;
  return given == column.name ? "" : fmt::format(" {} {}", option, as_argument(column.name));
}

/// Several rows of one label in one group.
void refuse_repeats(const Case& c, const PlainColumn& by, const Crossing& x) {
  const std::string group = c.rows.names.size() > 1 || c.columns.group != nullptr
                                ? fmt::format(" of '{}'", c.rows.names[x.example])
                                : "";
  const std::string message = fmt::format(
      "pseudo-replication: the {} values{} come from {} subjects ('{}'); values of one subject are "
      "not independent, so p would be too small",
      x.example_rows, group, x.example_labels, by.name);
  std::vector<core::Choice> readings;
  if (x.shared > 0 && c.rows.names.size() > 1 && c.can.blocks) {
    readings.push_back(
        {fmt::format("the mean of each '{}' is one value, and a '{}' is the same one in every group", by.name,
                     by.name),
         "--per-subject" + option_for(c, "--block", by)});
    readings.push_back(
        {fmt::format("the mean of each '{}' is one value, and each group numbers its own", by.name),
         "--per-subject --own-numbers" + option_for(c, "--subject", by)});
  } else if (x.shared > 0 && c.rows.names.size() == 2) {
    readings.push_back(
        {fmt::format("the mean of each '{}' is one value, and a '{}' is the same one in both groups", by.name,
                     by.name),
         "--per-subject" + option_for(c, "--subject", by), with_method(c.options.command, "paired")});
    readings.push_back(
        {fmt::format("the mean of each '{}' is one value, and each group numbers its own", by.name),
         "--per-subject --own-numbers" + option_for(c, "--subject", by)});
  } else {
    readings.push_back({fmt::format("the mean of each '{}' is one value", by.name),
                        "--per-subject" + option_for(c, "--subject", by)});
  }
  add_factor_readings(c, readings);
  c.refuse(message, std::move(readings));
}

/// One label in several groups, once in each: the same subject, or numbers that every group gives anew.
void refuse_shared(const Case& c, const PlainColumn& by, const Crossing& x) {
  const std::string message = fmt::format(
      "{} of '{}' stand{} in several groups: either they are the same ones (the groups are then not "
      "independent), or each group numbers its own",
      many(x.shared, "label"), by.name, x.shared == 1 ? "s" : "");
  std::vector<core::Choice> readings;
  if (c.rows.names.size() == 2)
    readings.push_back({fmt::format("the same '{}' in both groups: pairs", by.name),
                        c.options.subject.empty() ? "--subject " + as_argument(by.name) : "",
                        with_method(c.options.command, "paired")});
  else
    readings.push_back({fmt::format("the same '{}' in every group: blocks", by.name),
                        "--block " + as_argument(by.name),
                        c.can.blocks ? "" : with_method(c.options.command, "anova")});
  readings.push_back({"each group numbers its own", "--own-numbers"});
  c.refuse(message, std::move(readings));
}

void refuse_schedule(const Case& c, const PlainColumn& by, const Crossing& x) {
  std::vector<core::Choice> readings;
  add_factor_readings(c, readings);
  if (c.columns.wide_table() && c.rows.names.size() == 2)
    readings.push_back({fmt::format("the two values of each '{}' are a pair", by.name), "",
                        with_method(c.options.command, "paired")});
  else if (c.columns.wide_table())
    readings.push_back({fmt::format("each '{}' is a block", by.name), "--block " + as_argument(by.name),
                        c.can.blocks ? "" : with_method(c.options.command, "anova")});
  c.refuse(fmt::format("the rows{} are {} levels of '{}': differences between them are no chance, and "
                       "values of one animal or culture at several of them are not independent",
                       c.rows.names.size() > 1 ? " of a group" : "", x.labels, by.name),
           std::move(readings));
}

/// The means of the rows that share group, subject and block.
GroupRows means_of(const GroupRows& rows, const PlainColumn& subject, const PlainColumn* block) {
  GroupRows means;
  means.names = rows.names;
  means.left_out = rows.left_out;
  std::map<std::tuple<std::size_t, std::string, std::string>, std::size_t> index;
  std::vector<std::size_t> counts;
  std::size_t unlabelled = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::string label = subject.texts[rows.row[i]];
    // A value of nobody in particular stands for itself.
    if (label.empty()) label = fmt::format("\x01{}", unlabelled++);
    const std::string in = block != nullptr ? block->texts[rows.row[i]] : "";
    const auto [at, fresh] = index.emplace(std::tuple{rows.group[i], label, in}, means.size());
    if (fresh) {
      means.group.push_back(rows.group[i]);
      means.value.push_back(0.0L);
      means.row.push_back(rows.row[i]);
      counts.push_back(0);
    }
    means.value[at->second] += rows.value[i];
    ++counts[at->second];
  }
  for (std::size_t i = 0; i < means.size(); ++i) means.value[i] /= static_cast<long double>(counts[i]);
  return means;
}

/// Words or whole numbers of which each lies in one group and has several rows there.
bool looks_nested(const GroupRows& rows, const PlainColumn& column) {
  const ColumnShape shape = shape_of(column);
  if (shape.fractions || shape.flag || shape.levels < 3 || 2 * shape.levels > shape.filled) return false;
  const Crossing x = crossing_of(rows, column);
  return x.shared == 0 && x.labels > rows.names.size() && x.example_labels >= 2 &&
         10 * x.repeated >= 8 * x.cells;
}

/// Whether a group is measured on a schedule: the levels come again in every group.
bool is_schedule(const Case& c, const PlainColumn& column, const Crossing& x) {
  const ColumnRole role = plausible_role(column);
  if (x.labels < 2 || 2 * x.everywhere < x.labels || x.cells < 2 * c.rows.names.size()) return false;
  if (role == ColumnRole::time) return c.rows.names.size() > 1 || shape_of(column).repeats();
  return role == ColumnRole::dose && x.repeated == 0 && c.rows.names.size() > 1;
}

/// The column whose rows --per-subject averages where no option names it.
const PlainColumn* column_to_average(const Case& c) {
  if (c.units.subject != nullptr) return c.units.subject;
  if (c.units.block != nullptr) return c.units.block;
  for (const ColumnRole role : {ColumnRole::block, ColumnRole::replicate})
    for (const PlainColumn& column : c.table.columns)
      if (plausible_role(column) == role && c.is_free(column) && crossing_of(c.rows, column).repeated > 0)
        return &column;
  for (const PlainColumn& column : c.table.columns)
    if (c.is_free(column) && plausible_role(column) == ColumnRole::unknown && looks_nested(c.rows, column))
      return &column;
  core::Diagnostics problems;
  problems.add("missing-column", {c.table.file, 1, 0}, "--per-subject",
               "--per-subject: no column says from whom a value is", "say which with --subject");
  problems.throw_if_any();
  return nullptr;
}

/// A column of experiments, plates or membranes: its labels enter the model, or are asked about.
void consider_block(Case& c, const PlainColumn& column) {
  const Crossing x = crossing_of(c.rows, column);
  if (x.labels < 2) return;
  const bool own = c.units.subject != nullptr;  // each row is known to be another subject
  if (x.repeated > 0 && !own && x.shared > 0) {
    c.refuse(fmt::format(
                 "'{}' has several rows in each group ({} values of '{}' from {} of them): rows of one '{}' "
                 "hang together",
                 column.name, x.example_rows, c.rows.names[x.example], x.example_labels, column.name),
             c.can.blocks
                 ? std::vector<
                       core::Choice>{{"the rows are repeats of one measurement: their mean is one value, and "
                                      "the experiments are blocks",
                                      "--per-subject" + option_for(c, "--block", column)},
                                     {"the rows are independent units within blocks",
                                      "--independent" + option_for(c, "--block", column)}}
                 : std::vector<core::Choice>{
                       {"the rows are repeats of one measurement: their mean is one value, and the "
                        "experiments are blocks",
                        "--per-subject" + option_for(c, "--block", column),
                        with_method(c.options.command, "anova")}});
    return;
  }
  if (x.repeated > 0 && !own) {
    if (x.labels <= c.rows.names.size())
      c.refuse(fmt::format(
                   "each group has a '{0}' of its own: what differs between the groups cannot be told from "
                   "what differs between the '{0}' labels",
                   column.name),
               {});
    else
      refuse_repeats(c, column, x);
    return;
  }
  if (x.shared < 2 || c.rows.names.size() < 2) {
    if (x.repeated == 0 && x.shared == 0 && c.units.subject == nullptr) c.units.subject = &column;
    return;
  }
  if (own && x.repeated > 0) return;  // named among the columns that are not used
  if (c.can.blocks) {
    c.units.block = &column;
    c.facts.assumed("block",
                    fmt::format("column '{}' ({}): each holds several groups, and what they share is "
                                "taken out before the groups are compared",
                                column.name, many(x.labels, "block")),
                    "--independent");
    return;
  }
  if (c.can.only_describes) return;
  std::vector<core::Choice> readings;
  if (c.rows.names.size() == 2)
    readings.push_back({"the values of one block are a pair", "--subject " + as_argument(column.name),
                        with_method(c.options.command, "paired")});
  else
    readings.push_back({"blocks in an analysis of variance", "--block " + as_argument(column.name),
                        with_method(c.options.command, "anova")});
  c.refuse(
      fmt::format("the groups share their '{}' labels ({} of them): rows of one are not independent of each "
                  "other",
                  column.name, x.shared),
      std::move(readings));
}

void use_block_labels(Case& c) {
  if (c.units.block == nullptr) return;
  for (const std::size_t row : c.rows.row) c.rows.block.push_back(c.units.block->texts[row]);
  if (std::find(c.rows.block.begin(), c.rows.block.end(), "") == c.rows.block.end()) return;
  core::Diagnostics problems;
  problems.add("missing-block", {c.table.file, 1, 0}, c.units.block->name,
               fmt::format("some rows have no '{}'", c.units.block->name),
               "give each row its block, or leave the row out");
  problems.throw_if_any();
}

void average(Case& c) {
  const PlainColumn* by = column_to_average(c);
  const std::size_t before = c.rows.size();
  const Crossing x = crossing_of(c.rows, *by);
  if (x.shared > 0 && c.units.block == nullptr && !c.options.own_numbers && c.rows.names.size() > 1 &&
      c.can.method != "paired")
    refuse_shared(c, *by, x);
  c.rows = means_of(c.rows, *by, c.units.block);
  c.units.subject = by;
  c.units.means = true;
  std::string pooled;
  for (const PlainColumn* f : factors_beside(c))
    pooled += fmt::format("{} '{}'", pooled.empty() ? "" : ",", f->name);
  c.facts.given("independent unit",
                fmt::format("the mean of the rows of each '{}' ({} rows, {} means{}{})", by->name, before,
                            c.rows.size(), pooled.empty() ? "" : "; over all levels of", pooled),
                "--per-subject");
}

/// Times, replicates and nested labels where no subject says that the rows are independent.
void consider_others(Case& c) {
  for (const PlainColumn& column : c.table.columns) {
    if (!c.is_free(column)) continue;
    const ColumnRole role = plausible_role(column);
    const ColumnShape shape = shape_of(column);
    const bool may_name =
        role == ColumnRole::unknown || (role == ColumnRole::group && c.columns.wide_table());
    const bool labels = role == ColumnRole::time || role == ColumnRole::dose ||
                        role == ColumnRole::replicate || (may_name && !shape.fractions);
    if (!labels) continue;
    const Crossing x = crossing_of(c.rows, column);
    if (role == ColumnRole::time || role == ColumnRole::dose) {
      if (is_schedule(c, column, x)) return refuse_schedule(c, column, x);
    } else if (role == ColumnRole::replicate) {
      // Of one sample, a counter of repeats says nothing about who is who.
      if (x.repeated > 0 && x.labels > 1 && c.rows.names.size() > 1) return refuse_repeats(c, column, x);
      if (x.shared > 1 && c.can.blocks)
        c.facts.assumed(
            "replicates",
            fmt::format("'{}' only counts: equal numbers in two groups have nothing in common", column.name),
            "--block " + as_argument(column.name));
    } else if (role == ColumnRole::unknown && c.rows.names.size() > 1 && looks_nested(c.rows, column)) {
      return refuse_repeats(c, column, x);
    } else if (may_name && !column.is_number && x.repeated == 0 && x.everywhere > 2 &&
               c.rows.names.size() > 1) {
      if (c.columns.wide_table()) return refuse_shared(c, column, x);  // a name for each row of values
      c.facts.assumed("independent unit",
                      fmt::format("rows with one '{}' have nothing in common", column.name),
                      "--block " + as_argument(column.name));
    }
  }
}

}  // namespace

Units units_of(const PlainTable& table, const GroupColumns& columns, GroupRows rows,
               const ColumnOptions& options, const Ability& can, core::Understanding& facts) {
  Units units;
  if (!options.block.empty()) {
    units.block = column_named(table, options.block, "--block");
    if (!can.blocks)
      ask(table, "no-blocks", fmt::format("'{}' has no model with blocks", can.method), options.command,
          {{"an analysis of variance with blocks", "", with_method(options.command, "anova")}});
    facts.given("block",
                fmt::format("column '{}' ({})", units.block->name,
                            many(crossing_of(rows, *units.block).labels, "block")),
                "--block");
  }
  units.subject = choose_subject(table, options);
  Case c{table, columns, options, can, rows, units, facts, {columns.wide.begin(), columns.wide.end()}};
  if (units.subject != nullptr && !c.table.find(units.subject->name)) units.subject = nullptr;
  if (units.subject == columns.value || units.subject == columns.group) units.subject = nullptr;
  if (options.independent) {
    units.subject = nullptr;
    facts.given("independent unit", "each row", "--independent");
  } else if (options.per_subject) {
    average(c);
  } else {
    if (units.subject != nullptr) {
      const Crossing x = crossing_of(rows, *units.subject);
      if (x.repeated > 0)
        refuse_repeats(c, *units.subject, x);
      else if (x.shared > 0 && rows.names.size() > 1 && !options.own_numbers &&
               units.block != units.subject && !can.only_describes)
        refuse_shared(c, *units.subject, x);
    }
    if (units.block == nullptr) {
      for (const PlainColumn& column : table.columns)
        if (units.block == nullptr && plausible_role(column) == ColumnRole::block && c.is_free(column) &&
            &column != columns.group)
          consider_block(c, column);
    } else if (units.subject == nullptr && crossing_of(rows, *units.block).repeated > 0) {
      consider_block(c, *units.block);
    }
    if (units.subject == nullptr && units.block == nullptr) consider_others(c);
    if (units.subject != nullptr)
      facts.found("independent unit", fmt::format("column '{}', one row each", units.subject->name),
                  options.subject.empty() ? "--subject" : "");
    else if (units.block == nullptr)
      facts.assumed("independent unit", "each row (no column says from whom a value is)", "--subject");
    else
      facts.assumed("independent unit", "each row within its block", "--subject");
  }
  use_block_labels(c);
  units.rows = std::move(rows);
  if (units.subject != nullptr && units.rows.subject.empty())
    for (const std::size_t row : units.rows.row) units.rows.subject.push_back(units.subject->texts[row]);
  return units;
}

}  // namespace stroma::io
