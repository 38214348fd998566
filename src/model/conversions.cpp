#include "model/conversions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/builder.hpp"

namespace stroma::model {
namespace {

bool shares_a_node(const Model& model, std::size_t from, std::size_t to) {
  bool any_from = false, any_to = false, both = false;
  for (const Node& node : model.nodes) {
    const bool in_from = node.per_cell_type[from].has_value(), in_to = node.per_cell_type[to].has_value();
    any_from = any_from || in_from;
    any_to = any_to || in_to;
    both = both || (in_from && in_to);
  }
  return both || !any_from || !any_to;
}

// Where a type gets a behaviour from: a row of its own or of a family, or the first rule about it.
core::Place place_of(const Builder& b, Index index, const Behaviour& behaviour) {
  const CellType& type = b.model.cell_types[static_cast<std::size_t>(index)];
  if (const auto row = type.parameters.find(behaviour.name); row != type.parameters.end())
    return row->second.provenance.place;
  for (const Rule& rule : b.model.rules)
    if (rule.behaviour == behaviour && std::ranges::find(rule.cell_types, index) != rule.cell_types.end())
      return rule.provenance.place;
  return type.place;
}

}  // namespace

bool check_conversion(const Model& model, Index from, Index to, const core::Place& place,
                      core::Diagnostics& problems) {
  const auto i = static_cast<std::size_t>(from), j = static_cast<std::size_t>(to);
  const std::string& name = model.cell_types[j].name;
  if (model.cell_types[j].abstract) {
    problems.add("conversion-to-family", place, "conversion:" + name,
                 fmt::format("'{}' is a family: no cell is of it, so none becomes one", name),
                 "name one of its cell types");
    return false;
  }
  if (!shares_a_node(model, i, j)) {
    problems.add(
        "conversion-without-map", place, "conversion:" + name,
        fmt::format("'{}' and '{}' have no node in common: nothing of the one's network passes over to "
                    "the other's",
                    model.cell_types[i].name, name),
        "give both types the nodes that a cell keeps when it converts");
    return false;
  }
  return true;
}

void Builder::check_conversions() {
  if (!problems.empty()) return;
  const auto no_effect = [&](const core::Place& place, const std::string& name) {
    problems.add("no-effect", place, name,
                 fmt::format("'{}' can do nothing: its cells are of that type", name));
  };
  for (const Rule& rule : model.rules)
    if (changes_type(rule.behaviour.kind) && rule.cell_types == std::vector<Index>{rule.behaviour.operand})
      no_effect(rule.provenance.place, rule.id);
  for (std::size_t t = 0; t < model.cell_types.size(); ++t) {
    const auto index = static_cast<Index>(t);
    for (const OwnRow& row : own_rows[t])
      if (const auto word = find_behaviour(model, row.parameter);
          word && changes_type(word->kind) && word->operand == index)
        no_effect(row.number.provenance.place, row.parameter);
    for (const auto& [behaviour, base] : model.cell_types[t].behaviours) {
      if (!changes_type(behaviour.kind) || behaviour.operand == index) continue;  // inherited from the family
      check_conversion(model, index, behaviour.operand, place_of(*this, index, behaviour), problems);
    }
  }
}

}  // namespace stroma::model
