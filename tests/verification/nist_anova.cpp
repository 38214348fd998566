// One-way analysis of variance against NIST's certified F, and the harder sets of the same construction.
#include <gtest/gtest.h>

#include <map>

#include "nist_file.hpp"
#include "stats/anova.hpp"

namespace nist_anova {

using Columns = std::vector<std::vector<double>>;

struct AnovaSet {
  Columns groups;
  double ss_between = 0.0, ss_within = 0.0, f = 0.0;
};

AnovaSet read(const std::string& name) {
  const auto lines = nist::lines_of("anova/" + name + ".dat");
  AnovaSet set;
  bool data = false;
  std::map<int, std::vector<double>> groups;
  for (const std::string& line : lines) {
    if (line.starts_with("Data:  ")) data = true;
    if (line.starts_with("Between ")) {
      const auto v = nist::numbers(line.substr(line.find_first_of("0123456789")));
      set.ss_between = v.at(1);
      set.f = v.at(3);
    }
    if (line.starts_with("Within "))
      set.ss_within = nist::numbers(line.substr(line.find_first_of("0123456789"))).at(1);
    const auto v = nist::numbers(line);
    if (data && v.size() == 2) groups[static_cast<int>(v[0])].push_back(v[1]);
  }
  for (auto& [id, values] : groups) set.groups.push_back(std::move(values));
  return set;
}

stroma::stats::Anova fit(const Columns& c) {
  return stroma::stats::one_way_anova({c.begin(), c.end()});
}

class AnovaSets : public testing::TestWithParam<const char*> {};

TEST_P(AnovaSets, reaches_seven_digits) {
  const AnovaSet set = read(GetParam());
  const auto a = fit(set.groups);
  EXPECT_GE(nist::digits(a.f, set.f), 7.0);
  EXPECT_GE(nist::digits(a.ss_between, set.ss_between), 7.0);
  EXPECT_GE(nist::digits(a.ss_within, set.ss_within), 7.0);
}

INSTANTIATE_TEST_SUITE_P(Nist, AnovaSets, testing::Values("SiRstv", "SmLs01", "SmLs02", "SmLs03", "AtmWtAg"),
                         [](const auto& instance) { return std::string(instance.param); });

// SmLs04 to 06 are SmLs01 to 03 with 1e6 in place of 1, SmLs07 to 09 with 1e12; F is unchanged. The rounding
// of the data to double is half a unit of the last place, 5.8e-11 at 1e6 and 6.1e-5 at 1e12, of a spread of
// 0.1: at worst (all roundings of one sign in each group) F keeps 8 digits in the first case and 2.5 in the
// second.
TEST(AnovaSets, harder_ones_lose_only_what_the_data_lost) {
  for (const auto& [base, least] : {std::pair{1e6, 8.0}, std::pair{1e12, 2.5}}) {
    for (const char* name : {"SmLs01", "SmLs02", "SmLs03"}) {
      const AnovaSet set = read(name);
      Columns shifted = set.groups;
      Columns exact = set.groups;
      for (std::size_t g = 0; g < shifted.size(); ++g) {
        for (std::size_t i = 0; i < shifted[g].size(); ++i) {
          const double tenths = std::round((set.groups[g][i] - 1.0) * 10.0);
          shifted[g][i] = base + tenths / 10.0;
          exact[g][i] = shifted[g][i] - base;  // exact: both are close (Sterbenz), so no digit is lost here
        }
      }
      const auto a = fit(shifted);
      EXPECT_GE(nist::digits(a.f, set.f), least) << name << " + " << base;
      // What the arithmetic itself loses: nothing that shows beside the same data without the constant.
      EXPECT_GE(nist::digits(a.f, fit(exact).f), 11.0) << name << " + " << base;
    }
  }
}

}  // namespace nist_anova
