// Sandwich ELISA: the optical density follows the concentration by a 4-parameter logistic,
//   OD = top + (bottom - top) / (1 + (c/EC50)^slope)
// Analysis: the logistic is fitted to the plate's own standards and inverted for the samples; amount per 1e5
// cells = concentration x volume / producer cells counted x 1e5. Source: Findlay and Dillard, AAPS J. 9
// (2007).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assays/plate.hpp"
#include "assays/specimen.hpp"
#include "stats/dose_inference.hpp"

namespace stroma::assays {

/// Constants of the kit, the hands and the reader.
struct ElisaKit {
  std::string substance = "CXCL12";
  double molar_mass = 0.0;  ///< pg per nM um^3 (model::Substance::molar_mass), > 0
  /// ng/mL, seven standards; each is in duplicate, and so is the zero. Range of kits for CXCL12; assumption.
  std::vector<double> standards{10.0, 5.0, 2.5, 1.25, 0.625, 0.3125, 0.15625};
  double bottom = 0.06;        ///< OD at zero, 0.04..0.12; assumption
  double top = 3.2;            ///< OD at saturation, 2.5..4; assumption
  double ec50 = 5.0;           ///< ng/mL, inside the standards; assumption
  double slope = 1.15;         ///< 0.9..1.5; assumption
  double pipetting_cv = 0.03;  ///< of the concentration in one well, 0.02..0.08; assumption
  double reader_sd = 0.005;    ///< OD, 0.001..0.02; assumption
  double reader_limit = 3.5;   ///< OD
  double counting_cv =
      0.05;  ///< of the producers' cell count (haemocytometer or counter), 0.03..0.15; assumption
};

/// One supernatant, in duplicate.
struct ElisaSample {
  const Specimen* supernatant = nullptr;
  std::string arm;
  int replicate = 1;
  double dilution = 1.0;  ///< factor >= 1
};

/// The count of the cells that made a supernatant, and its volume.
struct CellCount {
  std::string arm;
  int replicate = 1;
  double cells = 0.0;  ///< live cells counted
  double millilitres = 0.0;
};

/// Raw output: the plate and the counting sheet.
struct ElisaRun {
  Plate plate;
  std::vector<CellCount> counts;
};

/// Runs one plate: standards in columns 1 and 2 (highest in A, zero in H), samples in duplicate in adjacent
/// columns from column 3 on, down the rows; 40 samples at most ("plate-full"). Throws InputError for a kit
/// without molar mass, a dilution below 1 or a sample given twice.
ElisaRun run_elisa(std::span<const ElisaSample> samples, const ElisaKit& kit, std::string name,
                   std::uint64_t seed);

/// The wells of a sample at one dilution.
struct ElisaDilution {
  double factor = 1.0;
  std::size_t wells = 0;
  std::optional<double> concentration;  ///< ng/mL in the undiluted sample; none beyond the curve's plateaus
  stats::DoseRange range = stats::DoseRange::inside;
  std::optional<double> cv;  ///< coefficient of variation of its wells' concentrations; none for one well
};

struct ElisaReadout {
  std::string arm;
  int replicate = 1;
  std::size_t wells = 0;
  stats::DoseRange range =
      stats::DoseRange::inside;  ///< of the diluted sample against the non-zero standards
  /// ng/mL in the undiluted supernatant, mean over its wells; outside the standards only where the curve can
  /// be inverted (flagged by `range`).
  std::optional<double> concentration;
  std::optional<double> per_1e5_cells;  ///< ng per 1e5 producer cells; none without a count or without cells
  /// 95 % interval of `concentration` on the log scale, errors of the curve, of its wells and, where there
  /// are several, of its dilutions. These scatter as the standards do unless they show that they do not (F
  /// test at 5 %): then their own scatter counts, with its few degrees of freedom. None where `concentration`
  /// is none or open.
  std::optional<stats::Interval> ci = std::nullopt;
  std::optional<double> in_well = std::nullopt;  ///< ng/mL as it was in the well, mean over dilutions
  std::vector<ElisaDilution> dilutions = {};     ///< by rising factor
  std::optional<double> cv = std::nullopt;       ///< the largest of its dilutions
  bool hook = false;                             ///< a less diluted well reads less than a more diluted one
};

struct ElisaAnalysis {
  stats::DoseResponseFit curve;        ///< standards: ng/mL to OD, weights 1/OD^2
  std::vector<ElisaReadout> readouts;  ///< in the order of the plate, row by row
  /// below-range, above-range, dilution-left-out, replicate-cv, well-off-curve, dilution-linearity,
  /// hook-effect, saturated-well, off-curve-standard, no-cell-count, no-cells
  core::Diagnostics warnings;
};

/// Analyses a plate, simulated or a user's own; `counts` may be empty. Throws InputError where standards are
/// too few (5 different concentrations), the curve does not fit, readings are missing or a count is repeated
/// or negative.
ElisaAnalysis analyse_elisa(const Plate& plate, std::span<const CellCount> counts);

}  // namespace stroma::assays
