// What the cells of a tissue do to the substances around them, cell by cell. Private to the module.
#pragma once

#include "tissue/tissue_perceive.hpp"

namespace stroma::tissue {

/// Calls act(cell, rate) for every cell of population k that a flow is of, the living first and then the
/// dying by the rules that hold for them. The flow's behaviour must have been evaluated in this step.
template <class Act>
void for_each_rate(const PopulationPlan::Placed& flow, std::size_t k, const TissuePlan& plan,
                   const TissueState& s, TissueWorkspace& work, const Act& act) {
  TissueWorkspace::PerPopulation& mine = work.populations[k];
  const std::vector<cells::Fate>& fate = s.populations[k].cells.fate;
  const std::vector<float>& living = mine.behaviours[static_cast<std::size_t>(flow.behaviour)];
  for (std::size_t i = 0; i < mine.body_of.size(); ++i)
    if (fate[i] == cells::Fate::live) act(i, static_cast<double>(living[i]));
  if (flow.dying < 0) return;
  evaluate_dying(mine, flow, plan.populations[k], s.populations[k], threads_for_cells(plan, s));
  for (std::size_t i = 0; i < mine.body_of.size(); ++i)
    if (fate[i] != cells::Fate::live) act(i, static_cast<double>(mine.dying[i]));
}

/// The flow of a list that is of field f; null where there is none.
inline const PopulationPlan::Placed* flow_of(const std::vector<PopulationPlan::Placed>& flows, std::size_t f,
                                             const TissuePlan& plan) {
  for (const PopulationPlan::Placed& flow : flows)
    if (plan.field_of[index_of(flow.at)] == static_cast<int>(f)) return &flow;
  return nullptr;
}

}  // namespace stroma::tissue
