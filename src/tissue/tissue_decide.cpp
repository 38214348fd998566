// Rules give rates; who has an event, where it migrates and whom it touches is proposed.
#include <algorithm>
#include <cmath>

#include "tissue/tissue_perceive.hpp"

namespace stroma::tissue {
namespace {

// Behaviour `b` of every cell of population k, per body; 0 for cells of other types and the dying.
void spread_behaviour(std::vector<float>& out, std::size_t k, int b, const TissuePlan& plan,
                      const TissueState& s, TissueWorkspace& work) {
  TissueWorkspace::PerPopulation& mine = work.populations[k];
  evaluate_behaviour(mine, static_cast<std::size_t>(b), plan.populations[k], s.populations[k],
                     threads_for_cells(plan, s));
  const std::vector<float>& values = mine.behaviours[static_cast<std::size_t>(b)];
  for (std::size_t i = 0; i < values.size(); ++i)
    if (s.populations[k].cells.fate[i] == cells::Fate::live) out[mine.body_of[i]] = values[i];
}

// Where the cells of a type with chemotaxis are drawn: the sum of the unit gradients, weighted. A difference
// across the cell that it cannot tell from none, such as the rounding of a uniform field, gives no direction.
void attract(std::size_t k, const TissuePlan& plan, const TissueState& s, TissueWorkspace& work) {
  const std::size_t n = s.bodies.size();
  for (const TypeInSpace::Chemotaxis& chemotaxis : plan.types[k].chemotaxis) {
    TissueWorkspace::PerPopulation& mine = work.populations[k];
    evaluate_behaviour(mine, static_cast<std::size_t>(chemotaxis.behaviour), plan.populations[k],
                       s.populations[k], threads_for_cells(plan, s));
    work.gx.resize(n);
    work.gy.resize(n);
    work.gz.resize(n);
    fields::gradient(work.gx, work.gy, work.gz, plan.fields.grid, s.fields.concentration(chemotaxis.field),
                     s.bodies.x, s.bodies.y, s.bodies.z, threads_for_cells(plan, s));
    work.sampled.resize(n);
    fields::sample(work.sampled, plan.fields.grid, s.fields.concentration(chemotaxis.field), s.bodies.x,
                   s.bodies.y, s.bodies.z, threads_for_cells(plan, s));
    const double threshold = plan.types[k].gradient_threshold;
    const std::vector<float>& weight = mine.behaviours[static_cast<std::size_t>(chemotaxis.behaviour)];
    for (std::size_t i = 0; i < mine.body_of.size(); ++i) {
      const std::size_t b = mine.body_of[i];
      const double length =
          std::sqrt(work.gx[b] * work.gx[b] + work.gy[b] * work.gy[b] + work.gz[b] * work.gz[b]);
      const double across = 2.0 * static_cast<double>(s.bodies.radius[b]) * length;
      if (!(across > threshold * work.sampled[b])) continue;
      const double share = weight[i] / length;
      work.attraction[3 * b] += static_cast<float>(work.gx[b] * share);
      work.attraction[3 * b + 1] += static_cast<float>(work.gy[b] * share);
      work.attraction[3 * b + 2] += static_cast<float>(work.gz[b] * share);
    }
  }
}

// A behaviour that is a constant of the type where no rule moves it, per body.
template <class Constant>
void spread_property(std::vector<float>& out, int TypeInSpace::*rule, const Constant& constant_of,
                     const TissuePlan& plan, const TissueState& s, TissueWorkspace& work) {
  out.resize(s.bodies.size());
  for (std::size_t b = 0; b < out.size(); ++b) out[b] = constant_of(s.bodies.type[b]);
  for (std::size_t k = 0; k < plan.types.size(); ++k)
    if (plan.types[k].*rule >= 0) spread_behaviour(out, k, plan.types[k].*rule, plan, s, work);
}

bool has_rule(int TypeInSpace::*rule, const TissuePlan& plan) {
  return std::ranges::any_of(plan.types, [rule](const TypeInSpace& type) { return type.*rule >= 0; });
}

// How cells hold and push each other, where a rule moves it.
void decide_mechanics(const TissuePlan& plan, const TissueState& s, TissueWorkspace& work) {
  work.adhesion.clear();
  work.repulsion.clear();
  if (has_rule(&TypeInSpace::adhesion_rule, plan))
    spread_property(
        work.adhesion, &TypeInSpace::adhesion_rule,
        [&](std::size_t k) { return static_cast<float>(plan.mechanics.types[k].adhesion); }, plan, s, work);
  if (has_rule(&TypeInSpace::repulsion_rule, plan))
    spread_property(
        work.repulsion, &TypeInSpace::repulsion_rule,
        [&](std::size_t k) { return static_cast<float>(plan.mechanics.types[k].repulsion); }, plan, s, work);
}

void decide_migration(const TissuePlan& plan, const TissueState& s, TissueWorkspace& work) {
  const std::size_t n = s.bodies.size();
  work.speed.assign(n, 0.0F);
  work.bias.assign(n, 0.0F);
  work.attraction.assign(3 * n, 0.0F);
  spread_property(
      work.persistence, &TypeInSpace::persistence_rule,
      [&](std::size_t k) { return plan.types[k].persistence; }, plan, s, work);
  for (std::size_t k = 0; k < plan.populations.size(); ++k) {
    if (const int speed = plan.populations[k].one(model::BehaviourKind::migration_speed); speed >= 0)
      spread_behaviour(work.speed, k, speed, plan, s, work);
    attract(k, plan, s, work);
  }
  for (std::size_t b = 0; b < n; ++b) {
    float* g = work.attraction.data() + 3 * b;
    const float length = std::sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]);
    if (length == 0.0F) continue;
    work.bias[b] = std::min(1.0F, length);  // several attractions together are at most total
    for (int a = 0; a < 3; ++a) g[a] /= length;
  }
}

