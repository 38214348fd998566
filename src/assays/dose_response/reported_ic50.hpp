// What is said of the IC50 of a response: one policy for simulated plates and measured tables. A number is
// compared, averaged and tested only where the doses hold it; beyond them it is an extrapolation, which is
// shown and never compared; and a curve that misses its own points gives none.
#pragma once

#include <string>
#include <vector>

#include "assays/cck8/cck8.hpp"

namespace stroma::assays {

/// Where the dose of 50 % of control lies.
enum class Ic50Place {
  none,     ///< no curve, no effect, or the curve never comes down to it
  inside,   ///< within the doses, on the fitted curve
  between,  ///< between two neighbouring doses that leave the curve open between them
  below,    ///< below the lowest dose
  above,    ///< above the highest dose
  misfit,   ///< the curve crosses elsewhere than the means of the wells do, and misses them beyond chance
};

struct ReportedIc50 {
  Ic50Place place = Ic50Place::none;
  double value = 0.0;  ///< nM, or ng/mL as `DoseResponse::dose_unit` says; NaN where there is none
  stats::Interval ci;  ///< `between`: the two doses
  /// Whether the number may be averaged and tested against others.
  bool compared() const { return place == Ic50Place::inside || place == Ic50Place::between; }
};

ReportedIc50 reported_ic50(const DoseResponse& response);

/// Where the means of the wells cross 50 % of control, by straight lines over the logarithm of dose; the
/// control counts as dose 0 (low = 0, at = NaN).
struct HalfCrossing {
  double low = 0.0, high = 0.0;  ///< neighbouring doses
  double at = 0.0;
};
std::vector<HalfCrossing> half_crossings(const DoseResponse& response);

/// A sentence for a fit that gave no IC50 or one to be careful with: what is wrong, in µM and per cent, and
/// which doses would help. Empty where the fit is fine.
std::string explain_fit(const DoseResponse& response);

/// Whether the curve misses the means of repeated wells: lack of fit at p < 0.01 and by more than 5 points of
/// per cent (assumption: less is within what hands do, however well the repeats agree).
bool misses_its_points(const DoseResponse& response);

}  // namespace stroma::assays
