#include "report/agreement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/words.hpp"
#include "stats/descriptive.hpp"

namespace stroma::report {
namespace {

// Geometric mean with its 95 % interval; of one value, that value. None where a value has no logarithm: a
// mean of the others would be too high.
Estimate geometric(const std::vector<double>& values) {
  std::vector<double> logs;
  for (const double value : values) {
    if (!(value > 0.0)) return {};
    logs.push_back(std::log2(value));
  }
  if (logs.empty()) return {};
  Estimate e{std::exp2(stats::mean(logs)), {}};
  if (logs.size() >= 2) {
    const stats::Interval ci = stats::mean_interval(logs);
    e.interval = {std::exp2(ci.low), std::exp2(ci.high)};
  }
  return e;
}

std::string label_of(const study::ArmAgreement& arm) {
  return arm.system + ", " + arm.arm;
}

std::vector<std::string> metrics_of(const study::AgreementResult& result) {
  std::vector<std::string> metrics;
  for (const study::ArmAgreement& arm : result.arms)
    if (std::find(metrics.begin(), metrics.end(), arm.metric) == metrics.end()) metrics.push_back(arm.metric);
  return metrics;
}

Figure identity_figure(const study::AgreementResult& result, double margin) {
  Figure figure;
  figure.id = "measured-simulated";
  figure.title = "Measured and simulated on one axis";
  figure.see = agreement_summary(result, margin);
  figure.alt =
      "Simulated against measured values of every arm with 95 % intervals and the line of identity. " +
      figure.see;
  figure.caption.text =
      "Geometric means over replicates with 95 % intervals of both sides; points on the dashed line agree. "
      "Arms "
      "with a value of 0 have no such mean and stand in the table only.";
  Scatter scatter;
  scatter.x_title = "measured";
  scatter.y_title = "simulated";
  scatter.log_x = scatter.log_y = scatter.identity = true;
  for (const std::string& metric : metrics_of(result)) {
    ScatterPanel panel;
    panel.title = metric;
    for (const study::ArmAgreement& arm : result.arms) {
      if (arm.metric != metric) continue;
      const Estimate x = geometric(arm.measured), y = geometric(arm.simulated);
      panel.points.push_back(
          {x.value, y.value, to_string(arm.verdict), label_of(arm), x.interval, y.interval});
    }
    scatter.panels.push_back(std::move(panel));
  }
  figure.content = std::move(scatter);
  return figure;
}

Figure shift_figure(const study::AgreementResult& result, double margin) {
  Figure figure;
  figure.id = "shifts";
  figure.title = "Where the model is off, and by how much";
  Scatter scatter;
  scatter.x_title = "simulated / measured (log2)";
  scatter.y_title = "arm, by its number in the table";
  ScatterPanel panel;
  panel.at_x = {{-margin, ""}, {0.0, "equal"}, {margin, ""}};
  double largest = 0.0;
  std::string worst;
  for (std::size_t i = 0; i < result.arms.size(); ++i) {
    const study::ArmAgreement& arm = result.arms[i];
    if (!arm.shift) continue;
    panel.points.push_back({*arm.shift,
                            static_cast<double>(i + 1),
                            to_string(arm.verdict),
                            arm.metric + ", " + label_of(arm),
                            {*arm.low, *arm.high},
                            {}});
    if (std::abs(*arm.shift) > largest) {
      largest = std::abs(*arm.shift);
      worst = fmt::format("{}, {}: simulated {} times the measured", arm.metric, label_of(arm),
                          print(std::exp2(*arm.shift)));
    }
  }
  scatter.panels.push_back(std::move(panel));
  figure.see = worst.empty() ? "No arm could be compared." : "Farthest off: " + worst + ".";
  figure.alt = "Log2 ratio of simulated to measured with its 95 % interval, one row per arm. " + figure.see;
  figure.caption.text = fmt::format(
      "Differences of mean log2 values with 95 % intervals (Welch). Between the outer lines, a ratio of {} "
      "either "
      "way, arms count as equivalent where the 90 % interval lies inside (two one-sided tests).",
      print(std::exp2(margin)));
  figure.content = std::move(scatter);
  return figure;
}

Table agreement_table(const study::AgreementResult& result) {
  Table table{"agreement",
              "Every arm",
              "",
              {"number", "readout", "system", "arm", "n measured", "n simulated", "measured", "simulated",
               "log2 ratio", "95 % low", "95 % high", "p of equivalence", "verdict", "note"},
              {}};
  for (std::size_t i = 0; i < result.arms.size(); ++i) {
    const study::ArmAgreement& a = result.arms[i];
    table.rows.push_back({static_cast<double>(i + 1), a.metric, a.system, a.arm,
                          static_cast<double>(a.measured.size()), static_cast<double>(a.simulated.size()),
                          geometric(a.measured).value, geometric(a.simulated).value,
                          a.shift.value_or(missing), a.low.value_or(missing), a.high.value_or(missing),
                          a.p_equivalence.value_or(missing), to_string(a.verdict), a.why_not});
  }
  return table;
}

Table unmatched_table(const study::AgreementResult& result) {
  Table table{
      "unmatched", "Arms on one side only", "They have no partner of the same name.", {"arm", "side"}, {}};
  for (const std::string& arm : result.only_measured) table.rows.push_back({arm, std::string("measured")});
  for (const std::string& arm : result.only_simulated) table.rows.push_back({arm, std::string("simulated")});
  return table;
}

}  // namespace

std::string agreement_summary(const study::AgreementResult& result, double margin) {
  const auto count = [&](study::Agreement verdict) {
    return std::count_if(result.arms.begin(), result.arms.end(),
                         [&](const study::ArmAgreement& a) { return a.verdict == verdict; });
  };
  return fmt::format(
      "Arms measured and simulated: {}. Equivalent within a factor of {}: {}; off: {}; undecided: {}; not "
      "testable: {}. Measured only: {}; simulated only: {}.",
      result.arms.size(), print(std::exp2(margin)), count(study::Agreement::equivalent),
      count(study::Agreement::off), count(study::Agreement::undecided), count(study::Agreement::untested),
      result.only_measured.size(), result.only_simulated.size());
}

Section agreement_section(const study::AgreementResult& result, double margin) {
  Section section{"agreement", "Simulated against measured", "", {}, {agreement_table(result)}, {}};
  if (!result.arms.empty()) {
    section.figures.push_back(identity_figure(result, margin));
    section.figures.push_back(shift_figure(result, margin));
  }
  if (!result.only_measured.empty() || !result.only_simulated.empty())
    section.tables.push_back(unmatched_table(result));
  return section;
}

Section sensitivity_section(const std::vector<study::ParameterEffect>& effects) {
  Table table{
      "parameters",
      "Which parameter would have to move",
      "Each row is one parameter moved alone by one step; the factor is what would serve all arms best if "
      "the response were linear, and the share is what it would then explain of the squared shifts. It is a "
      "ranking of hypotheses, not a fit.",
      {"parameter", "value", "unit", "factor", "share explained", "within its range", "detectable"},
      {}};
  for (const study::ParameterEffect& e : effects)
    table.rows.push_back({e.parameter.address, e.parameter.value, e.parameter.unit,
                          e.detectable ? std::exp(e.move) : missing, e.detectable ? e.explained : missing,
                          std::string(!e.detectable    ? ""
                                      : e.within_range ? "yes"
                                                       : "no"),
                          std::string(e.detectable ? "yes" : "no")});
  return {"sensitivity", "What would have to move", "", {}, {std::move(table)}, {}};
}

}  // namespace stroma::report
