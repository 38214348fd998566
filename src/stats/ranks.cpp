#include "stats/ranks.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "stats/error.hpp"

namespace stroma::stats {

Ranks average_ranks(std::span<const double> x) {
  require_sample(x, 1, "ranks");
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  Ranks r;
  r.rank.resize(x.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && x[order[end]] == x[order[first]]) ++end;
    const double place = 0.5 * static_cast<double>(first + 1 + end);  // mean of first + 1 .. end
    for (std::size_t i = first; i < end; ++i) r.rank[order[i]] = place;
    const auto t = static_cast<double>(end - first);
    r.tie_sum += t * t * t - t;
    first = end;
  }
  return r;
}

}  // namespace stroma::stats
