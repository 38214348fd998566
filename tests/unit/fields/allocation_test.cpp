// A call of `advance` makes no allocation once the buffers have grown, whatever the method and the features
// of the plan.
#include <gtest/gtest.h>

#include "support/allocations.hpp"
#include "unit/fields/cases.hpp"

namespace stroma::fields::testing {
namespace allocation_test {

constexpr Features special{true, true, true, true, true, true};

/// Allocations of `calls` calls after as many that may make some.
std::size_t warm_allocations(Case c, Method method, double fixed_step, int threads, int calls) {
  c.plan.substances[0].method = method;
  c.plan.substances[0].fixed_step = fixed_step;
  c.plan.substances[0].error_target = 0.02;
  Fields fields = start_fields(c);
  const Exchange exchange = c.exchange();
  Workspace workspace;
  const auto advance_all = [&] {
    for (int call = 0; call < calls; ++call)
      advance(fields, c.plan, {&exchange, 1}, 0.02, workspace, core::Threads{threads});
  };
  advance_all();
  const std::size_t before = stroma::test::allocations();
  advance_all();
  return stroma::test::allocations() - before;
}

TEST(Allocation, a_warm_advance_makes_none) {
  struct Setting {
    std::array<int, 3> shape;
    int threads;
  };
  // Odd sizes, so that vectors have remainders.
  for (const auto& [shape, threads] :
       {Setting{{31, 1, 1}, 1}, Setting{{19, 21, 1}, 1}, Setting{{17, 13, 11}, 1}, Setting{{17, 13, 11}, 2}})
    for (const Features& features : {Features{}, special})
      for (const Method method : {Method::split, Method::implicit, Method::quasi_steady, Method::automatic})
        for (const double fixed_step : {0.0, 0.01})
          EXPECT_EQ(warm_allocations(random_case(shape, features, 7), method, fixed_step, threads, 4), 0U)
              << to_string(method) << (fixed_step > 0.0 ? ", fixed steps" : "")
              << (features.fixed ? ", mobility and fixed voxels" : "") << ", " << shape[2] << " planes, "
              << threads << " threads";
}

TEST(Allocation, a_cold_advance_makes_some) {
  // So that the counting is known to count.
  const std::size_t before = stroma::test::allocations();
  const Case c = random_case({17, 13, 11}, special, 7);
  Fields fields = start_fields(c);
  const Exchange exchange = c.exchange();
  Workspace workspace;
  const std::size_t ready = stroma::test::allocations();
  EXPECT_GT(ready, before);
  advance(fields, c.plan, {&exchange, 1}, 0.02, workspace, core::Threads{1});
  EXPECT_GT(stroma::test::allocations(), ready);
}

}  // namespace allocation_test
}  // namespace stroma::fields::testing
