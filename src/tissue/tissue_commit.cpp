// Births, deaths and contacts are carried out, in the order of ids.
#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "core/permute.hpp"
#include "tissue/tissue_perceive.hpp"

namespace stroma::tissue {
namespace {

// Cells are sorted anew every so many coupling steps: they move by a fraction of a bin in between, and
// sorting costs as much as ten steps of the mechanics.
constexpr std::int64_t steps_between_sorts = 10;

// A daughter gets half of the drug inside, as of the volume.
void share_content(std::size_t k, std::size_t cell, TissueState& s) {
  for (std::vector<double>& held : s.cohorts[k].held)
    if (!held.empty()) held.push_back(held[cell] *= 0.5);
}

// The drug inside a cell that falls apart returns to its voxel; the last cell takes its place.
void release_content(std::size_t k, std::size_t cell, std::size_t b, const TissuePlan& plan, TissueState& s) {
  for (std::size_t d = 0; d < s.cohorts[k].held.size(); ++d) {
    std::vector<double>& held = s.cohorts[k].held[d];
    if (held.empty()) continue;
    fields::Field& field = s.fields.substances[static_cast<std::size_t>(field_of_drug(plan, k, d))];
    const std::size_t voxel = plan.fields.grid.voxel_at(s.bodies.x[b], s.bodies.y[b], s.bodies.z[b]);
    field.concentration[voxel] += held[cell] / plan.fields.grid.voxel_volume();
    held[cell] = held.back();
    held.pop_back();
  }
}

// Carries the births and removals of cohort k over to the bodies. Daughters got their ids in the order of the
// changes, from `next_id` on.
void follow_in_space(const Step& step, std::size_t k, std::uint64_t next_id, const TissuePlan& plan,
                     TissueState& s, TissueWorkspace& work) {
  TissueWorkspace::PerCohort& mine = work.cohorts[k];
  Cohort& cohort = s.cohorts[k];
  std::size_t size = mine.body_of.size();
  for (const cells::Change& change : mine.changes) {
    if (change.kind == cells::Change::Kind::append_copy) {
      const auto slot = static_cast<std::uint32_t>(size);
      mine.body_of.push_back(
          static_cast<std::uint32_t>(cells::divide(s.bodies, mine.body_of[change.cell], next_id++, slot,
                                                   plan.mechanics.domain, plan.setup.seed, step.end)));
      share_content(k, change.cell, s);
      ++size;
    } else {
      release_content(k, change.cell, mine.body_of[change.cell], plan, s);
      work.gone.push_back(mine.body_of[change.cell]);
      mine.body_of[change.cell] = mine.body_of[size - 1];
      s.bodies.slot[mine.body_of[change.cell]] = change.cell;
      mine.body_of.pop_back();
      --size;
    }
    follow(change, cohort);
  }
}

void resolve_contacts(const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  for (const cells::ContactEvent& event : work.events) {
    const std::size_t k = s.bodies.type[event.target], i = s.bodies.slot[event.target];
    cells::Population& population = s.cohorts[k].cells;
    if (work.dead[event.target] != 0) {
      cells::engulf(population, i);
      ++s.counters.phagocytoses;
    } else if (population.fate[i] == cells::Fate::live) {  // not killed by another actor before
      cells::kill(population, i, plan.cohorts[k].life);
      ++s.counters.attacks;
    }
  }
}

double sorting_bin(const TissuePlan& plan) {
  float largest = 0.0F;
  for (const TypeInSpace& type : plan.types)
    largest = std::max(largest, cells::radius_of(2.0F * type.volume));
  return cells::bin_side(plan.mechanics, std::max(1.0, static_cast<double>(largest)), 1.0);
}

}  // namespace

void sort_cells(TissueState& s, const TissuePlan& plan, cells::Sorting& sorting) {
  if (!cells::canonical_order(s.bodies, plan.mechanics.domain, sorting_bin(plan), sorting)) return;
  cells::permute(s.bodies, sorting.order, sorting.old);
  std::vector<std::uint32_t>& order = sorting.order;
  for (std::size_t k = 0; k < s.cohorts.size(); ++k) {
    order.clear();
    for (std::size_t b = 0; b < s.bodies.size(); ++b) {
      if (s.bodies.type[b] != k) continue;
      order.push_back(s.bodies.slot[b]);
      s.bodies.slot[b] = static_cast<std::uint32_t>(order.size() - 1);
    }
    s.cohorts[k].cells.permute(order, sorting.old);
    s.cohorts[k].activities.gather(order);
    for (std::vector<double>& held : s.cohorts[k].held)
      if (!held.empty()) core::permute(std::span(held), 1, order, sorting.old);
  }
}

void commit(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  resolve_contacts(plan, s, work);
  work.gone.clear();
  for (std::size_t k = 0; k < plan.cohorts.size(); ++k) {
    TissueWorkspace::PerCohort& mine = work.cohorts[k];
    const std::uint64_t first_id = s.next_id;
    const cells::Tally tally =
        cells::commit(s.cohorts[k].cells, mine.changes, s.next_id, mine.proposals, plan.cohorts[k].life,
                      rates(plan.cohorts[k], mine), step.minutes());
    count(s.counters, tally);
    follow_in_space(step, k, first_id, plan, s, work);
  }
  if (!work.gone.empty()) {
    std::sort(work.gone.begin(), work.gone.end());
    for (const std::uint32_t b : work.gone) {
      const auto place = std::lower_bound(s.ruptured.begin(), s.ruptured.end(), s.bodies.id[b]);
      if (place != s.ruptured.end() && *place == s.bodies.id[b]) s.ruptured.erase(place);
    }
    cells::remove(s.bodies, work.gone);
    cells::detach_missing(s.attachments, s.bodies, work.attachments.ends);
    for (std::size_t f = 0; f < s.fields.substances.size(); ++f)
      fields::account(s.fields.substances[f], plan.fields.substances[f], plan.fields.grid);
  }
  if (s.bodies.size() > plan.setup.max_cells)
    throw core::LimitError(fmt::format("the tissue has grown to {} cells, more than the limit of {}, at {} h",
                                       s.bodies.size(), plan.setup.max_cells,
                                       core::minutes(step.end) / 60.0));
  const std::int64_t period = plan.setup.step.count * steps_between_sorts;
  if (step.end.count % period == 0) sort_cells(s, plan, work.sorting);
}

}  // namespace stroma::tissue
