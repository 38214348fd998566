// What an experiment asks of a tissue; apart from its plan and state, so that whoever describes experiments
// need not see the engine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "cells/domain.hpp"
#include "core/diagnostics.hpp"
#include "core/time.hpp"
#include "fields/plan.hpp"
#include "model/model.hpp"
#include "tissue/arrival.hpp"

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
  /// and exchange do. A closed layer above holds that much more from `at`, to be used up. Where a substance
  /// has no such face it is poured into every voxel at `at`, and `until` has no effect.
  struct Treatment {
    core::Tick at, until{-1};   ///< until < 0: to the end
    std::size_t substance = 0;  ///< into `substances`
    double concentration = 0.0;
  };
  fields::Grid grid;
  std::vector<Substance> substances;
  std::vector<Cells> cells;  ///< one entry per type
  std::vector<Treatment> treatments;
  std::vector<Arrival> arrivals;
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

/// Bytes that a tissue of this setup needs with `cells` cells, before anything is allocated.
double memory_estimate(const TissueSetup& setup, const model::Model& model, std::size_t cells);

/// Adds everything that keeps a tissue from being made of this setup (as compile_tissue).
void check_tissue(std::shared_ptr<const model::Model> model, const TissueSetup& setup,
                  core::Diagnostics& problems);

}  // namespace stroma::tissue
