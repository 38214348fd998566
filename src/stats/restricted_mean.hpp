// Restricted mean survival time: the area under the Kaplan-Meier curve up to tau, the mean time lived within
// tau, with the variance sum over event times of (area from t_i to tau)^2 d_i / (n_i (n_i - d_i)) (Uno et
// al., J. Clin. Oncol. 32, 2014; the formula of the R package survRM2). It needs no proportional hazards.
#pragma once

#include <span>

#include "stats/follow_up.hpp"
#include "stats/interval.hpp"

namespace stroma::stats {

struct RestrictedMean {
  double mean = 0.0;  ///< in the unit of time
  double standard_error = 0.0;
  Interval ci;
};

/// Of n >= 1 subjects up to `tau` > 0, which must not lie beyond the last time of a curve that has not come
/// down to 0; throws StatisticsError otherwise.
RestrictedMean restricted_mean(std::span<const FollowUp> subjects, double tau, double level = 0.95);

/// The largest tau that every arm allows: the least of their last times.
double common_tau(std::span<const FollowUp> first, std::span<const FollowUp> second);

struct RestrictedMeanComparison {
  RestrictedMean first, second;
  double difference = 0.0;  ///< first - second
  Interval difference_ci;
  double difference_p = 1.0;  ///< two-sided, H0: no difference
  double ratio = 1.0;         ///< first / second
  Interval ratio_ci;          ///< symmetric in the logarithm
  double ratio_p = 1.0;
};

/// Both arms up to the same tau, with normal intervals; errors as restricted_mean. Where neither arm has an
/// event before tau nothing varies, and p is 1. Where an arm lived no time at all the ratio is NaN.
RestrictedMeanComparison compare_restricted_means(std::span<const FollowUp> first,
                                                  std::span<const FollowUp> second, double tau,
                                                  double level = 0.95);

}  // namespace stroma::stats
