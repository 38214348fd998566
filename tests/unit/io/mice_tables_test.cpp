// Survival and caliper tables: what is read, and what is named with its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numbers>

#include "io/caliper_table.hpp"
#include "io/survival_table.hpp"
#include "support/codes.hpp"

namespace stroma::io {
namespace {

using test::codes_of;
using test::messages_of;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(SurvivalTable, takes_the_unit_of_time_from_header_or_cells_and_status_as_number_or_word) {
  for (const std::string text : {"subject,arm,time (days),status\na,x,3,1\nb,x,5,0\n",
                                 "subject,arm,days,status\na,x,3,dead\nb,x,5,alive\n",
                                 "id,group,time,event\na,x,3 days,event\nb,x,5 days,censored\n",
                                 "subject\tarm\ttime_days\tstatus\na\tx\t3\tyes\nb\tx\t5\tno\n"}) {
    const SurvivalTable table = read_survival_table({text, "s.csv"}, {});
    ASSERT_EQ(table.data.subjects.size(), 2u) << text;
    EXPECT_EQ(table.time_unit, "days") << text;
    EXPECT_EQ(table.data.subjects[0].follow_up.time, 3.0);
    EXPECT_TRUE(table.data.subjects[0].follow_up.event);
    EXPECT_FALSE(table.data.subjects[1].follow_up.event);
    EXPECT_EQ(table.data.subjects[1].arm, "x");
  }
}

TEST(SurvivalTable, names_everything_that_is_wrong_at_once) {
  const auto codes = [](const std::string& text, const SurvivalColumns& columns = {}) {
    return codes_of([&] { read_survival_table({text, "s.csv"}, columns); });
  };
  EXPECT_EQ(codes("subject,arm,time (d),status\na,x,-3,2\nb,x,5,maybe\nc,y,x,0\n"),
            "negative-time bad-status bad-status not-a-number");
  EXPECT_EQ(codes("subject,arm,time (d),status\na,x,3,-1\n"), "bad-status");
  EXPECT_EQ(codes("subject,arm,time (d),status\na,x,,1\n"), "empty");
  EXPECT_EQ(codes("subject,arm,time,status\na,x,3 days,1\nb,x,5 weeks,0\n"), "two-units");
  EXPECT_EQ(codes("subject,arm,time (d),status\na,x,3,1\na,x,4,1\n"), "duplicate-subject");
  EXPECT_EQ(codes("subject,arm,time (d),status\na,x,3,1\na,y,4,1\n"), "none");
  EXPECT_EQ(codes("subject,arm,status\na,x,1\n"), "missing-column");
  EXPECT_EQ(codes("subject,arm,time,weeks,status\na,x,3,1,1\n"), "duplicate-column");
  EXPECT_EQ(codes("subject,arm,time (d),status\na,x,3,1\n", {"centre", {}}), "missing-column");
  EXPECT_EQ(
      codes("subject,arm,time (d),status,weight\na,x,3,1,20 %\nb,x,3,1,0.3\nc,x,3,0,0.2\n", {"", {"weight"}}),
      "percent-or-fraction");
  EXPECT_THAT(messages_of([] {
                read_survival_table({"subject,arm,time (d),status\na,x,-3,1\n", "s.csv"}, {});
              }),
              HasSubstr("s.csv:2:5: "));
}

// The data sets of R's survival package: row names, 1 and 2, TRUE and FALSE, columns of other names.
TEST(SurvivalTable, reads_what_r_writes) {
  const SurvivalTable codes = read_survival_table(
      {"\"\",\"time\",\"status\",\"x\"\n\"1\",9,2,\"drug\"\n\"2\",13,1,\"none\"\n", "s"}, {});
  EXPECT_TRUE(codes.data.subjects[0].follow_up.event);
  EXPECT_FALSE(codes.data.subjects[1].follow_up.event);
  EXPECT_EQ(codes.data.subjects[1].arm, "none");  // the only column of words
  EXPECT_THAT(codes.notes, ElementsAre(HasSubstr("column x")));
  const SurvivalTable zeros = read_survival_table({"time;status\n9;1\n13;0\n", "s"}, {});
  EXPECT_TRUE(zeros.data.subjects[0].follow_up.event);
  EXPECT_EQ(zeros.data.subjects[0].arm, "all");
  const SurvivalTable named = read_survival_table(
      {"futime,fustat,rx,time\n59,TRUE,1,7\n115,FALSE,2,7\n", "s"}, {"", {}, "futime", "fustat", "rx"});
  EXPECT_EQ(named.data.subjects[1].follow_up.time, 115.0);
  EXPECT_FALSE(named.data.subjects[1].follow_up.event);
  EXPECT_EQ(named.data.subjects[1].arm, "2");
  EXPECT_EQ(codes_of([] {
              read_survival_table({"time,status\n9,1\n", "s"}, {"", {}, "times", "", ""});
            }),
            "missing-column");
}

TEST(SurvivalTable, words_among_covariates_become_indicators) {
  const SurvivalTable table =
      read_survival_table({"subject,arm,weeks,status,age,sex\na,x,3,1,50,male\nb,x,5,0,61.5,female\n", "s"},
                          {"sex", {"age", "sex"}});
  EXPECT_THAT(table.data.covariates, ElementsAre("age", "sex=male"));
  EXPECT_THAT(table.data.subjects[0].covariates, ElementsAre(50.0, 1.0));
  EXPECT_THAT(table.data.subjects[1].covariates, ElementsAre(61.5, 0.0));
  EXPECT_EQ(table.data.subjects[1].stratum, "female");
}

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

}  // namespace
}  // namespace stroma::io
