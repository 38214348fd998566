// Plates as readers export them: where the grid stands, how it is divided, and what its cells may say.
#include "io/plate_export.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assays/raw_tables.hpp"
#include "io/lab_files.hpp"
#include "support/codes.hpp"

namespace stroma::io {
namespace plate_export_test {

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
              HasSubstr("decimal comma"));  // one among points
  const Plate above = read_plate({replaced(grid(','), "0.120", ">3.5"), "g"}, {map, "m"}, "p");
  EXPECT_TRUE(above.at({1, 2}).over_range);
  EXPECT_EQ(above.at({1, 2}).od, 3.5);
  // What no map asks for is no matter.
  EXPECT_DOUBLE_EQ(well_b3(replaced(grid(','), "0.710", "OVER")), 0.12);
}

TEST(PlateExport, refuses_what_is_no_plate) {
  EXPECT_EQ(codes_of([&] { well_b3("time,od\n1,0.2\n"); }), "no-grid");
  EXPECT_EQ(codes_of([&] { well_b3(""); }), "empty-file");
  // UTF-16 is named once, and not also as a file without a plate.
  EXPECT_EQ(codes_of([&] { well_b3(std::string("\xFF\xFE<\0>\0", 6)); }), "not-utf8");
}

// 16 rows of 24; well (r, c) reads r + 0.01 c.
std::string grid_384(bool header) {
  std::string out;
  if (header) {
    for (int c = 1; c <= 24; ++c) out += "," + std::to_string(c);
    out += "\n";
  }
  for (int r = 0; r < 16; ++r) {
    out += static_cast<char>('A' + r);
    for (int c = 0; c < 24; ++c) out += "," + std::to_string(r + 0.01 * c);
    out += "\n";
  }
  return out;
}

TEST(PlateExport, of_384_wells_is_read_with_and_without_its_header) {
  const std::string wells = "well,role,arm\nA1,blank,\nB3,sample,CAF\nP24,sample,CAF\n";
  for (const bool header : {true, false}) {
    const Plate plate = read_plate({grid_384(header), "g"}, {wells, "m"}, "p");
    EXPECT_EQ(plate.format, assays::plate_384);
    EXPECT_EQ(plate.wells.size(), 384u);
    EXPECT_DOUBLE_EQ(*plate.at({1, 2}).od, 1.02);
    EXPECT_DOUBLE_EQ(*plate.at({15, 23}).od, 15.23);
    // Written and read again: the same wells in the same places.
    const Plate back = read_plate({write_plate_grid(plate), "g"}, {write_plate_map(plate), "m"}, "p");
    for (std::size_t i = 0; i < plate.wells.size(); ++i) EXPECT_EQ(back.wells[i].od, plate.wells[i].od) << i;
  }
  const std::string lacking = grid_384(true).substr(0, grid_384(true).find("\nP,") + 1);
  EXPECT_EQ(codes_of([&] { read_plate({lacking, "g"}, {wells, "m"}, "p"); }), "row-missing");  // P, asked for
  // A well of a large plate is none of a small one.
  EXPECT_THAT(messages_of([&] {
                read_plate({grid(','), "g"}, {wells, "m"}, "p");
              }),
              HasSubstr("m:4:1: well: P24 is not a well of g, which has 8 x 12"));
}

TEST(PlateMapGrid, of_384_wells_is_a_grid_too) {
  const std::string first = grid_384(true).substr(0, grid_384(true).find("\nA,"));
  std::string only = first + "\n";
  for (int r = 0; r < 16; ++r)
    only += std::string(1, static_cast<char>('A' + r)) + ",CAF @ 2 uM" + std::string(22, ',') + ",blank\n";
  const Plate plate = read_plate({grid_384(true), "g"}, {only, "m"}, "p");
  EXPECT_EQ(plate.at({15, 0}).dose, 2000.0);
  EXPECT_EQ(plate.at({15, 23}).role, WellRole::blank);
}

// One line per wavelength below each letter, with the wavelength behind the last well, as Gen5 writes them.
TEST(PlateExport, with_a_line_per_wavelength_gives_a_grid_for_each) {
  std::string text = "Results\n";
  for (int c = 1; c <= 12; ++c) text += "\t" + std::to_string(c);
  text += "\n";
  for (int r = 0; r < 8; ++r)
    for (const char* wavelength : {"450", "650"}) {
      text += wavelength == std::string("450") ? std::string(1, static_cast<char>('A' + r)) : "";
      for (int c = 0; c < 12; ++c)
        text += "\t" + std::to_string((wavelength[0] == '4' ? 1.0 : 0.01) * (r + 0.1 * c));
      text += std::string("\t") + wavelength + "\n";
    }
  EXPECT_EQ(codes_of([&] { well_b3(text); }), "several-reads");
  EXPECT_THAT(messages_of([&] { well_b3(text); }), HasSubstr("1 '450 nm' (line 2), 2 '650 nm' (line 2)"));
  EXPECT_DOUBLE_EQ(well_b3(text, "450"), 1.2);
  EXPECT_DOUBLE_EQ(well_b3(text, "650"), 0.012);
}

