// Laboratory files: what was written is what is read, and every problem of a user's own file is named with
// its place.
#include "io/lab_files.hpp"

#include <gtest/gtest.h>

#include "assays/raw_tables.hpp"
#include "support/codes.hpp"

namespace stroma::io {
namespace lab_files_test {

using namespace assays;
using test::codes_of;

Plate plate() {
  Plate p;
  p.name = "plate 1";
  p.substance = "sorafenib";
  p.at({0, 0}) = {WellRole::blank, "", 1, 1, std::nullopt, std::nullopt, 1.0, 0.2013, false};
  p.at({1, 1}) = {WellRole::sample, "=CAF, \"late\"", 2, 3, 250.0, std::nullopt, 1.0, 1.0 / 3.0, false};
  p.at({1, 2}) = {WellRole::sample, "NF", 1, 1, 0.1 + 0.2, std::nullopt, 4.0, 3.5, true};
  p.at({7, 11}) = {WellRole::standard, "standard", 1, 2, std::nullopt, 0.15625, 1.0, 0.09, false};
  return p;
}

TEST(PlateFiles, give_back_the_plate_to_the_last_bit) {
  const Plate p = plate();
  const Plate q =
      read_plate({write_plate_grid(p), "grid.csv"}, {write_plate_map(p), "map.csv"}, "plate 1", "sorafenib");
  for (std::size_t i = 0; i < p.wells.size(); ++i) {
    const PlateWell &a = p.wells[i], &b = q.wells[i];
    EXPECT_EQ(a.role, b.role) << i;
    EXPECT_EQ(a.arm, b.arm);
    EXPECT_EQ(a.replicate, b.replicate);
    EXPECT_EQ(a.technical, b.technical);
    EXPECT_EQ(a.dose, b.dose);
    EXPECT_EQ(a.standard, b.standard);
    EXPECT_EQ(a.dilution, b.dilution);
    EXPECT_EQ(a.od, b.od);
    EXPECT_EQ(a.over_range, b.over_range);
  }
}

TEST(PlateFiles, look_as_a_reader_exports_them) {
  const std::string grid = write_plate_grid(plate()), map = write_plate_map(plate());
  EXPECT_TRUE(grid.starts_with("row,1,2,3,4,5,6,7,8,9,10,11,12\nA,0.2013,,,,,,,,,,,\nB,,")) << grid;
  EXPECT_NE(grid.find(",>3.5,"), std::string::npos);
  EXPECT_NE(map.find("B2,sample,\"'=CAF"), std::string::npos) << map;  // a spreadsheet must not run it
  EXPECT_NE(map.find("0.25 uM"), std::string::npos);
}

TEST(PlateFiles, with_two_wells_in_one_place_or_other_errors_name_them_all) {
  const std::string grid = write_plate_grid(plate());
  const std::string map =
      "well,role,arm,dose,replicate,dilution\n"
      "A1,blank,,,,\n"
      "B2,sample,CAF,1 uM,1,\n"
      "B2,sample,NF,1 uM,1,\n"
      "B3,sampel,NF,1 uM,1,\n"
      "B3x,sample,NF,1 uM,1,\n"
      "C1,sample,NF,1 uM,1,\n"
      "H12,sample,,3,0,0.5\n";
  EXPECT_EQ(
      codes_of([&] {
        read_plate({grid, "g"}, {map, "m"}, "p");
      }),
      "well-taken-twice unknown-value no-such-well no-reading empty missing-unit out-of-range out-of-range");
}

TEST(PlateFiles, need_the_rows_of_their_map_once_and_numbers_in_them) {
  const std::string map = "well,role\nA1,blank\nH12,blank\n";
  std::string grid = write_plate_grid(plate());
  const std::string row = grid.substr(grid.find("\nB,") + 1, grid.find("\nC,") - grid.find("\nB,"));
  EXPECT_EQ(codes_of([&] { read_plate({grid + row, "g"}, {map, "m"}, "p"); }), "row-given-twice");
  grid.replace(grid.find("\nH,"), 3, "\nX,");
  EXPECT_EQ(codes_of([&] { read_plate({grid, "g"}, {map, "m"}, "p"); }), "row-missing no-such-row");
  std::string words = write_plate_grid(plate());
  words.replace(words.find("0.2013"), 6, "OVRFLW");
  EXPECT_EQ(codes_of([&] { read_plate({words, "g"}, {map, "m"}, "p"); }), "bad-reading");
}

TEST(CtTable, comes_back_with_undetermined_wells) {
  const std::vector<CtRow> table{{"-u", 1, "FOLR1_mRNA", 1, 24.123456789012345},
                                 {"t", 2, "GAPDH", 3, std::nullopt}};
  const auto back = read_ct_table({write_ct_table(table), "ct.csv"});
  ASSERT_EQ(back.size(), 2u);
  EXPECT_EQ(back[0].arm, "-u");
  EXPECT_EQ(back[0].ct, table[0].ct);
  EXPECT_EQ(back[1].gene, "GAPDH");
  EXPECT_EQ(back[1].replicate, 2);
  EXPECT_EQ(back[1].technical, 3);
  EXPECT_FALSE(back[1].ct);
  EXPECT_EQ(codes_of([] {
              read_ct_table({"arm,replicate,gene,technical,ct\nu,0,F,1.5,-3\n", "ct.csv"});
            }),
            "out-of-range not-whole out-of-range");
}

TEST(Densitometry, comes_back) {
  const std::vector<BlotBand> table{{"m", 1, "u", 1, "FOLR1", 1234.5, 800.25, false},
                                    {"m", 2, "t", 3, "beta-actin", 65535.0, 801.0, true}};
  const auto back = read_densitometry({write_densitometry(table), "blot.csv"});
  ASSERT_EQ(back.size(), 2u);
  EXPECT_EQ(back[0].volume, 1234.5);
  EXPECT_EQ(back[0].background, 800.25);
  EXPECT_FALSE(back[0].saturated);
  EXPECT_TRUE(back[1].saturated);
  EXPECT_EQ(back[1].lane, 2);
  EXPECT_EQ(back[1].replicate, 3);
  EXPECT_EQ(back[1].protein, "beta-actin");
}

TEST(CountingSheets, come_back) {
  const std::vector<ColonyCount> colonies{{"CAF", 1, 2, 800, 123}};
  const auto a = read_colony_counts({write_colony_counts(colonies), "c.csv"});
  EXPECT_EQ(a[0].colonies, 123);
  EXPECT_EQ(a[0].plated, 800);
  EXPECT_EQ(a[0].technical, 2);
  const std::vector<CellCount> cells{{"CAF", 2, 1.25e6, 10.0}};
  const auto b = read_cell_counts({write_cell_counts(cells), "n.csv"});
  EXPECT_EQ(b[0].cells, 1.25e6);
  EXPECT_DOUBLE_EQ(b[0].millilitres, 10.0);
  EXPECT_EQ(codes_of([] {
              read_cell_counts({"arm,replicate,cells,volume\nCAF,1,1e6,10\n", "n.csv"});
            }),
            "missing-unit");
}

TEST(FlowTubes, pass_through_fcs_unchanged) {
  FlowSample tube{"CAF supernatant + sorafenib",
                  2,
                  3,
                  {{"FITC-A", "Annexin V", 262144.0}, {"PI-A", "", 262144.0}},
                  {1.5f, 2.5f, 3.25f, 4e4f}};
  const FlowSample back = from_fcs(read_fcs(write_fcs(to_fcs(tube)), "t.fcs"), "t");
  EXPECT_EQ(back.arm, tube.arm);
  EXPECT_EQ(back.replicate, 2);
  EXPECT_EQ(back.technical, 3);
  EXPECT_EQ(back.channels, tube.channels);
  EXPECT_EQ(back.events, tube.events);
  tube.events.clear();
  EXPECT_EQ(from_fcs(read_fcs(write_fcs(to_fcs(tube)), "t.fcs"), "t").event_count(), 0u);
}

}  // namespace lab_files_test
}  // namespace stroma::io
