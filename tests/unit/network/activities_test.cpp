// The storage of a population's activities.
#include "network/activities.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace stroma::network {
namespace activities_test {

Activities numbered(std::size_t nodes, std::size_t cells) {
  Activities x(nodes);
  x.resize(cells);
  for (std::size_t s = 0; s < nodes; ++s)
    for (std::size_t c = 0; c < cells; ++c) x.at(s, c) = static_cast<float>(100 * c + s);
  return x;
}

TEST(Activities, rows_start_on_64_byte_boundaries_an_odd_number_of_blocks_apart) {
  for (const std::size_t cells : {1, 64, 65, 128, 1000, 4096}) {
    Activities x(3);
    x.resize(cells);
    EXPECT_GE(x.stride(), cells);
    EXPECT_EQ(x.stride() % (2 * block_size), block_size);
    for (std::size_t s = 0; s < 3; ++s) EXPECT_EQ(reinterpret_cast<std::uintptr_t>(x.row(s)) % 64, 0u);
  }
}

TEST(Activities, grow_keeps_the_cells_and_clears_the_new_ones) {
  Activities x = numbered(3, 10);
  x.resize(5);
  x.resize(300);
  for (std::size_t s = 0; s < 3; ++s)
    for (std::size_t c = 0; c < 300; ++c)
      EXPECT_EQ(x.at(s, c), c < 5 ? static_cast<float>(100 * c + s) : 0.0f);
}

TEST(Activities, gather_compacts_sorts_and_repeats) {
  Activities x = numbered(2, 6);
  const std::vector<std::uint32_t> order{5, 0, 3, 3};
  x.gather(order);
  ASSERT_EQ(x.size(), 4u);
  for (std::size_t s = 0; s < 2; ++s)
    for (std::size_t c = 0; c < 4; ++c) EXPECT_EQ(x.at(s, c), static_cast<float>(100 * order[c] + s));
  std::vector<std::uint32_t> many(500);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<std::uint32_t>(i % 4);
  x.gather(many);
  ASSERT_EQ(x.size(), 500u);
  EXPECT_EQ(x.at(1, 499), 301.0f);
}

TEST(Activities, copy_and_set_touch_one_cell) {
  Activities x = numbered(2, 4);
  x.copy_cell(3, 1);
  x.set_cell(0, std::vector<float>{7.0f, 8.0f});
  EXPECT_EQ(x.at(0, 1), 300.0f);
  EXPECT_EQ(x.at(1, 1), 301.0f);
  EXPECT_EQ(x.at(1, 0), 8.0f);
  EXPECT_EQ(x.at(0, 2), 200.0f);
}

TEST(Activities, an_empty_population_is_a_population) {
  Activities x(3);
  EXPECT_EQ(x.size(), 0u);
  EXPECT_TRUE(x.node(2).empty());
  x.gather({});
  EXPECT_EQ(x.size(), 0u);
}

}  // namespace activities_test
}  // namespace stroma::network
