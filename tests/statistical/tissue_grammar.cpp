// What cells do to a neighbour beside killing it, in a tissue that stands still, against closed forms at any
// coupling step; and daughters of another type.
#include <gtest/gtest.h>

#include <numeric>

#include "support/cultures.hpp"
#include "support/statistics.hpp"
#include "support/tissues.hpp"

namespace stroma::tissue {
namespace tissue_grammar {

constexpr int side = 40;  // places for actors, 1600 of them
constexpr double rate = 0.05, end = 60.0;
constexpr double steps[] = {0.6, 6.0, 30.0, 60.0};

// An actor beside each other cell, 14 um apart, of volumes that stay what they are.
struct Pairs {
  test::ModelBuilder b;
  model::Index actor, other;
  explicit Pairs(const std::string& behaviour) {
    actor = b.cell_type("actor");
    other = b.cell_type("other", 1e6, 1e6);
    for (const model::Index type : {actor, other}) {
      test::put_in_space(b, type);
      for (const char* rate_of : {"fluid_exchange", "biomass_growth", "shrinkage"})
        b.parameter(type, rate_of, 0.0);
    }
    if (!behaviour.empty()) b.behaviour(actor, behaviour, rate);
    test::stop_motion(b.model);
  }
  TissueSetup setup(double step) const { return test::pairs(actor, other, side, step, 11); }
};
constexpr double n = side * side;

std::vector<double> marks(const test::Tissue& t, std::size_t k, cells::Mark::Kind kind) {
  const std::vector<float>& values = *mark_of(t.plan.populations[k], t.state.populations[k], kind);
  return {values.begin(), values.end()};
}

TEST(Injury, adds_up_to_a_poisson_number_at_any_step) {
  const Pairs pairs("injury:other");
  for (const double step : steps) {
    test::Tissue t(pairs.b.model, pairs.setup(step));
    t.run_to(end);
    const std::vector<double> taken = marks(t, 1, cells::Mark::Kind::damage);
    EXPECT_LT(std::abs(test::z_of_mean(taken, rate * end)), test::z_bound) << step;
    EXPECT_GT(std::abs(test::z_of_mean(taken, 1.1 * rate * end)), test::z_bound) << step;
    EXPECT_LT(std::abs(test::z_of_variance(taken, rate * end)), test::z_bound) << step;
    const std::vector<double> dealt = marks(t, 0, cells::Mark::Kind::damage_dealt);
    EXPECT_EQ(std::accumulate(taken.begin(), taken.end(), 0.0),
              std::accumulate(dealt.begin(), dealt.end(), 0.0));
    EXPECT_EQ(static_cast<double>(t.state.counters.contacts[0]),
              std::accumulate(dealt.begin(), dealt.end(), 0.0));
    EXPECT_EQ(t.state.counters.attacks, 0);
  }
}

// d' = injuries - r d: the mean of what is left is rate (1 - exp(-r t))/r, its variance that with 2 r.
TEST(Injury, is_repaired_exactly_within_a_step) {
  constexpr double repair = 0.1;
  Pairs pairs("injury:other");
  pairs.b.behaviour(pairs.other, "damage_repair", repair);
  const double mean = rate * (1.0 - std::exp(-repair * end)) / repair;
  for (const double step : steps) {
    test::Tissue t(pairs.b.model, pairs.setup(step));
    t.run_to(end);
    const std::vector<double> taken = marks(t, 1, cells::Mark::Kind::damage);
    EXPECT_LT(std::abs(test::z_of_mean(taken, mean)), test::z_bound) << step;
    EXPECT_LT(
        std::abs(test::z_of_variance(taken, rate * (1.0 - std::exp(-2.0 * repair * end)) / (2.0 * repair))),
        test::z_bound)
        << step;
    // Were an injury as old as the step that it falls into, or as young:
    if (step == end) {
      EXPECT_GT(std::abs(test::z_of_mean(taken, rate * end * std::exp(-repair * end))), test::z_bound);
      EXPECT_GT(std::abs(test::z_of_mean(taken, rate * end)), test::z_bound);
    }
  }
}

// Who is eaten alive or fused with is gone, once, at the rate; its volume and its drug are in the actor.
TEST(Eating, takes_place_at_its_rate_and_loses_nothing) {
  const double eaten = 1.0 - std::exp(-rate * end);
  for (const char* behaviour : {"ingestion:other", "fusion:other"}) {
    Pairs pairs(behaviour);
    pairs.b.drug("D", 1.0, 1e-9, 1e-9);
    for (const double step : steps) {
      TissueSetup setup = pairs.setup(step);
      setup.substances = {test::diffusing("D", 0, 1e3, 0.0)};
      test::Tissue t(pairs.b.model, setup);
      for (double& amount : t.state.populations[1].held[0]) amount = 100.0;
      for (double& amount : t.state.populations[0].held[0]) amount = 1.0;
      t.run_to(end);
      const double gone = n - static_cast<double>(t.state.populations[1].cells.size());
      EXPECT_LT(std::abs(test::z_of_share(gone, n, eaten)), test::z_bound) << behaviour << " " << step;
      EXPECT_GT(std::abs(test::z_of_share(gone, n, 1.05 * eaten)), test::z_bound);
      EXPECT_EQ(static_cast<double>(t.state.counters.contacts[behaviour[0] == 'i' ? 1 : 2]), gone);
      double volume = 0.0, left_in_medium = t.content("D");
      for (std::size_t b = 0; b < t.state.bodies.size(); ++b)
        volume += static_cast<double>(t.state.bodies.fluid[b]) + static_cast<double>(t.state.bodies.solid[b]);
      EXPECT_NEAR(volume, 2.0 * n * 2000.0, 1e-3 * n);
      EXPECT_NEAR(t.inside() + left_in_medium, n * 101.0, 1e-6 * n);
      EXPECT_LT(left_in_medium, 1e-3 * n);
      std::size_t full = 0;
      for (const double amount : t.state.populations[0].held[0]) full += amount > 50.0 ? 1 : 0;
      EXPECT_EQ(static_cast<double>(full), gone);
    }
  }
}

TEST(Fusion, stands_in_the_middle_of_the_two) {
  const Pairs pairs("fusion:other");
  test::Tissue t(pairs.b.model, pairs.setup(60.0));
  t.run_to(end);
  std::size_t in_the_middle = 0;
  for (std::size_t b = 0; b < t.state.bodies.size(); ++b) {
    if (t.state.bodies.type[b] != 0) continue;
    const double from_grid = std::remainder(t.state.bodies.x[b] - 20.0, 40.0);
    in_the_middle += std::abs(from_grid) < 1e-9 ? 1 : 0;
    EXPECT_TRUE(std::abs(from_grid) < 1e-9 || std::abs(from_grid + 7.0) < 1e-9) << from_grid;
  }
  EXPECT_EQ(static_cast<std::int64_t>(in_the_middle), t.state.counters.contacts[2]);
}

// Half of the others are apoptotic, half necrotic.
TEST(Phagocytosis, chooses_by_the_kind_of_death_at_any_step) {
  const double eaten = 1.0 - std::exp(-rate * end);
  for (const std::string kind : {"", ":apoptotic", ":necrotic"})
    for (const double step : steps) {
      Pairs pairs("phagocytosis" + kind);
      test::Tissue t(pairs.b.model, pairs.setup(step));
      cells::Lives& others = t.state.populations[1].cells;
      for (std::size_t i = 0; i < others.size(); ++i) {
        others.fate[i] = i % 2 == 0 ? cells::Fate::late_apoptotic : cells::Fate::necrotic;
        others.death_budget[i] = 1e6F;
      }
      t.run_to(end);
      const cells::FateCounts left = cells::count_fates(others);
      for (const bool apoptotic : {true, false}) {
        const double gone = 0.5 * n - static_cast<double>(apoptotic ? left.late_apoptotic : left.necrotic);
        const bool wanted = kind.empty() || kind == (apoptotic ? ":apoptotic" : ":necrotic");
        if (!wanted) {
          EXPECT_EQ(gone, 0.0) << kind << " " << step;
          continue;
        }
        EXPECT_LT(std::abs(test::z_of_share(gone, 0.5 * n, eaten)), test::z_bound) << kind << " " << step;
        EXPECT_GT(std::abs(test::z_of_share(gone, 0.5 * n, 0.93 * eaten)), test::z_bound)
            << kind << " " << step;
      }
    }
}

// Stem cells that divide once: of every division one daughter is B with probability p, C with q.
std::array<double, 3> after_one_division(double p, double q) {
  test::ModelBuilder b;
  const model::Index stem = b.cell_type("stem");
  b.cell_type("B");
  b.cell_type("C");
  b.phase(stem, "G", 600.0, 0);
  b.behaviour(stem, "asymmetric_division:B", p);
  b.behaviour(stem, "asymmetric_division:C", q);
  test::Culture culture(b.model, test::setup_of(b.model, {{stem, 4000}}));
  culture.run_to(600.0);
  std::array<double, 3> count{};
  for (std::size_t k = 0; k < 3; ++k) count[k] = static_cast<double>(culture.cells(k).size());
  EXPECT_EQ(count[0] + count[1] + count[2], 8000.0) << "all divide within one fixed duration";
  return count;
}

TEST(AsymmetricDivision, happens_with_its_probability_and_divides_by_a_sum_above_one) {
  const auto expect = [](const std::array<double, 3>& count, double p, double q) {
    EXPECT_LT(std::abs(test::z_of_share(count[1], 4000.0, p)), test::z_bound);
    EXPECT_LT(std::abs(test::z_of_share(count[2], 4000.0, q)), test::z_bound);
    EXPECT_GT(std::abs(test::z_of_share(count[1], 4000.0, 1.2 * p)), test::z_bound);
  };
  expect(after_one_division(0.3, 0.5), 0.3, 0.5);
  expect(after_one_division(0.6, 0.9), 0.4, 0.6);
  const std::array<double, 3> certain = after_one_division(1.0, 0.0);
  EXPECT_EQ(certain[0], 4000.0) << "the mother stays what she is";
  EXPECT_EQ(certain[1], 4000.0);
}

}  // namespace tissue_grammar
}  // namespace stroma::tissue
