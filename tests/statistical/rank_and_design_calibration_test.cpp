// Under the null hypothesis p values are uniform (of discrete tests: never too often small), intervals cover
// at their level, and procedures for many tests keep the error rate that they promise; simulated power is the
// computed one. Each check ships a mutant that it must reject. Fixed seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/random.hpp"
#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/dose_global.hpp"
#include "stats/dunnett.hpp"
#include "stats/effect_size.hpp"
#include "stats/goodness_of_fit.hpp"
#include "stats/kruskal_wallis.hpp"
#include "stats/mann_whitney.hpp"
#include "stats/p_adjust.hpp"
#include "stats/power.hpp"
#include "stats/shapiro_wilk.hpp"
#include "stats/spearman.hpp"
#include "stats/t_test.hpp"
#include "stats/two_way_anova.hpp"

namespace rank_and_design_calibration_test {

using namespace stroma::stats;
using Draw = stroma::core::Stream;

std::vector<double> normals(Draw& draw, std::size_t n, double mean = 0.0, double sd = 1.0) {
  std::vector<double> x(n);
  for (double& v : x) v = mean + sd * draw.normal();
  return x;
}

std::vector<double> repeated(std::size_t times, std::uint64_t seed,
                             const std::function<double(Draw&)>& p_value) {
  std::vector<double> p;
  for (std::uint64_t i = 0; i < times; ++i) {
    Draw draw(seed, stroma::core::Purpose::test, i);
    p.push_back(p_value(draw));
  }
  return p;
}

double uniformity(const std::vector<double>& p) {
  return kolmogorov_smirnov(p, [](double v) { return std::clamp(v, 0.0, 1.0); }).p;
}

/// z of the share of p values below `level` against a promised share; 4 is the bound of all checks here.
double excess(const std::vector<double>& p, double level, double promised) {
  const auto hits = std::count_if(p.begin(), p.end(), [&](double v) { return v <= level; });
  return z_test_proportion(static_cast<double>(hits), static_cast<double>(p.size()), promised).statistic;
}

// 12 values against 10: 1 in 646646 arrangements, so p is as good as continuous; its steps near 0.5, of 0.06,
// are what a test of all p would see, hence three levels, at each of which the exact law says the promised
// share.
TEST(RankCalibration, mann_whitney_keeps_its_level_and_one_tail_of_it_does_not) {
  const auto sample = [](Draw& draw) { return mann_whitney(normals(draw, 12), normals(draw, 10)); };
  const auto p = repeated(20000, 31, [&](Draw& d) { return sample(d).p; });
  // The largest attainable p not above the level, from the law of U itself: the promise that can be kept.
  for (const double level : {0.2, 0.05, 0.01}) {
    double attained = 0.0;
    for (const double v : p)
      if (v <= level) attained = std::max(attained, v);
    EXPECT_LT(std::abs(excess(p, level, attained)), 4.0) << level;
    EXPECT_GT(attained, 0.8 * level);
  }
  std::vector<double> one_sided = p;  // one tail where two belong
  for (double& v : one_sided) v *= 0.5;
  EXPECT_GT(excess(one_sided, 0.05, 0.05), 4.0);
}

TEST(RankCalibration, hodges_lehmann_interval_covers_a_shift_and_a_narrower_one_does_not) {
  int covered = 0, narrower = 0;
  double level = 0.0;
  for (std::uint64_t i = 0; i < 4000; ++i) {
    Draw draw(32, stroma::core::Purpose::test, i);
    std::vector<double> x = normals(draw, 9), y = normals(draw, 11);
    for (double& v : x) v = std::exp(v) + 3.0;  // any law, shifted by 3
    for (double& v : y) v = std::exp(v);
    const MannWhitney t = mann_whitney(x, y);
    level = t.achieved_level;
    covered += t.ci.contains(3.0);
    narrower +=
        Interval{t.shift + 0.7 * (t.ci.low - t.shift), t.shift + 0.7 * (t.ci.high - t.shift)}.contains(3.0);
  }
  EXPECT_LT(std::abs(z_test_proportion(covered, 4000, level).statistic), 4.0);
  EXPECT_LT(z_test_proportion(narrower, 4000, level).statistic, -4.0);
}

// Chi-square is the limit of H; with 15 values per group its error at the 5 % point is below 0.3 % (Kruskal
// and Wallis 1952 give exact tables), half a standard error of 20 000 samples.
TEST(RankCalibration, kruskal_wallis_keeps_its_level_and_one_with_too_few_degrees_does_not) {
  const auto h = [](Draw& d) { return kruskal_wallis({normals(d, 15), normals(d, 15), normals(d, 15)}); };
  const auto p = repeated(20000, 33, [&](Draw& d) { return h(d).p; });
  EXPECT_LT(std::abs(excess(p, 0.05, 0.05)), 4.0);
  EXPECT_LT(std::abs(excess(p, 0.2, 0.2)), 4.0);
  const auto mutant = repeated(20000, 33, [&](Draw& d) { return chi_square_upper(h(d).statistic, 1.0); });
  EXPECT_GT(excess(mutant, 0.05, 0.05), 4.0);
}

TEST(RankCalibration, spearman_keeps_its_level_exact_and_by_series_and_a_normal_law_does_not) {
  for (const std::size_t n : {7u, 20u}) {
    const auto test = [&](Draw& d) { return spearman(normals(d, n), normals(d, n)); };
    const auto p = repeated(20000, 34 + n, [&](Draw& d) { return test(d).p; });
    double attained = 0.0;
    for (const double v : p)
      if (v <= 0.05) attained = std::max(attained, v);
    EXPECT_LT(std::abs(excess(p, 0.05, attained)), 4.0) << n;
  }
  const auto mutant = repeated(20000, 41, [&](Draw& d) {
    return normal_two_sided(spearman(normals(d, 7), normals(d, 7)).rho * std::sqrt(7.0));
  });
  EXPECT_GT(excess(mutant, 0.05, 0.05), 4.0);  // sqrt(n) for sqrt(n - 1)
}

TwoWayAnova two_way(Draw& d) {
  const std::vector<std::size_t> a{0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1}, b{0, 0, 1, 2, 2, 0, 1, 1, 1, 2, 2, 0};
  std::vector<double> y = normals(d, a.size());
  for (std::size_t i = 0; i < y.size(); ++i)
    y[i] += 2.0 * static_cast<double>(b[i]);  // b acts, a and a:b do not
  return two_way_anova(y, a, b);
}

TEST(DesignCalibration, p_of_an_idle_factor_and_of_the_interaction_are_uniform_in_an_unbalanced_table) {
  EXPECT_GT(uniformity(repeated(20000, 42, [](Draw& d) { return two_way(d).first.p; })), 1e-4);
  EXPECT_GT(uniformity(repeated(20000, 42, [](Draw& d) { return two_way(d).interaction->p; })), 1e-4);
  EXPECT_LT(uniformity(repeated(20000, 42,
                                [](Draw& d) {
                                  const TwoWayAnova t = two_way(d);  // variance with the divisor n
                                  return f_upper(t.first.f * 12.0 / t.residual_df, t.first.df, t.residual_df);
                                })),
            1e-4);
}

// Dunnett's simultaneous level: the smallest adjusted p of a sample is uniform.
TEST(DesignCalibration, smallest_dunnett_p_is_uniform_and_the_unadjusted_one_is_not) {
  std::vector<double> adjusted, plain;
  for (std::uint64_t i = 0; i < 500; ++i) {
    Draw d(43, stroma::core::Purpose::test, i);
    const auto control = normals(d, 8), one = normals(d, 4), two = normals(d, 5), three = normals(d, 6);
    double smallest = 1.0, t = 0.0;
    for (const DunnettComparison& c : dunnett({control, one, two, three})) {
      smallest = std::min(smallest, c.p_adjusted);
      t = std::max(t, std::abs(c.statistic));
    }
    adjusted.push_back(smallest);
    plain.push_back(student_t_two_sided(t, 19.0));
  }
  EXPECT_GT(uniformity(adjusted), 1e-4);
  EXPECT_LT(uniformity(plain), 1e-4);
}

// Royston's approximation is good to about 0.3 % in the lower tail (its paper's simulations): 5 % within 4
// standard errors of 20 000 and that.
TEST(DesignCalibration, shapiro_wilk_keeps_its_level_for_normal_values_and_rejects_exponential_ones) {
  for (const std::size_t n : {6u, 25u}) {
    const auto p = repeated(20000, 44 + n, [&](Draw& d) { return shapiro_wilk(normals(d, n, 10.0, 3.0)).p; });
    EXPECT_LT(std::abs(excess(p, 0.05, 0.05)), 4.0) << n;
  }
  const auto mutant = repeated(2000, 70, [](Draw& d) {
    std::vector<double> x = normals(d, 25);
    for (double& v : x) v = -std::log(normal_cdf(v));
    return shapiro_wilk(x).p;
  });
  EXPECT_GT(excess(mutant, 0.05, 0.05), 4.0);
}

struct Errors {
  int any_holm = 0, any_plain = 0;
  double discoveries_bh = 0.0, discoveries_plain = 0.0;
};

/// 20 tests, 15 of true null hypotheses and 5 of effects of 3 standard errors.
Errors errors_of(int times) {
  Errors e;
  for (int i = 0; i < times; ++i) {
    Draw d(45, stroma::core::Purpose::test, static_cast<std::uint64_t>(i));
    std::vector<double> p;
    for (int k = 0; k < 20; ++k) p.push_back(normal_two_sided(d.normal() + (k < 5 ? 3.0 : 0.0)));
    const auto holm = adjust_p(p, Adjustment::holm), bh = adjust_p(p, Adjustment::benjamini_hochberg);
    const auto share = [&](const std::vector<double>& q) {
      int wrong = 0, all = 0;
      for (int k = 0; k < 20; ++k)
        if (q[static_cast<std::size_t>(k)] <= 0.1) ++all, wrong += k >= 5;
      return all == 0 ? 0.0 : static_cast<double>(wrong) / all;
    };
    const auto any = [&](const std::vector<double>& q) {
      return std::any_of(q.begin() + 5, q.end(), [](double v) { return v <= 0.1; });
    };
    e.any_holm += any(holm);
    e.any_plain += any(p);
    e.discoveries_bh += share(bh) / times;
    e.discoveries_plain += share(p) / times;
  }
  return e;
}

TEST(DesignCalibration, holm_keeps_the_family_wise_error_and_benjamini_hochberg_the_false_discovery_rate) {
  const int times = 10000;
  const Errors e = errors_of(times);
  EXPECT_LT(z_test_proportion(e.any_holm, times, 0.1).statistic, 4.0);
  EXPECT_GT(z_test_proportion(e.any_plain, times, 0.1).statistic, 4.0);
  // The rate is exactly 15/20 of 0.1 for independent tests (Benjamini and Yekutieli 2001). A share is at most
  // 1, so its variance is at most its mean: the standard error below 0.0028.
  EXPECT_NEAR(e.discoveries_bh, 0.075, 4.0 * std::sqrt(0.075 / times));
  EXPECT_GT(e.discoveries_plain, 0.075 + 4.0 * std::sqrt(0.075 / times));
}

TEST(EffectCalibration, interval_of_cohen_s_d_covers_and_one_from_the_central_t_does_not) {
  const double truth = 2.0;  // where the central t law is far off
  int covered = 0, central = 0, delta = 0;
  const int times = 4000;
  const double dominance = 2.0 * normal_cdf(truth / std::sqrt(2.0)) - 1.0;
  for (int i = 0; i < times; ++i) {
    Draw d(46, stroma::core::Purpose::test, static_cast<std::uint64_t>(i));
    const auto x = normals(d, 10, truth), y = normals(d, 10), wide = normals(d, 30, 0.5),
               other = normals(d, 30);
    const EffectSize e = cohens_d(x, y);
    covered += e.ci.contains(truth);
    const double half = student_t_critical(0.95, 18.0) * std::sqrt(0.2);
    central += Interval{e.value - half, e.value + half}.contains(truth);
    delta += cliffs_delta(wide, other).ci.contains(2.0 * normal_cdf(0.5 / std::sqrt(2.0)) - 1.0);
  }
  EXPECT_LT(std::abs(z_test_proportion(covered, times, 0.95).statistic), 4.0);
  EXPECT_LT(z_test_proportion(central, times, 0.95).statistic, -4.0);
  // Feng and Cliff's interval is asymptotic; with 30 values it covers within 1 % of its level (their
  // simulations).
  EXPECT_NEAR(static_cast<double>(delta) / times, 0.95, 0.01 + 4.0 * std::sqrt(0.95 * 0.05 / times));
  EXPECT_GT(dominance, 0.8);
}

TEST(PowerCalibration, simulated_tests_reject_as_often_as_computed_and_not_as_often_as_with_one_more_value) {
  const int times = 40000;
  int rejected = 0;
  for (int i = 0; i < times; ++i) {
    Draw d(47, stroma::core::Purpose::test, static_cast<std::uint64_t>(i));
    rejected += student_t_test(normals(d, 6, 1.5), normals(d, 6)).p < 0.05;
  }
  TPower design{6.0, 1.5, 1.0, 0.05, TDesign::two_sample, true, true};
  EXPECT_LT(std::abs(z_test_proportion(rejected, times, power_t_test(design)).statistic), 4.0);
  design.n = 7.0;
  EXPECT_GT(std::abs(z_test_proportion(rejected, times, power_t_test(design)).statistic), 4.0);
}

struct DoseCoverage {
  int potency = 0, narrower = 0, robust = 0, parallel = 0, total = 0;
};

DoseCoverage dose_coverage(int times) {
  DoseCoverage c;
  const LogisticCurve truth{1.3, 10.0, 100.0, 3.0, 1.0}, weaker{1.3, 10.0, 100.0, 12.0, 1.0};
  DoseResponseOptions robust;
  robust.robust = true;
  for (int i = 0; i < times; ++i) {
    Draw d(48, stroma::core::Purpose::test, static_cast<std::uint64_t>(i));
    const auto plate = [&](const LogisticCurve& curve) {
      DoseSeries s;
      for (const double dose : {0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0})
        for (int r = 0; r < 4; ++r) {
          s.doses.push_back(dose);
          s.responses.push_back(curve.at(dose) + 4.0 * d.normal());
        }
      return s;
    };
    const std::vector<DoseSeries> both{plate(truth), plate(weaker)};
    const GlobalDoseResponse g = fit_dose_responses(both, {});
    const auto ratio = relative_potency(g, 1, 0);
    const DoseResponseFit r = fit_dose_response(both[0].doses, both[0].responses, robust);
    if (!g.fit.converged() || !r.usable() || !std::holds_alternative<Ic50Ratio>(ratio)) continue;
    ++c.total;
    const Interval ci = std::get<Ic50Ratio>(ratio).ci;
    c.potency += ci.contains(4.0);
    const double middle = std::sqrt(ci.low * ci.high), shrunk = std::pow(ci.high / middle, 0.7);
    c.narrower += Interval{middle / shrunk, middle * shrunk}.contains(4.0);
    c.parallel += g.parallelism->p > 0.05;
    c.robust += r.relative_ic50.ci.contains(3.0);
  }
  return c;
}

// 64 wells, 4 % noise: the curvature of the model is below the binomial error of 400 plates. Huber's
// covariance is asymptotic; with 32 wells its intervals are known to be some per cent too short (Maronna,
// Martin and Yohai 2006, section 5.6), for which 3 % are allowed.
TEST(DoseCalibration,
     potency_parallelism_and_robust_intervals_keep_their_levels_and_a_narrower_one_does_not) {
  const DoseCoverage c = dose_coverage(400);
  ASSERT_GE(c.total, 396);
  EXPECT_LT(std::abs(z_test_proportion(c.potency, c.total, 0.95).statistic), 4.0);
  EXPECT_LT(std::abs(z_test_proportion(c.parallel, c.total, 0.95).statistic), 4.0);
  EXPECT_LT(z_test_proportion(c.narrower, c.total, 0.95).statistic, -4.0);
  EXPECT_GT(static_cast<double>(c.robust) / c.total, 0.95 - 0.03 - 4.0 * std::sqrt(0.95 * 0.05 / 400));
}

}  // namespace rank_and_design_calibration_test
