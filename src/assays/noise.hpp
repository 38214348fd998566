// The noise of hands and detectors, each a pure function of a stream of the caller.
//   factor = exp(s z - s^2/2),  s^2 = ln(1 + CV^2):  lognormal with mean 1 and coefficient of variation CV
#pragma once

#include <cstdint>

#include "core/random.hpp"

namespace stroma::assays {

/// A lognormal factor with mean 1 and coefficient of variation `cv` >= 0; exactly 1 for cv = 0 (a draw is
/// used all the same, so that the other draws of the stream do not move). Throws InternalError for a cv that
/// is negative or not finite.
double dispense(core::Stream& stream, double cv);

/// Real cells in a pipetted volume that should hold `nominal`: Poisson about nominal times dispense(cv). For
/// the number of cells to put into a simulated vessel. `well` tells the vessels of one seed apart.
std::int64_t pipette_cells(double nominal, double cv, std::uint64_t seed, std::uint64_t well);

}  // namespace stroma::assays
