#include "study/collect_tissue.hpp"

#include "core/errors.hpp"
#include "study/collect_cells.hpp"

namespace stroma::study {

assays::Specimen collect_tissue(const tissue::TissueState& state, const tissue::TissuePlan& plan,
                                const tissue::TissueSetup& setup) {
  core::require(state.populations.size() == plan.populations.size(), "the state is not of this plan");
  assays::Specimen out;
  out.minutes = core::minutes(state.tick);
  out.serum = plan.setup.serum;
  const fields::Grid& grid = plan.fields.grid;
  out.volume = grid.voxel_volume() * static_cast<double>(grid.voxels());
  const model::Model& m = *plan.model;
  for (std::size_t s = 0; s < m.substances.size(); ++s) {
    const int field = plan.field_of[s];
    const double mean =
        field < 0 ? 0.0 : state.fields.substances[static_cast<std::size_t>(field)].content / out.volume;
    out.medium.push_back({m.substances[s].name, mean});
  }
  for (std::size_t k = 0; k < state.populations.size(); ++k) {
    double placed = 0.0;  // none of a type that cells arrive as or convert to
    for (const auto& cells : setup.cells)
      if (cells.type == plan.populations[k].type) placed += static_cast<double>(cells.positions.size());
    out.cells.push_back(collect_cells(state.populations[k], plan.populations[k], m, placed, false));
  }
  return out;
}

}  // namespace stroma::study
