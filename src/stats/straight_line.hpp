// A straight line through points by least squares, y = intercept + slope x, with the standard error of its
// slope. Draper and Smith, Applied Regression Analysis, 1998.
#pragma once

#include <cstddef>
#include <span>

namespace stroma::stats {

struct StraightLine {
  double slope = 0.0, intercept = 0.0;
  double slope_se = 0.0;            ///< 0 for points on the line
  double r_squared = 0.0;           ///< 1 for points that do not differ in y
  double r_squared_adjusted = 0.0;  ///< for the one parameter beside the mean
  std::size_t n = 0;
};

/// The line through n >= 3 points that differ in x; as many x as y, all finite. Throws StatisticsError
/// otherwise.
StraightLine fit_straight_line(std::span<const double> x, std::span<const double> y);

}  // namespace stroma::stats
