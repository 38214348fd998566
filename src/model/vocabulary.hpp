// The words that rules are made of, as one table: what a cell may do (behaviours) and what it may perceive
// (signals), what each takes, in which unit, and which settings perform it. Everything that validates,
// compiles, draws, describes or documents them reads this table; no other file takes a name apart.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/units.hpp"

namespace stroma::model {

using Index = std::int32_t;
inline constexpr Index none = -1;

struct Model;

/// What stands after the colon of a name, such as CXCL12 in "secretion:CXCL12".
enum class Operand : std::uint8_t { nothing, substance, cell_type, node };

/// Where cells live: in one well-mixed medium, or in two or three dimensions.
enum class Setting : std::uint8_t { culture, space };

enum class BehaviourKind : std::uint8_t {
  cycle_entry,
  apoptosis,
  necrosis,
  secretion,
  uptake,
  consumption,
  migration_speed,
  chemotaxis,
  attack,
  phagocytosis,
  conversion,
  asymmetric_division,
  phagocytosis_of_apoptotic,
  phagocytosis_of_necrotic,
  ingestion,
  fusion,
  injury,
  damage_rate,
  damage_repair,
  persistence,
  adhesion,
  repulsion,
};
inline constexpr std::size_t behaviour_kinds = static_cast<std::size_t>(BehaviourKind::repulsion) + 1;

enum class SignalKind : std::uint8_t {
  node,          ///< activity in [0, 1]
  substance,     ///< nM
  pressure,      ///< of the neighbours, in units of cells::pressure
  contact,       ///< live cells that touch this one
  contact_with,  ///< those of one cell type, or of the types of a family
  dead_contact,  ///< dying cells that touch this one
  time,          ///< min since the beginning of the experiment
  volume,        ///< um^3, of the cell
  damage,        ///< what injuries and damage_rate have done to it, less what it has repaired
  damage_dealt,  ///< injuries that it has done to others
  dying,         ///< 1 in a dying cell, 0 in a live one; the next two likewise
  apoptotic,
  necrotic,
  apoptotic_contact,  ///< cells in apoptosis that touch this one
  necrotic_contact,
  inside,      ///< free concentration of a drug in the cell, nM
  serum,       ///< volume fraction of the medium
  confluence,  ///< of the growth area, what live cells cover; of a culture
  rise,        ///< nM/min; of the concentration at the cell, over its memory
  fall,
};

/// A behaviour or a signal of a model: its kind and what it takes, as an index into the model's substances,
/// cell types or nodes. The name is how the model's files write it, for people. Order is by name, as in the
/// files' listings; equality by kind and operand.
template <class Kind>
struct Word {
  Kind kind{};
  Index operand = none;
  std::string name;
  /// What it takes, where it is of this kind; none otherwise.
  Index of(Kind wanted) const { return kind == wanted ? operand : none; }
  friend bool operator==(const Word& a, const Word& b) { return a.kind == b.kind && a.operand == b.operand; }
  friend auto operator<=>(const Word& a, const Word& b) { return a.name <=> b.name; }
};
using Behaviour = Word<BehaviourKind>;
using Signal = Word<SignalKind>;

struct BehaviourRow {
  BehaviourKind kind;
  std::string_view word;  ///< the name, or what stands before the colon
  Operand operand;
  core::Dimension dimension;  ///< of its value
  bool in_culture, in_space;  ///< which settings perform it
  bool by_the_dying;          ///< whether a rule may make dying cells do it (`dead` in rules.csv)
  std::string_view unit;      ///< of listings; empty for a pure number
  std::string_view title;     ///< of a figure; {} stands for what it takes
  std::string_view doc;       ///< one line
  double base = 0.0;          ///< its value where no row of a cell type says it
};

struct SignalRow {
  SignalKind kind;
  std::string_view word;  ///< as above; empty for a node, which is called by its own name
  Operand operand;
  core::Dimension dimension;
  bool in_culture, in_space;
  std::string_view title;
  std::string_view doc;
};

/// The table, in the order of the enumerations.
std::span<const BehaviourRow> behaviour_rows();
std::span<const SignalRow> signal_rows();
const BehaviourRow& row_of(BehaviourKind kind);
const SignalRow& row_of(SignalKind kind);

/// The row that a name such as "secretion:CXCL12" calls, or null; for a name with a colon only rows that take
/// something. A signal that is the name of a node is not looked for here.
const BehaviourRow* behaviour_called(std::string_view name);
const SignalRow* signal_called(std::string_view name);
/// What stands after the first colon; empty where there is none.
std::string_view operand_name(std::string_view name);

/// "secretion:SUBSTANCE": how a row is written, with the kind of thing it takes in capitals.
std::string form_of(const BehaviourRow& row);
std::string form_of(const SignalRow& row);

/// The behaviour or signal of this name in a model, or nothing where either the word or what it takes is
/// unknown.
std::optional<Behaviour> find_behaviour(const Model& model, std::string_view name);
std::optional<Signal> find_signal(const Model& model, std::string_view name);

/// "secretion of CXCL12 per cell", "contact with CAF": the title with what it takes.
std::string title_of(const Model& model, const Behaviour& behaviour);
std::string title_of(const Model& model, const Signal& signal);
/// A value in internal units with the unit of its row.
std::string print_value(const Behaviour& behaviour, double value);

std::string_view to_string(Setting setting);  ///< "a culture", "space"
/// Whether the behaviour makes a cell one of another type.
constexpr bool changes_type(BehaviourKind kind) {
  return kind == BehaviourKind::conversion || kind == BehaviourKind::asymmetric_division;
}
/// Whether it is what a cell is rather than what it does: every cell in space has some, without a rule.
constexpr bool is_property(BehaviourKind kind) {
  return kind == BehaviourKind::persistence || kind == BehaviourKind::adhesion ||
         kind == BehaviourKind::repulsion;
}
/// Whether a live cell never perceives it: the signal is about its own death.
constexpr bool only_of_the_dying(SignalKind kind) {
  return kind == SignalKind::dying || kind == SignalKind::apoptotic || kind == SignalKind::necrotic;
}
bool performs(Setting setting, BehaviourKind kind);
bool performs(Setting setting, SignalKind kind);

/// The table as the two lists of docs/model.md, in Markdown.
std::string vocabulary_markdown();

}  // namespace stroma::model
