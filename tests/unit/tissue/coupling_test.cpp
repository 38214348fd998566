// How medium, drugs and cells meet in one step, by hand.
#include "tissue/coupling.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/errors.hpp"
#include "support/cultures.hpp"

namespace stroma::tissue {
namespace coupling_test {

using core::to_tick;
using model::Effect;
using model::TargetMode;
using test::Culture;
using test::ModelBuilder;

TEST(Receptors, are_occupied_by_free_ligand_against_free_antagonist) {
  ModelBuilder b;
  b.cell_type("C");
  b.substance("L");
  b.drug("K", 0.25);
  b.node("R", 0.0, 10.0);
  b.arrow("L", "R", Effect::activates, 1.0, 2.0);
  b.drug_target("K", "R", TargetMode::competes, 5.0);
  CultureSetup setup = test::setup_of(b.model, {{0, 3}}, 1e8, 0.5);
  setup.medium.concentration = {6.0, 20.0};
  Culture culture(b.model, setup);
  culture.run_to(15.0);
  // K: f_u = 1/(1 + 0.5 x 3) = 0.4, free 8 nM, B/K = 1.6; L/Kd = 3.
  const double theta = 3.0 / (1.0 + 3.0 + 1.6);
  EXPECT_NEAR(culture.work.populations[0].occupancies[0].uniform, theta, 1e-7);
  culture.run_to(600.0);
  EXPECT_NEAR(culture.activity("R")[1], theta, 1e-5)
      << "basal 0, weight 1: the activity relaxes to the occupancy";
}

TEST(Receptors, without_their_ligand_ignore_the_antagonist_to_the_bit) {
  ModelBuilder b;
  b.cell_type("C");
  b.substance("L");
  b.drug("K", 0.25);
  b.node("R", 0.1, 10.0);
  b.arrow("L", "R", Effect::activates, 1.0, 2.0);
  b.drug_target("K", "R", TargetMode::competes, 5.0);
  CultureSetup setup = test::setup_of(b.model, {{0, 3}});
  Culture without(b.model, setup);
  setup.medium.concentration[1] = 1e4;
  Culture with(b.model, setup);
  without.run_to(600.0);
  with.run_to(600.0);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(with.activity("R")[i], without.activity("R")[i]);
}

ModelBuilder drug_on_target(TargetMode mode) {
  ModelBuilder b;
  b.cell_type("C");
  b.node("X", 0.5, 30.0);
  b.drug("D", 0.5, 0.1, 0.05);
  b.drug_target("D", "X", mode, 10.0, 2.0);
  return b;
}

TEST(Drugs, enter_cells_from_their_free_concentration_and_leave_their_target_the_hill_share) {
  const ModelBuilder b = drug_on_target(TargetMode::inhibits_activity);
  CultureSetup setup = test::setup_of(b.model, {{0, 4}}, 1e12, 1.0);
  setup.medium.concentration[0] = 20.0;  // 10 nM free; equilibrium inside 0.1/0.05 x 10 = 20 nM
  Culture culture(b.model, setup);
  culture.run_to(15.0);
  const double inside = 20.0 * (1.0 - std::exp(-0.05 * 15.0));
  EXPECT_NEAR(culture.inside(0, 2), inside, 1e-5);
  culture.run_to(1200.0);
  EXPECT_NEAR(culture.activity("X")[2], 0.5 / (1.0 + 4.0), 1e-5);
}

TEST(Drugs, that_drive_a_target_act_like_an_activator) {
  const ModelBuilder b = drug_on_target(TargetMode::activates);
  CultureSetup setup = test::setup_of(b.model, {{0, 4}}, 1e12, 1.0);
  setup.medium.concentration[0] = 20.0;
  Culture culture(b.model, setup);
  culture.run_to(1200.0);
  EXPECT_NEAR(culture.activity("X")[0], 1.0 - 0.5 * (1.0 - 0.8), 1e-5);
}

TEST(Drugs, that_are_absent_leave_a_driven_and_an_inhibited_target_as_they_are) {
  for (const TargetMode mode : {TargetMode::activates, TargetMode::inhibits_activity}) {
    const ModelBuilder b = drug_on_target(mode);
    Culture culture(b.model, test::setup_of(b.model, {{0, 4}}));
    culture.run_to(1200.0);
    EXPECT_NEAR(culture.activity("X")[0], 0.5, 1e-5);
  }
}

TEST(Drugs, that_stay_outside_cells_do_not_reach_a_target_inside) {
  for (const TargetMode mode : {TargetMode::activates, TargetMode::inhibits_activity}) {
    ModelBuilder b;
    b.cell_type("C");
    b.node("X", 0.5, 30.0);
    b.drug("D", 0.5);
    b.drug_target("D", "X", mode, 10.0);
    CultureSetup setup = test::setup_of(b.model, {{0, 4}});
    setup.medium.concentration[0] = 1e4;
    Culture culture(b.model, setup);
    culture.run_to(1200.0);
    EXPECT_NEAR(culture.activity("X")[0], 0.5, 1e-5);
  }
}

TEST(Drugs, are_held_back_by_their_transporter) {
  ModelBuilder b;
  b.cell_type("C");
  const model::Index pump = b.node("P", 0.4, 30.0);
  b.drug("D", 1.0, 0.1, 0.02, 0.2, pump);
  CultureSetup setup = test::setup_of(b.model, {{0, 4}}, 1e12);
  setup.medium.concentration[0] = 5.0;
  Culture culture(b.model, setup);
  culture.run_to(1200.0);
  EXPECT_NEAR(culture.inside(0, 0), 0.1 * 5.0 / (0.02 + 0.2 * 0.4), 1e-4);
}

TEST(Drugs, that_enter_cells_leave_the_medium) {
  ModelBuilder b;
  b.cell_type("C");
  b.drug("D", 1.0, 0.1, 0.1);
  CultureSetup setup = test::setup_of(b.model, {{0, 500}}, 1e7);  // cells are 10 % of the volume
  setup.medium.concentration[0] = 100.0;
  Culture culture(b.model, setup);
  culture.run_to(600.0);
  // At equilibrium inside = outside = 100 x 1e7/(1e7 + 500 x 2000).
  EXPECT_NEAR(culture.concentration("D"), 100.0 / 1.1, 1e-3);
  EXPECT_NEAR(culture.budget("D").taken_up(), culture.inside(0, 0) * 1e6, 1e-3);
  EXPECT_LE(culture.mass_error(), 1e-12);
}

TEST(Drugs, return_to_the_medium_when_the_cells_fall_apart) {
  ModelBuilder b;
  const model::Index type = b.cell_type("C", 30.0, 30.0);
  b.drug("D", 1.0, 0.1, 0.1);
  b.behaviour(type, "apoptosis", 0.05);
  CultureSetup setup = test::setup_of(b.model, {{0, 500}}, 1e7);
  setup.medium.concentration[0] = 100.0;
  Culture culture(b.model, setup);
  culture.run_to(2880.0);
  EXPECT_EQ(culture.cells().size(), 0u);
  EXPECT_NEAR(culture.concentration("D"), 100.0, 1e-9);
  EXPECT_NEAR(culture.budget("D").taken_up(), 0.0, 1e-2) << "of 1e9";
}

TEST(Flows, secretion_and_clearance_are_summed_over_live_cells_of_all_types) {
  ModelBuilder b;
  const model::Index one = b.cell_type("A"), two = b.cell_type("B");
  b.substance("L", 0.01);
  b.behaviour(one, "secretion:L", 300.0);
  b.behaviour(two, "secretion:L", 50.0);
  b.behaviour(two, "uptake:L", 400.0);
  CultureSetup setup = test::setup_of(b.model, {{one, 40}, {two, 60}}, 1e6);
  Culture culture(b.model, setup);
  culture.cells(0).fate[7] = cells::Fate::necrotic;
  culture.cells(0).death_budget[7] = 1e6f;
  culture.run_to(600.0);
  const double source = (39 * 300.0 + 60 * 50.0) / 1e6, loss = 0.01 + 60 * 400.0 / 1e6;
  EXPECT_NEAR(culture.concentration("L"), source / loss * (1.0 - std::exp(-loss * 600.0)), 1e-6);
}

TEST(Flows, what_is_consumed_saturates_and_leaves_the_medium) {
  ModelBuilder b;
  const model::Index type = b.cell_type("A");
  b.substance("glucose");
  b.model.substances.back().consumption_half_max = 5.0;
  b.behaviour(type, "consumption:glucose", 400.0);
  CultureSetup setup = test::setup_of(b.model, {{type, 100}}, 1e6);
  setup.medium.concentration[0] = 20.0;
  Culture culture(b.model, setup);
  culture.run_to(480.0);
  const double c = culture.concentration("glucose"), most = 100 * 400.0 / 1e6;
  const double residual = c + 5.0 * std::log(c) - (20.0 + 5.0 * std::log(20.0) - most * 480.0);
  EXPECT_LE(std::abs(residual) / (1.0 + 5.0 / c), 5e-3) << "as an error of c";
  EXPECT_NEAR(culture.budget("glucose").taken_up(), (20.0 - c) * 1e6, 1e-3);
  EXPECT_LE(culture.mass_error(), 1e-12);
}

TEST(Flows, what_the_incubator_holds_is_not_used_up) {
  ModelBuilder b;
  const model::Index type = b.cell_type("A");
  b.substance("O");
  b.model.substances.back().ambient = 1e5;
  b.model.substances.back().consumption_half_max = 5e3;
  b.behaviour(type, "consumption:O", 4e6);
  Culture culture(b.model, test::setup_of(b.model, {{type, 100}}, 1e6));
  culture.run_to(480.0);
  EXPECT_EQ(culture.concentration("O"), 1e5);
}

TEST(Flows, dying_cells_release_what_a_rule_makes_them_release) {
  ModelBuilder b;
  const model::Index type = b.cell_type("A");
  b.substance("alarm");
  b.substance("signal");
  b.behaviour(type, "secretion:alarm", 2.0);
  b.rule("signal", model::Direction::increases, "secretion:alarm", 100.0, 5.0, 1.0);
  for (const bool dead : {false, true}) {
    b.model.rules[0].applies_to_dead = dead;
    CultureSetup setup = test::setup_of(b.model, {{type, 10}}, 1e6);
    setup.medium.concentration[1] = 5.0;
    Culture culture(b.model, setup);
    for (const std::size_t i : {2u, 6u, 7u}) {
      culture.cells().fate[i] = cells::Fate::late_apoptotic;
      culture.cells().death_budget[i] = 1e6f;
    }
    culture.run_to(600.0);
    // Half-way from 2 to 100 in the living, from 0 to 100 in the dying.
    EXPECT_NEAR(culture.concentration("alarm") * 1e6, 600.0 * (7 * 51.0 + (dead ? 3 * 50.0 : 0.0)), 0.1);
  }
}

TEST(Apoptosis, a_dying_cell_holds_the_nodes_that_its_type_names) {
  ModelBuilder b;
  const model::Index type = b.cell_type("C", 1e7, 1e7);
  b.node("X", 0.1, 30.0);
  b.type(type).on_apoptosis = {{b.model.node("X"), 0.9}};
  Culture culture(b.model, test::setup_of(b.model, {{type, 4}}));
  culture.cells().fate[1] = cells::Fate::early_apoptotic;
  culture.cells().fate[2] = cells::Fate::necrotic;
  culture.cells().death_budget = {1.0f, 1.0f, 1.0f, 1.0f};
  culture.run_to(60.0);
  EXPECT_NEAR(culture.activity("X")[0], 0.1, 1e-5);
  EXPECT_EQ(culture.activity("X")[1], 0.9f);
  EXPECT_NEAR(culture.activity("X")[2], 0.1, 1e-5);
}

TEST(Cells, of_an_array_stay_with_their_cell_through_births_and_deaths) {
  // Each cell's influx multiplier is its own and is inherited unchanged, so C inside, at equilibrium with a
  // large medium, tells it.
  ModelBuilder b;
  const model::Index type = b.cell_type("C", 30.0, 30.0);
  b.drug("D", 1.0, 0.5, 0.5);
  b.phase(type, "G1", 300.0, 2);
  b.behaviour(type, "apoptosis", 1.0 / 400.0);
  b.trait(type, "influx:D", 0.5, 1.0);
  CultureSetup setup = test::setup_of(b.model, {{type, 300}}, 1e12);
  setup.medium.concentration[0] = 10.0;
  Culture culture(b.model, setup);
  culture.run_to(1500.0);
  ASSERT_GT(culture.state.counters.tally.births, 300);
  ASSERT_GT(culture.state.counters.tally.lyses, 300);
  for (std::size_t i = 0; i < culture.cells().size(); ++i)
    ASSERT_NEAR(culture.inside(0, i), 10.0 * culture.cells().traits[0][i], 1e-3) << i;
}

}  // namespace coupling_test
}  // namespace stroma::tissue
