// Subjects of several groups, each measured at every level of a second factor (days, doses): the split-plot
// analysis of variance, R's aov(y ~ group * level + Error(subject / level)). Groups are compared with the
// spread of the subjects' means, levels and the interaction with the spread of what is left within subjects.
// Groups may differ in size; every subject has one value at every level. Sums of squares are those of aov:
// one factor after the other, which agree with any other type where groups have one size. Where there are
// more than two levels, the tests within subjects hold for equal variances of all differences between levels
// (sphericity); epsilon (Greenhouse and Geisser, Psychometrika 24, 1959) shrinks both degrees of freedom by
// how far the pooled covariance is from that.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "stats/two_way_anova.hpp"

namespace stroma::stats {

struct RepeatedMeasures {
  AnovaEffect between;      ///< groups, against subjects within groups
  AnovaEffect within;       ///< levels, against levels by subjects within groups
  AnovaEffect interaction;  ///< against the same
  double error_between_ss = 0.0, error_between_df = 0.0;
  double error_within_ss = 0.0, error_within_df = 0.0;
  double epsilon = 1.0;  ///< Greenhouse and Geisser's, from 1 / (levels - 1) to 1
  double within_p_corrected = 1.0, interaction_p_corrected = 1.0;  ///< with both degrees times epsilon
};

/// `values[s][j]`: subject s at level j, as many levels (at least 2) for each; `group[s]`: index of its group
/// from 0, at least 2 groups of which one has 2 subjects. Throws StatisticsError otherwise, or where nothing
/// varies beside the factors.
RepeatedMeasures repeated_measures(const std::vector<std::vector<double>>& values,
                                   std::span<const std::size_t> group);

}  // namespace stroma::stats
