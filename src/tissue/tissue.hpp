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
#include "cells/mechanics.hpp"
#include "cells/volume.hpp"
#include "core/parallel.hpp"
#include "core/time.hpp"
#include "fields/fields.hpp"
#include "fields/plan.hpp"
#include "tissue/populations.hpp"

namespace stroma::tissue {

/// What is to be done to a tissue, in a person's terms but with checked numbers.
struct TissueSetup {
  /// A substance between the cells.
  struct Substance {
    fields::SubstancePlan plan;
    model::Index index = model::none;  ///< in the model; none: known to this experiment only
    std::vector<double> initial;       ///< nM per voxel, or one value for all
    std::vector<double> source;        ///< nM/min per voxel, constant in time; empty: none
    std::vector<double> sink;          ///< 1/min per voxel, constant in time; empty: none
    std::vector<double> consumption;   ///< nM/min at most per voxel, saturable, constant in time; empty: none
  };
  struct Cells {
    model::Index type = model::none;
    std::vector<std::array<double, 3>> positions;  ///< um
  };
  /// Springs between cells of two types (or of one) that touch: they form and break at these rates. A new one
  /// is as long as the two are apart.
  struct Attachment {
    model::Index one = model::none, other = model::none;
    double formation = 0.0, breaking = 0.0;  ///< 1/min, >= 0
    double stiffness = 0.0;                  ///< 1/min, >= 0
  };
  /// From `at` until `until` the surroundings hold `concentration` more of a substance: faces of kind value
  /// and exchange do. Where a substance has no such face it is poured into every voxel at `at`, and `until`
  /// has no effect.
  struct Treatment {
    core::Tick at, until{-1};   ///< until < 0: to the end
    std::size_t substance = 0;  ///< into `substances`
    double concentration = 0.0;
  };
  fields::Grid grid;
  std::vector<Substance> substances;
  std::vector<Cells> cells;  ///< one entry per type
  std::vector<Treatment> treatments;
  std::vector<Attachment> attachments;      ///< at most one for each pair of types
  std::uint32_t attachments_per_cell = 12;  ///< at most
  std::array<cells::Face, 6> faces{};       ///< basement planes
  double serum = 0.0;                       ///< volume fraction in [0, 1]; binds drugs
  double adhesion_reach = 1.25;             ///< in sums of radii
  double mechanics_tolerance = 0.02;        ///< um; error of one step of the mechanics
  double longest_mechanics_step = 1.0;      ///< min
  core::Tick step =
      core::to_tick(6);  ///< of the coupling; fields, networks and mechanics take their own within
  std::uint64_t seed = 0;
  std::uint64_t donor_seed = 0;
  std::size_t max_cells = 20'000'000;
};

/// What a cell type is in space.
struct TypeInSpace {
  /// Laws of volume, in the order of VolumeState.
  std::array<cells::VolumeLaw, 5> laws{};
  float volume = 0.0F;  ///< um^3 at rest
  float fluid_fraction = 0.0F;
  float persistence = 15.0F;  ///< min
  struct Chemotaxis {
    int behaviour = -1;
    std::size_t field = 0;
  };
  std::vector<Chemotaxis> chemotaxis;
  struct Attack {
    int behaviour = -1;
    std::vector<bool> target;  ///< [cohort]
  };
  std::vector<Attack> attacks;
};
enum class VolumeState : std::uint8_t { resting, growing, apoptotic, swelling, lysed };

/// Everything that does not change while a tissue runs.
struct TissuePlan : PopulationsPlan {
  TissueSetup setup;               ///< without the cells' positions and the substances' initial values
  std::vector<TypeInSpace> types;  ///< as cohorts, the order of Bodies::type
  cells::MechanicsPlan mechanics;
  cells::AttachmentPlan attachments;  ///< used where the setup has any
  fields::Plan fields;
  std::vector<int> field_of;  ///< by substance of the model: index of its field, or -1
};

struct TissueState : Populations {
  cells::Bodies bodies;
  cells::Attachments attachments;
  std::vector<std::uint64_t> ruptured;  ///< ids of necrotic cells whose membrane has opened, ascending
  fields::Fields fields;
  std::size_t cells() const { return bodies.size(); }
};

/// Bytes that a tissue of this setup needs with `cells` cells, before anything is allocated.
double memory_estimate(const TissueSetup& setup, const model::Model& model, std::size_t cells);

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

/// The field of drug `d` of cohort `k`, or -1.
int field_of_drug(const TissuePlan& plan, std::size_t k, std::size_t d);

/// Free concentration [nM] of drug `d` of cohort `k`, whose field exists, in the cell of body `b`.
double drug_inside(const TissueState& state, std::size_t k, std::size_t d, std::size_t b);

}  // namespace stroma::tissue
