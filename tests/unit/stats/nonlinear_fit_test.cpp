#include "stats/nonlinear_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "stats/error.hpp"

namespace stroma::stats {
namespace nonlinear_fit_test {

using V = std::vector<double>;
using P = std::span<const double>;

double line(double x, P p) {
  return p[0] + p[1] * x;
}

TEST(NonlinearFit, of_a_line_is_linear_regression) {
  // x = 1..5: slope Sxy / Sxx = 8 / 10, intercept 3 - 0.8 * 3; residuals -0.4, 0.8, 0, -0.8, 0.4: rss 1.6.
  const V x{1, 2, 3, 4, 5}, y{1, 3, 3, 3, 5};
  const auto fit = fit_nonlinear(line, x, y, V{0.0, 0.0});
  ASSERT_TRUE(fit.converged()) << fit.message;
  EXPECT_NEAR(fit.estimates[1], 0.8, 1e-12);
  EXPECT_NEAR(fit.estimates[0], 0.6, 1e-11);
  EXPECT_NEAR(fit.residual_sum_of_squares, 1.6, 1e-12);
  EXPECT_EQ(fit.dof, 3u);
  EXPECT_NEAR(fit.standard_errors[1], std::sqrt(1.6 / 3.0 / 10.0), 1e-11);
  EXPECT_NEAR(fit.covariance_at(0, 1), -3.0 * 1.6 / 3.0 / 10.0, 1e-11);
}

TEST(NonlinearFit, a_weight_of_two_counts_an_observation_twice) {
  const V x{1, 2, 3, 4}, y{1, 3, 2, 5};
  const V x2{1, 2, 3, 4, 4}, y2{1, 3, 2, 5, 5};
  NonlinearOptions o;
  o.weights = {1, 1, 1, 2};
  const auto weighted = fit_nonlinear(line, x, y, V{1.0, 1.0}, o);
  const auto doubled = fit_nonlinear(line, x2, y2, V{1.0, 1.0});
  EXPECT_NEAR(weighted.estimates[0], doubled.estimates[0], 1e-9);
  EXPECT_NEAR(weighted.estimates[1], doubled.estimates[1], 1e-9);
  EXPECT_NEAR(weighted.residual_sum_of_squares, doubled.residual_sum_of_squares, 1e-11);
}

TEST(NonlinearFit, does_not_depend_on_the_units_of_x_and_y) {
  const V x{0, 1, 2, 3, 4, 5}, y{5.1, 2.9, 2.0, 1.1, 0.8, 0.45};
  const auto decay = [](double t, P p) { return p[0] * std::exp(-p[1] * t); };
  const auto fit = fit_nonlinear(decay, x, y, V{4.0, 0.3});
  V xs, ys;
  for (const double v : x) xs.push_back(v * 1e6);
  for (const double v : y) ys.push_back(v * 1e-9);
  const auto scaled = fit_nonlinear(decay, xs, ys, V{4e-9, 0.3e-6});
  ASSERT_TRUE(fit.converged() && scaled.converged());
  EXPECT_NEAR(scaled.estimates[0] / fit.estimates[0], 1e-9, 1e-18);
  EXPECT_NEAR(scaled.estimates[1] / fit.estimates[1], 1e-6, 1e-15);
  EXPECT_NEAR(scaled.standard_errors[1] / fit.standard_errors[1], 1e-6, 1e-14);
}

TEST(NonlinearFit, says_in_words_why_it_failed) {
  const V x{1, 2, 3, 4}, y{1, 2, 3, 4.5};
  const auto product = fit_nonlinear([](double t, P p) { return p[0] * p[1] * t; }, x, y, V{1.0, 1.0});
  EXPECT_EQ(product.status, FitStatus::not_determined);
  EXPECT_NE(product.message.find("do not determine"), std::string::npos);
  EXPECT_TRUE(std::isnan(product.standard_errors[0]));
  const auto undefined =
      fit_nonlinear([](double t, P p) { return std::log(-1.0 - p[0] * p[0]) * t; }, x, y, V{1.0});
  EXPECT_EQ(undefined.status, FitStatus::not_finite);
  NonlinearOptions bounded;
  bounded.bounds = {{-10.0, 10.0}, {0.0, 0.5}};
  const auto bound = fit_nonlinear(line, x, y, V{0.0, 0.25}, bounded);
  EXPECT_EQ(bound.status, FitStatus::at_bound);
  EXPECT_DOUBLE_EQ(bound.estimates[1], 0.5);
  EXPECT_TRUE(std::isnan(bound.standard_errors[1]));
  EXPECT_NEAR(bound.estimates[0], 2.625 - 0.5 * 2.5, 1e-9);  // the mean goes through the point of means
}

TEST(NonlinearFit, as_many_parameters_as_observations_have_no_errors) {
  const auto fit = fit_nonlinear(line, V{1, 2}, V{3, 5}, V{0.1, 0.1});
  EXPECT_TRUE(fit.converged());
  EXPECT_NEAR(fit.estimates[1], 2.0, 1e-10);
  EXPECT_TRUE(std::isnan(fit.standard_errors[0]) && std::isnan(fit.residual_sd));
}

TEST(NonlinearFit, refuses_input_that_is_no_problem) {
  const V x{1, 2, 3}, y{1, 2, 3};
  EXPECT_THROW(fit_nonlinear(line, x, V{1, 2}, V{0, 0}), StatisticsError);
  EXPECT_THROW(fit_nonlinear(line, V{1}, V{1}, V{0, 0}), StatisticsError);
  EXPECT_THROW(fit_nonlinear(line, x, y, V{}), StatisticsError);
  EXPECT_THROW(fit_nonlinear(line, x, V{1, 2, std::nan("")}, V{0, 0}), StatisticsError);
  NonlinearOptions o;
  o.weights = {1, 1};
  EXPECT_THROW(fit_nonlinear(line, x, y, V{0, 0}, o), StatisticsError);
  o.weights = {1, 1, 0};
  EXPECT_THROW(fit_nonlinear(line, x, y, V{0, 0}, o), StatisticsError);
  o.weights = {};
  o.bounds = {{1, 2}, {0, 1}};
  EXPECT_THROW(fit_nonlinear(line, x, y, V{0, 0}, o), StatisticsError);
}

TEST(DeltaMethod, gradient_of_a_smooth_function) {
  const auto g = gradient([](P p) { return std::exp(p[0]) * std::sin(p[1]); }, V{0.7, 1.1});
  EXPECT_NEAR(g[0], std::exp(0.7) * std::sin(1.1), 1e-10);
  EXPECT_NEAR(g[1], std::exp(0.7) * std::cos(1.1), 1e-10);
}

}  // namespace nonlinear_fit_test
}  // namespace stroma::stats
