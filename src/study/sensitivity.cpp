#include "study/sensitivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/errors.hpp"
#include "core/maths.hpp"
#include "stats/descriptive.hpp"

namespace stroma::study {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double detection = 4.0;  // standard errors; some hundred parameters times a few arms are tried

// Cell types and substances that meet in the vessels of a study.
struct Cast {
  std::set<model::Index> cell_types, substances;
};

Cast cast_of(const Study& study) {
  Cast cast;
  for (const Experiment& e : study.experiments)
    for (const Vessel& v : expand(e, *study.model, 1, true)) {
      for (const auto& cells : v.setup.cells) cast.cell_types.insert(cells.type);
      for (const auto& treatment : v.setup.treatments) cast.substances.insert(treatment.substance);
    }
  return cast;
}

bool any_of(const std::vector<model::Index>& types, const std::set<model::Index>& present) {
  return std::any_of(types.begin(), types.end(), [&](model::Index type) { return present.contains(type); });
}

// log2 of the readouts of one arm, by replicate; NaN where there is none.
std::vector<double> logs_of(const StudyResult& result, const ArmAgreement& arm) {
  std::vector<double> logs;
  for (const ExperimentResult& e : result.experiments)
    for (const Readout& r : e.measurements.readouts)
      if (r.metric == arm.metric && r.system == arm.system && r.arm == arm.arm)
        logs.push_back(r.value && *r.value > 0.0 ? core::maths::log2(*r.value) : nan);
  return logs;
}

StudyResult simulate(const Study& study, std::shared_ptr<const model::Model> model,
                     const StudyOptions& options) {
  Study changed = study;
  changed.model = std::move(model);
  changed.findings.clear();
  StudyResult result = run(changed, nullptr, options);
  if (!result.failures.empty())
    throw core::NumericalError("a run of the sensitivity failed: " + result.failures.front());
  return result;
}

// A weight stays within [0, 1].
double signed_step(const ModelParameter& p, double log_step) {
  const bool full = p.kind == ModelParameter::Kind::weight && p.value * core::maths::exp(log_step) > 1.0;
  return full ? -log_step : log_step;
}

// Standard error of an arm's shift, from its interval; a little large where replicates are few.
double shift_error(const ArmAgreement& arm) {
  return (*arm.high - *arm.low) / (2.0 * 1.959963984540054);
}

void weigh(ParameterEffect& effect, std::span<const ArmAgreement> arms) {
  double jj = 0.0, js = 0.0, ss = 0.0;
  for (std::size_t i = 0; i < arms.size(); ++i) {
    if (!std::isfinite(effect.derivative[i])) continue;
    const double w = 1.0 / core::maths::power(shift_error(arms[i]), 2);
    jj += w * effect.derivative[i] * effect.derivative[i];
    js += w * effect.derivative[i] * *arms[i].shift;
    ss += w * *arms[i].shift * *arms[i].shift;
    effect.detectable |= std::abs(effect.derivative[i]) > detection * effect.error[i];
  }
  if (jj > 0.0) effect.move = -js / jj;
  if (jj > 0.0 && ss > 0.0) effect.explained = js * js / (jj * ss);
  const double moved = effect.parameter.value * core::maths::exp(effect.move);
  const bool stated = std::isfinite(effect.parameter.low) && std::isfinite(effect.parameter.high);
  effect.within_range = !stated || (moved >= effect.parameter.low && moved <= effect.parameter.high);
}

}  // namespace

std::string to_string(ModelParameter::Kind kind) {
  switch (kind) {
    case ModelParameter::Kind::weight:
      return "weight";
    case ModelParameter::Kind::half_max:
      return "half-max";
    case ModelParameter::Kind::saturation:
      return "saturation";
    case ModelParameter::Kind::ic50:
      return "IC50";
    case ModelParameter::Kind::base:
      break;
  }
  return "base value";
}

