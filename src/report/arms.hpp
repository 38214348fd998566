// Arms side by side: the bar of one arm and the tests between arms, the same for simulated and for measured
// values.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/document.hpp"

namespace stroma::report {

/// Values of one readout by arm: what bars show. `values[a]` belongs to `arms[a]`, one value per independent
/// experiment or animal.
struct ArmValues {
  std::string title;  ///< of the panel: a gene, a protein, a cell line
  std::vector<std::string> arms;
  std::vector<std::vector<double>> values;
  bool ratios = false;  ///< compared on the log2 scale, all > 0: effects are ratios, such as of IC50s
  /// What each value was measured together with, such as its membrane: arms are compared within these blocks
  /// alone. Like `values`; empty: values are independent.
  std::vector<std::vector<std::string>> blocks = {};
};

/// Tests between the arms of one panel: brackets for the figure, lines for its caption.
struct PanelStatistics {
  std::vector<Comparison> brackets;
  std::vector<Statistic> lines;
};

/// "panel: arm against reference", or without the panel where it has no name.
std::string comparison_name(const std::string& panel, const std::string& arm, const std::string& reference);

/// The one way in which arms are compared, whoever measured them; `pairs` are (arm, reference arm). Two arms:
/// Welch's t. More: one-way ANOVA and the Brown-Forsythe test of means, then Tukey's HSD. Arms with fewer
/// than two values are left out; what cannot be tested is a line that says why.
///
/// In blocks each pair is compared over the blocks that hold both arms, and never over others: one value of
/// an arm in a block by the paired t test over blocks, several by Welch's t test of the values of those
/// blocks; p values of several pairs are adjusted by Holm's method. Pairs with fewer than two blocks (values)
/// are a line that says so.
///
/// Each line of a pair has its ratio alone as well, by the comparison that judges findings
/// (stats::compare_log2_ratio; within blocks the paired t test of log2 values): missing where values are not
/// all positive or do not vary.
PanelStatistics compare(const ArmValues& values,
                        const std::vector<std::pair<std::string, std::string>>& pairs);

/// Points, mean and mean -+ SEM of one arm; without values or with one, what there is.
BarGroup bar_of(const std::string& arm, const std::vector<double>& values);

}  // namespace stroma::report
