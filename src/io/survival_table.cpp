#include "io/survival_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "io/column_names.hpp"
#include "io/status_column.hpp"

namespace stroma::io {
namespace {

using assays::SurvivalSubject;

class Reader {
 public:
  Reader(const PlainTable& table, const SurvivalColumns& wanted, ArmsWanted arms)
      : table_(table), wanted_(wanted), arms_(arms) {}

  SurvivalTable read(bool every_covariate, const std::string& reference) {
    roles_ = find_survival_roles(table_, wanted_, arms_, problems_);
    problems_.throw_if_any();
    const std::vector<TermColumn> terms =
        find_survival_terms(table_, wanted_, roles_, every_covariate, reference, problems_);
    const auto status = read_status(*roles_.status, wanted_.event, wanted_.command, problems_);
    check_times();
    for (const TermColumn& term : terms)
      if (!term.levels) add_faults(*term.column);
    problems_.throw_if_any();
    take_rows(*status, terms);
    problems_.throw_if_any();
    check_units();
    problems_.throw_if_any();
    say(*status, terms);
    add_survival_terms(out_, table_, terms, problems_);
    say_rest(terms);
    problems_.throw_if_any();
    return std::move(out_);
  }

 private:
  void wrong(std::string code, core::Place place, std::string key, std::string message,
             std::string hint = {}) {
    problems_.add(std::move(code), std::move(place), std::move(key), std::move(message), std::move(hint));
  }

  void add_faults(const PlainColumn& c) {
    constexpr std::size_t most = 20;
    for (std::size_t i = 0; i < std::min(most, c.faults.size()); ++i) problems_.add(c.faults[i]);
    if (c.faults.size() > most)
      wrong("too-many-problems", c.faults[most].place, c.name,
            fmt::format("{}: {} more cells are no numbers", c.name, c.faults.size() - most));
  }

  void check_times() {
    for (const PlainColumn* c : {roles_.time, roles_.start}) {
      if (c == nullptr) continue;
      add_faults(*c);
      if (c->unit == "%") wrong("wrong-dimension", c->place, c->name, "a time in per cent has no meaning");
    }
    const PlainColumn& time = *roles_.time;
    std::size_t negative = 0, first = 0;
    for (std::size_t row = table_.rows; row-- > 0;)
      if (time.values[row] < 0.0L) {
        ++negative;
        first = row;
      }
    if (negative > 0)
      wrong("negative-time", time.places[first], time.name,
            fmt::format("{}: time '{}' is negative{}", time.name, time.texts[first],
                        negative > 1 ? fmt::format(", and so are {} more", negative - 1) : ""),
            "times count from the beginning of the observation: 0 or more");
    if (!time.unit.empty() && !roles_.time_unit.empty() && time.unit != roles_.time_unit)
      wrong("two-units", time.place, time.name,
            fmt::format("the header is in {}, the cells are in {}", roles_.time_unit, time.unit),
            "say the unit once");
    if (roles_.start == nullptr) return;
    std::size_t empty = 0;
    for (std::size_t row = table_.rows; row-- > 0;)
      if (roles_.start->values[row] >= time.values[row]) {
        ++empty;
        first = row;
      }
    if (empty > 0)
      wrong("empty-interval", roles_.start->places[first], roles_.start->name,
            fmt::format("{} row{} without time at risk: the observation begins at {} and ends at {}", empty,
                        empty == 1 ? "" : "s", roles_.start->texts[first], time.texts[first]),
            "a row is at risk after its start and until its end: correct them, or let an event on the first "
            "day "
            "end half a day later");
  }

  bool whole(std::size_t row, const std::vector<TermColumn>& terms, std::string& without) const {
    for (const PlainColumn* c : {roles_.status, roles_.arm, roles_.stratum})
      if (c != nullptr && c->texts[row].empty()) without = c->name;
    for (const PlainColumn* c : {roles_.time, roles_.start})
      if (c != nullptr && std::isnan(c->values[row])) without = c->name;
    for (const TermColumn& t : terms)
      if (t.levels ? t.column->texts[row].empty() : std::isnan(t.column->values[row]))
        without = t.column->name;
    return without.empty();
  }

