#include "study/agreement.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "protocols.hpp"
#include "study/sensitivity.hpp"
#include "support/tables.hpp"
#include "text_models.hpp"

namespace stroma::study {
namespace agreement_test {

// Three replicates about 2^centre, 0.1 apart on the log2 scale.
std::vector<Readout> arm(const std::string& name, double centre) {
  std::vector<Readout> readouts;
  for (int r = 0; r < 3; ++r)
    readouts.push_back({"ic50", "HepG2", name, r, std::exp2(centre + 0.1 * (r - 1)), ""});
  return readouts;
}

// Both sides have sd 0.1, so se = 0.1 sqrt(2/3) at 4 df; t(0.975) = 2.776445, t(0.95) = 2.131847.
constexpr double half95 = 2.776445105 * 0.081649658, half90 = 2.131846786 * 0.081649658;

TEST(Agreement, shift_and_interval_are_those_of_a_welch_test_of_logarithms) {
  const auto result = compare(arm("a", 1.0), arm("a", 3.0), 0.32);
  ASSERT_EQ(result.arms.size(), 1U);
  EXPECT_NEAR(*result.arms[0].shift, 2.0, 1e-12);
  EXPECT_NEAR(*result.arms[0].low, 2.0 - half95, 1e-8);
  EXPECT_NEAR(*result.arms[0].high, 2.0 + half95, 1e-8);
  EXPECT_EQ(result.arms[0].verdict, Agreement::off);
}

TEST(Agreement, an_arm_is_equivalent_exactly_where_its_90_per_cent_interval_lies_within_the_margin) {
  EXPECT_EQ(compare(arm("a", 0.0), arm("a", 0.0), half90 * 1.001).arms[0].verdict, Agreement::equivalent);
  EXPECT_EQ(compare(arm("a", 0.0), arm("a", 0.0), half90 * 0.999).arms[0].verdict, Agreement::undecided);
}

TEST(Agreement, arms_without_a_partner_are_named_and_never_dropped) {
  const auto result = compare(arm("mine", 0.0), arm("theirs", 0.0), 0.3);
  EXPECT_TRUE(result.arms.empty());
  EXPECT_EQ(result.only_measured, std::vector<std::string>{"ic50, HepG2, mine"});
  EXPECT_EQ(result.only_simulated, std::vector<std::string>{"ic50, HepG2, theirs"});
}

TEST(Agreement, an_arm_with_one_value_is_untested_and_says_why) {
  std::vector<Readout> one = arm("a", 0.0);
  one.resize(1);
  const auto result = compare(one, arm("a", 0.0), 0.3);
  EXPECT_EQ(result.arms[0].verdict, Agreement::untested);
  EXPECT_FALSE(result.arms[0].why_not.empty());
}

TEST(Agreement, a_side_with_a_zero_is_named) {
  std::vector<Readout> zero = arm("a", 0.0);
  zero.front().value = 0.0;
  const auto result = compare(arm("a", 0.0), zero, 0.3);
  EXPECT_EQ(result.arms[0].verdict, Agreement::untested);
  EXPECT_EQ(result.arms[0].why_not, "a simulated value is 0, which has no logarithm");
}

TEST(Agreement, a_table_of_readouts_says_everything_that_is_wrong_with_it) {
  core::Diagnostics problems;
  read_readouts(
      test::table_of({"metric", "system", "arm", "replicate", "value"}, {{"ic50", "HepG2", "a", "1", "OVER"},
                                                                         {"ic50", "HepG2", "a", "1.5", "3"},
                                                                         {"ic50", "HepG2", "a", "2", "0,5"},
                                                                         {"ic50", "HepG2", "a", "2", "3"}}),
      problems);
  std::vector<std::string> codes;
  for (const core::Diagnostic& d : problems.entries()) codes.push_back(d.code);
  EXPECT_EQ(problems.size(), 4U);
  EXPECT_TRUE(std::find(codes.begin(), codes.end(), "given-twice") != codes.end());
  EXPECT_TRUE(std::find(codes.begin(), codes.end(), "not-whole") != codes.end());
}

// Cultures of S whose medium is read by ELISA: the ligand is made at a base rate and nothing else depends on
// it.
Study secretion() {
  Study study;
  study.name = "secretion";
  study.model = letter_model();
  Experiment e;
  e.name = "secretion";
  e.model = "letters";
  e.replicates = 3;
  e.simulated_cells = 100;
  e.cultures.push_back({"S medium",
                        {{study.model->cell_type("S"), 1e-6 /* 1e6 per mL */}},
                        plain_medium(),
                        core::unit("mL") * 10.0,
                        core::to_tick(720.0)});
  ReadoutSpec elisa;
  elisa.assay = assay("elisa");
  elisa.targets = {"L"};
  elisa.at = core::to_tick(720.0);
  e.readouts = {elisa};
  study.experiments = {e};
  return study;
}

TEST(Sensitivity, finds_the_strength_that_was_moved_and_by_how_much) {
  const Study study = secretion();
  const std::vector<model::Variable> all = parameters_of(study);
  const auto moved = std::find_if(all.begin(), all.end(), [](const model::Variable& p) {
    return p.address == "cell_types.S.secretion:L";
  });
  ASSERT_NE(moved, all.end());
  EXPECT_EQ(moved->low, 0.02);
  // The "measurement" is the same laboratory with one number 1.3 times as large.
  const model::Change larger{moved->address, moved->written(1.3 * moved->value)};
  Study truth = study;
  truth.model = model::changed(*study.model, std::span(&larger, 1));
  StudyOptions options;
  options.seed = 7;
  const StudyResult measured = run(truth, nullptr, options), simulated = run(study, nullptr, options);
  const AgreementResult agreement = compare(measured.experiments[0].measurements.readouts,
                                            simulated.experiments[0].measurements.readouts, 0.1);
  ASSERT_FALSE(agreement.arms.empty());
  SensitivityOptions how;
  how.study = options;
  const std::vector<ParameterEffect> ranking = rank_parameters(study, agreement.arms, all, how);
  ASSERT_EQ(ranking.size(), all.size());
  const auto found = std::find_if(ranking.begin(), ranking.end(), [&](const ParameterEffect& e) {
    return e.parameter.address == moved->address;
  });
  EXPECT_TRUE(found->detectable);
  // An amount that grows in proportion to one rate and is little cleared: the factor comes back within the
  // curvature of the assay's own standard curve.
  EXPECT_NEAR(std::exp(found->move), 1.3, 0.05);
  EXPECT_GT(found->explained, 0.95);
  // A strength of a cell type that is not there is not tried; one that cannot matter explains nothing.
  std::size_t others = 0;
  for (const ParameterEffect& e : ranking) {
    EXPECT_FALSE(e.parameter.address.starts_with("cell_types.T.")) << e.parameter.address;
    if (e.parameter.address == moved->address) continue;
    ++others;
    EXPECT_LT(e.explained * (e.detectable ? 1.0 : 0.0), 0.95) << e.parameter.address;
  }
  EXPECT_GT(others, 0U);
}

}  // namespace agreement_test
}  // namespace stroma::study
