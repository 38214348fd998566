#include "tissue/behaviours.hpp"

namespace stroma::tissue {

namespace {

std::span<const float> multipliers(const cells::Behaviour& behaviour, const Population& population) {
  if (behaviour.trait < 0) return {};
  return population.cells.traits[static_cast<std::size_t>(behaviour.trait)];
}

}  // namespace

void evaluate_behaviour(BehaviourValues& values, std::size_t b, const PopulationPlan& plan,
                        const Population& population, core::Threads threads) {
  if (values.behaviours.size() < plan.rules.behaviours.size())
    values.behaviours.resize(plan.rules.behaviours.size());
  const cells::Behaviour& behaviour = plan.rules.behaviours[b];
  values.behaviours[b].resize(population.cells.size());
  cells::evaluate(values.behaviours[b], behaviour, values.signals, multipliers(behaviour, population),
                  threads);
}

void evaluate_dying(BehaviourValues& values, const PopulationPlan::Flow& flow, const PopulationPlan& plan,
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
    case model::SignalKind::pressure:  // a culture has no neighbours; model::idle_rows names who reads them
    case model::SignalKind::contact:
    case model::SignalKind::contact_with:
    case model::SignalKind::dead_contact:
    case model::SignalKind::node:
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
  for (const PopulationPlan::Conversion& conversion : plan.conversions)
    values.conversions.push_back(of(conversion.behaviour));
  return {of(plan.cycle_entry), of(plan.apoptosis), of(plan.necrosis), values.conversions};
}

void decide_life(LifeWork& work, const PopulationPlan& plan, const Population& population, double minutes,
                 core::Threads threads) {
  for (const int behaviour : {plan.cycle_entry, plan.apoptosis, plan.necrosis})
    if (behaviour >= 0)
      evaluate_behaviour(work, static_cast<std::size_t>(behaviour), plan, population, threads);
  for (const PopulationPlan::Conversion& conversion : plan.conversions)
    evaluate_behaviour(work, static_cast<std::size_t>(conversion.behaviour), plan, population, threads);
  cells::propose(work.proposals, population.cells, plan.life, rates(plan, work), minutes, threads);
}

}  // namespace stroma::tissue
