// A colony has 50 cells, not 49.
#include "assays/colonies/colonies.hpp"

#include <gtest/gtest.h>

#include "lab.hpp"

namespace stroma::assays {
namespace colonies_test {

Specimen dish(std::vector<std::int32_t> lineages) {
  Specimen s = vessel({});
  for (const std::int32_t n : lineages) s.cells[0].fates.live += n;
  s.cells[0].lineage_sizes = std::move(lineages);
  return s;
}

const ColonyCounter sharp_eyed{50, 1.0};

TEST(Colonies, are_lineages_of_fifty_cells_or_more) {
  EXPECT_EQ(count_colonies(dish({49, 50, 51, 1, 2000}), "a", 1, 1, 800, sharp_eyed, 1).colonies, 3);
  EXPECT_EQ(count_colonies(dish({49}), "a", 1, 1, 800, sharp_eyed, 1).colonies, 0);
  EXPECT_EQ(count_colonies(dish({50}), "a", 1, 1, 800, sharp_eyed, 1).colonies, 1);
}

TEST(Colonies, of_an_empty_or_dead_dish_are_none) {
  EXPECT_EQ(count_colonies(dish({}), "a", 1, 1, 800, {}, 1).colonies, 0);
  EXPECT_EQ(count_colonies(vessel({0, 3, 4, 0}), "a", 1, 1, 800, {}, 1).colonies, 0);
}

TEST(Colonies, cannot_be_counted_in_scaled_vessels_or_without_lineages) {
  Specimen s = vessel({100, 0, 0, 0}, 4.0);
  EXPECT_EQ(codes_of([&] { count_colonies(s, "a", 1, 1, 800, {}, 1); }), "scaled-colonies no-lineages");
}

TEST(Colonies, counted_with_one_seed_are_the_same_count) {
  const Specimen s = dish(std::vector<std::int32_t>(500, 80));
  const auto first = count_colonies(s, "a", 1, 1, 800, {}, 5).colonies;
  EXPECT_EQ(count_colonies(s, "b", 2, 1, 800, {}, 5).colonies, first);
  int differ = 0;
  for (std::uint64_t seed = 6; seed < 26; ++seed)
    differ += count_colonies(s, "a", 1, 1, 800, {}, seed).colonies != first;
  EXPECT_GT(differ, 0);
}

TEST(ColonyRates, are_colonies_over_plated_cells_averaged_over_the_wells_of_a_replicate) {
  const std::vector<ColonyCount> sheet{
      {"a", 1, 1, 800, 200}, {"a", 1, 2, 800, 100}, {"a", 2, 1, 800, 400}, {"b", 1, 1, 800, 0}};
  const auto rates = analyse_colonies(sheet);
  ASSERT_EQ(rates.size(), 3u);
  EXPECT_DOUBLE_EQ(rates[0].rate, 0.1875);
  EXPECT_EQ(rates[0].wells, 2u);
  EXPECT_DOUBLE_EQ(rates[1].rate, 0.5);
  EXPECT_EQ(rates[2].rate, 0.0);
}

TEST(ColonyRates, of_a_sheet_with_errors_name_them_all) {
  const std::vector<ColonyCount> sheet{{"a", 1, 1, 0, 5}, {"a", 1, 1, 800, 5}, {"b", 1, 1, 800, -1}};
  EXPECT_EQ(codes_of([&] { analyse_colonies(sheet); }), "nothing-plated duplicate-well negative-count");
}

}  // namespace colonies_test
}  // namespace stroma::assays
