#include "model/vocabulary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/errors.hpp"
#include "model/model.hpp"

namespace stroma::model {
namespace {

using enum BehaviourKind;
namespace dim = core::dimension;

constexpr core::Dimension clearance{.length = 3, .time = -1};
constexpr core::Dimension concentration_rate{.length = -3, .time = -1, .amount = 1};
constexpr bool yes = true, no = false;

// kind, word, takes, dimension, culture, space, dying, unit, title, doc
constexpr std::array behaviours = {
    BehaviourRow{
        cycle_entry, "cycle_entry", Operand::nothing, dim::rate, yes, yes, no, "1/h", "cycle entry",
        "rate of leaving the first phase of the cycle; its base value is one over that phase's duration"},
    BehaviourRow{apoptosis, "apoptosis", Operand::nothing, dim::rate, yes, yes, no, "1/h", "apoptosis",
                 "hazard of apoptosis"},
    BehaviourRow{necrosis, "necrosis", Operand::nothing, dim::rate, yes, yes, no, "1/h", "necrosis",
                 "hazard of necrosis"},
    BehaviourRow{secretion, "secretion", Operand::substance, dim::amount_rate, yes, yes, yes, "molecules/min",
                 "secretion of {} per cell", "amount, or mass, given to the surroundings per time"},
    BehaviourRow{uptake, "uptake", Operand::substance, clearance, yes, yes, yes, "um^3/min",
                 "clearance of {} per cell",
                 "volume of the surroundings cleared per time; does not saturate"},
    BehaviourRow{
        consumption, "consumption", Operand::substance, dim::amount_rate, yes, yes, yes, "molecules/min",
        "consumption of {} per cell",
        "greatest amount, or mass, taken per time; saturates at the substance's consumption_half_max"},
    BehaviourRow{migration_speed, "migration_speed", Operand::nothing, dim::velocity, no, yes, no, "um/min",
                 "migration speed", "speed of the persistent random walk"},
    BehaviourRow{chemotaxis, "chemotaxis", Operand::substance, dim::none, no, yes, no, "",
                 "chemotactic bias to {}",
                 "bias of migration up the gradient, 0 to 1; down the gradient, 0 to -1"},
    BehaviourRow{attack, "attack", Operand::cell_type, dim::rate, no, yes, no, "1/h", "attack on {}",
                 "rate at which it kills a cell of that type or family that it touches"},
    BehaviourRow{phagocytosis, "phagocytosis", Operand::nothing, dim::rate, no, yes, no, "1/h",
                 "phagocytosis", "rate at which it eats a dying cell that it touches"},
    BehaviourRow{conversion, "conversion", Operand::cell_type, dim::rate, yes, yes, no, "1/h",
                 "conversion to {}", "hazard of becoming a cell of that type"},
    BehaviourRow{
        asymmetric_division, "asymmetric_division", Operand::cell_type, dim::none, yes, yes, no, "",
        "share of divisions with a {}",
        "probability that one daughter is a cell of that type; several that add up to more than 1 are "
        "divided by their sum"},
    BehaviourRow{phagocytosis_of_apoptotic, "phagocytosis:apoptotic", Operand::nothing, dim::rate, no, yes,
                 no, "1/h", "phagocytosis of apoptotic cells",
                 "rate at which it eats an apoptotic cell that it touches"},
    BehaviourRow{phagocytosis_of_necrotic, "phagocytosis:necrotic", Operand::nothing, dim::rate, no, yes, no,
                 "1/h", "phagocytosis of necrotic cells",
                 "rate at which it eats a necrotic cell that it touches"},
    BehaviourRow{ingestion, "ingestion", Operand::cell_type, dim::rate, no, yes, no, "1/h", "ingestion of {}",
                 "rate at which it eats a live cell of that type or family that it touches"},
    BehaviourRow{fusion, "fusion", Operand::cell_type, dim::rate, no, yes, no, "1/h", "fusion with {}",
                 "rate at which it becomes one with a live cell of that type or family that it touches"},
    BehaviourRow{
        injury, "injury", Operand::cell_type, dim::rate, no, yes, no, "1/h", "injury of {}",
        "rate at which it adds 1 to the damage of a live cell of that type or family that it touches"},
    BehaviourRow{damage_rate, "damage_rate", Operand::nothing, dim::rate, yes, yes, no, "1/h",
                 "damage per time", "damage that it takes per time, from a drug for example"},
    BehaviourRow{damage_repair, "damage_repair", Operand::nothing, dim::rate, yes, yes, no, "1/h",
                 "repair of damage", "rate at which damage decays"},
    BehaviourRow{persistence, "persistence", Operand::nothing, dim::time, no, yes, no, "min",
                 "persistence of migration",
                 "mean time between turns; 15 min where no row says it, an assumption (5 min to 1 h)", 15.0},
    BehaviourRow{adhesion, "adhesion", Operand::nothing, dim::velocity, no, yes, no, "um/min", "adhesion",
                 "coefficient of the pull between cells"},
    BehaviourRow{repulsion, "repulsion", Operand::nothing, dim::velocity, no, yes, no, "um/min", "repulsion",
                 "coefficient of the push between cells"},
};

constexpr std::array signals = {
    SignalRow{SignalKind::node, "", Operand::node, dim::none, yes, yes, "{}",
              "activity of a node of the cell's network, 0 to 1"},
    SignalRow{SignalKind::substance, "substance", Operand::substance, dim::concentration, yes, yes, "{}",
              "total concentration at the cell; the plain name where no node is called so"},
    SignalRow{SignalKind::pressure, "pressure", Operand::nothing, dim::none, no, yes, "pressure",
              "of the neighbours; 1: twelve as in a packed layer"},
    SignalRow{SignalKind::contact, "contact", Operand::nothing, dim::none, no, yes, "live cells in contact",
              "live cells that touch it"},
    SignalRow{SignalKind::contact_with, "contact", Operand::cell_type, dim::none, no, yes,
              "cells of {} in contact", "live cells of that type or family that touch it"},
    SignalRow{SignalKind::dead_contact, "contact:dead", Operand::nothing, dim::none, no, yes,
              "dying cells in contact", "dying cells that touch it"},
    SignalRow{SignalKind::time, "time", Operand::nothing, dim::time, yes, yes, "time",
              "since the start of the experiment"},
    SignalRow{SignalKind::volume, "volume", Operand::nothing, core::dimension::volume, yes, yes, "volume",
              "of the cell; in a culture that of its type, always"},
    SignalRow{
        SignalKind::damage, "damage", Operand::nothing, dim::none, yes, yes, "damage",
        "what `injury` of others and its own `damage_rate` have added up to, less what `damage_repair` took "
        "away; daughters have their mother's"},
    SignalRow{SignalKind::damage_dealt, "damage_dealt", Operand::nothing, dim::none, no, yes, "damage dealt",
              "number of injuries that it has done to others"},
    SignalRow{SignalKind::dying, "dying", Operand::nothing, dim::none, yes, yes, "dying",
              "1 in a dying cell, 0 in a live one"},
    SignalRow{SignalKind::apoptotic, "apoptotic", Operand::nothing, dim::none, yes, yes, "apoptotic",
              "1 in an apoptotic cell, 0 in others"},
    SignalRow{SignalKind::necrotic, "necrotic", Operand::nothing, dim::none, yes, yes, "necrotic",
              "1 in a necrotic cell, 0 in others"},
    SignalRow{SignalKind::apoptotic_contact, "contact:apoptotic", Operand::nothing, dim::none, no, yes,
              "apoptotic cells in contact", "apoptotic cells that touch it"},
    SignalRow{SignalKind::necrotic_contact, "contact:necrotic", Operand::nothing, dim::none, no, yes,
              "necrotic cells in contact", "necrotic cells that touch it"},
    SignalRow{SignalKind::inside, "inside", Operand::substance, dim::concentration, yes, yes, "{} inside",
              "free concentration of a drug in the cell"},
    SignalRow{SignalKind::serum, "serum", Operand::nothing, dim::none, yes, yes, "serum",
              "volume fraction of serum in the medium"},
    SignalRow{SignalKind::confluence, "confluence", Operand::nothing, dim::none, yes, no, "confluence",
              "share of the growth area that live cells cover, each its type's `footprint`; may be above 1"},
    SignalRow{
        SignalKind::rise, "rise", Operand::substance, concentration_rate, yes, yes, "rise of {}",
        "how fast the concentration at the cell rises, over the cell type's `memory`; 0 where it falls"},
    SignalRow{SignalKind::fall, "fall", Operand::substance, concentration_rate, yes, yes, "fall of {}",
              "how fast it falls; 0 where it rises"},
};

template <class Rows>
constexpr bool in_order(const Rows& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (static_cast<std::size_t>(rows[i].kind) != i) return false;
  return true;
}
static_assert(in_order(behaviours) && behaviours.size() == behaviour_kinds);
static_assert(in_order(signals) && signals.size() == static_cast<std::size_t>(SignalKind::fall) + 1);

template <class Rows>
auto called(const Rows& rows, std::string_view name) -> decltype(rows.data()) {
  const std::string_view head = name.substr(0, name.find(':'));
  for (const auto& row : rows)
    if (row.operand == Operand::nothing && row.word == name) return &row;
  for (const auto& row : rows)
    if (row.operand != Operand::nothing && head.size() < name.size() && !head.empty() && row.word == head)
      return &row;
  return nullptr;
}

Index find_operand(const Model& m, Operand operand, std::string_view name) {
  switch (operand) {
    case Operand::substance:
      return m.substance(name);
    case Operand::cell_type:
      return m.cell_type(name);
    case Operand::node:
      return m.node(name);
    case Operand::nothing:
      break;
  }
  return none;
}

std::string name_of(const Model& m, Operand operand, Index index) {
  const auto i = static_cast<std::size_t>(index);
  switch (operand) {
    case Operand::substance:
      return m.substances[i].name;
    case Operand::cell_type:
      return m.cell_types[i].name;
    case Operand::node:
      return m.nodes[i].name;
    case Operand::nothing:
      break;
  }
  return {};
}

template <class Kind>
std::optional<Word<Kind>> find_word(const Model& m, const auto* row, std::string_view name) {
  if (row == nullptr) return std::nullopt;
  Word<Kind> word{row->kind, none, std::string(name)};
  if (row->operand == Operand::nothing) return word;
  word.operand = find_operand(m, row->operand, operand_name(name));
  return word.operand == none ? std::nullopt : std::optional(word);
}

template <class Kind>
std::string titled(const Model& m, const Word<Kind>& word) {
  const auto& row = row_of(word.kind);
  std::string title(row.title);
  const std::size_t hole = title.find("{}");
  if (hole != std::string::npos) title.replace(hole, 2, name_of(m, row.operand, word.operand));
  return title;
}

std::string_view capitals(Operand operand) {
  switch (operand) {
    case Operand::substance:
      return "SUBSTANCE";
    case Operand::cell_type:
      return "CELL_TYPE";
    case Operand::node:
      return "NODE";
    case Operand::nothing:
      break;
  }
  return "";
}

std::string written(std::string_view word, Operand operand) {
  if (operand == Operand::nothing) return std::string(word);
  return word.empty() ? std::string(capitals(operand)) : fmt::format("{}:{}", word, capitals(operand));
}

const char* mark(bool performed) {
  return performed ? "yes" : "no";
}

std::string dimension_words(const core::Dimension& d) {
  return d == dim::none ? "number" : core::describe(d);
}

}  // namespace

std::span<const BehaviourRow> behaviour_rows() {
  return behaviours;
}
std::span<const SignalRow> signal_rows() {
  return signals;
}
const BehaviourRow& row_of(BehaviourKind kind) {
  return behaviours[static_cast<std::size_t>(kind)];
}
const SignalRow& row_of(SignalKind kind) {
  return signals[static_cast<std::size_t>(kind)];
}

const BehaviourRow* behaviour_called(std::string_view name) {
  return called(behaviours, name);
}
const SignalRow* signal_called(std::string_view name) {
  return called(signals, name);
}
std::string_view operand_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? std::string_view() : name.substr(colon + 1);
}

