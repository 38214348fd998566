#include "io/survival_roles.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <unordered_set>

#include "io/column_names.hpp"
#include "io/sheet.hpp"
#include "io/status_column.hpp"

namespace stroma::io {
namespace {

using Words = std::span<const std::string_view>;

bool is_in(Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 25> endpoints{"os",
                                                     "pfs",
                                                     "dfs",
                                                     "dss",
                                                     "pfi",
                                                     "dfi",
                                                     "rfs",
                                                     "efs",
                                                     "ttp",
                                                     "mfs",
                                                     "lfs",
                                                     "css",
                                                     "dmfs",
                                                     "ffs",
                                                     "ttr",
                                                     "bcr",
                                                     "overallsurvival",
                                                     "progressionfreesurvival",
                                                     "diseasefreesurvival",
                                                     "eventfreesurvival",
                                                     "relapsefreesurvival",
                                                     "diseasespecificsurvival",
                                                     "recurrencefreesurvival",
                                                     "metastasisfreesurvival",
                                                     "survival"};
constexpr std::array<std::string_view, 16> units{"years", "year", "yrs",   "yr",   "months", "month",
                                                 "mos",   "mo",   "weeks", "week", "days",   "day",
                                                 "hours", "min",  "h",     "d"};
constexpr std::array<std::string_view, 15> stop_names{
    "stop",     "tstop",    "time2",   "end",     "tend",   "exit",  "stoptime", "endtime",
    "exittime", "timestop", "timeend", "ageexit", "ageend", "texit", "tout"};
constexpr std::array<std::string_view, 15> start_names{
    "start",     "tstart",   "time1",    "begin", "entry",        "entrytime",      "starttime", "tentry",
    "timestart", "ageentry", "agestart", "tin",   "delayedentry", "lefttruncation", "enter"};

/// What the name of a column says of a time: "OS_MONTHS" is {endpoint os, unit months}.
struct TimeName {
  std::string endpoint;    // "os"; empty: of no endpoint
  std::string unit;        // "months"; empty: not said
  bool only_unit = false;  // the name is nothing but a unit: "days"
};

/// The word of a unit at the end of a name, and the rest. One letter counts where it stands apart only.
std::pair<std::string, std::string> split_unit(std::string_view name) {
  const std::string plain = plain_name(name);
  const std::size_t last = name.find_last_not_of(")] ");
  for (const std::string_view unit : units) {
    if (!plain.ends_with(unit)) continue;
    const bool begins = last == std::string_view::npos || last < unit.size();
    const bool apart = begins || std::isalnum(static_cast<unsigned char>(name[last - unit.size()])) == 0;
    if (unit.size() > 2 || (apart && plain.size() > unit.size()))
      return {plain.substr(0, plain.size() - unit.size()), std::string(unit)};
  }
  return {plain, ""};
}

std::optional<TimeName> time_name(std::string_view name) {
  auto [rest, unit] = split_unit(name);
  if (rest.empty()) return TimeName{"", unit, true};
  constexpr std::array<std::string_view, 15> times{
      "time",     "times", "t",    "futime",      "survtime",    "survivaltime", "followup", "followuptime",
      "duration", "fu",    "surv", "timetoevent", "timetodeath", "lifetime",     "aval"};
  if (is_in(times, rest)) return TimeName{"", unit, false};
  if (is_in(endpoints, rest)) return TimeName{rest, unit, false};
  for (const std::string_view end : {"time", "t"})
    if (rest.ends_with(end) && is_in(endpoints, rest.substr(0, rest.size() - end.size())))
      return TimeName{rest.substr(0, rest.size() - end.size()), unit, false};
  for (const std::string_view front : {"timeto", "time"})
    if (rest.starts_with(front) && is_in(endpoints, rest.substr(front.size())))
      return TimeName{rest.substr(front.size()), unit, false};
  return std::nullopt;
}

/// The endpoint of a column of status ("os" of OS_STATUS and of OS; "" of status, event, dead), or nothing.
std::optional<std::string> status_name(std::string_view name) {
  const std::string plain = plain_name(name);
  constexpr std::array<std::string_view, 8> others{"fustat",  "delta",  "cnsr",          "censoring",
                                                   "isevent", "isdead", "eventobserved", "vitalstatus"};
  if (role_of_column(name) == ColumnRole::status || is_in(others, plain)) {
    for (const std::string_view endpoint : endpoints)
      if (plain.starts_with(endpoint)) return std::string(endpoint);
    return std::string();
  }
  if (is_in(endpoints, plain)) return plain;
  constexpr std::array<std::string_view, 9> words{"status", "event", "events",    "censored", "censor",
                                                  "cens",   "dead",  "indicator", "ind"};
  for (const std::string_view word : words) {
    if (plain.ends_with(word) && is_in(endpoints, plain.substr(0, plain.size() - word.size())))
      return plain.substr(0, plain.size() - word.size());
    if (plain.starts_with(word) && is_in(endpoints, plain.substr(word.size())))
      return plain.substr(word.size());
  }
  return std::nullopt;
}

/// Whether the values could be those of a status: at most four different ones, and no other numbers than
/// small whole ones.
bool looks_like_status(const PlainColumn& c) {
  if (count_levels(c) > 4) return false;
  return std::all_of(c.values.begin(), c.values.end(), [](long double v) {
    return std::isnan(v) || (v >= 0.0L && v <= 9.0L && v == std::floor(v));
  });
}

bool looks_like_time(const PlainColumn& c) {
  return c.is_number && !(is_in(endpoints, plain_name(c.name)) && looks_like_status(c));
}

struct Candidate {
  const PlainColumn* column;
  std::string endpoint;
  bool only_unit = false;
};

class Finder {
 public:
  Finder(const PlainTable& table, const SurvivalColumns& wanted, ArmsWanted arms, core::Diagnostics& problems)
      : table_(table), wanted_(wanted), arms_(arms), problems_(problems) {}

  SurvivalRoles find() {
    if (!wanted_.time.empty()) roles_.time = named(wanted_.time, "--time");
    if (!wanted_.status.empty()) roles_.status = named(wanted_.status, "--status");
    if (!wanted_.stratum.empty()) roles_.stratum = named(wanted_.stratum, "--strata");
    for (const std::string& term : wanted_.covariates)
      if (const PlainColumn* c = named(column_of_term(table_, term), "--covariates"))
        roles_.covariates.push_back(c);
    roles_.arm_said = !wanted_.arm.empty();
    roles_.subject_said = !wanted_.subject.empty();
    if (roles_.arm_said && wanted_.arm != "none") roles_.arm = named(wanted_.arm, "--group");
    if (roles_.subject_said && wanted_.subject != "none")
      roles_.subject = named(wanted_.subject, "--subject");
    if (!problems_.empty()) return roles_;
    find_time_and_status();
    if (roles_.time != nullptr) find_start();
    if (!roles_.subject_said) find_subject();
    if (!problems_.empty()) return roles_;
    if (arms_ != ArmsWanted::no && !roles_.arm_said) find_arms();
    check_arms();
    check_one_role();
    if (roles_.time != nullptr) {
      const auto name = time_name(roles_.time->name);
      roles_.time_unit = name && !name->unit.empty() ? name->unit : split_unit(roles_.time->name).second;
      if (roles_.time_unit.empty()) roles_.time_unit = roles_.time->unit;
    }
    return roles_;
  }

 private:
  const PlainColumn* named(const std::string& name, const std::string& option) {
    if (const PlainColumn* c = table_.find(name)) return c;
    for (const PlainColumn& c : table_.columns)
      if (plain_name(c.name) == plain_name(name)) return &c;
    std::vector<std::string> names;
    for (const PlainColumn& c : table_.columns) names.push_back(c.name);
    problems_.add(
        "missing-column", {table_.file, 1, 0}, name,
        fmt::format(
            "{}: there is no column '{}'; the columns are {}", option, name,
            fmt::join(names.begin(), names.begin() + std::min<std::ptrdiff_t>(30, std::ssize(names)), ", ")),
        core::did_you_mean(name, names));
    return nullptr;
  }

  void ask(std::string code, std::string message, const std::vector<core::Choice>& readings) {
    problems_.add(std::move(code), {table_.file, 1, 0}, "", std::move(message),
                  core::choices(wanted_.command, readings));
  }

  bool taken(const PlainColumn& c) const {
    return &c == roles_.time || &c == roles_.status || &c == roles_.stratum || &c == roles_.arm ||
           &c == roles_.start || &c == roles_.subject ||
           std::find(roles_.covariates.begin(), roles_.covariates.end(), &c) != roles_.covariates.end();
  }

  std::vector<Candidate> times() const {
    std::vector<Candidate> all, stops;
    bool start = false;
    for (const PlainColumn& c : table_.columns) {
      if (taken(c) || !looks_like_time(c)) continue;
      const std::string plain = plain_name(c.name);
      start = start || is_in(start_names, plain);
      if (is_in(stop_names, plain)) stops.push_back({&c, "", false});
      if (const auto name = time_name(c.name); name && !is_in(stop_names, plain))
        all.push_back({&c, name->endpoint, name->only_unit});
    }
    const bool intervals = wanted_.start != "none" && (start || !wanted_.start.empty());
    if (!stops.empty() && (intervals || all.empty())) return stops;
    // "days" beside "time" counts something else.
    if (std::any_of(all.begin(), all.end(), [](const Candidate& c) { return !c.only_unit; }))
      std::erase_if(all, [](const Candidate& c) { return c.only_unit; });
    return all;
  }

  std::vector<Candidate> statuses() const {
    std::vector<Candidate> all;
    for (const PlainColumn& c : table_.columns) {
      const auto endpoint = status_name(c.name);
      if (taken(c) || !endpoint || c.missing == c.texts.size()) continue;
      if (is_in(endpoints, plain_name(c.name)) && !looks_like_status(c)) continue;  // "OS" in months
      all.push_back({&c, *endpoint, false});
    }
    return all;
  }

  /// Those of one endpoint, where there are any.
  static void keep_endpoint(std::vector<Candidate>& all, const std::string& endpoint) {
    const bool there =
        std::any_of(all.begin(), all.end(), [&](const Candidate& c) { return c.endpoint == endpoint; });
    if (there) std::erase_if(all, [&](const Candidate& c) { return c.endpoint != endpoint; });
  }

  static std::string option(const char* name, const PlainColumn& column) {
    const bool plain = column.name.find_first_of(" \t'\"$&|;<>()*") == std::string::npos;
    return plain ? fmt::format("--{} {}", name, column.name) : fmt::format("--{} \"{}\"", name, column.name);
  }

  void find_time_and_status() {
    std::vector<Candidate> time, status;
    if (roles_.time == nullptr) time = times();
    if (roles_.status == nullptr) status = statuses();
    if (roles_.time != nullptr)
      if (const auto name = time_name(roles_.time->name)) keep_endpoint(status, name->endpoint);
    if (roles_.status != nullptr) keep_endpoint(time, status_name(roles_.status->name).value_or(""));
    if (time.size() == 1 && status.size() > 1) keep_endpoint(status, time[0].endpoint);
    if (status.size() == 1 && time.size() > 1) keep_endpoint(time, status[0].endpoint);
    if (time.size() > 1 && status.size() > 1 && ask_endpoints(time, status)) return;
    roles_.time = settle(time, roles_.time, "time", "times");
    roles_.status = settle(status, roles_.status, "status", "the status");
    if (roles_.time == nullptr && time.empty())
      problems_.add(
          "missing-column", {table_.file, 1, 0}, "time",
          "no column is called time, days, weeks, months, or after an endpoint (OS_MONTHS, OS.time)",
          "name the column of times with --time; it writes its unit as: time (days)");
    if (roles_.status == nullptr && status.empty())
      problems_.add(
          "missing-column", {table_.file, 1, 0}, "status",
          "no column is called status, event, dead or censored",
          "name it with --status: 1 where the event happened, 0 where the subject was still without it");
  }

  /// Several endpoints, each with its time and its status: which is meant only the user knows.
  bool ask_endpoints(const std::vector<Candidate>& time, const std::vector<Candidate>& status) {
    std::vector<core::Choice> readings;
    for (const Candidate& t : time)
      for (const Candidate& s : status)
        if (t.endpoint == s.endpoint)
          readings.push_back({fmt::format("time '{}' with status '{}'", t.column->name, s.column->name),
                              option("time", *t.column) + " " + option("status", *s.column)});
    if (readings.size() < 2 || readings.size() > 8) return false;
    ask("ask-time", "several columns could be the time and the status", readings);
    return true;
  }

  const PlainColumn* settle(const std::vector<Candidate>& all, const PlainColumn* given, const char* name,
                            const char* words) {
    if (given != nullptr || all.empty()) return given;
    if (all.size() == 1) return all.front().column;
    std::vector<core::Choice> readings;
    for (const Candidate& c : all)
      readings.push_back({fmt::format("'{}' holds {}", c.column->name, words), option(name, *c.column)});
    ask(fmt::format("ask-{}", name), fmt::format("several columns could hold {}", words), readings);
    return nullptr;
  }

  /// When the observation of a row begins: "start" beside "stop"; beside another name of a time it is asked.
  void find_start() {
    if (wanted_.start == "none") return;
    if (!wanted_.start.empty()) {
      roles_.start = named(wanted_.start, "--start");
      return;
    }
    for (const PlainColumn& c : table_.columns) {
      if (taken(c) || !c.is_number || !is_in(start_names, plain_name(c.name))) continue;
      bool before = true, late = false;
      for (std::size_t row = 0; row < table_.rows; ++row) {
        const long double from = c.values[row], until = roles_.time->values[row];
        if (std::isnan(from) || std::isnan(until)) continue;
        before = before && from < until;
        late = late || from > 0.0L;
      }
      if (is_in(stop_names, plain_name(roles_.time->name))) {
        roles_.start = &c;
        return;
      }
      if (!before || !late) continue;  // it cannot be, or changes nothing
      ask("ask-start",
          fmt::format("column '{}' could say when the observation of a row begins, and changes the result",
                      c.name),
          {{fmt::format("at risk from '{}' until '{}' (late entry, or intervals)", c.name, roles_.time->name),
            option("start", c)},
           {"at risk from time 0", "--start none"}});
      return;
    }
  }

  /// A few names that very many rows share are kinds, as of tumours, and not subjects.
  static bool could_be_subjects(const PlainColumn& c) {
    const std::size_t levels = count_levels(c), rows = c.texts.size() - c.missing;
    return role_of_column(c.name) == ColumnRole::subject && levels > 0 &&
           (levels > 12 || 10 * levels >= rows);
  }

  /// 3: a person or an animal; 2: a sample of one, or a number; 1: what several animals share.
  static int rank_of_subjects(const PlainColumn& c) {
    constexpr std::array<std::string_view, 16> samples{
        "sample", "sampleid", "specimen", "specimenid", "tumor",  "tumour", "tumorid", "tumourid",
        "case",   "caseid",   "id",       "ids",        "biopsy", "clone",  "cloneid", "isolate"};
    constexpr std::array<std::string_view, 6> shared{"litter", "litterid", "cage",
                                                     "cageid", "culture",  "cultureid"};
    const std::string plain = plain_name(c.name);
    return is_in(shared, plain) ? 1 : is_in(samples, plain) ? 2 : 3;
  }

  /// The column that says who was measured: patients before their samples, mice before their cages, and of
  /// equals the finest.
  void find_subject() {
    std::pair<int, std::size_t> best{0, 0};
    for (const PlainColumn& c : table_.columns) {
      if (taken(c) || !could_be_subjects(c)) continue;
      const std::pair<int, std::size_t> rank{rank_of_subjects(c), count_levels(c)};
      if (rank <= best) continue;
      best = rank;
      roles_.subject = &c;
    }
  }

  /// How well the name of a column says that it holds the arms: 2, 1, or 0 not at all.
  static int says_arms(const PlainColumn& c) {
    constexpr std::array<std::string_view, 9> primary{
        "arm", "group", "treatment", "trt", "rx", "studyarm", "treatmentgroup", "treatmentarm", "treat"};
    if (is_in(primary, plain_name(c.name))) return 2;
    return role_of_column(c.name) == ColumnRole::group ? 1 : 0;
  }

  /// Shared by several subjects: at least two names, each for two rows or more on average.
  static bool could_be_arms(const PlainColumn& c) {
    const std::size_t levels = count_levels(c), rows = c.texts.size() - c.missing;
    if (levels < 2 || 2 * levels > std::max<std::size_t>(rows, 4)) return false;
    return !c.is_number || numbers_groups(c) || says_arms(c) > 0;
  }

  bool has_no_other_role(const PlainColumn& c) const {
    const ColumnRole role = role_of_column(c.name);
    return !taken(c) && !names_time_or_status(c) &&
           (role == ColumnRole::unknown || role == ColumnRole::group || role == ColumnRole::dose ||
            (role == ColumnRole::index && !counts_rows(c)) ||
            (role == ColumnRole::subject && !could_be_subjects(c)));
  }

  void find_arms() {
    std::vector<const PlainColumn*> named, words, numbers;
    int best = 1;
    for (const PlainColumn& c : table_.columns) {
      if (!has_no_other_role(c) || !could_be_arms(c)) continue;
      if (const int how = says_arms(c); how > 0) {
        if (how > best) named.clear();
        best = std::max(best, how);
        if (how == best) named.push_back(&c);
      } else {
        (c.is_number ? numbers : words).push_back(&c);
      }
    }
    const std::vector<const PlainColumn*>& likely = !named.empty() ? named : words;
    if (likely.size() == 1) {
      roles_.arm = likely.front();
      return;
    }
    std::vector<const PlainColumn*> all = likely;
    if (likely.empty()) all = numbers;
    if (likely.empty() && arms_ != ArmsWanted::required) return;  // everybody is one arm, and this is said
    if (all.empty()) {
      problems_.add(
          "missing-column", {table_.file, 1, 0}, "--group",
          "no column names the arms: none is called arm, group or treatment or holds a few words that "
          "several subjects share",
          "name the column with --group");
      return;
    }
    std::vector<core::Choice> readings;
    for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), 6); ++i)
      readings.push_back(
          {fmt::format("the {} values of '{}' are the arms", count_levels(*all[i]), all[i]->name),
           option("group", *all[i])});
    if (arms_ == ArmsWanted::optional) readings.push_back({"all subjects are one arm", "--group none"});
    ask("ask-arms",
        all.size() == 1 ? fmt::format("only column '{}' could name the arms, and holds numbers", all[0]->name)
                        : fmt::format("{} columns could name the arms", all.size()),
        readings);
  }

