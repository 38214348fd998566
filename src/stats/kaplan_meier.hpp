// Survival from right-censored times: S(t) = prod over event times t_i <= t of (1 - d_i / n_i), with d_i
// events among n_i at risk (Kaplan and Meier, J. Am. Stat. Assoc. 53, 1958) and Greenwood's variance
// var log S = sum d_i / (n_i (n_i - d_i)). Intervals of S are made on a scale of the caller's choice, that of
// the median by inverting them (Brookmeyer and Crowley, Biometrics 38, 1982). Who enters late is at risk from
// its entry on (left truncation), and S is that of who is alive when the first of them enters. R's survfit is
// the check.
#pragma once

#include <span>
#include <vector>

#include "stats/follow_up.hpp"
#include "stats/interval.hpp"

namespace stroma::stats {

/// The scale on which the interval of S is symmetric, before it is cut to [0, 1].
enum class SurvivalScale {
  log,      ///< exp(log S +- z se(log S)); what R does unless asked
  log_log,  ///< S^exp(+- z se(log S) / log S); never leaves [0, 1], no interval where S = 1
  plain     ///< S +- z S se(log S)
};

/// The curve from `time` until the next point.
struct SurvivalPoint {
  double time = 0.0;
  double at_risk = 0.0;  ///< just before `time`
  double events = 0.0;   ///< at `time`
  double censored = 0.0;
  double survival = 1.0;
  double standard_error = 0.0;  ///< of S by Greenwood; NaN where S = 0
  Interval ci;                  ///< NaN where S = 0, and on the log-log scale where S = 1
};

/// An estimate whose ends may be out of reach: NaN where the curve (or the band) never comes down to a half.
struct MedianSurvival {
  double value = 0.0;
  Interval ci;
};

struct KaplanMeier {
  std::vector<SurvivalPoint> points;  ///< one per distinct time (events or censorings), ascending
  std::size_t n = 0;
  std::size_t events = 0;
  MedianSurvival median;
};

/// The estimate from n >= 1 subjects. Times are equal where they are the same number.
KaplanMeier kaplan_meier(std::span<const FollowUp> subjects, double level = 0.95,
                         SurvivalScale scale = SurvivalScale::log);

/// S just after `time`.
double survival_at(const KaplanMeier& curve, double time);

/// How many subjects were under observation at `time` and until then or longer (at time 0 those who enter
/// then as well): what stands under the axis of a figure.
std::size_t at_risk(std::span<const FollowUp> subjects, double time);

}  // namespace stroma::stats
