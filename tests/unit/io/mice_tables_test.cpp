// Caliper tables: what is read, and what is named with its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numbers>

#include "io/caliper_table.hpp"
#include "support/codes.hpp"

namespace stroma::io {
namespace {

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
