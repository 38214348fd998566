#include "stats/dose_response.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "samples.hpp"
#include "stats/dose_inference.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace dose_response_test {

using V = std::vector<double>;

const V kDoses{0, 0.25, 0.5, 1, 2, 4, 8, 16, 32};

/// Three replicates per dose of a curve, with a fixed pattern of errors that sums to zero at each dose and is
/// not smooth.
struct Plate {
  V doses, responses;
};
Plate plate_of(const LogisticCurve& c, double error, const V& doses = kDoses) {
  Plate p;
  int turn = 0;
  for (const double d : doses) {
    const double e = error * (turn++ % 2 == 0 ? 1.0 : -1.0);
    for (const double shift : {-e, 0.25 * e, 0.75 * e}) {
      p.doses.push_back(d);
      p.responses.push_back(c.at(d) + shift);
    }
  }
  return p;
}
DoseResponseFit fit(const Plate& p, const DoseResponseOptions& o = {}) {
  return fit_dose_response(p.doses, p.responses, o);
}

TEST(LogisticCurve, takes_its_limits_at_zero_and_infinity) {
  const LogisticCurve falls{2.0, 10.0, 90.0, 3.0, 1.0};
  EXPECT_EQ(falls.at(0.0), 90.0);
  EXPECT_DOUBLE_EQ(falls.at(3.0), 50.0);
  EXPECT_NEAR(falls.at(1e300), 10.0, 1e-12);
  const LogisticCurve rises{-2.0, 10.0, 90.0, 3.0, 0.5};
  EXPECT_EQ(rises.at(0.0), 10.0);
  EXPECT_NEAR(rises.at(1e300), 90.0, 1e-12);
  for (const double x : {0.01, 1.0, 40.0}) {
    EXPECT_NEAR(std::exp(falls.log_dose_at(falls.at(x))) / x, 1.0, 1e-10);
    EXPECT_NEAR(std::exp(rises.log_dose_at(rises.at(x))) / x, 1.0, 1e-8);
  }
  EXPECT_TRUE(std::isnan(falls.log_dose_at(90.0)));
}

// The values that the R package drc gives for ryegrass with LL.4.
TEST(DoseResponse, reproduces_the_known_answer_for_ryegrass) {
  const auto f = fit_dose_response(samples::ryegrass_dose, samples::ryegrass_length);
  ASSERT_EQ(f.status, DoseStatus::ok) << f.message;
  EXPECT_NEAR(f.curve.slope, 2.98222865, 1e-6);
  EXPECT_NEAR(f.curve.lower, 0.48140994, 1e-6);
  EXPECT_NEAR(f.curve.upper, 7.79296233, 1e-6);
  EXPECT_NEAR(f.curve.location, 3.05795517, 1e-6);
  EXPECT_NEAR(f.fit.residual_sd, 0.51962557, 1e-7);
  EXPECT_DOUBLE_EQ(f.relative_ic50.value, f.curve.location);
  EXPECT_TRUE(f.relative_ic50.ci.contains(f.relative_ic50.value));
}

TEST(DoseResponse, recovers_exact_curves_of_every_model_and_direction) {
  for (const double sign : {1.0, -1.0}) {
    for (const double slope : {0.7, 1.0, 2.5}) {
      const LogisticCurve truth{sign * slope, 0.0, 100.0, 3.0, 1.0};
      for (const auto model : {LogisticModel::three_parameter, LogisticModel::four_parameter}) {
        DoseResponseOptions o;
        o.model = model;
        const auto f = fit(plate_of(truth, 1e-6), o);
        ASSERT_EQ(f.status, DoseStatus::ok) << f.message;
        EXPECT_NEAR(f.curve.slope, truth.slope, 1e-6);
        EXPECT_NEAR(f.curve.location, truth.location, 1e-5);
      }
    }
  }
  const LogisticCurve skewed{2.0, 5.0, 100.0, 2.0, 0.5};
  DoseResponseOptions five;
  five.model = LogisticModel::five_parameter;
  const auto f = fit(plate_of(skewed, 1e-6), five);
  ASSERT_EQ(f.status, DoseStatus::ok) << f.message;
  EXPECT_NEAR(f.curve.asymmetry, 0.5, 1e-5);
  // The relative IC50 of a skewed curve is not its location: (x / e)^b = 2^(1/f) - 1 = 3.
  EXPECT_NEAR(f.relative_ic50.value, 2.0 * std::sqrt(3.0), 1e-4);
}

TEST(DoseResponse, relative_and_absolute_ic50_differ_where_the_curve_does_not_reach_zero) {
  const auto f = fit(plate_of({1.0, 20.0, 100.0, 3.0, 1.0}, 0.5));
  ASSERT_TRUE(f.usable());
  EXPECT_NEAR(f.relative_ic50.response, 60.0, 1.0);
  EXPECT_NEAR(f.relative_ic50.value, 3.0, 0.1);
  EXPECT_NEAR(f.absolute_ic50.response, 50.0, 0.5);
  EXPECT_NEAR(f.absolute_ic50.value, 5.0, 0.2);  // 80 / (1 + x / 3) = 30
  const auto resistant = fit(plate_of({1.0, 60.0, 100.0, 3.0, 1.0}, 0.5));
  EXPECT_TRUE(resistant.relative_ic50.defined);
  EXPECT_FALSE(resistant.absolute_ic50.defined);
  DoseResponseOptions o;
  o.half_response = 80.0;
  EXPECT_NEAR(fit(plate_of({1.0, 60.0, 100.0, 3.0, 1.0}, 0.5), o).absolute_ic50.value, 3.0, 0.2);
}

