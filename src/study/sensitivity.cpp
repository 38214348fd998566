#include "study/sensitivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/errors.hpp"
#include "core/maths.hpp"
#include "stats/descriptive.hpp"
#include "study/evaluate.hpp"

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

// A step up, or down where that leaves the range before it is as long; a number never leaves its range.
double signed_step(const model::Variable& p, double log_step) {
  const auto room = [&](double factor) {
    return std::isfinite(factor) ? std::clamp(core::maths::log(factor), 0.0, log_step) : log_step;
  };
  const double up = room(p.high / p.value), down = p.low == 0.0 ? log_step : room(p.value / p.low);
  return up >= down ? up : -down;
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

std::vector<model::Variable> parameters_of(const Study& study) {
  const model::Model& m = *study.model;
  const Cast cast = cast_of(study);
  std::set<std::string> acting;
  for (const model::Mechanism& row : m.mechanisms)
    if (row.weight > 0.0 && any_of(row.cell_types, cast.cell_types)) {
      acting.insert("mechanisms." + row.id + ".weight");
      acting.insert("mechanisms." + row.id + ".half_max");
    }
  for (const model::Rule& row : m.rules)
    if (any_of(row.cell_types, cast.cell_types)) acting.insert("rules." + row.id + ".saturation");
  for (const model::DrugTarget& row : m.drug_targets)
    if (cast.substances.contains(m.drugs[static_cast<std::size_t>(row.drug)].substance))
      acting.insert("drug_targets." + row.id + ".ic50");
  // A behaviour's row may be the family's: where it stands says which.
  std::set<int> lines;
  for (const model::Index index : cast.cell_types) {
    const model::CellType& type = m.cell_types[static_cast<std::size_t>(index)];
    for (const auto& [behaviour, value] : type.behaviours)
      if (const auto row = type.parameters.find(behaviour.name); row != type.parameters.end())
        lines.insert(row->second.provenance.place.line);
  }
  std::vector<model::Variable> out;
  for (model::Variable& v : model::variables(m))
    if (v.value > 0.0 && !(v.low == v.high) &&
        (acting.contains(v.address) ||
         (v.address.starts_with("cell_types.") && lines.contains(v.place.line))))
      out.push_back(std::move(v));
  return out;
}

std::vector<ParameterEffect> rank_parameters(const Study& study, std::span<const ArmAgreement> arms,
                                             std::span<const model::Variable> parameters,
                                             const SensitivityOptions& options) {
  std::vector<ArmAgreement> used;
  for (const ArmAgreement& arm : arms)
    if (arm.shift) used.push_back(arm);
  const StudyResult base = evaluate(study, {}, options.ledger, options.study);
  std::vector<ParameterEffect> effects;
  for (const model::Variable& p : parameters) {
    const double step = signed_step(p, options.log_step);
    const model::Change change{p.address, p.written(p.value * core::maths::exp(step))};
    const StudyResult moved = evaluate(study, std::span(&change, 1), options.ledger, options.study);
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
