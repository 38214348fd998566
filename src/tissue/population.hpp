// Cells of one type with everything that each of them carries, and the plan that the model's numbers make for
// them. A culture and a tissue hold the same populations; they differ in what surrounds a cell.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "cells/life.hpp"
#include "cells/lives.hpp"
#include "cells/passage.hpp"
#include "cells/rules.hpp"
#include "core/parallel.hpp"
#include "model/model.hpp"
#include "network/activities.hpp"
#include "network/program.hpp"
#include "network/relax.hpp"
#include "pharmacology/engagement.hpp"
#include "tissue/medium.hpp"

namespace stroma::tissue {

/// A drug that enters cells and the input rows of a program that it feeds.
struct DrugEntry {
  model::Index drug = model::none, substance = model::none;
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

struct PopulationPlan {
  model::Index type = model::none;
  double cell_volume = 0.0;  ///< um^3
  double footprint =
      0.0;  ///< um^2 of the growth area that an attached cell covers; if not said, that of its sphere
  /// min, over which a cell perceives that a concentration rises or falls. Assumption: 10, of 1 to 60, the
  /// times over which receptors adapt.
  double memory = 10.0;
  network::Program program;
  cells::RuleProgram rules;
  cells::LifePlan life;
  std::vector<DrugEntry> drugs;
  std::vector<ReceptorBinding> receptors;
  /// A behaviour that the cells have: where it stands, and what it is directed at. Indices, because plans are
  /// copied: `rules` of the copy is another place.
  struct Placed {
    int behaviour = -1;             ///< into RuleProgram::behaviours
    model::Index at = model::none;  ///< a substance, or a cell type or family
    int dying = -1;                 ///< into RuleProgram::of_the_dying; -1: dying cells do not do it
  };
  std::array<std::vector<Placed>, model::behaviour_kinds> placed;  ///< by kind
  const std::vector<Placed>& all(model::BehaviourKind kind) const {
    return placed[static_cast<std::size_t>(kind)];
  }
  /// The behaviour of a kind that is directed at nothing; -1: the cell type lacks it.
  int one(model::BehaviourKind kind) const { return all(kind).empty() ? -1 : all(kind).front().behaviour; }
  /// A type that the cells or their daughters may become, and what of a cell passes over (passage.hpp).
  struct Conversion {
    int behaviour = -1, division = -1;  ///< the hazard and the share of divisions; -1: none
    model::Index type = model::none;
    std::size_t to = 0;  ///< its population
    cells::LifeMap life{};
    std::vector<network::Slot> node{};  ///< [slot of the new type] that of this one, or no_slot
    std::vector<float> resting{};       ///< [slot of the new type] activity of a node that is new
  };
  std::vector<Conversion> conversions;  ///< as LifePlan::conversions
  double donor_factor = 1.0;            ///< multiplies secretion
  double weight = 1.0;                  ///< of a culture, as CultureSetup::Cells
};

/// Cells of one type with everything that each of them carries.
struct Population {
  cells::Lives cells;
  network::Activities activities;
  /// What the cells hold of each drug, [drug of the plan][cell], nM um^3; empty for drugs that the
  /// surroundings lack. An amount, in double precision: it stays what it is while a cell grows, and no drug
  /// is lost between cells and surroundings.
  std::vector<std::vector<double>> held;
};

/// Activities per slot of the average cell at rest in `plain`.
std::vector<float> resting_activities(const PopulationPlan& plan, const Solution& plain,
                                      const network::Accuracy& accuracy);

/// What modifies the entry of a drug, per cell; empty where nothing does.
struct EntryModifiers {
  std::span<const float> influx;       ///< multiplies k_in
  std::span<const float> transporter;  ///< activity in [0, 1], multiplies k_efflux
};
EntryModifiers entry_modifiers(const DrugEntry& entry, const Population& population);

/// Compiles what the cells of one type do. `seed` is of everything random in the vessel or tissue,
/// `donor_seed` of the isolates that primary cells come from. Rules that contradict each other are added to
/// `problems`.
PopulationPlan compile_population(const model::Model& model, model::Index type, std::uint64_t seed,
                                  std::uint64_t donor_seed, core::Diagnostics& problems);

/// `attached` cells taken from a growing culture in `plain` (medium without factors and drugs), each with its
/// own traits and its network at rest. Ids start at `first_id`.
Population found_population(const PopulationPlan& plan, const Solution& plain, std::size_t attached,
                            std::uint64_t first_id, const network::Accuracy& accuracy, core::Threads threads);

/// Drug inside engages its targets: their rows and values, of all cells, from the free concentrations [nM].
void engage_targets(const DrugEntry& entry, std::span<const float> inside,
                    std::vector<std::vector<float>>& rows, std::vector<network::InputValues>& values);

/// Execution is all-or-none: a dying cell holds the nodes that its type names at their final activity.
void hold_dying(const PopulationPlan& plan, const model::CellType& type, Population& population);

/// The networks' answer to no drug at all: what every drug input is where nobody holds the drug.
network::InputValues without_drug(const network::DrugInput& input);

}  // namespace stroma::tissue
