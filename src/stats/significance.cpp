#include "stats/significance.hpp"

#include <fmt/format.h>

#include "stats/error.hpp"

namespace stroma::stats {

std::string_view stars(double p) {
  if (!significant(p)) return "N.S.";
  if (p < 0.0001) return "****";
  if (p < 0.001) return "***";
  if (p < 0.01) return "**";
  return "*";
}

std::string_view stars_of_zhao(double p) {
  if (!significant(p)) return "N.S.";
  if (p < 0.00001) return "****";
  if (p < 0.0001) return "***";
  if (p < 0.001) return "**";
  if (p < 0.01) return "*";
  return "p<0.05";
}

bool significant(double p) {
  if (!(p >= 0.0 && p <= 1.0))
    throw StatisticsError(fmt::format("p value: {} given, a number in [0, 1] is needed", p));
  return p < 0.05;
}

}  // namespace stroma::stats
