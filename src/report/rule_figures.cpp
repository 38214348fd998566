#include "report/rule_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cells/rules.hpp"
#include "core/units.hpp"
#include "report/quantities.hpp"
#include "report/study_report.hpp"

namespace stroma::report {
namespace {

constexpr std::size_t samples = 121;
constexpr const char* alone = "other signals 0";
constexpr const char* opposed = "increasing signals at full response";
constexpr float full_response = 1e6F;  // in half-maxima: U differs from 1 by less than a float resolves

// What an axis says and the factor from internal units to it.
struct Axis {
  std::string title, unit;
  double size = 1.0;
  std::string print(double value) const {
    return fmt::format("{:.4g}{}{}", value / size, unit.empty() ? "" : " ", unit);
  }
};

Axis signal_axis(const model::Model& m, const model::Rule& rule) {
  const std::string title = title_of(m, rule.signal);
  switch (rule.signal.kind) {
    case model::SignalKind::node:
      return {title + " (activity)", "", 1.0};
    case model::SignalKind::substance:
    case model::SignalKind::inside: {
      const DisplayUnit unit = concentration_unit(rule.half_max);
      return {fmt::format("{} ({})", title, unit.name), unit.name, unit.size};
    }
    case model::SignalKind::pressure:
      return {title + " (1: twelve neighbours packed)", "", 1.0};
    case model::SignalKind::time:
      return {title + " (h)", "h", 60.0};
    case model::SignalKind::volume:
      return {title + " (µm³)", "µm³", 1.0};
    case model::SignalKind::rise:
    case model::SignalKind::fall:
      return {title + " (nM/min)", "nM/min", 1.0};
    default:  // numbers of cells, of injuries, or yes and no
      return {title, "", 1.0};
  }
}

Axis behaviour_axis(const model::Model& m, const model::Behaviour& behaviour, double largest) {
  const model::BehaviourRow& row = model::row_of(behaviour.kind);
  const std::string title = title_of(m, behaviour);
  if (row.unit.empty()) return {title, "", 1.0};
  DisplayUnit unit{std::string(row.unit), core::unit(row.unit)};
  if (row.dimension == core::dimension::amount_rate) unit = amount_rate_unit(largest);
  for (const auto& [ascii, written] : {std::pair{"um^3", "µm³"}, std::pair{"um", "µm"}})
    if (const std::size_t at = unit.name.find(ascii); at != std::string::npos)
      unit.name.replace(at, std::string_view(ascii).size(), written);
  return {fmt::format("{} ({})", title, unit.name), unit.name, unit.size};
}

bool applies(const model::Rule& rule, model::Index type) {
  return std::find(rule.cell_types.begin(), rule.cell_types.end(), type) != rule.cell_types.end();
}

// The curve of one rule; `others` is what the increasing signals of the behaviour are at, in half-maxima.
std::vector<LinePoint> curve(const cells::RuleProgram& program, const cells::Behaviour& behaviour,
                             std::size_t signal, double high, float others, const Axis& x, const Axis& y) {
  std::vector<float> at(samples), value(samples);
  for (std::size_t i = 0; i < samples; ++i)
    at[i] = static_cast<float>(high * static_cast<double>(i) / (samples - 1));
  std::vector<cells::SignalView> views(program.signals.size());
  for (const cells::Response& r : behaviour.increasing) views[r.signal].uniform = others * r.half_max;
  views[signal] = {at, 0.0F};
  cells::evaluate(value, behaviour, views, {}, {1});
  std::vector<LinePoint> points;
  for (std::size_t i = 0; i < samples; ++i)
    points.push_back({static_cast<double>(at[i]) / x.size, static_cast<double>(value[i]) / y.size});
  return points;
}

// Base, max and min as marks; those that coincide share one.
std::vector<LineMark> level_marks(const cells::Behaviour& b, const Axis& y) {
  std::vector<LineMark> marks;
  const auto add = [&](float value, const char* name) {
    for (LineMark& mark : marks)
      if (mark.at == static_cast<double>(value) / y.size) {
        mark.label += std::string(" = ") + name;
        return;
      }
    marks.push_back({static_cast<double>(value) / y.size, name});
  };
  add(b.base, "base");
  if (!b.increasing.empty()) add(b.max, "max");
  if (!b.decreasing.empty()) add(b.min, "min");
  return marks;
}

LinePanel rule_panel(const model::Model& m, const model::Rule& rule, const cells::RuleProgram& program) {
  const cells::Behaviour& behaviour = program.behaviours[static_cast<std::size_t>(
      program.behaviour(rule.behaviour.kind, rule.behaviour.operand))];
  const auto signal = static_cast<std::size_t>(
      std::find(program.signals.begin(), program.signals.end(), rule.signal) - program.signals.begin());
  const double largest =
      std::max({std::fabs(behaviour.base), std::fabs(behaviour.max), std::fabs(behaviour.min)});
  const Axis x = signal_axis(m, rule), y = behaviour_axis(m, rule.behaviour, largest);
  const double reach =
      rule.signal.kind == model::SignalKind::node ? std::min(3.0 * rule.half_max, 1.0) : 3.0 * rule.half_max;
  LinePanel panel{rule.id, {}, x.title, y.title};
  panel.series.push_back({alone, "", true, curve(program, behaviour, signal, reach, 0.0F, x, y)});
  if (rule.direction == model::Direction::decreases && !behaviour.increasing.empty())
    panel.series.push_back(
        {opposed, "", true, curve(program, behaviour, signal, reach, full_response, x, y)});
  panel.at_x = {{rule.half_max / x.size, "half-max " + x.print(rule.half_max)}};
  panel.at_y = level_marks(behaviour, y);
  return panel;
}

std::string sentence_of(const model::Model& m, const model::Rule& rule) {
  return fmt::format("{} {} {}", title_of(m, rule.signal),
                     rule.direction == model::Direction::increases ? "increases" : "decreases",
                     title_of(m, rule.behaviour));
}

}  // namespace

std::vector<Arm> rule_arms() {
  return {{alone, false, {}, "#0072b2"}, {opposed, false, {}, "#d55e00"}};
}

std::vector<model::Index> concrete_types(const model::Model& model) {
  std::vector<model::Index> types;
  for (std::size_t t = 0; t < model.cell_types.size(); ++t)
    if (!model.cell_types[t].abstract) types.push_back(static_cast<model::Index>(t));
  return types;
}

std::vector<Figure> rule_figures(const model::Model& model, std::span<const model::Index> types) {
  std::vector<Figure> figures;
  for (const model::Index type : types) {
    const std::string& name = model.cell_types[static_cast<std::size_t>(type)].name;
    core::Diagnostics problems;
    const cells::RuleProgram program = cells::compile_rules(model, type, problems);
    if (!problems.empty()) continue;  // rules that contradict each other are `check`'s to tell
    Lines lines;
    lines.zero = true;
    std::string said;
    for (const model::Rule& rule : model.rules) {
      if (!applies(rule, type)) continue;
      lines.panels.push_back(rule_panel(model, rule, program));
      said += (said.empty() ? "" : "; ") + sentence_of(model, rule);
    }
    if (lines.panels.empty()) continue;
    Figure figure;
    figure.id = "rules-" + id_of(name);
    figure.title = "Rules of " + name;
    figure.see = said + ".";
    figure.alt = fmt::format("{} response curves, one per rule of {}: {}.", lines.panels.size(), name, said);
    figure.caption.text =
        "Each behaviour against its signal, from 0 to three half-maxima, before heritable traits. Several "
        "signals combine as ((1 - U) base + U max)(1 - V) + V min, U and V the Hill responses of all "
        "increasing and of all decreasing signals together (Johnson et al. 2025). Numbers and sources are in "
        "the table of rules.";
    figure.content = std::move(lines);
    figures.push_back(std::move(figure));
  }
  return figures;
}

Table rule_table(const model::Model& model, std::span<const model::Index> types) {
  Table table{"rules",
              "Rules and their sources",
              "Each row is a hypothesis that can be knocked out with --without and its id. What is marked "
              "assumption has a range in the model folder.",
              {"id", "cell types", "signal", "direction", "behaviour", "at saturation", "half-max", "Hill",
               "grade", "source"},
              {}};
  for (const model::Rule& rule : model.rules) {
    std::string of;
    for (const model::Index type : types)
      if (applies(rule, type))
        of += (of.empty() ? "" : ", ") + model.cell_types[static_cast<std::size_t>(type)].name;
    if (of.empty()) continue;
    const Axis x = signal_axis(model, rule),
               y = behaviour_axis(model, rule.behaviour, std::fabs(rule.saturation));
    table.rows.push_back({rule.id, of, rule.signal.name,
                          rule.direction == model::Direction::increases ? "increases" : "decreases",
                          rule.behaviour.name, y.print(rule.saturation), x.print(rule.half_max),
                          fmt::format("{:.4g}", rule.hill), rule.grade,
                          citation_words(model, rule.provenance.reference)});
  }
  return table;
}

Report make_model_report(const model::Model& model, std::span<const model::Index> types,
                         const std::string& program, const std::string& command) {
  Report report;
  report.title = model.title.empty() ? model.name : model.title;
  report.question =
      fmt::format("What the model {} {} says: {} mechanisms, {} rules, {} drug targets.", model.name,
                  model.version, model.mechanisms.size(), model.rules.size(), model.drug_targets.size());
  report.facts.program = program;
  report.facts.command = command;
  report.facts.model = model.name + " " + model.version;
  report.facts.model_hash = model.content_hash;
  report.facts.has_seed = false;
  report.arms = rule_arms();
  Section rules{"rules", "Rules", {}, rule_figures(model, types), {}};
  if (Table table = rule_table(model, types); !table.rows.empty()) rules.tables.push_back(std::move(table));
  if (!rules.figures.empty() || !rules.tables.empty()) report.sections.push_back(std::move(rules));
  if (Figure figure = network_figure(model, {types.begin(), types.end()});
      !std::get<Network>(figure.content).edges.empty()) {
    Section network{
        "network", "The mechanisms", "Every arrow is a row of the model with its source.", {}, {}};
    network.figures.push_back(std::move(figure));
    report.sections.push_back(std::move(network));
  }
  report.references = model_references(model);
  return report;
}

}  // namespace stroma::report
