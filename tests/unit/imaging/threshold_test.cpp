// Thresholds against their definitions.
#include "imaging/threshold.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/errors.hpp"
#include "imaging/quantiles.hpp"
#include "support/pictures.hpp"

namespace stroma::imaging {
namespace threshold_test {

/// Two normal populations, rounded to whole grey values.
std::vector<float> two_populations(std::size_t low, std::size_t high) {
  test::Normal normal(7);
  std::vector<float> values;
  for (std::size_t i = 0; i < low; ++i) values.push_back(test::digitised(60.0 + 8.0 * normal(), 8));
  for (std::size_t i = 0; i < high; ++i) values.push_back(test::digitised(150.0 + 15.0 * normal(), 8));
  return values;
}

/// Variance between the classes of a cut, straight from Otsu's definition.
double between(const std::vector<float>& values, double cut) {
  double n0 = 0.0, s0 = 0.0, n1 = 0.0, s1 = 0.0;
  for (const float v : values) (v > cut ? n1 : n0) += 1.0, (v > cut ? s1 : s0) += v;
  if (n0 == 0.0 || n1 == 0.0) return 0.0;
  return n0 * n1 * (s0 / n0 - s1 / n1) * (s0 / n0 - s1 / n1);
}

/// The cross entropy that Li's threshold makes smallest, up to a constant; values above their smallest.
double cross_entropy(const std::vector<float>& values, double least, double cut) {
  double n0 = 0.0, s0 = 0.0, n1 = 0.0, s1 = 0.0;
  for (const float v : values) (v > cut ? n1 : n0) += 1.0, (v > cut ? s1 : s0) += v - least;
  return -(s0 > 0.0 ? s0 * std::log(s0 / n0) : 0.0) - (s1 > 0.0 ? s1 * std::log(s1 / n1) : 0.0);
}

TEST(Threshold, otsu_has_the_largest_variance_between_classes_of_all_cuts) {
  const std::vector<float> values = two_populations(4000, 900);
  const double found = threshold_of({ThresholdMethod::otsu, 0.0}, values);
  for (double cut = 0.5; cut < 255.0; cut += 1.0)
    EXPECT_LE(between(values, cut), between(values, found) * (1.0 + 1e-12));
}

TEST(Threshold, li_is_the_fixed_point_of_its_equation_and_least_in_cross_entropy) {
  const std::vector<float> values = two_populations(4000, 900);
  const double least = quantile_of(values, 0.0), found = threshold_of({ThresholdMethod::li, 0.0}, values);
  double n0 = 0.0, s0 = 0.0, n1 = 0.0, s1 = 0.0;
  for (const float v : values) (v > found ? n1 : n0) += 1.0, (v > found ? s1 : s0) += v - least;
  // Li & Tam 1998, equation 5: t = (m0 - m1) / (ln m0 - ln m1); the iteration stops within half a grey value.
  EXPECT_NEAR(found - least, (s0 / n0 - s1 / n1) / (std::log(s0 / n0) - std::log(s1 / n1)), 0.5);
  // Between the populations a few values change sides with little effect; no cut elsewhere is better by more
  // than those few can make, their number times the logarithm of the ratio of the means.
  double few = 0.0;
  for (const float v : values) few += v > 80.0F && v < 105.0F ? v - least : 0.0;
  const double slack = few * std::log((s1 / n1) / (s0 / n0));
  for (double cut = 0.5; cut < 255.0; cut += 1.0)
    EXPECT_GE(cross_entropy(values, least, cut), cross_entropy(values, least, found) - slack) << cut;
  EXPECT_GT(cross_entropy(values, least, 60.5), cross_entropy(values, least, found) + slack);
  EXPECT_GT(cross_entropy(values, least, 150.5), cross_entropy(values, least, found) + slack);
}

TEST(Threshold, triangle_is_the_far_corner_of_a_drawn_histogram) {
  // 1000 values at 10, then 10 at each of 11 .. 110: the corner is the first value after the peak.
  std::vector<float> values(1000, 10.0F);
  for (int v = 11; v <= 110; ++v) values.insert(values.end(), 10, static_cast<float>(v));
  EXPECT_DOUBLE_EQ(threshold_of({ThresholdMethod::triangle, 0.0}, values), 11.5);
  // Mirrored, the tail lies on the other side.
  for (float& v : values) v = 200.0F - v;
  EXPECT_DOUBLE_EQ(threshold_of({ThresholdMethod::triangle, 0.0}, values), 189.5);
}

TEST(Threshold, a_hot_or_a_dead_pixel_hardly_moves_any) {
  // Of 50 000 values two at either end are out of account; one more moves an end to the next value, some grey
  // values further in, and the triangle's corner by a like share. With the pixel's own value as the end a bin
  // would be 78 grey values.
  std::vector<float> values = two_populations(40'000, 10'000);
  for (const auto method : {ThresholdMethod::otsu, ThresholdMethod::li, ThresholdMethod::triangle}) {
    const double before = threshold_of({method, 0.0}, values);
    std::vector<float> hot = values, dead = values;
    hot[7] = 20'000.0F;
    dead[7] = -20'000.0F;
    EXPECT_NEAR(threshold_of({method, 0.0}, hot), before, 3.0);
    EXPECT_NEAR(threshold_of({method, 0.0}, dead), before, 3.0);
  }
}

TEST(Threshold, mean_and_standard_deviations_and_fixed_values) {
  const std::vector<float> values{1.0F, 3.0F};
  EXPECT_DOUBLE_EQ(threshold_of({ThresholdMethod::mean_sd, 2.0}, values), 4.0);
  EXPECT_DOUBLE_EQ(threshold_of({ThresholdMethod::fixed, 0.15}, values), 0.15);
}

TEST(Threshold, nothing_is_above_the_threshold_of_values_without_spread) {
  const std::vector<float> values(10, 7.0F);
  for (const auto method : {ThresholdMethod::otsu, ThresholdMethod::li, ThresholdMethod::triangle})
    EXPECT_DOUBLE_EQ(threshold_of({method, 0.0}, values), 7.0);
  EXPECT_THROW(threshold_of({ThresholdMethod::otsu, 0.0}, {}), core::InternalError);
}

TEST(Threshold, names_are_read_and_written) {
  for (const std::string text : {"otsu", "li", "triangle", "mean+2.5sd", "0.15"}) {
    const auto rule = parse_threshold(text);
    ASSERT_TRUE(rule) << text;
    EXPECT_EQ(to_string(*rule), text);
  }
  for (const std::string text : {"", "Otsu", "mean+sd", "mean+-1sd", "0.15 OD", "nan", "inf"})
    EXPECT_FALSE(parse_threshold(text)) << text;
}

}  // namespace threshold_test
}  // namespace stroma::imaging
