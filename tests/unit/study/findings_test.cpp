// A verdict is what the interval says, to the last bit of its bounds; a comparison takes the values of its
// own arms, readout and replicates, and says where there are none.
#include "study/findings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "study/study.hpp"

namespace stroma::study {
namespace findings_test {

using testing::HasSubstr;
constexpr double tiny = 1e-300, infinity = std::numeric_limits<double>::infinity();

TEST(Verdict, of_a_direction_needs_the_whole_interval_on_one_side_of_zero) {
  using enum Verdict;
  for (const auto& [low, high, up] : {std::tuple{0.1, 0.5, reproduced},
                                      {tiny, 9.0, reproduced},
                                      {0.0, 0.5, inconclusive},  // zero itself is not excluded
                                      {-tiny, 0.5, inconclusive},
                                      {-0.5, 0.5, inconclusive},
                                      {-0.5, 0.0, inconclusive},
                                      {-0.5, -tiny, contradicted},
                                      {-9.0, -0.1, contradicted},
                                      {-infinity, infinity, inconclusive},
                                      {NAN, NAN, inconclusive}}) {
    EXPECT_EQ(judge(Direction::up, low, high), up) << low << " to " << high;
    EXPECT_EQ(judge(Direction::down, -high, -low), up) << "mirrored, " << low << " to " << high;
  }
}

TEST(Verdict, of_sameness_needs_the_whole_interval_within_the_margin) {
  using enum Verdict;
  const double m = equivalence_margin, below = std::nextafter(m, 0.0), above = std::nextafter(m, 1.0);
  EXPECT_DOUBLE_EQ(m, std::log2(1.25));
  for (const auto& [low, high, verdict] : {std::tuple{-0.1, 0.1, reproduced},
                                           {-below, below, reproduced},
                                           {-m, 0.1, inconclusive},
                                           {0.0, m, inconclusive},
                                           {0.2, 0.3, reproduced},  // different from 0, and not by much
                                           {-1.0, 1.0, inconclusive},
                                           {m, 1.0, inconclusive},
                                           {above, 1.0, contradicted},
                                           {NAN, NAN, inconclusive}}) {
    EXPECT_EQ(judge(Direction::same, low, high), verdict) << low << " to " << high;
    EXPECT_EQ(judge(Direction::same, -high, -low), verdict) << "mirrored, " << low << " to " << high;
  }
}

Finding finding(Direction expected = Direction::up) {
  return {"F1", "1a", "HepG2", "ic50", "treated", "control", expected, Role::predicted, "e", ""};
}

std::vector<Readout> readouts(std::initializer_list<double> treated, std::initializer_list<double> control) {
  std::vector<Readout> all;
  int r = 0;
  for (const double v : treated) all.push_back({"ic50", "HepG2", "treated", r++, v, ""});
  r = 0;
  for (const double v : control) all.push_back({"ic50", "HepG2", "control", r++, v, ""});
  return all;
}

// log2 values 1, 2, 3 against 0, 1, 2: difference 1, standard error sqrt(2/3), 4 degrees of freedom,
// t(0.975, 4) = 2.7764451052.
TEST(Comparison, is_welchs_interval_of_the_log2_ratio) {
  const Comparison c = compare(finding(), readouts({2, 4, 8}, {1, 2, 4}), 0);
  EXPECT_EQ(c.n, 3);
  EXPECT_NEAR(*c.effect, 1.0, 1e-12);
  EXPECT_NEAR(*c.low, 1.0 - 2.7764451052 * std::sqrt(2.0 / 3.0), 1e-9);
  EXPECT_NEAR(*c.high, 1.0 + 2.7764451052 * std::sqrt(2.0 / 3.0), 1e-9);
  EXPECT_NEAR(*c.p, 0.2878641347, 1e-9);  // R: 2 * pt(-sqrt(1.5), 4)
  EXPECT_THAT(c.test, HasSubstr("Welch"));
  EXPECT_EQ(c.verdict, Verdict::inconclusive);
  EXPECT_EQ(c.why_not, "");
  const auto clear = readouts({16, 17, 18}, {1.0, 1.1, 1.2});
  EXPECT_EQ(compare(finding(Direction::up), clear, 0).verdict, Verdict::reproduced);
  EXPECT_EQ(compare(finding(Direction::down), clear, 0).verdict, Verdict::contradicted);
  EXPECT_EQ(compare(finding(Direction::same), clear, 0).verdict, Verdict::contradicted);
}

TEST(Comparison, takes_the_first_n_replicates_and_no_other_readout_system_or_arm) {
  auto all = readouts({2, 4, 8, 1000}, {1, 2, 4, 1e-3});
  const Comparison three = compare(finding(), readouts({2, 4, 8}, {1, 2, 4}), 0);
  all.push_back({"colony_rate", "HepG2", "treated", 0, 1e6, ""});
  all.push_back({"ic50", "Huh7", "treated", 0, 1e6, ""});
  all.push_back({"ic50", "HepG2", "another", 0, 1e6, ""});
  const Comparison c = compare(finding(), all, 3);
  EXPECT_EQ(c.n, 3);
  EXPECT_EQ(*c.effect, *three.effect);
  EXPECT_EQ(*c.low, *three.low);
  EXPECT_EQ(compare(finding(), all, 0).n, 4);
  EXPECT_EQ(compare(finding(), all, 100).n, 4);
}

TEST(Comparison, of_fewer_than_two_values_is_none_and_says_so) {
  const Comparison c = compare(finding(), readouts({2}, {1, 2, 4}), 0);
  EXPECT_EQ(c.n, 1);
  EXPECT_FALSE(c.effect || c.low || c.high || c.p);
  EXPECT_THAT(c.why_not, HasSubstr("at least 2"));
  EXPECT_EQ(c.verdict, Verdict::inconclusive);
  EXPECT_EQ(compare(finding(), readouts({2, 4}, {1, 2}), 1).verdict, Verdict::inconclusive);
}

TEST(Comparison, of_a_missing_arm_names_it) {
  EXPECT_THAT(compare(finding(), readouts({2, 4}, {}), 0).why_not, HasSubstr("'control'"));
  EXPECT_THAT(compare(finding(), readouts({}, {2, 4}), 0).why_not, HasSubstr("'treated'"));
  EXPECT_EQ(compare(finding(), {}, 0).verdict, Verdict::inconclusive);
}

TEST(Comparison, of_values_without_a_logarithm_or_without_spread_is_none) {
  EXPECT_THAT(compare(finding(), readouts({0.0, 4}, {1, 2}), 0).why_not, HasSubstr("no logarithm"));
  EXPECT_THAT(compare(finding(), readouts({4, 4}, {1, 1}), 0).why_not, HasSubstr("varies"));
}

TEST(Comparison, leaves_a_replicate_without_a_value_out_and_counts_it) {
  auto all = readouts({2, 4, 8}, {1, 2, 4});
  all.push_back({"ic50", "HepG2", "treated", 3, std::nullopt, "the vessel failed"});
  all.push_back({"ic50", "HepG2", "control", 4, std::nullopt, "the vessel failed"});
  const Comparison c = compare(finding(), all, 0);
  EXPECT_EQ(c.n, 3);
  EXPECT_NEAR(*c.effect, 1.0, 1e-12);
  EXPECT_THAT(c.why_not, HasSubstr("2 replicates without a value were left out"));
}

core::Table table(const std::vector<std::vector<std::string>>& rows) {
  core::Table t;
  t.file = "findings.csv";
  const auto cells = [](const std::vector<std::string>& texts, int line) {
    std::vector<core::Cell> out;
    for (const std::string& text : texts) out.push_back({text, line, static_cast<int>(out.size()) + 1});
    return out;
  };
  t.header = cells(
      {"id", "figure", "system", "readout", "arm", "reference_arm", "expected", "role", "experiment", "note"},
      1);
  for (const auto& row : rows) t.rows.push_back(cells(row, static_cast<int>(t.rows.size()) + 2));
  return t;
}

std::vector<std::string> printed(const core::Diagnostics& problems) {
  std::vector<std::string> out;
  for (const core::Diagnostic& d : problems.entries()) out.push_back(core::to_string(d));
  return out;
}

TEST(Findings, are_read_as_they_stand) {
  core::Diagnostics problems;
  const auto f =
      read_findings(table({{"Z1", "2b", "HepG2", "ic50", "a", "b", "down", "calibrated", "e", "note"},
                           {"Z2", "", "Huh7", "blot:X", "c", "d", "same", "predicted", "e", ""}}),
                    problems);
  ASSERT_TRUE(problems.empty());
  ASSERT_EQ(f.size(), 2u);
  EXPECT_EQ(f[0].expected, Direction::down);
  EXPECT_EQ(f[0].role, Role::calibrated);
  EXPECT_EQ(f[1].expected, Direction::same);
  EXPECT_EQ(f[1].role, Role::predicted);
  EXPECT_EQ(f[1].reference_arm, "d");
}

TEST(Findings, report_every_wrong_word_with_its_row) {
  core::Diagnostics problems;
  read_findings(table({{"Z1", "2b", "HepG2", "ic50", "a", "b", "upp", "predicted", "e", ""},
                       {"Z1", "2b", "", "ic50", "a", "b", "up", "predictd", "e", ""}}),
                problems);
  EXPECT_THAT(printed(problems),
              testing::UnorderedElementsAre(
                  testing::AllOf(HasSubstr("findings.csv:2:7"), HasSubstr("did you mean 'up'?")),
                  testing::AllOf(HasSubstr("findings.csv:3:3")),
                  testing::AllOf(HasSubstr("findings.csv:3:8"), HasSubstr("did you mean 'predicted'?")),
                  testing::AllOf(HasSubstr("findings.csv:3:1"), HasSubstr("line 2"))));
}

}  // namespace findings_test
}  // namespace stroma::study