TEST(DoseResponse, does_not_depend_on_the_units_of_dose_and_response) {
  const Plate p = plate_of({1.3, 8.0, 100.0, 2.0, 1.0}, 3.0);
  Plate q = p;
  for (double& d : q.doses) d *= 1e-6;
  for (double& r : q.responses) r *= 0.013;
  const auto f = fit(p);
  const auto g = fit(q);
  ASSERT_TRUE(f.usable() && g.usable());
  EXPECT_NEAR(g.relative_ic50.value * 1e6 / f.relative_ic50.value, 1.0, 1e-7);
  EXPECT_NEAR(g.relative_ic50.ci.high * 1e6 / f.relative_ic50.ci.high, 1.0, 1e-7);
  EXPECT_NEAR(g.fit.residual_sd / f.fit.residual_sd, 0.013, 1e-10);
}

TEST(DoseResponse, a_dose_of_zero_is_the_limit_of_small_doses) {
  Plate p = plate_of({1.3, 8.0, 100.0, 2.0, 1.0}, 3.0);
  const auto with_zero = fit(p);
  for (double& d : p.doses) d = d == 0.0 ? 1e-30 : d;
  const auto with_small = fit(p);
  EXPECT_NEAR(with_zero.curve.location, with_small.curve.location, 1e-6);
  EXPECT_NEAR(with_zero.fit.residual_sum_of_squares, with_small.fit.residual_sum_of_squares, 1e-6);
}

TEST(DoseResponse, says_in_words_why_there_is_no_ic50) {
  const auto flat = fit(plate_of({1.0, 99.999, 100.0, 3.0, 1.0}, 5.0));
  EXPECT_EQ(flat.status, DoseStatus::no_response);
  EXPECT_NE(flat.message.find("beyond chance"), std::string::npos);

  EXPECT_EQ(fit_dose_response(kDoses, V(9, 1.0)).status, DoseStatus::no_response);

  DoseResponseOptions falling;
  falling.direction = Direction::descending;
  EXPECT_EQ(fit(plate_of({-1.0, 0.0, 100.0, 3.0, 1.0}, 2.0), falling).status, DoseStatus::no_response);

  DoseResponseOptions zero_floor;
  zero_floor.model = LogisticModel::three_parameter;
  const auto beyond = fit(plate_of({1.0, 0.0, 100.0, 60.0, 1.0}, 1.0), zero_floor);
  EXPECT_EQ(beyond.status, DoseStatus::outside_doses) << beyond.message;
  EXPECT_NE(beyond.message.find("extrapolation"), std::string::npos);
  EXPECT_TRUE(beyond.usable());
  EXPECT_TRUE(beyond.relative_ic50.ci.contains(60.0));

  const auto step = fit(plate_of({400.0, 0.0, 100.0, 3.0, 1.0}, 1.0));
  EXPECT_EQ(step.status, DoseStatus::not_determined);
  EXPECT_NE(step.message.find("two neighbouring doses"), std::string::npos) << step.message;
  EXPECT_TRUE(std::isinf(step.relative_ic50.ci.high));

  const auto few = fit_dose_response(V{1, 1, 2, 2, 4, 4}, V{3, 3, 2, 2, 1, 1});
  EXPECT_EQ(few.status, DoseStatus::too_few);
  EXPECT_NE(few.message.find("3 distinct doses"), std::string::npos);
}

TEST(DoseResponse, refuses_input_that_is_no_experiment) {
  EXPECT_THROW(fit_dose_response(V{}, V{}), StatisticsError);
  EXPECT_THROW(fit_dose_response(V{1, 2}, V{1}), StatisticsError);
  EXPECT_THROW(fit_dose_response(V{0, 0}, V{1, 2}), StatisticsError);
  EXPECT_THROW(fit_dose_response(V{-1, 2}, V{1, 2}), StatisticsError);
  EXPECT_THROW(fit_dose_response(V{1, 2}, V{1, std::nan("")}), StatisticsError);
  DoseResponseOptions o;
  o.weights = {1.0};
  EXPECT_THROW(fit_dose_response(V{1, 2}, V{1, 2}, o), StatisticsError);
  o = {};
  o.level = 1.5;
  EXPECT_THROW(fit_dose_response(V{1, 2}, V{1, 2}, o), StatisticsError);
}

