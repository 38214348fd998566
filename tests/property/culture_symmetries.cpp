// What must hold for a culture of any model: mass is kept, order and scale do not matter where nothing is
// drawn, and time has no origin.
#include <gtest/gtest.h>

#include <cmath>

#include "support/cultures.hpp"

namespace stroma {
namespace culture_symmetries {

using model::Direction;
using model::Effect;
using model::TargetMode;
using test::Culture;

double log_uniform(core::Stream& draw, double low, double high) {
  return low * std::pow(high / low, draw.uniform());
}

// Random numbers in a fixed scheme: two types that secrete, clear, take up a drug, divide and die.
model::Model random_model(std::uint64_t seed, bool eventless) {
  core::Stream draw(5, core::Purpose::test, seed);
  test::ModelBuilder b;
  b.cell_type("A", log_uniform(draw, 30.0, 1000.0), log_uniform(draw, 30.0, 1000.0));
  b.cell_type("B", log_uniform(draw, 30.0, 1000.0), log_uniform(draw, 30.0, 1000.0));
  b.substance("L", log_uniform(draw, 1e-5, 1e-1), log_uniform(draw, 1e-5, 1e-1));
  b.substance("M", draw.uniform() < 0.5 ? 0.0 : log_uniform(draw, 1e-5, 1e-1));
  b.node("R", 0.1 * draw.uniform(), log_uniform(draw, 5.0, 100.0));
  b.node("X", 0.3 * draw.uniform(), log_uniform(draw, 5.0, 1000.0));
  b.drug("D", log_uniform(draw, 1e-3, 1.0), log_uniform(draw, 1e-3, 0.1), log_uniform(draw, 1e-3, 0.1),
         log_uniform(draw, 1e-3, 0.1), b.model.node("X"));
  b.arrow("L", "R", Effect::activates, draw.uniform(), log_uniform(draw, 0.1, 10.0));
  b.arrow("R", "X", Effect::activates, draw.uniform(), 0.2 + 0.6 * draw.uniform(), 2.0);
  b.drug_target("D", "X", draw.uniform() < 0.5 ? TargetMode::inhibits_activity : TargetMode::activates,
                log_uniform(draw, 1.0, 100.0));
  for (const model::Index t : {0, 1}) {
    for (const char* flow : {"secretion:L", "secretion:M"})
      b.behaviour(t, flow, log_uniform(draw, 1.0, 1000.0));
    b.behaviour(t, "uptake:L", log_uniform(draw, 1.0, 100.0));
    if (eventless) continue;
    b.behaviour(t, "uptake:D", log_uniform(draw, 1.0, 100.0));
    b.phase(t, "cycle", log_uniform(draw, 500.0, 5000.0), 1 + static_cast<int>(8.0 * draw.uniform()));
    b.behaviour(t, "apoptosis", log_uniform(draw, 1e-5, 1e-3));
    b.behaviour(t, "necrosis", log_uniform(draw, 1e-5, 1e-3));
    b.trait(t, "influx:D", 0.4, 0.8);
    b.trait(t, "secretion", 0.4, 0.8);
  }
  b.rule("X", Direction::increases, "secretion:M", log_uniform(draw, 1000.0, 5000.0));
  b.rule("M", Direction::decreases, "secretion:L", 0.0, log_uniform(draw, 0.1, 10.0));
  return b.model;
}

tissue::CultureSetup well(const model::Model& m, std::size_t a, std::size_t b, double volume) {
  tissue::CultureSetup setup = test::setup_of(m, {{0, a}, {1, b}}, volume, 0.1);
  setup.medium.concentration[0] = 1.0;
  setup.treatments = {{core::to_tick(100.0), m.substance("D"), 500.0}};
  return setup;
}

TEST(CultureProperty, mass_is_kept_over_two_days_of_everything) {
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    const model::Model m = random_model(seed, false);
    tissue::CultureSetup setup = well(m, 40, 30, 2e6);
    setup.treatments.push_back({core::to_tick(1000.0), m.substance("L"), 20.0});
    if (seed % 2 == 0) setup.renewal = core::to_tick(700.0);
    Culture culture(m, setup);
    culture.run_to(2880.0);
    EXPECT_LE(culture.mass_error(), 1e-10) << seed;
    // What the cells hold of D is what they took and did not clear.
    EXPECT_EQ(culture.state.populations[0].held[0].size(), culture.cells(0).size());
  }
}

// Nothing is drawn, and a sum of two is the same in either order: the same bits.
TEST(CultureProperty, the_order_of_two_cell_types_that_live_for_ever_changes_no_bit) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const model::Model m = random_model(seed, true);
    tissue::CultureSetup setup = well(m, 40, 30, 1e8);
    Culture one(m, setup);
    std::swap(setup.cells[0], setup.cells[1]);
    Culture other(m, setup);
    one.run_to(1440.0);
    other.run_to(1440.0);
    // The drug enters the populations one after the other, so its medium, and what follows from it, is left
    // out here.
    for (const char* substance : {"L", "M"}) {
      const double a = one.concentration(substance), b = other.concentration(substance);
      EXPECT_NEAR(a, b, 1e-6 * a) << seed << " " << substance;
    }
    setup.treatments.clear();
    Culture other_plain(m, setup);
    std::swap(setup.cells[0], setup.cells[1]);
    Culture plain(m, setup);
    plain.run_to(1440.0);
    other_plain.run_to(1440.0);
    for (const char* substance : {"L", "M"})
      EXPECT_EQ(plain.concentration(substance), other_plain.concentration(substance)) << seed;
    for (const char* node : {"R", "X"})
      EXPECT_EQ(plain.activity(node, 0)[3], other_plain.activity(node, 1)[3]) << seed;
  }
}

