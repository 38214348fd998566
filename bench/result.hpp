// What one benchmark case measured, as `stroma bench` prints it.
#pragma once

#include <cstddef>
#include <string>

namespace stroma::bench {

struct Result {
  double value = 0.0;
  std::string unit;
  std::size_t n = 0;       ///< cells or voxels
  double error = 0.0;      ///< against an exact or converged answer, as the case says
  double floor = 0.0;      ///< that bytes or operations set on this machine, measured beside it
  std::string floor_unit;  ///< of `floor`
};

}  // namespace stroma::bench
