#include "reference/network.hpp"

#include <algorithm>
#include <cmath>

namespace stroma::reference {

using model::Effect;
using model::Gate;
using model::Index;
using model::TargetMode;

double hill(double x, double half_max, double n) {
  const double a = std::pow(x, n), k = std::pow(half_max, n);
  return a * (1.0 + k) / (a + k);
}

double network_target(const model::Model& model, Index cell_type, Index node, std::span<const double> x,
                      const NetworkInputs& inputs) {
  const double b =
      model.nodes[static_cast<std::size_t>(node)].per_cell_type[static_cast<std::size_t>(cell_type)]->basal;
  double not_activated = 1.0, all_activated = 1.0, not_inhibited = 1.0;
  bool any_activator = false;
  Gate gate = Gate::any;
  for (std::size_t m = 0; m < model.mechanisms.size(); ++m) {
    const model::Mechanism& row = model.mechanisms[m];
    if (row.target != node) continue;
    if (std::find(row.cell_types.begin(), row.cell_types.end(), cell_type) == row.cell_types.end()) continue;
    const double strength = row.source_node == model::none
                                ? inputs.occupancy[m]
                                : hill(x[static_cast<std::size_t>(row.source_node)], row.half_max, row.hill);
    if (row.effect == Effect::inhibits) {
      not_inhibited *= 1.0 - row.weight * strength;
    } else {
      any_activator = true;
      gate = row.gate;
      not_activated *= 1.0 - row.weight * strength;
      all_activated *= row.weight * strength;
    }
  }
  double activation = b;
  if (any_activator && gate == Gate::any) activation = 1.0 - (1.0 - b) * not_activated;
  if (any_activator && gate == Gate::all) activation = b + (1.0 - b) * all_activated;
  double remaining = 1.0;
  for (std::size_t d = 0; d < model.drug_targets.size(); ++d) {
    const model::DrugTarget& target = model.drug_targets[d];
    if (target.node != node) continue;
    if (target.mode == TargetMode::activates)
      activation = 1.0 - (1.0 - activation) * (1.0 - inputs.drug_factor[d]);
    if (target.mode == TargetMode::inhibits_activity) remaining *= inputs.drug_factor[d];
  }
  const double f = activation * not_inhibited * remaining;
  const double m = inputs.multiplier[static_cast<std::size_t>(node)];
  return m * f / (1.0 + (m - 1.0) * f);
}

void network_rate(const model::Model& model, Index cell_type, std::span<const double> x,
                  const NetworkInputs& inputs, std::span<double> rate) {
  for (std::size_t n = 0; n < model.nodes.size(); ++n) {
    const auto& kinetics = model.nodes[n].per_cell_type[static_cast<std::size_t>(cell_type)];
    rate[n] =
        kinetics ? (network_target(model, cell_type, static_cast<Index>(n), x, inputs) - x[n]) / kinetics->tau
                 : 0.0;
  }
}

void integrate_network(const model::Model& model, Index cell_type, std::vector<double>& x,
                       const NetworkInputs& inputs, double minutes, int steps) {
  const double h = minutes / steps;
  const std::size_t n = x.size();
  std::vector<double> k1(n), k2(n), k3(n), k4(n), y(n);
  // A stage may leave [0, 1] by its own error, where x^n is not defined; the equations are those of the
  // nearest state.
  const auto stage = [&](const std::vector<double>& k, double step) {
    for (std::size_t i = 0; i < n; ++i) y[i] = std::clamp(x[i] + step * k[i], 0.0, 1.0);
  };
  for (int s = 0; s < steps; ++s) {
    network_rate(model, cell_type, x, inputs, k1);
    stage(k1, h / 2);
    network_rate(model, cell_type, y, inputs, k2);
    stage(k2, h / 2);
    network_rate(model, cell_type, y, inputs, k3);
    stage(k3, h);
    network_rate(model, cell_type, y, inputs, k4);
    for (std::size_t i = 0; i < n; ++i) x[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
  }
}

}  // namespace stroma::reference
