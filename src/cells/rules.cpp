#include "cells/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/errors.hpp"
#include "core/maths.hpp"

namespace stroma::cells {
namespace {

constexpr std::size_t chunk_size = 1024;

std::size_t signal_slot(RuleProgram& program, const model::Signal& signal) {
  const auto found = std::find(program.signals.begin(), program.signals.end(), signal);
  if (found != program.signals.end()) return static_cast<std::size_t>(found - program.signals.begin());
  program.signals.push_back(signal);
  return program.signals.size() - 1;
}

int trait_of(const model::CellType& type, model::BehaviourKind kind) {
  for (std::size_t t = 0; t < type.traits.size(); ++t)
    if (type.traits[t].behaviour == kind) return static_cast<int>(t);
  return -1;
}

Behaviour& behaviour_in(std::vector<Behaviour>& behaviours, const model::CellType& type,
                        const model::Behaviour& what, double base) {
  for (Behaviour& behaviour : behaviours)
    if (behaviour.what == what) return behaviour;
  const auto value = static_cast<float>(base);
  behaviours.push_back({what, value, value, value, {}, {}, trait_of(type, what.kind)});
  return behaviours.back();
}

void add_rule(Behaviour& behaviour, RuleProgram& program, const model::Rule& rule) {
  const bool up = rule.direction == model::Direction::increases;
  (up ? behaviour.max : behaviour.min) = static_cast<float>(rule.saturation);
  const Response response{signal_slot(program, rule.signal), static_cast<float>(rule.half_max),
                          static_cast<float>(rule.hill)};
  (up ? behaviour.increasing : behaviour.decreasing).push_back(response);
}

// (s/K)^n for whole n up to 4 by multiplication: these are nearly all rules, and pow would dominate the loop.
template <class Power>
void add_terms(std::span<float> sum, const SignalView& signal, float per_half_max, const Power& power) {
  if (signal.values.empty()) {
    const float term = power(signal.uniform * per_half_max);
    for (float& s : sum) s += term;
    return;
  }
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += power(signal.values[i] * per_half_max);
}

void add_response(std::span<float> sum, const SignalView& signal, const Response& response) {
  const float per_half_max = 1.0f / response.half_max;
  const float n = response.hill;
  if (n == 1.0f) return add_terms(sum, signal, per_half_max, [](float x) { return x; });
  if (n == 2.0f) return add_terms(sum, signal, per_half_max, [](float x) { return x * x; });
  if (n == 3.0f) return add_terms(sum, signal, per_half_max, [](float x) { return x * x * x; });
  if (n == 4.0f) return add_terms(sum, signal, per_half_max, [](float x) { return (x * x) * (x * x); });
  add_terms(sum, signal, per_half_max, [n](float x) { return core::maths::pow(x, n); });
}

// P/(1 + P). Beyond the bound it is 1 in float32, and a P that overflowed must not become infinity/infinity.
float saturation_of(float p) {
  p = std::min(p, 1e30f);
  return p / (1.0f + p);
}

SignalView slice(const SignalView& signal, std::size_t begin, std::size_t end) {
  if (signal.values.empty()) return signal;
  return {signal.values.subspan(begin, end - begin), 0.0f};
}

}  // namespace

int RuleProgram::behaviour(model::BehaviourKind kind, model::Index operand) const {
  for (std::size_t b = 0; b < behaviours.size(); ++b)
    if (behaviours[b].what.kind == kind && behaviours[b].what.operand == operand) return static_cast<int>(b);
  return -1;
}

const Behaviour* RuleProgram::dying(const model::Behaviour& wanted) const {
  for (const Behaviour& behaviour : of_the_dying)
    if (behaviour.what == wanted) return &behaviour;
  return nullptr;
}

RuleProgram compile_rules(const model::Model& model, model::Index cell_type, core::Diagnostics& problems) {
  const model::CellType& type = model.cell_types[static_cast<std::size_t>(cell_type)];
  RuleProgram program;
  for (const auto& [what, base] : type.behaviours) behaviour_in(program.behaviours, type, what, base);
  std::map<std::pair<model::Behaviour, model::Direction>, const model::Rule*> first;
  for (const model::Rule& rule : model.rules) {
    if (std::find(rule.cell_types.begin(), rule.cell_types.end(), cell_type) == rule.cell_types.end())
      continue;
    const auto [seen, is_first] = first.try_emplace({rule.behaviour, rule.direction}, &rule);
    if (!is_first && seen->second->saturation != rule.saturation) {
      const core::Place& other = seen->second->provenance.place;
      problems.add("saturation-differs", rule.provenance.place, rule.id,
                   fmt::format("rule '{}' gives {} of {} another saturation than rule '{}' ({}:{})", rule.id,
                               rule.behaviour.name, type.name, seen->second->id, other.file, other.line),
                   "all rules that move one behaviour in one direction share its value at saturation");
    }
    const double base = type.base(rule.behaviour.kind, rule.behaviour.operand);
    add_rule(behaviour_in(program.behaviours, type, rule.behaviour, base), program, rule);
    if (rule.applies_to_dead)
      add_rule(behaviour_in(program.of_the_dying, type, rule.behaviour, 0.0), program, rule);
  }
  return program;
}

void evaluate(std::span<float> values, const Behaviour& behaviour, std::span<const SignalView> signals,
              std::span<const float> trait, core::Threads threads) {
  core::require(trait.empty() || trait.size() == values.size(), "one trait multiplier per cell");
  core::for_chunks(values.size(), chunk_size, threads, [&](std::size_t begin, std::size_t end) {
    const std::size_t n = end - begin;
    float up[chunk_size], down[chunk_size];
    std::fill_n(up, n, 0.0f);
    std::fill_n(down, n, 0.0f);
    for (const Response& r : behaviour.increasing)
      add_response({up, n}, slice(signals[r.signal], begin, end), r);
    for (const Response& r : behaviour.decreasing)
      add_response({down, n}, slice(signals[r.signal], begin, end), r);
    for (std::size_t k = 0; k < n; ++k) {
      const float u = saturation_of(up[k]);
      const float v = saturation_of(down[k]);
      values[begin + k] = ((1.0f - u) * behaviour.base + u * behaviour.max) * (1.0f - v) + v * behaviour.min;
    }
    if (!trait.empty())
      for (std::size_t k = 0; k < n; ++k) values[begin + k] *= trait[begin + k];
  });
}

}  // namespace stroma::cells