  void take_rows(const StatusReading& status, const std::vector<TermColumn>& terms) {
    std::size_t censored = 0, censored_out = 0;
    for (std::size_t row = 0; row < table_.rows; ++row) {
      std::string without;
      if (!whole(row, terms, without)) {
        ++left_out_[without];
        censored_out += status.event[row] == 0 && std::isnan(roles_.time->values[row]) ? 1 : 0;
        continue;
      }
      SurvivalSubject s;
      if (roles_.subject) s.subject = roles_.subject->texts[row];
      if (s.subject.empty()) s.subject = fmt::format("row {}", row + 1);
      s.arm = roles_.arm ? roles_.arm->texts[row] : "all";
      s.follow_up = {static_cast<double>(roles_.time->values[row]), status.event[row] == 1,
                     roles_.start ? static_cast<double>(roles_.start->values[row])
                                  : -std::numeric_limits<double>::infinity()};
      if (roles_.stratum) s.stratum = roles_.stratum->texts[row];
      censored += s.follow_up.event ? 0 : 1;
      out_.data.subjects.push_back(std::move(s));
      out_.rows.push_back(row);
    }
    if (out_.rows.empty()) {
      wrong("no-rows", {table_.file, 1, 0}, "", "no row is complete", "each needs a time and a status");
      return;
    }
    if (censored == 0 && censored_out > 0)
      wrong(
          "no-censored-times", roles_.time->place, roles_.time->name,
          fmt::format(
              "{} subjects without the event have no time in '{}', so that only those with it would be left",
              censored_out, roles_.time->name),
          "a subject without the event was observed until it was last seen: write that time into the same "
          "column");
  }

  /// Rows of each subject, in the order of their times. A subject's number may be given anew in each arm.
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> by_subject(bool within_arms) const {
    std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> units;
    for (std::size_t i = 0; i < out_.data.subjects.size(); ++i)
      units[{within_arms ? numbered_in(out_.rows[i]) : std::string(), out_.data.subjects[i].subject}]
          .push_back(i);
    for (auto& [key, rows] : units)
      std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
        return out_.data.subjects[a].follow_up.time < out_.data.subjects[b].follow_up.time;
      });
    return units;
  }

  std::string numbered_in(std::size_t row) const {
    if (roles_.arm != nullptr) return roles_.arm->texts[row];
    for (const PlainColumn& c : table_.columns)
      if (&c != roles_.subject && role_of_column(c.name) == ColumnRole::group) return c.texts[row];
    return {};
  }

  /// Whether every arm numbers its subjects from 1 on without a gap ("3", "mouse 3"): then each numbers its
  /// own.
  template <class Units>
  static bool numbered_from_one(const Units& units) {
    std::map<std::string, std::set<std::pair<std::string, long>>> arms;  // prefix and number of each subject
    for (const auto& [key, rows] : units) {
      const std::size_t end = key.second.find_last_not_of("0123456789");
      const std::string digits = end == std::string::npos ? key.second : key.second.substr(end + 1);
      if (digits.empty() || digits.size() > 6) return false;
      arms[key.first].emplace(key.second.substr(0, key.second.size() - digits.size()), std::stol(digits));
    }
    return arms.size() > 1 && std::all_of(arms.begin(), arms.end(), [](const auto& arm) {
             const auto &first = *arm.second.begin(), &last = *arm.second.rbegin();
             return first.first == last.first && first.second == 1 &&
                    last.second == static_cast<long>(arm.second.size());
           });
  }

  /// Whether no two rows of a subject overlap, and only its last has the event.
  template <class Units>
  std::string why_not_intervals(const Units& units) const {
    for (const auto& [key, rows] : units)
      for (std::size_t k = 1; k < rows.size(); ++k) {
        const stats::FollowUp &before = out_.data.subjects[rows[k - 1]].follow_up,
                              &after = out_.data.subjects[rows[k]].follow_up;
        if (after.entry < before.time)
          return fmt::format("two rows of subject '{}' cover the same time (line {})", key.second,
                             roles_.time->places[out_.rows[rows[k]]].line);
        if (before.event)
          return fmt::format("subject '{}' is still observed after its event (line {})", key.second,
                             roles_.time->places[out_.rows[rows[k]]].line);
      }
    return {};
  }

  void check_units() {
    const std::size_t rows = out_.rows.size();
    out_.events = stats_events();
    out_.subjects = rows;
    if (roles_.subject == nullptr) return;
    const auto over_all = by_subject(false);
    if (over_all.size() == rows) return;
    const std::string why = roles_.start != nullptr ? why_not_intervals(over_all) : "";
    if (roles_.start != nullptr && why.empty()) {
      out_.subjects = over_all.size();
      return;
    }
    const auto within = by_subject(true);
    anew_ = wanted_.own_numbers || numbered_from_one(within);
    if (anew_ && (within.size() == rows || (roles_.start != nullptr && why_not_intervals(within).empty()))) {
      out_.subjects = within.size();
      return;
    }
    if (roles_.start != nullptr) {
      wrong("overlapping-intervals", {table_.file, 1, 0}, roles_.subject->name,
            fmt::format("{}: {} rows of {} subjects ('{}') are no intervals of one observation each", why,
                        rows, over_all.size(), roles_.subject->name),
            core::choices(wanted_.command, {{{"each row is a subject of its own", "--independent"}}}));
      return;
    }
    ask_units(rows, over_all.size());
  }

