// A culture: cells of one or several types and medium in one well-mixed volume; the plan compiled from the
// model, and the state that a run advances. Cells of different types meet through the medium.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cells/life.hpp"
#include "cells/population.hpp"
#include "cells/rules.hpp"
#include "core/hash.hpp"
#include "core/parallel.hpp"
#include "core/time.hpp"
#include "model/model.hpp"
#include "network/activities.hpp"
#include "network/program.hpp"
#include "network/relax.hpp"
#include "pharmacology/engagement.hpp"
#include "tissue/medium.hpp"

namespace stroma::tissue {

/// What is to be done to a culture, in a person's terms but with checked numbers.
struct CultureSetup {
  struct Cells {
    model::Index type = model::none;
    std::size_t count = 0;  ///< cells pipetted, before attachment
  };
  struct Treatment {
    core::Tick at;
    model::Index substance = model::none;
    double concentration = 0.0;  ///< nM total in the medium after the addition (adds to what is there)
  };
  std::vector<Cells> cells;
  Solution medium;
  double volume = 0.0;  ///< um^3
  std::vector<Treatment> treatments;
  core::Tick renewal;                   ///< period of full medium changes, treatments included; 0: never
  core::Tick step = core::to_tick(15);  ///< of the coupling; networks take substeps of their own
  std::uint64_t seed = 0;               ///< of everything random in this vessel
  std::uint64_t donor_seed =
      0;  ///< of the isolates that primary cells come from; shared by vessels of a replicate
  std::size_t max_cells = 2'000'000;  ///< a run that exceeds it ends with LimitError
};

/// A drug that enters cells and the input rows of a program that it feeds.
struct DrugEntry {
  model::Index drug = model::none;
  pharmacology::Entry entry;
  double free_fraction_in_serum = 1.0;
  int influx_trait = -1;  ///< index into the population's traits, or -1
  network::Slot transporter = network::no_slot;
  struct Target {
    std::size_t input_row = 0;
    double ic50 = 0.0, hill = 1.0;
    bool drives = false;  ///< activates: the input is 1 - r instead of r
  };
  std::vector<Target> targets;
};

/// A receptor input: its ligand and the antagonists that compete for it.
struct ReceptorBinding {
  std::size_t input_row = 0;
  model::Index ligand = model::none;
  double kd = 0.0;
  struct Antagonist {
    model::Index substance = model::none;
    double k = 0.0;
    double free_fraction_in_serum = 1.0;
  };
  std::vector<Antagonist> antagonists;
};

struct CohortPlan {
  model::Index type = model::none;
  double cell_volume = 0.0;  ///< um^3
  network::Program program;
  cells::RuleProgram rules;
  cells::LifePlan life;
  std::vector<DrugEntry> drugs;
  std::vector<ReceptorBinding> receptors;
  struct Flow {  ///< a secretion or uptake behaviour and its substance
    int behaviour = -1;
    model::Index substance = model::none;
  };
  std::vector<Flow> secretions, uptakes;
  int cycle_entry = -1, apoptosis = -1, necrosis = -1;  ///< behaviours; -1: the cell type lacks it
  double donor_factor = 1.0;                            ///< multiplies secretion
};

/// Everything that does not change while a culture runs.
struct Plan {
  std::shared_ptr<const model::Model> model;
  std::vector<CohortPlan> cohorts;
  CultureSetup setup;
  /// Mean activities stay within 1e-3 of exactly resolved networks; the splitting at the step of 15 min
  /// weighs more while a drug enters (docs/theory/culture.md).
  network::Accuracy accuracy{.tolerance = 5e-3, .steady = 1e-3};
  core::Threads threads;
};

/// Cells of one type with everything that each of them carries.
struct Cohort {
  cells::Population cells;
  network::Activities activities;
  std::vector<std::vector<float>> intracellular;  ///< [drug of the plan][cell], nM free
};

/// What happened so far; part of the state because a resumed run must report the same.
struct Counters {
  cells::Tally tally;
  std::int64_t steps = 0;
  network::RelaxReport network;
};

struct State {
  core::Tick tick;
  Medium medium;
  std::vector<Budget> budgets;  ///< per substance
  std::vector<Cohort> cohorts;  ///< as Plan::cohorts
  std::uint64_t next_id = 1;
  Counters counters;
};

/// 32 hexadecimal digits over every bit of the state that the future depends on.
std::string state_hash(const State& state);

/// Compiles the plan of a culture. Throws core::InputError where rules contradict each other.
Plan compile_culture(std::shared_ptr<const model::Model> model, const CultureSetup& setup,
                     core::Threads threads);

/// Plates the cells: those that attach are in the state of a growing culture without the medium's factors and
/// drugs.
State plate(const Plan& plan);

}  // namespace stroma::tissue
