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
                 "chemotactic bias to {}", "bias of migration up the gradient, 0 to 1"},
    BehaviourRow{attack, "attack", Operand::cell_type, dim::rate, no, yes, no, "1/h", "attack on {}",
                 "rate at which it kills a cell of that type or family that it touches"},
    BehaviourRow{phagocytosis, "phagocytosis", Operand::nothing, dim::rate, no, yes, no, "1/h",
                 "phagocytosis", "rate at which it takes up a dying cell that it touches"},
    BehaviourRow{conversion, "conversion", Operand::cell_type, dim::rate, yes, yes, no, "1/h",
                 "conversion to {}", "hazard of becoming a cell of that type"},
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
};

template <class Rows>
constexpr bool in_order(const Rows& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (static_cast<std::size_t>(rows[i].kind) != i) return false;
  return true;
}
static_assert(in_order(behaviours) && behaviours.size() == static_cast<std::size_t>(conversion) + 1);
static_assert(in_order(signals) && signals.size() == static_cast<std::size_t>(SignalKind::time) + 1);

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
