// Power and sample size of the tests that a bench plans with: t tests (exact, noncentral t; R's
// power.t.test), one-way analysis of variance (noncentral F; power.anova.test), two proportions (normal
// approximation; power.prop.test), and the log-rank test (Schoenfeld, Biometrics 39, 1983). Each function
// gives the power at a design; the solvers turn it round.
#pragma once

#include <functional>

namespace stroma::stats {

/// Upper one-sided confidence limit of a standard deviation that was estimated with `df` degrees of freedom:
/// sd sqrt(df / q), q the (1 - confidence) quantile of chi-square. For a pilot's sd, 0.8 (Browne, Stat. Med.
/// 14:1933, 1995). Throws StatisticsError for sd < 0, df <= 0, confidence outside (0, 1).
double sd_upper_limit(double sd, double df, double confidence);

/// What the two means of a t test are from.
enum class TDesign { two_sample, one_sample, paired };

struct TPower {
  double n = 0.0;      ///< per group, values or pairs; 2 or more; need not be whole
  double delta = 0.0;  ///< true difference of means, in the unit of sd
  double sd = 1.0;     ///< of one value; of one difference for pairs; > 0
  double alpha = 0.05;
  TDesign design = TDesign::two_sample;
  bool two_sided = true;
  /// Count significant results on the wrong side as well. R's `strict`, and the definition of power; off
  /// there by default, and the difference is below alpha / 2.
  bool strict = false;
};

/// P(p < alpha); throws StatisticsError for n < 2, sd <= 0, alpha outside (0, 1).
double power_t_test(const TPower& design);

struct AnovaPower {
  double groups = 2.0;       ///< 2 or more
  double n = 0.0;            ///< per group, 2 or more
  double between_var = 0.0;  ///< variance of the true group means, denominator groups - 1; >= 0
  double within_var = 1.0;   ///< > 0
  double alpha = 0.05;
};

double power_anova(const AnovaPower& design);

struct ProportionPower {
  double n = 0.0;   ///< per group, 1 or more
  double p1 = 0.5;  ///< true proportions, in (0, 1)
  double p2 = 0.5;
  double alpha = 0.05;
  bool two_sided = true;
  bool strict = false;  ///< as for TPower
};

double power_proportions(const ProportionPower& design);

struct LogRankSize {
  double events = 0.0;    ///< in both arms together
  double subjects = 0.0;  ///< events / chance that a subject has one
};

/// Two-sided log-rank test: events = (z_(1-alpha/2) + z_power)^2 / (share (1 - share) ln(hazard_ratio)^2).
/// hazard ratio > 0 and not 1; power in (alpha / 2, 1); `share` of the subjects in the first arm and
/// `event_chance`, both in (0, 1] (share below 1).
LogRankSize log_rank_size(double hazard_ratio, double power, double event_chance = 1.0, double share = 0.5,
                          double alpha = 0.05);

/// Power at a number of events; the reverse of log_rank_size.
double power_log_rank(double hazard_ratio, double events, double share = 0.5, double alpha = 0.05);

/// The argument in [low, high] at which an increasing power takes the value `wanted`, to 1e-12 relative.
/// Throws StatisticsError, naming `what`, where it does not lie between those ends.
double solve_power(const std::function<double(double)>& power, double wanted, double low, double high,
                   const char* what);

}  // namespace stroma::stats