// Sums over twice the cells in twice the volume differ by rounding only; the medium feeds float32 networks,
// hence 1e-6.
TEST(CultureProperty, twice_the_cells_in_twice_the_volume_is_the_same_medium) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const model::Model m = random_model(seed, true);
    Culture one(m, well(m, 40, 30, 1e6)), two(m, well(m, 80, 60, 2e6));
    one.run_to(1440.0);
    two.run_to(1440.0);
    for (const char* substance : {"L", "M", "D"})
      EXPECT_NEAR(one.concentration(substance), two.concentration(substance),
                  1e-6 * one.concentration(substance))
          << seed << " " << substance;
    for (const char* node : {"R", "X"})
      EXPECT_NEAR(one.activity(node)[3], two.activity(node)[3], 1e-6) << seed << " " << node;
  }
}

// Cells at rest in plain medium, where the clock does not show: a treatment k steps later acts k steps later,
// to the bit for the medium and the drug, to the network's tolerance at rest for the cells.
TEST(CultureProperty, a_treatment_later_acts_later) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    model::Model m = random_model(seed, true);
    m.rules.clear();
    for (model::CellType& type : m.cell_types) {
      type.behaviours.clear();
      for (const char* hazard : {"apoptosis", "necrosis"}) test::base_of(m, type, hazard) = 0.0;
    }
    const auto run = [&](double start) {
      tissue::CultureSetup setup = test::setup_of(m, {{0, 40}, {1, 30}}, 1e6);
      setup.treatments = {{core::to_tick(start), m.substance("D"), 500.0},
                          {core::to_tick(start + 100.0), m.substance("L"), 3.0}};
      Culture culture(m, setup);
      culture.run_to(start + 600.0);
      return std::array<double, 4>{culture.concentration("D"), culture.concentration("L"),
                                   culture.activity("R")[1], culture.activity("X")[1]};
    };
    const auto now = run(0.0), later = run(900.0);
    EXPECT_NEAR(now[0], later[0], 1e-4 * now[0]) << seed;  // the pump follows X
    EXPECT_EQ(now[1], later[1]) << seed;
    EXPECT_NEAR(now[2], later[2], 1e-4) << seed;
    EXPECT_NEAR(now[3], later[3], 1e-3) << seed;
  }
}

}  // namespace culture_symmetries
}  // namespace stroma
