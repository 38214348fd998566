// Survival tables: their options, Kaplan-Meier, log-rank, restricted means.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "jobs/stats/answers.hpp"
#include "jobs/stats/survival_rows.hpp"
#include "stats/error.hpp"
#include "stats/kaplan_meier.hpp"
#include "stats/log_rank.hpp"
#include "stats/restricted_mean.hpp"

namespace stroma::jobs {

using Json = nlohmann::ordered_json;

void add_survival_options(core::Options& options, StatsRequest& r, const std::string& name) {
  options.add("--time", r.time,
              "column of times (default: the one called time, days, OS_MONTHS, OS.time, ...)");
  options.add("--status", r.status,
              "column that says who had the event (default: status, event, dead, censored, ...); its name "
              "and its words say which way");
  options
      .add("--event", r.survival.event,
           "values of the status that mean the event, where they are not known ones")
      .separated(',');
  options.add("--start", r.survival.start,
              "column of the time from which a row is at risk: late entry, or intervals (start, stop] of a "
              "subject (default: start, tstart, entry beside stop, tstop); none: from 0 on");
  options.add("--group,--arm", r.group,
              name == "cox" ? "column of arms: names, also where they are numbers"
                            : "column of arms (default: the one called arm, group or treatment, or the only "
                              "column of words that subjects share); none: all are one");
  options.add("--strata", r.strata, "column within whose values subjects are compared");
  options.add("--subject", r.subject,
              "column that says whose row it is (default: id, patient, mouse, sample, ...); none: each row "
              "is a subject");
  options.add("--independent", r.independent, "each row is a subject of its own, whatever columns say");
  options.add("--own-numbers", r.own_numbers,
              "each arm numbers its own subjects: 1 of one arm is not 1 of another");
  if (name == "km")
    options.add("--interval", r.method, "scale of the intervals: log (as R), log-log or plain")
        .choices({"log", "log-log", "plain"});
  if (name == "rmst")
    options.add("--tau", r.tau, "restrict to this time (default: the last that all arms reach)");
  if (name != "cox") return;
  options
      .add("--covariates", r.covariates,
           "columns, separated by commas (default: all others); factor(COLUMN) takes numbers as names, "
           "numeric(COLUMN) numbered arms as a dose")
      .separated(',');
  options.add("--base", r.base,
              "COLUMN=LEVEL: the level that the others of a column are compared with (default: the first in "
              "order)");
  options.add("--reference", r.survival.reference, "level of the arms that the others are compared with");
  options.add("--ties", r.method, "efron (as R) or breslow").choices({"efron", "breslow"});
}

StatsAnswer stats_km(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const SurvivalArms t = arms_of(read_survival(request, table, io::ArmsWanted::optional, answer));
  const auto scale = request.method == "log-log" ? stats::SurvivalScale::log_log
                     : request.method == "plain" ? stats::SurvivalScale::plain
                                                 : stats::SurvivalScale::log;
  answer.json["level"] = request.level;
  answer.json["curves"] = Json::array();
  for (std::size_t i = 0; i < t.names.size(); ++i) {
    const stats::KaplanMeier curve = stats::kaplan_meier(t.rows[i], request.level, scale);
    Json points = Json::array();
    for (const stats::SurvivalPoint& p : curve.points)
      points.push_back({{"time", p.time},
                        {"at_risk", p.at_risk},
                        {"events", p.events},
                        {"censored", p.censored},
                        {"survival", p.survival},
                        {"standard_error", p.standard_error},
                        {"ci", interval_json(p.ci)}});
    answer.json["curves"].push_back({{"group", t.names[i]},
                                     {"n", t.n[i]},
                                     {"events", curve.events},
                                     {"median", curve.median.value},
                                     {"median_ci", interval_json(curve.median.ci)},
                                     {"points", std::move(points)}});
    answer.lines.push_back(
        fmt::format("{}: n {}, events {}, median {} ({})", t.names[i], t.n[i], curve.events,
                    std::isnan(curve.median.value) ? "not reached" : shown(curve.median.value),
                    shown_interval(curve.median.ci)));
  }
  return answer;
}

StatsAnswer stats_logrank(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const SurvivalArms t = arms_of(read_survival(request, table, io::ArmsWanted::required, answer));
  if (t.names.size() < 2) throw stats::StatisticsError("log-rank test: there is one arm only");
  const stats::LogRank l = stats::log_rank_test(t.all, t.arm, t.stratum);
  if (l.status != stats::LogRankStatus::tested) throw stats::StatisticsError("log-rank test: " + l.message);
  answer.json["statistic"] = l.statistic;
  answer.json["df"] = l.df;
  answer.json["p"] = l.p;
  answer.json["groups"] = Json::array();
  for (std::size_t i = 0; i < l.arms.size(); ++i) {
    answer.json["groups"].push_back({{"name", t.names[i]},
                                     {"n", t.n[i]},
                                     {"observed", l.arms[i].observed},
                                     {"expected", l.arms[i].expected}});
    answer.lines.push_back(fmt::format("{}: n {}, events {:g}, expected {}", t.names[i], t.n[i],
                                       l.arms[i].observed, shown(l.arms[i].expected)));
  }
  answer.lines.push_back(fmt::format("log-rank test{}: chi-square({:g}) = {}, p = {}",
                                     t.stratum.empty() ? "" : ", stratified", l.df, shown(l.statistic),
                                     shown_p(l.p)));
  return answer;
}

StatsAnswer stats_rmst(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  const SurvivalArms t = arms_of(read_survival(request, table, io::ArmsWanted::optional, answer));
  const auto& arms = t.rows;
  double tau = std::numeric_limits<double>::infinity();
  for (const auto& arm : arms) tau = std::min(tau, stats::common_tau(arm, arm));
  tau = request.tau.value_or(tau);
  answer.json["tau"] = tau;
  answer.json["level"] = request.level;
  answer.json["groups"] = Json::array();
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const stats::RestrictedMean m = stats::restricted_mean(arms[i], tau, request.level);
    answer.json["groups"].push_back({{"name", t.names[i]},
                                     {"n", t.n[i]},
                                     {"mean", m.mean},
                                     {"standard_error", m.standard_error},
                                     {"ci", interval_json(m.ci)}});
    answer.lines.push_back(fmt::format("{}: mean time within {} is {} ({})", t.names[i], shown(tau),
                                       shown(m.mean), shown_interval(m.ci)));
  }
  if (arms.size() != 2) return answer;
  const auto c = stats::compare_restricted_means(arms[0], arms[1], tau, request.level);
  answer.json["difference"] = {
      {"value", c.difference}, {"ci", interval_json(c.difference_ci)}, {"p", c.difference_p}};
  answer.json["ratio"] = {{"value", c.ratio}, {"ci", interval_json(c.ratio_ci)}, {"p", c.ratio_p}};
  answer.lines.push_back(fmt::format("{} - {}: {} ({}), p = {}", t.names[0], t.names[1], shown(c.difference),
                                     shown_interval(c.difference_ci), shown_p(c.difference_p)));
  return answer;
}

}  // namespace stroma::jobs
