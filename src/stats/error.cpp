#include "stats/error.hpp"

#include <fmt/format.h>

#include <cmath>

namespace stroma::stats {

void require_sample(std::span<const double> values, std::size_t least, std::string_view what) {
  if (values.size() < least) {
    throw StatisticsError(fmt::format("{}: {} value{} given, at least {} needed", what, values.size(),
                                      values.size() == 1 ? "" : "s", least));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      throw StatisticsError(fmt::format("{}: value {} of {} is {}, a finite number is needed", what, i + 1,
                                        values.size(), values[i]));
    }
  }
}

void require_level(double level) {
  if (!(level > 0.0 && level < 1.0)) {
    throw StatisticsError(
        fmt::format("confidence level: {} given, a number between 0 and 1 (such as 0.95) is needed", level));
  }
}

}  // namespace stroma::stats
