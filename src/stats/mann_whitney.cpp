#include "stats/mann_whitney.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"
#include "stats/ranks.hpp"

namespace stroma::stats {
namespace {

constexpr std::size_t kExactBelow = 50;  // as in R

/// P(U = u) under H0 without ties, u = 0 .. n m: the number of ways to choose n of the ranks 1 .. n + m with
/// that sum, over all ways. Only sums of positive numbers, so every probability keeps its digits.
std::vector<double> law_of_u(std::size_t n, std::size_t m) {
  const std::size_t most = n * m;
  // ways[j][u]: choices of j of the ranks so far whose sum exceeds the smallest possible one by u.
  std::vector<std::vector<double>> ways(n + 1, std::vector<double>(most + 1, 0.0));
  ways[0][0] = 1.0;
  for (std::size_t rank = 1; rank <= n + m; ++rank) {
    for (std::size_t j = std::min(rank, n); j >= 1; --j) {
      const std::size_t excess = rank - j;  // the j-th chosen is at least j
      for (std::size_t u = excess; u <= most; ++u) ways[j][u] += ways[j - 1][u - excess];
    }
  }
  const double all = std::accumulate(ways[n].begin(), ways[n].end(), 0.0);
  for (double& w : ways[n]) w /= all;
  return ways[n];
}

double cumulative(const std::vector<double>& law, std::size_t u) {
  return std::accumulate(law.begin(), law.begin() + static_cast<std::ptrdiff_t>(u) + 1, 0.0);
}

void exact_test(MannWhitney& t, const std::vector<double>& differences, double level) {
  const std::vector<double> law = law_of_u(t.n_first, t.n_second);
  const std::size_t pairs = differences.size();
  // The law is symmetric: the smaller tail from either end.
  const auto u = static_cast<std::size_t>(t.u);
  t.p = std::min(1.0, 2.0 * cumulative(law, std::min(u, pairs - u)));
  const double tail = 0.5 * (1.0 - level) - 10.0 * std::numeric_limits<double>::epsilon();
  std::size_t quantile = 0;
  for (double p = law[0]; p < tail; p += law[quantile]) ++quantile;
  quantile = std::max<std::size_t>(quantile, 1);
  t.ci = {differences[quantile - 1], differences[pairs - quantile]};
  t.achieved_level = 1.0 - 2.0 * cumulative(law, quantile - 1);
}

/// P(|S - E| >= |s - E|) for the sum S of n of the ranks, all choices alike. Twice an average rank is a whole
/// number, so sums are counted exactly.
double permutation_p(const std::vector<double>& rank, std::size_t n) {
  std::vector<std::size_t> twice;
  for (const double r : rank) twice.push_back(static_cast<std::size_t>(std::lround(2.0 * r)));
  const std::size_t seen =
      std::accumulate(twice.begin(), twice.begin() + static_cast<std::ptrdiff_t>(n), std::size_t{0});
  std::vector<std::size_t> largest = twice;
  std::sort(largest.begin(), largest.end(), std::greater<>());
  const std::size_t most =
      std::accumulate(largest.begin(), largest.begin() + static_cast<std::ptrdiff_t>(n), std::size_t{0});
  std::vector<std::vector<double>> ways(n + 1, std::vector<double>(most + 1, 0.0));
  ways[0][0] = 1.0;
  for (std::size_t i = 0; i < twice.size(); ++i)
    for (std::size_t j = std::min(i + 1, n); j >= 1; --j)
      for (std::size_t sum = twice[i]; sum <= most; ++sum) ways[j][sum] += ways[j - 1][sum - twice[i]];
  const std::size_t expected = n * (twice.size() + 1);  // twice n (N + 1) / 2
  const auto distance = [&](std::size_t sum) { return sum > expected ? sum - expected : expected - sum; };
  double all = 0.0, far = 0.0;
  for (std::size_t sum = 0; sum <= most; ++sum) {
    all += ways[n][sum];
    if (distance(sum) >= distance(seen)) far += ways[n][sum];
  }
  return std::min(1.0, far / all);
}

void normal_test(MannWhitney& t, const std::vector<double>& differences, double sigma, double within_sigma,
                 double level) {
  const auto pairs = static_cast<double>(differences.size());
  const auto corrected = [](double d) { return d - 0.5 * static_cast<double>((d > 0.0) - (d < 0.0)); };
  t.p = std::min(1.0, normal_two_sided(corrected(t.u - 0.5 * pairs) / sigma));
  t.achieved_level = level;
  // Shifted by d between two neighbouring differences, the test no longer sees ties between the samples, and
  // its statistic falls by one at each difference: the ends are those where it crosses the normal quantiles.
  const double z = normal_quantile(0.5 * (1.0 + level));
  const auto crossing = [&](double at) {
    std::size_t k = 1;
    while (k < differences.size() && corrected(0.5 * pairs - static_cast<double>(k)) / within_sigma >= at)
      ++k;
    return differences[k - 1];
  };
  t.ci = {crossing(z), crossing(-z)};
}

}  // namespace

MannWhitney mann_whitney(std::span<const double> x, std::span<const double> y, double level) {
  require_level(level);
  require_sample(x, 1, "Mann-Whitney test, first sample");
  require_sample(y, 1, "Mann-Whitney test, second sample");
  std::vector<double> both(x.begin(), x.end());
  both.insert(both.end(), y.begin(), y.end());
  const Ranks ranks = average_ranks(both);
  const auto n = static_cast<double>(x.size());
  const auto m = static_cast<double>(y.size());
  const double total = n + m;
  // Variance of U under H0, for a given sum of t^3 - t.
  const auto deviation = [&](double tie_sum) {
    return std::sqrt(n * m / 12.0 * (total + 1.0 - tie_sum / (total * (total - 1.0))));
  };
  const double sigma = deviation(ranks.tie_sum);
  if (!(sigma > 0.0))
    throw StatisticsError("Mann-Whitney test: all values are the same, values that differ are needed");
  MannWhitney t;
  t.n_first = x.size();
  t.n_second = y.size();
  t.u = std::accumulate(ranks.rank.begin(), ranks.rank.begin() + static_cast<std::ptrdiff_t>(x.size()), 0.0) -
        0.5 * n * (n + 1.0);
  std::vector<double> differences;
  differences.reserve(x.size() * y.size());
  for (const double a : x)
    for (const double b : y) differences.push_back(a - b);
  std::sort(differences.begin(), differences.end());
  t.shift = median(differences);
  t.ties = ranks.tie_sum > 0.0;
  t.exact = x.size() < kExactBelow && y.size() < kExactBelow;
  if (t.exact && !t.ties) {
    exact_test(t, differences, level);
  } else {
    const double within = average_ranks(x).tie_sum + average_ranks(y).tie_sum;
    normal_test(t, differences, sigma, deviation(within), level);
    t.p_normal = t.p;
    if (t.exact) t.p = permutation_p(ranks.rank, x.size());
  }
  return t;
}

}  // namespace stroma::stats
