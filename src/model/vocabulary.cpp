// The words that rules are made of: what a signal may be called, what a behaviour, and in which units their
// values are. A person who writes a word that is not here learns which ones are.
#include <fmt/format.h>

#include <array>

#include "model/builder.hpp"

namespace stroma::model {
namespace {

// Behaviours that name neither a substance nor a cell type.
struct Plain {
  std::string_view name;
  core::Dimension dim;
};
constexpr std::array plain_behaviours = {
    Plain{"cycle_entry", core::dimension::rate},  Plain{"apoptosis", core::dimension::rate},
    Plain{"necrosis", core::dimension::rate},     Plain{"migration_speed", core::dimension::velocity},
    Plain{"phagocytosis", core::dimension::rate},
};
constexpr std::array spatial_signals = {std::string_view("pressure"), std::string_view("contact"),
                                        std::string_view("contact:dead"), std::string_view("time")};

bool names_exchange(std::string_view name) {
  return name.starts_with("secretion:") || name.starts_with("uptake:") || name.starts_with("consumption:");
}

std::string_view tail(std::string_view name) {
  return name.substr(name.find(':') + 1);
}

}  // namespace

SignalName Builder::resolve_signal(const core::Row& row, std::string_view column) {
  const std::string name = row.text(column);
  const bool is_name = nodes.find(name) != none || substances.find(name) != none;
  if (!is_name && name == "pressure") return {name, SignalKind::pressure};
  if (!is_name && name == "contact") return {name, SignalKind::contact};
  if (!is_name && name == "contact:dead") return {name, SignalKind::dead_contact};
  if (!is_name && name == "time") return {name, SignalKind::time};
  if (name.starts_with("contact:")) {
    const Index type = resolve(cell_types, row, column, tail(name));
    if (type == none) return {};
    return {name, SignalKind::contact, none, none, type};
  }
  const std::size_t before = problems.size();
  const auto [node, substance] = resolve_source(row, column);
  if (node != none) return {nodes.all[static_cast<std::size_t>(node)], SignalKind::node, node};
  if (substance != none)
    return {"substance:" + substances.all[static_cast<std::size_t>(substance)], SignalKind::substance, none,
            substance};
  // "presure" is nearer to a word of this table than to any node.
  if (problems.size() > before) {
    const std::vector<std::string> words(spatial_signals.begin(), spatial_signals.end());
    if (const std::string near = core::nearest(name, words); !near.empty())
      row.wrong(column, "unknown-signal", fmt::format("'{}' is not a signal of a tissue either", name),
                fmt::format("did you mean '{}'?", near));
  }
  return {};
}

std::optional<Behaviour> Builder::exchange_behaviour(const core::Row& row, std::string_view column,
                                                     std::string_view name) {
  const bool is_clearance = name.starts_with("uptake:");
  Behaviour behaviour{std::string(name), none,
                      non_negative(is_clearance ? clearance : core::dimension::amount_rate)};
  behaviour.substance = resolve(substances, row, column, tail(name));
  if (behaviour.substance == none) {
    if (name.back() == ':') row.wrong(column, "empty", fmt::format("'{}' names no substance", name));
    if (name.back() == ':' || substances.complete) return std::nullopt;
  }
  const bool known = behaviour.substance != none;
  const Substance substance =
      known ? model.substances[static_cast<std::size_t>(behaviour.substance)] : Substance{};
  if (known && name.starts_with("consumption:") && substance.consumption_half_max <= 0.0)
    row.wrong(
        column, "needs-half-max",
        fmt::format("'{}' saturates, but substance '{}' has no consumption_half_max", name, substance.name),
        "add the row to substances.csv, or write uptake:SUBSTANCE for an uptake that does not saturate");
  if (!is_clearance)
    behaviour.spec.mass =
        MassForm{core::dimension::mass_rate, known ? substance.molar_mass : 1.0, substance.name};
  return behaviour;
}

std::optional<Behaviour> Builder::resolve_behaviour(const core::Row& row, std::string_view column) {
  const std::string name = row.required_text(column);
  if (name.empty() || refuse_resistance(row, column, "behaviour")) return std::nullopt;
  for (const Plain& plain : plain_behaviours)
    if (name == plain.name) return Behaviour{name, none, non_negative(plain.dim)};
  if (names_exchange(name)) return exchange_behaviour(row, column, name);
  if (name.starts_with("chemotaxis:")) {
    const Index substance = resolve(substances, row, column, tail(name));
    if (substance == none && substances.complete) return std::nullopt;
    return Behaviour{name, substance, fraction()};
  }
  if (name.starts_with("attack:")) {
    if (resolve(cell_types, row, column, tail(name)) == none && cell_types.complete) return std::nullopt;
    return Behaviour{name, none, non_negative(core::dimension::rate)};
  }
  std::vector<std::string> known;
  for (const Plain& plain : plain_behaviours) known.emplace_back(plain.name);
  for (const std::string& substance : substances.all)
    for (const char* prefix : {"secretion:", "uptake:", "consumption:", "chemotaxis:"})
      known.push_back(prefix + substance);
  for (const std::string& type : cell_types.all) known.push_back("attack:" + type);
  const std::string near = core::nearest(name, known);
  row.wrong(column, "unknown-behaviour", fmt::format("behaviour '{}' is not known", name),
            near.empty() ? "known here: cycle_entry, apoptosis, necrosis, migration_speed, phagocytosis, "
                           "secretion:SUBSTANCE, uptake:SUBSTANCE, consumption:SUBSTANCE, "
                           "chemotaxis:SUBSTANCE, attack:CELL_TYPE"
                         : fmt::format("did you mean '{}'?", near));
  return std::nullopt;
}

}  // namespace stroma::model
