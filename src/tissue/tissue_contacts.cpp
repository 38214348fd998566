#include "tissue/tissue_contacts.hpp"

#include <algorithm>

#include "cells/volume.hpp"
#include "core/errors.hpp"

namespace stroma::tissue {
namespace {

// A cell by its body: its population and its place there.
struct Cell {
  Cell(const TissueState& s, std::uint32_t of) : body(of), k(s.bodies.type[of]), i(s.bodies.slot[of]) {}
  std::size_t body, k, i;
};

float* mark(cells::Mark::Kind kind, const Cell& cell, const TissuePlan& plan, TissueState& s) {
  const int m = find_mark(plan.populations[cell.k], kind);
  return m < 0 ? nullptr : &s.populations[cell.k].cells.marks[static_cast<std::size_t>(m)][cell.i];
}

void take_in(const Cell& actor, const Cell& prey, const TissuePlan& plan, TissueState& s,
             OutsideOfTissue& outside) {
  s.bodies.fluid[actor.body] += s.bodies.fluid[prey.body];
  s.bodies.solid[actor.body] += s.bodies.solid[prey.body];
  s.bodies.radius[actor.body] = cells::radius_of(s.bodies.fluid[actor.body] + s.bodies.solid[actor.body]);
  for (std::size_t d = 0; d < plan.populations[prey.k].drugs.size(); ++d) {
    if (!outside.has_drug(prey.k, d)) continue;
    double& amount = s.populations[prey.k].held[d][prey.i];
    if (amount == 0.0) continue;
    s.populations[actor.k].held[d][actor.i] += amount;
    outside.hand_over(prey.k, d, actor.k, amount);
    amount = 0.0;
  }
}

// Two become one, in the middle of their volumes, with the damage of both.
void fuse(const Cell& actor, const Cell& other, const TissuePlan& plan, TissueState& s,
          OutsideOfTissue& outside) {
  const double mine = cell_volume(s.bodies, actor.body), its = cell_volume(s.bodies, other.body);
  for (auto* axis : {&s.bodies.x, &s.bodies.y, &s.bodies.z})
    (*axis)[actor.body] += ((*axis)[other.body] - (*axis)[actor.body]) * its / (mine + its);
  if (float* damage = mark(cells::Mark::Kind::damage, actor, plan, s); damage != nullptr)
    *damage += *mark(cells::Mark::Kind::damage, other, plan, s);
  take_in(actor, other, plan, s, outside);
}

void injure(const Step& step, const cells::ContactEvent& event, const Cell& actor, const Cell& victim,
            const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  *mark(cells::Mark::Kind::damage, victim, plan, s) += static_cast<float>(unrepaired(
      plan.populations[victim.k], work.populations[victim.k], victim.i, step.minutes() - event.minutes));
  *mark(cells::Mark::Kind::damage_dealt, actor, plan, s) += 1.0F;
}

}  // namespace

void resolve_contacts(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work,
                      OutsideOfTissue& outside) {
  for (const cells::ContactEvent& event : work.events) {
    const Cell actor(s, event.actor), target(s, event.target);
    cells::Lives& lives = s.populations[target.k].cells;
    const model::BehaviourKind kind = contact_verbs[work.contact_verb[event.behaviour]].kind;
    switch (kind) {
      case model::BehaviourKind::attack:
        cells::kill(lives, target.i, plan.populations[target.k].life, event.minutes);
        ++s.counters.attacks;
        continue;
      case model::BehaviourKind::injury:
        injure(step, event, actor, target, plan, s, work);
        break;
      case model::BehaviourKind::fusion:
        fuse(actor, target, plan, s, outside);
        cells::engulf(lives, target.i);
        break;
      case model::BehaviourKind::phagocytosis:
      case model::BehaviourKind::phagocytosis_of_apoptotic:
      case model::BehaviourKind::phagocytosis_of_necrotic:
      case model::BehaviourKind::ingestion:
        take_in(actor, target, plan, s, outside);
        cells::engulf(lives, target.i);
        break;
      default:
        throw core::InternalError("a contact verb that nothing carries out");
    }
    const auto counted = std::ranges::find(counted_contacts, kind);
    if (counted == counted_contacts.end())
      ++s.counters.phagocytoses;
    else
      ++s.counters.contacts[static_cast<std::size_t>(counted - counted_contacts.begin())];
  }
}

}  // namespace stroma::tissue
