// What names a family means its members, and what dying cells do, in space.
#include <gtest/gtest.h>

#include "support/tissues.hpp"

namespace stroma::tissue {
namespace space_vocabulary {

using test::ModelBuilder;

// Types A and B of the family F, and C, in space, next to each other: nobody moves.
struct Neighbours {
  ModelBuilder b;
  model::Index family, one, other, lone;
  Neighbours() {
    family = b.cell_type("F");
    b.type(family).abstract = true;
    one = b.cell_type("A");
    other = b.cell_type("B");
    lone = b.cell_type("C");
    b.type(one).parent = b.type(other).parent = "F";
    for (const model::Index type : {one, other, lone}) test::put_in_space(b, type);
  }
  // C in the middle of two A and one B.
  TissueSetup setup() const {
    TissueSetup out;
    out.grid = test::cube(2, 6);
    out.cells = {
        {one, {{-14.0, 0.0, 0.0}, {14.0, 0.0, 0.0}}}, {other, {{0.0, 14.0, 0.0}}}, {lone, {{0.0, 0.0, 0.0}}}};
    out.seed = 7;
    return out;
  }
};

TEST(Families, are_touched_where_any_member_is) {
  Neighbours n;
  n.b.substance("L");
  n.b.behaviour(n.lone, "secretion:L", 0.0);
  model::Rule rule;
  rule.id = "touch";
  rule.signal = test::signal_of(n.b.model, "contact:F");
  rule.behaviour = test::behaviour_of(n.b.model, "secretion:L");
  rule.saturation = 60.0;
  rule.half_max = 1.5;
  rule.hill = 1.0;
  rule.cell_types = {n.lone};
  n.b.model.rules.push_back(rule);
  TissueSetup setup = n.setup();
  setup.substances = {test::diffusing("L", 0, 1e3, 0.0)};
  test::Tissue t(n.b.model, setup);
  t.run_to(6.0);
  EXPECT_NEAR(t.content("L"), 6.0 * 60.0 * 2.0 / 3.0, 1e-3) << "three in contact are twice the half-max";
}

TEST(Families, are_attacked_in_every_member_and_nobody_else_is) {
  Neighbours n;
  n.b.behaviour(n.lone, "attack:F", 0.5);
  test::Tissue t(n.b.model, n.setup());
  t.run_to(60.0);
  EXPECT_EQ(t.state.counters.attacks, 3);
  for (const std::size_t k : {0u, 1u})
    for (const cells::Fate fate : t.state.populations[k].cells.fate) EXPECT_NE(fate, cells::Fate::live);
  EXPECT_EQ(t.state.populations[2].cells.fate[0], cells::Fate::live);
}

TEST(Families, give_their_affinity_to_members_that_have_none_of_their_own) {
  Neighbours n;
  n.b.parameter(n.lone, "affinity:F", 3.0);
  n.b.parameter(n.lone, "affinity:B", 0.5);
  const test::Tissue t(n.b.model, n.setup());
  EXPECT_EQ(t.plan.mechanics.affinity, (std::vector<double>{1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0, 0.5, 1.0}));
}

TEST(Flows, dying_cells_release_what_a_rule_makes_them_release_in_space_too) {
  Neighbours n;
  n.b.substance("alarm");
  n.b.behaviour(n.lone, "secretion:alarm", 2.0);
  n.b.rule("time", model::Direction::increases, "secretion:alarm", 100.0, 1e-6, 4.0);
  n.b.model.rules[0].cell_types = {n.lone};
  for (const bool dead : {false, true}) {
    n.b.model.rules[0].applies_to_dead = dead;
    TissueSetup setup = n.setup();
    setup.substances = {test::diffusing("alarm", 0, 1e3, 0.0)};
    test::Tissue t(n.b.model, setup);
    t.state.populations[2].cells.fate[0] = cells::Fate::late_apoptotic;
    t.state.populations[2].cells.death_budget[0] = 1e6F;
    t.run_to(12.0);
    EXPECT_NEAR(t.content("alarm"), dead ? 6.0 * 100.0 : 0.0, 1e-3) << "time is 0 in the first step of 6 min";
  }
}

}  // namespace space_vocabulary
}  // namespace stroma::tissue