// No letters, the temperature before the first row, and two reads side by side, as SoftMax Pro writes them.
TEST(PlateExport, without_letters_below_its_temperature_is_read_by_rows) {
  const auto line = [](const std::string& start, auto cell) {
    std::string out = start;
    for (int k = 0; k < 2; ++k) {
      for (int c = 1; c <= 12; ++c) out += "\t" + cell(k, c);
      out += "\t";
    }
    return out + "\n";
  };
  std::string text =
      "Plate:\tPlate1\n" + line("\tTemperature(C)", [](int, int c) { return std::to_string(c); });
  for (int r = 0; r < 8; ++r)
    text += line(r == 0 ? "\t24.5" : "\t",
                 [&](int k, int c) { return std::to_string(r + 0.1 * (c - 1) + 10.0 * k); });
  text += "~End\n";
  EXPECT_DOUBLE_EQ(well_b3(text, "1"), 1.2);
  EXPECT_DOUBLE_EQ(well_b3(text, "2"), 11.2);
  // Six lines for eight rows, and nothing says which: nobody's wells are moved.
  const std::string cut = text.substr(0, text.find("\n\t\t6."));
  EXPECT_EQ(codes_of([&] { well_b3(cut + "\n~End\n", "1"); }), "row-missing");
}

TEST(PlateExport, may_be_a_list_of_wells) {
  EXPECT_DOUBLE_EQ(well_b3("Well,OD450\nA01,0.1\nB03,0.12\n"), 0.12);
  // As MARS writes it: row and column apart, and what was in the well, which is no read.
  EXPECT_DOUBLE_EQ(
      well_b3("Test 1\n\nWell Row,Well Col,Content,Raw Data (450)\nA,1,Blank B,0.1\nB,3,Sample X1,0.12\n"),
      0.12);
  const std::string two = "well,450,650\nA1,0.1,0.01\nB3,0.12,0.02\n";
  EXPECT_EQ(codes_of([&] { well_b3(two); }), "several-reads");
  EXPECT_DOUBLE_EQ(well_b3(two, "650"), 0.02);
  EXPECT_EQ(codes_of([&] { well_b3("well,od\nA1,0.1\nB3,0.12\nB3,0.2\n"); }), "well-taken-twice");
  EXPECT_EQ(codes_of([&] { well_b3("well,od\nA1,0.1\nB3,0.12\nX9,0.2\n"); }), "no-such-well");
  EXPECT_EQ(codes_of([&] { well_b3("well,od\nA1,0.1\nB3,OVER\n"); }), "bad-reading");
  EXPECT_EQ(codes_of([&] { well_b3("well,od\nA1,0.1\n"); }), "no-reading");
}

TEST(PlateExport, says_one_fault_once) {
  // A row that is missing, or too short, is no news of each of its wells.
  std::string without_b = grid(',');
  const std::size_t b = without_b.find("\nB,");
  without_b.erase(b, without_b.find("\nC,") - b);
  EXPECT_EQ(codes_of([&] { well_b3(without_b); }), "row-missing");
  // Wells that fail alike are one problem, with the first of them named.
  std::string words = grid(';');
  for (const char* cell : {"0.120", "0.130", "0.140"}) words.replace(words.find(cell), 5, "OVER");
  const std::string five = "well,role,arm\nA1,blank,\nB3,sample,a\nB4,sample,a\nB5,sample,a\nB6,sample,a\n";
  const std::string said = messages_of([&] { read_plate({words, "g"}, {five, "m"}, "p"); });
  EXPECT_THAT(said, HasSubstr("well B3"));
  EXPECT_THAT(said, HasSubstr("so have B4, B5"));
  EXPECT_EQ(codes_of([&] { read_plate({words, "g"}, {five, "m"}, "p"); }), "bad-reading");
  // Decimal commas throughout are no problem.
  std::string commas = grid(';');
  for (char& c : commas)
    if (c == '.') c = ',';
  EXPECT_DOUBLE_EQ(well_b3(commas), 0.12);
}

