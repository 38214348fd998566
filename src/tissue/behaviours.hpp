// From signals to behaviours, the same in a culture and in a tissue: what differs is how a cell perceives its
// surroundings, which the caller says by a function from a signal to its values.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/time.hpp"
#include "tissue/population.hpp"

namespace stroma::tissue {

/// Current values of the behaviours of one population and the signals that they were computed from; scratch.
struct BehaviourValues {
  std::vector<std::vector<float>> behaviours;       ///< [behaviour][cell]
  std::vector<float> dying;                         ///< [cell], of the behaviour evaluated last
  std::vector<cells::SignalView> signals;           ///< as RuleProgram::signals
  std::vector<std::span<const float>> conversions;  ///< as LifePlan::conversions
};

/// Scratch of what happens to the cells of one population in a step.
struct LifeWork : BehaviourValues {
  cells::Proposals proposals;
  std::vector<cells::Change> changes;
};

/// Points every signal of the rules at its values: nodes at the population's activities, everything else at
/// what `perceive(signal)` returns.
template <class Perceive>
void bind_signals(BehaviourValues& values, const PopulationPlan& plan, const Population& population,
                  const Perceive& perceive) {
  values.signals.resize(plan.rules.signals.size());
  for (std::size_t k = 0; k < values.signals.size(); ++k) {
    const model::Signal& signal = plan.rules.signals[k];
    if (signal.kind == model::SignalKind::node) {
      const auto slot = static_cast<std::size_t>(plan.program.slot(signal.operand));
      values.signals[k] = {population.activities.node(slot), 0.0f};
    } else {
      values.signals[k] = perceive(signal);
    }
  }
}

/// Computes behaviour `b` of every cell from the bound signals, traits included.
void evaluate_behaviour(BehaviourValues& values, std::size_t b, const PopulationPlan& plan,
                        const Population& population, core::Threads threads);

/// Computes into `dying` what the cells do of a flow if they are dying. Read for cells that are only.
void evaluate_dying(BehaviourValues& values, const PopulationPlan::Flow& flow, const PopulationPlan& plan,
                    const Population& population, core::Threads threads);

/// How a well-mixed solution is perceived: the same by every cell, without neighbours.
struct PerceiveSolution {
  const Solution& solution;
  core::Tick now;
  cells::SignalView operator()(const model::Signal& signal) const;
};

/// The rates that the life of the cells needs, out of evaluated behaviours; views of `values`.
cells::Rates rates(const PopulationPlan& plan, BehaviourValues& values);

/// Evaluates the rates of life from the bound signals and finds the cells that have an event in the step.
void decide_life(LifeWork& work, const PopulationPlan& plan, const Population& population, double minutes,
                 core::Threads threads);

}  // namespace stroma::tissue
