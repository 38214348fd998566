// Survival tables: Kaplan-Meier, log-rank, Cox, restricted means.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "cli/stats_answers.hpp"
#include "core/units.hpp"
#include "stats/cox_regression.hpp"
#include "stats/error.hpp"
#include "stats/kaplan_meier.hpp"
#include "stats/log_rank.hpp"
#include "stats/restricted_mean.hpp"

namespace stroma::cli {
namespace {

using Json = nlohmann::ordered_json;
using io::PlainColumn;

struct Table {
  const PlainColumn *time = nullptr, *status = nullptr, *group = nullptr, *strata = nullptr,
                    *subject = nullptr, *numbered_in = nullptr;
  std::vector<std::size_t> rows;  // complete ones
  std::vector<stats::FollowUp> subjects;
  std::vector<std::string> arms;  // names, in order of appearance
  std::vector<int> arm, stratum;  // of each subject

  std::vector<std::vector<stats::FollowUp>> by_arm() const {
    std::vector<std::vector<stats::FollowUp>> all(std::max<std::size_t>(arms.size(), 1));
    for (std::size_t i = 0; i < subjects.size(); ++i)
      all[arms.empty() ? 0 : static_cast<std::size_t>(arm[i])].push_back(subjects[i]);
    return all;
  }
  std::string arm_name(std::size_t i) const { return arms.empty() ? "all" : arms[i]; }
};

/// Whether the status words mean an event; nothing where they do not.
int event_of(const PlainColumn& status, std::size_t row, double event_code) {
  std::string word = status.texts[row];
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  static const std::set<std::string> yes{"true", "yes", "event", "dead", "died", "death", "progressed"};
  static const std::set<std::string> no{"false", "no", "censored", "alive", "none"};
  if (yes.contains(word)) return 1;
  if (no.contains(word)) return 0;
  const auto code = static_cast<double>(status.values[row]);
  if (code == event_code) return 1;
  if (code == event_code - 1.0) return 0;
  return -1;
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
                            const Table& t) {
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

Table read(const StatsRequest& request, const io::PlainTable& table, Columns& columns, bool with_group) {
  Table t;
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

void note_left_out(const Table& t, const io::PlainTable& table, StatsAnswer& answer) {
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

Json test_json(const stats::ChiSquareTest& t) {
  return {{"statistic", t.statistic}, {"df", t.df}, {"p", t.p}};
}

/// A column of a Cox model, as a number or as levels.
struct Term {
  const PlainColumn* column = nullptr;
  bool levels = false;
  std::string base;              // the level that the others are compared with; empty: the first
  std::size_t coefficients = 0;  // how many stand for it
};

/// A level comes before another in the order of numbers, else of the alphabet.
bool level_before(const std::string& a, const std::string& b) {
  const core::ParsedNumber x = core::parse_number(a), y = core::parse_number(b);
  if (x.error.empty() && y.error.empty() && x.value != y.value) return x.value < y.value;
  return a < b;
}

/// Covariates of a Cox model: columns of numbers as they are, words (and numbers that were asked for as a
/// factor) as one indicator per level but the base.
std::vector<stats::Covariate> covariates_of(std::vector<Term>& terms, const std::vector<std::size_t>& rows,
                                            StatsAnswer& answer) {
  std::vector<stats::Covariate> all;
  for (Term& term : terms) {
    const PlainColumn* c = term.column;
    if (!term.levels) {
      term.coefficients = 1;
      stats::Covariate covariate{c->name, {}};
      for (const std::size_t row : rows) covariate.values.push_back(static_cast<double>(c->values[row]));
      all.push_back(std::move(covariate));
      continue;
    }
    std::vector<std::string> levels;
    for (const std::size_t row : rows)
      if (std::find(levels.begin(), levels.end(), c->texts[row]) == levels.end())
        levels.push_back(c->texts[row]);
    std::sort(levels.begin(), levels.end(), level_before);
    if (levels.size() < 2)
      throw stats::StatisticsError(
          fmt::format("Cox regression: '{}' is the same in all rows that are complete", c->name));
    if (!term.base.empty()) {
      const auto base = std::find(levels.begin(), levels.end(), term.base);
      if (base == levels.end())
        throw stats::StatisticsError(fmt::format("--base: column '{}' has no level '{}'; {}", c->name,
                                                 term.base, core::did_you_mean(term.base, levels)));
      std::rotate(levels.begin(), base, base + 1);
    }
    answer.notes.push_back(fmt::format("'{}' is compared with its level '{}'{}", c->name, levels.front(),
                                       term.base.empty() ? "; --base names another" : ""));
    term.coefficients = levels.size() - 1;
    for (auto level = std::next(levels.begin()); level != levels.end(); ++level) {
      stats::Covariate covariate{fmt::format("{}={}", c->name, *level), {}};
      for (const std::size_t row : rows) covariate.values.push_back(c->texts[row] == *level ? 1.0 : 0.0);
      all.push_back(std::move(covariate));
    }
  }
  return all;
}

std::vector<Term> terms_of(const StatsRequest& request, const io::PlainTable& table, Columns& columns,
                           const Table& t) {
  std::vector<Term> terms;
  const PlainColumn* subject = columns.subject();
  std::vector<std::string> names = request.covariates;
  if (!request.group.empty() && names.empty()) names = {request.group};
  for (const std::string& name : names) {
    const bool factor = table.find(name) == nullptr && name.starts_with("factor(") && name.ends_with(")");
    const PlainColumn* c = columns.named(factor ? name.substr(7, name.size() - 8) : name, "--covariates");
    if (c != nullptr) terms.push_back({c, factor || !c->is_number, "", 0});
  }
  if (names.empty())
    for (const PlainColumn& c : table.columns)
      if (&c != t.time && &c != t.status && &c != t.strata && &c != subject)
        terms.push_back({&c, !c.is_number, "", 0});
  if (terms.empty() && names.empty())
    columns.wrong("missing-column", "there is no column beside time and status",
                  "a Cox model needs a covariate");
  for (const std::string& item : request.base) {
    const auto equals = item.find('=');
    const auto term = std::find_if(terms.begin(), terms.end(), [&](const Term& one) {
      return one.column->name == item.substr(0, equals);
    });
    if (equals == std::string::npos || term == terms.end() || !term->levels) {
      columns.wrong("unknown-group", fmt::format("--base {}: this is no level of a covariate of words", item),
                    "write COLUMN=LEVEL; numbers become levels with --covariates \"factor(COLUMN)\"");
      continue;
    }
    term->base = item.substr(equals + 1);
  }
  for (const Term& term : terms) columns.use(term.column, "covariates", !term.levels);
  return terms;
}

}  // namespace

StatsAnswer stats_km(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  Columns columns(table, answer);
  const Table t = read(request, table, columns, true);
  columns.done();
  note_left_out(t, table, answer);
  const auto scale = request.method == "log-log" ? stats::SurvivalScale::log_log
                     : request.method == "plain" ? stats::SurvivalScale::plain
                                                 : stats::SurvivalScale::log;
  answer.json["level"] = request.level;
  answer.json["curves"] = Json::array();
  const auto arms = t.by_arm();
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const stats::KaplanMeier curve = stats::kaplan_meier(arms[i], request.level, scale);
    Json points = Json::array();
    for (const stats::SurvivalPoint& p : curve.points)
      points.push_back({{"time", p.time},
                        {"at_risk", p.at_risk},
                        {"events", p.events},
                        {"censored", p.censored},
                        {"survival", p.survival},
                        {"standard_error", p.standard_error},
                        {"ci", interval_json(p.ci)}});
    answer.json["curves"].push_back({{"group", t.arm_name(i)},
                                     {"n", curve.n},
                                     {"events", curve.events},
                                     {"median", curve.median.value},
                                     {"median_ci", interval_json(curve.median.ci)},
                                     {"points", std::move(points)}});
    answer.lines.push_back(
        fmt::format("{}: n {}, events {}, median {} ({})", t.arm_name(i), curve.n, curve.events,
                    std::isnan(curve.median.value) ? "not reached" : shown(curve.median.value),
                    shown_interval(curve.median.ci)));
  }
  return answer;
}

StatsAnswer stats_logrank(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  Columns columns(table, answer);
  const Table t = read(request, table, columns, true);
  if (t.group == nullptr)
    columns.wrong("missing-column", "no column names the arms", "say which with --group");
  columns.done();
  note_left_out(t, table, answer);
  const stats::LogRank l = stats::log_rank_test(t.subjects, t.arm, t.stratum);
  if (l.status != stats::LogRankStatus::tested) throw stats::StatisticsError("log-rank test: " + l.message);
  answer.json["statistic"] = l.statistic;
  answer.json["df"] = l.df;
  answer.json["p"] = l.p;
  answer.json["groups"] = Json::array();
  for (std::size_t i = 0; i < l.arms.size(); ++i) {
    answer.json["groups"].push_back({{"name", t.arms[i]},
                                     {"n", l.arms[i].n},
                                     {"observed", l.arms[i].observed},
                                     {"expected", l.arms[i].expected}});
    answer.lines.push_back(fmt::format("{}: n {}, events {:g}, expected {}", t.arms[i], l.arms[i].n,
                                       l.arms[i].observed, shown(l.arms[i].expected)));
  }
  answer.lines.push_back(fmt::format("log-rank test{}: chi-square({:g}) = {}, p = {}",
                                     t.stratum.empty() ? "" : ", stratified", l.df, shown(l.statistic),
                                     shown_p(l.p)));
  return answer;
}

StatsAnswer stats_cox(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  Columns columns(table, answer);
  Table t = read(request, table, columns, false);
  std::vector<Term> terms = terms_of(request, table, columns, t);
  columns.done();
  std::vector<std::size_t> complete;
  stats::CoxData data;
  for (std::size_t i = 0; i < t.rows.size(); ++i) {
    const std::size_t row = t.rows[i];
    const bool whole = std::all_of(terms.begin(), terms.end(), [&](const Term& term) {
      return term.levels ? !term.column->texts[row].empty() : !std::isnan(term.column->values[row]);
    });
    if (!whole) continue;
    complete.push_back(row);
    data.subjects.push_back(t.subjects[i]);
    if (!t.stratum.empty()) data.strata.push_back(t.stratum[i]);
  }
  t.subjects = data.subjects;
  note_left_out(t, table, answer);
  data.covariates = covariates_of(terms, complete, answer);
  const auto ties = request.method == "breslow" ? stats::Ties::breslow : stats::Ties::efron;
  const stats::CoxFit fit = stats::cox_regression(data, ties, request.level);
  if (!fit.fitted()) throw stats::StatisticsError("Cox regression: " + fit.message);
  answer.json["events"] = fit.events;
  answer.json["ties"] = ties == stats::Ties::efron ? "efron" : "breslow";
  answer.json["level"] = request.level;
  answer.json["coefficients"] = Json::array();
  std::vector<std::size_t> sizes;
  for (const Term& term : terms) sizes.push_back(term.coefficients);
  std::optional<stats::Proportionality> test;
  try {
    test = stats::test_proportionality(data, fit, ties, sizes);
  } catch (const stats::StatisticsError& why) {  // the fit stands without it
    answer.notes.push_back(why.what());
  }
  for (std::size_t i = 0; i < fit.coefficients.size(); ++i) {
    const stats::CoxCoefficient& c = fit.coefficients[i];
    answer.json["coefficients"].push_back(
        {{"name", c.name},
         {"beta", c.beta},
         {"standard_error", c.standard_error},
         {"z", c.z},
         {"p", c.p},
         {"hazard_ratio", c.hazard_ratio},
         {"hazard_ratio_ci", interval_json(c.hazard_ratio_ci)},
         {"proportionality", test ? test_json(test->covariates[i]) : Json(nullptr)}});
    answer.lines.push_back(fmt::format("{}: hazard ratio {} ({:g} % interval {}), z = {}, p = {}", c.name,
                                       shown(c.hazard_ratio), 100.0 * request.level,
                                       shown_interval(c.hazard_ratio_ci), shown(c.z), shown_p(c.p)));
    if (test && test->covariates[i].p < 0.05)
      answer.notes.push_back(fmt::format(
          "the hazards of '{}' are not proportional (p = {}): its hazard ratio changes with time; "
          "compare restricted means (rmst)",
          c.name, shown_p(test->covariates[i].p)));
  }
  answer.json["log_likelihood"] = fit.log_likelihood;
  answer.json["log_likelihood_null"] = fit.log_likelihood_null;
  answer.json["likelihood_ratio"] = test_json(fit.likelihood_ratio);
  answer.json["wald"] = test_json(fit.wald);
  answer.json["score"] = test_json(fit.score);
  answer.json["proportionality"] = test ? test_json(test->global) : Json(nullptr);
  answer.json["proportionality_terms"] = Json::array();
  for (std::size_t i = 0; test && i < terms.size(); ++i) {
    Json one = {{"name", terms[i].column->name}};
    one.update(test_json(test->terms[i]));
    answer.json["proportionality_terms"].push_back(std::move(one));
  }
  answer.json["concordance"] = fit.concordance;
  answer.lines.push_back(fmt::format(
      "n {}, events {}; likelihood ratio chi-square({:g}) = {}, p = {}; proportional hazards p = {}", fit.n,
      fit.events, fit.likelihood_ratio.df, shown(fit.likelihood_ratio.statistic),
      shown_p(fit.likelihood_ratio.p), test ? shown_p(test->global.p) : "not testable"));
  return answer;
}

StatsAnswer stats_rmst(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  Columns columns(table, answer);
  const Table t = read(request, table, columns, true);
  columns.done();
  note_left_out(t, table, answer);
  const auto arms = t.by_arm();
  double tau = std::numeric_limits<double>::infinity();
  for (const auto& arm : arms) tau = std::min(tau, stats::common_tau(arm, arm));
  tau = request.tau.value_or(tau);
  answer.json["tau"] = tau;
  answer.json["level"] = request.level;
  answer.json["groups"] = Json::array();
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const stats::RestrictedMean m = stats::restricted_mean(arms[i], tau, request.level);
    answer.json["groups"].push_back({{"name", t.arm_name(i)},
                                     {"n", arms[i].size()},
                                     {"mean", m.mean},
                                     {"standard_error", m.standard_error},
                                     {"ci", interval_json(m.ci)}});
    answer.lines.push_back(fmt::format("{}: mean time within {} is {} ({})", t.arm_name(i), shown(tau),
                                       shown(m.mean), shown_interval(m.ci)));
  }
  if (arms.size() != 2) return answer;
  const auto c = stats::compare_restricted_means(arms[0], arms[1], tau, request.level);
  answer.json["difference"] = {
      {"value", c.difference}, {"ci", interval_json(c.difference_ci)}, {"p", c.difference_p}};
  answer.json["ratio"] = {{"value", c.ratio}, {"ci", interval_json(c.ratio_ci)}, {"p", c.ratio_p}};
  answer.lines.push_back(fmt::format("{} - {}: {} ({}), p = {}", t.arms[0], t.arms[1], shown(c.difference),
                                     shown_interval(c.difference_ci), shown_p(c.difference_p)));
  return answer;
}

}  // namespace stroma::cli
