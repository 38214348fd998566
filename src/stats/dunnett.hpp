// Several treatments against one control (Dunnett, J. Am. Stat. Assoc. 50, 1955; group sizes may differ). The
// differences share the control, which makes their correlations products l_i l_j with
// l_i = sqrt(n_i / (n_i + n_0)), and so
//   P(max |T_i| >= d) = E_S E_Z [ 1 - prod_i { F((l_i Z + d S) / t_i) - F((l_i Z - d S) / t_i) } ],
// F the normal law, t_i = sqrt(1 - l_i^2), Z normal, S^2 chi-square over its degrees of freedom.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "stats/anova.hpp"
#include "stats/interval.hpp"

namespace stroma::stats {

/// P(max |T_i| >= d) for d >= 0, loadings l_i in (0, 1), at least one, df >= 1 (infinity allowed). Relative
/// accuracy about 1e-9.
double dunnett_upper(double d, std::span<const double> loadings, double df);

/// The d with P(max |T_i| >= d) = upper, upper in (0, 1).
double dunnett_critical(double upper, std::span<const double> loadings, double df);

/// One treatment against the control: `difference` = mean of group `group` - mean of the control.
struct DunnettComparison {
  std::size_t group = 0;
  double difference = 0.0;
  double statistic = 0.0;  ///< difference / sqrt(MS_within (1/n + 1/n0))
  double p_adjusted = 1.0;
  Interval ci;  ///< simultaneous over all treatments
};

/// Every group but `control` against it, two-sided, in their order. Groups as for one_way_anova; `error`:
/// another spread than that within the groups.
std::vector<DunnettComparison> dunnett(const Groups& groups, std::size_t control = 0, double level = 0.95,
                                       const std::optional<ErrorTerm>& error = {});

}  // namespace stroma::stats
