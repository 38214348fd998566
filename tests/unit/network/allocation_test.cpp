// A step of a warm workspace allocates nothing.
#include <gtest/gtest.h>

#include "support/allocations.hpp"
#include "unit/network/cases.hpp"

namespace stroma::network {
namespace allocation_test {

TEST(Allocation, a_warm_step_makes_none_whatever_the_step_and_the_number_of_threads) {
  const testing::Case one(reference::random_network({}, 4), 0, 1000, 4);
  for (const int threads : {1, 2, 3}) {
    Activities x = one.activities();
    Workspace workspace;
    relax(x, one.program(), one.inputs(), 6.0, {}, workspace, {threads});
    const std::size_t before = stroma::test::allocations();
    EXPECT_GT(before, 0u);
    for (const double dt : {6.0, 6.0, 0.5, 60.0})
      relax(x, one.program(), one.inputs(), dt, {}, workspace, {threads});
    EXPECT_EQ(stroma::test::allocations() - before, 0u) << threads << " threads";
  }
}

TEST(Allocation, growth_within_the_reserved_size_makes_none) {
  Activities x(10);
  x.reserve(1000);
  x.resize(400);
  const std::size_t before = stroma::test::allocations();
  const std::uint32_t order[] = {3, 2, 1, 3};
  x.gather(order);
  x.resize(1000);
  x.copy_cell(0, 999);
  EXPECT_EQ(stroma::test::allocations() - before, 0u);
}

}  // namespace allocation_test
}  // namespace stroma::network
