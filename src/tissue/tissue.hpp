// A tissue: cells of one or several types in two or three dimensions, and the substances that diffuse between
// them. The plan is compiled from the model and the setup once; the state is what a run advances, a
// checkpoint holds and a hash covers. Cells of different types meet through the fields and through contact.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cells/attachments.hpp"
#include "cells/bodies.hpp"
#include "cells/contacts.hpp"
#include "cells/mechanics.hpp"
#include "cells/volume.hpp"
#include "core/parallel.hpp"
#include "core/time.hpp"
#include "fields/fields.hpp"
#include "fields/plan.hpp"
#include "tissue/populations.hpp"
#include "tissue/tissue_setup.hpp"

namespace stroma::tissue {

/// What a cell type is in space.
struct TypeInSpace {
  /// Laws of volume, in the order of VolumeState.
  std::array<cells::VolumeLaw, 5> laws{};
  float volume = 0.0F;  ///< um^3 at rest
  float fluid_fraction = 0.0F;
  float persistence = 15.0F;  ///< min
  /// Difference of a concentration across the cell, relative to it, below which it finds no direction.
  /// Assumption: a thousandth, of 1e-3 to 2e-2; far above the rounding of a field and low enough that no
  /// gradient is lost that a cell could find. A type that needs more says so in cell_types.csv.
  double gradient_threshold = 1e-3;
  struct Chemotaxis {
    int behaviour = -1;
    std::size_t field = 0;
  };
  std::vector<Chemotaxis> chemotaxis;
  /// What the cells do to others that they touch; see contact_verbs.
  struct Contact {
    int behaviour = -1;
    std::size_t verb = 0;
    std::vector<std::uint8_t> target;  ///< [population]: whether it is done to its cells; empty: to all
  };
  std::vector<Contact> contacts;
  /// Behaviours that a rule moves and that are else the constants of the type; -1: none does.
  int persistence_rule = -1, adhesion_rule = -1, repulsion_rule = -1;
};

/// What one cell does to another: to whom it may, and what becomes of it.
struct ContactVerb {
  model::BehaviourKind kind;
  cells::Conditions acts_on;
  cells::Condition leaves;
};
inline constexpr std::array contact_verbs = {
    ContactVerb{model::BehaviourKind::phagocytosis, cells::dying, cells::Condition::gone},
    ContactVerb{model::BehaviourKind::phagocytosis_of_apoptotic, only(cells::Condition::apoptotic),
                cells::Condition::gone},
    ContactVerb{model::BehaviourKind::phagocytosis_of_necrotic, only(cells::Condition::necrotic),
                cells::Condition::gone},
    ContactVerb{model::BehaviourKind::attack, only(cells::Condition::live), cells::Condition::apoptotic},
    ContactVerb{model::BehaviourKind::injury, only(cells::Condition::live), cells::Condition::live},
    ContactVerb{model::BehaviourKind::ingestion, only(cells::Condition::live), cells::Condition::gone},
    ContactVerb{model::BehaviourKind::fusion, only(cells::Condition::live), cells::Condition::gone},
};

enum class VolumeState : std::uint8_t { resting, growing, apoptotic, swelling, lysed };

/// Everything that does not change while a tissue runs.
struct TissuePlan : PopulationsPlan {
  TissueSetup setup;               ///< without the cells' positions and the substances' initial values
  std::vector<TypeInSpace> types;  ///< as populations, the order of Bodies::type
  cells::MechanicsPlan mechanics;
  cells::AttachmentPlan attachments;  ///< used where the setup has any
  fields::Plan fields;
  std::vector<int> field_of;  ///< by substance of the model: index of its field, or -1
};

/// What lies between the cells and is no cell, and changes with time as matrix grows and vessels regress:
/// values per voxel of one field. Empty: as the setup has it.
struct Ground {
  std::vector<double> mobility;  ///< relative diffusivity, (0, 1]
  std::vector<double> source;    ///< nM/min, >= 0
  std::vector<double> sink;      ///< 1/min, >= 0
};

struct TissueState : Populations {
  cells::Bodies bodies;
  cells::Attachments attachments;
  std::vector<std::uint64_t> ruptured;  ///< ids of necrotic cells whose membrane has opened, ascending
  fields::Fields fields;
  std::vector<Ground> ground;            ///< [field]
  std::vector<GroundPort> ground_ports;  ///< [field] what it gave and took
  std::size_t cells() const { return bodies.size(); }
};

/// Compiles the plan of a tissue. What the model lacks for a tissue (a diffusivity, a repulsion), cells
/// outside the domain or on one point and everything else that is wrong is added to `problems`, all at once.
TissuePlan compile_tissue(std::shared_ptr<const model::Model> model, const TissueSetup& setup,
                          core::Threads threads, core::Diagnostics& problems);

/// The state at time 0: cells taken from a growing culture stand where the setup puts them.
TissueState found_tissue(const TissuePlan& plan, const TissueSetup& setup);

/// Names every array that the future depends on (core/archive.hpp). A restored state must come from the same
/// plan; `shape` it first with found_shape.
void save(core::ArchiveWriter& writer, const TissueState& state);
/// Restores a state saved under the same plan. Throws what the reader throws, and InputError where arrays do
/// not fit together.
TissueState restore(core::ArchiveReader& reader, const TissuePlan& plan);

/// 32 hexadecimal digits over every bit of the state that the future depends on.
std::string state_hash(const TissueState& state);

/// The field of drug `d` of population `k`, or -1.
int field_of_drug(const TissuePlan& plan, std::size_t k, std::size_t d);

/// Free concentration [nM] of drug `d` of population `k`, whose field exists, in the cell of body `b`.
double drug_inside(const TissueState& state, std::size_t k, std::size_t d, std::size_t b);

}  // namespace stroma::tissue
