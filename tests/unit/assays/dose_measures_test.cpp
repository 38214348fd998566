// Areas, models, growth rates and potencies of curves whose answers were planted.
#include "assays/dose_response/dose_measures.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace stroma::assays {
namespace dose_measures_test {

// Net signal of a logistic in uM with a wobble of 1 %, ten doses and zero.
DoseResponse response(const std::string& arm, double ic50, double control = 1.0, double wobble = 0.01) {
  DoseResponse out;
  out.arm = arm;
  out.control_od = control;
  int k = 0;
  for (const double dose : {0.0, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0}) {
    DosePoint point;
    point.dose = 1000.0 * dose;
    for (const double sign : {-1.0, 1.0}) {
      const double y = 1.0 / (1.0 + std::pow(dose / ic50, 1.2)) + sign * wobble * (k++ % 3 == 0 ? 1.0 : 0.6);
      point.net.push_back(control * std::max(y, 1e-6));
      point.percent.push_back(100.0 * point.net.back() / control);
    }
    out.points.push_back(point);
  }
  out.fit = fit_percent(out);
  return out;
}

TEST(DoseMeasures, has_the_area_of_its_points) {
  // Without effect the area is 1; half of the responses give half the area.
  DoseResponse flat = response("a", 1e9, 1.0, 0.0);
  EXPECT_NEAR(*measure_dose_response(flat, {}, true).area, 1.0, 1e-9);
  for (DosePoint& point : flat.points)
    for (double& percent : point.percent) percent *= 0.5;
  EXPECT_NEAR(*measure_dose_response(flat, {}, true).area, 0.5, 1e-9);
}

TEST(DoseMeasures, compares_models_where_it_is_asked_to) {
  const DoseResponse r = response("a", 4.0);
  const DoseMeasures m = measure_dose_response(r, {}, true);
  ASSERT_TRUE(m.models);
  double sum = 0.0;
  for (const stats::DoseModel& model : m.models->models) sum += model.weight;
  EXPECT_NEAR(sum, 1.0, 1e-12);
  EXPECT_FALSE(measure_dose_response(r, {}, false).models);
}

TEST(DoseMeasures, finds_the_growth_rate_that_was_planted) {
  // x(c) = x0 2^(k(c) T) with GR(c) = 1 / (1 + c/2): control doubles twice, GR50 = 2 uM (GR runs from 1 to
  // 0).
  DoseResponse r;
  for (const double dose : {0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0}) {
    const double gr = 1.0 / (1.0 + dose / 2.0);
    DosePoint point;
    point.dose = 1000.0 * dose;
    point.net = {100.0 * std::exp2(2.0 * std::log2(gr + 1.0))};
    point.percent = {100.0 * point.net[0] / 400.0};
    r.points.push_back(point);
  }
  const DoseMeasures m = measure_dose_response(r, 100.0, true);
  ASSERT_TRUE(m.growth && m.growth->gr50.defined) << m.no_growth;
  EXPECT_NEAR(m.growth->gr50.value, 2000.0, 1.0);
  EXPECT_NEAR(m.growth->gr_max, 1.0 / 17.0, 1e-9);
  EXPECT_NE(measure_dose_response(r, 500.0, true).no_growth.find("without growth"), std::string::npos);
}

TEST(Potency, is_the_ratio_that_was_planted) {
  const std::vector<DoseResponse> arms{response("NF", 4.0), response("CAF", 10.0)};
  const PotencyComparison c =
      compare_potencies(arms, "NF", {true, true, true, false}, stats::LogisticModel::four_parameter);
  ASSERT_EQ(c.arms.size(), 1u) << c.message;
  ASSERT_TRUE(c.arms[0].ratio) << c.arms[0].reason;
  EXPECT_TRUE(c.arms[0].ratio->ci.contains(2.5));
  EXPECT_NEAR(c.arms[0].ratio->ratio, 2.5, 0.1);  // wobbles of 1 % at a slope of 30 % per e-fold: 3 % each
  ASSERT_TRUE(c.parallelism);
  EXPECT_GT(c.parallelism->p, 0.01);
  EXPECT_FALSE(
      compare_potencies(std::vector<DoseResponse>{arms[0]}, "", {}, stats::LogisticModel::four_parameter)
          .message.empty());
}

}  // namespace dose_measures_test
}  // namespace stroma::assays
