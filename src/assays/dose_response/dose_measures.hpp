// What is said of a dose-response curve beside its IC50: the area under it, how many parameters it needs, the
// inhibition of growth rate where the signal at the beginning is known, and how many times more potent a drug
// is in one arm than in another. Sources: stats/dose_area.hpp, dose_models.hpp, growth_inhibition.hpp,
// dose_global.hpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assays/cck8/cck8.hpp"
#include "stats/dose_global.hpp"
#include "stats/dose_models.hpp"
#include "stats/growth_inhibition.hpp"

namespace stroma::assays {

struct DoseMeasures {
  std::optional<double> area;               ///< share of control over the log of the doses; none for one dose
  std::optional<stats::DoseModels> models;  ///< none where they were not asked for or no curve can be fitted
  std::optional<stats::GrowthInhibitionFit> growth;  ///< where the signal at the beginning is given
  std::size_t dead_wells = 0;                        ///< wells without signal, whose GR is -1
  std::string no_growth;  ///< why there is no GR where there should be one; empty otherwise
};

/// Area and models of a response in per cent of control; with `at_start` (signal when the drug was added, in
/// the unit of `DosePoint::net`) GR as well. `compare_models`: not for robust fits.
DoseMeasures measure_dose_response(const DoseResponse& response, std::optional<double> at_start,
                                   bool compare_models);

/// IC50 of one arm over that of the reference, from curves that share parameters.
struct RelativePotency {
  std::string arm;
  std::optional<stats::Ic50Ratio> ratio;
  std::string reason;  ///< why there is none
};

struct PotencyComparison {
  std::string reference;
  std::vector<RelativePotency> arms;        ///< the others
  std::optional<stats::FTest> parallelism;  ///< H0: the arms may share these parameters
  std::string message;                      ///< why there is no fit; empty otherwise
};

/// Curves of all arms at once, the replicates of an arm together, in per cent of control. `reference`: the
/// arm of that name, or the first. `model`: 3 (ends at 0 %), 4 or 5 parameters.
PotencyComparison compare_potencies(std::span<const DoseResponse> responses, const std::string& reference,
                                    const stats::SharedParameters& shared, stats::LogisticModel model);

}  // namespace stroma::assays
