// Mean, standard deviation and lag-1 autocorrelation against NIST's certified values.
#include <gtest/gtest.h>

#include "nist_file.hpp"
#include "stats/descriptive.hpp"

namespace nist_univariate {

struct Set {
  std::string file, mean_key, sd_key, autocorrelation_key, data_key;
};

std::vector<double> values(const std::vector<std::string>& lines) {
  // Data follow a line that begins with "Data: Y" and a rule, or "# Data" and the end of its frame.
  std::size_t begin = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with("Data: Y") || lines[i].starts_with("# Data")) begin = i + 1;
  }
  std::vector<double> v;
  for (std::size_t i = begin; i < lines.size(); ++i) {
    const auto x = nist::numbers(lines[i]);
    v.insert(v.end(), x.begin(), x.end());
  }
  return v;
}

// Eight digits are asked for; a double of data with 7 constant leading digits holds 16 - 7 = 9 of the
// deviations. The certified autocorrelations carry 12 to 15 digits, of which the same 8 can be expected.
class Univariate : public testing::TestWithParam<const char*> {};

TEST_P(Univariate, reaches_eight_digits) {
  const auto lines = nist::lines_of("univariate/" + std::string(GetParam()) + ".txt");
  const bool framed = lines.front().starts_with("####");
  const auto x = values(lines);
  namespace s = stroma::stats;
  EXPECT_EQ(static_cast<double>(x.size()),
            framed ? nist::certified(lines, "n ") : nist::certified(lines, "Number of Observations"));
  EXPECT_GE(nist::digits(s::mean(x), nist::certified(lines, framed ? "mean " : "Sample Mean ")), 14.0);
  EXPECT_GE(nist::digits(s::standard_deviation(x),
                         nist::certified(lines, framed ? "standardDeviation"
                                                       : "Sample Standard Deviation (denom. = n-1)")),
            8.0);
  EXPECT_GE(nist::digits(s::autocorrelation(x),
                         nist::certified(lines, framed ? "autocorrelationCoefficient"
                                                       : "Sample Autocorrelation Coefficient (lag 1)")),
            8.0);
}

INSTANTIATE_TEST_SUITE_P(Nist, Univariate,
                         testing::Values("Lew", "Lottery", "Mavro", "Michelso", "NumAcc1", "NumAcc2"),
                         [](const auto& instance) { return std::string(instance.param); });

// NumAcc3 and NumAcc4 by their construction: 1000000.2 then .1 and .3 alternating (1001 values), and the same
// about 10000000.2; mean and sd are exact, and a double holds 9 and 8 digits of the deviations.
TEST(Univariate, keeps_eight_digits_under_large_constants) {
  for (const auto& [base, least] : {std::pair{1000000.0, 9.0}, std::pair{10000000.0, 8.0}}) {
    std::vector<double> x{base + 0.2};
    for (int i = 0; i < 500; ++i) {
      x.push_back(base + 0.1);
      x.push_back(base + 0.3);
    }
    EXPECT_GE(nist::digits(stroma::stats::mean(x), base + 0.2), 14.0);
    EXPECT_GE(nist::digits(stroma::stats::standard_deviation(x), 0.1), least);
    EXPECT_GE(nist::digits(stroma::stats::autocorrelation(x), -0.999), 8.0);
  }
}

}  // namespace nist_univariate
