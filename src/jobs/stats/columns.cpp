#include "jobs/stats/columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "io/replicate_columns.hpp"
#include "stats/descriptive.hpp"
#include "stats/error.hpp"

namespace stroma::jobs {
namespace {

using io::PlainColumn;

std::string small(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// Deals the values out to their groups as distances from a common origin.
void fill(Grouped& g, const io::GroupRows& rows) {
  g.names = rows.names;
  g.values.resize(rows.names.size());
  g.subjects.resize(rows.names.size());
  g.blocks.resize(rows.names.size());
  g.origin = origin_of(rows.value);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    g.values[rows.group[i]].push_back(
        static_cast<double>(rows.value[i] - static_cast<long double>(g.origin)));
    if (!rows.subject.empty()) g.subjects[rows.group[i]].push_back(rows.subject[i]);
    if (!rows.block.empty()) g.blocks[rows.group[i]].push_back(rows.block[i]);
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
  return io::choose_subject(table_, {});
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

void Columns::done(bool say) {
  problems_.throw_if_any();
  answer_.json["columns"] = understood_;
  if (!say) return;
  for (const auto& [role, names] : understood_.items()) {
    std::vector<std::string> words;
    for (const auto& name : names.is_array() ? names : nlohmann::ordered_json::array({names}))
      words.push_back(fmt::format("'{}'", name.get<std::string>()));
    answer_.understanding.found(
        role, fmt::format("column{} {}", words.size() == 1 ? "" : "s", fmt::join(words, ", ")));
  }
}

std::optional<io::PlainTable> regrouped(const StatsRequest& request, const io::PlainTable& table,
                                        StatsAnswer& answer) {
  if (!table.regrouped.empty()) answer.understanding.found("layout", table.regrouped);
  if (request.wide || !request.columns.empty() || !request.value.empty()) return {};
  std::optional<io::LongForm> rows = io::replicates_as_rows(table);
  if (!rows) return {};
  if (request.replicates)
    answer.understanding.given("layout", rows->what, "--replicates");
  else if (rows->certain)
    answer.understanding.assumed("layout", rows->what, "--wide");
  else
    io::ask(table, "ambiguous-columns",
            "the numbers in the names of the columns could count replicates, or be part of the names",
            request.command, {{rows->what, "--replicates"}, {"each column is a group of its own", "--wide"}});
  return std::move(rows->table);
}

Grouped grouped(const StatsRequest& request, const io::PlainTable& original, StatsAnswer& answer,
                bool several, const io::Ability& can) {
  const std::optional<io::PlainTable> rows_form = regrouped(request, original, answer);
  const io::PlainTable& table = rows_form ? *rows_form : original;
  const io::GroupColumns chosen = io::choose_groups(table, request, several);
  Columns columns(table, answer);
  if (chosen.value != nullptr) columns.use(chosen.value, request.value.empty() ? "value" : "--value", true);
  if (chosen.group != nullptr) columns.use(chosen.group, "group", false);
  for (const PlainColumn* c : chosen.wide) columns.use(c, "group", true);
  columns.problems().throw_if_any();
  core::Understanding facts;
  io::Units units =
      io::units_of(table, chosen, io::rows_of(table, chosen, request, facts), request, can, facts);
  if (units.subject != nullptr) columns.use(units.subject, "subject", false);
  if (units.block != nullptr) columns.use(units.block, "block", false);
  columns.done(false);
  io::say_columns(table, chosen, request, units, answer.understanding);
  answer.understanding.append(facts);
  for (std::string& note : units.notes) answer.notes.push_back(std::move(note));
  Grouped g;
  g.value_name = chosen.value != nullptr ? chosen.value->name : "value";
  g.unit = chosen.value != nullptr ? chosen.value->unit : chosen.wide.front()->unit;
  if (units.block != nullptr) g.block_name = units.block->name;
  fill(g, units.rows);
  if (g.origin != 0.0)
    answer.notes.push_back(
        "the values share many leading digits; distances from the first one were used, so that no digit is "
        "lost");
  for (const std::vector<double>& values : g.values) require_squares(values, g.value_name);
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

std::string shown(double value) {
  return fmt::format("{:.6g}", value);
}

std::string shown_p(double p) {
  return p < 1e-300 ? "< 1e-300" : fmt::format("{:.4g}", p);
}

}  // namespace stroma::jobs
