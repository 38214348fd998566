// Robust fits, models compared, curves with common parameters, areas, growth rates.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "samples.hpp"
#include "stats/dose_area.hpp"
#include "stats/dose_global.hpp"
#include "stats/dose_models.hpp"
#include "stats/error.hpp"
#include "stats/growth_inhibition.hpp"

namespace stroma::stats {
namespace dose_designs_test {

using V = std::vector<double>;
const V kDoses{0.1, 0.3, 1, 3, 10, 30, 100};

/// Three wells per dose, off the curve by a fixed pattern that sums to zero.
DoseSeries plate(const LogisticCurve& c, double noise) {
  DoseSeries s;
  constexpr double pattern[] = {0.9, -1.1, 0.2, -0.4, 1.2, -0.8, 0.5, -0.6, 0.1};
  std::size_t k = 0;
  for (const double dose : kDoses) {
    for (int r = 0; r < 3; ++r) {
      s.doses.push_back(dose);
      s.responses.push_back(c.at(dose) + noise * pattern[k++ % 9]);
    }
  }
  return s;
}

const LogisticCurve kCurve{1.3, 10.0, 100.0, 4.0, 1.0};

TEST(RobustDoseResponse, shrugs_off_a_well_that_carries_the_ordinary_fit_away) {
  DoseSeries s = plate(kCurve, 2.0);
  DoseResponseOptions robust;
  robust.robust = true;
  const double clean = fit_dose_response(s.doses, s.responses, robust).relative_ic50.value;
  s.responses[7] += 400.0;
  const DoseResponseFit with = fit_dose_response(s.doses, s.responses, robust);
  EXPECT_EQ(with.status, DoseStatus::ok) << with.message;
  EXPECT_NEAR(with.relative_ic50.value / clean, 1.0, 0.03);
  EXPECT_EQ(with.robust_weights[7], 0.0);
  EXPECT_GT(with.robust_weights[0], 0.5);
  EXPECT_LT(with.fit.residual_sd, 4.0);
  EXPECT_EQ(with.fit.dof, 17u);
  const DoseResponseFit carried = fit_dose_response(s.doses, s.responses);
  EXPECT_GT(std::abs(carried.relative_ic50.value / clean - 1.0),
            0.2);  // the mutant: the same without the option
  // How far off it lies no longer matters.
  s.responses[7] += 4000.0;
  EXPECT_NEAR(fit_dose_response(s.doses, s.responses, robust).relative_ic50.value, with.relative_ic50.value,
              1e-5);
}

TEST(RobustDoseResponse, solves_its_estimating_equations) {
  DoseSeries s = plate(kCurve, 3.0);
  s.responses[2] -= 60.0;
  DoseResponseOptions robust;
  robust.robust = true;
  const DoseResponseFit f = fit_dose_response(s.doses, s.responses, robust);
  for (std::size_t j = 0; j < 4; ++j) {  // sum of psi(u) df/dtheta_j = 0
    double sum = 0.0, size = 0.0;
    for (std::size_t i = 0; i < s.doses.size(); ++i) {
      const double term = f.robust_weights[i] * (s.responses[i] - f.curve.at(s.doses[i])) *
                          f.curve.derivatives(s.doses[i])[j];
      sum += term;
      size += std::abs(term);
    }
    EXPECT_LT(std::abs(sum), 1e-6 * size) << j;
  }
}

TEST(RobustDoseResponse, says_where_outliers_have_no_scale) {
  DoseSeries s = plate(kCurve, 0.0);
  s.responses[0] += 30.0;
  DoseResponseOptions robust;
  robust.robust = true;
  const DoseResponseFit f = fit_dose_response(s.doses, s.responses, robust);
  EXPECT_FALSE(f.message.empty());
  EXPECT_FALSE(f.usable());
}

TEST(DoseModels, prefer_the_model_that_made_the_data) {
  const DoseSeries three = plate({1.3, 0.0, 100.0, 4.0, 1.0}, 2.0),
                   four = plate({1.3, 25.0, 100.0, 4.0, 1.0}, 2.0),
                   five = plate({3.0, 5.0, 100.0, 2.0, 0.2}, 0.3);
  EXPECT_EQ(compare_dose_models(three.doses, three.responses).best, 0u);
  EXPECT_EQ(compare_dose_models(four.doses, four.responses).best, 1u);
  const DoseModels m = compare_dose_models(five.doses, five.responses);
  EXPECT_EQ(m.best, 2u);
  EXPECT_LT(m.five_over_four->p, 0.01);
  EXPECT_NEAR(m.models[0].weight + m.models[1].weight + m.models[2].weight, 1.0, 1e-12);
  EXPECT_GE(m.models[0].fit.fit.residual_sum_of_squares, m.models[1].fit.fit.residual_sum_of_squares);
  EXPECT_GE(m.models[1].fit.fit.residual_sum_of_squares * (1 + 1e-9),
            m.models[2].fit.fit.residual_sum_of_squares);
  EXPECT_THROW(extra_sum_of_squares(1.0, 3, 2.0, 3), StatisticsError);
}

TEST(GlobalDoseResponse, relative_potency_of_shifted_curves_is_the_shift) {
  LogisticCurve shifted = kCurve;
  shifted.location *= 7.0;
  const std::vector<DoseSeries> series{plate(kCurve, 1e-7), plate(shifted, 1e-7)};
  const GlobalDoseResponse g = fit_dose_responses(series, {});
  ASSERT_TRUE(g.fit.converged()) << g.message;
  EXPECT_EQ(g.fit.estimates.size(), 5u);
  const auto r = std::get<Ic50Ratio>(relative_potency(g, 1, 0));
  EXPECT_NEAR(r.ratio, 7.0, 1e-6);
  EXPECT_TRUE(r.ci.contains(7.0));
  EXPECT_NEAR(std::get<Ic50Ratio>(relative_potency(g, 0, 1)).ratio, 1.0 / 7.0, 1e-7);
  EXPECT_EQ(std::get<Ic50Ratio>(relative_potency(g, 0, 1)).df, 37.0);
}

TEST(GlobalDoseResponse, nothing_shared_is_the_separate_fits) {
  LogisticCurve other{2.0, 20.0, 90.0, 9.0, 1.0};
  const std::vector<DoseSeries> series{plate(kCurve, 2.0), plate(other, 2.0)};
  const GlobalDoseResponse g = fit_dose_responses(series, {false, false, false, false});
  EXPECT_FALSE(g.parallelism);
  for (std::size_t i = 0; i < 2; ++i) {
    const DoseResponseFit alone = fit_dose_response(series[i].doses, series[i].responses);
    EXPECT_NEAR(g.curves[i].location, alone.curve.location, 1e-6 * alone.curve.location);
    EXPECT_NEAR(g.curves[i].slope, alone.curve.slope, 1e-6);
  }
}

TEST(GlobalDoseResponse, parallelism_is_rejected_for_curves_of_different_slope_and_kept_for_shifted_ones) {
  LogisticCurve shifted = kCurve, steep = kCurve;
  shifted.location = steep.location = 9.0;
  steep.slope = 3.0;
  const std::vector<DoseSeries> parallel{plate(kCurve, 2.0), plate(shifted, 2.0)},
      crossing{plate(kCurve, 2.0), plate(steep, 2.0)};
  EXPECT_GT(fit_dose_responses(parallel, {}).parallelism->p, 0.05);
  EXPECT_LT(fit_dose_responses(crossing, {}).parallelism->p, 1e-4);
  LogisticCurve rising = kCurve;
  rising.slope = -1.3;
  const std::vector<DoseSeries> opposed{plate(kCurve, 2.0), plate(rising, 2.0)};
  const GlobalDoseResponse g = fit_dose_responses(opposed, {});
  EXPECT_NE(g.message.find("rises"), std::string::npos);
  EXPECT_TRUE(std::holds_alternative<RatioUndefined>(relative_potency(g, 0, 1)));
  EXPECT_THROW(fit_dose_responses(std::span(opposed).first(1), {}), StatisticsError);
}

TEST(DoseArea, of_a_curve_is_its_closed_form) {
  // Over ln x: lower + (upper - lower) (1 - [ln(1 + e^(b (ln x - ln e)))] / (b range)) between the ends.
  const double low = 0.1, high = 100.0;
  const auto primitive = [](double x) {
    return std::log1p(std::pow(x / kCurve.location, kCurve.slope)) / kCurve.slope;
  };
  const double range = std::log(high / low);
  const double mean = 10.0 + 90.0 * (1.0 - (primitive(high) - primitive(low)) / range);
  EXPECT_NEAR(area_under_curve(kCurve, low, high, 100.0), mean / 100.0, 1e-10);
  EXPECT_NEAR(area_under_responses(V{0, 1, 10, 10, 100}, V{50, 100, 80, 100, 20}, 100.0), 0.5 * (0.95 + 0.55),
              1e-12);
  EXPECT_THROW(area_under_responses(V{0, 1}, V{1, 1}, 1.0), StatisticsError);
  EXPECT_THROW(area_under_curve(kCurve, 1.0, 1.0, 1.0), StatisticsError);
}

TEST(GrowthInhibition, values_are_those_of_the_definition) {
  EXPECT_NEAR(growth_rate_inhibition(800, 800, 100), 1.0, 1e-14);
  EXPECT_NEAR(growth_rate_inhibition(100, 800, 100), 0.0, 1e-14);  // a standstill
  EXPECT_NEAR(growth_rate_inhibition(200, 800, 100), std::exp2(1.0 / 3.0) - 1.0, 1e-14);
  EXPECT_NEAR(growth_rate_inhibition(50, 200, 100), -0.5, 1e-14);  // half of the cells died
  EXPECT_THROW(growth_rate_inhibition(100, 100, 100), StatisticsError);
  EXPECT_THROW(growth_rate_inhibition(0, 200, 100), StatisticsError);
}

TEST(GrowthInhibition, gr50_does_not_depend_on_how_fast_the_control_grew_and_the_count_does) {
  // The same effect on the rate, 0.3 + 0.7 / (1 + c/2), of cells that double once or three times.
  V gr[2], doses;
  double half_count[2] = {0.0, 0.0};
  for (int fast = 0; fast < 2; ++fast) {
    const double doublings = fast == 0 ? 1.0 : 3.0;
    for (const double dose : kDoses) {
      const double rate = 0.3 + 0.7 / (1.0 + dose / 2.0);
      const double count = std::exp2(doublings * rate), control = std::exp2(doublings);
      gr[fast].push_back(growth_rate_inhibition(count, control, 1.0));
      if (count / control < 0.5 && half_count[fast] == 0.0) half_count[fast] = dose;
    }
  }
  const double first = fit_growth_inhibition(kDoses, gr[0]).gr50.value;
  EXPECT_NEAR(fit_growth_inhibition(kDoses, gr[1]).gr50.value / first, 1.0, 1e-6);
  EXPECT_NE(half_count[0], half_count[1]);
}

TEST(GrowthInhibition, recovers_a_curve_and_says_where_growth_does_not_change) {
  V gr;
  const LogisticCurve truth{1.5, -0.4, 1.0, 3.0, 1.0};
  for (const double dose : kDoses) gr.push_back(truth.at(dose));
  const GrowthInhibitionFit f = fit_growth_inhibition(kDoses, gr);
  EXPECT_EQ(f.status, DoseStatus::ok) << f.message;
  EXPECT_NEAR(f.gr_inf, -0.4, 1e-6);
  EXPECT_NEAR(f.curve.location, 3.0, 1e-6);
  EXPECT_NEAR(truth.at(f.gr50.value), 0.5, 1e-8);
  EXPECT_NEAR(f.gr_max, truth.at(100.0), 1e-14);
  const GrowthInhibitionFit flat = fit_growth_inhibition(kDoses, V{1.02, 0.97, 1.01, 0.99, 1.0, 1.03, 0.98});
  EXPECT_EQ(flat.status, DoseStatus::no_response);
  EXPECT_FALSE(flat.gr50.defined);
  EXPECT_EQ(fit_growth_inhibition(V{1, 2, 3}, V{1, 0.5, 0}).status, DoseStatus::too_few);
  EXPECT_THROW(fit_growth_inhibition(V{0, 2, 3, 4}, V{1, 0.5, 0, 0}), StatisticsError);
}

}  // namespace dose_designs_test
}  // namespace stroma::stats
