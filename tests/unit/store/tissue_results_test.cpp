// What a run in space left is read back as far as its state stands.
#include "store/tissue_results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

namespace stroma::store {
namespace tissue_results_test {

using testing::IsEmpty;

TEST(Results, of_an_interrupted_run_end_where_its_state_stands) {
  const std::string csv = "tick,time_h,a\n0,0,1\n10,1,\n20,2,x\n30,3,4\n40,4,";
  const study::NumberTable table = read_numbers(csv, {30}, 0);
  ASSERT_EQ(table.rows.size(), 4u);
  EXPECT_TRUE(std::isnan(table.rows[1][2]));
  EXPECT_TRUE(std::isnan(table.rows[2][2]));
  EXPECT_EQ(read_numbers(csv, {30}, 2).rows.size(), 2u) << "the first and the last time";
  EXPECT_EQ(read_numbers("tick,time_h,a\n0,0\n", {30}, 0).rows.size(), 0u) << "a row cut short";
  EXPECT_EQ(read_numbers("", {30}, 0).rows.size(), 0u);
}

TEST(Results, take_pictures_up_to_the_state_and_no_stranger) {
  const std::filesystem::path folder = testing::TempDir() + "stroma-tissue-results";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "sections");
  for (const char* name :
       {"he-00000.00h.png", "he-00010.00h.png", "he-00020.00h.png", "notes.txt", "he-x.png"})
    std::ofstream(folder / "sections" / name) << "png";
  const study::TissueResults results = read_tissue_results(folder, {}, core::to_tick(600));
  ASSERT_EQ(results.sections.size(), 2u);
  EXPECT_EQ(results.sections[1].hours, 10.0);
  EXPECT_EQ(results.sections[1].stain, "he");
  EXPECT_EQ(results.sections[1].png, "png");
  EXPECT_THAT(results.growth.columns, IsEmpty());
  std::filesystem::remove_all(folder);
}

}  // namespace tissue_results_test
}  // namespace stroma::store
