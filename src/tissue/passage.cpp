#include "tissue/passage.hpp"

#include <algorithm>

#include "core/errors.hpp"

namespace stroma::tissue {
namespace {

// The last cell takes the place of one that left, in everything that follows the list of the cells.
void fill_hole(Cohort& cohort, std::size_t cell) {
  for (std::vector<double>& held : cohort.held) {
    if (held.empty()) continue;
    held[cell] = held.back();
    held.pop_back();
  }
  const std::size_t last = cohort.activities.size() - 1;
  if (cell < last) cohort.activities.copy_cell(last, cell);
  cohort.activities.resize(last);
}

void follow_birth(std::size_t k, const cells::Change& change, Populations& s, Outside& outside) {
  Cohort& cohort = s.cohorts[k];
  for (std::size_t d = 0; d < cohort.held.size(); ++d) {
    if (!outside.has_drug(k, d)) continue;
    const double daughters = outside.share(k, d, cohort.held[d][change.cell]);
    cohort.held[d].push_back(daughters);
  }
  const std::size_t daughter = cohort.activities.size();
  cohort.activities.resize(daughter + 1);
  cohort.activities.copy_cell(change.cell, daughter);
  outside.born(k, change);
}

void follow_removal(std::size_t k, std::size_t cell, Populations& s, Outside& outside) {
  Cohort& cohort = s.cohorts[k];
  for (std::size_t d = 0; d < cohort.held.size(); ++d)
    if (outside.has_drug(k, d)) outside.release(k, d, cell, cohort.held[d][cell]);
  outside.removed(k, cell);
  fill_hole(cohort, cell);
}

void pass_over(std::size_t k, std::size_t cell, const CohortPlan::Conversion& map, Populations& s,
               const PopulationsPlan& plan, Outside& outside) {
  Cohort &from = s.cohorts[k], &to = s.cohorts[map.to];
  cells::convert(from.cells, cell, to.cells, map.life, plan.cohorts[map.to].life);
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
  const CohortPlan& cohort_plan = plan.cohorts[k];
  const cells::Tally tally = cells::commit(s.cohorts[k].cells, work.changes, s.next_id, work.proposals,
                                           cohort_plan.life, rates(cohort_plan, work), step.minutes());
  count(s.counters, tally);
  for (const cells::Change& change : work.changes) {
    if (change.kind == cells::Change::Kind::birth)
      follow_birth(k, change, s, outside);
    else
      follow_removal(k, change.cell, s, outside);
  }
}

bool convert_cells(Populations& s, const PopulationsPlan& plan, std::vector<cells::Change>& scratch,
                   Outside& outside) {
  const std::size_t populations = s.cohorts.size();
  bool any = false;
  for (std::size_t k = 0; k < populations; ++k) {
    if (plan.cohorts[k].conversions.empty()) continue;
    scratch.clear();
    cells::find_conversions(scratch, s.cohorts[k].cells);
    any = any || !scratch.empty();
    for (const cells::Change& change : scratch) {
      const CohortPlan::Conversion& map = plan.cohorts[k].conversions[change.conversion];
      pass_over(k, change.cell, map, s, plan, outside);
      ++s.counters.conversions[k * populations + map.to];
    }
    // Backwards, so that the cell that fills a place is never one that is itself to leave.
    for (auto change = scratch.rbegin(); change != scratch.rend(); ++change) {
      outside.vacated(k, change->cell);
      s.cohorts[k].cells.remove(change->cell);
      fill_hole(s.cohorts[k], change->cell);
    }
  }
  return any;
}

void admit(const Arrival& arrival, std::size_t k, Populations& s, const PopulationsPlan& plan,
           Outside& outside) {
  const CohortPlan& cohort_plan = plan.cohorts[k];
  Cohort newcomers =
      found_cohort(cohort_plan, plan.plain, arrival.count, s.next_id, plan.accuracy, plan.threads);
  s.next_id += arrival.count;
  Cohort& cohort = s.cohorts[k];
  const std::size_t first = cohort.cells.size();
  cohort.cells.append(newcomers.cells);
  if (first == 0) {
    cohort.activities = std::move(newcomers.activities);
  } else {
    cohort.activities.resize(first + arrival.count);
    for (std::size_t slot = 0; slot < cohort.activities.nodes(); ++slot)
      std::ranges::copy(newcomers.activities.node(slot), cohort.activities.node(slot).subspan(first).begin());
  }
  for (std::size_t d = 0; d < cohort.held.size(); ++d) {
    if (!outside.has_drug(k, d)) continue;
    const double amount =
        brought(arrival, plan.model->drugs[static_cast<std::size_t>(cohort_plan.drugs[d].drug)].substance);
    cohort.held[d].resize(first + arrival.count, amount);
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
