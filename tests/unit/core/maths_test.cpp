// The engine's own functions: how far they are from exact arithmetic (against long double, whose 64 bits
// leave 2^-11 of a double's last place), and that they are the same bits everywhere (a hash over many
// results, taken once).
#include "core/maths.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <random>

#include "core/hash.hpp"

namespace stroma::core {
namespace maths_test {

using Long = long double;
constexpr double infinity = std::numeric_limits<double>::infinity();

// The largest error over many arguments, in units of the last place of the exact value.
double worst(double low, double high, bool logarithmic, const std::function<double(double)>& f,
             const std::function<Long(Long)>& exact) {
  std::mt19937_64 generator(1);
  std::uniform_real_distribution<double> place(low, high);
  double most = 0.0;
  for (int i = 0; i < 200'000; ++i) {
    const double x = logarithmic ? std::exp(place(generator)) : place(generator);
    const Long truth = exact(x);
    const double size = std::abs(static_cast<double>(truth));
    const Long place_value = static_cast<Long>(std::nextafter(size, infinity)) - static_cast<Long>(size);
    most = std::max(most, static_cast<double>(std::abs((static_cast<Long>(f(x)) - truth) / place_value)));
  }
  return most;
}

TEST(Maths, exponentials_are_within_their_bounds) {
  EXPECT_LT(worst(
                -1, 1, false, [](double x) { return maths::exp(x); }, [](Long x) { return expl(x); }),
            0.75);
  EXPECT_LT(worst(
                -700, 700, false, [](double x) { return maths::exp(x); }, [](Long x) { return expl(x); }),
            0.75);
  for (const double reach : {1e-6, 0.5, 2.0, 40.0})
    EXPECT_LT(
        worst(
            -reach, reach, false, [](double x) { return maths::expm1(x); }, [](Long x) { return expm1l(x); }),
        1.75);
  EXPECT_LT(worst(
                -1000, 1000, false, [](double x) { return maths::exp2(x); }, [](Long x) { return exp2l(x); }),
            1.0);
  EXPECT_LT(
      worst(
          -300, 300, false, [](double x) { return maths::exp10(x); }, [](Long x) { return powl(10.0L, x); }),
      1.0);
}

TEST(Maths, logarithms_are_within_their_bounds) {
  for (const double reach : {0.01, 1.0, 700.0}) {
    EXPECT_LT(
        worst(
            -reach, reach, true, [](double x) { return maths::log(x); }, [](Long x) { return logl(x); }),
        1.0);
    EXPECT_LT(
        worst(
            -reach, reach, true, [](double x) { return maths::log2(x); }, [](Long x) { return log2l(x); }),
        1.75);
    EXPECT_LT(
        worst(
            -reach, reach, true, [](double x) { return maths::log10(x); }, [](Long x) { return log10l(x); }),
        2.0);
  }
  EXPECT_LT(worst(
                -0.999, 3, false, [](double x) { return maths::log1p(x); }, [](Long x) { return log1pl(x); }),
            1.25);
  EXPECT_LT(worst(
                -40, 40, true, [](double x) { return maths::log1p(x); }, [](Long x) { return log1pl(x); }),
            1.25);
}

TEST(Maths, powers_and_roots_are_within_their_bounds) {
  for (const double y : {0.5, 1.7, -2.3, 3.0})
    EXPECT_LT(
        worst(
            -4, 4, true, [y](double x) { return maths::pow(x, y); }, [y](Long x) { return powl(x, y); }),
        1.0);
  EXPECT_LT(
      worst(
          -9, 9, true, [](double x) { return maths::pow(x, -55.3); }, [](Long x) { return powl(x, -55.3); }),
      4.0);
  EXPECT_LT(worst(
                -600, 600, true, [](double x) { return maths::cbrt(x); }, [](Long x) { return cbrtl(x); }),
            1.0);
}

TEST(Maths, single_precision_is_correctly_rounded_but_for_near_ties) {
  std::mt19937_64 generator(2);
  std::uniform_real_distribution<double> place(-8.0, 8.0);
  for (int i = 0; i < 200'000; ++i) {
    const auto x = static_cast<float>(std::exp(place(generator)));
    const auto off = [](float value, Long exact) {
      const auto size = std::abs(static_cast<float>(exact));
      return static_cast<double>(std::abs((value - exact) / (std::nextafter(size, HUGE_VALF) - size)));
    };
    ASSERT_LT(off(maths::pow(x, 1.7F), powl(x, static_cast<Long>(1.7F))), 0.51) << x;
    ASSERT_LT(off(maths::cbrt(x), cbrtl(x)), 0.5001) << x;
  }
}

TEST(Maths, angles_are_exact_at_whole_quarters_and_close_between) {
  constexpr std::array<double, 4> cosines = {1, 0, -1, 0}, sines = {0, 1, 0, -1};
  for (std::size_t quarter = 0; quarter < 8; ++quarter) {
    const maths::OnCircle at = maths::on_circle(0.25 * static_cast<double>(quarter));
    EXPECT_EQ(at.cosine, cosines[quarter % 4]);
    EXPECT_EQ(at.sine, sines[quarter % 4]);
  }
  // Below an eighth of a turn nothing has to be reduced, so long double's own functions are the reference.
  const auto angle = [](Long turns) { return 2.0L * std::numbers::pi_v<Long> * turns; };
  EXPECT_LT(worst(
                -0.125, 0.125, false, [](double t) { return maths::on_circle(t).sine; },
                [&](Long t) { return sinl(angle(t)); }),
            2.0);
  EXPECT_LT(worst(
                -0.125, 0.125, false, [](double t) { return maths::on_circle(t).cosine; },
                [&](Long t) { return cosl(angle(t)); }),
            2.0);
  for (double t = 0.0; t < 1.0; t += 1e-4) {
    const maths::OnCircle at = maths::on_circle(t);
    EXPECT_NEAR(at.cosine, std::cos(2.0 * std::numbers::pi * t), 1e-15);
    EXPECT_NEAR(at.sine, std::sin(2.0 * std::numbers::pi * t), 1e-15);
  }
}

TEST(Maths, ends_and_specials_are_those_of_the_standard) {
  EXPECT_EQ(maths::exp(710.0), infinity);
  EXPECT_EQ(maths::exp(-746.0), 0.0);
  EXPECT_EQ(maths::exp(-745.0), std::exp(-745.0));
  EXPECT_TRUE(std::isnan(maths::exp(std::nan(""))));
  EXPECT_EQ(maths::exp(0.0), 1.0);
  EXPECT_EQ(maths::expm1(0.0), 0.0);
  EXPECT_EQ(maths::expm1(-100.0), -1.0);
  EXPECT_EQ(maths::log(0.0), -infinity);
  EXPECT_TRUE(std::isnan(maths::log(-1.0)));
  EXPECT_EQ(maths::log(1.0), 0.0);
  EXPECT_NEAR(maths::log(5e-324), std::log(5e-324), 1e-12);
  EXPECT_EQ(maths::log1p(-1.0), -infinity);
  for (int k = -1000; k <= 1000; k += 37) {
    EXPECT_EQ(maths::log2(std::ldexp(1.0, k)), k);
    EXPECT_EQ(maths::exp2(k), std::ldexp(1.0, k));
  }
  EXPECT_EQ(maths::pow(0.0, 2.0), 0.0);
  EXPECT_EQ(maths::pow(0.0, -2.0), infinity);
  EXPECT_EQ(maths::pow(0.0, 0.0), 1.0);
  EXPECT_EQ(maths::pow(-2.0, 3.0), -8.0);
  EXPECT_TRUE(std::isnan(maths::pow(-2.0, 0.5)));
  EXPECT_EQ(maths::pow(10.0, 3.0), 1000.0);
  EXPECT_EQ(maths::pow(10.0, 400.0), infinity);
  EXPECT_EQ(maths::pow(10.0, -400.0), 0.0);
  EXPECT_EQ(maths::pow(0.0F, 1.5F), 0.0F);
  EXPECT_EQ(maths::pow(1e30F, 3.0F), HUGE_VALF);
  EXPECT_EQ(maths::power(2.0, 10), 1024.0);
  EXPECT_EQ(maths::power(2.0, -2), 0.25);
  EXPECT_EQ(maths::cbrt(-27.0), -3.0);
  EXPECT_EQ(maths::cbrt(0.0F), 0.0F);
}

// Values of R 4.2: qnorm, dpois(log = TRUE), dbinom(log = TRUE).
TEST(Maths, quantiles_and_probabilities_agree_with_r) {
  EXPECT_NEAR(maths::normal_quantile(0.975), 1.95996398454005361, 1e-15);
  EXPECT_NEAR(maths::normal_quantile(0.3), -0.52440051270804067, 1e-15);
  EXPECT_NEAR(maths::normal_quantile(1e-12), -7.03448382530113214, 1e-14);
  EXPECT_NEAR(maths::log_poisson(10'000'000'100, 1e10), -12.4318645031832329, 1e-13);
  EXPECT_NEAR(maths::log_binomial(123, 1000, 0.1), -6.0192634696943106, 1e-13);
}

TEST(Maths, probabilities_sum_to_one) {
  double poisson = 0.0, binomial = 0.0;
  for (int k = 0; k <= 200; ++k) poisson += maths::exp(maths::log_poisson(k, 31.7));
  for (int k = 0; k <= 60; ++k) binomial += maths::exp(maths::log_binomial(k, 60, 0.37));
  EXPECT_NEAR(poisson, 1.0, 1e-12);
  EXPECT_NEAR(binomial, 1.0, 1e-12);
}

// What no machine may change. A new digit here is a new engine_version.
TEST(Maths, is_the_same_bits_on_every_machine) {
  Hasher hasher;
  for (int i = 1; i <= 20'000; ++i) {
    const double x = i * 0x1p-9;
    for (const double value :
         {maths::exp(x), maths::exp(-x), maths::expm1(-x), maths::log(x), maths::log1p(x), maths::log2(x),
          maths::pow(x, 1.7), maths::cbrt(x), maths::on_circle(x).cosine, maths::on_circle(x).sine,
          maths::normal_quantile(i / 20'001.0), maths::exp10(-x),
          static_cast<double>(maths::pow(float(x), 2.3F)), static_cast<double>(maths::cbrt(float(x)))})
      hasher.number(value);
  }
  EXPECT_EQ(hasher.digest(), "347bc4d71b0524de9fb2a77fecc2eb76");
}

}  // namespace maths_test
}  // namespace stroma::core
