// Two factors, with or without their interaction, groups of any sizes. Sums of squares are differences
// between the residual sums of nested models. Type II (the default here, as in R's car::Anova) asks of each
// factor what it adds beside the other: the answer does not depend on the order in which the factors are
// named. Type I (R's aov) adds them one after the other. Type III asks what a factor adds beside the other
// and their interaction, in coding that sums to zero (car::Anova with contr.sum): whether the means of its
// levels are equal when every cell counts alike. They agree where all cells have the same size. Yates, J. Am.
// Stat. Assoc. 29, 1934; Langsrud, Stat. Comput. 13, 2003.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace stroma::stats {

enum class SumsOfSquares { type_i, type_ii, type_iii };

/// One row of the table. Sums of squares are in the squared unit of the data.
struct AnovaEffect {
  double ss = 0.0;
  double df = 0.0;
  double f = 0.0;
  double p = 1.0;
  double partial_eta_squared = 0.0;  ///< ss / (ss + residual ss)
};

struct TwoWayAnova {
  AnovaEffect first, second;
  std::optional<AnovaEffect> interaction;
  double residual_ss = 0.0;
  double residual_df = 0.0;
  bool balanced = false;        ///< all cells have the same size
  std::size_t empty_cells = 0;  ///< combinations of levels without a value; they cost the interaction degrees
};

/// Values with the index of their level of each factor (from 0, every level used). At least 2 levels of each,
/// a residual degree of freedom and residual spread; with an interaction, some cell must have replicates, and
/// for type III no cell may be empty. `df_spent`: degrees of freedom that were taken out of the values before
/// (blocks). Throws StatisticsError otherwise.
TwoWayAnova two_way_anova(std::span<const double> values, std::span<const std::size_t> first,
                          std::span<const std::size_t> second, bool interaction = true,
                          SumsOfSquares type = SumsOfSquares::type_ii, double df_spent = 0.0);

}  // namespace stroma::stats
