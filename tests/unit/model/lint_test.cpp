// Warnings about a valid model, and its description.
#include "model/lint.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "model/describe.hpp"
#include "unit/model/tiny_model.hpp"

namespace stroma::model {
namespace lint_test {

using test::build_valid;
using test::listing;
using test::TinyModel;

std::vector<std::string> codes_of(const std::vector<core::Diagnostic>& warnings) {
  std::vector<std::string> codes;
  for (const core::Diagnostic& w : warnings) codes.push_back(w.code + " " + w.key);
  return codes;
}

TEST(Lint, the_tiny_model_is_clean) {
  EXPECT_EQ(listing(lint(build_valid({}))), "");
}

TEST(Lint, reachable_follows_the_network_equations) {
  const Model model = build_valid({});
  const auto top = reachable(model, model.cell_type("A"));
  const auto hill = [](double x, double k, double n) {
    return std::pow(x, n) * (1 + std::pow(k, n)) / (std::pow(x, n) + std::pow(k, n));
  };
  // R: ligand saturating, weight 1. S: basal 0.5. P: basal 0.2. T in A has no arrow.
  EXPECT_DOUBLE_EQ(top[0], 1.0);
  const double s = 1.0 - 0.5 * (1.0 - 0.7 * hill(1.0, 0.4, 2));
  EXPECT_NEAR(top[1], s, 1e-12);
  EXPECT_NEAR(top[2], 1.0 - 0.8 * (1.0 - 0.5 * hill(s, 0.5, 2)), 1e-12);
  EXPECT_DOUBLE_EQ(top[3], 0.2);
}

TEST(Lint, a_self_loop_ends_and_stays_an_upper_bound) {
  TinyModel tiny;
  tiny.append("mechanisms.csv", "m5,S,activates,S,F,1,0.5,2,,C,r1,\n");
  const Model model = build_valid(tiny);
  EXPECT_LE(reachable(model, model.cell_type("A"))[1], 1.0);
  EXPECT_GE(reachable(model, model.cell_type("A"))[1], 0.85);
}

TEST(Lint, names_that_read_as_one_are_synonyms) {
  TinyModel tiny;
  tiny.append("nodes.csv",
              "s-1,,label,S one,,,,\ns-1,,layer,gene,,,,\ns-1,F,basal,0.1,,,r1,\ns-1,F,tau,1 h,,,r1,\n"
              "S_1,,label,S one,,,,\nS_1,,layer,gene,,,,\nS_1,F,basal,0.1,,,r1,\nS_1,F,tau,1 h,,,r1,\n")
      .append("mechanisms.csv",
              "m5,s-1,activates,S_1,F,0.5,0.05,2,,C,r1,\nm6,S_1,activates,s-1,F,0.5,0.05,2,,C,r1,\n");
  EXPECT_EQ(codes_of(lint(build_valid(tiny))), (std::vector<std::string>{"synonym S_1", "synonym S_1"}))
      << "once for the names, once for the labels";
}

TEST(Lint, a_behaviour_that_nothing_raises_is_idle) {
  TinyModel tiny;
  tiny.append("cell_types.csv", "C,secretion:M,0 nmol/h,,,r1,\nC,uptake:M,0 um^3/min,,,r1,\n")
      .append("rules.csv", "u9,C,substance:M,increases,uptake:M,1 um^3/min,3 nM,1,no,C,r1,\n");
  EXPECT_EQ(codes_of(lint(build_valid(tiny))), (std::vector<std::string>{"idle-behaviour secretion:M"}));
}

TEST(Rules, read_what_a_tissue_has) {
  TinyModel tiny;
  tiny.append("rules.csv",
              "u5,C,pressure,increases,apoptosis,1 1/h,1.5,4,no,C,r1,\n"
              "u6,C,contact:A,increases,uptake:M,20 um^3/min,2,1,no,C,r1,\n"
              "u7,C,contact:dead,increases,phagocytosis,1 1/h,1,1,no,C,r1,\n"
              "u8,C,time,increases,migration_speed,1 um/min,24 h,2,no,C,r1,\n");
  const Model model = build_valid(tiny);
  const auto rule = [&](const char* id) {
    return *std::find_if(model.rules.begin(), model.rules.end(), [&](const Rule& r) { return r.id == id; });
  };
  EXPECT_EQ(rule("u5").signal.kind, SignalKind::pressure);
  EXPECT_EQ(rule("u6").signal.kind, SignalKind::contact_with);
  EXPECT_EQ(rule("u6").signal.operand, model.cell_type("A"));
  EXPECT_EQ(rule("u7").signal.kind, SignalKind::dead_contact);
  EXPECT_EQ(rule("u8").signal.kind, SignalKind::time);
  EXPECT_DOUBLE_EQ(rule("u8").half_max, 1440.0);
}

TEST(Lint, what_cannot_have_an_effect_is_named) {
  TinyModel tiny;
  tiny.append("nodes.csv", "Q,,layer,gene,,,,\nQ,F,basal,0.1,,,r1,\nQ,F,tau,1 h,,,r1,\nN,,layer,gene,,,,\n")
      .append("references.csv", "r3,Third,,\n")
      .append("mechanisms.csv", "m5,T,activates,S,A,0.5,0.9,2,,C,r1,\n")
      .append("drugs.csv", "E,label,x,,,,\nE,free_fraction_in_serum,1,,,r1,\n")
      .append("drug_targets.csv", "t3,E,S,activates,1 nM,1,,,A,r1,\nt4,E,P,competes,1 nM,1,,,A,r1,\n")
      .append("rules.csv", "u3,C,substance:L,increases,uptake:L,20 um^3/min,3 nM,1,no,C,r1,\n");
  const auto codes = codes_of(lint(build_valid(tiny)));
  EXPECT_EQ(codes, (std::vector<std::string>{"isolated-node Q", "isolated-node N", "unreachable-half-max m5",
                                             "rule-without-effect u3", "drug-stays-outside t3",
                                             "no-ligand t4", "unused-reference r3"}));
}

TEST(Lint, warnings_carry_a_place) {
  TinyModel tiny;
  tiny.append("references.csv", "r3,Third,,\n");
  const auto warnings = lint(build_valid(tiny));
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0].place.file, "references.csv");
  EXPECT_EQ(warnings[0].place.line, 4);
}

