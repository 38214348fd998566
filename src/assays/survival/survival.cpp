#include "assays/survival/survival.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "assays/arms.hpp"
#include "stats/error.hpp"
#include "stats/p_adjust.hpp"

namespace stroma::assays {
namespace {

constexpr double suspicious = 0.05;  // proportionality: a p below this is said
constexpr double events_per_term =
    10.0;  // below: coefficients of a Cox model are biased (Peduzzi et al. 1995)

struct Coded {
  std::vector<stats::FollowUp> subjects;
  std::vector<int> arm, stratum;
};

/// The subjects of the arms asked for, numbered from 0 in that order; strata as numbers, empty without them.
Coded coded(const std::vector<SurvivalSubject>& rows, const std::vector<std::string>& arms) {
  Coded out;
  std::vector<std::string> strata;
  for (const SurvivalSubject& s : rows) {
    const auto arm = std::find(arms.begin(), arms.end(), s.arm);
    if (arm == arms.end()) continue;
    out.subjects.push_back(s.follow_up);
    out.arm.push_back(static_cast<int>(arm - arms.begin()));
    if (s.stratum.empty()) continue;
    const auto stratum = std::find(strata.begin(), strata.end(), s.stratum);
    out.stratum.push_back(static_cast<int>(stratum - strata.begin()));
    if (stratum == strata.end()) strata.push_back(s.stratum);
  }
  return out;
}

double horizon(SurvivalAnalysis& analysis, const std::optional<double>& asked) {
  double reach = std::numeric_limits<double>::infinity();
  core::Diagnostics problems;
  for (const SurvivalArmResult& arm : analysis.arms) {
    const double last = stats::common_tau(arm.subjects, arm.subjects);
    const bool ended = arm.curve.points.back().survival == 0.0;
    if (asked && *asked > last && !ended)
      problems.add("bad-horizon", {}, "--tau",
                   fmt::format("arm '{}' was observed until {:.6g} only, before the horizon {:.6g}", arm.arm,
                               last, *asked),
                   fmt::format("choose {:.6g} or less", last));
    reach = std::min(reach, last);
  }
  problems.throw_if_any();
  return asked.value_or(reach);
}

void add_means(SurvivalAnalysis& analysis) {
  if (analysis.tau <= 0.0) {
    analysis.warnings.add("no-horizon", {}, "time",
                          "an arm was not observed beyond time 0: there are no mean times");
    return;
  }
  for (SurvivalArmResult& arm : analysis.arms) arm.mean = stats::restricted_mean(arm.subjects, analysis.tau);
  for (SurvivalComparison& c : analysis.comparisons)
    for (const SurvivalArmResult& arm : analysis.arms)
      if (arm.arm == c.arm)
        c.mean = stats::compare_restricted_means(arm.subjects, analysis.arms.front().subjects, analysis.tau);
}

void add_tests(SurvivalAnalysis& analysis, const std::vector<SurvivalSubject>& rows,
               const std::vector<std::string>& arms) {
  if (arms.size() < 2) {
    analysis.log_rank.status = stats::LogRankStatus::one_arm_at_risk;
    analysis.log_rank.message = "there is one arm only: nothing is compared";
    return;
  }
  const Coded all = coded(rows, arms);
  analysis.log_rank = stats::log_rank_test(all.subjects, all.arm, all.stratum);
  std::vector<double> p;
  for (std::size_t a = 1; a < arms.size(); ++a) {
    const Coded pair = coded(rows, {arms[0], arms[a]});
    analysis.comparisons.push_back(
        {arms[a], stats::log_rank_test(pair.subjects, pair.arm, pair.stratum), 1.0, {}});
    const stats::LogRank& test = analysis.comparisons.back().log_rank;
    const bool tested = test.status == stats::LogRankStatus::tested;
    p.push_back(tested ? test.p : std::numeric_limits<double>::quiet_NaN());
    if (!tested)
      analysis.warnings.add("no-test", {}, arms[a],
                            fmt::format("{} against {}: {}", arms[a], arms[0], test.message));
  }
  const std::vector<double> adjusted = stats::adjust_p(p, stats::Adjustment::holm);
  for (std::size_t i = 0; i < adjusted.size(); ++i) analysis.comparisons[i].adjusted_p = adjusted[i];
}

void add_cox(SurvivalAnalysis& analysis, const SurvivalData& data, const std::vector<std::string>& arms,
             stats::Ties ties) {
  const Coded all = coded(data.subjects, arms);
  stats::CoxData cox{all.subjects, {}, all.stratum};
  for (std::size_t a = 1; a < arms.size(); ++a) {
    cox.covariates.push_back({arms[a], {}});
    for (const int arm : all.arm)
      cox.covariates.back().values.push_back(arm == static_cast<int>(a) ? 1.0 : 0.0);
  }
  for (std::size_t k = 0; k < data.covariates.size(); ++k) {
    cox.covariates.push_back({data.covariates[k], {}});
    for (const SurvivalSubject& s : data.subjects) cox.covariates.back().values.push_back(s.covariates[k]);
  }
  if (cox.covariates.empty()) return;
  analysis.cox = stats::cox_regression(cox, ties);
  if (!analysis.cox->fitted()) {
    analysis.warnings.add("no-hazard-ratio", {}, "Cox regression", analysis.cox->message,
                          "the log-rank test and the mean times do not need it");
    return;
  }
  if (static_cast<double>(analysis.cox->events) <
      events_per_term * static_cast<double>(cox.covariates.size()))
    analysis.warnings.add(
        "few-events", {}, "Cox regression",
        fmt::format(
            "{} events for {} coefficients: with fewer than 10 for each, hazard ratios and their intervals "
            "are unreliable",
            analysis.cox->events, cox.covariates.size()),
        "use fewer covariates, or read the log-rank test");
  try {
    analysis.proportionality = stats::test_proportionality(cox, *analysis.cox, ties);
  } catch (const stats::StatisticsError& error) {
    analysis.warnings.add("no-proportionality-test", {}, "Cox regression", error.what());
    return;
  }
  for (std::size_t k = 0; k < cox.covariates.size(); ++k)
    if (const double p = analysis.proportionality->covariates[k].p; p < suspicious)
      analysis.warnings.add(
          "hazards-not-proportional", {}, cox.covariates[k].name,
          fmt::format(
              "the hazard ratio of '{}' changes with time (p = {:.2g}): one number does not describe it",
              cox.covariates[k].name, p),
          "compare the mean times within the horizon, which do not assume it");
}

}  // namespace

std::vector<SurvivalSubject> join_intervals(const std::vector<SurvivalSubject>& intervals) {
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<std::size_t>> of;
  for (std::size_t i = 0; i < intervals.size(); ++i)
    of[{intervals[i].subject, intervals[i].arm, intervals[i].stratum}].push_back(i);
  std::vector<std::pair<std::size_t, SurvivalSubject>> joined;
  for (auto& [key, rows] : of) {
    std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
      return intervals[a].follow_up.time < intervals[b].follow_up.time;
    });
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const SurvivalSubject& next = intervals[rows[k]];
      if (k > 0 && !joined.back().second.follow_up.event &&
          next.follow_up.entry == joined.back().second.follow_up.time) {
        joined.back().first = std::min(joined.back().first, rows[k]);
        joined.back().second.follow_up.time = next.follow_up.time;
        joined.back().second.follow_up.event = next.follow_up.event;
      } else {
        joined.emplace_back(rows[k], next);
      }
    }
  }
  std::sort(joined.begin(), joined.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<SurvivalSubject> out;
  for (auto& [row, subject] : joined) out.push_back(std::move(subject));
  return out;
}

SurvivalAnalysis analyse_survival(const SurvivalData& data, const SurvivalOptions& options) {
  SurvivalAnalysis analysis;
  std::vector<std::string> arm_of_each;
  for (const SurvivalSubject& s : data.subjects) arm_of_each.push_back(s.arm);
  const std::vector<std::string> arms = ordered_arms(arm_of_each, options.reference);
  analysis.reference = arms.front();
  analysis.stratified = !data.subjects.front().stratum.empty();
  const std::vector<SurvivalSubject> rows = join_intervals(data.subjects);
  for (const std::string& arm : arms) {
    SurvivalArmResult result{arm, count_subjects(rows, arm), coded(rows, {arm}).subjects, {}, {}};
    result.curve = stats::kaplan_meier(result.subjects, 0.95, stats::SurvivalScale::log_log);
    if (result.curve.events == 0)
      analysis.warnings.add("no-events", {}, arm, fmt::format("nobody in arm '{}' had the event", arm));
    analysis.arms.push_back(std::move(result));
  }
  add_tests(analysis, rows, arms);
  analysis.tau = horizon(analysis, options.tau);
  add_means(analysis);
  add_cox(analysis, data, arms, options.ties);
  return analysis;
}

}  // namespace stroma::assays
