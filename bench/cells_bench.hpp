// Benchmarks of cells in space: a packed aggregate of the field's benchmark (hexagonal close packing, spacing
// 0.95 diameters, 5 % jitter, 11-12 neighbours within the reach of adhesion), moved for many steps of 0.1 min
// with everything included: forces, moves, and lists made anew whenever they are due.
#pragma once

#include <cstddef>
#include <string>

namespace stroma::bench {

/// One result. `floor` is a bound from bytes moved or operations (see cells_bench.cpp).
struct Result {
  double value = 0.0;
  std::string unit;
  std::size_t n = 0;
  double error = 0.0;
  double floor = 0.0;
  std::string floor_unit;
};

/// ns per cell and step of 0.1 min: the fastest of several repeats, each continuing the same aggregate.
/// `error` is the largest difference of a velocity from the double-precision law, as a fraction of the
/// largest velocity.
Result mechanics_1e5(int threads);
Result mechanics_1e6(int threads);

/// Bytes per cell of Bodies and Neighbourhood, lists and work arrays included, in the aggregate of 1e5.
Result cell_bytes(int threads);

}  // namespace stroma::bench
