// Whether a difference between two readings is noise only, judged over seeds.
#pragma once

#include <cmath>
#include <cstdint>

namespace stroma::test {

/// |z| of the mean of `difference(seed)` against 0 over 200 seeds; infinite where no seed makes a difference.
template <class Difference>
double z_over_seeds(const Difference& difference) {
  double sum = 0.0, squares = 0.0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const double d = difference(seed);
    sum += d;
    squares += d * d;
  }
  return std::abs(sum) / std::sqrt(squares);
}

}  // namespace stroma::test
