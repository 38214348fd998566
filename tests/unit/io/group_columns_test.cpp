// What a plain table's columns are taken for, who is independent, and what is asked instead of guessed.
#include "io/group_columns.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "io/column_shape.hpp"
#include "io/factor_rows.hpp"
#include "io/group_rows.hpp"
#include "io/pairing.hpp"
#include "io/replicate_columns.hpp"
#include "io/two_columns.hpp"

namespace stroma::io {
namespace group_columns_test {

PlainTable read(std::string_view text) {
  core::Diagnostics problems;
  PlainTable table = read_plain_table(text, "t.csv", problems);
  EXPECT_TRUE(problems.empty());
  return table;
}

/// The code and the hint of what was asked.
template <class Action>
std::string asked(Action action) {
  try {
    action();
  } catch (const core::InputError& error) {
    const core::Diagnostic& first = error.diagnostics().front();
    return first.code + "\n" + first.hint;
  }
  return "nothing asked";
}

ColumnOptions typed(const std::string& method) {
  ColumnOptions o;
  o.command = "stroma stats " + method + " t.csv";
  return o;
}

Units units(const PlainTable& t, const ColumnOptions& o, const Ability& can) {
  core::Understanding facts;
  const GroupColumns columns = choose_groups(t, o, true);
  return units_of(t, columns, rows_of(t, columns, o, facts), o, can, facts);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(ColumnShape, holds_a_name_against_the_cells) {
  const PlainTable t = read("x,n,case,rep,id\n10,4.5,0,1,m1\n1,2.1,0,2,m2\n20,3.3,1,1,m3\n2,1.5,1,2,m4\n");
  EXPECT_EQ(plausible_role(*t.find("x")), ColumnRole::unknown);  // does not count
  EXPECT_EQ(plausible_role(*t.find("n")), ColumnRole::unknown);  // measured
  EXPECT_EQ(plausible_role(*t.find("rep")), ColumnRole::replicate);
  EXPECT_EQ(plausible_role(*t.find("id")), ColumnRole::subject);
  const PlainTable flags = read("case,y\n0,1\n0,2\n0,3\n1,3\n1,5\n1,6\n");
  EXPECT_EQ(plausible_role(*flags.find("case")), ColumnRole::unknown);  // yes and no are nobody
  EXPECT_TRUE(shape_of(*t.find("rep")).numbered);
  EXPECT_TRUE(shape_of(*t.find("id")).all_distinct());
}

TEST(GroupColumns, two_columns_of_values_are_two_groups_unless_a_name_or_the_cells_say_otherwise) {
  const ColumnOptions o = typed("ttest");
  EXPECT_EQ(choose_groups(read("NF,CAF\n12,30\n12,33\n15,31\n15,29\n"), o, true).wide.size(), 2u);
  const PlainTable arms = read("arm,y\n1,30\n1,33\n2,31\n2,29\n");
  const GroupColumns named = choose_groups(arms, o, true);
  ASSERT_NE(named.group, nullptr);
  EXPECT_EQ(named.group->name, "arm");
  EXPECT_FALSE(named.assumed);
  const PlainTable dosed = read("len,dose\n3,0.5\n4,0.5\n5,0.5\n6,1\n7,1\n6,1\n");
  const GroupColumns doses = choose_groups(dosed, o, true);
  ASSERT_NE(doses.group, nullptr);
  EXPECT_TRUE(doses.assumed);
  const std::string question = asked(
      [&] { choose_groups(read("a,b\n1,3.5\n1,4.1\n2,5.5\n3,6.2\n2,5.1\n3,6.3\n"), typed("anova"), true); });
  EXPECT_EQ(question, "nothing asked");  // numbered from 1 beside decimals: plainly codes
  EXPECT_TRUE(has(asked([&] { choose_groups(read("a,b\n4,3.5\n4,4.1\n6,5.5\n6,6.2\n"), o, true); }),
                  "stroma stats ttest t.csv --group a"));
  EXPECT_TRUE(has(asked([&] { choose_groups(read("grp,clone,y\nu,p,1\nu,q,2\nv,p,3\nv,q,4\n"), o, true); }),
                  "nothing"));
  EXPECT_TRUE(has(asked([&] { choose_groups(read("p1,p2,y\nu,p,1\nu,q,2\nv,p,3\nv,q,4\n"), o, true); }),
                  "stroma stats anova2 t.csv --group p1 --group2 p2"));
}

TEST(GroupColumns, names_of_tissues_and_arms_head_wide_columns_too) {
  const ColumnOptions o = typed("ttest");
  EXPECT_EQ(choose_groups(read("tumor,normal\n12,30\n12,33\n15,31\n15,29\n"), o, true).wide.size(), 2u);
  EXPECT_EQ(choose_groups(read("vehicle,drug\n30,12\n33,12\n31,15\n29,15\n"), o, true).wide.size(), 2u);
  EXPECT_EQ(choose_groups(read("case,control\n7,30\n5,33\n6,31\n"), o, true).wide.size(), 2u);
  EXPECT_EQ(choose_groups(read("tumor,a,b\n1,30,3\n2,33,4\n3,31,7\n"), o, true).wide.size(), 2u);
}

TEST(GroupColumns, a_name_on_a_command_line) {
  EXPECT_EQ(as_argument("dose"), "dose");
  EXPECT_EQ(as_argument("Mouse ID"), "'Mouse ID'");
  EXPECT_EQ(as_argument("it's"), "'it'\\''s'");
  EXPECT_EQ(with_method("stroma stats ttest a.csv --json", "paired"), "stroma stats paired a.csv --json");
}

TEST(Units, rows_of_one_subject_are_refused_or_averaged) {
  const PlainTable t = read("mouse,arm,y\n1,a,1\n1,a,3\n2,a,4\n2,a,6\n3,b,7\n3,b,9\n4,b,1\n4,b,2\n");
  ColumnOptions o = typed("ttest");
  EXPECT_TRUE(has(asked([&] { units(t, o, {"ttest"}); }), "not-independent"));
  o.per_subject = true;
  const Units means = units(t, o, {"ttest"});
  ASSERT_EQ(means.rows.size(), 4u);
  EXPECT_EQ(means.rows.value[0], 2.0L);
  EXPECT_EQ(means.rows.value[3], 1.5L);
  o.per_subject = false;
  o.independent = true;
  EXPECT_EQ(units(t, o, {"ttest"}).rows.size(), 8u);
}

TEST(Units, shared_labels_are_pairs_blocks_or_numbers) {
  const PlainTable t = read("mouse,arm,y\n1,a,1\n2,a,3\n3,a,4\n1,b,6\n2,b,7\n3,b,9\n");
  ColumnOptions o = typed("ttest");
  EXPECT_TRUE(has(asked([&] { units(t, o, {"ttest"}); }), "stroma stats paired t.csv --subject mouse"));
  o.own_numbers = true;
  EXPECT_EQ(units(t, o, {"ttest"}).rows.size(), 6u);
  const PlainTable experiments = read("experiment,arm,y\n1,a,1\n2,a,3\n3,a,4\n1,b,6\n2,b,7\n3,b,9\n");
  const Units blocks = units(experiments, typed("anova"), {"anova", true});
  ASSERT_NE(blocks.block, nullptr);
  EXPECT_EQ(blocks.rows.block, (std::vector<std::string>{"1", "2", "3", "1", "2", "3"}));
  EXPECT_TRUE(has(asked([&] { units(experiments, typed("welch"), {"welch"}); }), "stats paired"));
}

TEST(Units, names_that_differ_in_case_are_asked_about) {
  const PlainTable t = read("arm,y\ncontrol,1\nControl,3\nb,4\nb ,6\n");
  EXPECT_EQ(t.find("arm")->padded, 1u);
  ColumnOptions o = typed("anova");
  EXPECT_TRUE(has(asked([&] { units(t, o, {"anova", true}); }), "names-differ-in-case"));
  o.any_case = true;
  EXPECT_EQ(units(t, o, {"anova", true}).rows.names.size(), 2u);
  o.any_case = false;
  o.exact_names = true;
  EXPECT_EQ(units(t, o, {"anova", true}).rows.names.size(), 3u);
}

TEST(Pairing, a_missing_value_takes_its_partner_with_it_and_moves_no_other) {
  core::Understanding facts;
  const ColumnOptions o = typed("paired");
  const PlainTable by_order = read("arm,y\na,\na,2\na,3\nb,11\nb,12\nb,13\n");
  const Pairing p = pair_up(by_order, choose_groups(by_order, o, true, true), o, facts);
  EXPECT_EQ(p.first, (std::vector<long double>{2, 3}));
  EXPECT_EQ(p.second, (std::vector<long double>{12, 13}));
  EXPECT_EQ(p.incomplete, (std::vector<std::string>{"1"}));
  const PlainTable by_label = read("g,s,v\na,s1,10\na,s2,1\nb,s2,20\nb,s3,21\nb,s1,2\n");
  const Pairing q = pair_up(by_label, choose_groups(by_label, o, true, true), o, facts);
  EXPECT_EQ(q.second, (std::vector<long double>{2, 20}));
  const PlainTable uneven = read("arm,y\na,2\na,3\nb,11\nb,12\nb,13\n");
  EXPECT_TRUE(
      has(asked([&] { pair_up(uneven, choose_groups(uneven, o, true, true), o, facts); }), "not-paired"));
}

TEST(FactorRows, subjects_at_every_level_are_repeated_measures) {
  const std::string_view text =
      "mouse,arm,day,y\n1,a,0,1\n1,a,7,2\n2,a,0,1.5\n2,a,7,2.5\n3,b,0,1\n3,b,7,4\n4,b,0,2\n4,b,7,5\n5,b,0,"
      "2\n";
  core::Understanding facts;
  ColumnOptions o = typed("anova2");
  const PlainTable t = read(text);
  const FactorRows f = factor_rows(t, o, facts);
  EXPECT_TRUE(f.repeated);
  EXPECT_EQ(f.within, 1u);
  EXPECT_EQ(f.values.size(), 8u);  // mouse 5 is not complete
  o.independent = true;
  EXPECT_FALSE(factor_rows(t, o, facts).repeated);
}

TEST(ReplicateColumns, become_rows) {
  const auto grouped = replicates_as_rows(read("dose,NF_1,NF_2,CAF_1,CAF_2\n0,1,2,3,4\n1,5,6,7,8\n"));
  ASSERT_TRUE(grouped);
  EXPECT_TRUE(grouped->certain);
  EXPECT_EQ(grouped->table.rows, 8u);
  EXPECT_EQ(grouped->table.find("group")->texts[2], "CAF");
  EXPECT_EQ(grouped->table.find("dose")->texts[7], "1");
  EXPECT_EQ(grouped->table.find("value")->values[7], 8.0L);
  EXPECT_FALSE(replicates_as_rows(read("control,s1,s2\n1,2,3\n")));            // control has no number
  EXPECT_FALSE(replicates_as_rows(read("IL6,IL8,CXCL10,CXCL12\n1,2,3,4\n")));  // names, not counters
  EXPECT_FALSE(replicates_as_rows(read("FGF1,FGF2,EGF1,EGF2\n1,2,3,4\n"))->certain);
  EXPECT_EQ(read("h,NF,NF,CAF,CAF\n0,1,2,3,4\n").find("value")->values.size(), 4u);
  EXPECT_EQ(read("h,NF,,CAF,\n0,1,2,3,4\n").find("group")->texts[3], "CAF");
}

TEST(PlainTable, decimal_commas_where_they_can_mean_nothing_else) {
  EXPECT_EQ(read("g;y\na;1,5\nb;2,25\n").find("y")->values[1], 2.25L);
  EXPECT_EQ(read("g\ty\na\t1,5\nb\t2,250\n").find("y")->values[1], 2.25L);
  EXPECT_FALSE(read("g\ty\na\t1,500\nb\t2,250\n").find("y")->faults.empty());  // thousands?
  EXPECT_FALSE(read("g;y;z\na;1,500;1.5\nb;2,250;2.5\n").find("y")->faults.empty());
  EXPECT_FALSE(read("g;y\na;1,5\nb;2.5\n").find("y")->faults.empty());  // both signs in one column
  EXPECT_EQ(read("g;y\na;1.234,5\nb;12.345.678,25\n").find("y")->values[1], 12345678.25L);
  EXPECT_EQ(read("g;y\na;1,5 mg\nb;2,5 mg\n").find("y")->unit, "mg");
}

TEST(PlainTable, rows_by_a_condition) {
  const PlainTable t = read("day,y\n0,1\n7,2\n14,x\n14.0,4\n");
  const PlainTable last = select_rows(t, "day=14");
  EXPECT_EQ(last.rows, 2u);
  EXPECT_EQ(last.find("y")->faults.size(), 1u);
  EXPECT_EQ(select_rows(t, "day=0,7").find("y")->faults.size(), 0u);
  EXPECT_TRUE(has(asked([&] { select_rows(t, "day=21"); }), "unknown-value"));
  EXPECT_TRUE(has(asked([&] { select_rows(t, "days=7"); }), "missing-column"));
}

TEST(TwoColumns, names_of_patients_are_no_numbers_to_correlate) {
  const PlainTable t = read("patient,a,b\n1,3,4\n2,5,6\n3,4,7\n");
  EXPECT_EQ(choose_two(t, "", "", "stroma stats pearson t.csv").x->name, "a");
  const PlainTable xy = read("x,y\n1,3\n2,5\n3,4\n");
  EXPECT_EQ(choose_two(xy, "", "", "").x->name, "x");
  EXPECT_TRUE(has(asked([&] { choose_two(read("a,b,c\n1,3,2.5\n2,5,4\n3,4,7\n"), "", "", "stroma"); }),
                  "--x a --y b"));
}

}  // namespace group_columns_test
}  // namespace stroma::io
