// What a culture and a tissue share: the cells by type and what has happened to them. A state is these
// populations and their surroundings (a medium, or fields between bodies); a plan likewise.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cells/life.hpp"
#include "core/diagnostics.hpp"
#include "core/parallel.hpp"
#include "core/time.hpp"
#include "model/model.hpp"
#include "network/relax.hpp"
#include "tissue/population.hpp"
#include "tissue/ports.hpp"

namespace stroma::tissue {

/// What happened so far; part of the state because a resumed run must report the same. What a setting does
/// not have stays 0.
struct Counters {
  cells::Tally tally;
  std::int64_t steps = 0, mechanics_steps = 0, field_steps = 0, list_rebuilds = 0;
  std::int64_t reflections = 0;   ///< centres reflected at a side of the box
  std::int64_t coincidences = 0;  ///< pairs on one point
  std::int64_t attacks = 0, phagocytoses = 0;
  std::int64_t negative_voxels = 0;  ///< voxels below zero, over all steps (a sink beyond what is there)
  network::RelaxReport network;
  double worst_balance = 0.0;             ///< mass balance of the fields, relative, the worst of all steps
  std::vector<std::int64_t> arrivals;     ///< [population]; empty where the plan has none
  std::vector<std::int64_t> conversions;  ///< [from x to]; empty where no type has any
  std::vector<std::int64_t> contacts;     ///< as counted_contacts; empty where no type has any of them
};

/// What cells do to others that `contacts` counts, beside attacks and phagocytoses.
inline constexpr std::array counted_contacts = {model::BehaviourKind::injury, model::BehaviourKind::ingestion,
                                                model::BehaviourKind::fusion};

struct Populations {
  core::Tick tick;
  std::uint64_t next_id = 1;
  std::vector<Population> populations;  ///< as PopulationsPlan::populations
  CellPorts ports;                      ///< who gave and took what
  Counters counters;
};

struct PopulationsPlan {
  std::shared_ptr<const model::Model> model;
  std::vector<PopulationPlan> populations;  ///< by type
  /// Mean activities stay within 1e-3 of exactly resolved networks; the splitting at the step of 15 min
  /// weighs more while a drug enters (docs/theory/culture.md).
  network::Accuracy accuracy{.tolerance = 5e-3, .steady = 1e-3};
  core::Threads threads;
  Solution plain;  ///< what cells were grown in before they came here
  bool has_arrivals = false;
  /// The population of a cell type, which there is.
  std::size_t population_of(model::Index type) const;
};

/// Populations without cells that have every array of the plan, in surroundings of so many substances.
Populations empty_populations(const PopulationsPlan& plan, std::size_t substances);

/// Adds what keeps a state of `from` from being run on under `to`: a type that only one of them has, or types
/// in another order. `file` is where `to` was written.
void check_same_populations(const PopulationsPlan& from, const PopulationsPlan& to, const std::string& file,
                            core::Diagnostics& problems);

/// Gives a state of a plan with the same populations the counters that `plan` has.
void take_up(Populations& s, const PopulationsPlan& plan);

struct Step {
  core::Tick begin, end;
  double minutes() const { return core::minutes(end - begin); }
};

/// "tick 90 (1.5 h)", for messages.
std::string when(core::Tick tick);

/// What the networks of one population are driven by; views of scratch.
struct NetworkDrive {
  std::vector<network::InputValues> occupancies, drug_values, multipliers;
};

/// Advances the networks of population k over the step and holds the nodes of its dying cells. Throws
/// NumericalError with tick, cell type and node.
void relax_networks(const Step& step, const PopulationsPlan& plan, std::size_t k, Populations& s,
                    const NetworkDrive& drive, network::Workspace& work, core::Threads threads);

/// Adds what a step did to the cells of one population.
void count(Counters& counters, const cells::Tally& tally);

}  // namespace stroma::tissue