TEST(Describe, counts_every_number_once_by_its_provenance) {
  const Description d = describe(build_valid({}));
  EXPECT_EQ(d.counts.substances, 3u);
  EXPECT_EQ(d.counts.mechanisms, 4u);
  EXPECT_EQ(d.counts.numbers_assumed, 14u) << "substances 1, drugs 1, targets 1, cell types 7, nodes 4";
  EXPECT_EQ(d.counts.strengths, 14u) << "3 of each arrow from a node, the weight of m1, 2 of each rule";
  EXPECT_EQ(d.counts.arrows_by_grade[0], 3u);
  EXPECT_EQ(d.counts.arrows_by_grade[3], 1u);
  ASSERT_EQ(d.rows.size(), 8u);
  EXPECT_EQ(d.rows[0].strength, "weight 1, Kd 3.6 nM");
  EXPECT_EQ(d.rows[0].cell_types, (std::vector<std::string>{"A", "B"}));
}

TEST(Describe, a_row_of_a_family_is_listed_once_at_the_family) {
  const Description d = describe(build_valid({}));
  const auto volumes = std::count_if(d.numbers.begin(), d.numbers.end(),
                                     [](const NumberLine& n) { return n.parameter == "volume"; });
  EXPECT_EQ(volumes, 2) << "F and C";
  const auto g1 = std::count_if(d.numbers.begin(), d.numbers.end(),
                                [](const NumberLine& n) { return n.parameter == "phase:G1"; });
  EXPECT_EQ(g1, 2) << "F and the override of A";
}

TEST(Describe, text_names_rows_numbers_and_sources) {
  const std::string text = to_text(describe(build_valid({})));
  EXPECT_NE(text.find("m1: L activates R in A, B (weight 1, Kd 3.6 nM) [A; r1; r2]"), std::string::npos)
      << text;
  EXPECT_NE(text.find("C secretion:L = 0.8 fg/h [assumption]"), std::string::npos) << text;
  EXPECT_NE(text.find("r1: First 2001 doi:10.1/1"), std::string::npos) << text;
}

}  // namespace lint_test
}  // namespace stroma::model
