// The medium of a well-mixed culture: a finite volume with mass balance.
//   dc/dt = S/V - (k + U/V) c     S: secretion [nM um^3/min], U: clearance [um^3/min], k: decay [1/min]
// solved exactly over a step in which S, U and k are constant. Consumption saturates, dc/dt = ... - (M/V)
// c/(K + c), and is taken in sub-steps as a clearance M/(K + c) at their middle: second order, positive and
// conserving. What cells take up is gone, what they secrete accumulates.
#pragma once

#include <vector>

#include "model/model.hpp"
#include "tissue/ports.hpp"

namespace stroma::tissue {

/// A composition that can be poured: total concentrations [nM], one per substance of the model, and serum.
struct Solution {
  std::vector<double> concentration;
  double serum = 0.0;  ///< volume fraction in [0, 1]
};

struct Medium {
  Solution solution;
  double volume = 0.0;  ///< um^3
};

/// Where the amount of one substance came from and went to since the culture began [nM um^3]: the ports of
/// all cells together, decay, dosing and medium changes.
struct Budget : CellPort {
  double initial = 0.0, added = 0.0;    ///< in: at plating; dosing and fresh medium
  double decayed = 0.0, removed = 0.0;  ///< out: decay; medium that was poured off
  /// What the cells took, drugs inside included.
  double taken_up() const { return cleared + consumed + entered; }
  /// Amount that must be in the medium now.
  double expected() const { return initial + added + secreted - taken_up() - decayed - removed; }
  /// The scale against which a rounding error is to be judged.
  double turnover() const { return initial + added + secreted; }
};

/// A medium as it is before anybody adds factors or drugs: ambient substances at their values, and what base
/// medium and serum contain.
Solution plain_solution(const model::Model& model, double serum);

/// Decay rate [1/min] of a substance in medium with this serum fraction.
double decay_rate(const model::Substance& substance, double serum);

/// Advances one concentration by `minutes` under constant secretion, clearance and decay, and enters what
/// happened in the budget.
void exchange(double& concentration, Budget& budget, double volume, double secretion, double clearance,
              double decay, double minutes);

/// The same with saturable consumption: at most `consumption` [nM um^3/min] of all cells, half of it at
/// `half_max` [nM] > 0. Sub-steps are as short as the two estimates of each need to differ by at most
/// `tolerance` of half_max + c; one alone with an infinite tolerance. Throws core::NumericalError where a
/// millionth of the step is too long for that.
void exchange_saturable(double& concentration, Budget& budget, double volume, double secretion,
                        double clearance, double consumption, double half_max, double decay, double minutes,
                        double tolerance = 1e-3);

/// The mixture of two solutions with `share` of the first by volume.
Solution mix(const Solution& first, const Solution& second, double share);

}  // namespace stroma::tissue
