// What leaves the incubator is read as it was and survives being stored.
#include "assays/specimen.hpp"

#include <gtest/gtest.h>

#include "lab.hpp"

namespace stroma::assays {
namespace specimen_test {

TEST(Lysate, of_two_cell_types_weighs_each_by_its_cells) {
  Specimen s = vessel({30, 0, 0, 0});
  CellSpecimen other = s.cells[0];
  other.fates = {10, 0, 0, 0};
  other.nodes = {"aSMA"};
  other.lysate = {0.8};
  s.cells.push_back(other);
  EXPECT_DOUBLE_EQ(lysate_mean(s, "aSMA"), 0.2);
  EXPECT_DOUBLE_EQ(lysate_mean(s, "FOLR1"), 0.225);
}

TEST(Lysate, and_medium_name_what_they_do_not_know) {
  const Specimen s = vessel({1, 0, 0, 0});
  EXPECT_EQ(codes_of([&] { lysate_mean(s, "FOLR2"); }), "unknown-node");
  EXPECT_EQ(codes_of([&] { medium_concentration(s, "CXCL11"); }), "unknown-substance");
}

TEST(Record, gives_back_every_field) {
  Specimen colonies = vessel({3, 1, 0, 0});
  colonies.cells[0].lineage_sizes = {2, 1};
  for (const Specimen& s : {Specimen{}, vessel({}), vessel({2000, 100, 30, 4}, 4.0), colonies})
    EXPECT_EQ(decode(encode(s)), s);
}

TEST(Record, is_a_few_kilobytes_for_the_largest_vessel) {
  Specimen s = vessel({60000, 0, 0, 0});
  for (int i = 0; i < 50; ++i) {
    s.cells[0].nodes.push_back("CXCR4_protein");
    s.cells[0].lysate.push_back(0.1);
  }
  s.cells[0].lineage_sizes.assign(800, 75);
  EXPECT_LT(encode(s).size(), 6000u);
}

TEST(Record, with_any_bit_flipped_is_refused) {
  const std::string good = encode(vessel({20, 1, 2, 3}));
  for (std::size_t i = 0; i < good.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[i] = static_cast<char>(static_cast<unsigned char>(bad[i]) ^ (1u << bit));
      ASSERT_EQ(codes_of([&] { decode(bad); }), "specimen-damaged") << "byte " << i;
    }
}

TEST(Record, cut_anywhere_or_with_bytes_added_is_refused) {
  const std::string good = encode(vessel({20, 1, 2, 3}));
  for (std::size_t n = 0; n < good.size(); ++n)
    ASSERT_EQ(codes_of([&] { decode(good.substr(0, n)); }), "specimen-damaged");
  EXPECT_EQ(codes_of([&] { decode(good + "x"); }), "specimen-damaged");
}

}  // namespace specimen_test
}  // namespace stroma::assays
