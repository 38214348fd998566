// mechanisms.csv: one row is one arrow. From a node it acts by a normalised Hill function whose weight,
// half-max and Hill power lie in the ranges of model.toml; from a substance by occupancy, where half_max is
// the dissociation constant.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "model/builder.hpp"

namespace stroma::model {
namespace {

struct Arrow {
  Index source_node, source_substance;
  Effect effect;
  Index target;
  auto operator<=>(const Arrow&) const = default;
};

struct GateOf {
  Gate gate = Gate::any;
  std::string id;
  core::Place place;
};

void report_overlap(Builder& b, const core::Row& row, const Mechanism& now, const Mechanism& before) {
  std::string shared;
  for (Index type : now.cell_types)
    if (std::find(before.cell_types.begin(), before.cell_types.end(), type) != before.cell_types.end())
      shared += (shared.empty() ? "" : ", ") + b.cell_types.all[static_cast<std::size_t>(type)];
  if (shared.empty()) return;
  report_duplicate(b.problems, row, "source",
                   fmt::format("the arrow '{} {} {}' in {} ('{}' and '{}')", row.text("source"),
                               row.text("effect"), row.text("target"), shared, before.id, now.id),
                   before.provenance.place);
}

void read_strengths(Builder& b, const core::Row& row, Mechanism& m) {
  const Assumptions& ranges = b.model.assumptions;
  m.weight = b.read_strength(row, "weight", fraction(), ranges.weight);
  if (m.source_substance == none) {
    const Fallback fallback{ranges.half_max, false, true, "assumptions.half_max"};
    const bool source_unknown = m.source_node == none;
    const bool has_unit = core::parse_quantity(row.text("half_max")).has_unit;
    if (source_unknown && has_unit) {  // perhaps meant as a substance: its name is wrong, not its number
      m.provenance = b.read_sources(row, true);
      return;
    }
    const Parameter half_max = b.read_number(row, "half_max", open_fraction(), fallback);
    m.half_max = half_max.value;
    m.provenance = half_max.provenance;
    m.hill = b.read_strength(row, "hill", hill_power(), ranges.hill);
    return;
  }
  const Fallback fallback{ranges.dissociation_constant, false, false, "assumptions.dissociation_constant"};
  const Parameter half_max =
      b.read_number(row, "half_max", b.concentration_spec(m.source_substance), fallback);
  m.half_max = half_max.value;
  m.provenance = half_max.provenance;
  m.hill = row.text("hill").empty() ? 1.0 : b.read_strength(row, "hill", hill_power(), {0.0, 10.0});
  if (m.hill != 1.0)
    row.wrong("hill", "occupancy-has-hill-1", "a substance acts by occupancy (L/Kd)/(1 + L/Kd): hill is 1",
              "put the steepness into the rows downstream of the receptor");
}

}  // namespace

void Builder::read_mechanisms() {
  const core::Table& table = files.mechanisms;
  if (!usable(table, mechanism_columns())) return;
  std::map<Arrow, std::vector<std::size_t>> arrows;
  std::map<Index, GateOf> gates;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const core::Row row(table, r, problems);
    Mechanism m;
    m.id = read_row_id(row);
    std::tie(m.source_node, m.source_substance) = resolve_source(row, "source");
    const std::string effect = row.choice("effect", {"activates", "inhibits"});
    m.effect = effect == "inhibits" ? Effect::inhibits : Effect::activates;
    if (!refuse_resistance(row, "target", "node"))
      m.target = resolve(nodes, row, "target", row.required_text("target"));
    m.cell_types = resolve_cell_types(row, "cell_types");
    require_node(row, "source", m.source_node, m.cell_types);
    require_node(row, "target", m.target, m.cell_types);
    read_strengths(*this, row, m);
    m.provenance.place = row.place("id");
    if (m.provenance.reference == "assumption" && m.provenance.note.empty())
      row.wrong("note", "assumed-arrow-without-reason",
                "an arrow without a source needs a note: why it is assumed and what would refute it");
    const std::string gate = row.text("gate").empty() ? "any" : row.choice("gate", {"any", "all"});
    m.gate = gate == "all" ? Gate::all : Gate::any;
    m.grade = read_grade(row);
    if (effect == "inhibits" && m.gate == Gate::all)
      row.wrong("gate", "gate-of-an-inhibitor",
                "a gate joins the activators of a node; leave it empty for what inhibits");
    if (effect == "activates" && m.target != none) {
      const auto [entry, is_new] = gates.emplace(m.target, GateOf{m.gate, m.id, row.place("gate")});
      if (!is_new && entry->second.gate != m.gate)
        row.wrong("gate", "gate-conflict",
                  fmt::format("'{}' differs from '{}' of row '{}' ({}), which activates the same node '{}'",
                              gate, m.gate == Gate::all ? "any" : "all", entry->second.id,
                              show(entry->second.place), row.text("target")),
                  "a node has one gate: write the same on all rows that activate it");
    }
    if (m.target != none && (m.source_node != none || m.source_substance != none) && !effect.empty()) {
      auto& same = arrows[{m.source_node, m.source_substance, m.effect, m.target}];
      for (std::size_t before : same) report_overlap(*this, row, m, model.mechanisms[before]);
      same.push_back(model.mechanisms.size());
    }
    model.mechanisms.push_back(std::move(m));
  }
  for (Mechanism& m : model.mechanisms)
    if (const auto gate = gates.find(m.target); gate != gates.end()) m.gate = gate->second.gate;
}

}  // namespace stroma::model