bool never_acts(const cells::Behaviour& behaviour) {
  return behaviour.base == 0.0F && (behaviour.increasing.empty() || behaviour.max == 0.0F) &&
         (behaviour.decreasing.empty() || behaviour.min == 0.0F);
}

// What cells do to those that they touch: who does it at which rate, and to whom.
void decide_contacts(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  work.contact_behaviours.clear();
  work.events.clear();
  work.contact_verb.clear();
  for (std::size_t k = 0; k < plan.types.size(); ++k)
    for (const TypeInSpace::Contact& contact : plan.types[k].contacts) {
      const auto b = static_cast<std::size_t>(contact.behaviour);
      const cells::Behaviour& behaviour = plan.populations[k].rules.behaviours[b];
      if (never_acts(behaviour)) continue;
      const std::size_t at = work.contact_behaviours.size();
      if (at == work.contact_actors.size()) work.contact_actors.emplace_back();
      std::vector<cells::ContactActor>& actors = work.contact_actors[at];
      actors.clear();
      TissueWorkspace::PerPopulation& mine = work.populations[k];
      evaluate_behaviour(mine, b, plan.populations[k], s.populations[k], threads_for_cells(plan, s));
      for (std::size_t i = 0; i < mine.body_of.size(); ++i)
        if (mine.behaviours[b][i] > 0.0F && s.populations[k].cells.fate[i] == cells::Fate::live)
          actors.push_back({mine.body_of[i], mine.behaviours[b][i]});
      const ContactVerb& verb = contact_verbs[contact.verb];
      work.contact_behaviours.push_back(
          {{}, contact.target, verb.acts_on, verb.leaves, core::name_key(behaviour.what.name)});
      work.contact_verb.push_back(contact.verb);
    }
  for (std::size_t b = 0; b < work.contact_behaviours.size(); ++b)
    work.contact_behaviours[b].actors = work.contact_actors[b];
  cells::contact_events(s.bodies, plan.mechanics, work.neighbourhood, work.contact_behaviours, work.condition,
                        plan.setup.seed, step.begin, step.minutes(), threads_for_cells(plan, s),
                        work.contact_work, work.events);
}

}  // namespace

void decide(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  for (std::size_t k = 0; k < plan.populations.size(); ++k) {
    TissueWorkspace::PerPopulation& mine = work.populations[k];
    const PopulationPlan& population_plan = plan.populations[k];
    bind_signals(mine, population_plan, s.populations[k], PerceiveTissue{plan, s, mine, step.begin});
    decide_life(mine, population_plan, s.populations[k], step.minutes(), threads_for_cells(plan, s));
  }
  decide_migration(plan, s, work);
  decide_mechanics(plan, s, work);
  decide_contacts(step, plan, s, work);
}

}  // namespace stroma::tissue
