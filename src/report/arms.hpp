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

/// "panel: arm against reference", or without the panel where it has no name.
std::string comparison_name(const std::string& panel, const std::string& arm, const std::string& reference);

/// Compares the arms of a panel, `values[a]` those of `arms[a]`, one per independent experiment. Two arms:
/// Welch's t. More: one-way ANOVA and the Brown-Forsythe test of means, then Tukey's HSD for the `pairs`
/// (arm, reference arm). Arms with fewer than two values are left out; what cannot be tested is a line that
/// says why.
PanelStatistics compare_arms(const std::string& panel, const std::vector<std::string>& arms,
                             const std::vector<std::vector<double>>& values,
                             const std::vector<std::pair<std::string, std::string>>& pairs);

/// The same where values of one block (`blocks[a][i]` that of `values[a][i]`, such as a membrane) belong
/// together: each pair is compared over the blocks that hold both arms, and never over others. One value of
/// an arm in a block: the paired t test over blocks; several: Welch's t test of the values of those blocks. p
/// values of several pairs are adjusted by Holm's method. Pairs with fewer than two blocks (values) are a
/// line that says so.
PanelStatistics compare_in_blocks(const std::string& panel, const std::vector<std::string>& arms,
                                  const std::vector<std::vector<double>>& values,
                                  const std::vector<std::vector<std::string>>& blocks,
                                  const std::vector<std::pair<std::string, std::string>>& pairs);

/// Points, mean and mean -+ SEM of one arm; without values or with one, what there is.
BarGroup bar_of(const std::string& arm, const std::vector<double>& values);

}  // namespace stroma::report
