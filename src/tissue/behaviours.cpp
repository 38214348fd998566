#include "tissue/behaviours.hpp"

namespace stroma::tissue {

void evaluate_behaviour(BehaviourValues& values, std::size_t b, const CohortPlan& plan, const Cohort& cohort,
                        core::Threads threads) {
  if (values.behaviours.size() < plan.rules.behaviours.size())
    values.behaviours.resize(plan.rules.behaviours.size());
  const cells::Behaviour& behaviour = plan.rules.behaviours[b];
  values.behaviours[b].resize(cohort.cells.size());
  const auto trait =
      behaviour.trait < 0
          ? std::span<const float>()
          : std::span<const float>(cohort.cells.traits[static_cast<std::size_t>(behaviour.trait)]);
  cells::evaluate(values.behaviours[b], behaviour, values.signals, trait, threads);
}

cells::SignalView PerceiveSolution::operator()(const cells::Signal& signal) const {
  switch (signal.kind) {
    case model::SignalKind::substance:
      return {{}, static_cast<float>(solution.concentration[static_cast<std::size_t>(signal.substance)])};
    case model::SignalKind::time:
      return {{}, static_cast<float>(core::minutes(now))};
    default:
      return {{}, 0.0f};
  }
}

cells::Rates rates(const CohortPlan& plan, const BehaviourValues& values) {
  const auto of = [&](int behaviour) {
    return behaviour < 0 ? std::span<const float>()
                         : std::span<const float>(values.behaviours[static_cast<std::size_t>(behaviour)]);
  };
  return {of(plan.cycle_entry), of(plan.apoptosis), of(plan.necrosis)};
}

}  // namespace stroma::tissue
