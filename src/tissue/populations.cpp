#include "tissue/populations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"

namespace stroma::tissue {

std::string when(core::Tick tick) {
  return fmt::format("tick {} ({} h)", tick.count, core::minutes(tick) / 60.0);
}

std::size_t PopulationsPlan::population_of(model::Index type) const {
  const auto found = std::ranges::find(cohorts, type, &CohortPlan::type);
  core::require(found != cohorts.end(), "a cell type without a population");
  return static_cast<std::size_t>(found - cohorts.begin());
}

Populations empty_populations(const PopulationsPlan& plan) {
  Populations out;
  const std::size_t n = plan.cohorts.size();
  bool converts = false;
  for (const CohortPlan& cohort_plan : plan.cohorts) {
    Cohort& cohort = out.cohorts.emplace_back();
    cohort.cells.traits.resize(cohort_plan.life.traits.size());
    cohort.cells.conversion_budgets.resize(cohort_plan.conversions.size());
    cohort.activities = network::Activities(cohort_plan.program.size());
    cohort.held.resize(cohort_plan.drugs.size());
    converts = converts || !cohort_plan.conversions.empty();
  }
  if (plan.has_arrivals) out.counters.arrivals.resize(n);
  if (converts) out.counters.conversions.resize(n * n);
  return out;
}

void relax_networks(const Step& step, const PopulationsPlan& plan, std::size_t k, Populations& s,
                    const NetworkDrive& drive, network::Workspace& work, core::Threads threads) {
  const CohortPlan& cohort_plan = plan.cohorts[k];
  if (s.cohorts[k].cells.size() == 0 || cohort_plan.program.size() == 0) return;
  try {
    s.counters.network.add(network::relax(s.cohorts[k].activities, cohort_plan.program,
                                          {drive.occupancies, drive.drug_values, drive.multipliers},
                                          step.minutes(), plan.accuracy, work, threads));
  } catch (const core::NumericalError& error) {
    throw core::NumericalError(
        fmt::format("{}, network of {}: {}", when(step.begin), cohort_plan.program.cell_type, error.what()));
  }
  hold_dying(cohort_plan, plan.model->cell_types[static_cast<std::size_t>(cohort_plan.type)], s.cohorts[k]);
}

void count(Counters& counters, const cells::Tally& tally) {
  counters.tally.births += tally.births;
  counters.tally.apoptoses += tally.apoptoses;
  counters.tally.necroses += tally.necroses;
  counters.tally.lyses += tally.lyses;
}

}  // namespace stroma::tissue
