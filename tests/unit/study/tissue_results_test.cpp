// Which of many times of a run are shown.
#include "study/tissue_results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace stroma::study {
namespace tissue_results_test {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Results, keep_the_first_and_the_last_of_many_times) {
  EXPECT_THAT(evenly_chosen(0, 6), IsEmpty());
  EXPECT_THAT(evenly_chosen(1, 6), ElementsAre(0));
  EXPECT_THAT(evenly_chosen(6, 6), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(evenly_chosen(11, 6), ElementsAre(0, 2, 4, 6, 8, 10));
  for (std::size_t n = 1; n < 50; ++n) {
    const auto chosen = evenly_chosen(n, 6);
    EXPECT_EQ(chosen.size(), std::min<std::size_t>(n, 6));
    EXPECT_EQ(chosen.back(), n - 1);
    EXPECT_TRUE(std::adjacent_find(chosen.begin(), chosen.end(), std::greater_equal<>()) == chosen.end());
  }
}

}  // namespace tissue_results_test
}  // namespace stroma::study
