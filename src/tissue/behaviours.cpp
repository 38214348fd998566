#include "tissue/behaviours.hpp"

#include <algorithm>

namespace stroma::tissue {

namespace {

std::span<const float> multipliers(const cells::Behaviour& behaviour, const Population& population) {
  if (behaviour.trait < 0) return {};
  return population.cells.traits[static_cast<std::size_t>(behaviour.trait)];
}

// A behaviour of one kind of cell i, evaluated in this step; 0 where the type lacks it.
double value_of(model::BehaviourKind kind, const PopulationPlan& plan, const BehaviourValues& values,
                std::size_t i) {
  const int b = plan.one(kind);
  return b < 0 ? 0.0 : static_cast<double>(values.behaviours[static_cast<std::size_t>(b)][i]);
}

}  // namespace

int find_mark(const PopulationPlan& plan, cells::Mark::Kind kind, model::Index substance) {
  for (std::size_t m = 0; m < plan.life.marks.size(); ++m)
    if (plan.life.marks[m].kind == kind && plan.life.marks[m].substance == substance)
      return static_cast<int>(m);
  return -1;
}

const std::vector<float>* mark_of(const PopulationPlan& plan, const Population& population,
                                  cells::Mark::Kind kind, model::Index substance) {
  const int m = find_mark(plan, kind, substance);
  return m < 0 ? nullptr : &population.cells.marks[static_cast<std::size_t>(m)];
}

cells::SignalView of_fate(model::SignalKind kind, const Population& population, std::vector<float>& room) {
  const std::vector<cells::Fate>& fate = population.cells.fate;
  room.resize(fate.size());
  for (std::size_t i = 0; i < fate.size(); ++i) {
    const bool necrotic = fate[i] == cells::Fate::necrotic, dying = fate[i] != cells::Fate::live;
    room[i] = kind == model::SignalKind::necrotic    ? static_cast<float>(necrotic)
              : kind == model::SignalKind::apoptotic ? static_cast<float>(dying && !necrotic)
                                                     : static_cast<float>(dying);
  }
  return {room, 0.0f};
}

cells::SignalView change_of(model::SignalKind kind, const cells::SignalView& now,
                            const std::vector<float>& remembered, double memory, std::vector<float>& room) {
  room.resize(remembered.size());
  const double sign = kind == model::SignalKind::rise ? 1.0 : -1.0;
  for (std::size_t i = 0; i < room.size(); ++i) {
    const double c = static_cast<double>(now.values.empty() ? now.uniform : now.values[i]);
    const double change =
        remembered[i] < 0.0f ? 0.0 : sign * (c - static_cast<double>(remembered[i])) / memory;
    room[i] = static_cast<float>(std::max(0.0, change));
  }
  return {room, 0.0f};
}

void evaluate_behaviour(BehaviourValues& values, std::size_t b, const PopulationPlan& plan,
                        const Population& population, core::Threads threads) {
  if (values.behaviours.size() < plan.rules.behaviours.size())
    values.behaviours.resize(plan.rules.behaviours.size());
  const cells::Behaviour& behaviour = plan.rules.behaviours[b];
  values.behaviours[b].resize(population.cells.size());
  cells::evaluate(values.behaviours[b], behaviour, values.signals, multipliers(behaviour, population),
                  threads);
}

void evaluate_dying(BehaviourValues& values, const PopulationPlan::Placed& flow, const PopulationPlan& plan,
                    const Population& population, core::Threads threads) {
  const cells::Behaviour& behaviour = plan.rules.of_the_dying[static_cast<std::size_t>(flow.dying)];
  values.dying.resize(population.cells.size());
  cells::evaluate(values.dying, behaviour, values.signals, multipliers(behaviour, population), threads);
}

cells::SignalView PerceiveSolution::operator()(const model::Signal& signal) const {
  switch (signal.kind) {
    case model::SignalKind::substance:
      return {{}, static_cast<float>(solution.concentration[static_cast<std::size_t>(signal.operand)])};
    case model::SignalKind::time:
      return {{}, static_cast<float>(core::minutes(now))};
    case model::SignalKind::serum:
      return {{}, static_cast<float>(solution.serum)};
    case model::SignalKind::confluence:
      return {{}, static_cast<float>(confluence)};
    case model::SignalKind::pressure:  // a culture has no neighbours; model::idle_rows names who reads them
    case model::SignalKind::contact:
    case model::SignalKind::contact_with:
    case model::SignalKind::dead_contact:
    case model::SignalKind::apoptotic_contact:
    case model::SignalKind::necrotic_contact:
    case model::SignalKind::node:  // what is of the cell itself is bound by bind_signals
    case model::SignalKind::volume:
    case model::SignalKind::damage:
    case model::SignalKind::damage_dealt:
    case model::SignalKind::dying:
    case model::SignalKind::apoptotic:
    case model::SignalKind::necrotic:
    case model::SignalKind::inside:
    case model::SignalKind::rise:
    case model::SignalKind::fall:
      break;
  }
  return {{}, 0.0f};
}

cells::Rates rates(const PopulationPlan& plan, BehaviourValues& values) {
  const auto of = [&](int behaviour) {
    return behaviour < 0 ? std::span<const float>()
                         : std::span<const float>(values.behaviours[static_cast<std::size_t>(behaviour)]);
  };
  values.conversions.clear();
  values.divisions.clear();
  for (const PopulationPlan::Conversion& conversion : plan.conversions) {
    values.conversions.push_back(of(conversion.behaviour));
    values.divisions.push_back(of(conversion.division));
  }
  using enum model::BehaviourKind;
  return {of(plan.one(cycle_entry)), of(plan.one(apoptosis)), of(plan.one(necrosis)), values.conversions,
          values.divisions};
}

void decide_life(LifeWork& work, const PopulationPlan& plan, const Population& population, double minutes,
                 core::Threads threads) {
  using enum model::BehaviourKind;
  for (const auto kind :
       {cycle_entry, apoptosis, necrosis, conversion, asymmetric_division, damage_rate, damage_repair})
    for (const PopulationPlan::Placed& placed : plan.all(kind))
      evaluate_behaviour(work, static_cast<std::size_t>(placed.behaviour), plan, population, threads);
  cells::propose(work.proposals, population.cells, plan.life, rates(plan, work), minutes, threads);
}

void age_damage(Population& population, const PopulationPlan& plan, const BehaviourValues& values,
                double minutes) {
  using enum model::BehaviourKind;
  const int mark = find_mark(plan, cells::Mark::Kind::damage);
  if (mark < 0 || (plan.one(damage_rate) < 0 && plan.one(damage_repair) < 0)) return;
  std::vector<float>& damage = population.cells.marks[static_cast<std::size_t>(mark)];
  for (std::size_t i = 0; i < damage.size(); ++i) {
    if (population.cells.fate[i] != cells::Fate::live) continue;
    const double taken = value_of(damage_rate, plan, values, i);
    const double kept = unrepaired(plan, values, i, minutes);
    const double repair = value_of(damage_repair, plan, values, i);
    const double fresh =
        repair > 0.0 ? taken * -core::maths::expm1(-repair * minutes) / repair : taken * minutes;
    damage[i] = static_cast<float>(static_cast<double>(damage[i]) * kept + fresh);
  }
}

double unrepaired(const PopulationPlan& plan, const BehaviourValues& values, std::size_t i, double minutes) {
  const double repair = value_of(model::BehaviourKind::damage_repair, plan, values, i);
  return repair > 0.0 ? core::maths::exp(-repair * minutes) : 1.0;
}

}  // namespace stroma::tissue
