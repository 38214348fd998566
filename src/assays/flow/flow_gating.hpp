// Gates. A threshold between negative and positive events: two normal components of log10 fluorescence, by
// the EM algorithm (Dempster, Laird, Rubin, J. R. Stat. Soc. B 39, 1977) on a histogram; the threshold is
// where both are equally likely. Nothing is drawn at random: the start is Otsu's split. Source of the measure
// of separation: Ashman, Bird, Zepf, Astron. J. 108, 2348 (1994).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assays/flow/flow.hpp"

namespace stroma::assays {

using Tubes = std::vector<const FlowSample*>;

struct MixtureThreshold {
  double value = 0.0;       ///< in the unit of the values
  double positive = 0.0;    ///< weight of the upper component
  double separation = 0.0;  ///< Ashman's D = |m1 - m2| / sqrt((s1^2 + s2^2) / 2); > 2: two populations
  bool found() const { return separation > 2.0; }
};

/// The threshold of values of which at least 100 are above 0 and not all alike; others do not count. Throws
/// InputError (too-few-events) otherwise.
MixtureThreshold mixture_threshold(std::span<const float> values, const std::string& channel);

/// The negative events of a tube in which some are positive: most of the events, normal on an asinh scale
/// whose linear part is as wide as makes the central ones symmetric (dyes spread on a log scale, what
/// compensation leaves around zero on a linear one). The share of positive events is found with it, by
/// iteration, so that dying cells in a control do not move the gate.
struct NegativePopulation {
  double edge = 0.0;    ///< 99 % of the negative events lie below
  double beyond = 0.0;  ///< share of all events above the edge; of purely negative ones 0.01
  /// Share of the negative events that lie below x.
  double below(double x) const;
  double centre = 0.0, sd = 1.0, scale = 1.0;  ///< asinh(x / scale) is normal with these
};

/// Of at least 100 values; fewer, or all alike: their largest is the edge. `positive`: a first guess of the
/// share of positive events, below 0.9.
NegativePopulation negative_population(std::span<const float> values, double positive = 0.0);

/// One threshold and how it was found.
struct GateFact {
  double value = 0.0;
  bool separated = true;       ///< negative and positive events stand apart in the tubes
  double separation = 0.0;     ///< Ashman's D of the tubes' mixture; 0 where there are too few events
  double control = 0.0;        ///< share of the stained control beyond the threshold; NaN without one
  double negatives_cut = 0.0;  ///< share of the tubes' negative events above the threshold
};
struct AutomaticGate {
  GateFact annexin, pi;
  QuadrantGate gate() const { return {annexin.value, pi.value}; }
};

/// Thresholds on the events of all tubes together, so that every tube has the same gate: where both
/// components of the mixture are equally likely, and where they do not stand apart the edge of the negative
/// population.
AutomaticGate automatic_gate(const Tubes& tubes, const std::string& annexin_channel,
                             const std::string& pi_channel);

/// Thresholds by controls: the upper edge of the negative population of every control given (null: none), the
/// larger; or, where the tubes' negative and positive events stand apart above it, the place between them.
AutomaticGate control_gate(const FlowSample* unstained, const FlowSample* live, const Tubes& tubes,
                           const std::string& annexin_channel, const std::string& pi_channel);

/// What thresholds set by hand cut of the tubes' negative events.
AutomaticGate judge_gate(const QuadrantGate& gate, const Tubes& tubes, const std::string& annexin_channel,
                         const std::string& pi_channel);

/// Debris stands apart from cells in forward scatter.
struct DebrisGate {
  /// The lowest place between debris and cells; none where no population of debris stands apart.
  std::optional<double> threshold;
  double cells = 0.0;      ///< scatter of the cells: the peak at the highest scatter; 0 where there is none
  double low_share = 0.0;  ///< share of events with less than 0.4 of it
};

/// Of all tubes together. Debris is what has a peak below 0.4 of the cells' scatter (assumption: apoptotic
/// cells keep about half of theirs) and at least 1 % of the events.
DebrisGate debris_gate(const Tubes& tubes, std::size_t forward_channel);

/// Removes the events below `least` in the channel; returns how many.
std::size_t remove_debris(FlowSample& tube, std::size_t forward_channel, double least);

}  // namespace stroma::assays
