#include "stats/spearman.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "stats/correlation.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"
#include "stats/ranks.hpp"

namespace stroma::stats {
namespace {

constexpr std::size_t kExactUpTo = 9;
constexpr std::size_t kSeriesUpTo = 1290;
constexpr std::size_t kPermutable = 11;  // with ties: a quarter of a second
constexpr std::size_t kCountable = 12;   // where the series fails: 30 million additions

/// P(S >= s) over all n! pairings of ranks, which are built up rank by rank: a set of used partners is a
/// mask.
double exact_upper(std::size_t n, long s) {
  const std::size_t sets = std::size_t{1} << n;
  const std::size_t most = (n * n * n - n) / 3;
  std::vector<std::vector<double>> ways(sets, std::vector<double>(most + 1, 0.0));
  ways[0][0] = 1.0;
  for (std::size_t used = 0; used + 1 < sets; ++used) {
    const auto rank = static_cast<std::size_t>(std::popcount(used));
    for (std::size_t partner = 0; partner < n; ++partner) {
      if ((used >> partner & 1u) != 0) continue;
      const std::size_t d = rank > partner ? rank - partner : partner - rank;
      auto& next = ways[used | std::size_t{1} << partner];
      for (std::size_t sum = 0; sum + d * d <= most; ++sum) next[sum + d * d] += ways[used][sum];
    }
  }
  double all = 0.0, above = 0.0;
  for (std::size_t sum = 0; sum <= most; ++sum) {
    all += ways[sets - 1][sum];
    if (static_cast<long>(sum) >= s) above += ways[sets - 1][sum];
  }
  return above / all;
}

/// The series of AS 89 for P(S >= s), or for P(S < s): terms up to 1/n^3 in the published coefficients.
double edgeworth(std::size_t count, double s, bool upper) {
  const auto n = static_cast<double>(count);
  const double b = 1.0 / n;
  const double x = (6.0 * (s - 1.0) * b / (n * n - 1.0) - 1.0) * std::sqrt(n - 1.0);
  const double y = x * x;
  const double u =
      x * b *
      (0.2274 + b * (0.2531 + 0.1745 * b) +
       y * (-0.0758 + b * (0.1033 + 0.3932 * b) -
            y * b * (0.0879 + 0.0151 * b - y * (0.0072 - 0.0831 * b + y * b * (0.0131 - 4.6e-4 * y)))));
  const double correction = u / std::exp(0.5 * y);
  return std::clamp(upper ? normal_cdf(-x) + correction : normal_cdf(x) - correction, 0.0, 1.0);
}

/// The smaller of the two tails of S, doubled. S is even, so P(S <= s) = 1 - P(S >= s + 2).
double two_sided_series(std::size_t n, double s) {
  const auto m = static_cast<double>(n);
  const bool upper = s > (m * m * m - m) / 6.0;
  return std::min(1.0, 2.0 * (upper ? edgeworth(n, s, true) : edgeworth(n, s + 2.0, false)));
}

double two_sided_exact(std::size_t n, double s) {
  const auto m = static_cast<double>(n);
  const double mirrored = (m * m * m - m) / 3.0 - s;  // the law is symmetric: always the upper tail
  return std::min(1.0, 2.0 * exact_upper(n, std::lround(std::max(s, mirrored))));
}

/// P(|T - E| >= |t - E|) for T = sum of the products of ranks, over all n! pairings of the ranks that were
/// seen, ties included. Twice an average rank is whole, so the sums are counted exactly; partners are taken
/// rank by rank, a set of used ones is a mask.
double permutation_p(const std::vector<double>& rx, const std::vector<double>& ry) {
  const std::size_t n = rx.size(), sets = std::size_t{1} << n;
  std::vector<std::size_t> a, b;
  for (std::size_t i = 0; i < n; ++i) {
    a.push_back(static_cast<std::size_t>(std::lround(2.0 * rx[i])));
    b.push_back(static_cast<std::size_t>(std::lround(2.0 * ry[i])));
  }
  std::size_t seen = 0, most = 0;
  for (std::size_t i = 0; i < n; ++i) seen += a[i] * b[i];
  for (std::size_t i = 1; i <= n; ++i) most += 4 * i * i;
  std::vector<std::vector<double>> ways(sets);
  ways[0].assign(most + 1, 0.0);
  ways[0][0] = 1.0;
  for (std::size_t used = 0; used + 1 < sets; ++used) {
    const auto rank = static_cast<std::size_t>(std::popcount(used));
    for (std::size_t partner = 0; partner < n; ++partner) {
      if ((used >> partner & 1u) != 0) continue;
      const std::size_t product = a[rank] * b[partner];
      auto& next = ways[used | std::size_t{1} << partner];
      if (next.empty()) next.assign(most + 1, 0.0);
      for (std::size_t sum = 0; sum + product <= most; ++sum) next[sum + product] += ways[used][sum];
    }
    ways[used] = {};
  }
  const std::size_t expected = n * (n + 1) * (n + 1);
  const auto distance = [&](std::size_t sum) { return sum > expected ? sum - expected : expected - sum; };
  double all = 0.0, far = 0.0;
  for (std::size_t sum = 0; sum <= most; ++sum) {
    all += ways[sets - 1][sum];
    if (distance(sum) >= distance(seen)) far += ways[sets - 1][sum];
  }
  return far / all;
}

/// Fills in p and how it was found, for data without ties.
void set_p(Spearman& c, double p_of_t) {
  const double s = std::round(c.s);
  if (c.n > kExactUpTo && c.n <= kSeriesUpTo) {
    c.method = SpearmanMethod::edgeworth;
    c.p = two_sided_series(c.n, s);
    if (c.p > 0.0) return;  // in its far tails the series turns negative, which is no probability
  }
  const auto n = static_cast<double>(c.n);
  if (s == 0.0 || s >= (n * n * n - n) / 3.0) {  // one of the n! orders at either end
    c.method = SpearmanMethod::exact;
    c.p = 2.0 * std::exp(-std::lgamma(n + 1.0));
    return;
  }
  c.method = c.n <= kCountable ? SpearmanMethod::exact : SpearmanMethod::student_t;
  c.p = c.n <= kCountable ? two_sided_exact(c.n, s) : p_of_t;
}

}  // namespace

Spearman spearman(std::span<const double> x, std::span<const double> y, double level) {
  const Ranks rx = average_ranks(x);
  const Ranks ry = average_ranks(y);
  const Correlation r = pearson(rx.rank, ry.rank, level);  // checks the rest
  Spearman c;
  c.n = r.n;
  c.rho = r.r;
  const auto n = static_cast<double>(c.n);
  c.s = (n * n * n - n) * (1.0 - c.rho) / 6.0;
  c.p = r.p;  // Student's t
  c.p_student = r.p;
  if (rx.tie_sum == 0.0 && ry.tie_sum == 0.0) {
    set_p(c, r.p);
  } else if (c.n <= kPermutable) {
    c.method = SpearmanMethod::permutation;
    c.p = permutation_p(rx.rank, ry.rank);
  }
  c.ci = {-1.0, 1.0};
  if (c.n > 3) {
    const double half =
        normal_quantile(0.5 * (1.0 + level)) * std::sqrt((1.0 + 0.5 * c.rho * c.rho) / (n - 3.0));
    c.ci = {std::tanh(std::atanh(c.rho) - half), std::tanh(std::atanh(c.rho) + half)};
  }
  return c;
}

}  // namespace stroma::stats