  std::size_t stats_events() const {
    return static_cast<std::size_t>(
        std::count_if(out_.data.subjects.begin(), out_.data.subjects.end(),
                      [](const SurvivalSubject& s) { return s.follow_up.event; }));
  }

  void ask_units(std::size_t rows, std::size_t subjects) {
    std::vector<core::Choice> readings;
    for (const PlainColumn& c : table_.columns) {
      if (!c.is_number || &c == roles_.time || &c == roles_.status || readings.size() == 2) continue;
      bool before = true, late = false;
      for (const std::size_t row : out_.rows) {
        before = before && c.values[row] < roles_.time->values[row];
        late = late || c.values[row] > 0.0L;
      }
      if (before && late)
        readings.push_back(
            {fmt::format("a row is an interval of its subject, from '{}' to '{}'", c.name, roles_.time->name),
             fmt::format("--start {}", c.name)});
    }
    if (roles_.stratum == nullptr)
      readings.push_back(
          {fmt::format("rows of one '{}' are compared with each other only", roles_.subject->name),
           fmt::format("--strata \"{}\"", roles_.subject->name)});
    if (by_subject(true).size() == rows)
      readings.push_back({"each arm numbers its own subjects", "--own-numbers"});
    readings.push_back({"each row is a subject of its own", "--independent"});
    wrong(
        "repeated-subjects", {table_.file, 1, 0}, roles_.subject->name,
        fmt::format(
            "{} rows come from {} subjects ('{}'); rows of one subject are not independent: intervals would "
            "be too narrow and p too small",
            rows, subjects, roles_.subject->name),
        core::choices(wanted_.command, readings));
  }

  static std::string column(const PlainColumn& c) { return fmt::format("column '{}'", c.name); }

  void add_fact(const char* about, std::string what, bool given, const char* option) {
    if (given)
      out_.understanding.given(about, std::move(what), option);
    else
      out_.understanding.found(about, std::move(what));
  }

  void say(const StatusReading& status, const std::vector<TermColumn>& terms) {
    out_.time = roles_.time->name;
    out_.status = roles_.status->name;
    out_.time_unit = roles_.time_unit;
    out_.late_entries = roles_.start != nullptr;
    const std::string unit =
        roles_.time_unit.empty() ? ", unit not said" : fmt::format(", in {}", roles_.time_unit);
    add_fact("time", column(*roles_.time) + unit, !wanted_.time.empty(), "--time");
    if (roles_.start != nullptr)
      add_fact("start",
               fmt::format("{}: a row is at risk after it and until '{}'", column(*roles_.start), out_.time),
               !wanted_.start.empty(), "--start");
    const std::string what = fmt::format("{} ({}): {} events of {}", column(*roles_.status), status.coding,
                                         out_.events, out_.subjects);
    if (status.assumed)
      out_.understanding.assumed("status", what, "--event VALUE");
    else
      add_fact("status", what, !wanted_.event.empty(), "--event");
    const bool arm_is_term =
        std::any_of(terms.begin(), terms.end(), [&](const TermColumn& t) { return t.column == roles_.arm; });
    if (roles_.arm != nullptr && !arm_is_term) {
      out_.arm = roles_.arm->name;
      add_fact("arms",
               fmt::format(
                   "{} ({}){}", column(*roles_.arm), arms(),
                   arms_change() ? ", which a subject changes with time: curves after Simon and Makuch" : ""),
               roles_.arm_said, "--group");
    } else if (arms_ != ArmsWanted::no && roles_.arm_said) {
      out_.understanding.given("arms", fmt::format("all {} subjects are one", out_.subjects), "--group");
    } else if (arms_ != ArmsWanted::no && roles_.arm == nullptr) {
      out_.understanding.assumed("arms", fmt::format("none: all {} subjects are one", out_.subjects),
                                 "--group");
    }
    if (roles_.stratum != nullptr) {
      out_.stratum = roles_.stratum->name;
      out_.understanding.given(
          "strata", fmt::format("{}, {} of them", column(*roles_.stratum), count_levels(*roles_.stratum)),
          "--strata");
    }
    say_unit();
  }

