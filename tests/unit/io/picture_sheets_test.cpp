// Sample sheets of pictures: what is read, and every problem with its place.
#include "io/picture_sheets.hpp"

#include <gtest/gtest.h>

#include "refused.hpp"

namespace stroma::io {
namespace picture_sheets_test {

TEST(PictureSheets, fields_with_and_without_animals) {
  const auto fields =
      read_field_sheet({"file;arm;replicate;field\na.tif;vehicle;m1;1\nb.tif;drug;;\n", "s.csv"});
  ASSERT_EQ(fields.size(), 2U);
  EXPECT_EQ(fields[0].subject, "m1");
  EXPECT_EQ(fields[1].subject, "");
  EXPECT_EQ(read_field_sheet({"file,arm\na.tif,vehicle\n", "s.csv"}).size(), 1U);
}

TEST(PictureSheets, lanes_have_a_membrane_and_a_band_by_default) {
  const auto lanes = read_blot_sheet(
      {"file,protein,lane,arm,replicate,band\na.tif,ERK,2,drug,3,\na.tif,actin,2,drug,3,2\n", "s.csv"});
  ASSERT_EQ(lanes.size(), 2U);
  EXPECT_EQ(lanes[0].membrane, "membrane");
  EXPECT_EQ(lanes[0].band, 1);
  EXPECT_EQ(lanes[1].band, 2);
  EXPECT_EQ(lanes[1].lane, 2);
}

TEST(PictureSheets, dishes_with_circles) {
  const auto dishes =
      read_dish_sheet({"file,arm,replicate,plated,technical,x,y,radius\na.jpg,drug,1,500,2,100,120,80.5\nb."
                       "jpg,drug,1,500,,,,\n",
                       "s.csv"});
  ASSERT_EQ(dishes.size(), 2U);
  ASSERT_TRUE(dishes[0].circle);
  EXPECT_DOUBLE_EQ(dishes[0].circle->radius, 80.5);
  EXPECT_FALSE(dishes[1].circle);
  EXPECT_EQ(dishes[1].technical, 1);
}

TEST(PictureSheets, problems_are_named_with_their_place) {
  const auto field = [](const char* text) {
    return test::refused([&] { read_field_sheet({text, "s.csv"}); });
  };
  EXPECT_EQ(field("file,arm\na,x\na,y\n").code, "duplicate-file");
  EXPECT_EQ(field("file,arm\na,x\na,y\n").place.line, 3);
  EXPECT_EQ(field("file,arm\n").code, "empty-table");
  const auto blot = [](const char* text) {
    return test::refused([&] { read_blot_sheet({text, "s.csv"}); }).code;
  };
  EXPECT_EQ(blot("file,protein,lane,arm,replicate\na,p,1,x,1\na,p,1,y,1\n"), "duplicate-lane");
  EXPECT_EQ(blot("file,protein,lane,arm,replicate\na,p,1.5,x,1\n"), "not-whole");
  const auto dish = [](const char* text) {
    return test::refused([&] { read_dish_sheet({text, "s.csv"}); }).code;
  };
  EXPECT_EQ(dish("file,arm,replicate,plated\na,x,1,\n"), "missing-value");
  // Several lines of one photograph name dishes; whether they do is seen where the photograph is looked at.
  EXPECT_EQ(dish("file,arm,replicate,plated,dish\na,x,1,500,a1\na,y,1,500,A1\n"), "duplicate-dish");
  EXPECT_EQ(
      read_dish_sheet({"file,arm,replicate,plated,dish\na,x,1,500,a1\na,y,1,500,B1\n", "s.csv"})[0].place,
      "A1");
}

TEST(PictureSheets, columns_by_the_names_that_laboratories_give_them) {
  core::Understanding said;
  const auto lines =
      read_field_sheet({"Image,Treatment,Mouse ID\na.tif,vehicle,m1\nb.tif,drug,m2\n", "s.csv"}, &said);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1].file, "b.tif");
  EXPECT_EQ(lines[1].arm, "drug");
  EXPECT_EQ(lines[1].subject, "m2");
  EXPECT_EQ(said.facts().size(), 3U);
  // Two columns of one role: neither is dropped in silence.
  EXPECT_EQ(test::refused([] {
              read_field_sheet({"file,arm,mouse,patient\na,x,1,2\n", "s.csv"});
            }).code,
            "unknown-column");
}

}  // namespace picture_sheets_test
}  // namespace stroma::io
