// Values of arms: collected, drawn as bars, and checked against what their tests assume.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/laboratory_plates.hpp"
#include "report/words.hpp"
#include "stats/anova.hpp"
#include "stats/descriptive.hpp"
#include "stats/error.hpp"
#include "stats/shapiro_wilk.hpp"

namespace stroma::report {
namespace {

constexpr double suspicious = 0.01;  // a p below this speaks against an assumption

std::vector<std::vector<double>> on_test_scale(const ArmValues& panel) {
  std::vector<std::vector<double>> out = panel.values;
  if (panel.ratios)
    for (std::vector<double>& arm : out)
      for (double& value : arm) value = std::log2(value);
  std::erase_if(out, [](const std::vector<double>& arm) { return arm.size() < 2; });
  return out;
}

struct Check {
  double statistic = missing, p = missing;
};

Check normality(const std::vector<std::vector<double>>& arms) {
  std::vector<double> residuals;
  for (const std::vector<double>& arm : arms) {
    const double mean = stats::mean(arm);
    for (const double value : arm) residuals.push_back(value - mean);
  }
  try {
    const auto test = stats::shapiro_wilk(residuals);
    return {test.statistic, test.p};
  } catch (const stats::StatisticsError&) {
    return {};  // too few residuals or none that differ: said in the table
  }
}

Check equal_variances(const std::vector<std::vector<double>>& arms) {
  // Two values are equally far from their median: such an arm says nothing of scatter within arms.
  stats::Groups groups;
  for (const std::vector<double>& arm : arms)
    if (arm.size() >= 3) groups.emplace_back(arm);
  if (groups.size() < 2) return {};
  try {
    const auto test = stats::brown_forsythe_variances(groups);
    return {test.f, test.p};
  } catch (const stats::StatisticsError&) {
    return {};
  }
}

std::string verdict(const std::vector<std::vector<double>>& arms, const Check& normal, const Check& equal) {
  const std::size_t least =
      arms.empty() ? 0 : std::min_element(arms.begin(), arms.end(), [](const auto& a, const auto& b) {
                           return a.size() < b.size();
                         })->size();
  if (arms.size() < 2) return "fewer than two arms with two values: nothing is tested";
  std::string out;
  if (normal.p < suspicious) out += "the values are not normal about their means; ";
  if (equal.p < suspicious)
    out += "the arms differ in spread; Tukey's test assumes they do not, Welch's does not; ";
  if (out.empty()) out = "nothing speaks against the tests; ";
  if (least < 5)
    out += fmt::format("with {} values in the smallest arm, only gross violations would be seen", least);
  else
    out.erase(out.size() - 2);
  return out;
}

}  // namespace

void add_value(std::vector<ArmValues>& panels, const std::string& panel, const std::string& arm, double value,
               bool ratios, const std::string& block) {
  auto found =
      std::find_if(panels.begin(), panels.end(), [&](const ArmValues& p) { return p.title == panel; });
  if (found == panels.end()) found = panels.insert(panels.end(), ArmValues{panel, {}, {}, ratios, {}});
  const auto at = std::find(found->arms.begin(), found->arms.end(), arm);
  const auto index = static_cast<std::size_t>(at - found->arms.begin());
  if (at == found->arms.end()) {
    found->arms.push_back(arm);
    found->values.emplace_back();
    if (!block.empty()) found->blocks.emplace_back();
  }
  if (!std::isfinite(value)) return;
  found->values[index].push_back(value);
  if (!block.empty()) found->blocks[index].push_back(block);
}

Cell whole(std::size_t n) {
  return std::to_string(n);
}

Table assumptions_table(const std::vector<ArmValues>& panels, core::Diagnostics& warnings) {
  Table table{
      "assumptions",
      "What the tests assume",
      "Values are compared as independent experiments or animals. Wells of one plate are repeats of one "
      "experiment and are averaged first.",
      {"readout", "scale", "values", "normality: W", "p", "equal spread: F", "p", "in words"},
      {}};
  std::vector<ArmValues> families;
  for (const ArmValues& panel : panels)
    for (ArmValues& family : tested_together(panel)) {
      if (std::all_of(family.arms.begin(), family.arms.end(), is_simulated))
        family.title = arm_name(family.title, true);
      families.push_back(std::move(family));
    }
  for (const ArmValues& panel : families) {
    const std::vector<std::vector<double>> arms = on_test_scale(panel);
    std::size_t n = 0;
    for (const std::vector<double>& arm : arms) n += arm.size();
    const Check normal = normality(arms), equal = equal_variances(arms);
    const std::string about = panel.title.empty() ? "" : panel.title + ": ";
    table.rows.push_back({panel.title, std::string(panel.ratios ? "log2" : "as measured"), whole(n),
                          normal.statistic, normal.p, equal.statistic, equal.p,
                          verdict(arms, normal, equal)});
    if (normal.p < suspicious)
      warnings.add("not-normal", {}, panel.title,
                   fmt::format("{}the values are not normal about their arms' means (Shapiro-Wilk p = {})",
                               about, print_p(normal.p)),
                   "look for a value out of line; a rank test does not assume it");
    if (equal.p < suspicious)
      warnings.add(
          "unequal-variances", {}, panel.title,
          fmt::format("{}the arms differ in spread (Brown-Forsythe p = {})", about, print_p(equal.p)),
          "prefer the Brown-Forsythe F* and Welch's t test");
  }
  return table;
}

void add_arms(Section& section, const std::string& id, const std::string& title, const std::string& y_title,
              const std::vector<ArmValues>& panels, const std::string& reference,
              std::optional<double> reference_line, core::Diagnostics& warnings) {
  if (panels.empty()) return;
  section.figures.push_back(arm_figure(id, title, y_title, panels, reference, reference_line));
  section.tables.push_back(assumptions_table(panels, warnings));
  if (Table planning = planning_table(panels, reference); !planning.rows.empty())
    section.tables.push_back(std::move(planning));
}

}  // namespace stroma::report
