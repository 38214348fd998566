// Survival tables: Kaplan-Meier, log-rank, restricted means.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "cli/stats_answers.hpp"
#include "cli/survival_rows.hpp"
#include "stats/error.hpp"
#include "stats/kaplan_meier.hpp"
#include "stats/log_rank.hpp"
#include "stats/restricted_mean.hpp"

namespace stroma::cli {

using Json = nlohmann::ordered_json;

StatsAnswer stats_km(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  Columns columns(table, answer);
  const SurvivalRows t = read_survival_rows(request, table, columns, true);
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
  const SurvivalRows t = read_survival_rows(request, table, columns, true);
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

StatsAnswer stats_rmst(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  Columns columns(table, answer);
  const SurvivalRows t = read_survival_rows(request, table, columns, true);
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
