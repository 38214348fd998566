#include "tissue/populations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"

namespace stroma::tissue {

std::string when(core::Tick tick) {
  return fmt::format("tick {} ({} h)", tick.count, core::minutes(tick) / 60.0);
}

std::size_t PopulationsPlan::population_of(model::Index type) const {
  const auto found = std::ranges::find(populations, type, &PopulationPlan::type);
  core::require(found != populations.end(), "a cell type without a population");
  return static_cast<std::size_t>(found - populations.begin());
}

Populations empty_populations(const PopulationsPlan& plan) {
  Populations out;
  const std::size_t n = plan.populations.size();
  bool converts = false;
  for (const PopulationPlan& population_plan : plan.populations) {
    Population& population = out.populations.emplace_back();
    population.cells.traits.resize(population_plan.life.traits.size());
    population.cells.conversion_budgets.resize(population_plan.conversions.size());
    population.activities = network::Activities(population_plan.program.size());
    population.held.resize(population_plan.drugs.size());
    converts = converts || !population_plan.conversions.empty();
  }
  if (plan.has_arrivals) out.counters.arrivals.resize(n);
  if (converts) out.counters.conversions.resize(n * n);
  return out;
}

void relax_networks(const Step& step, const PopulationsPlan& plan, std::size_t k, Populations& s,
                    const NetworkDrive& drive, network::Workspace& work, core::Threads threads) {
  const PopulationPlan& population_plan = plan.populations[k];
  if (s.populations[k].cells.size() == 0 || population_plan.program.size() == 0) return;
  try {
    s.counters.network.add(network::relax(s.populations[k].activities, population_plan.program,
                                          {drive.occupancies, drive.drug_values, drive.multipliers},
                                          step.minutes(), plan.accuracy, work, threads));
  } catch (const core::NumericalError& error) {
    throw core::NumericalError(fmt::format("{}, network of {}: {}", when(step.begin),
                                           population_plan.program.cell_type, error.what()));
  }
  hold_dying(population_plan, plan.model->cell_types[static_cast<std::size_t>(population_plan.type)],
             s.populations[k]);
}

void count(Counters& counters, const cells::Tally& tally) {
  counters.tally.births += tally.births;
  counters.tally.apoptoses += tally.apoptoses;
  counters.tally.necroses += tally.necroses;
  counters.tally.lyses += tally.lyses;
}

}  // namespace stroma::tissue
