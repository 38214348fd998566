#include "stats/p_adjust.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "stats/error.hpp"

namespace stroma::stats {
namespace {

/// What the p value of a rank (1 = smallest of m) is multiplied with.
double factor(Adjustment method, std::size_t rank, std::size_t m) {
  const auto n = static_cast<double>(m);
  const auto i = static_cast<double>(rank);
  switch (method) {
    case Adjustment::none:
      return 1.0;
    case Adjustment::bonferroni:
      return n;
    case Adjustment::holm:
    case Adjustment::hochberg:
      return n - i + 1.0;
    case Adjustment::benjamini_hochberg:
      return n / i;
    case Adjustment::benjamini_yekutieli: {
      double harmonic = 0.0;
      for (std::size_t k = m; k >= 1; --k) harmonic += 1.0 / static_cast<double>(k);
      return harmonic * n / i;
    }
  }
  return 1.0;
}

}  // namespace

std::vector<double> adjust_p(std::span<const double> p, Adjustment method) {
  if (p.empty()) throw StatisticsError("adjustment of p values: none given, at least 1 needed");
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (std::isnan(p[i])) continue;
    if (p[i] < 0.0 || p[i] > 1.0) {
      throw StatisticsError(
          fmt::format("adjustment of p values: p = {} given, a number in [0, 1] is needed", p[i]));
    }
    order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.begin(), p.end());
  const std::size_t m = order.size();
  const auto raw = [&](std::size_t rank) { return factor(method, rank, m) * p[order[rank - 1]]; };
  const bool step_down = method == Adjustment::holm;
  const bool step_up = method == Adjustment::hochberg || method == Adjustment::benjamini_hochberg ||
                       method == Adjustment::benjamini_yekutieli;
  if (step_up) {
    double running = 1.0;
    for (std::size_t rank = m; rank >= 1; --rank)
      adjusted[order[rank - 1]] = running = std::min(running, raw(rank));
  } else {
    double running = 0.0;
    for (std::size_t rank = 1; rank <= m; ++rank) {
      running = step_down ? std::max(running, raw(rank)) : raw(rank);
      adjusted[order[rank - 1]] = std::min(1.0, running);
    }
  }
  return adjusted;
}

}  // namespace stroma::stats
