// Moving cells that have moved before allocates nothing.
#include <gtest/gtest.h>

#include "support/aggregates.hpp"
#include "support/allocations.hpp"

namespace stroma {
namespace allocation_test {

TEST(Allocation, moving_cells_makes_none_once_warm) {
  test::Aggregate a = test::random_cluster(3000, 4, 3, 15.0);
  const std::vector<float> speed(3000, 0.5F), adhesion(3000, 1.5F);
  cells::Motion motion;
  motion.speed = speed;
  motion.adhesion = adhesion;
  cells::Attachments springs;
  for (std::uint64_t k = 1000; k < 1100; ++k) cells::attach(springs, k, k + 500, 0.001F, 15.0F);
  for (const int threads : {1, 2, 3}) {
    test::move(a, 6.0, threads, motion, springs);
    const std::size_t before = test::allocations();
    EXPECT_GT(before, 0U);
    const auto report = test::move(a, 6.0, threads, motion, springs);
    EXPECT_EQ(test::allocations() - before, 0U) << threads << " threads";
    EXPECT_GT(report.rebuilds, 0);
    EXPECT_EQ(report.steps, 60);
  }
}

}  // namespace allocation_test
}  // namespace stroma
