// The lack-of-fit test against R: f <- lm(y ~ x, weights = w); anova(f, lm(y ~ factor(x), weights = w)).
#include "stats/lack_of_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/random.hpp"
#include "stats/dose_response.hpp"

namespace stroma::stats {
namespace lack_of_fit_test {

const std::vector<double> x{0, 0, 0, 1, 1, 1, 2, 2, 2, 4, 4, 4, 8, 8, 8};
const std::vector<double> y{10.1, 9.8, 10.3, 8.2, 8.0, 8.5, 6.9, 7.1, 6.6, 6.0, 6.2, 5.7, 1.9, 2.2, 2.1};

TEST(LackOfFit, agrees_with_r) {
  const auto plain = lack_of_fit(x, y, {}, 3.68191666666664, 2);
  ASSERT_TRUE(plain);
  EXPECT_NEAR(plain->f, 18.8468875502006, 1e-9);
  EXPECT_NEAR(plain->p, 1.94075885766601e-04, 1e-12);
  EXPECT_EQ(plain->df1, 3.0);
  EXPECT_EQ(plain->df2, 10.0);
  const std::vector<double> weights{1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3};
  const auto weighted = lack_of_fit(x, y, weights, 7.99299999999999, 2);
  EXPECT_NEAR(weighted->f, 17.4007782101166, 1e-9);
  EXPECT_NEAR(weighted->p, 2.70513774960401e-04, 1e-12);
}

TEST(LackOfFit, needs_repeats_that_differ_and_more_places_than_parameters) {
  EXPECT_FALSE(lack_of_fit(std::vector{1.0, 2.0, 3.0}, std::vector{1.0, 2.0, 2.5}, {}, 0.1, 2));
  EXPECT_FALSE(lack_of_fit(std::vector{1.0, 1.0, 2.0, 2.0}, std::vector{1.0, 1.1, 2.0, 2.1}, {}, 0.1, 2));
  EXPECT_FALSE(lack_of_fit(std::vector{1.0, 1.0, 2.0, 3.0}, std::vector{1.0, 1.0, 2.0, 2.9}, {}, 0.1, 2));
}

// Of 400 sets from a logistic curve about 5 % are called misfits (binomial: standard deviation 4.4, four of
// them 18); of as many with a second phase nearly all are.
TEST(LackOfFit, holds_its_level_on_logistic_curves_and_rejects_two_phases) {
  const std::vector<double> doses{0.0, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0};
  int called = 0, mutant = 0;
  for (std::uint64_t set = 0; set < 400; ++set) {
    core::Stream noise(set, core::Purpose::test, 1);
    std::vector<double> d, one, two;
    for (const double dose : doses)
      for (int k = 0; k < 3; ++k) {
        const double e = 3.0 * noise.normal();
        d.push_back(dose);
        one.push_back(100.0 / (1.0 + std::pow(dose / 3.0, 1.2)) + e);
        two.push_back(50.0 / (1.0 + std::pow(dose / 0.1, 3.0)) + 50.0 / (1.0 + std::pow(dose / 30.0, 3.0)) +
                      e);
      }
    const DoseResponseFit fit = fit_dose_response(d, one), misfit = fit_dose_response(d, two);
    ASSERT_TRUE(fit.lack_of_fit && misfit.lack_of_fit);
    called += fit.lack_of_fit->p < 0.05;
    mutant += misfit.lack_of_fit->p < 0.05;
  }
  EXPECT_LE(std::abs(called - 20), 18);
  EXPECT_GE(mutant, 380);
}

}  // namespace lack_of_fit_test
}  // namespace stroma::stats
