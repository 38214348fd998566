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

// Where the cells of a type with chemotaxis are drawn: the sum of the unit gradients, weighted.
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
    const std::vector<float>& weight = mine.behaviours[static_cast<std::size_t>(chemotaxis.behaviour)];
    for (std::size_t i = 0; i < mine.body_of.size(); ++i) {
      const std::size_t b = mine.body_of[i];
      const double length =
          std::sqrt(work.gx[b] * work.gx[b] + work.gy[b] * work.gy[b] + work.gz[b] * work.gz[b]);
      if (!(length > 0.0)) continue;
      const double share = weight[i] / length;
      work.attraction[3 * b] += static_cast<float>(work.gx[b] * share);
      work.attraction[3 * b + 1] += static_cast<float>(work.gy[b] * share);
      work.attraction[3 * b + 2] += static_cast<float>(work.gz[b] * share);
    }
  }
}

void decide_migration(const TissuePlan& plan, const TissueState& s, TissueWorkspace& work) {
  const std::size_t n = s.bodies.size();
  work.speed.assign(n, 0.0F);
  work.persistence.resize(n);
  work.bias.assign(n, 0.0F);
  work.attraction.assign(3 * n, 0.0F);
  for (std::size_t b = 0; b < n; ++b) work.persistence[b] = plan.types[s.bodies.type[b]].persistence;
  for (std::size_t k = 0; k < plan.populations.size(); ++k) {
    if (plan.populations[k].migration_speed >= 0)
      spread_behaviour(work.speed, k, plan.populations[k].migration_speed, plan, s, work);
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

// Attack and phagocytosis: who does it at which rate, and to whom it may happen.
void propose_contacts(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  const std::size_t n = s.bodies.size();
  work.contact_behaviours.clear();
  work.events.clear();
  std::size_t used = 0;
  const auto add = [&](std::size_t k, int behaviour, std::uint8_t kind, const auto& may) {
    if (used == work.contact_rates.size()) {
      work.contact_rates.emplace_back();
      work.contact_targets.emplace_back();
    }
    work.contact_rates[used].assign(n, 0.0F);
    spread_behaviour(work.contact_rates[used], k, behaviour, plan, s, work);
    work.contact_targets[used].resize(n);
    for (std::size_t b = 0; b < n; ++b) work.contact_targets[used][b] = may(b) ? 1 : 0;
    ++used;
    const std::string& name =
        plan.populations[k].rules.behaviours[static_cast<std::size_t>(behaviour)].what.name;
    work.contact_behaviours.push_back({kind, {}, {}, true, core::name_key(name)});
  };
  std::uint8_t kind = 0;
  for (std::size_t k = 0; k < plan.types.size(); ++k) {
    if (plan.populations[k].phagocytosis >= 0)
      add(k, plan.populations[k].phagocytosis, kind, [&](std::size_t b) { return work.dead[b] != 0; });
    ++kind;
    for (const TypeInSpace::Attack& attack : plan.types[k].attacks)
      add(k, attack.behaviour, kind++,
          [&](std::size_t b) { return work.dead[b] == 0 && attack.target[s.bodies.type[b]]; });
  }
  if (used == 0) return;
  for (std::size_t i = 0; i < used; ++i) {
    work.contact_behaviours[i].rate = work.contact_rates[i];
    work.contact_behaviours[i].may = work.contact_targets[i];
  }
  cells::propose_contacts(s.bodies, plan.mechanics, work.neighbourhood, work.contact_behaviours,
                          plan.setup.seed, step.begin, step.minutes(), threads_for_cells(plan, s),
                          work.contact_work, work.events);
}

}  // namespace

void decide(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work) {
  for (std::size_t k = 0; k < plan.populations.size(); ++k) {
    TissueWorkspace::PerPopulation& mine = work.populations[k];
    const PopulationPlan& population_plan = plan.populations[k];
    bind_signals(mine, population_plan, s.populations[k], PerceiveTissue{plan, mine, step.begin});
    decide_life(mine, population_plan, s.populations[k], step.minutes(), threads_for_cells(plan, s));
  }
  decide_migration(plan, s, work);
  propose_contacts(step, plan, s, work);
}

}  // namespace stroma::tissue
