// A line by hand: Anscombe's first data set (Am. Stat. 27, 1973), whose regression he prints.
#include "stats/straight_line.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "stats/error.hpp"

namespace stroma::stats {
namespace straight_line_test {

TEST(StraightLine, is_anscombes) {
  const std::vector<double> x{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5},
      y{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
  const StraightLine line = fit_straight_line(x, y);
  // R: lm(y1 ~ x1, anscombe): 3.0000909, 0.5000909, standard error 0.1179055, R squared 0.6665425 and
  // 0.6294916.
  EXPECT_NEAR(line.intercept, 3.0000909, 1e-7);
  EXPECT_NEAR(line.slope, 0.5000909, 1e-7);
  EXPECT_NEAR(line.slope_se, 0.1179055, 1e-7);
  EXPECT_NEAR(line.r_squared, 0.6665425, 1e-7);
  EXPECT_NEAR(line.r_squared_adjusted, 0.6294916, 1e-7);
  EXPECT_THROW(fit_straight_line(std::vector<double>{1, 1, 1}, std::vector<double>{1, 2, 3}),
               StatisticsError);
  EXPECT_THROW(fit_straight_line(std::vector<double>{1, 2}, std::vector<double>{1, 2}), StatisticsError);
}

}  // namespace straight_line_test
}  // namespace stroma::stats
