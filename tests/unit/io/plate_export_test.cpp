// Plates as readers export them: where the grid stands, how it is divided, and what its cells may say.
#include "io/plate_export.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/lab_files.hpp"
#include "support/codes.hpp"

namespace stroma::io {
namespace {

using assays::Plate;
using assays::WellRole;
using test::codes_of;
using test::messages_of;
using testing::HasSubstr;

// 8 rows; well (r, c) reads 0.1 r + 0.01 c.
std::string grid(char delimiter, const std::string& corner = "<>", bool header = true) {
  std::string out;
  if (header) {
    out += corner;
    for (int c = 1; c <= 12; ++c) out += delimiter + std::to_string(c);
    out += "\n";
  }
  for (int r = 0; r < 8; ++r) {
    out += static_cast<char>('A' + r);
    for (int c = 0; c < 12; ++c) out += delimiter + std::to_string(0.1 * r + 0.01 * c).substr(0, 5);
    out += "\n";
  }
  return out;
}

const std::string map = "well,role,arm\nA1,blank,\nB3,sample,CAF\n";

double well_b3(const std::string& text, std::string_view read = {}) {
  return *read_plate({text, "plate.csv"}, {map, "map.csv"}, "p", "", read).at({1, 2}).od;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(PlateExport, is_read_with_comma_semicolon_or_tab_crlf_or_bom_with_and_without_its_header) {
  for (const char delimiter : {',', ';', '\t'})
    for (const bool header : {true, false})
      EXPECT_DOUBLE_EQ(well_b3(grid(delimiter, "<>", header)), 0.12) << delimiter << header;
  std::string crlf;
  for (const char c : grid(',')) crlf += c == '\n' ? "\r\n" : std::string(1, c);
  EXPECT_DOUBLE_EQ(well_b3("\xEF\xBB\xBF" + crlf), 0.12);
  EXPECT_DOUBLE_EQ(well_b3(grid(',', "row")), 0.12);
}

TEST(PlateExport, stands_between_preamble_and_notes) {
  EXPECT_DOUBLE_EQ(well_b3("Instrument: iMark\nDate,2024-05-01\nWavelength;450 nm\n\n" + grid(',') +
                           "\nNotes,shaken 5 s\n"),
                   0.12);
}

TEST(PlateExport, with_several_grids_asks_which_and_takes_it_by_number_or_title) {
  const std::string other = replaced(grid(','), "0.120", "0.777");
  const std::string text = "450 nm\n" + grid(',') + "\n630 nm\n" + other;
  EXPECT_EQ(codes_of([&] { well_b3(text); }), "several-reads");
  EXPECT_THAT(messages_of([&] { well_b3(text); }), HasSubstr("1 '450 nm' (line 2), 2 '630 nm' (line 13)"));
  EXPECT_DOUBLE_EQ(well_b3(text, "630"), 0.777);
  EXPECT_DOUBLE_EQ(well_b3(text, "1"), 0.12);
  EXPECT_EQ(codes_of([&] { well_b3(text, "595"); }), "no-such-read");
}

TEST(PlateExport, of_95_wells_says_which_one_is_missing) {
  const std::string empty = replaced(grid(','), "B,0.100,0.110,0.120", "B,0.100,0.110,");
  EXPECT_THAT(messages_of([&] { well_b3(empty); }),
              HasSubstr("map.csv:3:1: well: well B3 has no reading in plate.csv"));
  const std::string deleted = replaced(grid(','), "B,0.100,0.110,0.120,", "B,0.100,0.110,");
  EXPECT_THAT(messages_of([&] { well_b3(deleted); }), HasSubstr("row B has 11 of 12 wells"));
}

TEST(PlateExport, names_what_is_no_reading_by_well_and_place) {
  for (const auto& [cell, words] : {std::pair{"OVER", "beyond the instrument's range"},
                                    {"OVRFLW", "beyond the instrument's range"},
                                    {"####", "a column is too narrow"},
                                    {"NaN", "is no reading"},
                                    {"<LOD", "below the limit of detection"},
                                    {"<0.05", "below a limit"},
                                    {"12 %", "is a percentage"},
                                    {"x", "is not a number"}}) {
    const std::string text = replaced(grid('\t'), "0.120", cell);
    const std::string said = messages_of([&] { well_b3(text); });
    EXPECT_THAT(said, HasSubstr("plate.csv:3:15: well B3: ")) << cell;
    EXPECT_THAT(said, HasSubstr(words)) << said;
  }
  EXPECT_THAT(messages_of([&] { well_b3(replaced(grid(';'), "0.120", "0,120")); }),
              HasSubstr("decimal comma"));
  const Plate above = read_plate({replaced(grid(','), "0.120", ">3.5"), "g"}, {map, "m"}, "p");
  EXPECT_TRUE(above.at({1, 2}).over_range);
  EXPECT_EQ(above.at({1, 2}).od, 3.5);
  // What no map asks for is no matter.
  EXPECT_DOUBLE_EQ(well_b3(replaced(grid(','), "0.710", "OVER")), 0.12);
}

TEST(PlateExport, refuses_what_is_no_plate) {
  EXPECT_EQ(codes_of([&] { well_b3("well,od\nA1,0.2\n"); }), "no-grid");
  EXPECT_EQ(codes_of([&] { well_b3(""); }), "empty-file");
  std::string wide = ",";
  for (int c = 1; c <= 24; ++c) wide += std::to_string(c) + (c < 24 ? "," : "\n");
  EXPECT_EQ(codes_of([&] { well_b3(wide + "A,1\n"); }), "plate-384");
}

TEST(PlateMapGrid, reads_arms_and_doses_from_one_grid) {
  const std::string map_grid =
      ",1,2,3,4,5,6,7,8,9,10,11,12\nA,blank,blank,,,,,,,,,,\nB,CAF @ 0 uM,CAF @ 0 uM,CAF @ 2 uM,CAF #2 @ 2 "
      "uM,standard 5 "
      "ng/"
      "mL,,,,,,,\nC,,,,,,,,,,,,\nD,,,,,,,,,,,,\nE,,,,,,,,,,,,\nF,,,,,,,,,,,,\nG,,,,,,,,,,,,\nH,,,,,,,,,,,,\n";
  const Plate plate = read_plate({grid(','), "g"}, {map_grid, "m"}, "p");
  EXPECT_EQ(plate.at({0, 1}).role, WellRole::blank);
  EXPECT_EQ(plate.at({1, 1}).arm, "CAF");
  EXPECT_EQ(plate.at({1, 1}).technical, 2);
  EXPECT_EQ(plate.at({1, 2}).dose, 2000.0);
  EXPECT_EQ(plate.at({1, 3}).replicate, 2);
  EXPECT_EQ(plate.at({1, 4}).standard, 5.0);
  EXPECT_EQ(plate.at({2, 0}).role, WellRole::empty);
  const std::string bad = replaced(map_grid, "CAF @ 2 uM", "CAF @ 2 mg");
  EXPECT_THAT(messages_of([&] { read_plate({grid(','), "g"}, {bad, "m"}, "p"); }), HasSubstr("m:3:"));
}

TEST(PlateMapGrid, reads_one_grid_per_property) {
  const std::string rest =
      "C,,,,,,,,,,,,\nD,,,,,,,,,,,,\nE,,,,,,,,,,,,\nF,,,,,,,,,,,,\nG,,,,,,,,,,,,\nH,,,,,,,,,,,,\n";
  const std::string head = ",1,2,3,4,5,6,7,8,9,10,11,12\n";
  const std::string text = "arm" + head + "A,blank,,,,,,,,,,,\nB,,,CAF,,,,,,,,,\n" + rest + "dose" + head +
                           "A,,,,,,,,,,,,\nB,,,4 uM,,,,,,,,,\n" + rest;
  const Plate plate = read_plate({grid(','), "g"}, {text, "m"}, "p");
  EXPECT_EQ(plate.at({0, 0}).role, WellRole::blank);
  EXPECT_EQ(plate.at({1, 2}).dose, 4000.0);
  EXPECT_EQ(codes_of([&] {
              read_plate({grid(','), "g"}, {replaced(text, "dose,", "what,"), "m"}, "p");
            }),
            "unknown-grid");
}

}  // namespace
}  // namespace stroma::io
