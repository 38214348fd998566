// Arms side by side: the bar of one arm and the tests between arms, the same for simulated and for measured
// values.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/document.hpp"

namespace stroma::report {

/// Tests between the arms of one panel: brackets for the figure, lines for its caption.
struct PanelStatistics {
  std::vector<Comparison> brackets;
  std::vector<Statistic> lines;
};

/// Compares the arms of a panel, `values[a]` those of `arms[a]`, one per independent experiment. Two arms:
/// Welch's t. More: one-way ANOVA and the Brown-Forsythe test of means, then Tukey's HSD for the `pairs`
/// (arm, reference arm). Arms with fewer than two values are left out; what cannot be tested is a line that
/// says why.
PanelStatistics compare_arms(const std::string& panel, const std::vector<std::string>& arms,
                             const std::vector<std::vector<double>>& values,
                             const std::vector<std::pair<std::string, std::string>>& pairs);

/// Points, mean and mean -+ SEM of one arm; without values or with one, what there is.
BarGroup bar_of(const std::string& arm, const std::vector<double>& values);

}  // namespace stroma::report
