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

Populations empty_populations(const PopulationsPlan& plan, std::size_t substances) {
  Populations out;
  const std::size_t n = plan.populations.size();
  bool converts = false, touches = false;
  for (const PopulationPlan& population_plan : plan.populations) {
    Population& population = out.populations.emplace_back();
    population.cells.traits.resize(population_plan.life.traits.size());
    population.cells.conversion_budgets.resize(population_plan.conversions.size());
    population.cells.marks.resize(population_plan.life.marks.size());
    population.activities = network::Activities(population_plan.program.size());
    population.held.resize(population_plan.drugs.size());
    converts = converts || !population_plan.conversions.empty();
    for (const model::BehaviourKind kind : counted_contacts)
      touches = touches || !population_plan.all(kind).empty();
  }
  out.ports.assign(substances, std::vector<CellPort>(n));
  if (plan.has_arrivals) out.counters.arrivals.resize(n);
  if (converts) out.counters.conversions.resize(n * n);
  if (touches) out.counters.contacts.resize(counted_contacts.size());
  return out;
}

void check_same_populations(const PopulationsPlan& from, const PopulationsPlan& to, const std::string& file,
                            core::Diagnostics& problems) {
  const auto name = [](const PopulationsPlan& plan, const PopulationPlan& population) {
    return plan.model->cell_types[static_cast<std::size_t>(population.type)].name;
  };
  const auto has = [&](const PopulationsPlan& plan, const std::string& type) {
    return std::ranges::any_of(plan.populations, [&](const auto& p) { return name(plan, p) == type; });
  };
  const std::size_t before = problems.size();
  for (const PopulationPlan& population : to.populations)
    if (const std::string type = name(to, population); !has(from, type))
      problems.add(
          "type-without-a-population", {file, 0, 0}, type,
          fmt::format("cells of {} are in the experiment, and the saved state has no population of them",
                      type),
          "a run can be taken up with the cell types that it knows: give it this one too, without "
          "cells, and run it again");
  for (const PopulationPlan& population : from.populations)
    if (const std::string type = name(from, population); !has(to, type))
      problems.add(
          "population-without-a-type", {file, 0, 0}, type,
          fmt::format("the saved state has a population of {}, which is not in the experiment", type),
          "name it among the cells, without any if none are to be added");
  if (problems.size() > before) return;
  for (std::size_t k = 0; k < to.populations.size(); ++k)
    if (name(from, from.populations[k]) != name(to, to.populations[k])) {
      problems.add("populations-in-another-order", {file, 0, 0}, name(to, to.populations[k]),
                   "the cell types are not in the order in which the saved state has them",
                   "name them in the order of the run that is taken up");
      return;
    }
}

void take_up(Populations& s, const PopulationsPlan& plan) {
  core::require(s.populations.size() == plan.populations.size(), "a state of other populations");
  s.counters.arrivals.resize(plan.has_arrivals ? plan.populations.size() : 0);
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
