// A culture of a model made in code, ready to run, and the model that most tests of cultures use.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "core/units.hpp"
#include "support/model_builder.hpp"
#include "tissue/coupling.hpp"

namespace stroma::test {

/// Plain medium without anything in it.
inline tissue::CultureSetup setup_of(const model::Model& m, std::vector<tissue::CultureSetup::Cells> cells,
                                     double volume = 1e8, double serum = 0.0) {
  tissue::CultureSetup setup;
  setup.cells = std::move(cells);
  setup.medium = tissue::plain_solution(m, serum);
  setup.volume = volume;
  setup.seed = 20240917;
  return setup;
}

/// Plan, state and scratch of one culture.
struct Culture {
  Culture(const model::Model& m, const tissue::CultureSetup& setup, int threads = 1)
      : plan(tissue::compile_culture(std::make_shared<model::Model>(m), setup, {threads})),
        state(tissue::plate(plan)) {}

  void run_to(double minutes, tissue::Observer* observer = nullptr) {
    if (observer != nullptr) observer->observe(state, plan);  // where it begins
    tissue::advance(state, plan, work, core::to_tick(minutes), observer);
  }
  double& concentration(const std::string& substance) {
    return state.medium.solution.concentration[static_cast<std::size_t>(plan.model->substance(substance))];
  }
  const tissue::Budget& budget(const std::string& substance) const {
    return state.budgets[static_cast<std::size_t>(plan.model->substance(substance))];
  }
  std::span<float> activity(const std::string& node, std::size_t population = 0) {
    const network::Slot slot = plan.populations[population].program.slot(plan.model->node(node));
    return state.populations[population].activities.node(static_cast<std::size_t>(slot));
  }
  cells::Lives& cells(std::size_t population = 0) { return state.populations[population].cells; }
  /// Largest relative error of any substance's mass balance, against all that ever entered.
  double mass_error() const {
    double worst = 0.0;
    for (std::size_t i = 0; i < state.budgets.size(); ++i) {
      const tissue::Budget& b = state.budgets[i];
      if (b.turnover() == 0.0) continue;
      worst = std::max(worst,
                       std::abs(state.medium.solution.concentration[i] * state.medium.volume - b.expected()) /
                           b.turnover());
    }
    return worst;
  }
  /// Free concentration [nM] of drug `d` of a population's plan in one cell.
  double inside(std::size_t d, std::size_t cell, std::size_t population = 0) const {
    return state.populations[population].held[d][cell] / plan.populations[population].cell_volume;
  }
  std::string hash() const { return tissue::state_hash(state); }

  tissue::Plan plan;
  tissue::State state;
  tissue::Workspace work;
};

/// Tumour cells T and stroma cells S. S secretes the ligand L the more, the more of the factor F binds; T
/// clears L; L binds the receptor R of T, which drives X; X protects from apoptosis and raises cycle entry
/// and the secretion of F by T. The drug D enters cells, is pumped out by P and inhibits X; the antagonist K
/// competes at R. Everything varies from cell to cell.
inline model::Model tumour_and_stroma() {
  using model::Direction;
  using model::Effect;
  using model::TargetMode;
  ModelBuilder b;
  const Index t = b.cell_type("T", 240.0, 480.0), s = b.cell_type("S", 240.0, 480.0);
  b.substance("L", 1.0 / 900.0, 1.0 / 300.0);
  b.substance("F", 1.0 / 600.0);
  b.node("R", 0.05, 10.0);
  b.node("X", 0.1, 60.0);
  b.node("P", 0.3, 600.0);
  b.drug("D", 0.02, 0.05, 0.04, 0.05, b.model.node("P"));
  b.drug("K", 0.5);
  b.arrow("L", "R", Effect::activates, 1.0, 2.0);
  b.arrow("R", "X", Effect::activates, 0.9, 0.4, 2.0);
  b.arrow("X", "P", Effect::activates, 0.5, 0.5, 3.0);
  b.drug_target("D", "X", TargetMode::inhibits_activity, 20.0, 1.0);
  b.drug_target("K", "R", TargetMode::competes, 40.0);
  b.phase(t, "G1", 900.0, 2);
  b.phase(t, "S", 480.0, 5);
  b.parameter(t, "stages:early_apoptosis", 3);
  b.behaviour(t, "apoptosis", 1e-3);
  b.behaviour(t, "necrosis", 1e-5);
  b.behaviour(t, "secretion:F", 10.0);
  b.behaviour(t, "uptake:L", 20.0);
  b.behaviour(s, "apoptosis", 1e-5);
  b.behaviour(s, "secretion:L", 400.0);
  b.trait(t, "node:X", 0.4, 0.7);
  b.trait(t, "influx:D", 0.3, 0.7);
  b.trait(t, "cycle_entry", 0.2, 0.7);
  b.trait(s, "secretion", 0.3, 1.0);
  b.rule("X", Direction::decreases, "apoptosis", 0.0, 0.3, 2.0);
  b.rule("X", Direction::increases, "cycle_entry", 1.0 / 300.0, 0.5, 2.0);
  b.rule("X", Direction::increases, "secretion:F", 60.0, 0.5, 2.0);
  b.rule("F", Direction::increases, "secretion:L", 1200.0, 5.0, 1.0);
  // The rules on cycle_entry and secretion:F are about T, those on secretion:L about S.
  for (model::Rule& rule : b.model.rules) rule.cell_types = {rule.behaviour.name == "secretion:L" ? s : t};
  return b.model;
}

/// T and S together with drug and antagonist given on the way and one medium change.
inline tissue::CultureSetup treated(const model::Model& m, std::size_t t_cells, std::size_t s_cells) {
  tissue::CultureSetup setup = setup_of(m, {{m.cell_type("T"), t_cells}, {m.cell_type("S"), s_cells}},
                                        1e4 * static_cast<double>(t_cells + s_cells + 1), 0.1);
  setup.treatments = {{core::to_tick(120.0), m.substance("D"), 2000.0},
                      {core::to_tick(200.0), m.substance("K"), 30.0}};
  setup.renewal = core::to_tick(720.0);
  return setup;
}

}  // namespace stroma::test
