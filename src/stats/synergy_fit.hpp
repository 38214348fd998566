// Hill curves of effects, E(d) = base + (top - base) / (1 + (midpoint/d)^slope), by least squares with few
// parameters: the inner fits of synergy.cpp, of which a bootstrap needs tens of thousands.
#pragma once

#include <span>

#include "stats/hill_grid.hpp"
#include "stats/synergy.hpp"

namespace stroma::stats {

/// `effects` are per dose, those of the dose 0 included. Base 0 and a free top in (0, 1.5]: a drug alone.
/// Without `start` from every minimum of a grid over midpoint and slope, because the sum of squares has
/// several; with one (a curve near the answer, for resamples) from there, and from the best of the grid where
/// that lies lower. Not usable where the doses have no effect (the largest mean is below 1e-6) or no minimum
/// is found.
HillCurve fit_hill(const HillGrid& doses, std::span<const double> effects, const HillCurve* start);

/// From `base` at dose 0 to 1, midpoint and slope free; the result's `top` is 1 and its base is not in it.
/// The curve at dose 0 is given by `base` and not fitted. `start` as in fit_hill.
HillCurve fit_hill_from(const HillGrid& doses, std::span<const double> effects, double base,
                        const HillCurve* start);

}  // namespace stroma::stats
