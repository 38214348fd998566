#include "study/collect.hpp"

#include "core/errors.hpp"
#include "study/collect_cells.hpp"

namespace stroma::study {

assays::Specimen collect(const tissue::State& state, const tissue::Plan& plan, const Collection& what) {
  core::require(what.scale > 0.0, "a specimen needs a positive scale");
  core::require(state.populations.size() == plan.populations.size() &&
                    plan.setup.cells.size() == plan.populations.size(),
                "the state is not of this plan");
  assays::Specimen out;
  out.scale = what.scale;
  out.minutes = core::minutes(state.tick);
  out.serum = state.medium.solution.serum;
  out.volume = state.medium.volume * what.scale;
  const model::Model& m = *plan.model;
  core::require(state.medium.solution.concentration.size() == m.substances.size(),
                "the medium is not of this model");
  for (std::size_t s = 0; s < m.substances.size(); ++s)
    out.medium.push_back({m.substances[s].name, state.medium.solution.concentration[s]});
  for (std::size_t c = 0; c < state.populations.size(); ++c) {
    double pipetted = 0.0;  // none of a type that cells arrive as or convert to
    for (const auto& plated : plan.setup.cells)
      if (plated.type == plan.populations[c].type)
        pipetted += static_cast<double>(plated.count) * plated.weight * what.scale;
    out.cells.push_back(collect_cells(state.populations[c], plan.populations[c], m, pipetted, what.lineages));
    out.cells.back().weight = plan.populations[c].weight;
  }
  return out;
}

}  // namespace stroma::study
