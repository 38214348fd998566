// Growth of tumours in animals: the slope of log volume against time for each animal, and how much a
// treatment holds growth back at one day,
//   T/C = mean V_T / mean V_C,   TGI = 1 - (mean V_T(t) - V_T(0)) / (mean V_C(t) - V_C(0)),
// T/C with an interval symmetric in its logarithm (delta method, var ln T/C = sum s^2 / (n m^2),
// Satterthwaite's degrees of freedom), TGI with a percentile interval from resampled animals (Efron, Ann.
// Stat. 7, 1979), since a ratio of small differences is far from normal (Hather et al., Cancer Inform. 13,
// 2014).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "stats/interval.hpp"

namespace stroma::stats {

/// One animal's exponential growth.
struct GrowthSlope {
  int subject = 0;
  std::size_t n = 0;
  double slope = 0.0;           ///< of ln volume per unit of time; NaN with fewer than two times
  double standard_error = 0.0;  ///< NaN with fewer than three measurements
  double start = 0.0;           ///< fitted volume at time 0
};

/// The slope of each animal by least squares, in the order of the animals' numbers. `volume` > 0 and all
/// three of one length; throws StatisticsError otherwise.
std::vector<GrowthSlope> growth_slopes(std::span<const int> subject, std::span<const double> time,
                                       std::span<const double> volume);

/// Volumes of the animals of one arm at the day when treatment began and at the day that is compared.
struct ArmVolumes {
  std::vector<double> first, last;  ///< one per animal, > 0
};

struct TumourInhibition {
  double treated_to_control = 1.0;
  Interval treated_to_control_ci;
  double inhibition = 0.0;  ///< TGI as a fraction: 1 = growth stopped, above 1 = tumours shrank
  Interval inhibition_ci;
  /// Empty, or why there is no TGI: the control did not grow (then inhibition is NaN), or not in more than 1
  /// % of the resamples (then only its interval is).
  std::string message;
};

/// At least two animals per arm; throws StatisticsError otherwise. `resamples` of the animals of each arm
/// from the stream of `seed`.
TumourInhibition tumour_inhibition(const ArmVolumes& treated, const ArmVolumes& control, double level = 0.95,
                                   std::uint64_t seed = 1, int resamples = 5000);

}  // namespace stroma::stats
