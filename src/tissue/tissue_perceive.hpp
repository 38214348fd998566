// What the verbs of a tissue share: what its cells perceive, brought from bodies and voxels into the order of
// each population, and that order. Private to the module.
#pragma once

#include "tissue/tissue_loop.hpp"

namespace stroma::tissue {

/// Where each population's cells stand: body_of, from the bodies as they are now.
void locate_cells(const TissuePlan& plan, const TissueState& s, TissueWorkspace& work);

/// Concentrations [nM] at the cells, of the fields that their rules and receptors read.
void sample_fields(const TissuePlan& plan, const TissueState& s, TissueWorkspace& work);

/// Pressure and contacts of each cell.
void sense_neighbours(const TissuePlan& plan, TissueState& s, TissueWorkspace& work);

/// Puts the bodies in their canonical order and the cells of each population in that of their bodies:
/// neighbours in space are neighbours in memory. Ids stay.
void sort_cells(TissueState& s, const TissuePlan& plan, cells::Sorting& sorting);

/// How a cell of population `k` perceives a tissue.
struct PerceiveTissue {
  const TissuePlan& plan;
  const TissueState& state;
  const TissueWorkspace::PerPopulation& mine;
  core::Tick now;
  cells::SignalView operator()(const model::Signal& signal) const;
  double volume(std::size_t cell) const;  ///< um^3
};

/// A loop over few cells or voxels is over before a second thread has begun: it stays on one. Results are the
/// same bits for any number, so the choice is free. Measured: two threads gain from about these sizes on.
inline constexpr std::size_t cells_for_threads = 8192, voxels_for_threads = 32768;
inline core::Threads threads_for_cells(const TissuePlan& plan, const TissueState& s) {
  return s.bodies.size() >= cells_for_threads ? plan.threads : core::Threads{1};
}
inline core::Threads threads_for_fields(const TissuePlan& plan) {
  return plan.fields.grid.voxels() >= voxels_for_threads ? plan.threads : core::Threads{1};
}

/// um^3
inline double cell_volume(const cells::Bodies& bodies, std::size_t body) {
  return static_cast<double>(bodies.fluid[body]) + static_cast<double>(bodies.solid[body]);
}
inline double PerceiveTissue::volume(std::size_t cell) const {
  return cell_volume(state.bodies, mine.body_of[cell]);
}
inline std::size_t index_of(model::Index index) {
  return static_cast<std::size_t>(index);
}

}  // namespace stroma::tissue
