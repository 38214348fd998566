// Two drugs together on a checkerboard of doses: how far the effect lies above what the two alone would lead
// one to expect. With y1, y2 the effects (inhibition, fractions) of each drug alone:
//   HSA    max(y1, y2)                            Bliss  y1 + y2 - y1 y2
//   Loewe  the E with d1/D1(E) + d2/D2(E) = 1, D_k the inverse of drug k's fitted Hill curve
//   ZIP    p1 + p2 - p1 p2 from fitted curves p_k; the effect of the combination is smoothed by fits along
//   rows
//          and columns that begin at the other drug's effect
// A score is effect - expectation. Sources: Yadav, Wennerberg, Aittokallio and Tang, Comput. Struct.
// Biotechnol. J. 13 (2015) 504 (ZIP); Loewe, Arzneimittelforschung 3 (1953); Bliss, Ann. Appl. Biol. 26
// (1939).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/parallel.hpp"
#include "stats/interval.hpp"

namespace stroma::stats {

/// Effects at every pair of doses; both lists rise and begin with 0.
struct Checkerboard {
  std::vector<double> doses1, doses2;  ///< any units
  /// effects[i * doses2.size() + j]: replicates of the inhibition (fraction of control, about 0..1) at
  /// doses1[i], doses2[j]; at least one each.
  std::vector<std::vector<double>> effects;
  std::size_t rows() const { return doses1.size(); }
  std::size_t columns() const { return doses2.size(); }
  std::size_t cell(std::size_t i, std::size_t j) const { return i * doses2.size() + j; }
};

enum class SynergyModel { hsa, bliss, loewe, zip };
inline constexpr std::array<SynergyModel, 4> synergy_models{SynergyModel::bliss, SynergyModel::loewe,
                                                            SynergyModel::hsa, SynergyModel::zip};

/// Effect of one drug alone, E(d) = top / (1 + (midpoint/d)^slope), E(0) = 0.
struct HillCurve {
  double top = 1.0, midpoint = 1.0, slope = 1.0;
  bool usable = false;
  double at(double dose) const;
  /// The dose of an effect in (0, top); infinite at or above `top`.
  double dose_of(double effect) const;
};

struct SynergySurface {
  SynergyModel model = SynergyModel::bliss;
  /// Score at every cell, fraction of control; 0 where a dose is 0; NaN where the model is undefined (Loewe
  /// beyond the maximum of the weaker drug, a curve that could not be fitted).
  std::vector<double> scores;
  std::size_t undefined = 0;  ///< cells of two doses without a score
  double mean = 0.0;          ///< over the cells of two doses that have one; NaN without any
  /// 95 %: bootstrap percentiles about their median, moved to `mean`; infinite without replicates.
  Interval ci;
  double shift = 0.0;         ///< median of the resamples minus `mean`: what resampling moves the score by
  std::size_t resamples = 0;  ///< that gave a mean
  std::string why_undefined;  ///< in words; empty where nothing is
};

struct SynergyOptions {
  int resamples = 1000;  ///< 0: no intervals
  std::uint64_t seed = 1;
  core::Threads threads;
};

struct Synergy {
  HillCurve curve1, curve2;                ///< each drug alone, top free (Loewe)
  std::array<SynergySurface, 4> surfaces;  ///< in the order of synergy_models
  bool replicated = false;                 ///< every cell has two values or more
};

/// The effect that Loewe expects of d1 and d2, both > 0: relative accuracy 1e-10; NaN beyond the maximum
/// effect of the weaker drug, where no dose of it is equivalent.
double loewe_expectation(double d1, double d2, const HillCurve& first, const HillCurve& second);

/// Scores of all four models. The bootstrap draws replicates within each cell with keyed streams
/// (core::Purpose::bootstrap), spread by sqrt(n/(n-1)) about the cell's mean so that few replicates keep
/// their variance. Throws StatisticsError for lists that do not rise from 0, fewer than 3 doses of a drug, a
/// cell without values or with one that is not finite.
Synergy analyse_synergy(const Checkerboard& board, const SynergyOptions& options);

}  // namespace stroma::stats
