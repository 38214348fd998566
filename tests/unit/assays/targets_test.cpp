// Groups, probes, the analysis of series with planted genes, and what is common to two of them.
#include "assays/expression/targets.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/random.hpp"

namespace targets_test {

using namespace stroma;
using namespace stroma::assays;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::size_t genes = 3000, per_group = 5;

/// Genes 0..39 rise by `change`, 40..79 fall; the others do not change. Residual sds differ between genes.
ExpressionSeries planted(std::uint64_t seed, double change, bool logarithms = true) {
  ExpressionSeries s;
  s.file = s.accession = fmt::format("GSE{}", seed);
  for (std::size_t k = 0; k < 2 * per_group; ++k)
    s.samples.push_back({fmt::format("GSM{}", k + 1),
                         fmt::format("cells {}", k + 1),
                         {{"treatment", k < per_group ? "vehicle" : "CXCL12"}}});
  s.values = {genes, 2 * per_group, {}};
  for (std::size_t g = 0; g < genes; ++g) {
    core::Stream draw(seed, core::Purpose::test, g);
    const double level = 8.0 + draw.normal(), sd = 0.25 * std::exp(0.3 * draw.normal());
    const double truth = g < 40 ? change : g < 80 ? -change : 0.0;
    s.probes.push_back(fmt::format("G{}", g));
    for (std::size_t k = 0; k < 2 * per_group; ++k) {
      const double v = level + (k < per_group ? 0.0 : truth) + sd * draw.normal();
      s.values.values.push_back(logarithms ? v : std::exp2(v));
    }
  }
  return s;
}

const std::string rule = "treatment=CXCL12 vs treatment=vehicle";

ExpressionResult analysed(const ExpressionSeries& s, const ProbeGenes* platform = nullptr,
                          const ExpressionOptions& options = {}, const std::string& groups = rule) {
  core::Diagnostics problems;
  const SampleGroups chosen = choose_groups(s, groups, problems);
  ExpressionResult r = analyse_expression(s, chosen, platform, options, problems);
  problems.throw_if_any();
  return r;
}

std::vector<std::string> codes_of(const ExpressionSeries& s, const std::string& groups) {
  core::Diagnostics problems;
  choose_groups(s, groups, problems);
  std::vector<std::string> codes;
  for (const core::Diagnostic& d : problems.entries()) codes.push_back(d.code);
  return codes;
}

TEST(SampleGroups, columns_titles_and_accessions_name_samples_whatever_their_letter_case) {
  const ExpressionSeries s = planted(1, 0.0);
  core::Diagnostics problems;
  const SampleGroups by_column = choose_groups(s, "Treatment=cxcl12 vs TREATMENT=Vehicle", problems);
  EXPECT_THAT(by_column.side, ElementsAre(0, 0, 0, 0, 0, 1, 1, 1, 1, 1));
  const SampleGroups by_name = choose_groups(s, "gsm1|GSM2 vs title=cells 4|gsm5", problems);
  EXPECT_THAT(by_name.side, ElementsAre(1, 1, -1, 0, 0, -1, -1, -1, -1, -1));
  problems.throw_if_any();
}

/// A series of samples with these titles and, where given, notes.
ExpressionSeries titled(const std::vector<std::string>& titles,
                        const std::vector<std::vector<std::pair<std::string, std::string>>>& notes = {}) {
  ExpressionSeries s;
  s.file = s.accession = "GSE7";
  for (std::size_t k = 0; k < titles.size(); ++k)
    s.samples.push_back(
        {fmt::format("GSM{}", k + 1), titles[k], k < notes.size() ? notes[k] : decltype(notes[k]){}});
  return s;
}

std::vector<int> sides(const ExpressionSeries& s, const std::string& groups) {
  core::Diagnostics problems;
  const SampleGroups chosen = choose_groups(s, groups, problems);
  problems.throw_if_any();
  return chosen.side;
}

TEST(SampleGroups, a_dose_is_never_found_in_a_larger_one) {
  const ExpressionSeries dose = titled({"0 uM rep 1", "0 uM rep 2", "5 uM rep 1", "5 uM rep 2", "10 uM rep 1",
                                        "10 uM rep 2", "2.5 uM rep 1", "2.5 uM rep 2"});
  EXPECT_THAT(sides(dose, "5 uM vs 0 uM"), ElementsAre(0, 0, 1, 1, -1, -1, -1, -1));
  EXPECT_THAT(sides(dose, "10 uM vs 0 uM"), ElementsAre(0, 0, -1, -1, 1, 1, -1, -1));
  const ExpressionSeries words = titled({"Huh7 treated 1", "Huh7 treated 2", "Huh7 untreated 1",
                                         "Huh7 untreated 2", "Huh7 non-treated 1", "Huh7 non-treated 2"});
  EXPECT_THAT(sides(words, "treated vs untreated"), ElementsAre(1, 1, 0, 0, -1, -1));
  const ExpressionSeries combined = titled(
      {"drug rep1", "drug rep2", "drug + CXCL12 rep1", "drug + CXCL12 rep2", "DMSO rep1", "DMSO rep2"});
  EXPECT_THAT(sides(combined, "drug vs DMSO"), ElementsAre(1, 1, -1, -1, 0, 0));
}

TEST(SampleGroups, words_of_several_titles_and_values_of_several_characteristics_are_asked) {
  const ExpressionSeries two =
      titled({"A drug rep1", "A drug rep2", "B drug rep1", "B drug rep2", "DMSO rep1", "DMSO rep2"});
  EXPECT_THAT(codes_of(two, "drug vs DMSO"), ElementsAre("ask-groups"));
  const ExpressionSeries notes = titled({"a", "b", "c", "d"}, {{{"agent", "none"}, {"vector", "x"}},
                                                               {{"agent", "none"}, {"vector", "none"}},
                                                               {{"agent", "CXCL12"}, {"vector", "none"}},
                                                               {{"agent", "CXCL12"}, {"vector", "x"}}});
  EXPECT_THAT(codes_of(notes, "CXCL12 vs none"), ElementsAre("ask-groups"));
  EXPECT_THAT(sides(notes, "CXCL12 vs agent=none"), ElementsAre(0, 0, 1, 1));
}

TEST(SampleGroups, what_cannot_be_meant_is_refused) {
  const ExpressionSeries s = planted(1, 0.0);
  EXPECT_THAT(codes_of(s, "CXCL12"), ElementsAre("bad-groups"));
  EXPECT_THAT(codes_of(s, "treatmnt=CXCL12 vs treatment=vehicle"), ElementsAre("unknown-annotation"));
  EXPECT_THAT(codes_of(s, "treatment=CXCL13 vs treatment=vehicle"), ElementsAre("too-few-samples"));
  EXPECT_THAT(codes_of(s, "GSM1 vs treatment=CXCL12"), ElementsAre("too-few-samples"));
  EXPECT_THAT(codes_of(s, "cells vs GSM1|GSM2"), testing::Each("sample-in-both-groups"));
}

TEST(GeneOfProbe, cells_of_platform_tables_are_understood) {
  EXPECT_EQ(gene_of("FOLR1").gene, "FOLR1");
  EXPECT_EQ(gene_of(" FOLR1 ///  FOLR1").gene, "FOLR1");
  for (const char* several : {"A /// B", "A|B", "A;B", "A, B"}) {
    EXPECT_TRUE(gene_of(several).several) << several;
    EXPECT_EQ(gene_of(several).gene, "") << several;
  }
  for (const char* none : {"", " ", "---", "NA", "null"}) {
    EXPECT_FALSE(gene_of(none).several) << none;
    EXPECT_EQ(gene_of(none).gene, "") << none;
  }
  EXPECT_EQ(gene_of("NM_1 // FOLR1 // folate receptor, alpha; x // 11q /// NM_2 // FOLR1 // y").gene,
            "FOLR1");
}

// The largest of 80 planted changes against an sd of some 0.25 in 5 against 5 samples has a t of about 9 with
// some 12 degrees of freedom; at an FDR of 5 % the expected number of false ones among 84 is at most 4.2, and
// 12 would be 4 standard deviations of a Poisson law more.
TEST(Expression, planted_genes_are_found_with_their_direction_and_few_others) {
  const ExpressionResult r = analysed(planted(3, 1.5));
  EXPECT_TRUE(r.scale.logarithms());
  EXPECT_EQ(r.n_treated, per_group);
  EXPECT_EQ(r.untested, 0u);
  std::size_t found = 0, wrong = 0;
  for (const GeneTest& g : r.genes) {
    const std::size_t index = std::stoul(g.gene.substr(1));
    const Change change = change_of(g, {0.05, 0.0});
    const Change truth = index < 40 ? Change::up : index < 80 ? Change::down : Change::none;
    if (change == Change::none) continue;
    ++(change == truth ? found : wrong);
  }
  EXPECT_GE(found, 76u);
  EXPECT_LE(wrong, 12u);
}

TEST(Expression, values_that_are_no_logarithms_are_detected_and_give_the_same_tests) {
  const ExpressionResult logs = analysed(planted(3, 1.5)), raw = analysed(planted(3, 1.5, false));
  EXPECT_FALSE(raw.scale.logarithms());
  EXPECT_THAT(raw.scale.reason, HasSubstr("exceed 30"));
  ASSERT_EQ(raw.genes.size(), logs.genes.size());
  for (std::size_t g = 0; g < 100; ++g) {
    EXPECT_EQ(raw.genes[g].gene, logs.genes[g].gene);
    EXPECT_NEAR(raw.genes[g].log2_change, logs.genes[g].log2_change, 1e-9);
  }
}

// Patients whose levels differ by 3 hide a change of 1 until they are blocks: the paired t test of each gene.
// One typing error, 600 for 6.00, changes nothing of the other genes.
TEST(Expression, blocks_are_compared_within_and_a_typing_error_stays_where_it_is) {
  ExpressionSeries s = planted(21, 1.0);
  for (std::size_t g = 0; g < genes; ++g) {
    core::Stream draw(22, core::Purpose::test, g);
    for (std::size_t k = 0; k < per_group; ++k) {
      const double level = 1.5 * draw.normal();
      s.values(g, k) += level;
      s.values(g, k + per_group) += level;
    }
  }
  core::Diagnostics problems;
  SampleGroups chosen = choose_groups(s, rule, problems);
  const auto found = [&](const ExpressionSeries& of) {
    const ExpressionResult r = analyse_expression(of, chosen, nullptr, {}, problems);
    return std::count_if(r.genes.begin(), r.genes.end(), [](const GeneTest& g) {
      return change_of(g, {0.05, 0.5}) != Change::none;
    });
  };
  EXPECT_LT(found(s), 20);  // the mutant: samples as if they were independent
  chosen.block_column = "patient";
  for (std::size_t k = 0; k < 2 * per_group; ++k) chosen.block.push_back(static_cast<int>(k % per_group));
  EXPECT_GE(found(s), 70);
  const ExpressionResult r = analyse_expression(s, chosen, nullptr, {}, problems);
  EXPECT_EQ(r.blocks, per_group);
  s.values(2000, 3) = 600.0;
  const ExpressionResult typed = analyse_expression(s, chosen, nullptr, {}, problems);
  ASSERT_EQ(typed.warnings.size(), 1u);
  EXPECT_THAT(typed.warnings[0], HasSubstr("600 of probe G2000 in GSM4, which no measurement does"));
  EXPECT_TRUE(typed.scale.logarithms());
  EXPECT_GE(found(s), 70);
  problems.throw_if_any();
}

TEST(Expression, arrays_of_other_brightness_are_detected_and_normalised) {
  ExpressionSeries s = planted(3, 1.5);
  const ExpressionResult even = analysed(s);
  EXPECT_FALSE(even.normalised);
  EXPECT_LT(even.spread, 0.25);
  for (std::size_t g = 0; g < genes; ++g)
    for (std::size_t k = 0; k < 2 * per_group; k += 2) s.values(g, k) += 1.0;
  const ExpressionResult uneven = analysed(s);
  EXPECT_TRUE(uneven.normalised);
  EXPECT_GT(uneven.spread, 0.25);
  std::size_t found = 0;
  for (const GeneTest& g : uneven.genes)
    if (std::stoul(g.gene.substr(1)) < 80 && change_of(g, {0.05, 1.0}) != Change::none) ++found;
  EXPECT_GE(found, 76u);
  ExpressionOptions as_they_are;
  as_they_are.normalise = Normalise::never;
  EXPECT_FALSE(analysed(s, nullptr, as_they_are).normalised);
}

TEST(Expression, the_brightest_probe_stands_for_its_gene_and_unclear_probes_are_counted) {
  ExpressionSeries s = planted(4, 0.0);
  ProbeGenes platform;
  for (std::size_t g = 0; g < genes; ++g) platform.gene[s.probes[g]] = fmt::format("X{}", g / 2);
  platform.gene["G4"] = "";  // several
  platform.gene.erase("G6");
  platform.with_several = 1;
  for (std::size_t k = 0; k < 2 * per_group; ++k) s.values(1, k) = 15.0 + 0.01 * static_cast<double>(k);
  const ExpressionResult r = analysed(s, &platform);
  EXPECT_EQ(r.genes.size(), genes / 2);
  EXPECT_EQ(r.probes_with_several, 1u);
  EXPECT_EQ(r.probes_not_on_platform, 1u);
  const auto probe_of = [&](const std::string& gene) {
    return std::find_if(r.genes.begin(), r.genes.end(), [&](const GeneTest& g) { return g.gene == gene; })
        ->probe;
  };
  EXPECT_EQ(probe_of("X0"), "G1");
  EXPECT_EQ(probe_of("X2"), "G5");
  EXPECT_EQ(probe_of("X3"), "G7");
}

TEST(Expression, genes_with_missing_values_are_tested_with_what_is_there) {
  ExpressionSeries s = planted(5, 1.5);
  const double none = std::nan("");
  s.values(0, 0) = s.values(0, 9) = none;                                 // still 4 and 4
  for (std::size_t k = 0; k < per_group; ++k) s.values(1, k) = none;      // no reference at all
  for (std::size_t k = 0; k < 2 * per_group; ++k) s.values(2, k) = none;  // nothing at all
  const ExpressionResult r = analysed(s);
  EXPECT_EQ(r.untested, 2u);
  EXPECT_EQ(change_of(*std::find_if(r.genes.begin(), r.genes.end(),
                                    [](const GeneTest& g) { return g.gene == "G0"; }),
                      {0.05, 1.0}),
            Change::up);
  EXPECT_TRUE(std::isnan(r.genes.back().p));
}

TEST(Expression, a_platform_of_other_probes_is_refused) {
  ProbeGenes other;
  other.file = "GPL2.annot";
  other.gene["1_at"] = "A";
  try {
    analysed(planted(1, 0.0), &other);
    FAIL();
  } catch (const core::InputError& error) {
    EXPECT_EQ(error.diagnostics()[0].code, "no-genes");
  }
}

std::vector<ResistanceGene> list_of(const std::vector<std::pair<std::string, Influence>>& symbols) {
  std::vector<ResistanceGene> list;
  for (const auto& [symbol, influence] : symbols) {
    ResistanceGene g;
    g.symbol = symbol;
    g.influence = influence;
    list.push_back(g);
  }
  return list;
}

TEST(Targets, genes_that_change_alike_in_both_series_are_found_and_ranked_against_the_list) {
  const std::vector<ExpressionResult> series = {analysed(planted(11, 2.0)), analysed(planted(12, 2.0))};
  auto list = list_of({{"g7", Influence::raises},
                       {"G50", Influence::raises},
                       {"G51", Influence::lowers},
                       {"G900", Influence::raises},
                       {"ABSENT", Influence::raises}});
  list[3].also = {"G8"};
  const Targets t = find_targets(series, list, {0.05, 1.0});
  std::set<std::string> common;
  for (const TargetGene& g : t.common) common.insert(g.gene);
  std::size_t planted_found = 0;
  for (std::size_t g = 0; g < 80; ++g) planted_found += common.count(fmt::format("G{}", g));
  EXPECT_GE(planted_found, 76u);
  EXPECT_EQ(common.size(), planted_found);  // false ones in both, with one direction and a change of 1: none
  EXPECT_EQ(t.listed_and_measured, 5u);     // G7, G50, G51, G900 and G8 by its other name
  // G7 (up, raises), G8 (up, by its other name) and G51 (down, lowers) go towards resistance; G50 does not.
  ASSERT_EQ(t.ranked.size(), 4u);
  EXPECT_EQ(t.ranked.back().gene, "G50");
  EXPECT_FALSE(t.ranked.back().towards_resistance);
  for (std::size_t k = 0; k < 3; ++k) EXPECT_TRUE(t.ranked[k].towards_resistance) << t.ranked[k].gene;
  EXPECT_LE(t.ranked[0].p_worst, t.ranked[1].p_worst);
  std::size_t in_both = 0;
  for (const Overlap& o : t.up)
    if (o.in.size() >= 2 && o.in[0] == 0 && o.in[1] == 1) in_both += o.genes.size();
  EXPECT_EQ(in_both,
            static_cast<std::size_t>(std::count_if(t.common.begin(), t.common.end(), [](const TargetGene& g) {
              return g.change == Change::up;
            })));
}

TEST(Targets, changes_in_opposite_directions_are_not_common_but_named) {
  const std::vector<ExpressionResult> series = {analysed(planted(11, 2.0)), analysed(planted(12, -2.0))};
  const Targets t = find_targets(series, {}, {0.05, 1.0});
  EXPECT_TRUE(t.common.empty());
  EXPECT_GE(t.opposed.size(), 76u);
}

// The mutant: the same arrays with half of each group under the other's name. The planted changes are then
// noise of the groups, and whatever the screen names is false.
TEST(Targets, shuffled_labels_find_nothing) {
  const std::string shuffled = "GSM1|GSM2|GSM6|GSM7 vs GSM3|GSM4|GSM8|GSM9";
  for (const std::uint64_t seed : {21u, 22u, 23u, 24u, 25u, 26u, 27u, 28u}) {
    const std::vector<ExpressionResult> series = {analysed(planted(seed, 2.0), nullptr, {}, shuffled),
                                                  analysed(planted(seed + 100, 2.0), nullptr, {}, shuffled)};
    for (const ExpressionResult& r : series)
      EXPECT_EQ(std::count_if(r.genes.begin(), r.genes.end(),
                              [](const GeneTest& g) {
                                return change_of(g, {0.05, 0.0}) != Change::none;
                              }),
                0)
          << seed;
    EXPECT_TRUE(find_targets(series, {}, {0.05, 0.0}).common.empty());
  }
}

}  // namespace targets_test
