// The vector kernels give the same bits on every instruction set that the machine has, and on none.
#include <gtest/gtest.h>
#include <hwy/highway.h>

#include "cells/contacts.hpp"
#include "support/aggregates.hpp"

namespace stroma {
namespace kernel_test {

struct Outcome {
  std::vector<std::vector<std::uint32_t>> lists;
  std::vector<double> x, y, z;
  std::vector<float> velocity;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome outcome(test::Aggregate a, const cells::Motion& motion) {
  cells::refresh(a.neighbourhood, a.bodies, a.plan, {1});
  Outcome out;
  for (std::size_t i = 0; i < a.bodies.size(); ++i) {
    out.lists.emplace_back(a.neighbourhood.of(i).begin(), a.neighbourhood.of(i).end());
  }
  test::move(a, 3.0, 1, motion);
  out.x = a.bodies.x;
  out.y = a.bodies.y;
  out.z = a.bodies.z;
  out.velocity = a.bodies.previous;
  return out;
}

TEST(Kernels, give_the_same_bits_on_every_instruction_set) {
  const std::int64_t supported = hwy::SupportedTargets();
  const std::vector<float> speed(503, 0.4F);
  cells::Motion walking;
  walking.speed = speed;
  for (const bool mixed : {false, true}) {
    for (const int dimensions : {2, 3}) {
      test::Aggregate a = test::random_cluster(500, 77, dimensions, 9.0, mixed);
      for (std::uint64_t k = 0; k < 3; ++k) {  // two on one point, and lists of several vectors
        cells::append(a.bodies, test::new_body(a.bodies.x[k], a.bodies.y[k], a.bodies.z[k], 5000 + k));
      }
      a.plan.tolerance = 0.01;
      const Outcome widest = outcome(a, walking);
      int compared = 0;
      for (const std::int64_t target : {HWY_AVX3, HWY_AVX2, HWY_SSE4, HWY_STATIC_TARGET}) {
        if (target != HWY_STATIC_TARGET && (supported & target) == 0) continue;
        hwy::SetSupportedTargetsForTest(target);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
        EXPECT_TRUE(outcome(a, walking) == widest) << hwy::TargetName(target) << " " << dimensions << "-D";
        ++compared;
      }
      hwy::SetSupportedTargetsForTest(0);
      hwy::GetChosenTarget().Update(hwy::SupportedTargets());
      EXPECT_GE(compared, 1);
    }
  }
}

}  // namespace kernel_test
}  // namespace stroma