  void say_unit() {
    if (roles_.subject == nullptr) {
      const std::string what = fmt::format("each of {} rows is a subject", out_.rows.size());
      if (roles_.subject_said)
        out_.understanding.given("independent unit", what, "--independent");
      else
        out_.understanding.assumed("independent unit", what, "--subject");
      return;
    }
    out_.subject = roles_.subject->name;
    const std::string rows = out_.rows.size() == out_.subjects
                                 ? "one row each"
                                 : fmt::format("{} intervals that do not overlap", out_.rows.size());
    const std::string what = fmt::format("{}: {} subjects, {}", column(*roles_.subject), out_.subjects, rows);
    if (anew_ && !wanted_.own_numbers)
      out_.understanding.assumed("independent unit", what + ", numbered anew in each arm", "--subject");
    else if (anew_)
      out_.understanding.given("independent unit", what + ", numbered anew in each arm", "--own-numbers");
    else
      add_fact("independent unit", what, roles_.subject_said, "--subject");
  }

  /// Whether a subject is in one arm at first and in another later.
  bool arms_change() const {
    if (roles_.subject == nullptr || anew_ || out_.subjects == out_.rows.size()) return false;
    std::map<std::string, std::string> arm_of;
    return std::any_of(out_.data.subjects.begin(), out_.data.subjects.end(), [&](const SurvivalSubject& s) {
      return arm_of.emplace(s.subject, s.arm).first->second != s.arm;
    });
  }

  /// "standard: 64 events of 69, test: 64 events of 68".
  std::string arms() const {
    std::vector<std::string> names;
    std::map<std::string, std::size_t> events;
    for (const SurvivalSubject& s : out_.data.subjects) {
      if (!events.contains(s.arm)) names.push_back(s.arm);
      events[s.arm] += s.follow_up.event ? 1 : 0;
    }
    std::vector<std::string> parts;
    constexpr std::size_t most = 12;
    for (const std::string& name : names) {
      if (parts.size() == most) {
        parts.push_back(fmt::format("and {} more", names.size() - most));
        break;
      }
      parts.push_back(fmt::format("{}: {} events of {}", name, events[name],
                                  assays::count_subjects(out_.data.subjects, name)));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
  }

  void say_rest(const std::vector<TermColumn>& terms) {
    if (!left_out_.empty()) {
      std::vector<std::string> parts;
      for (const auto& [name, count] : left_out_)
        parts.push_back(fmt::format("{} without '{}'", count, name));
      out_.understanding.found("left out", fmt::format("{} of {} rows: {}", table_.rows - out_.rows.size(),
                                                       table_.rows, fmt::join(parts, ", ")));
    }
    std::vector<std::string> names;
    for (const PlainColumn& c : table_.columns) {
      bool used =
          std::any_of(terms.begin(), terms.end(), [&](const TermColumn& t) { return t.column == &c; });
      for (const PlainColumn* role :
           {roles_.time, roles_.start, roles_.status, roles_.arm, roles_.stratum, roles_.subject})
        used = used || role == &c;
      if (!used) names.push_back(fmt::format("'{}'", c.name));
    }
    if (names.empty()) return;
    constexpr std::size_t most = 12;
    const std::size_t more = names.size() > most ? names.size() - most : 0;
    names.resize(names.size() - more);
    out_.understanding.found("not used",
                             fmt::format("{}{}", fmt::join(names, ", "),
                                         more > 0 ? fmt::format(" and {} more columns", more) : ""));
  }

  const PlainTable& table_;
  const SurvivalColumns& wanted_;
  ArmsWanted arms_;
  core::Diagnostics problems_;
  SurvivalRoles roles_;
  SurvivalTable out_;
  std::map<std::string, std::size_t> left_out_;
  bool anew_ = false;
};

}  // namespace

SurvivalTable read_survival_table(const PlainTable& table, const SurvivalColumns& wanted, ArmsWanted arms,
                                  bool every_covariate, const std::string& reference) {
  return Reader(table, wanted, arms).read(every_covariate, reference);
}

SurvivalTable read_survival_table(const NamedText& text, const SurvivalColumns& wanted, ArmsWanted arms) {
  core::Diagnostics problems;
  const PlainTable table = read_plain_table(text.text, text.file, problems);
  problems.throw_if_any();  // a table whose form is wrong says nothing of its columns
  return read_survival_table(table, wanted, arms);
}

}  // namespace stroma::io
