// Conversion as a hazard. From A to B at rate k the share that is still A after t is exp(-k t), for any step;
// with a way back at rate q it is q/(k + q) + k/(k + q) exp(-(k + q) t), up to the step in which a cell has
// just converted, whose rest it does not spend at its new rates. Cells that also divide and die at the same
// rates in A and B convert like those that do not. Mutant: hazard 10 % higher.
#include <gtest/gtest.h>

#include <cmath>

#include "cells/passage.hpp"
#include "support/lives.hpp"
#include "support/statistics.hpp"

namespace stroma {
namespace cells_conversion {

using cells::Change;
using cells::Lives;

// A and B, and what takes a cell from one to the other.
struct Two {
  Two(std::size_t founders, double a_to_b, double b_to_a, double birth = 0.0, double death = 0.0)
      : hazard{a_to_b, b_to_a}, birth_rate(birth), death_rate(death) {
    for (const std::size_t k : {0u, 1u}) {
      plan[k] = test::life_plan({}, 77 + k);
      if (birth > 0.0) plan[k].cycle = {{"cycle", 1.0 / birth, 1}};
      plan[k].conversions = {k + 5};
      of[k].conversion_budgets.resize(1);
    }
    cells::seed_founders(of[0], plan[0], founders, 1, birth);
    next_id = founders + 1;
    map[0] = cells::map_life(plan[0], plan[1]);
    map[1] = cells::map_life(plan[1], plan[0]);
  }

  void run(double minutes, double dt) {
    const auto steps = static_cast<long>(minutes / dt + 0.5);
    for (long s = 0; s < steps; ++s) {
      for (const std::size_t k : {0u, 1u}) live(k, dt);
      for (const std::size_t k : {0u, 1u}) {
        std::vector<Change> leaving;
        cells::find_conversions(leaving, of[k]);
        for (const Change& c : leaving) cells::convert(of[k], c.cell, of[1 - k], map[k], plan[1 - k]);
        for (auto c = leaving.rbegin(); c != leaving.rend(); ++c) of[k].remove(c->cell);
      }
    }
  }

  void live(std::size_t k, double dt) {
    const auto all = [&](double rate) { return std::vector<float>(of[k].size(), static_cast<float>(rate)); };
    const std::vector<float> cycle = all(birth_rate), death = all(death_rate), none = all(0.0),
                             conversion = all(hazard[k]);
    const std::vector<std::span<const float>> conversions = {conversion};
    const cells::Rates rates{cycle, death, none, conversions};
    cells::Proposals proposals;
    std::vector<Change> changes;
    cells::propose(proposals, of[k], plan[k], rates, dt, {1});
    cells::commit(of[k], changes, next_id, proposals, plan[k], rates, dt);
  }

  // Live cells of each founder's clone that are of type k.
  std::vector<double> clones(std::size_t k, std::size_t founders) const {
    std::vector<double> sizes(founders, 0.0);
    for (std::size_t i = 0; i < of[k].size(); ++i)
      if (of[k].fate[i] == cells::Fate::live) sizes[of[k].lineage[i] - 1] += 1.0;
    return sizes;
  }

  double hazard[2], birth_rate, death_rate;
  cells::LifePlan plan[2];
  cells::LifeMap map[2];
  Lives of[2];
  std::uint64_t next_id = 1;
};

constexpr std::size_t founders = 40000;
constexpr double k = 1.0 / 400.0, q = 1.0 / 900.0, t = 300.0;

TEST(Conversion, happens_at_its_rate) {
  const auto z = [](double rate) {
    Two cells(founders, rate, 0.0);
    cells.run(t, 5.0);
    return std::abs(test::z_of_share(static_cast<double>(cells.of[0].size()), founders, std::exp(-k * t)));
  };
  EXPECT_LT(z(k), test::z_bound);
  EXPECT_GT(z(1.1 * k), test::z_bound);
}

TEST(Conversion, does_not_know_how_long_the_steps_were) {
  std::vector<std::uint64_t> first;
  for (const double dt : {0.5, 5.0, 50.0, 300.0}) {
    Two cells(2000, k, 0.0);
    cells.run(t, dt);
    std::vector<std::uint64_t> ids = cells.of[1].id;
    std::sort(ids.begin(), ids.end());
    if (first.empty()) first = ids;
    // The same cells, but for one whose hazard runs out at t to rounding.
    std::vector<std::uint64_t> differ;
    std::set_symmetric_difference(ids.begin(), ids.end(), first.begin(), first.end(),
                                  std::back_inserter(differ));
    EXPECT_LE(differ.size(), 1u) << dt;
  }
}

TEST(Conversion, there_and_back_reaches_the_share_of_theory) {
  const double share = q / (k + q) + k / (k + q) * std::exp(-(k + q) * t);
  const auto z = [&](double rate) {
    Two cells(founders, rate, q);
    cells.run(t, 0.5);  // splitting error q dt/2 of the share: a tenth of its standard error
    return std::abs(test::z_of_share(static_cast<double>(cells.of[0].size()), founders, share));
  };
  EXPECT_LT(z(k), test::z_bound);
  EXPECT_GT(z(1.1 * k), test::z_bound);
}

TEST(Conversion, is_the_same_for_cells_that_divide_and_die) {
  const auto z = [](double rate, double dt) {
    Two cells(founders, rate, 0.0, 1.0 / 200.0, 1.0 / 500.0);
    cells.run(t, dt);
    std::vector<double> a = cells.clones(0, founders), all = cells.clones(1, founders);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] += a[i];
    return std::abs(test::z_of_clonal_share(a, all, std::exp(-k * t)));
  };
  for (const double dt : {0.5, 30.0, 300.0}) EXPECT_LT(z(k, dt), test::z_bound) << dt;
  EXPECT_GT(z(1.1 * k, 5.0), test::z_bound);
}

}  // namespace cells_conversion
}  // namespace stroma
