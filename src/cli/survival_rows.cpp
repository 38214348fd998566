#include "cli/survival_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "io/survival_table.hpp"

namespace stroma::cli {
namespace {

using io::PlainColumn;

/// Whether a row's status means an event: 1, 0, or -1 where it means neither.
int event_of(const PlainColumn& status, std::size_t row, double event_code) {
  const auto code = static_cast<double>(status.values[row]);
  if (code == event_code) return 1;
  if (code == event_code - 1.0) return 0;
  if (!std::isnan(code)) return -1;
  const std::optional<bool> word = io::event_of(status.texts[row]);
  return word ? static_cast<int>(*word) : -1;
}

/// 1 where the codes are 0 and 1, 2 where they are 1 and 2 (the coding of many R data sets).
double event_code_of(const PlainColumn& status) {
  bool two = false, zero = false;
  for (const long double v : status.values) {
    two = two || v == 2.0L;
    zero = zero || v == 0.0L;
  }
  return two && !zero ? 2.0 : 1.0;
}

void check_times(Columns& columns, const PlainColumn& time) {
  for (std::size_t row = 0; row < time.values.size(); ++row)
    if (time.values[row] < 0.0L)
      columns.problems().add("negative-time", time.places[row], time.name,
                             fmt::format("{}: time '{}' is negative", time.name, time.texts[row]),
                             "times count from the beginning of the observation: 0 or more");
}

void check_status(Columns& columns, const PlainColumn& status, double event_code) {
  for (std::size_t row = 0; row < status.texts.size(); ++row) {
    if (status.texts[row].empty() || event_of(status, row, event_code) >= 0) continue;
    columns.problems().add(
        "bad-status", status.places[row], status.name,
        fmt::format("{}: '{}' is no status", status.name, status.texts[row]),
        "write 1 (event) and 0 (censored), or 2 and 1, or words: dead, alive, event, censored, yes, no");
  }
}

/// The group column: named, or the only column of words beside the ones that have another meaning.
const PlainColumn* group_of(Columns& columns, const StatsRequest& request, const io::PlainTable& table,
                            const SurvivalRows& t) {
  if (!request.group.empty()) return columns.named(request.group, "--group");
  if (const PlainColumn* known = columns.known({"group", "arm", "treatment"})) return known;
  const PlainColumn* subject = columns.subject();
  std::vector<const PlainColumn*> words;
  for (const PlainColumn& c : table.columns)
    if (!c.is_number && &c != t.status && &c != t.strata && &c != subject) words.push_back(&c);
  if (words.size() > 1)
    columns.wrong(
        "ambiguous-columns",
        fmt::format("several columns could name the arms: '{}', '{}'", words[0]->name, words[1]->name),
        "say which with --group");
  return words.size() == 1 ? words.front() : nullptr;
}

/// Index of a name in the list of those seen so far.
int index_of(std::vector<std::string>& names, const std::string& name) {
  const auto at = std::find(names.begin(), names.end(), name) - names.begin();
  if (at == static_cast<std::ptrdiff_t>(names.size())) names.push_back(name);
  return static_cast<int>(at);
}

}  // namespace

SurvivalRows read_survival_rows(const StatsRequest& request, const io::PlainTable& table, Columns& columns,
                                bool with_group) {
  SurvivalRows t;
  t.time = !request.time.empty() ? columns.named(request.time, "--time")
                                 : columns.known({"time", "times", "t", "day", "days", "week", "weeks",
                                                  "month", "months", "futime", "os", "duration"});
  t.status = !request.status.empty()
                 ? columns.named(request.status, "--status")
                 : columns.known({"status", "event", "events", "dead", "death", "died", "fustat"});
  if (t.time == nullptr && request.time.empty())
    columns.wrong("missing-column", "no column is called time, days, weeks or months",
                  "say which holds the times with --time");
  if (t.status == nullptr && request.status.empty())
    columns.wrong("missing-column", "no column is called status, event or dead",
                  "say which holds the status with --status");
  t.subject = columns.subject();
  if (!request.strata.empty()) t.strata = columns.named(request.strata, "--strata");
  if (with_group) t.group = group_of(columns, request, table, t);
  t.numbered_in =
      t.group != nullptr ? t.group : columns.known({"group", "arm", "treatment", "trt", "rx", "x"});
  columns.use(t.time, "time", true);
  columns.use(t.status, "status", false);
  columns.use(t.group, "group", false);
  columns.use(t.strata, "strata", false);
  double event_code = 1.0;
  if (t.time != nullptr) check_times(columns, *t.time);
  if (t.status != nullptr) check_status(columns, *t.status, event_code = event_code_of(*t.status));
  columns.problems().throw_if_any();
  std::vector<std::string> strata;
  for (std::size_t row = 0; row < table.rows; ++row) {
    const bool complete = !std::isnan(t.time->values[row]) && !t.status->texts[row].empty() &&
                          (t.group == nullptr || !t.group->texts[row].empty()) &&
                          (t.strata == nullptr || !t.strata->texts[row].empty());
    if (!complete) continue;
    t.rows.push_back(row);
    t.subjects.push_back(
        {static_cast<double>(t.time->values[row]), event_of(*t.status, row, event_code) == 1});
    if (t.group != nullptr) t.arm.push_back(index_of(t.arms, t.group->texts[row]));
    if (t.strata != nullptr) t.stratum.push_back(index_of(strata, t.strata->texts[row]));
  }
  return t;
}

void note_left_out(const SurvivalRows& t, const io::PlainTable& table, StatsAnswer& answer) {
  if (t.subject != nullptr) {
    std::set<std::pair<std::string, std::string>> distinct;  // the same number may be given in each arm
    for (const std::size_t row : t.rows)
      distinct.emplace(t.numbered_in != nullptr ? t.numbered_in->texts[row] : "", t.subject->texts[row]);
    if (!distinct.empty() && distinct.size() < t.rows.size())
      answer.notes.push_back(
          fmt::format("pseudo-replication: {} rows come from {} subjects ('{}'); rows of one subject are not "
                      "independent, so intervals are too narrow and p too small",
                      t.rows.size(), distinct.size(), t.subject->name));
  }
  answer.json["n"] = t.subjects.size();
  answer.json["incomplete_rows"] = table.rows - t.subjects.size();
  if (t.subjects.size() < table.rows)
    answer.notes.push_back(
        fmt::format("{} rows are incomplete and were left out", table.rows - t.subjects.size()));
}

nlohmann::ordered_json test_json(const stats::ChiSquareTest& t) {
  return {{"statistic", t.statistic}, {"df", t.df}, {"p", t.p}};
}

}  // namespace stroma::cli
