// Between the files of dose_response.hpp; nobody else includes this.
#pragma once

#include <span>

#include "stats/dose_response.hpp"

namespace stroma::stats {

/// Relative and absolute IC50 with their intervals from the curve and the covariance that the fit now has.
void place_ic50s(DoseResponseFit& fit, const DoseResponseOptions& options);

/// The fit with outlying observations down-weighted, see DoseResponseOptions::robust. Arguments as
/// fit_dose_response has checked them.
DoseResponseFit fit_robustly(std::span<const double> doses, std::span<const double> responses,
                             const DoseResponseOptions& options);

}  // namespace stroma::stats
