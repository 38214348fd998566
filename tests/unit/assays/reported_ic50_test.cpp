// One policy for IC50s: what is compared, what is shown as beyond the doses, and what a curve that misses its
// points gives.
#include "assays/dose_response/reported_ic50.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

namespace stroma::assays {
namespace reported_ic50_test {

using testing::HasSubstr;

// Doses in uM; each with its wells in per cent of control.
DoseResponse response(const std::vector<std::pair<double, std::vector<double>>>& wells) {
  DoseResponse out;
  out.arm = "a";
  for (const auto& [dose, percent] : wells) {
    double sum = 0.0;
    for (const double p : percent) sum += p;
    out.points.push_back({1000.0 * dose, percent, percent, sum / static_cast<double>(percent.size())});
  }
  out.fit = fit_percent(out);
  return out;
}

DoseResponse logistic(double ic50, double highest) {
  std::vector<std::pair<double, std::vector<double>>> wells{{0.0, {99.0, 101.0}}};
  int k = 0;
  for (double dose = highest / 128.0; dose <= highest * 1.001; dose *= 2.0) {
    const double y = 100.0 / (1.0 + std::pow(dose / ic50, 1.5)), e = k++ % 2 ? 0.4 : -0.3;
    wells.push_back({dose, {y + e, y - e + 0.1}});
  }
  return response(wells);
}

TEST(ReportedIc50, is_compared_where_the_doses_hold_it_and_shown_where_they_do_not) {
  const ReportedIc50 inside = reported_ic50(logistic(4.0, 32.0));
  EXPECT_EQ(inside.place, Ic50Place::inside);
  EXPECT_NEAR(inside.value, 4000.0, 100.0);
  EXPECT_TRUE(inside.compared());
  const DoseResponse far = logistic(100.0, 32.0);
  const ReportedIc50 above = reported_ic50(far);
  EXPECT_EQ(above.place, Ic50Place::above);
  EXPECT_FALSE(above.compared());
  EXPECT_GT(above.value, 32000.0);
  EXPECT_THAT(explain_fit(far), HasSubstr("above the doses tested"));
}

TEST(ReportedIc50, of_responses_that_are_flat_far_below_the_control_is_below_the_doses) {
  const DoseResponse flat =
      response({{0.001, {38.1}}, {0.01, {41.5}}, {0.1, {36.2}}, {1, {40.7}}, {10, {39.0}}, {100, {37.3}}});
  EXPECT_EQ(reported_ic50(flat).place, Ic50Place::below);
  EXPECT_TRUE(std::isnan(reported_ic50(flat).value));
  EXPECT_THAT(explain_fit(flat), HasSubstr("36.2 to 41.5 % of control at all doses"));
  EXPECT_THAT(explain_fit(flat), HasSubstr("below the lowest dose, 0.001 µM"));
  // The mutant: as flat, at the control.
  const DoseResponse none =
      response({{0.001, {98.1}}, {0.01, {101.5}}, {0.1, {96.2}}, {1, {100.7}}, {10, {99.0}}, {100, {102.3}}});
  EXPECT_EQ(reported_ic50(none).place, Ic50Place::none);
  EXPECT_THAT(explain_fit(none), HasSubstr("no effect of the doses"));
  // Flat at 80 %: an effect, and no IC50 anywhere.
  const DoseResponse some =
      response({{0.001, {78.1}}, {0.01, {81.5}}, {0.1, {76.2}}, {1, {80.7}}, {10, {79.0}}, {100, {82.3}}});
  EXPECT_EQ(reported_ic50(some).place, Ic50Place::none);
  EXPECT_THAT(explain_fit(some), HasSubstr("an effect that does not change with dose"));
}

TEST(ReportedIc50, of_a_step_is_between_its_two_doses) {
  const DoseResponse step = response({{0, {97, 100, 103}},
                                      {0.001, {95, 98, 101}},
                                      {0.01, {99, 102, 105}},
                                      {0.1, {96, 99, 102}},
                                      {1, {98, 101, 104}},
                                      {10, {-1, 2, 5}}});
  const ReportedIc50 ic50 = reported_ic50(step);
  EXPECT_EQ(ic50.place, Ic50Place::between);
  EXPECT_EQ(ic50.ci.low, 1000.0);
  EXPECT_EQ(ic50.ci.high, 10000.0);
  EXPECT_THAT(explain_fit(step), HasSubstr("crossed between 1 µM and 10 µM; add doses there"));
}

TEST(ReportedIc50, is_none_where_the_curve_misses_its_points) {
  const std::vector<double> doses{0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100};
  const std::vector<double> means{100, 98, 91, 74, 61, 57, 56, 54, 50, 31, 12, 4};
  std::vector<std::pair<double, std::vector<double>>> wells;
  for (std::size_t i = 0; i < doses.size(); ++i)
    wells.push_back({doses[i], {means[i] - 1.2, means[i] + 0.1, means[i] + 1.1}});
  const DoseResponse two_phases = response(wells);
  EXPECT_TRUE(misses_its_points(two_phases));
  EXPECT_EQ(reported_ic50(two_phases).place, Ic50Place::misfit);
  EXPECT_THAT(explain_fit(two_phases), HasSubstr("lack of fit"));
  EXPECT_THAT(explain_fit(two_phases), HasSubstr("the means of the wells at 3 µM"));
  const auto crossings = half_crossings(two_phases);
  ASSERT_EQ(crossings.size(), 1u);
  EXPECT_NEAR(crossings[0].at, 3000.0, 1e-6);
  EXPECT_FALSE(misses_its_points(logistic(4.0, 32.0)));
}

// Seven doses, one well each: R, nls(y ~ D / (1 + (D / 50 - 1) exp(b (log(x) - e)))), IC50 = exp(e).
TEST(ReportedIc50, of_few_wells_comes_from_three_parameters_where_four_cannot_be_told_from_a_constant) {
  const ReportedIc50 ic50 = reported_ic50(response(
      {{0.001, {101}}, {0.003, {95}}, {0.01, {107}}, {0.03, {114}}, {0.1, {82}}, {0.3, {71}}, {1, {50}}}));
  EXPECT_EQ(ic50.place, Ic50Place::inside);
  EXPECT_NEAR(ic50.value, 893.3785, 0.1);
  EXPECT_NEAR(ic50.ci.low, 292.4905, 0.1);
  EXPECT_NEAR(ic50.ci.high, 2728.7218, 0.5);
}

}  // namespace reported_ic50_test
}  // namespace stroma::assays