std::string form_of(const BehaviourRow& row) {
  return written(row.word, row.operand);
}
std::string form_of(const SignalRow& row) {
  return written(row.word, row.operand);
}

std::optional<Behaviour> find_behaviour(const Model& model, std::string_view name) {
  return find_word<BehaviourKind>(model, behaviour_called(name), name);
}

std::optional<Signal> find_signal(const Model& model, std::string_view name) {
  if (const Index node = model.node(name); node != none)
    return Signal{SignalKind::node, node, std::string(name)};
  if (const Index substance = model.substance(name); substance != none)
    return Signal{SignalKind::substance, substance, "substance:" + std::string(name)};
  return find_word<SignalKind>(model, signal_called(name), name);
}

std::string title_of(const Model& model, const Behaviour& behaviour) {
  return titled(model, behaviour);
}
std::string title_of(const Model& model, const Signal& signal) {
  return titled(model, signal);
}

std::string print_value(const Behaviour& behaviour, double value) {
  const std::string_view unit = row_of(behaviour.kind).unit;
  if (unit.empty()) return fmt::format("{:.6g}", value);
  return fmt::format("{:.6g} {}", core::in_unit(value, unit), unit);
}

std::string_view to_string(Setting setting) {
  return setting == Setting::culture ? "a culture" : "space";
}
bool performs(Setting setting, BehaviourKind kind) {
  return setting == Setting::culture ? row_of(kind).in_culture : row_of(kind).in_space;
}
bool performs(Setting setting, SignalKind kind) {
  return setting == Setting::culture ? row_of(kind).in_culture : row_of(kind).in_space;
}

std::string vocabulary_markdown() {
  std::string text =
      "| behaviour | value | in a culture | in space | by dying cells | meaning "
      "|\n|---|---|---|---|---|---|\n";
  for (const BehaviourRow& row : behaviours)
    text += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", form_of(row), dimension_words(row.dimension),
                        mark(row.in_culture), mark(row.in_space), mark(row.by_the_dying), row.doc);
  text += "\n| signal | half-max | in a culture | in space | meaning |\n|---|---|---|---|---|\n";
  for (const SignalRow& row : signals)
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", form_of(row), dimension_words(row.dimension),
                        mark(row.in_culture), mark(row.in_space), row.doc);
  return text;
}

}  // namespace stroma::model
