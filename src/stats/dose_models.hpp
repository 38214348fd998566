// How many parameters a dose-response curve needs: the 3-, 4- and 5-parameter logistic fitted to the same
// data and compared by the extra sum of squares (F test of nested models) and by the corrected information
// criterion of Akaike, AICc = n ln(RSS/n) + 2 k + 2 k (k + 1) / (n - k - 1), k = parameters + 1 (Motulsky and
// Christopoulos 2004).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "stats/anova.hpp"
#include "stats/dose_response.hpp"

namespace stroma::stats {

/// H0: the smaller of two nested models is enough: F = ((RSS0 - RSS1) / (dof0 - dof1)) / (RSS1 / dof1). The
/// larger model must have fewer degrees of freedom left, at least one, and a residual sum above 0; throws
/// StatisticsError otherwise.
FTest extra_sum_of_squares(double smaller_sum, std::size_t smaller_dof, double larger_sum,
                           std::size_t larger_dof);

struct DoseModel {
  LogisticModel model = LogisticModel::four_parameter;
  DoseResponseFit fit;
  double aicc = 0.0;    ///< infinite where there is no fit or n is too small for it
  double weight = 0.0;  ///< Akaike weight: the share of the evidence, over the three
};

struct DoseModels {
  std::vector<DoseModel> models;         ///< 3, 4, 5 parameters, in this order
  std::optional<FTest> four_over_three;  ///< none where one of the two has no fit
  std::optional<FTest> five_over_four;
  std::size_t best = 1;  ///< index of the least AICc
};

/// Fits all three; `options.model` is ignored, the other options hold for each. Not for robust fits, whose
/// residual sums are not those of one criterion; throws StatisticsError for one.
DoseModels compare_dose_models(std::span<const double> doses, std::span<const double> responses,
                               const DoseResponseOptions& options = {});

}  // namespace stroma::stats
