#include "tissue/passage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"

namespace stroma::tissue {
namespace {

// The last cell takes the place of one that left, in everything that follows the list of the cells.
void fill_hole(Population& population, std::size_t cell) {
  for (std::vector<double>& held : population.held) {
    if (held.empty()) continue;
    held[cell] = held.back();
    held.pop_back();
  }
  const std::size_t last = population.activities.size() - 1;
  if (cell < last) population.activities.copy_cell(last, cell);
  population.activities.resize(last);
}

void follow_birth(std::size_t k, const cells::Change& change, Populations& s, Outside& outside) {
  Population& population = s.populations[k];
  for (std::size_t d = 0; d < population.held.size(); ++d) {
    if (!outside.has_drug(k, d)) continue;
    const double daughters = outside.share(k, d, population.held[d][change.cell]);
    population.held[d].push_back(daughters);
  }
  const std::size_t daughter = population.activities.size();
  population.activities.resize(daughter + 1);
  population.activities.copy_cell(change.cell, daughter);
  outside.born(k, change);
}

void follow_removal(std::size_t k, std::size_t cell, Populations& s, Outside& outside) {
  Population& population = s.populations[k];
  for (std::size_t d = 0; d < population.held.size(); ++d)
    if (outside.has_drug(k, d)) outside.release(k, d, cell, population.held[d][cell]);
  outside.removed(k, cell);
  fill_hole(population, cell);
}

void pass_over(std::size_t k, std::size_t cell, const PopulationPlan::Conversion& map, Populations& s,
               const PopulationsPlan& plan, Outside& outside) {
  Population &from = s.populations[k], &to = s.populations[map.to];
  cells::convert(from.cells, cell, to.cells, map.life, plan.populations[map.to].life);
  const std::size_t at = to.activities.size();
  to.activities.resize(at + 1);
  for (std::size_t slot = 0; slot < map.node.size(); ++slot)
    to.activities.at(slot, at) = map.node[slot] == network::no_slot
                                     ? map.resting[slot]
                                     : from.activities.at(static_cast<std::size_t>(map.node[slot]), cell);
  for (std::size_t d = 0; d < to.held.size(); ++d) {
    if (!outside.has_drug(k, d)) continue;
    const double amount = from.held[d][cell];
    to.held[d].push_back(amount);
    if (amount != 0.0) outside.hand_over(k, d, map.to, amount);
  }
  outside.converted(k, cell, map.to);
}

double brought(const Arrival& arrival, model::Index substance) {
  double amount = 0.0;
  for (const Arrival::Content& content : arrival.content)
    if (content.substance == substance) amount += content.amount;
  return amount;
}

}  // namespace

void commit_life(const Step& step, std::size_t k, Populations& s, const PopulationsPlan& plan, LifeWork& work,
                 Outside& outside) {
  const PopulationPlan& population_plan = plan.populations[k];
  try {
    count(s.counters,
          cells::commit(s.populations[k].cells, work.changes, s.next_id, work.proposals, population_plan.life,
                        rates(population_plan, work), step.minutes(), outside.room(k)));
  } catch (const core::LimitError&) {
    outside.refuse_growth(step.end);
  } catch (const core::NumericalError& error) {
    throw core::NumericalError(fmt::format(
        "{}, division of {}: {}", when(step.begin),
        plan.model->cell_types[static_cast<std::size_t>(population_plan.type)].name, error.what()));
  }
  for (const cells::Change& change : work.changes) {
    if (change.kind == cells::Change::Kind::birth)
      follow_birth(k, change, s, outside);
    else
      follow_removal(k, change.cell, s, outside);
  }
}

bool convert_cells(Populations& s, const PopulationsPlan& plan, std::vector<cells::Change>& scratch,
                   Outside& outside) {
  const std::size_t populations = s.populations.size();
  bool any = false;
  for (std::size_t k = 0; k < populations; ++k) {
    if (plan.populations[k].conversions.empty()) continue;
    scratch.clear();
    cells::find_conversions(scratch, s.populations[k].cells);
    any = any || !scratch.empty();
    for (const cells::Change& change : scratch) {
      const PopulationPlan::Conversion& map = plan.populations[k].conversions[change.conversion];
      pass_over(k, change.cell, map, s, plan, outside);
      ++s.counters.conversions[k * populations + map.to];
    }
    // Backwards, so that the cell that fills a place is never one that is itself to leave.
    for (auto change = scratch.rbegin(); change != scratch.rend(); ++change) {
      outside.vacated(k, change->cell);
      s.populations[k].cells.remove(change->cell);
      fill_hole(s.populations[k], change->cell);
    }
  }
  return any;
}

void admit(const Arrival& arrival, std::size_t k, Populations& s, const PopulationsPlan& plan,
           Outside& outside) {
  const PopulationPlan& population_plan = plan.populations[k];
  Population newcomers =
      found_population(population_plan, plan.plain, arrival.count, s.next_id, plan.accuracy, plan.threads);
  s.next_id += arrival.count;
  Population& population = s.populations[k];
  const std::size_t first = population.cells.size();
  population.cells.append(newcomers.cells);
  if (first == 0) {
    population.activities = std::move(newcomers.activities);
  } else {
    population.activities.resize(first + arrival.count);
    for (std::size_t slot = 0; slot < population.activities.nodes(); ++slot)
      std::ranges::copy(newcomers.activities.node(slot),
                        population.activities.node(slot).subspan(first).begin());
  }
  for (std::size_t d = 0; d < population.held.size(); ++d) {
    if (!outside.has_drug(k, d)) continue;
    const double amount = brought(
        arrival, plan.model->drugs[static_cast<std::size_t>(population_plan.drugs[d].drug)].substance);
    population.held[d].resize(first + arrival.count, amount);
    if (amount != 0.0) outside.bring(k, d, amount * static_cast<double>(arrival.count));
  }
  outside.arrived(k, first, arrival);
}

core::Tick next_arrival(const std::vector<Arrival>& arrivals, core::Tick now, core::Tick next) {
  for (const Arrival& arrival : arrivals)
    if (arrival.at > now) next = std::min(next, arrival.at);
  return next;
}

void admit_due(const std::vector<Arrival>& arrivals, core::Tick now, Populations& s,
               const PopulationsPlan& plan, Outside& outside) {
  for (const Arrival& arrival : arrivals) {
    if (arrival.at != now) continue;
    const std::size_t k = plan.population_of(arrival.type);
    admit(arrival, k, s, plan, outside);
    s.counters.arrivals[k] += static_cast<std::int64_t>(arrival.count);
  }
}

}  // namespace stroma::tissue
