// Repeated measurements on the same subjects: y = X beta + Z_i b_i + e, b_i ~ N(0, D) for each subject i,
// e ~ N(0, s^2), by restricted maximum likelihood (Laird and Ware, Biometrics 38, 1982). With D = s^2 L L', L
// lower triangular, beta and s^2 are profiled out and
//   d(L) = sum log|I + L' Z_i' Z_i L| + log|X' V^-1 X| + (n - p) (1 + log(2 pi r^2 / (n - p)))
// is minimised over L (Bates et al., J. Stat. Softw. 67(1), 2015) by Ceres with automatic derivatives.
// Degrees of freedom are those of the level at which a column varies, within or between subjects (Pinheiro
// and Bates, Mixed-Effects Models in S and S-PLUS, 2000, section 2.4). R's nlme is the check.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "stats/interval.hpp"
#include "stats/linear_models.hpp"

namespace stroma::stats {

/// One row per measurement.
struct MixedModelData {
  std::vector<double> y;
  std::vector<int> subject;        ///< any numbers; measurements of one subject need not be together
  Table fixed;                     ///< X, with the intercept where there is one
  std::vector<std::string> names;  ///< of the columns of X
  Table random;                    ///< Z: a column of ones (levels differ) or ones and days (slopes too)
};

enum class MixedModelStatus {
  converged,
  /// A minimum where subjects do not differ in some direction (a variance of 0, or level and slope tied to
  /// each other); estimates and tests stand, and `message` says so.
  boundary,
  not_determined,  ///< too few subjects or measurements for the terms asked for
  did_not_converge
};

struct FixedEffect {
  std::string name;
  double estimate = 0.0;
  double standard_error = 0.0;
  double df = 0.0;
  double t = 0.0;
  double p = 1.0;
  Interval ci;
};

struct MixedModel {
  MixedModelStatus status = MixedModelStatus::converged;
  std::string message;  ///< a sentence unless converged
  std::vector<FixedEffect> fixed;
  std::vector<double> covariance;         ///< of the fixed effects, row by row
  std::vector<double> random_covariance;  ///< D, row by row
  double residual_sd = 0.0;
  double log_likelihood = 0.0;  ///< restricted
  std::vector<int> subjects;    ///< in the order of `random`
  Table random;                 ///< predicted b_i, subjects x columns of Z
  bool usable() const {
    return status == MixedModelStatus::converged || status == MixedModelStatus::boundary;
  }
};

/// Z has one or two columns. Throws StatisticsError for sizes that do not fit, numbers that are not finite,
/// or columns of X that follow from those before them; data that leave a term open are a status.
MixedModel fit_mixed_model(const MixedModelData& data, double level = 0.95);

}  // namespace stroma::stats
