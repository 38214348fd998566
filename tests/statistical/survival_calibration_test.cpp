// Under the null hypothesis the p values of survival tests, of moderated tests and of mixed models are
// uniform. Fixed seeds; each test ships mutants that it must reject: hazards 10 % apart, a prior that is
// ignored, days taken for animals.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/random.hpp"
#include "stats/cox_regression.hpp"
#include "stats/distributions.hpp"
#include "stats/goodness_of_fit.hpp"
#include "stats/log_rank.hpp"
#include "stats/mixed_model.hpp"
#include "stats/moderated_variance.hpp"
#include "stats/restricted_mean.hpp"

namespace survival_calibration_test {

using namespace stroma::stats;
using stroma::core::Purpose;
using stroma::core::Stream;

double uniformity(const std::vector<double>& p) {
  return kolmogorov_smirnov(p, [](double v) { return std::min(1.0, std::max(0.0, v)); }).p;
}

constexpr int per_arm = 200;

/// Two arms of exponential times with a third censored; the second has `ratio` times the hazard.
std::vector<FollowUp> two_arms(std::uint64_t sample, double ratio) {
  std::vector<FollowUp> subjects;
  Stream draw(31, Purpose::test, sample);
  for (int i = 0; i < 2 * per_arm; ++i) {
    const double time = draw.exponential() / (i < per_arm ? 1.0 : ratio), end = 2.0 * draw.exponential();
    subjects.push_back({std::min(time, end), time <= end});
  }
  return subjects;
}

std::vector<int> arm_numbers() {
  std::vector<int> arm(per_arm, 0);
  arm.resize(2 * per_arm, 1);
  return arm;
}

struct SurvivalP {
  std::vector<double> log_rank, peto, cox, restricted;
};

// 1000 samples see a distribution that is off by 0.07 somewhere. With some 270 events the error of a log
// hazard ratio is 0.12, so that hazards 10 % apart move z by 0.8 and the law of p by more than that.
SurvivalP survival_p(double ratio) {
  SurvivalP p;
  const std::vector<int> arm = arm_numbers();
  Covariate x{"arm", std::vector<double>(arm.begin(), arm.end())};
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const std::vector<FollowUp> s = two_arms(i, ratio);
    p.log_rank.push_back(log_rank_test(s, arm).p);
    p.peto.push_back(log_rank_test(s, arm, {}, 1.0).p);
    p.cox.push_back(cox_regression({s, {x}, {}}).coefficients[0].p);
    const std::span<const FollowUp> all = s;
    p.restricted.push_back(
        compare_restricted_means(all.subspan(0, per_arm), all.subspan(per_arm), 1.0).difference_p);
  }
  return p;
}

TEST(SurvivalCalibration, p_values_are_uniform_under_the_null) {
  const SurvivalP p = survival_p(1.0);
  EXPECT_GT(uniformity(p.log_rank), 1e-4);
  EXPECT_GT(uniformity(p.peto), 1e-4);
  EXPECT_GT(uniformity(p.cox), 1e-4);
  EXPECT_GT(uniformity(p.restricted), 1e-4);
}

TEST(SurvivalCalibration, mutant_with_hazards_ten_percent_apart_is_rejected) {
  const SurvivalP p = survival_p(1.1);
  EXPECT_LT(uniformity(p.log_rank), 1e-4);
  EXPECT_LT(uniformity(p.peto), 1e-4);
  EXPECT_LT(uniformity(p.cox), 1e-4);
  EXPECT_LT(uniformity(p.restricted), 1e-4);
}

/// 4000 genes, 3 against 3 samples, variances from an inverse chi-square law with 8 degrees of freedom.
LinearModels null_genes() {
  constexpr std::size_t genes = 4000;
  Table y{genes, 6, {}};
  const Table design{6, 2, {1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1}};
  for (std::size_t g = 0; g < genes; ++g) {
    Stream draw(32, Purpose::test, g);
    double chi = 0.0;
    for (int i = 0; i < 8; ++i) chi += std::pow(draw.normal(), 2);
    for (int s = 0; s < 6; ++s) y.values.push_back(std::sqrt(8.0 / chi) * draw.normal());
  }
  return fit_linear_models(y, design, {2, 1, {0.0, 1.0}});
}

TEST(ModeratedCalibration, p_values_are_uniform_and_those_of_mutants_are_not) {
  const LinearModels models = null_genes();
  const ModeratedTests tests = moderate(models);
  EXPECT_NEAR(tests.prior.df, 8.0, 2.0);
  EXPECT_GT(uniformity(tests.p.values), 1e-4);
  std::vector<double> without_prior_df, unmoderated_normal;
  for (std::size_t g = 0; g < models.df.size(); ++g) {
    without_prior_df.push_back(student_t_two_sided(tests.t(g, 0), models.df[g]));
    unmoderated_normal.push_back(normal_two_sided(
        models.effect(g, 0) / (models.unscaled_error(g, 0) * std::sqrt(models.variance[g]))));
  }
  EXPECT_LT(uniformity(without_prior_df), 1e-4);
  EXPECT_LT(uniformity(unmoderated_normal), 1e-4);
}

/// 6 against 6 animals on 6 days, whose levels and slopes differ, with no difference between arms: p of the
/// difference in slope by a mixed model, and by one that takes every animal to grow at its arm's rate, for
/// which the days of an animal are so many animals.
TEST(MixedModelCalibration, p_values_are_uniform_and_pseudo_replication_is_rejected) {
  std::vector<double> mixed, pooled;
  for (std::uint64_t i = 0; i < 400; ++i) {
    Stream draw(33, Purpose::test, i);
    MixedModelData d;
    d.names = {"level", "day", "arm", "day:arm"};
    for (int a = 0; a < 12; ++a) {
      const double level = 5.0 + 0.3 * draw.normal(), slope = 0.12 + 0.04 * draw.normal(),
                   arm = a < 6 ? 0.0 : 1.0;
      for (int k = 0; k < 6; ++k) {
        const double day = 3.0 * k;
        d.y.push_back(level + slope * day + 0.1 * draw.normal());
        d.subject.push_back(a);
        d.fixed.values.insert(d.fixed.values.end(), {1.0, day, arm, day * arm});
        d.random.values.insert(d.random.values.end(), {1.0, day});
      }
    }
    d.fixed.rows = d.random.rows = d.y.size();
    d.fixed.columns = 4;
    d.random.columns = 2;
    const MixedModel m = fit_mixed_model(d);
    if (m.usable()) mixed.push_back(m.fixed[3].p);
    MixedModelData level_only = d;
    level_only.random = {d.y.size(), 1, std::vector<double>(d.y.size(), 1.0)};
    const MixedModel narrow = fit_mixed_model(level_only);
    if (narrow.usable()) pooled.push_back(narrow.fixed[3].p);
  }
  EXPECT_GE(mixed.size(), 396u);
  EXPECT_GT(uniformity(mixed), 1e-4);
  EXPECT_LT(uniformity(pooled), 1e-4);
}

}  // namespace survival_calibration_test
