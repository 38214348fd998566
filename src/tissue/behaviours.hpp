// From signals to behaviours, the same in a culture and in a tissue: what differs is how a cell perceives its
// surroundings, which the caller says by an object that gives the values of a signal and the volume of a
// cell.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/maths.hpp"
#include "core/time.hpp"
#include "tissue/population.hpp"

namespace stroma::tissue {

/// Current values of the behaviours of one population and the signals that they were computed from; scratch.
struct BehaviourValues {
  std::vector<std::vector<float>> behaviours;       ///< [behaviour][cell]
  std::vector<float> dying;                         ///< [cell], of the behaviour evaluated last
  std::vector<cells::SignalView> signals;           ///< as RuleProgram::signals
  std::vector<std::vector<float>> computed;         ///< [signal][cell], of those that are nowhere as such
  std::vector<std::span<const float>> conversions;  ///< as LifePlan::conversions
  std::vector<std::span<const float>> divisions;    ///< same
};

/// Scratch of what happens to the cells of one population in a step.
struct LifeWork : BehaviourValues {
  cells::Proposals proposals;
  std::vector<cells::Change> changes;
};

/// Where a mark stands in LifePlan::marks, or -1.
int find_mark(const PopulationPlan& plan, cells::Mark::Kind kind, model::Index substance = model::none);

/// The mark of a population, which every cell of the model carries, or null.
const std::vector<float>* mark_of(const PopulationPlan& plan, const Population& population,
                                  cells::Mark::Kind kind, model::Index substance = model::none);

/// 1 for cells of a fate that the signal is about, 0 for others; into `room`.
cells::SignalView of_fate(model::SignalKind kind, const Population& population, std::vector<float>& room);

/// How fast a concentration that is `now` rises (or falls) for each cell, nM/min: max(0, (now -
/// remembered)/T), T the memory. In a steady rise that is its slope, in none it is 0.
cells::SignalView change_of(model::SignalKind kind, const cells::SignalView& now,
                            const std::vector<float>& remembered, double memory, std::vector<float>& room);

/// What the cells hold of the drug with this substance, per volume [nM]; empty where they hold none.
template <class Perceive>
cells::SignalView concentration_inside(model::Index substance, const PopulationPlan& plan,
                                       const Population& population, const Perceive& perceive,
                                       std::vector<float>& room) {
  for (std::size_t d = 0; d < population.held.size(); ++d) {
    const std::vector<double>& held = population.held[d];
    if (plan.drugs[d].substance != substance || held.empty()) continue;
    room.resize(held.size());
    for (std::size_t i = 0; i < held.size(); ++i) room[i] = static_cast<float>(held[i] / perceive.volume(i));
    return {room, 0.0f};
  }
  return {{}, 0.0f};
}

/// Points every signal of the rules at its values: nodes at the population's activities, what is of the cell
/// itself at its numbers, everything else at what `perceive(signal)` returns.
template <class Perceive>
void bind_signals(BehaviourValues& values, const PopulationPlan& plan, const Population& population,
                  const Perceive& perceive) {
  using enum model::SignalKind;
  values.signals.resize(plan.rules.signals.size());
  values.computed.resize(plan.rules.signals.size());
  for (std::size_t k = 0; k < values.signals.size(); ++k) {
    const model::Signal& signal = plan.rules.signals[k];
    std::vector<float>& room = values.computed[k];
    const auto as_marked = [&](cells::Mark::Kind kind) -> cells::SignalView {
      const std::vector<float>* mark = mark_of(plan, population, kind);
      return mark == nullptr ? cells::SignalView{{}, 0.0f} : cells::SignalView{*mark, 0.0f};
    };
    switch (signal.kind) {
      case node:
        values.signals[k] = {
            population.activities.node(static_cast<std::size_t>(plan.program.slot(signal.operand))), 0.0f};
        break;
      case damage:
        values.signals[k] = as_marked(cells::Mark::Kind::damage);
        break;
      case damage_dealt:
        values.signals[k] = as_marked(cells::Mark::Kind::damage_dealt);
        break;
      case dying:
      case apoptotic:
      case necrotic:
        values.signals[k] = of_fate(signal.kind, population, room);
        break;
      case volume:
        room.resize(population.cells.size());
        for (std::size_t i = 0; i < room.size(); ++i) room[i] = static_cast<float>(perceive.volume(i));
        values.signals[k] = {room, 0.0f};
        break;
      case inside:
        values.signals[k] = concentration_inside(signal.operand, plan, population, perceive, room);
        break;
      case rise:
      case fall:
        values.signals[k] = change_of(signal.kind, perceive({substance, signal.operand, {}}),
                                      *mark_of(plan, population, cells::Mark::Kind::memory, signal.operand),
                                      plan.memory, room);
        break;
      default:
        values.signals[k] = perceive(signal);
    }
  }
}

/// Computes behaviour `b` of every cell from the bound signals, traits included.
void evaluate_behaviour(BehaviourValues& values, std::size_t b, const PopulationPlan& plan,
                        const Population& population, core::Threads threads);

/// Computes into `dying` what the cells do of a flow if they are dying. Read for cells that are only.
void evaluate_dying(BehaviourValues& values, const PopulationPlan::Placed& flow, const PopulationPlan& plan,
                    const Population& population, core::Threads threads);

/// How a well-mixed solution is perceived: the same by every cell, without neighbours.
struct PerceiveSolution {
  const Solution& solution;
  core::Tick now;
  double cell_volume = 0.0;  ///< um^3
  double confluence = 0.0;   ///< of all cells together
  cells::SignalView operator()(const model::Signal& signal) const;
  double volume(std::size_t) const { return cell_volume; }
};

/// The rates that the life of the cells needs, out of evaluated behaviours; views of `values`.
cells::Rates rates(const PopulationPlan& plan, BehaviourValues& values);

/// Evaluates the rates of life from the bound signals and finds the cells that have an event in the step.
void decide_life(LifeWork& work, const PopulationPlan& plan, const Population& population, double minutes,
                 core::Threads threads);

/// Damage accrues and is repaired over the step, at the rates that decide_life evaluated: d' = a - r d,
/// exactly.
void age_damage(Population& population, const PopulationPlan& plan, const BehaviourValues& values,
                double minutes);

/// What is left of a unit of damage that cell `i` took `minutes` ago.
double unrepaired(const PopulationPlan& plan, const BehaviourValues& values, std::size_t i, double minutes);

/// The cells remember what they perceive: m' = (c - m)/T, exactly, c as it is now.
template <class Perceive>
void remember(Population& population, const PopulationPlan& plan, const Perceive& perceive, double minutes) {
  for (std::size_t m = 0; m < plan.life.marks.size(); ++m) {
    if (plan.life.marks[m].kind != cells::Mark::Kind::memory) continue;
    const cells::SignalView now = perceive({model::SignalKind::substance, plan.life.marks[m].substance, {}});
    const double kept = core::maths::exp(-minutes / plan.memory);
    std::vector<float>& remembered = population.cells.marks[m];
    for (std::size_t i = 0; i < remembered.size(); ++i) {
      const double c = static_cast<double>(now.values.empty() ? now.uniform : now.values[i]);
      const double before = remembered[i] < 0.0f ? c : static_cast<double>(remembered[i]);
      remembered[i] = static_cast<float>(c + (before - c) * kept);
    }
  }
}

}  // namespace stroma::tissue
