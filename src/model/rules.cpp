// rules.csv: one row is one hypothesis, "this signal increases that behaviour up to this value" (the grammar
// of Johnson et al. 2025; the equation is at Rule in model.hpp).
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "model/builder.hpp"

namespace stroma::model {
namespace {

void report_overlap(Builder& b, const core::Row& row, const Rule& now, const Rule& before) {
  std::string shared;
  for (Index type : now.cell_types)
    if (std::find(before.cell_types.begin(), before.cell_types.end(), type) != before.cell_types.end())
      shared += (shared.empty() ? "" : ", ") + b.cell_types.all[static_cast<std::size_t>(type)];
  if (shared.empty() || now.direction != before.direction) return;  // one that raises and lowers is a window
  report_duplicate(b.problems, row, "signal",
                   fmt::format("the rule '{} {} {}' for {} ('{}' and '{}')", now.signal.name,
                               now.direction == Direction::increases ? "increases" : "decreases",
                               now.behaviour.name, shared, before.id, now.id),
                   before.provenance.place);
}

std::string forms_of_the_dying() {
  std::string forms;
  for (const BehaviourRow& row : behaviour_rows())
    if (row.by_the_dying) forms += (forms.empty() ? "" : ", ") + form_of(row);
  return forms;
}

void read_response(Builder& b, const core::Row& row, Rule& rule) {
  const Assumptions& ranges = b.model.assumptions;
  rule.hill = b.read_strength(row, "hill", hill_power(300.0), ranges.hill);
  const Interval any{0.0, std::numeric_limits<double>::infinity()};
  const Signal& signal = rule.signal;
  if (signal.kind == SignalKind::inside) {
    rule.half_max = b.read_strength(row, "half_max", b.concentration_spec(signal.operand), any);
    return;
  }
  if (signal.kind != SignalKind::node && signal.kind != SignalKind::substance) {
    rule.half_max = b.read_strength(row, "half_max", positive(row_of(signal.kind).dimension), any);
    return;
  }
  if (signal.kind == SignalKind::node) {
    if (signal.operand == none && core::parse_quantity(row.text("half_max")).has_unit)
      return;  // its name is wrong, not its number
    rule.half_max = b.read_strength(row, "half_max", open_fraction(), ranges.half_max);
    return;
  }
  // A ligand has a dissociation constant; what all cells consume, such as oxygen, has none.
  const bool is_ligand = b.model.substances[static_cast<std::size_t>(signal.operand)].ambient <= 0.0;
  const bool limited = is_ligand && rule.provenance.assumed() && ranges.dissociation_constant.has_value();
  rule.half_max = b.read_strength(row, "half_max", b.concentration_spec(signal.operand),
                                  limited ? *ranges.dissociation_constant : any);
}

// A behaviour needs something to act on, and a rule must move it in the direction it names.
void check_against_base(Builder& b, const core::Row& row, Rule& rule, bool saturation_is_known) {
  for (Index t : rule.cell_types) {
    CellType& type = b.model.cell_types[static_cast<std::size_t>(t)];
    if (rule.behaviour.kind == BehaviourKind::cycle_entry && type.cycle.empty()) {
      row.wrong("behaviour", "no-cycle",
                fmt::format("cell type '{}' has no phases, so nothing to enter", type.name));
      continue;
    }
    const double base =
        type.behaviours.emplace(rule.behaviour, row_of(rule.behaviour.kind).base).first->second;
    const bool against =
        rule.direction == Direction::increases ? rule.saturation < base : rule.saturation > base;
    if (saturation_is_known && against)
      row.wrong(
          "saturation", "direction-contradicted",
          fmt::format("'{}' is {} the base value of {} in {}, which contradicts the direction",
                      row.text("saturation"), rule.direction == Direction::increases ? "below" : "above",
                      rule.behaviour.name, type.name));
  }
}

// The equation has one value at saturation per direction, so the rules of one behaviour and direction share
// it.
void check_shared_saturation(Builder& b, const core::Row& row, const Rule& rule) {
  for (const Rule& other : b.model.rules) {
    if (other.behaviour != rule.behaviour || other.direction != rule.direction ||
        other.saturation == rule.saturation)
      continue;
    const bool meet = std::any_of(rule.cell_types.begin(), rule.cell_types.end(), [&other](Index type) {
      return std::find(other.cell_types.begin(), other.cell_types.end(), type) != other.cell_types.end();
    });
    if (!meet) continue;
    row.wrong(
        "saturation", "saturation-differs",
        fmt::format("'{}' is another saturation of {} than that of rule '{}' ({})", row.text("saturation"),
                    rule.behaviour.name, other.id, show(other.provenance.place)),
        "all rules that move one behaviour in one direction share its value at saturation");
    return;
  }
}

}  // namespace

void Builder::read_rules() {
  const core::Table& table = files.rules;
  if (!usable(table, rule_columns())) return;
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> same;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const core::Row row(table, r, problems);
    Rule rule;
    rule.id = read_row_id(row);
    rule.cell_types = resolve_cell_types(row, "cell_type");
    rule.signal = resolve_signal(row, "signal");
    require_node(row, "signal", rule.signal.of(SignalKind::node), rule.cell_types);
    const std::string direction = row.choice("direction", {"increases", "decreases"});
    rule.direction = direction == "decreases" ? Direction::decreases : Direction::increases;
    const auto behaviour = resolve_behaviour(row, "behaviour");
    rule.provenance = read_sources(row, true);
    if (behaviour) {
      rule.behaviour = *behaviour;
      const Fallback fallback{model.assumptions.saturation, true, false, "assumptions.saturation"};
      const std::size_t before = problems.size();
      const Parameter saturation =
          read_number(row, "saturation", spec_of(*behaviour), fallback, rule.provenance);
      rule.saturation = saturation.value;
      rule.provenance = saturation.provenance;
      const bool is_sound = problems.size() == before && !direction.empty();
      check_against_base(*this, row, rule, is_sound);
      if (is_sound) check_shared_saturation(*this, row, rule);
    }
    read_response(*this, row, rule);
    rule.provenance.place = row.place("id");
    rule.applies_to_dead = read_flag(row, "dead");
    if (rule.applies_to_dead && behaviour && !row_of(behaviour->kind).by_the_dying)
      row.wrong("dead", "no-effect",
                fmt::format("a dying cell has no {}: the rule can do nothing in it", behaviour->name),
                fmt::format("dying cells can have {}", forms_of_the_dying()));
    if (!rule.applies_to_dead && only_of_the_dying(rule.signal.kind))
      row.wrong("dead", "no-effect",
                fmt::format("a live cell is never {}: the rule can do nothing in it", rule.signal.name),
                "write yes, with a behaviour that dying cells have");
    rule.grade = read_grade(row);
    if (!rule.signal.name.empty() && behaviour) {
      auto& earlier = same[{rule.signal.name, rule.behaviour.name}];
      for (std::size_t before : earlier) report_overlap(*this, row, rule, model.rules[before]);
      earlier.push_back(model.rules.size());
    }
    model.rules.push_back(std::move(rule));
  }
}

}  // namespace stroma::model
