// Faults with several consequences, and all faults of all files in one go.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "unit/model/tiny_model.hpp"

namespace stroma::model {
namespace all_problems_test {

using test::listing;
using test::TinyModel;

std::vector<core::Diagnostic> problems_of(const TinyModel& tiny) {
  core::Diagnostics problems;
  EXPECT_FALSE(build(tiny.files(), problems).has_value());
  return {problems.entries().begin(), problems.entries().end()};
}

bool has(const std::vector<core::Diagnostic>& all, const std::string& code, const std::string& file,
         int line) {
  return std::any_of(all.begin(), all.end(), [&](const core::Diagnostic& d) {
    return d.code == code && d.place.file == file && d.place.line == line;
  });
}

TEST(AllProblems, every_problem_of_every_file_is_reported_at_once) {
  TinyModel tiny;
  tiny.replace("model.toml", "version = \"1\"", "varsion = \"1\"")
      .replace("references.csv", "First 2001", "")
      .replace("substances.csv", "10 h,,,r1", "10 h,,,r9")
      .replace("drugs.csv", "3 1/h", "3 h")
      .replace("drug_targets.csv", "6 nM", "6")
      .replace("cell_types.csv", "phase:S,8 h", "phase:S,-8 h")
      .replace("nodes.csv", "S,F,basal,0.1,0.02,0.3", "S,F,basal,0.1,0.2,0.3")
      .replace("mechanisms.csv", "m2,R,", "m2,RR,")
      .replace("rules.csv", "u2,F,P", "u2,HepG2,P");
  const auto all = problems_of(tiny);
  EXPECT_TRUE(has(all, "missing-key", "model.toml", 1));
  EXPECT_TRUE(has(all, "unknown-key", "model.toml", 3));
  EXPECT_TRUE(has(all, "empty", "references.csv", 2));
  EXPECT_TRUE(has(all, "unknown-reference", "substances.csv", 4));
  EXPECT_TRUE(has(all, "wrong-dimension", "drugs.csv", 6));
  EXPECT_TRUE(has(all, "missing-unit", "drug_targets.csv", 2));
  EXPECT_TRUE(has(all, "out-of-range", "cell_types.csv", 11));
  EXPECT_TRUE(has(all, "outside-its-range", "nodes.csv", 7));
  EXPECT_TRUE(has(all, "unknown-source", "mechanisms.csv", 3));
  EXPECT_TRUE(has(all, "unknown-cell-type", "rules.csv", 3));
  EXPECT_EQ(all.size(), 10u) << "no follow-up errors\n" << listing(all);
}

TEST(AllProblems, a_key_that_is_gone_is_reported_for_every_number_that_names_it) {
  TinyModel tiny;
  tiny.replace("references.csv", "r2,Second", "s2,Second");
  const auto all = problems_of(tiny);
  EXPECT_EQ(all.size(), 5u) << listing(all);
  for (const core::Diagnostic& d : all) EXPECT_EQ(d.code, "unknown-reference");
}

TEST(AllProblems, a_table_without_a_column_silences_what_would_follow_from_it) {
  TinyModel tiny;
  tiny.replace("nodes.csv", "node,cell_type", "nodes,cell_type");
  const auto all = problems_of(tiny);
  ASSERT_EQ(all.size(), 2u) << listing(all);
  EXPECT_EQ(all[0].code, "unknown-column");
  EXPECT_EQ(all[0].hint, "did you mean 'node'?");
  EXPECT_EQ(all[1].code, "missing-column");
}

TEST(AllProblems, every_table_may_lack_its_columns_without_a_flood) {
  for (const auto& [file, text] : TinyModel{}.text) {
    if (file == "model.toml") continue;
    TinyModel tiny;
    tiny.text[file] = "x\n1\n";
    for (const core::Diagnostic& d : problems_of(tiny)) EXPECT_EQ(d.place.file, file) << core::to_string(d);
  }
}

TEST(AllProblems, empty_tables_are_named_one_by_one) {
  core::Diagnostics problems;
  EXPECT_FALSE(build(Files{}, problems).has_value());
  EXPECT_FALSE(problems.empty());
}

TEST(AllProblems, families_that_form_a_cycle_are_reported_once_with_the_chain) {
  TinyModel tiny;
  tiny.append("cell_types.csv",
              "F,is,G,,,,\nG,label,G,,,,\nG,abstract,true,,,,\nG,is,H,,,,\nH,label,H,,,,\nH,abstract,true,,,,"
              "\nH,is,F,,,,\n");
  const auto all = problems_of(tiny);
  ASSERT_EQ(all.size(), 1u) << listing(all);
  EXPECT_EQ(all[0].code, "inheritance-cycle");
  EXPECT_NE(all[0].message.find("F is G is H is F"), std::string::npos) << all[0].message;
  EXPECT_EQ(all[0].place.line, 28);
}

TEST(AllProblems, a_type_that_is_itself_is_a_cycle) {
  TinyModel tiny;
  tiny.append("cell_types.csv", "F,is,F,,,,\n");
  const auto all = problems_of(tiny);
  ASSERT_EQ(all.size(), 1u) << listing(all);
  EXPECT_EQ(all[0].code, "inheritance-cycle");
}

TEST(AllProblems, a_member_that_lacks_a_node_of_the_familys_arrow_is_named) {
  TinyModel tiny;
  tiny.replace("nodes.csv", "T,F,basal,0.2,,,r1,\nT,F,tau", "T,B,basal,0.2,,,r1,\nT,B,tau");
  // T is now in B only; an arrow on the whole family needs it in A too.
  tiny.append("mechanisms.csv", "m5,S,activates,T,F,0.5,0.5,2,,C,r1,\n");
  const auto all = problems_of(tiny);
  ASSERT_EQ(all.size(), 1u) << listing(all);
  EXPECT_EQ(all[0].code, "node-missing-in-cell-type");
  EXPECT_NE(all[0].message.find("node 'T' does not exist in A"), std::string::npos) << all[0].message;
  EXPECT_EQ(all[0].place.line, 6);
}

TEST(AllProblems, source_and_target_that_a_cell_type_lacks_are_both_named) {
  TinyModel tiny;
  tiny.replace("mechanisms.csv", "A; B", "A; C");
  const auto all = problems_of(tiny);
  ASSERT_EQ(all.size(), 2u) << listing(all);
  EXPECT_EQ(all[0].place.column, 4) << "the source";
  EXPECT_EQ(all[1].place.column, 16) << "the target";
}

TEST(AllProblems, a_family_without_members_has_nowhere_to_act) {
  TinyModel tiny;
  tiny.append("cell_types.csv", "G,label,G,,,,\nG,abstract,true,,,,\n")
      .replace("mechanisms.csv", "A; B", "A; G");
  const auto all = problems_of(tiny);
  ASSERT_EQ(all.size(), 1u) << listing(all);
  EXPECT_EQ(all[0].code, "empty-family");
}

TEST(AllProblems, a_rule_is_checked_against_the_base_value_of_each_type) {
  TinyModel tiny;
  tiny.replace("rules.csv", "0.3 1/h", "0.07 1/h");  // above 1/(20 h) of A, below 1/(10 h) of B
  const auto all = problems_of(tiny);
  ASSERT_EQ(all.size(), 1u) << listing(all);
  EXPECT_EQ(all[0].code, "direction-contradicted");
  EXPECT_NE(all[0].message.find("below the base value of cycle_entry in B"), std::string::npos)
      << all[0].message;
}

TEST(AllProblems, a_name_of_both_a_node_and_a_substance_is_ambiguous) {
  TinyModel tiny;
  tiny.append("nodes.csv", "L,,layer,gene,,,,\nL,F,basal,0.1,,,r1,\nL,F,tau,1 h,,,r1,\n");
  const auto all = problems_of(tiny);
  ASSERT_EQ(all.size(), 1u) << listing(all);
  EXPECT_EQ(all[0].code, "ambiguous-name");
  EXPECT_EQ(all[0].place.line, 2);
  EXPECT_NE(all[0].hint.find("substance:L"), std::string::npos);
}

TEST(AllProblems, a_substance_that_is_also_a_drug_names_both_places) {
  TinyModel tiny;
  tiny.append("substances.csv", "D,label,again,,,,\n");
  const auto all = problems_of(tiny);
  ASSERT_EQ(all.size(), 1u) << listing(all);
  EXPECT_EQ(all[0].place.file, "drugs.csv");
  EXPECT_NE(all[0].message.find("substances.csv:7"), std::string::npos) << all[0].message;
}

TEST(AllProblems, hostile_names_are_refused_and_cost_no_time) {
  TinyModel tiny;
  tiny.append("nodes.csv",
              std::string(100000, 'x') + ",,colour,1,,,r1,\na;b,,layer,gene,,,,\n,,layer,gene,,,,\n");
  tiny.append("mechanisms.csv", "m5," + std::string(100000, 'y') + ",activates,S,F,0.5,0.5,2,,C,r1,\n");
  const auto all = problems_of(tiny);
  std::set<std::string> codes;
  for (const core::Diagnostic& d : all) codes.insert(d.code);
  EXPECT_EQ(codes, (std::set<std::string>{"unknown-parameter", "bad-name", "empty", "missing-parameter",
                                          "unknown-source"}));
}

}  // namespace all_problems_test
}  // namespace stroma::model
