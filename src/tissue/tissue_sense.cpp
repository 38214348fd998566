// Ligands and drugs act on the networks of the cells.
#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "tissue/tissue_perceive.hpp"

namespace stroma::tissue {
namespace {

void bind_receptors(std::size_t k, const TissuePlan& plan, const TissueState& s, TissueWorkspace& work) {
  const PopulationPlan& population_plan = plan.populations[k];
  TissueWorkspace::PerPopulation& mine = work.populations[k];
  const std::size_t n = mine.body_of.size();
  mine.occupancies.resize(population_plan.receptors.size());
  mine.occupancy.resize(population_plan.receptors.size());
  const auto view = [&](model::Index substance) {
    return PerceiveTissue{plan, s, mine, {}}({model::SignalKind::substance, substance, {}});
  };
  const auto at = [](const cells::SignalView& values, std::size_t i) {
    return static_cast<double>(values.values.empty() ? values.uniform : values.values[i]);
  };
  for (const ReceptorBinding& binding : population_plan.receptors) {
    const cells::SignalView ligand = view(binding.ligand);
    std::vector<float>& theta = mine.occupancy[binding.input_row];
    theta.assign(n, 0.0F);
    for (const ReceptorBinding::Antagonist& a : binding.antagonists) {
      const cells::SignalView antagonist = view(a.substance);
      const double per_k = pharmacology::free_fraction(a.free_fraction_in_serum, plan.setup.serum) / a.k;
      for (std::size_t i = 0; i < n; ++i) theta[i] += static_cast<float>(at(antagonist, i) * per_k);
    }
    for (std::size_t i = 0; i < n; ++i)
      theta[i] = static_cast<float>(pharmacology::occupancy(at(ligand, i), binding.kd, theta[i]));
    mine.occupancies[binding.input_row] = network::InputValues::each(theta);
  }
}

}  // namespace

void sense(const Step&, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  sample_fields(plan, s, work);
  for (std::size_t k = 0; k < plan.populations.size(); ++k) {
    bind_receptors(k, plan, s, work);
    TissueWorkspace::PerPopulation& mine = work.populations[k];
    engage_drugs(mine, plan.populations[k], s.populations[k],
                 [&](double held, std::size_t i) { return held / cell_volume(s.bodies, mine.body_of[i]); });
    multiply_by_traits(mine, plan.populations[k], s.populations[k]);
  }
}

void signal(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  for (std::size_t k = 0; k < plan.populations.size(); ++k)
    relax_networks(step, plan, k, s, work.populations[k], work.network, threads_for_cells(plan, s));
}

}  // namespace stroma::tissue
