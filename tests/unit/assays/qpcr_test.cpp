// qPCR: 2^-ddCt by hand, and without noise the ratio of the transcripts.
#include "assays/qpcr/qpcr.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lab.hpp"
#include "support/over_seeds.hpp"

namespace stroma::assays {
namespace qpcr_test {

const std::vector<std::string> targets{"FOLR1_mRNA"};

TEST(Qpcr, agrees_with_a_calculation_by_hand) {
  // untreated: FOLR1 25.0, GAPDH 18.0 (dCt 7); treated: 23.4, 18.1 (dCt 5.3, ddCt -1.7, fold 2^1.7
  // = 3.249010)
  const std::vector<CtRow> table{{"untreated", 1, "FOLR1", 1, 24.9}, {"untreated", 1, "FOLR1", 2, 25.1},
                                 {"untreated", 1, "GAPDH", 1, 18.0}, {"CXCL12", 1, "FOLR1", 1, 23.3},
                                 {"CXCL12", 1, "FOLR1", 2, 23.5},    {"CXCL12", 1, "GAPDH", 1, 18.1}};
  const QpcrAnalysis a = analyse_qpcr(table, "GAPDH", "untreated");
  ASSERT_EQ(a.readouts.size(), 2u);
  EXPECT_NEAR(*a.readouts[0].fold, 1.0, 1e-12);
  EXPECT_NEAR(*a.readouts[1].dct, 5.3, 1e-12);
  EXPECT_NEAR(*a.readouts[1].ddct, -1.7, 1e-12);
  EXPECT_NEAR(*a.readouts[1].fold, 3.249010, 5e-7);
}

TEST(Qpcr, reference_is_the_mean_of_its_replicates_and_keeps_its_spread) {
  const std::vector<CtRow> table{
      {"u", 1, "F", 1, 24.0}, {"u", 1, "G", 1, 18.0}, {"u", 2, "F", 1, 26.0}, {"u", 2, "G", 1, 18.0}};
  const QpcrAnalysis a = analyse_qpcr(table, "G", "u");
  EXPECT_NEAR(*a.readouts[0].fold, 2.0, 1e-12);
  EXPECT_NEAR(*a.readouts[1].fold, 0.5, 1e-12);
}

TEST(Qpcr, without_noise_gives_back_the_ratio_of_the_transcripts) {
  const Specimen a = vessel({900, 50, 50, 0}), b = with_node(a, "FOLR1_mRNA", 0.9);
  const std::vector<QpcrSample> samples{{&a, "u", 1}, {&b, "t", 1}};
  const auto table = run_qpcr(samples, targets, quiet(QpcrInstrument{}), 1);
  EXPECT_EQ(table.size(), 12u);
  EXPECT_NEAR(*analyse_qpcr(table, "GAPDH", "u").readouts[1].fold, 0.9 / 0.4, 1e-12);
}

TEST(Qpcr, cancels_unequal_inputs_through_the_housekeeping_gene) {
  QpcrInstrument unequal = quiet(QpcrInstrument{});
  unequal.input_cv = 1.0;
  const Specimen a = vessel({900, 0, 0, 0}), b = with_node(a, "FOLR1_mRNA", 0.9);
  const std::vector<QpcrSample> samples{{&a, "u", 1}, {&b, "t", 1}};
  EXPECT_NEAR(*analyse_qpcr(run_qpcr(samples, targets, unequal, 1), "GAPDH", "u").readouts[1].fold, 0.9 / 0.4,
              1e-12);
}

TEST(Qpcr, of_no_cells_or_no_transcript_is_undetermined) {
  const Specimen a = vessel({100, 0, 0, 0}), none = vessel({}), silent = with_node(a, "FOLR1_mRNA", 0.0),
                 one = vessel({1, 0, 0, 0});
  const std::vector<QpcrSample> samples{
      {&a, "u", 1}, {&none, "none", 1}, {&silent, "silent", 1}, {&one, "one", 1}};
  const QpcrAnalysis out = analyse_qpcr(run_qpcr(samples, targets, {}, 1), "GAPDH", "u");
  EXPECT_TRUE(out.readouts[0].fold);
  EXPECT_FALSE(out.readouts[1].fold);
  EXPECT_FALSE(out.readouts[2].fold);
  EXPECT_TRUE(out.readouts[3].fold);
  EXPECT_EQ(codes_of(out.warnings), "undetermined undetermined undetermined");
}

TEST(Qpcr, is_a_pure_function_of_its_seed) {
  const Specimen a = vessel({100, 0, 0, 0});
  const auto run = [&](std::string arm, std::uint64_t seed) {
    return run_qpcr(std::vector<QpcrSample>{{&a, std::move(arm), 1}}, targets, {}, seed)[0].ct;
  };
  EXPECT_EQ(run("u", 4), run("u", 4));
  EXPECT_NE(run("u", 4), run("u", 5));
}

// A name keys the draws of its sample, and nothing else comes of it: over seeds the mean is the same.
TEST(Qpcr, reads_nothing_from_the_name_of_an_arm_but_its_draws) {
  const Specimen a = vessel({100, 0, 0, 0});
  const auto difference = [&](std::uint64_t seed) {
    const auto ct = [&](const char* arm) {
      return *run_qpcr(std::vector<QpcrSample>{{&a, arm, 1}}, targets, {}, seed)[0].ct;
    };
    return ct("CAF supernatant") - ct("control");
  };
  EXPECT_LT(test::z_over_seeds(difference), 4.0);
  // The mutant: arms of another name hold 10 % more of the gene.
  EXPECT_GT(test::z_over_seeds([&](std::uint64_t seed) { return difference(seed) - std::log2(1.1); }), 4.0);
}

TEST(Qpcr, warns_of_a_wide_triplicate) {
  const std::vector<CtRow> table{{"u", 1, "F", 1, 24.0}, {"u", 1, "F", 2, 26.0}, {"u", 1, "G", 1, 18.0}};
  EXPECT_EQ(codes_of(analyse_qpcr(table, "G", "u").warnings), "wide-triplicate");
}

TEST(Qpcr, refuses_tables_with_every_problem) {
  const Specimen a = vessel({100, 0, 0, 0});
  const std::vector<std::string> typo{"FOLR1_mRN"};
  EXPECT_EQ(codes_of([&] { run_qpcr(std::vector<QpcrSample>{{&a, "u", 1}}, typo, {}, 1); }), "unknown-node");
  const std::vector<CtRow> table{{"u", 1, "F", 1, 24.0}, {"u", 1, "F", 1, 99.0}};
  EXPECT_EQ(codes_of([&] { analyse_qpcr(table, "GAPDH", "untreated"); }),
            "duplicate-well bad-ct no-housekeeping-gene no-reference-arm");
}

}  // namespace qpcr_test
}  // namespace stroma::assays
