#include "stats/kruskal_wallis.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>
#include <vector>

#include "stats/distributions.hpp"
#include "stats/error.hpp"
#include "stats/ranks.hpp"

namespace stroma::stats {

namespace {

constexpr double kMostWays = 2e6;

double ways_to_deal(const Groups& groups, double n) {
  double log_ways = std::lgamma(n + 1.0);
  for (const auto& group : groups) log_ways -= std::lgamma(static_cast<double>(group.size()) + 1.0);
  return std::exp(log_ways);
}

/// Deals out the ranks one after the other and counts the ways whose sum of S_i^2 / n_i is as large as
/// `seen`.
class Deal {
 public:
  Deal(const Groups& groups, std::vector<double> centred, double seen)
      : rank_(std::move(centred)), seen_(seen * (1.0 - 1e-9)) {
    for (const auto& group : groups) {
      size_.push_back(static_cast<double>(group.size()));
      left_.push_back(group.size());
    }
    sum_.resize(groups.size(), 0.0);
    next(0);
  }
  double p() const { return far_ / all_; }

 private:
  void next(std::size_t i) {
    if (i == rank_.size()) {
      double between = 0.0;
      for (std::size_t g = 0; g < sum_.size(); ++g) between += sum_[g] * sum_[g] / size_[g];
      all_ += 1.0;
      far_ += between >= seen_ ? 1.0 : 0.0;
      return;
    }
    for (std::size_t g = 0; g < left_.size(); ++g) {
      if (left_[g] == 0) continue;
      --left_[g];
      const double before = sum_[g];
      sum_[g] += rank_[i];
      next(i + 1);
      sum_[g] = before;
      ++left_[g];
    }
  }

  std::vector<double> rank_, size_, sum_;
  std::vector<std::size_t> left_;
  double seen_, all_ = 0.0, far_ = 0.0;
};

}  // namespace

KruskalWallis kruskal_wallis(const Groups& groups) {
  if (groups.size() < 2) {
    throw StatisticsError(
        fmt::format("Kruskal-Wallis test: {} groups given, at least 2 needed", groups.size()));
  }
  std::vector<double> all;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    require_sample(groups[i], 1, fmt::format("Kruskal-Wallis test, group {}", i + 1));
    all.insert(all.end(), groups[i].begin(), groups[i].end());
  }
  const Ranks ranks = average_ranks(all);
  const auto n = static_cast<double>(all.size());
  const double cubes = n * n * n - n;
  if (ranks.tie_sum >= cubes)
    throw StatisticsError("Kruskal-Wallis test: all values are the same, values that differ are needed");
  double between = 0.0;
  std::size_t at = 0;
  for (const auto& group : groups) {
    const auto size = static_cast<double>(group.size());
    double sum = 0.0;
    for (std::size_t i = 0; i < group.size(); ++i) sum += ranks.rank[at++] - 0.5 * (n + 1.0);
    between += sum * sum / size;
  }
  KruskalWallis g;
  g.df = static_cast<double>(groups.size() - 1);
  g.statistic = 12.0 * between / (n * (n + 1.0)) / (1.0 - ranks.tie_sum / cubes);
  g.p = g.p_chi_square = chi_square_upper(g.statistic, g.df);
  g.exact = ways_to_deal(groups, n) <= kMostWays * (1.0 + 1e-9);
  if (!g.exact) return g;
  std::vector<double> centred = ranks.rank;
  for (double& r : centred) r -= 0.5 * (n + 1.0);
  g.p = Deal(groups, std::move(centred), between).p();
  return g;
}

}  // namespace stroma::stats