std::vector<ModelParameter> parameters_of(const Study& study) {
  using Kind = ModelParameter::Kind;
  const model::Model& m = *study.model;
  const Cast cast = cast_of(study);
  std::vector<ModelParameter> parameters;
  const auto add = [&](const std::string& row, Kind kind, double value, double low, double high) {
    if (value > 0.0) parameters.push_back({row, kind, value, low, high});
  };
  for (const model::Mechanism& row : m.mechanisms) {
    if (!any_of(row.cell_types, cast.cell_types)) continue;
    add(row.id, Kind::weight, row.weight, m.assumptions.weight.low, m.assumptions.weight.high);
    model::Interval range{row.provenance.low, row.provenance.high};
    if (!std::isfinite(range.low) && row.source_node != model::none) range = m.assumptions.half_max;
    add(row.id, Kind::half_max, row.half_max, range.low, range.high);
  }
  for (const model::Rule& row : m.rules)
    if (any_of(row.cell_types, cast.cell_types))
      add(row.id, Kind::saturation, row.saturation, row.provenance.low, row.provenance.high);
  for (const model::DrugTarget& row : m.drug_targets)
    if (cast.substances.contains(m.drugs[static_cast<std::size_t>(row.drug)].substance))
      add(row.id, Kind::ic50, row.ic50, row.provenance.low, row.provenance.high);
  for (const model::Index index : cast.cell_types) {
    const model::CellType& type = m.cell_types[static_cast<std::size_t>(index)];
    for (const auto& [behaviour, value] : type.behaviours) {
      const auto row = type.parameters.find(behaviour.name);
      const bool known = row != type.parameters.end();
      add(type.name + "," + behaviour.name, Kind::base, value, known ? row->second.provenance.low : nan,
          known ? row->second.provenance.high : nan);
    }
  }
  return parameters;
}

void set_parameter(model::Model& m, const ModelParameter& p, double value) {
  using Kind = ModelParameter::Kind;
  for (model::Mechanism& row : m.mechanisms)
    if (row.id == p.row && (p.kind == Kind::weight || p.kind == Kind::half_max)) {
      (p.kind == Kind::weight ? row.weight : row.half_max) = value;
      return;
    }
  for (model::Rule& row : m.rules)
    if (row.id == p.row && p.kind == Kind::saturation) {
      row.saturation = value;
      return;
    }
  for (model::DrugTarget& row : m.drug_targets)
    if (row.id == p.row && p.kind == Kind::ic50) {
      row.ic50 = value;
      return;
    }
  for (model::CellType& type : m.cell_types)
    for (auto& [behaviour, base] : type.behaviours)
      if (p.kind == Kind::base && type.name + "," + behaviour.name == p.row) {
        base = value;
        return;
      }
  throw core::InternalError(fmt::format("the model has no {} of a row '{}'", to_string(p.kind), p.row));
}

std::vector<ParameterEffect> rank_parameters(const Study& study, std::span<const ArmAgreement> arms,
                                             std::span<const ModelParameter> parameters,
                                             const SensitivityOptions& options) {
  std::vector<ArmAgreement> used;
  for (const ArmAgreement& arm : arms)
    if (arm.shift) used.push_back(arm);
  const StudyResult base = simulate(study, study.model, options.study);
  std::vector<ParameterEffect> effects;
  for (const ModelParameter& p : parameters) {
    const double step = signed_step(p, options.log_step);
    auto model = std::make_shared<model::Model>(*study.model);
    set_parameter(*model, p, p.value * core::maths::exp(step));
    const StudyResult moved = simulate(study, std::move(model), options.study);
    ParameterEffect effect;
    effect.parameter = p;
    for (const ArmAgreement& arm : used) {
      const std::vector<double> before = logs_of(base, arm), after = logs_of(moved, arm);
      std::vector<double> slopes;  // replicate by replicate: both runs drew the same random numbers
      for (std::size_t r = 0; r < std::min(before.size(), after.size()); ++r)
        if (std::isfinite(before[r]) && std::isfinite(after[r]))
          slopes.push_back((after[r] - before[r]) / step);
      effect.derivative.push_back(slopes.empty() ? nan : stats::mean(slopes));
      effect.error.push_back(slopes.size() < 2 ? std::numeric_limits<double>::infinity()
                                               : stats::standard_error(slopes));
    }
    weigh(effect, used);
    effects.push_back(std::move(effect));
    if (options.on_progress) options.on_progress(effects.size(), parameters.size());
  }
  std::stable_sort(effects.begin(), effects.end(), [](const ParameterEffect& a, const ParameterEffect& b) {
    if (a.detectable != b.detectable) return a.detectable;
    return a.explained > b.explained;
  });
  return effects;
}

}  // namespace stroma::study
