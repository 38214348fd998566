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
  // The mean of the domain, and of the closed medium above where there is some.
  const auto mean = [&](std::size_t f) {
    const fields::Field& field = state.fields.substances[f];
    const double above = fields::layer_volume(grid, plan.fields.substances[f]);
    return above > 0.0 ? (field.content + field.boundary_value.back() * above) / (out.volume + above)
                       : field.content / out.volume;
  };
  for (std::size_t s = 0; s < m.substances.size(); ++s) {
    const int field = plan.field_of[s];
    out.medium.push_back({m.substances[s].name, field < 0 ? 0.0 : mean(static_cast<std::size_t>(field))});
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
