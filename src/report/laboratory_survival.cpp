// Survival of animals or patients: curves, medians and mean times, log-rank tests, hazard ratios.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/laboratory_mice.hpp"
#include "report/words.hpp"

namespace stroma::report {
namespace {

Interval shown(const stats::Interval& i) {
  return {i.low, i.high};
}

std::string in(const std::string& unit) {
  return unit.empty() ? "" : fmt::format(" ({})", unit);
}

Statistic statistic_of(const std::string& comparison, std::size_t n, const stats::LogRank& test,
                       bool stratified) {
  Statistic line;
  line.comparison = comparison;
  line.n = static_cast<int>(n);
  line.test = stratified ? "stratified log-rank test" : "log-rank test";
  if (test.status == stats::LogRankStatus::tested) {
    line.statistic = fmt::format("chi-square = {}, {:g} df", print(test.statistic), test.df);
    line.p = test.p;
  } else {
    line.statistic = test.message;
  }
  return line;
}

const stats::CoxCoefficient* hazard_of(const assays::SurvivalAnalysis& analysis, const std::string& arm) {
  if (!analysis.cox || !analysis.cox->fitted()) return nullptr;
  for (const stats::CoxCoefficient& c : analysis.cox->coefficients)
    if (c.name == arm) return &c;
  return nullptr;
}

Figure curves(const assays::SurvivalAnalysis& analysis, const std::string& unit) {
  Figure figure;
  figure.id = "survival";
  figure.title = "Survival";
  Survival content;
  content.time_title = "time" + in(unit);
  content.columns = 1;
  SurvivalPanel panel;
  std::size_t least = analysis.arms.front().n;
  for (const assays::SurvivalArmResult& arm : analysis.arms) {
    panel.arms.push_back(survival_arm(arm.arm, arm.subjects, arm.curve));
    least = std::min(least, arm.n);
    const double median = arm.curve.median.value;
    figure.see += fmt::format("{}{}: median {}", figure.see.empty() ? "" : "; ", arm.arm,
                              std::isfinite(median)
                                  ? fmt::format("{}{}{}", print(median), unit.empty() ? "" : " ", unit)
                                  : "not reached");
  }
  figure.see += ".";
  if (analysis.arms.size() > 1)
    figure.caption.statistics.push_back(
        statistic_of("all arms", least, analysis.log_rank, analysis.stratified));
  for (const assays::SurvivalComparison& c : analysis.comparisons) {
    Statistic line = statistic_of(fmt::format("{} against {}", c.arm, analysis.reference), least, c.log_rank,
                                  analysis.stratified);
    line.arm = c.arm;
    line.reference_arm = analysis.reference;
    if (const stats::CoxCoefficient* h = hazard_of(analysis, c.arm)) {
      line.estimate_name = "hazard ratio";
      line.estimate = {h->hazard_ratio, shown(h->hazard_ratio_ci)};
    }
    figure.caption.statistics.push_back(std::move(line));
  }
  content.panels.push_back(std::move(panel));
  figure.alt = "Kaplan-Meier curves of " + std::to_string(analysis.arms.size()) + " arms. " + figure.see;
  figure.caption.text =
      "Kaplan-Meier estimates with pointwise 95 % bands (log-log scale); ticks are censored subjects, dashed "
      "lines "
      "medians. p values of single comparisons are not adjusted here; the table has them adjusted.";
  figure.content = std::move(content);
  return figure;
}

Table arms_table(const assays::SurvivalAnalysis& analysis, const std::string& unit) {
  Table table{"survival-arms",
              "Medians and mean times",
              fmt::format("Mean times are the areas under the curves up to {}{}{}.", print(analysis.tau),
                          unit.empty() ? "" : " ", unit),
              {"arm", "subjects", "events", "median" + in(unit), "95 % low", "95 % high",
               "mean time" + in(unit), "95 % low", "95 % high"},
              {}};
  for (const assays::SurvivalArmResult& arm : analysis.arms) {
    const stats::MedianSurvival& median = arm.curve.median;
    const auto mean = arm.mean.value_or(stats::RestrictedMean{missing, missing, {missing, missing}});
    table.rows.push_back({arm.arm, static_cast<double>(arm.n), static_cast<double>(arm.curve.events),
                          median.value, median.ci.low, median.ci.high, mean.mean, mean.ci.low, mean.ci.high});
  }
  return table;
}

Table tests_table(const assays::SurvivalAnalysis& analysis, const std::string& unit) {
  Table table{
      "survival-tests",
      "Arms against " + analysis.reference,
      "Log-rank tests of two arms at a time, with p values adjusted by Holm's method, and differences of the "
      "mean times.",
      {"arm", "log-rank chi-square", "p", "p, adjusted", "difference of mean times" + in(unit), "95 % low",
       "95 % high", "p"},
      {}};
  for (const assays::SurvivalComparison& c : analysis.comparisons) {
    const bool tested = c.log_rank.status == stats::LogRankStatus::tested;
    std::vector<Cell> row{c.arm, tested ? c.log_rank.statistic : missing, tested ? c.log_rank.p : missing,
                          c.adjusted_p};
    if (c.mean)
      row.insert(row.end(), {c.mean->difference, c.mean->difference_ci.low, c.mean->difference_ci.high,
                             c.mean->difference_p});
    else
      row.insert(row.end(), 4, missing);
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table hazards_table(const assays::SurvivalAnalysis& analysis) {
  Table table{
      "hazard-ratios",
      "Hazard ratios (Cox regression)",
      fmt::format("Arms are compared with {}. A small p of proportionality says that the ratio changes with "
                  "time.",
                  analysis.reference),
      {"term", "hazard ratio", "95 % low", "95 % high", "z", "p", "proportionality: p"},
      {}};
  for (std::size_t k = 0; k < analysis.cox->coefficients.size(); ++k) {
    const stats::CoxCoefficient& c = analysis.cox->coefficients[k];
    table.rows.push_back({c.name, c.hazard_ratio, c.hazard_ratio_ci.low, c.hazard_ratio_ci.high, c.z, c.p,
                          analysis.proportionality ? analysis.proportionality->covariates[k].p : missing});
  }
  if (analysis.proportionality)
    table.rows.push_back({std::string("all terms"), missing, missing, missing, missing,
                          analysis.cox->likelihood_ratio.p, analysis.proportionality->global.p});
  return table;
}

}  // namespace

Section survival_section(const assays::SurvivalAnalysis& analysis, const std::string& time_unit) {
  Section section{"survival", "Survival", "", {}, {}, {}};
  section.figures.push_back(curves(analysis, time_unit));
  section.tables.push_back(arms_table(analysis, time_unit));
  if (!analysis.comparisons.empty()) section.tables.push_back(tests_table(analysis, time_unit));
  if (analysis.cox && analysis.cox->fitted()) section.tables.push_back(hazards_table(analysis));
  return section;
}

}  // namespace stroma::report
