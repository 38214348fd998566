// The vocabulary is complete and documented, and rows that can do nothing are named.
#include "model/vocabulary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "model/effects.hpp"
#include "test_paths.hpp"
#include "unit/model/tiny_model.hpp"

namespace stroma::model {
namespace vocabulary_test {

using test::build_valid;
using test::TinyModel;

TEST(Vocabulary, has_one_row_per_kind_with_a_word_a_setting_and_a_meaning) {
  std::set<std::string> forms;
  for (const BehaviourRow& row : behaviour_rows()) {
    EXPECT_EQ(&row_of(row.kind), &row);
    EXPECT_TRUE(forms.insert(form_of(row)).second) << form_of(row);
    EXPECT_FALSE(row.doc.empty());
    EXPECT_TRUE(row.in_culture || row.in_space) << form_of(row) << " happens nowhere";
  }
  forms.clear();
  for (const SignalRow& row : signal_rows()) {
    EXPECT_EQ(&row_of(row.kind), &row);
    EXPECT_TRUE(forms.insert(form_of(row)).second) << form_of(row);
    EXPECT_FALSE(row.doc.empty());
    EXPECT_TRUE(row.in_culture || row.in_space) << form_of(row) << " is nowhere";
  }
}

TEST(Vocabulary, finds_what_it_can_write) {
  const Model model = build_valid({});
  for (const BehaviourRow& row : behaviour_rows()) {
    const std::string name = row.operand == Operand::nothing     ? std::string(row.word)
                             : row.operand == Operand::substance ? std::string(row.word) + ":L"
                                                                 : std::string(row.word) + ":C";
    const auto found = find_behaviour(model, name);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(found->kind, row.kind) << name;
    EXPECT_EQ(found->operand == none, row.operand == Operand::nothing) << name;
    EXPECT_EQ(title_of(model, *found).find('{'), std::string::npos) << name;
  }
  EXPECT_FALSE(find_behaviour(model, "secretion"));
  EXPECT_FALSE(find_behaviour(model, "secretion:X"));
  EXPECT_FALSE(find_behaviour(model, "apoptosis:L"));
  EXPECT_FALSE(find_behaviour(model, ":L"));
  EXPECT_EQ(find_signal(model, "contact:C")->kind, SignalKind::contact_with);
  EXPECT_EQ(find_signal(model, "contact:dead")->kind, SignalKind::dead_contact);
  EXPECT_EQ(find_signal(model, "S")->kind, SignalKind::node);
  EXPECT_EQ(find_signal(model, "L")->name, "substance:L");
  EXPECT_FALSE(find_signal(model, "presure"));
}

// docs/model.md holds the table as it is here, between two marks.
TEST(Vocabulary, is_documented_row_by_row) {
  std::ifstream file(STROMA_SOURCE_DIR "/docs/model.md");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_THAT(text.str(), testing::HasSubstr(vocabulary_markdown())) << "docs/model.md must say:\n"
                                                                     << vocabulary_markdown();
}

TEST(IdleRows, are_those_that_a_setting_does_not_perform) {
  TinyModel tiny;
  tiny.append("substances.csv",
              "O,label,Oxygen,,,,\nO,ambient,0.1 mM,,,r1,\nO,consumption_half_max,1 uM,,,r1,\n")
      .append("cell_types.csv",
              "C,migration_speed,1 um/min,,,r1,\nC,consumption:O,1 fmol/min,,,r1,\nC,attack:F,1 1/h,,,r1,\n")
      .append("rules.csv",
              "u5,C,pressure,increases,apoptosis,1 1/h,1.5,4,no,C,r1,\n"
              "u6,C,contact:F,increases,uptake:M,20 um^3/min,2,1,no,C,r1,\n"
              "u7,A,time,increases,necrosis,1 1/h,24 h,1,no,C,r1,\n");
  const Model model = build_valid(tiny);
  const std::vector<Index> c{model.cell_type("C")}, a{model.cell_type("A")};
  std::vector<std::string> names;
  for (const IdleRow& row : idle_rows(model, Setting::culture, c)) names.push_back(row.name);
  EXPECT_EQ(names, (std::vector<std::string>{"attack:F of C", "consumption:O of C", "migration_speed of C",
                                             "u5", "u6"}));
  EXPECT_TRUE(idle_rows(model, Setting::culture, a).empty()) << "no cell of C is there";
  EXPECT_TRUE(idle_rows(model, Setting::space, c).empty());
  ASSERT_EQ(warn_of_idle_rows(model, Setting::culture, c).size(), 1u) << "one warning names them all";
  const std::vector<std::string> ids{"u5", "u7"};
  core::Diagnostics problems;
  refuse_idle_knockouts(model, Setting::culture, ids, problems);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems.entries()[0].code, "cannot-act");
  EXPECT_EQ(problems.entries()[0].key, "u5");
}

// What is appended to a table, and what is said of it.
struct Idle {
  const char* file;
  const char* rows;
  const char* code;
};

TEST(IdleRows, that_no_setting_performs_are_refused) {
  for (const Idle& idle : {
           Idle{"cell_types.csv", "C,chemotaxis:L,0.5,,,r1,\n", "no-effect"},
           Idle{"rules.csv", "u5,C,substance:M,increases,chemotaxis:L,1,3 nM,1,no,C,r1,\n", "no-effect"},
           Idle{"rules.csv", "u5,F,S,increases,necrosis,0.3 1/h,0.4,3,yes,A,r1,\n", "no-effect"},
           Idle{"rules.csv", "u5,C,substance:M,decreases,secretion:L,0 fg/h,3 nM,1,yes,A,r1,\n", "no-effect"},
           Idle{"cell_types.csv", "G,label,Empty family,,,,\nG,abstract,true,,,,\nC,attack:G,1 1/h,,,r1,\n",
                "empty-family"},
           Idle{"cell_types.csv", "G,label,Empty family,,,,\nG,abstract,true,,,,\nC,affinity:G,2,,,r1,\n",
                "empty-family"},
       }) {
    TinyModel tiny;
    tiny.append(idle.file, idle.rows);
    core::Diagnostics problems;
    build(tiny.files(), problems);
    ASSERT_EQ(problems.size(), 1u) << idle.rows;
    EXPECT_EQ(problems.entries()[0].code, idle.code) << core::to_string(problems.entries()[0]);
  }
}

TEST(IdleRows, chemotaxis_may_wait_for_a_rule_that_makes_the_cell_move) {
  TinyModel tiny;
  tiny.append("cell_types.csv", "C,chemotaxis:L,0.5,,,r1,\n")
      .append("rules.csv", "u5,C,substance:M,increases,migration_speed,1 um/min,3 nM,1,no,C,r1,\n");
  build_valid(tiny);
}

TEST(Families, mean_their_members) {
  const Model model = build_valid({});
  const Index f = model.cell_type("F"), a = model.cell_type("A"), b = model.cell_type("B"),
              c = model.cell_type("C");
  EXPECT_EQ(model.members(f), (std::vector<Index>{a, b}));
  EXPECT_EQ(model.members(c), (std::vector<Index>{c}));
  EXPECT_TRUE(model.is(a, f));
  EXPECT_TRUE(model.is(a, a));
  EXPECT_FALSE(model.is(c, f));
  EXPECT_FALSE(model.is(f, a));
}

}  // namespace vocabulary_test
}  // namespace stroma::model
