// A culture of identical cells that neither divide nor die, as one system of ordinary differential equations
// in double precision, and the rules' grammar in a line. It couples what the engine splits: medium,
// receptors, drugs inside cells and networks move at once. Source: design section 3.
#pragma once

#include <span>
#include <vector>

#include "model/model.hpp"

namespace stroma::reference {

/// One signal of a rule.
struct RuleSignal {
  double value = 0.0, half_max = 0.5, hill = 1.0;
};

/// ((1 - U) base + U max)(1 - V) + V min with U = P/(1 + P), P = sum (s/K)^n over the increasing signals, V
/// likewise.
double behaviour_value(double base, double max, double min, std::span<const RuleSignal> increasing,
                       std::span<const RuleSignal> decreasing);

/// What does not change.
struct AverageCulture {
  const model::Model* model = nullptr;
  model::Index cell_type = model::none;
  double cells = 0.0;
  double volume = 0.0;  ///< of the medium, um^3
  double serum = 0.0;
};

/// What moves.
struct AverageState {
  std::vector<double> medium;    ///< by substance, nM
  std::vector<double> activity;  ///< by node
  std::vector<double> inside;    ///< by drug, nM free
};

/// d/dt of everything, 1/min.
AverageState culture_rate(const AverageCulture& culture, const AverageState& state);

/// Advances by `minutes` with the classic fourth-order Runge-Kutta method in `steps` equal steps.
void integrate_culture(const AverageCulture& culture, AverageState& state, double minutes, int steps);

}  // namespace stroma::reference