// Unread rows are blank lines in a block without letters: they keep their place.
TEST(PlateExport, never_moves_rows_up_over_blank_ones) {
  const std::string head =
      "Plate:\tP1\t1.3\tPlateFormat\tEndpoint\tAbsorbance\tRaw\tFALSE\t1\t\t\t\t\t\t1\t450 \t1\t12\t96\t";
  std::string columns = "\tTemperature(C)";
  for (int c = 1; c <= 12; ++c) columns += "\t" + std::to_string(c);
  const auto line = [](double first) {
    std::string out = "\t";
    for (int c = 0; c < 12; ++c) out += "\t" + std::to_string(first + 0.01 * c);
    return out + "\n";
  };
  const std::string blank = "\t\t\t\t\n";
  const std::string rows_b_and_c = blank + line(0.2) + line(0.3) + blank + blank + blank + blank + blank;
  const std::string whole = head + "2\t2\n" + columns + "\n" + rows_b_and_c + "~End\n";
  const std::string b_only = "well,role,arm\nB1,blank,\nB3,sample,CAF\n";
  EXPECT_DOUBLE_EQ(*read_plate({whole, "g"}, {b_only, "m"}, "p").at({1, 2}).od, 0.22);
  const auto b3_and_d3 = "well,role,arm\nB3,blank,\nD3,sample,CAF\n";
  EXPECT_EQ(codes_of([&] { read_plate({whole, "g"}, {b3_and_d3, "m"}, "p"); }), "row-missing");
  // Without its blank lines only the head says which rows these are; where it says nothing else, they are
  // asked.
  const std::string bare = "\n" + columns + "\n" + line(0.2) + line(0.3) + "~End\n";
  EXPECT_DOUBLE_EQ(*read_plate({head + "2\t2" + bare, "g"}, {b_only, "m"}, "p").at({1, 2}).od, 0.22);
  EXPECT_EQ(codes_of([&] { read_plate({head + "1\t8" + bare, "g"}, {b_only, "m"}, "p"); }), "row-missing");
}

TEST(PlateExport, of_a_kinetic_has_a_read_for_each_time) {
  std::string text = "\tTemperature(C)";
  for (int c = 1; c <= 12; ++c) text += "\t" + std::to_string(c);
  text += "\n";
  for (int t = 0; t < 3; ++t) {
    for (int r = 0; r < 8; ++r) {
      text += (r == 0 ? "0:" + std::to_string(3 * t) + "0\t37.0" : std::string("\t"));
      for (int c = 0; c < 12; ++c) text += "\t" + std::to_string(t + 0.1 * r + 0.01 * c);
      text += "\n";
    }
    text += "\n";
  }
  text += "~End\n";
  EXPECT_EQ(codes_of([&] { well_b3(text); }), "several-reads");
  EXPECT_THAT(messages_of([&] { well_b3(text); }), HasSubstr("3 grids"));
  EXPECT_DOUBLE_EQ(well_b3(text, "0:30"), 1.12);
  EXPECT_DOUBLE_EQ(well_b3(text, "3"), 2.12);
}

TEST(PlateExport, of_part_of_a_plate_or_a_smaller_one_keeps_its_places) {
  EXPECT_DOUBLE_EQ(well_b3(",1,2,3,4,5,6\nA,0.1,0.2,0.3,0.4,0.5,0.6\nB,1.1,1.2,1.3,1.4,1.5,1.6\n"), 1.3);
  EXPECT_DOUBLE_EQ(well_b3(",01,02,03\nA,0.1,0.2,0.3\nB,1.1,1.2,1.3\n"), 1.3);
  // Columns 3 to 5 of rows A and B.
  const std::string part = "well,role,arm\nA3,blank,\nB3,sample,CAF\n";
  EXPECT_DOUBLE_EQ(
      *read_plate({",3,4,5\nA,0.3,0.4,0.5\nB,1.3,1.4,1.5\n", "g"}, {part, "m"}, "p").at({1, 2}).od, 1.3);
  // A plate lying down: letters above, numbers at the side.
  EXPECT_DOUBLE_EQ(well_b3(",A,B,C\n1,0.1,1.1,2.1\n2,0.2,1.2,2.2\n3,0.3,1.3,2.3\n"), 1.3);
}

