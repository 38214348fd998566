// Signals and behaviours as tables write them, looked up in the vocabulary. A person who writes a word that
// is not there learns which ones are.
#include <fmt/format.h>

#include <algorithm>

#include "model/builder.hpp"

namespace stroma::model {
namespace {

const Names& names_of(const Builder& b, Operand operand) {
  return operand == Operand::substance   ? b.substances
         : operand == Operand::cell_type ? b.cell_types
                                         : b.nodes;
}

// "presure" is nearer to a word of this table than to any node.
void suggest_signal(const core::Row& row, std::string_view column, const std::string& name) {
  std::vector<std::string> words;
  for (const SignalRow& signal : signal_rows())
    if (signal.operand == Operand::nothing) words.emplace_back(signal.word);
  if (const std::string near = core::nearest(name, words); !near.empty())
    row.wrong(column, "unknown-signal", fmt::format("'{}' is not a signal of a tissue either", name),
              fmt::format("did you mean '{}'?", near));
}

// Every name that a behaviour can have in this model.
std::vector<std::string> known_behaviours(const Builder& b) {
  std::vector<std::string> known;
  for (const BehaviourRow& row : behaviour_rows())
    if (row.operand == Operand::nothing) known.emplace_back(row.word);
  for (const BehaviourRow& row : behaviour_rows())
    if (row.operand != Operand::nothing)
      for (const std::string& name : names_of(b, row.operand).all)
        known.push_back(fmt::format("{}:{}", row.word, name));
  return known;
}

std::string all_forms() {
  std::string forms;
  for (const BehaviourRow& row : behaviour_rows()) forms += (forms.empty() ? "" : ", ") + form_of(row);
  return forms;
}

// "inside:DRUG", "rise:SUBSTANCE": a substance that is not read as it is outside and now.
Signal resolve_perceived(Builder& b, const core::Row& row, std::string_view column, const SignalRow& word) {
  const std::string name = row.text(column);
  const Index substance = b.resolve(b.substances, row, column, operand_name(name));
  if (substance == none) return {};
  const auto enters = [&](const Drug& drug) { return drug.substance == substance && drug.influx > 0.0; };
  if (word.kind == SignalKind::inside && std::ranges::none_of(b.model.drugs, enters)) {
    row.wrong(column, "stays-outside",
              fmt::format("'{}' is always 0: {} is no drug that enters cells", name, operand_name(name)),
              "give it an influx in drugs.csv, or read its concentration at the cell by its name");
    return {};
  }
  return {word.kind, substance, name};
}

}  // namespace

Index Builder::resolve_type_or_family(const core::Row& row, std::string_view column, std::string_view name) {
  const Index type = resolve(cell_types, row, column, name);
  if (type == none || !model.members(type).empty()) return type;
  row.wrong(column, "empty-family",
            fmt::format("'{}' is a family without members, so nothing can be meant by it", name));
  return none;
}

Signal Builder::resolve_signal(const core::Row& row, std::string_view column) {
  const std::string name = row.text(column);
  const bool is_name = nodes.find(name) != none || substances.find(name) != none;
  const SignalRow* word = is_name ? nullptr : signal_called(name);
  if (word != nullptr && word->operand == Operand::nothing) return {word->kind, none, name};
  if (word != nullptr && word->operand == Operand::cell_type) {
    const Index type = resolve_type_or_family(row, column, operand_name(name));
    return type == none ? Signal{} : Signal{word->kind, type, name};
  }
  if (word != nullptr && word->kind != SignalKind::substance)
    return resolve_perceived(*this, row, column, *word);
  const std::size_t before = problems.size();
  const auto [node, substance] = resolve_source(row, column);
  if (node != none) return {SignalKind::node, node, nodes.all[static_cast<std::size_t>(node)]};
  if (substance != none)
    return {SignalKind::substance, substance,
            "substance:" + substances.all[static_cast<std::size_t>(substance)]};
  if (problems.size() > before) suggest_signal(row, column, name);
  return {};
}

NumberSpec Builder::spec_of(const Behaviour& behaviour) const {
  const core::Dimension dim = row_of(behaviour.kind).dimension;
  NumberSpec spec = dim == core::dimension::none ? fraction() : non_negative(dim);
  if (behaviour.kind == BehaviourKind::chemotaxis) spec.range = core::Range::closed(-1.0, 1.0);
  if (behaviour.kind == BehaviourKind::persistence) spec.range = core::Range::positive();
  if (dim == core::dimension::amount_rate) {
    const bool known = behaviour.operand != none;
    const Substance substance =
        known ? model.substances[static_cast<std::size_t>(behaviour.operand)] : Substance{};
    spec.mass = MassForm{core::dimension::mass_rate, known ? substance.molar_mass : 1.0, substance.name};
  }
  return spec;
}

std::optional<Behaviour> Builder::resolve_behaviour(const core::Row& row, std::string_view column,
                                                    const BehaviourRow& word, const std::string& name) {
  Behaviour behaviour{word.kind, none, name};
  if (word.operand == Operand::nothing) return behaviour;
  const Names& names = names_of(*this, word.operand);
  const std::string_view operand = operand_name(name);
  behaviour.operand = word.operand == Operand::cell_type ? resolve_type_or_family(row, column, operand)
                                                         : resolve(names, row, column, operand);
  if (behaviour.operand == none) {
    if (operand.empty()) row.wrong(column, "empty", fmt::format("'{}' names no {}", name, names.kind));
    if (operand.empty() || names.complete) return std::nullopt;
    return behaviour;
  }
  if (word.kind != BehaviourKind::consumption) return behaviour;
  const Substance& substance = model.substances[static_cast<std::size_t>(behaviour.operand)];
  if (substance.consumption_half_max <= 0.0)
    row.wrong(
        column, "needs-half-max",
        fmt::format("'{}' saturates, but substance '{}' has no consumption_half_max", name, substance.name),
        "add the row to substances.csv, or write uptake:SUBSTANCE for an uptake that does not saturate");
  return behaviour;
}

std::optional<Behaviour> Builder::resolve_behaviour(const core::Row& row, std::string_view column) {
  const std::string name = row.required_text(column);
  if (name.empty() || refuse_resistance(row, column, "behaviour")) return std::nullopt;
  if (const BehaviourRow* word = behaviour_called(name)) return resolve_behaviour(row, column, *word, name);
  const std::string near = core::nearest(name, known_behaviours(*this));
  row.wrong(column, "unknown-behaviour", fmt::format("behaviour '{}' is not known", name),
            near.empty() ? "known here: " + all_forms() : fmt::format("did you mean '{}'?", near));
  return std::nullopt;
}

}  // namespace stroma::model
