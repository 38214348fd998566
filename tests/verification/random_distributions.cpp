// Our streams against the distributions that they promise. Seeds are fixed, nothing is retried. Each claim is
// accepted up to z = 4 or p = 1e-4; there are about 40 of them, so an honest generator would fail this file
// with probability below 0.5 %. Each kind of test also gets a mutant, off by 10 %, which it must reject.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "verification/random_statistics.hpp"

namespace stroma::core {
namespace random_distributions {

using verification::chi_square_z;
using verification::deviation;
using verification::kolmogorov_smirnov;
using verification::ks_bound;

constexpr std::uint64_t seed = 20240101;
constexpr int n = 100'000;

/// One draw from each of n streams: that is how the simulation uses them.
template <class Draw>
std::vector<double> sample(std::uint64_t purpose_of_test, const Draw& draw) {
  std::vector<double> out(n);
  for (int i = 0; i < n; ++i) {
    Stream stream(seed, Purpose::test, static_cast<std::uint64_t>(i),
                  static_cast<std::int64_t>(purpose_of_test));
    out[static_cast<std::size_t>(i)] = static_cast<double>(draw(stream));
  }
  return out;
}

double uniform_chi_square(const std::vector<double>& values) {
  constexpr int bins = 256;
  std::vector<double> counts(bins);
  for (const double u : values) counts[static_cast<std::size_t>(u * bins)] += 1;
  double statistic = 0;
  const double expected = static_cast<double>(values.size()) / bins;
  for (const double count : counts) statistic += (count - expected) * (count - expected) / expected;
  return chi_square_z(statistic, bins - 1);
}

double identity(double x) {
  return x;
}
double normal_cdf(double x) {
  return 0.5 * std::erfc(-x / std::sqrt(2.0));
}
double exponential_cdf(double x) {
  return -std::expm1(-x);
}

TEST(Uniform, over_streams_and_within_one_stream) {
  const std::vector<double> over = sample(1, [](Stream& s) { return s.uniform(); });
  EXPECT_LT(kolmogorov_smirnov(over, identity), ks_bound);
  EXPECT_LT(std::abs(uniform_chi_square(over)), 4);
  std::vector<double> within(n);
  Stream stream(seed, Purpose::test, 1, 2);
  for (double& u : within) u = stream.uniform();
  EXPECT_LT(kolmogorov_smirnov(within, identity), ks_bound);
  EXPECT_LT(std::abs(uniform_chi_square(within)), 4);
}

TEST(Uniform, mutant_that_is_not_uniform_is_rejected) {
  const std::vector<double> mutant = sample(1, [](Stream& s) { return std::pow(s.uniform(), 1.1); });
  EXPECT_GT(kolmogorov_smirnov(mutant, identity), ks_bound);
  EXPECT_GT(uniform_chi_square(mutant), 4);
}

TEST(Normal, has_its_distribution_and_moments) {
  const std::vector<double> values = sample(3, [](Stream& s) { return s.normal(); });
  EXPECT_LT(kolmogorov_smirnov(values, normal_cdf), ks_bound);
  EXPECT_LT(deviation(values, 0, 1, 3).worst(), 4);
}

TEST(Normal, mutant_with_ten_per_cent_more_spread_is_rejected) {
  const std::vector<double> mutant = sample(3, [](Stream& s) { return 1.1 * s.normal(); });
  EXPECT_GT(kolmogorov_smirnov(mutant, normal_cdf), ks_bound);
  EXPECT_GT(deviation(mutant, 0, 1, 3).worst(), 4);
}

TEST(Exponential, has_its_distribution_and_moments) {
  const std::vector<double> values = sample(4, [](Stream& s) { return s.exponential(); });
  EXPECT_LT(kolmogorov_smirnov(values, exponential_cdf), ks_bound);
  EXPECT_LT(deviation(values, 1, 1, 9).worst(), 4);  // fourth central moment of the exponential: 9
}

TEST(Exponential, mutant_with_a_rate_off_by_ten_per_cent_is_rejected) {
  const std::vector<double> mutant = sample(4, [](Stream& s) { return s.exponential() / 1.1; });
  EXPECT_GT(kolmogorov_smirnov(mutant, exponential_cdf), ks_bound);
  EXPECT_GT(deviation(mutant, 1, 1, 9).worst(), 4);
}

// Below and above the means at which the sampler changes its method (10), and at the size of a cell count.
class Poisson : public testing::TestWithParam<double> {};

TEST_P(Poisson, has_its_mean_and_variance_and_a_mutant_does_not) {
  const double mean = GetParam();
  const double mu4 = mean + 3 * mean * mean;
  EXPECT_LT(deviation(sample(5, [&](Stream& s) { return s.poisson(mean); }), mean, mean, mu4).worst(), 4);
  EXPECT_GT(deviation(sample(5, [&](Stream& s) { return s.poisson(1.1 * mean); }), mean, mean, mu4).worst(),
            4);
}
INSTANTIATE_TEST_SUITE_P(Means, Poisson, testing::Values(0.3, 5.0, 9.99, 10.01, 80.0, 1e6, 9e8, 1e13));

struct BinomialCase {
  std::int64_t n;
  double p;
};
class Binomial : public testing::TestWithParam<BinomialCase> {};

TEST_P(Binomial, has_its_mean_and_variance_and_a_mutant_does_not) {
  const auto [trials, p] = GetParam();
  const double count = static_cast<double>(trials);
  const auto moments = [&](double prob, const std::vector<double>& values) {
    const double variance = count * prob * (1 - prob);
    return deviation(values, count * prob, variance, variance * (1 + 3 * (count - 2) * prob * (1 - prob)))
        .worst();
  };
  EXPECT_LT(moments(p, sample(6, [&, t = trials, q = p](Stream& s) { return s.binomial(t, q); })), 4);
  EXPECT_GT(moments(p, sample(6, [&, t = trials, q = p](Stream& s) { return s.binomial(t, 0.9 * q); })), 4);
}
INSTANTIATE_TEST_SUITE_P(Cases, Binomial,
                         testing::Values(BinomialCase{1, 0.3}, BinomialCase{10, 0.3}, BinomialCase{20, 0.5},
                                         BinomialCase{5, 0.9}, BinomialCase{1000, 0.01},
                                         BinomialCase{1000, 0.8}, BinomialCase{1'000'000, 0.4},
                                         BinomialCase{1'000'000'000'000, 0.25}));

TEST(Poisson, small_means_have_the_right_zeros) {
  // P(0) = exp(-mean): a moment test would miss a sampler that is wrong only there.
  const std::vector<double> values = sample(7, [](Stream& s) { return s.poisson(0.5); });
  double zeros = 0;
  for (const double x : values) zeros += x == 0 ? 1 : 0;
  const double p = std::exp(-0.5);
  EXPECT_LT(std::abs(zeros - n * p) / std::sqrt(n * p * (1 - p)), 4);
  const double mutant = std::exp(-0.55);
  EXPECT_GT(std::abs(zeros - n * mutant) / std::sqrt(n * mutant * (1 - mutant)), 4);
}

}  // namespace random_distributions
}  // namespace stroma::core
