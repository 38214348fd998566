// Survival against published values and closed forms, and failures in words. Agreement with R on many sets:
// tests/crosscheck/survival_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "stats/cox_regression.hpp"
#include "stats/error.hpp"
#include "stats/kaplan_meier.hpp"
#include "stats/log_rank.hpp"
#include "stats/restricted_mean.hpp"

namespace survival_test {

using namespace stroma::stats;
using testing::HasSubstr;

// Acute myelogenous leukemia with and without maintenance (Miller, Survival Analysis, 1981).
const std::vector<FollowUp> maintained = {{9, true},   {13, true},  {13, false}, {18, true},
                                          {23, true},  {28, false}, {31, true},  {34, true},
                                          {45, false}, {48, true},  {161, false}};
const std::vector<FollowUp> not_maintained = {{5, true},  {5, true},   {8, true},  {8, true},
                                              {12, true}, {16, false}, {23, true}, {27, true},
                                              {30, true}, {33, true},  {43, true}, {45, true}};

std::vector<FollowUp> both() {
  std::vector<FollowUp> all = maintained;
  all.insert(all.end(), not_maintained.begin(), not_maintained.end());
  return all;
}

std::vector<int> arms() {
  std::vector<int> arm(maintained.size(), 0);
  arm.resize(maintained.size() + not_maintained.size(), 1);
  return arm;
}

TEST(KaplanMeier, leukemia_has_medians_of_31_and_23_weeks) {
  EXPECT_EQ(kaplan_meier(maintained).median.value, 31.0);
  EXPECT_EQ(kaplan_meier(not_maintained).median.value, 23.0);
  EXPECT_EQ(kaplan_meier(maintained).median.ci.low, 18.0);
  EXPECT_TRUE(std::isnan(kaplan_meier(maintained).median.ci.high));  // not reached
}

TEST(KaplanMeier, without_censoring_it_is_the_empirical_law_with_the_binomial_error) {
  std::vector<FollowUp> s;
  for (int i = 1; i <= 10; ++i) s.push_back({static_cast<double>(i), true});
  const KaplanMeier curve = kaplan_meier(s);
  for (int i = 1; i < 10; ++i) {
    const double q = 1.0 - i / 10.0;
    EXPECT_NEAR(curve.points[static_cast<std::size_t>(i - 1)].survival, q, 1e-15);
    EXPECT_NEAR(curve.points[static_cast<std::size_t>(i - 1)].standard_error, std::sqrt(q * (1.0 - q) / 10.0),
                1e-15);
  }
  EXPECT_EQ(curve.median.value, 5.5);  // the middle of the step at a half
  EXPECT_TRUE(std::isnan(curve.points.back().ci.high));
}

TEST(KaplanMeier, numbers_at_risk_and_the_curve_between_its_steps) {
  EXPECT_EQ(at_risk(maintained, 0.0), 11u);
  EXPECT_EQ(at_risk(maintained, 13.0), 10u);
  EXPECT_EQ(at_risk(maintained, 13.1), 8u);
  const KaplanMeier curve = kaplan_meier(maintained);
  EXPECT_EQ(survival_at(curve, 8.9), 1.0);
  EXPECT_EQ(survival_at(curve, 9.0), 10.0 / 11.0);
  EXPECT_EQ(survival_at(curve, 12.9), 10.0 / 11.0);
}

TEST(LogRank, leukemia_gives_3_396389) {
  const LogRank t = log_rank_test(both(), arms());
  EXPECT_NEAR(t.statistic, 3.396389, 1e-6);
  EXPECT_EQ(t.df, 1.0);
  EXPECT_NEAR(t.p, 0.065339, 1e-6);
}

TEST(LogRank, a_stratum_of_its_own_for_every_subject_says_nothing) {
  std::vector<int> strata;
  for (int i = 0; i < 23; ++i) strata.push_back(i);
  const LogRank t = log_rank_test(both(), arms(), strata);
  EXPECT_EQ(t.status, LogRankStatus::no_variance);
  EXPECT_FALSE(t.message.empty());
  EXPECT_EQ(t.p, 1.0);
}

TEST(LogRank, arms_without_events_are_a_result_and_not_an_error) {
  std::vector<FollowUp> censored = both();
  for (FollowUp& s : censored) s.event = false;
  const LogRank t = log_rank_test(censored, arms());
  EXPECT_EQ(t.status, LogRankStatus::no_events);
  EXPECT_THAT(t.message, HasSubstr("no subject had the event"));
}

TEST(LogRank, what_is_no_survival_is_refused) {
  EXPECT_THROW(kaplan_meier({}), StatisticsError);
  EXPECT_THROW(kaplan_meier(std::vector<FollowUp>{{-1.0, true}}), StatisticsError);
  EXPECT_THROW(kaplan_meier(std::vector<FollowUp>{{std::nan(""), true}}), StatisticsError);
  EXPECT_THROW(log_rank_test(maintained, std::vector<int>(11, 0)), StatisticsError);
  EXPECT_THROW(log_rank_test(maintained, std::vector<int>(10, 0)), StatisticsError);
  std::vector<int> gap(11, 0);
  gap[3] = 2;
  EXPECT_THROW(log_rank_test(maintained, gap), StatisticsError);
}

CoxData leukemia() {
  CoxData d;
  d.subjects = both();
  Covariate x{"nonmaintained", {}};
  for (const int a : arms()) x.values.push_back(a);
  d.covariates = {x};
  return d;
}

TEST(Cox, without_ties_the_score_test_is_the_log_rank_test) {
  CoxData d = leukemia();
  for (std::size_t i = 0; i < d.subjects.size(); ++i) d.subjects[i].time += 1e-4 * static_cast<double>(i);
  const CoxFit fit = cox_regression(d);
  EXPECT_NEAR(fit.score.statistic, log_rank_test(d.subjects, arms()).statistic, 1e-9);
}

TEST(Cox, the_fit_does_not_depend_on_where_a_covariate_is_measured_from_nor_in_which_unit) {
  CoxData d = leukemia();
  const CoxFit plain = cox_regression(d);
  for (double& v : d.covariates[0].values) v = 1e6 + 1e-3 * v;
  const CoxFit moved = cox_regression(d);
  EXPECT_NEAR(moved.coefficients[0].beta, 1e3 * plain.coefficients[0].beta, 1e-4);
  EXPECT_NEAR(moved.wald.statistic, plain.wald.statistic, 1e-6);
}

TEST(Cox, a_group_without_events_has_no_finite_coefficient_and_is_named) {
  CoxData d = leukemia();
  for (std::size_t i = 0; i < d.subjects.size(); ++i)
    if (d.covariates[0].values[i] == 0.0) d.subjects[i].event = false;
  const CoxFit fit = cox_regression(d);
  EXPECT_EQ(fit.status, CoxStatus::infinite_coefficient);
  EXPECT_THAT(fit.message, HasSubstr("'nonmaintained'"));
}

TEST(Cox, covariates_that_say_the_same_are_named) {
  CoxData d = leukemia();
  Covariate again{"again", {}};
  for (const double v : d.covariates[0].values) again.values.push_back(3.0 - 2.0 * v);
  d.covariates.push_back(again);
  const CoxFit fit = cox_regression(d);
  EXPECT_EQ(fit.status, CoxStatus::not_determined);
  EXPECT_THAT(fit.message, testing::AllOf(HasSubstr("'nonmaintained'"), HasSubstr("'again'")));
  CoxData constant = leukemia();
  constant.covariates[0].values.assign(23, 1.0);
  EXPECT_EQ(cox_regression(constant).status, CoxStatus::not_determined);
}

TEST(Cox, data_without_events_and_data_that_are_none) {
  CoxData d = leukemia();
  for (FollowUp& s : d.subjects) s.event = false;
  EXPECT_EQ(cox_regression(d).status, CoxStatus::no_events);
  EXPECT_THROW(test_proportionality(d, cox_regression(d)), StatisticsError);
  d.covariates[0].values.pop_back();
  EXPECT_THROW(cox_regression(d), StatisticsError);
  EXPECT_THROW(cox_regression({maintained, {}, {}}), StatisticsError);
}

TEST(RestrictedMean, without_censoring_it_is_the_mean_of_times_cut_at_tau) {
  std::vector<FollowUp> s;
  for (int i = 1; i <= 10; ++i) s.push_back({static_cast<double>(i), true});
  EXPECT_NEAR(restricted_mean(s, 10.0).mean, 5.5, 1e-12);
  EXPECT_NEAR(restricted_mean(s, 4.0).mean, (1 + 2 + 3 + 7 * 4) / 10.0, 1e-12);
  // Of the sum of uncensored times the variance is that of a mean with divisor n.
  EXPECT_NEAR(restricted_mean(s, 10.0).standard_error, std::sqrt(8.25 / 10.0), 1e-12);
  EXPECT_NEAR(restricted_mean(s, 20.0).mean, 5.5, 1e-12);  // nobody lives on
}

TEST(RestrictedMean, a_time_that_the_curve_does_not_reach_is_refused) {
  EXPECT_THROW(restricted_mean(maintained, 162.0), StatisticsError);
  EXPECT_THROW(restricted_mean(maintained, 0.0), StatisticsError);
  EXPECT_EQ(common_tau(maintained, not_maintained), 45.0);
  const RestrictedMeanComparison c = compare_restricted_means(maintained, not_maintained, 45.0);
  EXPECT_NEAR(c.difference, c.first.mean - c.second.mean, 1e-12);
  EXPECT_TRUE(c.difference_ci.contains(c.difference));
}

}  // namespace survival_test