  void check_arms() {
    if (roles_.arm == nullptr || table_.rows < 2) return;
    const std::size_t levels = count_levels(*roles_.arm),
                      rows = roles_.arm->texts.size() - roles_.arm->missing;
    if (levels == rows && levels > 1)
      problems_.add(
          "no-arms", roles_.arm->place, "--group",
          fmt::format("every one of the {} rows has a value of '{}' of its own: these are no arms, since "
                      "an arm of one subject has nothing to compare",
                      rows, roles_.arm->name),
          "name a column whose values several subjects share");
  }

  void check_one_role() {
    const std::pair<const char*, const PlainColumn*> all[] = {
        {"--time", roles_.time}, {"--start", roles_.start},    {"--status", roles_.status},
        {"--group", roles_.arm}, {"--strata", roles_.stratum}, {"--subject", roles_.subject}};
    for (std::size_t i = 0; i < std::size(all); ++i)
      for (std::size_t j = i + 1; j < std::size(all); ++j)
        if (all[i].second != nullptr && all[i].second == all[j].second)
          problems_.add("one-column-two-roles", all[i].second->place, all[i].second->name,
                        fmt::format("column '{}' would be both {} and {}", all[i].second->name, all[i].first,
                                    all[j].first),
                        "a column has one role: name another for one of them");
  }

