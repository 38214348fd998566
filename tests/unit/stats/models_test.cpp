// Moderated variances and mixed models: closed forms, limits, and failures in words.
// Agreement with limma and nlme: tests/crosscheck.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/random.hpp"
#include "stats/error.hpp"
#include "stats/expression_scale.hpp"
#include "stats/mixed_model.hpp"
#include "stats/moderated_variance.hpp"
#include "stats/normalisation.hpp"
#include "stats/t_test.hpp"

namespace models_test {

using namespace stroma::stats;
using testing::HasSubstr;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

TEST(LinearModels, two_groups_give_the_differences_and_variances_of_student_s_test) {
  const Table y{1, 7, {1.0, 2.0, 4.0, 3.0, 6.0, 5.5, 7.0}};
  const Table design{7, 2, {1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1}};
  const LinearModels m = fit_linear_models(y, design);
  const std::vector<double> a = {1.0, 2.0, 4.0}, b = {3.0, 6.0, 5.5, 7.0};
  const TTest t = student_t_test(b, a);
  EXPECT_NEAR(m.effect(0, 1) / (m.unscaled_error(0, 1) * std::sqrt(m.variance[0])), t.statistic, 1e-12);
  EXPECT_EQ(m.df[0], t.df);
}

TEST(LinearModels, designs_that_cannot_be_are_refused) {
  const Table y{1, 3, {1.0, 2.0, 4.0}};
  EXPECT_THROW(fit_linear_models(y, {2, 1, {1, 1}}), StatisticsError);
  EXPECT_THROW(fit_linear_models(y, {3, 2, {1, 2, 1, 2, 1, 2}}), StatisticsError);
  EXPECT_THROW(
      fit_linear_models({1, 3, {1.0, 2.0, std::numeric_limits<double>::infinity()}}, {3, 1, {1, 1, 1}}),
      StatisticsError);
}

// With one df each, log s^2 has variance trigamma(1/2) = pi^2/2; equal variances have less than that.
TEST(VariancePrior, variances_that_differ_no_more_than_by_chance_get_infinite_df) {
  const std::vector<double> s(50, 2.0), df(50, 3.0);
  const VariancePrior prior = fit_variance_prior(s, df);
  EXPECT_TRUE(std::isinf(prior.df));
  EXPECT_DOUBLE_EQ(prior.variance, 2.0);
}

// s^2 ~ s0^2 F(d, d0): the fit recovers d0 and s0^2 within the error of 20 000 genes. The sd of d0's estimate
// at d = 4, d0 = 6 is below 0.2 there (simulated), and 1 is five of them.
TEST(VariancePrior, a_planted_prior_is_recovered) {
  stroma::core::Stream draw(5, stroma::core::Purpose::test, 0);
  const auto chi_square = [&](int k) {
    double sum = 0.0;
    for (int i = 0; i < k; ++i) sum += std::pow(draw.normal(), 2);
    return sum;
  };
  std::vector<double> s, df;
  for (int g = 0; g < 20000; ++g) {
    s.push_back(0.25 * (chi_square(4) / 4.0) / (chi_square(6) / 6.0));
    df.push_back(4.0);
  }
  const VariancePrior prior = fit_variance_prior(s, df);
  EXPECT_NEAR(prior.df, 6.0, 1.0);
  EXPECT_NEAR(prior.variance, 0.25, 0.0125);
}

TEST(VariancePrior, zero_variances_are_said_and_no_variances_refused) {
  std::vector<double> s(20, 1.0), df(20, 2.0);
  s[0] = 0.0;
  EXPECT_THAT(fit_variance_prior(s, df).warning, HasSubstr("some variances are 0"));
  s.assign(20, 0.0);
  EXPECT_THAT(fit_variance_prior(s, df).warning, HasSubstr("more than half"));
  df.assign(20, 0.0);
  EXPECT_THROW(fit_variance_prior(s, df), StatisticsError);
}

TEST(Normalisation, every_sample_gets_the_same_values) {
  Table t{4, 2, {1, 10, 2, 40, 3, 20, 4, 30}};
  normalise_quantiles(t);
  EXPECT_EQ(t.values, (std::vector<double>{5.5, 5.5, 11, 22, 16.5, 11, 22, 16.5}));
  Table missing{3, 2, {1, 1, none, 2, 3, 3}};
  normalise_quantiles(missing);
  EXPECT_TRUE(std::isnan(missing(1, 0)));
  EXPECT_EQ(missing(0, 0), 1.0);
  EXPECT_EQ(missing(2, 0), 3.0);
  Table one{2, 2, {1, none, 2, none}};
  EXPECT_THROW(normalise_quantiles(one), StatisticsError);
}

TEST(ExpressionScale, logarithms_are_told_from_intensities_fpkm_and_counts) {
  Table t{20, 10, {}};
  for (int i = 0; i < 200; ++i) t.values.push_back(2.0 + 0.05 * i);  // 2 to 12
  EXPECT_EQ(detect_log_scale(t).scale, ExpressionScale::log2);
  // Typing errors do not decide: 600 for 6.00, and 850 for 8.50.
  Table errors = t;
  errors.values[80] = 600.0;
  errors.values[130] = 850.0;
  EXPECT_EQ(detect_log_scale(errors).scale, ExpressionScale::log2);
  EXPECT_EQ(detect_log_scale(errors).beyond, 2u);
  Table small{2, 6, {6, 7, 8, 6.5, 7.5, 600, 5, 5.5, 6, 4.5, 5.2, 5.1}};  // where it is the 0.99 quantile
  EXPECT_EQ(detect_log_scale(small).scale, ExpressionScale::log2);
  for (double& v : t.values) v = std::exp2(v);
  EXPECT_EQ(detect_log_scale(t).scale, ExpressionScale::intensity);
  Table fpkm{40, 10, {}}, counts{40, 10, {}}, ratios{40, 10, {}};
  for (int i = 0; i < 400; ++i) {
    const double level = i % 3 == 0 ? 0.0 : std::exp2(0.02 * i);  // zeros, and up to 256 with most below 30
    fpkm.values.push_back(level);
    counts.values.push_back(std::floor(level));
    ratios.values.push_back(std::exp2(0.01 * (i - 200)));
  }
  EXPECT_EQ(detect_log_scale(fpkm).scale, ExpressionScale::fpkm);
  EXPECT_EQ(detect_log_scale(counts).scale, ExpressionScale::counts);
  EXPECT_EQ(detect_log_scale(ratios).scale, ExpressionScale::unclear);  // to 1, and not logarithms to 0
}

TEST(ExpressionScale, base_2_logarithms_are_taken_of_every_scale) {
  Table raw{1, 2, {0.0, 4.0}};
  EXPECT_EQ(take_log2(raw), 1u);
  EXPECT_TRUE(std::isnan(raw.values[0]));
  EXPECT_EQ(raw.values[1], 2.0);
  Table fpkm{1, 3, {0.0, 3.0, -1.0}};
  EXPECT_EQ(take_log2(fpkm, ExpressionScale::fpkm), 1u);  // a negative FPKM is none
  EXPECT_EQ(fpkm.values[0], 0.0);
  EXPECT_EQ(fpkm.values[1], 2.0);
  Table decimal{1, 2, {3.0, 0.0}};
  EXPECT_EQ(take_log2(decimal, ExpressionScale::log10), 0u);
  EXPECT_NEAR(decimal.values[0], std::log2(1000.0), 1e-12);
  Table natural{1, 1, {1.0}};
  take_log2(natural, ExpressionScale::natural);
  EXPECT_NEAR(natural.values[0], std::log2(std::exp(1.0)), 1e-12);
  // Counts per million as limma's voom has them: log2((c + 0.5) / (N + 1) 1e6).
  Table counts{2, 2, {10.0, 0.0, 89.0, 999.0}};
  take_log2(counts, ExpressionScale::counts);
  EXPECT_NEAR(counts(0, 0), std::log2(10.5 / 100.0 * 1e6), 1e-12);
  EXPECT_NEAR(counts(0, 1), std::log2(0.5 / 1000.0 * 1e6), 1e-12);
  EXPECT_THROW(take_log2(counts, ExpressionScale::unclear), StatisticsError);
}

// A balanced random-intercept model has closed forms: the residual variance is the mean square within, the
// level's variance (MS between - MS within) / n.
TEST(MixedModel, a_balanced_random_level_has_the_estimates_of_anova) {
  MixedModelData d;
  const double y[] = {1.0, 1.4, 0.9, 2.0, 2.5, 2.1, 3.3, 2.9, 3.1, 1.2, 1.5, 1.9};
  for (int i = 0; i < 12; ++i) {
    d.y.push_back(y[i]);
    d.subject.push_back(i / 3);
  }
  d.names = {"mean"};
  d.fixed = {12, 1, std::vector<double>(12, 1.0)};
  d.random = d.fixed;
  const MixedModel m = fit_mixed_model(d);
  ASSERT_EQ(m.status, MixedModelStatus::converged);
  double within = 0.0, between = 0.0, grand = 0.0;
  for (const double v : y) grand += v / 12.0;
  for (int s = 0; s < 4; ++s) {
    const double centre = (y[3 * s] + y[3 * s + 1] + y[3 * s + 2]) / 3.0;
    between += 3.0 * std::pow(centre - grand, 2) / 3.0;
    for (int k = 0; k < 3; ++k) within += std::pow(y[3 * s + k] - centre, 2) / 8.0;
  }
  EXPECT_NEAR(m.fixed[0].estimate, grand, 1e-10);
  EXPECT_NEAR(m.residual_sd * m.residual_sd, within, 1e-7);
  EXPECT_NEAR(m.random_covariance[0], (between - within) / 3.0, 1e-7);
  EXPECT_NEAR(m.fixed[0].standard_error, std::sqrt(between / 12.0), 1e-7);
}

TEST(MixedModel, subjects_that_do_not_differ_are_a_boundary_said_in_words) {
  MixedModelData d;
  for (int i = 0; i < 12; ++i) {
    d.y.push_back(i % 2 == 0 ? 1.0 : 2.0);
    d.subject.push_back(i / 4);
  }
  d.names = {"mean"};
  d.fixed = {12, 1, std::vector<double>(12, 1.0)};
  d.random = d.fixed;
  const MixedModel m = fit_mixed_model(d);
  EXPECT_EQ(m.status, MixedModelStatus::boundary);
  EXPECT_THAT(m.message, HasSubstr("variance of 0"));
  EXPECT_TRUE(m.usable());
  EXPECT_NEAR(m.fixed[0].estimate, 1.5, 1e-12);
}

TEST(MixedModel, too_few_subjects_or_measurements_are_said_in_words) {
  MixedModelData d;
  d.y = {1.0, 2.0, 3.0, 4.5};
  d.subject = {0, 0, 1, 1};
  d.names = {"mean"};
  d.fixed = {4, 1, {1, 1, 1, 1}};
  d.random = d.fixed;
  const MixedModel m = fit_mixed_model(d);
  EXPECT_EQ(m.status, MixedModelStatus::not_determined);
  EXPECT_THAT(m.message, HasSubstr("2 subjects"));
  d.names.clear();
  EXPECT_THROW(fit_mixed_model(d), StatisticsError);
}

}  // namespace models_test