TEST(PlateExport, leaves_out_what_the_file_or_the_map_leaves_out) {
  const auto role = [](const std::string& file, const std::string& wells) {
    core::Understanding said;
    const Plate plate = read_plate({file, "g"}, {wells, "m"}, "p", "", "", "", &said);
    bool told = false;
    for (const core::Fact& fact : said.facts()) told = told || fact.about == "left out";
    return std::pair(plate.at({1, 2}).role == WellRole::empty, told);
  };
  const std::pair out{true, true}, in{false, false};
  EXPECT_EQ(role("Well,OD,Omit\nA1,0.1,FALSE\nB3,9.9,TRUE\n", map), out);
  EXPECT_EQ(role("Well,OD,Include\nA1,0.1,True\nB3,9.9,False\n", map), out);
  EXPECT_EQ(role("Well,OD,Omit\nA1,0.1,FALSE\nB3,9.9,no\n", map), in);
  EXPECT_EQ(role(replaced(grid('\t'), "0.120", "*0.120*"), map), out);
  EXPECT_EQ(role(grid(','), "well,role,arm,omit\nA1,blank,,\nB3,sample,CAF,x\n"), out);
}

TEST(PlateExport, is_not_refused_for_what_stands_outside_the_read) {
  EXPECT_DOUBLE_EQ(well_b3("Notes,the \"virtual\" barcode\n" + grid(',') + "\nx,a \"b\" c\n"), 0.12);
  // Layouts and computed values are no readings.
  const std::string layout = "Layout\n" + replaced(grid('\t'), "0.120", "7.0");
  EXPECT_EQ(codes_of([&] { well_b3(layout + "\n" + grid('\t'), "1"); }), "layout-read");
}

TEST(PlateExport, in_a_list_of_several_plates_asks_which) {
  const std::string list = "Plate,Well,OD\nP1,A1,0.1\nP1,B3,0.12\nP2,A1,0.2\nP2,B3,0.22\n";
  EXPECT_EQ(codes_of([&] { well_b3(list); }), "several-reads");
  EXPECT_DOUBLE_EQ(well_b3(list, "P2"), 0.22);
  // One plate, not named in every line.
  EXPECT_DOUBLE_EQ(well_b3("Plate,Well,OD\nP1,A1,0.1\n,B3,0.12\n"), 0.12);
  // The well is where wells stand, whatever else is called an id.
  EXPECT_DOUBLE_EQ(well_b3("Well ID\tName\tWell\tConc/Dil\t450\nSPL1\t\tA1\t5\t0.05\nSPL2\t\tB3\t6\t0.12\n"),
                   0.12);
  EXPECT_DOUBLE_EQ(well_b3("Raw data,Well positions,Plate\n0.1,A1,X\n0.12,B3,X\n"), 0.12);
}

TEST(PlateExport, may_not_contradict_its_map) {
  EXPECT_DOUBLE_EQ(well_b3("Well,Content,OD\nA1,Blank B,0.1\nB3,Sample X1,0.12\n"), 0.12);
  EXPECT_EQ(codes_of([&] { well_b3("Well,Content,OD\nA1,Sample X1,0.1\nB3,Blank B,0.12\n"); }),
            "content-differs");
}

TEST(PlateExport, subtracts_a_reference_read) {
  const std::string two = "well,450,650\nA1,0.1,0.01\nB3,0.12,0.02\n";
  const Plate plate = read_plate({two, "g"}, {map, "m"}, "p", "", "450", "650");
  EXPECT_NEAR(*plate.at({1, 2}).od, 0.10, 1e-12);
  EXPECT_EQ(codes_of([&] { read_plate({two, "g"}, {map, "m"}, "p", "", "450", "450"); }), "same-read");
}

TEST(PlateMap, may_give_doses_by_mass_but_not_mixed_with_molar_ones) {
  const std::string head = "well,role,arm,dose\n";
  const Plate plate =
      read_plate({grid(','), "g"}, {head + "A1,sample,a,0 ug/mL\nB3,sample,a,2 ug/mL\n", "m"}, "p");
  EXPECT_EQ(plate.dose_unit, "ug/mL");
  EXPECT_DOUBLE_EQ(*plate.at({1, 2}).dose, 2000.0);  // ng/mL
  EXPECT_THAT(write_plate_map(plate), HasSubstr("2 ug/mL"));
  const std::string said = messages_of([&] {
    read_plate({grid(','), "g"}, {head + "A1,sample,a,0 uM\nB3,sample,a,2 ug/mL\n", "m"}, "p");
  });
  EXPECT_THAT(said, HasSubstr("mass-and-molar"));
  EXPECT_THAT(said, HasSubstr("m:3:13"));
  EXPECT_THAT(said, HasSubstr("line 2, column 13"));
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

}  // namespace plate_export_test
}  // namespace stroma::io
