// A threshold between negative and positive events without controls: two normal components of log10
// fluorescence, by the EM algorithm (Dempster, Laird, Rubin, J. R. Stat. Soc. B 39, 1977) on a histogram; the
// threshold is where both are equally likely. Nothing is drawn at random: the start is Otsu's split. Source
// of the measure of separation: Ashman, Bird, Zepf, Astron. J. 108, 2348 (1994).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "assays/flow.hpp"

namespace stroma::assays {

struct MixtureThreshold {
  double value = 0.0;       ///< in the unit of the values
  double positive = 0.0;    ///< weight of the upper component
  double separation = 0.0;  ///< Ashman's D = |m1 - m2| / sqrt((s1^2 + s2^2) / 2); > 2: two populations
  bool found() const { return separation > 2.0; }
};

/// The threshold of values of which at least 100 are above 0 and not all alike; others do not count. Throws
/// InputError (too-few-events) otherwise.
MixtureThreshold mixture_threshold(std::span<const float> values, const std::string& channel);

/// Thresholds on the events of all tubes together, so that every tube has the same gate.
struct AutomaticGate {
  MixtureThreshold annexin, pi;
  QuadrantGate gate() const { return {annexin.value, pi.value}; }
};
AutomaticGate automatic_gate(const std::vector<FlowSample>& tubes, const std::string& annexin_channel,
                             const std::string& pi_channel);

}  // namespace stroma::assays
