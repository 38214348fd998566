// Caliper tables: what is read, and what is named with its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numbers>

#include "io/caliper_table.hpp"
#include "support/codes.hpp"

namespace stroma::io {
namespace mice_tables_test {

using test::codes_of;
using test::messages_of;
using testing::HasSubstr;

TEST(CaliperTable, gives_the_volume_by_the_usual_or_another_formula_whatever_the_unit) {
  for (const std::string text :
       {"ID,arm,day,length (mm),width (mm)\nm1,x,3,10,6\n",
        "animal,arm,time,length,width\nm1,x,72 h,1 cm,0.6 cm\n",
        "mouse;group;days;length_mm;width_mm\nm1;x;3;10;6\n", "ID,arm,day,volume (mm^3)\nm1,x,3,180\n"}) {
    const CaliperTable table = read_caliper_table({text, "c.csv"});
    ASSERT_EQ(table.volumes.size(), 1u) << text;
    EXPECT_NEAR(table.volumes[0].volume, 180.0, 1e-10) << text;
    EXPECT_NEAR(table.volumes[0].day, 3.0, 1e-12);
    EXPECT_TRUE(table.warnings.empty()) << text;
  }
  EXPECT_NEAR(read_caliper_table({"ID,arm,day,length_mm,width_mm\nm1,x,3,10,6\n", "c"}, "pi/6*length*width^2")
                  .volumes[0]
                  .volume,
              std::numbers::pi * 60.0, 1e-9);
}

TEST(CaliperTable, says_what_it_had_to_take_for_granted) {
  const CaliperTable bare = read_caliper_table({"ID,day,length,width\nm1,1,6,10\n", "c.csv"});
  ASSERT_EQ(bare.warnings.size(), 3u);
  EXPECT_EQ(bare.warnings.entries()[0].code, "unit-assumed");
  EXPECT_EQ(bare.warnings.entries()[2].code, "swapped");
  EXPECT_EQ(bare.warnings.entries()[2].place.line, 2);
  EXPECT_NEAR(bare.volumes[0].volume, 180.0, 1e-12);  // the longer side is the length
}

std::string facts_of(const CaliperTable& table) {
  std::string out;
  for (const core::Fact& fact : table.understanding.facts()) out += core::to_string(fact) + "\n";
  return out;
}

TEST(CaliperTable, finds_the_arms_by_their_names_and_says_them) {
  for (const std::string name : {"arm", "Treatment group", "Drug Regimen", "Grp", "therapy", "genotype"}) {
    const CaliperTable table = read_caliper_table(
        {"Mouse ID,day," + name + ",volume (mm3)\n1,0,PBS,10\n1,7,PBS,20\n2,0,drug,10\n2,7,drug,15\n", "c"});
    EXPECT_EQ(table.volumes[2].arm, "drug") << name;
    EXPECT_THAT(facts_of(table), HasSubstr("(PBS 1, drug 1)"));
  }
}

TEST(CaliperTable, asks_where_a_column_may_divide_the_animals_and_where_two_do) {
  const auto table = [](const std::string& header, const CaliperColumns& columns = {}) {
    std::string text = header + "\n";
    for (int animal = 1; animal <= 8; ++animal)
      for (const int day : {0, 7})
        text += std::to_string(animal) + "," + std::to_string(day) + "," + (animal % 2 ? "a" : "b") + "," +
                (animal > 4 ? "p" : "q") + ",100\n";
    return [text, columns] { return read_caliper_table({text, "c.csv"}, usual_volume, columns); };
  };
  EXPECT_EQ(codes_of(table("id,day,what,other,volume")), "which-arm");
  EXPECT_THAT(messages_of(table("id,day,what,other,volume", {"", "", false, "stroma analyse growth c.csv"})),
              testing::AllOf(HasSubstr("stroma analyse growth c.csv --arm 'what'"), HasSubstr("--one-arm")));
  EXPECT_EQ(codes_of(table("id,day,treatment,arm,volume")), "which-arm");
  EXPECT_EQ(codes_of(table("id,day,treatment,cohort,volume")), "none");  // a cohort is no treatment
  EXPECT_EQ(table("id,day,what,other,volume", {"", "other", false, ""})().volumes[0].arm, "q");
  EXPECT_EQ(table("id,day,what,other,volume", {"", "", true, ""})().volumes[0].arm, "all");
  EXPECT_EQ(codes_of(table("id,day,what,other,volume", {"", "othr", false, ""})), "missing-column");
  EXPECT_EQ(codes_of(table("x,day,what,other,volume")), "missing-column");
}

TEST(CaliperTable, a_column_in_which_no_value_returns_is_no_animal) {
  EXPECT_EQ(codes_of([] {
              read_caliper_table({"id,arm,day,volume\n1,a,0,9\n2,a,7,9\n3,b,0,9\n4,b,7,9\n", "c"});
            }),
            "which-animal");
}

TEST(CaliperTable, reads_weeks_missing_volumes_and_animals_numbered_anew) {
  const CaliperTable table = read_caliper_table(
      {"animal,arm,week,volume (mm^3)\n1,a,0,10\n1,a,1,NA\n1,a,2,\n1,b,0,10\n1,b,1,12\n1,b,2,dead\n", "c"});
  ASSERT_EQ(table.volumes.size(), 3u);
  EXPECT_EQ(table.volumes[2].day, 7.0);
  EXPECT_THAT(facts_of(table),
              testing::AllOf(HasSubstr("3 of 6 lines have no volume"),
                             HasSubstr("1 names occur in several arms"), HasSubstr("weeks")));
}

TEST(CaliperTable, numbers_that_begin_anew_in_every_cage_are_different_animals) {
  const CaliperTable table =
      read_caliper_table({"mouse,cage,arm,day,volume\n1,A,x,0,9\n1,A,x,7,9\n1,B,x,0,9\n1,B,x,7,9\n", "c"});
  EXPECT_EQ(table.volumes[0].animal, "A/1");
  EXPECT_EQ(table.volumes[2].animal, "B/1");
}

TEST(CaliperTable, reads_a_column_per_day_with_marks_and_decimal_commas) {
  const CaliperTable table =
      read_caliper_table({"Use\tGrp\tId\t\t5\t8\tday 12\nx\tx\tx\tx\tZ\tZ\tZ\nx\tC\t1\t\t42\t80,5\t114\n"
                          "\tC\t2\t\t1\t2\t3\nx\tA\t1\t\t31,5\t\t92\n",
                          "t.tsv"});
  ASSERT_EQ(table.volumes.size(), 5u);
  EXPECT_EQ(table.volumes[1].volume, 80.5);
  EXPECT_EQ(table.volumes[1].day, 8.0);
  EXPECT_EQ(table.volumes[4].arm, "A");
  EXPECT_EQ(table.volumes[4].day, 12.0);
  EXPECT_THAT(facts_of(table), testing::AllOf(HasSubstr("line 2"), HasSubstr("by column 'Use': 4"),
                                              HasSubstr("decimal commas")));
}

TEST(CaliperTable, names_what_is_wrong_with_line_and_column) {
  const auto codes = [](const std::string& text, const std::string& formula = usual_volume) {
    return codes_of([&] { read_caliper_table({text, "c.csv"}, formula); });
  };
  EXPECT_EQ(codes("ID,day,length_mm,width_mm\nm1,1,-6,OVER\n"), "out-of-range bad-reading");
  EXPECT_EQ(codes("ID,day,length,width\nm1,1,6 mm,5 mm\nm1,2,0.7 cm,6 mm\n"), "two-units");
  EXPECT_EQ(codes("ID,day,length,width\nm1,1,6 mm,5\nm1,2,7,6\n"), "two-units");
  EXPECT_EQ(codes("ID,day,length_kg,width_mm\nm1,1,6,5\n"), "unknown-unit");
  EXPECT_EQ(codes("ID,length_mm,width_mm\nm1,6,5\n"), "missing-column");
  EXPECT_EQ(codes("ID,day,length_mm\nm1,1,6\n"), "missing-column");
  EXPECT_EQ(codes("ID,day,length_mm,width_mm\n"), "empty-table");
  EXPECT_EQ(codes("ID,day,length_mm,width_mm\nm1,1,6,5\n", "length*hight"), "bad-formula");
  EXPECT_EQ(codes("ID,day,length,width\nm1,1,60 %,5\n"), "wrong-dimension");
}

}  // namespace mice_tables_test
}  // namespace stroma::io