TEST(Ic50Ratio, of_a_plate_with_all_doses_doubled_is_two) {
  const Plate p = plate_of({1.3, 8.0, 100.0, 2.0, 1.0}, 3.0);
  Plate doubled = p;
  for (double& d : doubled.doses) d *= 2.0;
  const auto r = std::get<Ic50Ratio>(ic50_ratio(fit(doubled), fit(p)));
  EXPECT_NEAR(r.ratio, 2.0, 1e-6);
  EXPECT_NEAR(std::sqrt(r.ci.low * r.ci.high), 2.0, 1e-6);
  // Two fits of one plate: equal errors, so the degrees add and the error is sqrt 2 of one.
  EXPECT_NEAR(r.df, 2.0 * 23.0, 1e-4);
  EXPECT_NEAR(r.log_se, std::sqrt(2.0) * fit(p).relative_ic50.log_se, 1e-6);
  const auto same = std::get<Ic50Ratio>(ic50_ratio(fit(p), fit(p)));
  EXPECT_NEAR(same.p, 1.0, 1e-9);
  EXPECT_FALSE(same.extrapolated);
}

TEST(Ic50Ratio, is_undefined_with_a_reason_where_one_curve_has_no_ic50) {
  const auto good = fit(plate_of({1.3, 8.0, 100.0, 2.0, 1.0}, 3.0));
  const auto flat = fit(plate_of({1.0, 99.999, 100.0, 3.0, 1.0}, 5.0));
  const auto r = ic50_ratio(good, flat);
  ASSERT_TRUE(std::holds_alternative<RatioUndefined>(r));
  EXPECT_EQ(std::get<RatioUndefined>(r).reason.rfind("second curve", 0), 0u);
}

TEST(ConfidenceBand, contains_the_curve_and_is_wider_at_a_higher_level) {
  const auto f = fit(plate_of({1.3, 8.0, 100.0, 2.0, 1.0}, 3.0));
  const V doses{0.0, 0.1, 1.0, 2.0, 30.0, 1000.0};
  const auto band = confidence_band(f, doses);
  const auto wide = confidence_band(f, doses, 0.99);
  for (std::size_t i = 0; i < doses.size(); ++i) {
    EXPECT_DOUBLE_EQ(band[i].response, f.curve.at(doses[i]));
    EXPECT_TRUE(band[i].ci.contains(band[i].response));
    EXPECT_LT(wide[i].ci.low, band[i].ci.low);
  }
  // At dose 0 the curve is its upper asymptote, and so is its error.
  EXPECT_NEAR((band[0].ci.high - band[0].ci.low) / 2.0 / f.fit.standard_errors[2], 2.0686576,
              1e-5);  // t(0.975, 23)
  EXPECT_THROW(confidence_band(f, V{-1.0}), StatisticsError);
}

TEST(BackCalculation, inverts_a_standard_curve_and_flags_what_lies_outside) {
  const V standards{0, 31.25, 62.5, 125, 250, 500, 1000, 2000};
  const auto f = fit(plate_of({-1.2, 0.05, 3.0, 600.0, 1.0}, 0.01, standards));
  ASSERT_EQ(f.status, DoseStatus::ok) << f.message;
  const auto inside = back_calculate(f, V{f.curve.at(200.0), f.curve.at(200.0)});
  EXPECT_EQ(inside.range, DoseRange::inside);
  EXPECT_NEAR(inside.dose, 200.0, 1e-6);
  EXPECT_TRUE(inside.ci.contains(200.0));
  const auto single = back_calculate(f, V{f.curve.at(200.0)});
  EXPECT_GT(single.ci.high, inside.ci.high);  // one replicate knows less than two
  const auto below = back_calculate(f, V{f.curve.at(10.0)});
  EXPECT_EQ(below.range, DoseRange::below);
  EXPECT_TRUE(below.defined);
  const auto blank = back_calculate(f, V{f.curve.lower - 0.01});
  EXPECT_EQ(blank.range, DoseRange::below);
  EXPECT_FALSE(blank.defined);
  EXPECT_TRUE(std::isnan(blank.dose));
  EXPECT_EQ(back_calculate(f, V{f.curve.at(5000.0)}).range, DoseRange::above);
  EXPECT_EQ(back_calculate(f, V{f.curve.upper + 1.0}).range, DoseRange::above);
  // A competitive assay falls with dose: less signal is more analyte.
  const auto competitive = fit(plate_of({1.2, 0.05, 3.0, 600.0, 1.0}, 0.01, standards));
  EXPECT_EQ(back_calculate(competitive, V{competitive.curve.lower - 0.01}).range, DoseRange::above);
  EXPECT_EQ(back_calculate(competitive, V{competitive.curve.upper + 0.01}).range, DoseRange::below);
}

TEST(BackCalculation, refuses_curves_without_use_and_empty_samples) {
  const auto flat = fit(plate_of({1.0, 99.999, 100.0, 3.0, 1.0}, 5.0));
  EXPECT_THROW(back_calculate(flat, V{50.0}), StatisticsError);
  const auto good = fit(plate_of({1.3, 8.0, 100.0, 2.0, 1.0}, 3.0));
  EXPECT_THROW(back_calculate(good, V{}), StatisticsError);
  EXPECT_THROW(back_calculate(good, V{50.0}, 0.95, 0.0), StatisticsError);
}

}  // namespace dose_response_test
}  // namespace stroma::stats
