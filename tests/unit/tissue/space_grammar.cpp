// Signals that are of the cell itself or of change, and behaviours that are else constants of a type.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "support/cultures.hpp"
#include "support/tissues.hpp"

namespace stroma::tissue {
namespace space_grammar {

using model::Direction;

// One type A in a row of cells, and a substance L that everywhere is so much that a rule from it is saturated
// to the bit.
struct Row {
  test::ModelBuilder b;
  model::Index type;
  Row() {
    type = b.cell_type("A");
    test::put_in_space(b, type);
    b.substance("L");
    b.substance("out");
  }
  TissueSetup setup() const {
    TissueSetup out;
    out.grid = test::cube(2, 8);
    out.cells = {{type, {}}};
    for (int i = 0; i < 8; ++i) out.cells[0].positions.push_back({13.0 * (i - 4) + 5.0, i % 2 * 9.0, 0.0});
    out.seed = 3;
    out.substances = {test::diffusing("L", 0, 1e4, 0.0, 1e6), test::diffusing("out", 1, 1e3, 0.0)};
    return out;
  }
};

// A rule that is saturated is the same as the constant, to the bit; at half its value it is not.
TEST(Rules, on_what_is_else_a_constant_are_as_good_as_that_constant) {
  struct Case {
    const char* name;
    double base, other;
  };
  for (const Case& c :
       {Case{"adhesion", 0.4, 1.1}, Case{"repulsion", 10.0, 25.0}, Case{"persistence", 7.0, 60.0}}) {
    const auto run = [&](double constant, double saturation) {
      Row row;
      row.b.behaviour(row.type, "migration_speed", 0.5);
      row.b.parameter(row.type, c.name, constant);
      row.b.behaviour(row.type, c.name, constant);
      if (saturation > 0.0) row.b.rule("L", Direction::increases, c.name, saturation, 1e-3, 1.0);
      test::Tissue t(row.b.model, row.setup());
      t.run_to(120.0);
      return std::pair{t.state.bodies.x, t.state.bodies.y};
    };
    const auto constant = run(c.other, 0.0), ruled = run(c.base, c.other);
    for (std::size_t i = 0; i < constant.first.size(); ++i) {
      EXPECT_NEAR(constant.first[i], ruled.first[i], 1e-4) << c.name;
      EXPECT_NEAR(constant.second[i], ruled.second[i], 1e-4) << c.name;
    }
    EXPECT_NE(run(c.base, 0.0), ruled) << c.name;
  }
}

// Secretion that follows a signal as U = s/(s + K): what a cell has given in one step says what it perceived.
double given(Row row, const char* signal, double half_max, const std::function<void(test::Tissue&)>& prepare,
             bool dead = false) {
  row.b.behaviour(row.type, "secretion:out", 0.0);
  row.b.rule(signal, Direction::increases, "secretion:out", 60.0, half_max, 1.0);
  row.b.model.rules.back().applies_to_dead = dead;
  TissueSetup setup = row.setup();
  setup.cells[0].positions = {{0.0, 0.0, 0.0}};
  test::Tissue t(row.b.model, setup);
  prepare(t);
  t.run_to(6.0);
  return t.content("out") / (6.0 * 60.0);
}

TEST(Signals, of_the_cell_itself_are_what_it_is) {
  const auto as_it_is = [](test::Tissue&) {};
  EXPECT_NEAR(given({}, "volume", 1000.0, as_it_is), 2.0 / 3.0, 1e-6);
  EXPECT_NEAR(given({}, "damage", 3.0, as_it_is), 0.0, 1e-6) << "nothing of the model damages";
  Row hurt;
  hurt.b.behaviour(hurt.type, "damage_rate", 0.0);
  EXPECT_NEAR(
      given(hurt, "damage", 3.0, [](test::Tissue& t) { t.state.populations[0].cells.marks[0][0] = 6.0F; }),
      2.0 / 3.0, 1e-6);
  const auto die = [](cells::Fate fate) {
    return [fate](test::Tissue& t) {
      t.state.populations[0].cells.fate[0] = fate;
      t.state.populations[0].cells.death_budget[0] = 1e6F;
    };
  };
  for (const char* signal : {"dying", "apoptotic", "necrotic"}) {
    const std::string name(signal);
    EXPECT_NEAR(given({}, signal, 0.5, die(cells::Fate::late_apoptotic), true),
                name == "necrotic" ? 0.0 : 2.0 / 3.0, 1e-6);
    EXPECT_NEAR(given({}, signal, 0.5, die(cells::Fate::necrotic), true),
                name == "apoptotic" ? 0.0 : 2.0 / 3.0, 1e-6);
  }
  Row drugged;
  drugged.b.drug("D", 1.0, 1e-12, 1e-12);
  const auto hold = [](test::Tissue& t) { t.state.populations[0].held[0] = {2000.0 * 8.0}; };
  TissueSetup setup = drugged.setup();
  drugged.b.behaviour(drugged.type, "secretion:out", 0.0);
  drugged.b.rule("inside:D", Direction::increases, "secretion:out", 60.0, 4.0, 1.0);
  setup.cells[0].positions = {{0.0, 0.0, 0.0}};
  setup.substances.push_back(test::diffusing("D", 2, 1e3, 0.0));
  test::Tissue t(drugged.b.model, setup);
  hold(t);
  t.run_to(6.0);
  EXPECT_NEAR(t.content("out") / (6.0 * 60.0), 2.0 / 3.0, 1e-6) << "8 nM inside, half-max 4";
}

TEST(Damage, accrues_and_is_repaired_exactly_and_is_the_daughters_too) {
  for (const double step : {0.6, 6.0, 30.0}) {
    test::ModelBuilder b;
    const model::Index type = b.cell_type("A");
    b.phase(type, "G", 45.0, 0);
    b.behaviour(type, "damage_rate", 0.2);
    b.behaviour(type, "damage_repair", 0.05);
    tissue::CultureSetup setup = test::setup_of(b.model, {{type, 20}});
    setup.step = core::to_tick(step);
    test::Culture culture(b.model, setup);
    culture.run_to(60.0);
    ASSERT_GT(culture.cells().size(), 20u);
    for (const float damage : culture.cells().marks[0])
      EXPECT_NEAR(damage, 0.2 * (1.0 - std::exp(-0.05 * 60.0)) / 0.05, 1e-5) << step;
  }
}

// L decays: c = c0 exp(-k t); the memory follows as c0 (T exp(-k t) k.. )/(1 - k T), and what is perceived is
// (m - c)/T. The splitting takes c as constant over a step, so the error halves with the step.
TEST(Change, is_perceived_over_the_memory_and_converges_with_the_step) {
  constexpr double k = 0.02, memory = 10.0, c0 = 100.0, end = 60.0;
  const double kt = k * memory;
  // m' = (c - m)/T with m(0) = c0: m = c0 (exp(-k t) - kT exp(-t/T))/(1 - kT).
  const double m_end = c0 * (std::exp(-k * end) - kt * std::exp(-end / memory)) / (1.0 - kt);
  const double exact = (m_end - c0 * std::exp(-k * end)) / memory;
  double last_error = 0.0;
  for (const double step : {6.0, 3.0, 1.5}) {
    test::ModelBuilder b;
    const model::Index type = b.cell_type("A");
    b.substance("L", k);
    b.rule("fall:L", Direction::increases, "apoptosis", 1e-9, 1.0, 1.0);
    b.rule("rise:L", Direction::increases, "necrosis", 1e-9, 1.0, 1.0);
    tissue::CultureSetup setup = test::setup_of(b.model, {{type, 5}});
    setup.step = core::to_tick(step);
    setup.medium.concentration[0] = c0;
    test::Culture culture(b.model, setup);
    culture.run_to(end);
    const float remembered = culture.cells().marks[0][0];
    std::vector<float> room;
    const cells::SignalView now{{}, static_cast<float>(culture.concentration("L"))};
    const double fall = change_of(model::SignalKind::fall, now, {remembered}, memory, room).values[0];
    EXPECT_EQ(change_of(model::SignalKind::rise, now, {remembered}, memory, room).values[0], 0.0F);
    const double error = std::abs(fall - exact);
    EXPECT_LT(error, 0.3 * exact) << step;
    if (last_error > 0.0) {
      EXPECT_NEAR(last_error / error, 2.0, 0.3) << step;
    }
    last_error = error;
  }
}

TEST(Chemotaxis, may_lead_down_the_gradient) {
  for (const double bias : {1.0, -1.0}) {
    Row row;
    row.b.behaviour(row.type, "migration_speed", 1.0);
    row.b.behaviour(row.type, "chemotaxis:L", bias);
    TissueSetup setup = row.setup();
    setup.cells[0].positions = {{0.0, 0.0, 0.0}};
    test::hold_faces(setup.substances[0], 2, 0.0);
    setup.substances[0].plan.boundary[0] = {fields::Boundary::Kind::value, 1e6, 0.0};  // low x
    test::Tissue t(row.b.model, setup);
    t.run_to(60.0);
    EXPECT_GT(-bias * t.state.bodies.x[0], 30.0) << "60 um at 1 um/min, but for the first steps";
  }
}

}  // namespace space_grammar
}  // namespace stroma::tissue
