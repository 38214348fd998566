// Contacts are carried out in time, then births and deaths in the order of ids.
#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "core/permute.hpp"
#include "tissue/tissue_contacts.hpp"
#include "tissue/tissue_passage.hpp"

namespace stroma::tissue {
namespace {

// Cells are sorted anew every so many coupling steps: they move by a fraction of a bin in between, and
// sorting costs as much as ten steps of the mechanics.
constexpr std::int64_t steps_between_sorts = 10;

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
  for (std::size_t k = 0; k < s.populations.size(); ++k) {
    order.clear();
    for (std::size_t b = 0; b < s.bodies.size(); ++b) {
      if (s.bodies.type[b] != k) continue;
      order.push_back(s.bodies.slot[b]);
      s.bodies.slot[b] = static_cast<std::uint32_t>(order.size() - 1);
    }
    s.populations[k].cells.permute(order, sorting.old);
    s.populations[k].activities.gather(order);
    for (std::vector<double>& held : s.populations[k].held)
      if (!held.empty()) core::permute(std::span(held), 1, order, sorting.old);
  }
}

void commit(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  for (std::size_t k = 0; k < plan.populations.size(); ++k) {
    TissueWorkspace::PerPopulation& mine = work.populations[k];
    age_damage(s.populations[k], plan.populations[k], mine, step.minutes());
    remember(s.populations[k], plan.populations[k], PerceiveTissue{plan, s, mine, step.begin},
             step.minutes());
  }
  work.gone.clear();
  OutsideOfTissue fields(plan, s, step.end, &work);
  resolve_contacts(step, plan, s, work, fields);
  for (std::size_t k = 0; k < plan.populations.size(); ++k)
    commit_life(step, k, s, plan, work.populations[k], fields);
  if (convert_cells(s, plan, work.converting, fields) && s.attachments.size() > 0)
    cells::detach_strangers(s.attachments, s.bodies, plan.attachments, plan.types.size(),
                            work.attachments.ends);
  if (!work.gone.empty()) {
    std::sort(work.gone.begin(), work.gone.end());
    for (const std::uint32_t b : work.gone) {
      const auto place = std::lower_bound(s.ruptured.begin(), s.ruptured.end(), s.bodies.id[b]);
      if (place != s.ruptured.end() && *place == s.bodies.id[b]) s.ruptured.erase(place);
    }
    cells::remove(s.bodies, work.gone);
    cells::detach_missing(s.attachments, s.bodies, work.attachments.ends);
    for (std::size_t f = 0; f < s.fields.substances.size(); ++f)
      fields::account(s.fields.substances[f], plan.fields.substances[f], plan.fields.grid,
                      &fields::Budget::source);
  }
  require_room(step.end, plan, s);
  const std::int64_t period = plan.setup.step.count * steps_between_sorts;
  if (step.end.count % period == 0) sort_cells(s, plan, work.sorting);
}

}  // namespace stroma::tissue
