// Growth of tumours in animals from repeated volumes: the slope of ln V of each animal, the growth rates of
// arms from a mixed model ln V = a + b t with a level and a slope of each animal's own, the inhibition of
// growth, and the time until a tumour has reached a volume. Growth is exponential as long as ln V is straight
// in time; Heitjan, Manni, Santen, Cancer Res. 53, 6042 (1993) compare such analyses.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assays/survival/survival.hpp"
#include "core/diagnostics.hpp"
#include "core/reading.hpp"
#include "stats/mixed_model.hpp"
#include "stats/ratio_of_means.hpp"
#include "stats/t_test.hpp"

namespace stroma::assays {

/// One measurement of one tumour.
struct TumourVolume {
  std::string animal, arm;
  std::string tumour;   ///< which of several of the animal, such as "left"; empty: the only one
  double day = 0.0;     ///< d
  double volume = 0.0;  ///< mm^3, >= 0
  core::Place place;
};

/// On the default day of the inhibition at least this share of every arm's animals is still measured.
/// Assumption: "nearly all", so that the animals that left early, often those with the largest tumours,
/// cannot decide the headline.
inline constexpr double nearly_all = 0.8;

struct GrowthOptions {
  /// Arm; empty: the one that is called vehicle, control, untreated ... (arms_called_control).
  std::string reference;
  std::string command;  ///< as typed: a question writes its answers out as commands to copy
  /// Day of the first dose: volumes are relative to that day's, and what was measured before it is not
  /// analysed. Empty: day 0 where there are days below 0, else each animal's first.
  std::optional<double> baseline;
  std::optional<double> day;     ///< of the inhibition; empty: the last with nearly all animals of every arm
  std::optional<double> target;  ///< mm^3; empty: `fold` times the first volume of each animal
  double fold = 4.0;
};

struct VolumePoint {
  double day = 0.0, volume = 0.0;
};

struct AnimalGrowth {
  std::string animal, arm;
  std::vector<VolumePoint> points;  ///< ascending in time, the baseline first; tumours of an animal added up
  std::optional<double> slope;      ///< 1/d, of ln V; none with fewer than 3 volumes above 0
  double slope_se = 0.0;
  bool has_baseline = true;  ///< false: first measured after the day of the first dose
};

struct ArmGrowth {
  std::string arm;
  std::vector<VolumePoint> mean;  ///< geometric means, on days with at least half of the arm's animals
  std::size_t animals = 0;
  double rate = 0.0;  ///< 1/d, of the mixed model; NaN where it could not be fitted
  stats::Interval rate_ci;
};

/// An arm against the reference.
struct GrowthComparison {
  std::string arm;
  double rate_difference = 0.0;  ///< 1/d, arm - reference, of the mixed model; NaN where not fitted
  stats::Interval rate_ci;
  double rate_p = 1.0;
  /// 1 - (V/V0 of the arm) / (V/V0 of the reference), geometric means at `day`, with Welch's interval of the
  /// logarithms; V0 is an animal's volume at the baseline. 0: no effect; below 0: faster growth.
  std::optional<double> inhibition;
  stats::Interval inhibition_ci;
  double inhibition_p = 1.0;
  std::size_t n = 0, n_reference = 0;  ///< animals at `day` whose relative volume has a logarithm
  /// T/C of arithmetic means at `day`, which volumes of 0 belong to as well: of V/V0, and of V - V0 (1 minus
  /// which is the growth inhibition of the means; above 1 the tumours shrank). None where the animals do not
  /// determine it.
  std::optional<stats::RatioOfMeans> relative_volumes = {}, changes = {};
};

struct GrowthAnalysis {
  std::string reference;
  std::vector<AnimalGrowth> animals;
  std::vector<ArmGrowth> arms;  ///< the reference first
  std::vector<GrowthComparison> comparisons;
  std::optional<double> baseline;  ///< day of the first dose; none: each animal's first measurement
  std::optional<double> day;       ///< of the inhibition; none where there is no common day
  stats::MixedModel model;
  bool modelled = false;
  SurvivalData reached;  ///< time from the baseline until the volume, censored at the last measurement
  SurvivalAnalysis time_to_volume;
  core::Diagnostics warnings;
  core::Understanding understanding;  ///< reference, baseline, the day of the inhibition with its animals
};

/// Analyses at least one measurement. Throws InputError for an animal's tumour measured twice on a day
/// (measured-twice), a reference that is no arm, arms of which none or several are called a control
/// (which-reference), a baseline after the last measurement (bad-baseline), and a day on which no two arms
/// have two animals (no-common-day).
GrowthAnalysis analyse_growth(const std::vector<TumourVolume>& volumes, const GrowthOptions& options);

}  // namespace stroma::assays
