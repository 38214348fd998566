// Numbers of cells, shares of a number, shares of what fits: what each way of writing them means.
#include "study/mixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stroma::study {
namespace mixture_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

struct Read {
  Mixture mixture;
  std::string wrong;
  Read(const std::vector<std::pair<model::Index, double>>& values, std::int64_t number, bool fills)
      : wrong(read_mixture(values, number, fills, mixture)) {}
};

TEST(Mixture, whole_numbers_are_numbers_of_cells_packed_and_scattered) {
  for (const bool fills : {true, false}) {
    const Read read({{0, 50}, {1, 10}}, 0, fills);
    EXPECT_EQ(read.wrong, "");
    EXPECT_THAT(read.mixture.numbers, ElementsAre(Pair(0, 50), Pair(1, 10)));
    EXPECT_THAT(read.mixture.shares, IsEmpty());
  }
}

TEST(Mixture, shares_are_of_what_fits_or_of_the_number) {
  const Read packed({{0, 0.8}, {1, 0.2}}, 0, true);
  EXPECT_EQ(packed.wrong, "");
  EXPECT_THAT(packed.mixture.shares, ElementsAre(Pair(0, 0.8), Pair(1, 0.2)));
  EXPECT_THAT(packed.mixture.numbers, IsEmpty());
  for (const bool fills : {true, false}) {
    const Read of_number({{0, 0.8}, {1, 0.2}}, 7, fills);
    EXPECT_THAT(of_number.mixture.numbers, ElementsAre(Pair(0, 6), Pair(1, 1)));
  }
}

TEST(Mixture, largest_remainders_give_every_cell_of_the_number_and_ties_to_the_first) {
  const Read thirds({{0, 0.333333}, {1, 0.333333}, {2, 0.333334}}, 100, false);
  EXPECT_THAT(thirds.mixture.numbers, ElementsAre(Pair(0, 33), Pair(1, 33), Pair(2, 34)));
  const Read halves({{0, 0.5}, {1, 0.5}}, 5, false);
  EXPECT_THAT(halves.mixture.numbers, ElementsAre(Pair(0, 3), Pair(1, 2)));
}

TEST(Mixture, one_is_all_of_a_packing_and_one_scattered_cell) {
  EXPECT_THAT(Read({{0, 1}}, 0, true).mixture.shares, ElementsAre(Pair(0, 1.0)));
  EXPECT_THAT(Read({{0, 1}}, 0, false).mixture.numbers, ElementsAre(Pair(0, 1)));
}

TEST(Mixture, what_is_neither_is_refused_with_the_sum) {
  EXPECT_THAT(Read({{0, 0.8}, {1, 0.2}}, 0, false).wrong, HasSubstr("need `number`"));
  EXPECT_THAT(Read({{0, 0.8}, {1, 0.3}}, 0, true).wrong, HasSubstr("sum to 1.1"));
  EXPECT_THAT(Read({{0, 50.5}, {1, 10}}, 0, true).wrong, HasSubstr("sum to 60.5"));
  EXPECT_THAT(Read({{0, 50}, {1, 10}}, 60, true).wrong, HasSubstr("need no `number`"));
  EXPECT_THAT(Read({{0, 0}, {1, 0}}, 0, true).wrong, HasSubstr("zero"));
}

}  // namespace mixture_test
}  // namespace stroma::study
