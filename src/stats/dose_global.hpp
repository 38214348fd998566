// Several dose-response curves fitted at once with parameters in common, as a comparison of two drugs or of
// two cell lines asks for: all share slope and asymptotes and differ in location only (parallel curves), or
// share some of them. The ratio of two IC50s of such a fit is the relative potency; whether the curves may
// share is the F test of the extra sum of squares against separate fits (Finney 1978; Gottschalk and Dunn, J.
// Biopharm. Stat. 15, 2005).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "stats/anova.hpp"
#include "stats/dose_inference.hpp"
#include "stats/dose_response.hpp"

namespace stroma::stats {

/// The observations of one curve.
struct DoseSeries {
  std::vector<double> doses, responses;
};

/// Which parameters all curves have in common; the location never is.
struct SharedParameters {
  bool slope = true, lower = true, upper = true;
  bool asymmetry = true;  ///< of the 5-parameter model
};

struct GlobalDoseResponse {
  NonlinearFit
      fit;  ///< parameters in order slope, lower, upper, ln location, ln asymmetry, each once or per curve
  std::string
      message;  ///< a sentence where there is no fit (then `fit.estimates` is empty) or it did not converge
  LogisticModel model = LogisticModel::four_parameter;
  std::vector<LogisticCurve> curves;
  std::vector<Ic50> relative_ic50;
  std::optional<FTest>
      parallelism;  ///< H0: the shared parameters are the same in all curves; none if nothing is shared
  std::vector<std::vector<std::size_t>>
      parameter;  ///< [curve][slope, lower, upper, location, asymmetry] -> in `fit`
};

/// Fits two or more series of the 4- or 5-parameter model (options.model; the 3-parameter model has its lower
/// asymptote fixed). Errors as fit_dose_response; weights and robust are not for several curves:
/// StatisticsError.
GlobalDoseResponse fit_dose_responses(std::span<const DoseSeries> series, const SharedParameters& shared,
                                      const DoseResponseOptions& options = {});

/// IC50 of one curve over that of another, from the joint covariance: how many times more drug the first
/// needs.
std::variant<Ic50Ratio, RatioUndefined> relative_potency(const GlobalDoseResponse& fit, std::size_t first,
                                                         std::size_t second, double level = 0.95);

}  // namespace stroma::stats
