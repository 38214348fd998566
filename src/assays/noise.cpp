#include "assays/noise.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/maths.hpp"

namespace stroma::assays {

double dispense(core::Stream& stream, double cv) {
  core::require(std::isfinite(cv) && cv >= 0.0, "a coefficient of variation is finite and not negative");
  const double z = stream.normal();
  const double s2 = core::maths::log1p(cv * cv);
  return core::maths::exp(std::sqrt(s2) * z - 0.5 * s2);
}

std::int64_t pipette_cells(double nominal, double cv, std::uint64_t seed, std::uint64_t well) {
  core::require(nominal >= 0.0, "a negative number of cells");
  core::Stream stream(seed, core::Purpose::pipetting, well);
  const double expected = nominal * dispense(stream, cv);
  return stream.poisson(expected);
}

}  // namespace stroma::assays
