#include "jobs/duration.hpp"

#include <fmt/format.h>

#include <cmath>

namespace stroma::jobs {

std::string duration_text(double seconds) {
  const auto whole = std::lround(seconds);
  if (seconds < 10.0) return fmt::format("{:.1f} s", seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace stroma::jobs
