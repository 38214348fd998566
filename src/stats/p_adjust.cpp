#include "stats/p_adjust.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "stats/error.hpp"

namespace stroma::stats {
namespace {

/// What the p value of a rank (1 = smallest of m) is multiplied with; `harmonic` = 1 + 1/2 + ... + 1/m.
double factor(Adjustment method, std::size_t rank, std::size_t m, double harmonic) {
  const auto n = static_cast<double>(m);
  const auto i = static_cast<double>(rank);
  switch (method) {
    case Adjustment::none:
    case Adjustment::hommel:
      return 1.0;
    case Adjustment::bonferroni:
      return n;
    case Adjustment::holm:
    case Adjustment::hochberg:
      return n - i + 1.0;
    case Adjustment::benjamini_hochberg:
      return n / i;
    case Adjustment::benjamini_yekutieli:
      return harmonic * n / i;
  }
  return 1.0;
}

/// Hommel's adjusted p values of sorted ones: the largest over m of Simes' test of every m of them (Wright,
/// Biometrics 48, 1992, appendix).
std::vector<double> hommel(const std::vector<double>& p) {
  const std::size_t n = p.size();
  const auto at = [](std::size_t i) { return static_cast<double>(i); };
  double simes = 1.0;
  for (std::size_t i = 0; i < n; ++i) simes = std::min(simes, at(n) * p[i] / at(i + 1));
  std::vector<double> adjusted(n, simes);
  for (std::size_t m = n - 1; m >= 2 && n > 2; --m) {
    const std::size_t low = n - m + 1;  // of the m largest, all but the smallest begin here
    double tail = 1.0;
    for (std::size_t i = low; i < n; ++i) tail = std::min(tail, at(m) * p[i] / at(i - low + 2));
    for (std::size_t i = 0; i < low; ++i) adjusted[i] = std::max(adjusted[i], std::min(at(m) * p[i], tail));
    const double rest = std::min(at(m) * p[low - 1], tail);
    for (std::size_t i = low; i < n; ++i) adjusted[i] = std::max(adjusted[i], rest);
  }
  for (std::size_t i = 0; i < n; ++i) adjusted[i] = std::max(adjusted[i], p[i]);
  return adjusted;
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
  if (method == Adjustment::hommel) {
    std::vector<double> sorted;
    for (const std::size_t i : order) sorted.push_back(p[i]);
    const std::vector<double> found = hommel(sorted);
    for (std::size_t rank = 0; rank < m; ++rank) adjusted[order[rank]] = found[rank];
    return adjusted;
  }
  double harmonic = 0.0;
  for (std::size_t k = m; k >= 1; --k) harmonic += 1.0 / static_cast<double>(k);
  const auto raw = [&](std::size_t rank) { return factor(method, rank, m, harmonic) * p[order[rank - 1]]; };
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
