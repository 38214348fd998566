// How signals change behaviours. For each behaviour of a cell type, with base, max and min,
//   U = P/(1 + P), P = sum over increasing signals of (s/K)^n;   V likewise over the decreasing ones
//   value = ((1 - U) base + U max)(1 - V) + V min
// Source: the cell-behaviour hypothesis grammar, Johnson et al., Cell 2025. A behaviour without rules keeps
// its base value.
#pragma once

#include <span>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/parallel.hpp"
#include "model/model.hpp"

namespace stroma::cells {

/// One signal's values: one per cell, or one for all where `values` is empty.
struct SignalView {
  std::span<const float> values;
  float uniform = 0.0f;
};

struct Response {
  std::size_t signal = 0;  ///< index into RuleProgram::signals
  float half_max = 0.5f;
  float hill = 1.0f;
};

struct Behaviour {
  model::Behaviour what;
  float base = 0.0f, max = 0.0f, min = 0.0f;
  std::vector<Response> increasing, decreasing;
  int trait = -1;  ///< index of the trait that multiplies this behaviour, or -1
  /// Whether every cell has the base value.
  bool is_constant() const { return increasing.empty() && decreasing.empty() && trait < 0; }
};

/// The rules of one cell type, compiled: flat, immutable, no strings in the loop.
struct RuleProgram {
  std::vector<model::Signal> signals;
  std::vector<Behaviour> behaviours;
  /// What rules make dying cells do: base 0, and only the rules that hold for the dying. As `behaviours`, and
  /// only of those that have such a rule.
  std::vector<Behaviour> of_the_dying;
  /// Index of a behaviour; -1 where the cell type does not have it.
  int behaviour(model::BehaviourKind kind, model::Index operand = model::none) const;
  /// What the dying do of it; null where they do nothing.
  const Behaviour* dying(const model::Behaviour& behaviour) const;
};

/// Compiles base values and rules of `cell_type`. All increasing (decreasing) rules of one behaviour must
/// agree on its value at saturation; where they do not, `problems` says so with both places.
RuleProgram compile_rules(const model::Model& model, model::Index cell_type, core::Diagnostics& problems);

/// values[i] = the behaviour of cell i, trait multiplier (may be empty) included.
void evaluate(std::span<float> values, const Behaviour& behaviour, std::span<const SignalView> signals,
              std::span<const float> trait, core::Threads threads);

}  // namespace stroma::cells