  const PlainTable& table_;
  const SurvivalColumns& wanted_;
  ArmsWanted arms_;
  core::Diagnostics& problems_;
  SurvivalRoles roles_;
};

}  // namespace

std::string column_of_term(const PlainTable& table, const std::string& term) {
  if (table.find(term) != nullptr || !term.ends_with(")")) return term;
  for (const std::string_view front : {"factor(", "numeric("})
    if (term.starts_with(front)) return term.substr(front.size(), term.size() - front.size() - 1);
  return term;
}

bool names_time_or_status(const PlainColumn& c) {
  const std::string plain = plain_name(c.name);
  return status_name(c.name) ||
         (c.is_number && (time_name(c.name) || is_in(stop_names, plain) || is_in(start_names, plain)));
}

bool counts_rows(const PlainColumn& c) {
  return role_of_column(c.name) == ColumnRole::index && c.is_number &&
         count_levels(c) + c.missing == c.texts.size();
}

std::size_t count_levels(const PlainColumn& column) {
  std::unordered_set<std::string_view> levels;
  for (const std::string& text : column.texts)
    if (!text.empty()) levels.insert(text);
  return levels.size();
}

bool numbers_groups(const PlainColumn& column) {
  const std::size_t levels = count_levels(column), rows = column.texts.size() - column.missing;
  if (!column.is_number || levels < 2 || levels > 12 || 2 * levels > rows) return false;
  return std::all_of(column.values.begin(), column.values.end(),
                     [](long double v) { return std::isnan(v) || v == std::floor(v); });
}

SurvivalRoles find_survival_roles(const PlainTable& table, const SurvivalColumns& wanted, ArmsWanted arms,
                                  core::Diagnostics& problems) {
  return Finder(table, wanted, arms, problems).find();
}

}  // namespace stroma::io
