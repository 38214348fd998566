#include "imaging/quantiles.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/errors.hpp"

namespace stroma::imaging {

double quantile_of(std::vector<float> values, double p) {
  core::require(!values.empty() && p >= 0.0 && p <= 1.0, "a quantile of nothing or outside [0, 1]");
  const auto at = static_cast<std::ptrdiff_t>(std::floor(static_cast<double>(values.size() - 1) * p));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

double robust_sd(const std::vector<float>& values) {
  const auto middle = static_cast<float>(quantile_of(values, 0.5));
  std::vector<float> distances(values.size());
  std::transform(values.begin(), values.end(), distances.begin(),
                 [&](float v) { return std::fabs(v - middle); });
  return 1.4826 * quantile_of(std::move(distances), 0.5);
}

}  // namespace stroma::imaging
