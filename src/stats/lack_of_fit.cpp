#include "stats/lack_of_fit.hpp"

#include <algorithm>
#include <map>

#include "stats/distributions.hpp"

namespace stroma::stats {

std::optional<FTest> lack_of_fit(std::span<const double> x, std::span<const double> y,
                                 std::span<const double> weights, double residual_sum,
                                 std::size_t parameters) {
  struct Group {
    double weight = 0.0, sum = 0.0;
  };
  std::map<double, Group> groups;
  const auto weight = [&](std::size_t i) { return weights.empty() ? 1.0 : weights[i]; };
  for (std::size_t i = 0; i < x.size(); ++i) {
    Group& group = groups[x[i]];
    group.weight += weight(i);
    group.sum += weight(i) * y[i];
  }
  if (groups.size() <= parameters || x.size() <= groups.size()) return std::nullopt;
  double pure = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Group& group = groups[x[i]];
    const double off = y[i] - group.sum / group.weight;
    pure += weight(i) * off * off;
  }
  if (!(pure > 0.0)) return std::nullopt;
  FTest test;
  test.df1 = static_cast<double>(groups.size() - parameters);
  test.df2 = static_cast<double>(x.size() - groups.size());
  // Rounding may put a perfect curve a little below the means.
  test.f = std::max(0.0, (residual_sum - pure) / test.df1 / (pure / test.df2));
  test.p = f_upper(test.f, test.df1, test.df2);
  return test;
}

}  // namespace stroma::stats
