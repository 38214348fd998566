// What the steps of build() share: the model under construction, the names known so far, and the readers of
// one number, its range and its source. Private to the module; the order of the steps is in build.cpp.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/keys.hpp"
#include "core/table.hpp"
#include "model/build.hpp"
#include "model/keys.hpp"

namespace stroma::model {

/// The names of one kind of thing ("node", "substance"). Where their table could not be read, a name is not
/// looked up: a follow-up error per mention would bury the one that matters.
struct Names {
  std::string kind;
  std::vector<std::string> all;
  bool complete = true;
  Index find(std::string_view name) const;
};

/// A mass in place of an amount: a secretion in pg/h, a dissociation constant in ng/mL.
struct MassForm {
  core::Dimension dim;
  double molar_mass = 0.0;  ///< pg per nM um^3; 0 where unknown
  std::string substance;
};

/// What a number must be.
struct NumberSpec {
  core::Dimension dim;
  core::Range range{};
  bool below_high = false;  ///< the upper end of the range is excluded
  bool whole = false;
  std::optional<MassForm> mass{};
};

/// The range of an assumption whose row states none.
struct Fallback {
  std::optional<Interval> interval;
  bool is_factor = false;  ///< of the value
  bool always = false;     ///< holds for sourced rows too
  std::string where;       ///< the key of model.toml that states it
};

/// A row of a table of the form "owner, parameter, value" that was read and found unique.
struct OwnRow {
  std::string parameter;
  Parameter number;
};

class Builder {
 public:
  Builder(const Files& from, core::Diagnostics& found) : files(from), problems(found) {}

  const Files& files;
  core::Diagnostics& problems;
  Model model;
  Names references{"reference", {}, true}, substances{"substance", {}, true}, drugs{"drug", {}, true},
      nodes{"node", {}, true}, cell_types{"cell type", {}, true};
  std::vector<Index> parents;                 ///< per cell type; none for a root, cycles cut
  std::vector<std::vector<OwnRow>> own_rows;  ///< per cell type, in the order of the file
  std::map<std::string, core::Place> row_ids;

  // The steps, in their order.
  void read_header();
  void read_references();
  void read_substances();
  void read_drugs();
  void read_cell_type_tree();
  void read_nodes();
  void read_cell_types();
  void read_transporters();
  void read_drug_targets();
  void read_mechanisms();
  void read_rules();
  /// Rows that can have no effect in any setting.
  void refuse_idle_rows();
  void check_conversions();
  /// Signals and behaviours that nothing in the model gives a meaning: damage that nobody does.
  void refuse_idle_damage();
  void refuse_idle_parameters();

  /// Whether a problem of this file was reported before: its reader has said why there is nothing in it.
  bool reported(const std::string& file) const;
  /// Whether the table has its columns and may be read; reports what is wrong with them once.
  bool usable(const core::Table& table, const core::Keys& columns);

  /// The index of the name in `column`, or none and a diagnostic with "did you mean".
  Index resolve(const Names& names, const core::Row& row, std::string_view column, std::string_view name);
  /// A source or signal: "X", "node:X" or "substance:X". Exactly one of the two is set on success.
  std::pair<Index, Index> resolve_source(const core::Row& row, std::string_view column);
  /// The concrete cell types of a list of types and families, in the order of the model, each once.
  std::vector<Index> resolve_cell_types(const core::Row& row, std::string_view column);
  /// A cell type, or a family with members, of this name; none and a diagnostic otherwise.
  Index resolve_type_or_family(const core::Row& row, std::string_view column, std::string_view name);
  /// A signal of the vocabulary; one without a name, and a diagnostic, where it could not be resolved.
  Signal resolve_signal(const core::Row& row, std::string_view column);
  /// A behaviour of the vocabulary; nothing and a diagnostic where it or what it takes is unknown. Where the
  /// table of what it takes could not be read, that is none.
  std::optional<Behaviour> resolve_behaviour(const core::Row& row, std::string_view column);
  std::optional<Behaviour> resolve_behaviour(const core::Row& row, std::string_view column,
                                             const BehaviourRow& word, const std::string& name);
  /// What a value of the behaviour must be.
  NumberSpec spec_of(const Behaviour& behaviour) const;

  /// A name that can be used in lists and prefixes; false and a diagnostic otherwise.
  bool valid_name(const core::Row& row, std::string_view column, std::string_view kind);
  bool refuse_resistance(const core::Row& row, std::string_view column, std::string_view kind);
  /// The id of a mechanism, rule or drug target: unique over the three files.
  std::string read_row_id(const core::Row& row);
  std::string read_grade(const core::Row& row);
  /// true/false or yes/no; empty means false.
  bool read_flag(const core::Row& row, std::string_view column);

  /// The keys in `reference`, checked and joined; place and note of the row.
  Provenance read_sources(const core::Row& row, bool required);
  /// A number in `column` with its source and range (columns low, high, reference). A neutral value inside
  /// the range and a diagnostic where anything is wrong.
  Parameter read_number(const core::Row& row, std::string_view column, const NumberSpec& spec,
                        const Fallback& fallback = {});
  /// Same, with the sources already read.
  Parameter read_number(const core::Row& row, std::string_view column, const NumberSpec& spec,
                        const Fallback& fallback, Provenance sources);
  /// A number of a mechanism or rule that carries no range of its own.
  double read_strength(const core::Row& row, std::string_view column, const NumberSpec& spec,
                       const Interval& allowed);
  /// A text: no range, no unit; a source is optional.
  std::string read_text(const core::Row& row, std::string_view column);
  /// Reports a low or high beside a text.
  void refuse_range(const core::Row& row);
  NumberSpec concentration_spec(Index substance) const;

  bool has_node(Index node, Index cell_type) const;
  /// Reports each cell type of `types` that lacks `node`.
  void require_node(const core::Row& row, std::string_view column, Index node,
                    const std::vector<Index>& types);
  /// From the root family to the type itself.
  std::vector<Index> lineage(Index cell_type) const;

 private:
  std::optional<double> read_value(const core::Row& row, std::string_view column, const NumberSpec& spec);
};

/// Remembers keys and where they were first seen.
class FirstSeen {
 public:
  /// The place of the earlier row with this key, or nothing where this is the first.
  std::optional<core::Place> earlier(const std::string& key, const core::Place& place);

 private:
  std::map<std::string, core::Place> seen_;
};

/// Reports a second row for one thing, naming both places.
void report_duplicate(core::Diagnostics& problems, const core::Row& row, std::string_view column,
                      const std::string& what, const core::Place& first);

/// "file:line" or "file:line:column".
std::string show(const core::Place& place);

inline NumberSpec fraction() {
  return {core::dimension::none, core::Range::closed(0.0, 1.0)};
}
inline NumberSpec positive(core::Dimension dim) {
  return {dim, core::Range::positive()};
}
inline NumberSpec non_negative(core::Dimension dim) {
  return {dim, core::Range::non_negative()};
}
/// Of a mechanism or a target; a rule may be a step, which a power of 300 is.
inline NumberSpec hill_power(double most = 10.0) {
  return {core::dimension::none, {0.0, most, true}};
}
inline NumberSpec open_fraction() {
  return {core::dimension::none, {0.0, 1.0, true}, true};
}
inline NumberSpec stage_count() {
  return {core::dimension::none, core::Range::closed(1.0, 200.0), false, true};
}

}  // namespace stroma::model
