// Comparison of one or two means by Student's t: one sample, equal variances (Student 1908), unequal
// variances (Welch, Biometrika 34, 1947, with Satterthwaite's degrees of freedom), pairs; and the two
// one-sided tests of equivalence (Schuirmann, J. Pharmacokinet. Biopharm. 15, 1987).
#pragma once

#include <cstddef>
#include <span>

#include "stats/interval.hpp"

namespace stroma::stats {

/// Result of a t test. `difference` is in the unit of the data: first mean minus second (or minus the
/// reference).
struct TTest {
  double difference = 0.0;
  double standard_error = 0.0;
  double statistic = 0.0;
  double df = 0.0;
  double p = 1.0;  ///< two-sided
  Interval ci;     ///< of the difference, at the level asked for
};

/// H0: the mean of x is `reference`. n >= 2 finite values that are not all the same; throws StatisticsError
/// otherwise.
TTest one_sample_t_test(std::span<const double> x, double reference, double level = 0.95);

/// H0: equal means, equal variances assumed: df = n1 + n2 - 2. Each sample n >= 2; not both without spread.
TTest student_t_test(std::span<const double> x, std::span<const double> y, double level = 0.95);

/// H0: equal means, variances free. Each sample n >= 2; not both without spread.
TTest welch_t_test(std::span<const double> x, std::span<const double> y, double level = 0.95);

/// H0: the mean of x_i - y_i is 0. As many x as y, n >= 2 pairs whose differences are not all the same.
TTest paired_t_test(std::span<const double> x, std::span<const double> y, double level = 0.95);

/// Two one-sided Welch tests: H0: the difference of means lies outside (low, high).
struct EquivalenceTest {
  double difference = 0.0;
  double df = 0.0;
  double p_above_low = 1.0;   ///< one-sided, H0: difference <= low
  double p_below_high = 1.0;  ///< one-sided, H0: difference >= high
  double p = 1.0;             ///< the larger of the two
  Interval ci;  ///< of the difference at level 1 - 2 alpha; inside (low, high) exactly where equivalent
  bool equivalent = false;  ///< p < alpha
};

/// Are two means equal to within (low, high), in the data's unit? low < high; alpha in (0, 0.5).
EquivalenceTest equivalence_test(std::span<const double> x, std::span<const double> y, double low,
                                 double high, double alpha = 0.05);

}  // namespace stroma::stats
