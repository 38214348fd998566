// Cells in space under symmetries, and lists against all pairs: random clusters, fixed seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "support/aggregates.hpp"

namespace stroma {
namespace cells_space {

using test::Aggregate;

// Positions after 3 min of 0.1-min steps, by id.
using Positions = std::vector<reference::Vector>;
Positions moved(Aggregate a, int threads = 1) {
  test::move(a, 3.0, threads);
  Positions p(a.bodies.size());
  for (std::size_t i = 0; i < a.bodies.size(); ++i) {
    p[a.bodies.id[i] - 1000] = {a.bodies.x[i], a.bodies.y[i], a.bodies.z[i]};
  }
  return p;
}

void expect_equal(const Positions& a, const Positions& b, double tolerance) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t k = 0; k < 3; ++k)
      ASSERT_NEAR(a[i][k], b[i][k], tolerance) << "cell " << i << " axis " << k;
  }
}

// Velocities err by less than 3e-5 um/min (tests/verification/cells_mechanics.cpp), positions therefore by
// less than 1e-4 um after 3 min, twice that between two runs.
constexpr double rounding = 2e-4;

TEST(CellsInSpace, move_alike_wherever_they_are) {
  for (const int dimensions : {2, 3}) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      const Aggregate a = test::random_cluster(150, seed, dimensions);
      Aggregate shifted = a;
      const reference::Vector by = {31.7, -18.3, dimensions == 3 ? 7.77 : 0.0};
      for (std::size_t i = 0; i < a.bodies.size(); ++i) {
        shifted.bodies.x[i] += by[0];
        shifted.bodies.y[i] += by[1];
        shifted.bodies.z[i] += by[2];
      }
      Positions expected = moved(a);
      for (auto& p : expected) {
        for (std::size_t k = 0; k < 3; ++k) p[k] += by[k];
      }
      expect_equal(moved(shifted), expected, rounding);
    }
  }
}

TEST(CellsInSpace, move_alike_when_turned_by_90_degrees) {
  for (const int dimensions : {2, 3}) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      const Aggregate a = test::random_cluster(150, 100 + seed, dimensions);
      Aggregate turned = a;
      for (std::size_t i = 0; i < a.bodies.size(); ++i) {
        turned.bodies.x[i] = -a.bodies.y[i];
        turned.bodies.y[i] = a.bodies.x[i];
      }
      Positions expected = moved(a);
      for (auto& p : expected) p = {-p[1], p[0], p[2]};
      expect_equal(moved(turned), expected, rounding);
    }
  }
}

TEST(CellsInSpace, move_alike_in_any_order) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Aggregate a = test::random_cluster(150, 200 + seed);
    Aggregate shuffled = a;
    std::vector<std::uint32_t> order(a.bodies.size());
    std::iota(order.begin(), order.end(), 0U);
    core::Stream draw(1, core::Purpose::test, seed);
    std::shuffle(order.begin(), order.end(), draw);
    std::vector<std::byte> old;
    cells::permute(shuffled.bodies, order, old);
    expect_equal(moved(shuffled), moved(a), rounding);
  }
}

TEST(CellsInSpace, move_alike_on_one_two_and_three_threads_to_the_bit) {
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    const Aggregate a = test::random_cluster(9000, 300 + seed);
    const Positions one = moved(a, 1);
    EXPECT_EQ(one, moved(a, 2));
    EXPECT_EQ(one, moved(a, 3));
  }
}

TEST(NeighbourLists, are_those_of_all_pairs) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    core::Stream draw(7, core::Purpose::test, seed);
    const auto n = static_cast<std::size_t>(2 + draw.uniform() * 400);
    Aggregate a = test::random_cluster(n, 400 + seed, seed % 3 == 0 ? 2 : 3, 5.0 + 40.0 * draw.uniform());
    a.plan.reach = 1.0 + draw.uniform();
    a.plan.contact = 6.0 * draw.uniform();
    a.plan.skin = 0.1 + 5.0 * draw.uniform();
    cells::refresh(a.neighbourhood, a.bodies, a.plan, {1 + static_cast<int>(seed % 3)});
    // within the margin for rounding a pair may be listed or not
    const auto fewest =
        reference::near(test::balls(a.bodies), a.plan.reach, a.plan.contact, a.plan.skin - 1e-3);
    const auto most =
        reference::near(test::balls(a.bodies), a.plan.reach, a.plan.contact, a.plan.skin + 1e-3);
    for (std::size_t i = 0; i < n; ++i) {
      std::vector<std::size_t> listed(a.neighbourhood.of(i).begin(), a.neighbourhood.of(i).end());
      std::sort(listed.begin(), listed.end());
      ASSERT_TRUE(std::includes(listed.begin(), listed.end(), fewest[i].begin(), fewest[i].end())) << seed;
      ASSERT_TRUE(std::includes(most[i].begin(), most[i].end(), listed.begin(), listed.end())) << seed;
    }
  }
}

TEST(NeighbourLists, miss_nobody_while_cells_move_and_grow) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    Aggregate a = test::random_cluster(200, 500 + seed, 3, 12.0);
    core::Stream draw(8, core::Purpose::test, seed);
    std::uint64_t kept = 0;
    for (int step = 0; step < 60; ++step) {
      const std::uint64_t before = a.neighbourhood.rebuilds;
      test::move(a, 0.1);
      const std::size_t i = static_cast<std::size_t>(draw.uniform() * 200.0);
      a.bodies.radius[i] *= 1.01F;  // somebody grows
      cells::refresh(a.neighbourhood, a.bodies, a.plan, {1});
      kept += a.neighbourhood.rebuilds == before ? 1U : 0U;
      const auto needed = reference::near(test::balls(a.bodies), a.plan.reach, a.plan.contact, -1e-3);
      for (std::size_t k = 0; k < needed.size(); ++k) {
        std::vector<std::size_t> listed(a.neighbourhood.of(k).begin(), a.neighbourhood.of(k).end());
        std::sort(listed.begin(), listed.end());
        ASSERT_TRUE(std::includes(listed.begin(), listed.end(), needed[k].begin(), needed[k].end()));
      }
    }
    EXPECT_GT(kept, 10U);  // the lists do serve several steps
  }
}

}  // namespace cells_space
}  // namespace stroma
