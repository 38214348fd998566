#include "stats/straight_line.hpp"

#include <algorithm>
#include <cmath>

#include "stats/descriptive.hpp"
#include "stats/error.hpp"

namespace stroma::stats {

StraightLine fit_straight_line(std::span<const double> x, std::span<const double> y) {
  require_sample(x, 3, "x of a line");
  require_sample(y, 3, "y of a line");
  if (x.size() != y.size()) throw StatisticsError("a line needs as many x as y");
  const double mx = mean(x), my = mean(y), n = static_cast<double>(x.size());
  double sxx = 0.0, sxy = 0.0, syy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sxx += (x[i] - mx) * (x[i] - mx);
    sxy += (x[i] - mx) * (y[i] - my);
    syy += (y[i] - my) * (y[i] - my);
  }
  if (!(sxx > 0.0)) throw StatisticsError("the points of a line must differ in x");
  StraightLine line;
  line.n = x.size();
  line.slope = sxy / sxx;
  line.intercept = my - line.slope * mx;
  double rss = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) rss += std::pow(y[i] - my - line.slope * (x[i] - mx), 2);
  line.slope_se = std::sqrt(rss / (n - 2.0) / sxx);
  line.r_squared = syy > 0.0 ? 1.0 - rss / syy : 1.0;
  line.r_squared_adjusted = syy > 0.0 ? 1.0 - (rss / (n - 2.0)) / (syy / (n - 1.0)) : 1.0;
  return line;
}

}  // namespace stroma::stats
