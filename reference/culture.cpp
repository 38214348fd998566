#include "reference/culture.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "reference/network.hpp"

namespace stroma::reference {
namespace {

using model::Index;

std::size_t at(Index i) {
  return static_cast<std::size_t>(i);
}

double saturating(std::span<const RuleSignal> signals) {
  double p = 0.0;
  for (const RuleSignal& s : signals) p += std::pow(s.value / s.half_max, s.hill);
  return p / (1.0 + p);
}

// A behaviour of the cell type in the present state.
double behaviour(const AverageCulture& culture, const AverageState& state, const std::string& name) {
  const model::CellType& type = culture.model->cell_types[at(culture.cell_type)];
  double base = 0.0;
  for (const auto& [behaviour, value] : type.behaviours)
    if (behaviour.name == name) base = value;
  double max = base, min = base;
  std::vector<RuleSignal> increasing, decreasing;
  for (const model::Rule& rule : culture.model->rules) {
    if (rule.behaviour.name != name) continue;
    if (std::find(rule.cell_types.begin(), rule.cell_types.end(), culture.cell_type) == rule.cell_types.end())
      continue;
    double value = 0.0;  // a culture has no neighbours
    if (rule.signal.kind == model::SignalKind::node) value = state.activity[at(rule.signal.operand)];
    if (rule.signal.kind == model::SignalKind::substance) value = state.medium[at(rule.signal.operand)];
    const bool up = rule.direction == model::Direction::increases;
    (up ? max : min) = rule.saturation;
    (up ? increasing : decreasing).push_back({value, rule.half_max, rule.hill});
  }
  return behaviour_value(base, max, min, increasing, decreasing);
}

double unbound(const model::Drug& drug, double serum) {
  return 1.0 / (1.0 + serum * (1.0 / drug.free_fraction_in_serum - 1.0));
}

NetworkInputs network_inputs(const AverageCulture& culture, const AverageState& state) {
  const model::Model& m = *culture.model;
  NetworkInputs inputs;
  inputs.multiplier.assign(m.nodes.size(), 1.0);
  for (const model::Mechanism& row : m.mechanisms) {
    double theta = 0.0;
    if (row.source_substance != model::none) {
      double antagonism = 0.0;
      for (const model::DrugTarget& target : m.drug_targets) {
        if (target.mode != model::TargetMode::competes || target.node != row.target) continue;
        const model::Drug& drug = m.drugs[at(target.drug)];
        antagonism += state.medium[at(drug.substance)] * unbound(drug, culture.serum) / target.ic50;
      }
      const double bound = state.medium[at(row.source_substance)] / row.half_max;
      theta = bound / (1.0 + bound + antagonism);
    }
    inputs.occupancy.push_back(theta);
  }
  for (const model::DrugTarget& target : m.drug_targets) {
    const double remaining = 1.0 / (1.0 + std::pow(state.inside[at(target.drug)] / target.ic50, target.hill));
    inputs.drug_factor.push_back(target.mode == model::TargetMode::activates ? 1.0 - remaining : remaining);
  }
  return inputs;
}

AverageState moved(const AverageState& state, const AverageState& rate, double minutes) {
  AverageState out = state;
  for (std::size_t i = 0; i < out.medium.size(); ++i) out.medium[i] += minutes * rate.medium[i];
  for (std::size_t i = 0; i < out.activity.size(); ++i)
    out.activity[i] = std::clamp(out.activity[i] + minutes * rate.activity[i], 0.0, 1.0);
  for (std::size_t i = 0; i < out.inside.size(); ++i) out.inside[i] += minutes * rate.inside[i];
  return out;
}

}  // namespace

double behaviour_value(double base, double max, double min, std::span<const RuleSignal> increasing,
                       std::span<const RuleSignal> decreasing) {
  const double u = saturating(increasing), v = saturating(decreasing);
  return ((1.0 - u) * base + u * max) * (1.0 - v) + v * min;
}

AverageState culture_rate(const AverageCulture& culture, const AverageState& state) {
  const model::Model& m = *culture.model;
  const double cell_volume = m.cell_types[at(culture.cell_type)].parameter("volume");
  AverageState rate;
  rate.activity.resize(state.activity.size());
  network_rate(m, culture.cell_type, state.activity, network_inputs(culture, state), rate.activity);
  for (std::size_t i = 0; i < m.substances.size(); ++i) {
    const model::Substance& substance = m.substances[i];
    if (substance.ambient > 0.0) {
      rate.medium.push_back(0.0);  // held by the incubator
      continue;
    }
    const double secreted = culture.cells * behaviour(culture, state, "secretion:" + substance.name);
    const double cleared = culture.cells * behaviour(culture, state, "uptake:" + substance.name);
    const double decay = substance.decay + culture.serum * substance.decay_in_serum;
    rate.medium.push_back(secreted / culture.volume - (decay + cleared / culture.volume) * state.medium[i]);
  }
  for (std::size_t d = 0; d < m.drugs.size(); ++d) {
    const model::Drug& drug = m.drugs[d];
    const double pumped = drug.transporter == model::none
                              ? 0.0
                              : drug.efflux_by_transporter * state.activity[at(drug.transporter)];
    const double outside = state.medium[at(drug.substance)] * unbound(drug, culture.serum);
    rate.inside.push_back(drug.influx > 0.0 ? drug.influx * outside - (drug.efflux + pumped) * state.inside[d]
                                            : 0.0);
    rate.medium[at(drug.substance)] -= rate.inside[d] * culture.cells * cell_volume / culture.volume;
  }
  return rate;
}

void integrate_culture(const AverageCulture& culture, AverageState& state, double minutes, int steps) {
  const double h = minutes / steps;
  for (int s = 0; s < steps; ++s) {
    const AverageState k1 = culture_rate(culture, state);
    const AverageState k2 = culture_rate(culture, moved(state, k1, h / 2));
    const AverageState k3 = culture_rate(culture, moved(state, k2, h / 2));
    const AverageState k4 = culture_rate(culture, moved(state, k3, h));
    state = moved(moved(moved(moved(state, k1, h / 6), k2, h / 3), k3, h / 3), k4, h / 6);
  }
}

}  // namespace stroma::reference
