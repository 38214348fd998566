// Growth of tumours in animals from repeated volumes: the slope of ln V of each animal, the growth rates of
// arms from a mixed model ln V = a + b t with a level and a slope of each animal's own, the inhibition of
// growth, and the time until a tumour has reached a volume. Growth is exponential as long as ln V is straight
// in time; Heitjan, Manni, Santen, Cancer Res. 53, 6042 (1993) compare such analyses.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assays/survival.hpp"
#include "core/diagnostics.hpp"
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

struct GrowthOptions {
  std::string reference;         ///< arm; empty: the first
  std::optional<double> day;     ///< of the inhibition; empty: the last on which every arm has two animals
  std::optional<double> target;  ///< mm^3; empty: `fold` times the first volume of each animal
  double fold = 4.0;
};

struct VolumePoint {
  double day = 0.0, volume = 0.0;
};

struct AnimalGrowth {
  std::string animal, arm;
  std::vector<VolumePoint> points;  ///< ascending in time; several tumours of the animal added up
  std::optional<double> slope;      ///< 1/d, of ln V; none with fewer than 3 volumes above 0
  double slope_se = 0.0;
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
  /// logarithms; V0 is an animal's first volume. 0: no effect; below 0: faster growth.
  std::optional<double> inhibition;
  stats::Interval inhibition_ci;
  double inhibition_p = 1.0;
  std::size_t n = 0, n_reference = 0;  ///< animals at `day`
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
  std::optional<double> day;  ///< of the inhibition; none where there is no common day
  stats::MixedModel model;
  bool modelled = false;
  SurvivalData reached;  ///< time from the first measurement until the volume, censored at the last
  SurvivalAnalysis time_to_volume;
  core::Diagnostics warnings;
};

/// Analyses at least one measurement. Throws InputError for an animal's tumour measured twice on a day
/// (measured-twice), a reference that is no arm, and a day on which no two arms have two animals.
GrowthAnalysis analyse_growth(const std::vector<TumourVolume>& volumes, const GrowthOptions& options);

}  // namespace stroma::assays
