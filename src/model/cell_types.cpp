// The numbers of cell types (cell_types.csv): rows are read once where they stand; then each type takes its
// families' rows, the more specific one winning, and is assembled from them.
#include <fmt/format.h>

#include <algorithm>

#include "model/builder.hpp"

namespace stroma::model {
namespace {

// Beside these, every behaviour of the vocabulary but cycle_entry has its base value here.
const std::vector<std::string> plain_parameters = {"label",
                                                   "is",
                                                   "abstract",
                                                   "volume",
                                                   "early_apoptosis",
                                                   "late_apoptosis",
                                                   "plating_efficiency",
                                                   "heritability",
                                                   "donor_sigma",
                                                   "gradient_threshold",
                                                   "memory",
                                                   "footprint",
                                                   "fluid_fraction",
                                                   "fluid_exchange",
                                                   "biomass_growth",
                                                   "shrinkage",
                                                   "swelling"};
const std::vector<std::string> prefixes = {"phase:", "stages:", "trait:", "on_apoptosis:", "affinity:"};

// The behaviour whose base value this parameter is, or null. That of cycle_entry is one over the first phase.
const BehaviourRow* base_of(const std::string& parameter) {
  const BehaviourRow* row = behaviour_called(parameter);
  return row != nullptr && row->kind == BehaviourKind::cycle_entry ? nullptr : row;
}

std::string tail(const std::string& parameter) {
  return parameter.substr(parameter.find(':') + 1);
}

std::optional<NumberSpec> plain_spec(const std::string& parameter) {
  using namespace core::dimension;
  if (parameter == "volume") return positive(volume);
  if (parameter == "early_apoptosis" || parameter == "late_apoptosis") return positive(time);
  if (parameter == "memory") return positive(time);
  if (parameter == "footprint") return positive(area);
  if (parameter == "gradient_threshold") return fraction();
  if (parameter == "fluid_exchange" || parameter == "biomass_growth" || parameter == "shrinkage")
    return non_negative(rate);
  if (parameter == "swelling") return NumberSpec{core::dimension::none, core::Range::closed(1.0, 10.0)};
  if (parameter == "fluid_fraction") return fraction();
  if (parameter == "plating_efficiency") return NumberSpec{core::dimension::none, {0.0, 1.0, true}};
  if (parameter == "heritability") return fraction();
  if (parameter == "donor_sigma") return non_negative(core::dimension::none);
  return std::nullopt;
}

// The kind of behaviours that a trait of this name multiplies.
std::optional<BehaviourKind> trait_behaviour(std::string_view target) {
  for (const BehaviourKind kind :
       {BehaviourKind::cycle_entry, BehaviourKind::apoptosis, BehaviourKind::secretion})
    if (target == row_of(kind).word) return kind;
  return std::nullopt;
}

// The target of "trait:TARGET", checked against the names of the model.
bool trait_is_known(Builder& b, const core::Row& row, const std::string& target) {
  if (trait_behaviour(target)) return true;
  if (target.starts_with("node:"))
    return b.resolve(b.nodes, row, "parameter", target.substr(5)) != none || !b.nodes.complete;
  if (target.starts_with("influx:")) {
    const Index drug = b.resolve(b.drugs, row, "parameter", target.substr(7));
    if (drug != none && b.model.drugs[static_cast<std::size_t>(drug)].influx <= 0.0)
      row.wrong("parameter", "drug-stays-outside", fmt::format("drug '{}' has no influx", target.substr(7)));
    return drug != none || !b.drugs.complete;
  }
  row.wrong(
      "parameter", "unknown-trait", fmt::format("'{}' cannot be a trait", target),
      "known here: trait:node:NAME, trait:influx:DRUG, trait:cycle_entry, trait:apoptosis, trait:secretion");
  return false;
}

std::optional<NumberSpec> parameter_spec(Builder& b, const core::Row& row, const std::string& parameter) {
  if (const auto plain = plain_spec(parameter)) return plain;
  if (const BehaviourRow* word = base_of(parameter)) {
    const auto behaviour = b.resolve_behaviour(row, "parameter", *word, parameter);
    return behaviour ? std::optional(b.spec_of(*behaviour)) : std::nullopt;
  }
  if (parameter.starts_with("phase:") && parameter.size() > 6) return positive(core::dimension::time);
  if (parameter.starts_with("stages:")) return stage_count();
  if (parameter.starts_with("affinity:"))
    return b.resolve_type_or_family(row, "parameter", tail(parameter)) == none
               ? std::nullopt
               : std::optional(non_negative(core::dimension::none));
  if (parameter.starts_with("on_apoptosis:")) {
    if (b.resolve(b.nodes, row, "parameter", tail(parameter)) == none && b.nodes.complete)
      return std::nullopt;
    return fraction();
  }
  if (parameter.starts_with("trait:")) {
    if (!trait_is_known(b, row, tail(parameter))) return std::nullopt;
    return non_negative(core::dimension::none);
  }
  std::vector<std::string> known = plain_parameters;
  known.insert(known.end(), prefixes.begin(), prefixes.end());
  for (const BehaviourRow& word : behaviour_rows())
    if (word.kind != BehaviourKind::cycle_entry)
      known.push_back(std::string(word.word) + (word.operand == Operand::nothing ? "" : ":"));
  const std::string prefix = parameter.substr(0, std::min(parameter.find(':'), parameter.size()));
  row.wrong("parameter", "unknown-parameter",
            fmt::format("'{}' is not a parameter of a cell type", parameter),
            core::did_you_mean(parameter.find(':') == std::string::npos ? parameter : prefix + ":", known));
  return std::nullopt;
}

// The rows of one concrete type, its own and its families', put together.
class Assembly {
 public:
  Assembly(Builder& builder, Index index)
      : b_(builder), index_(index), type_(builder.model.cell_types[static_cast<std::size_t>(index)]) {
    for (Index ancestor : b_.lineage(index_))
      for (const OwnRow& row : b_.own_rows[static_cast<std::size_t>(ancestor)]) put(row);
  }

  void assemble() {
    for (const OwnRow& row : rows_) type_.parameters[row.parameter] = row.number;
    if (type_.abstract) return;
    for (const char* name :
         {"volume", "apoptosis", "early_apoptosis", "late_apoptosis", "plating_efficiency"})
      need(name);
    cycle();
    behaviours();
    traits();
    execution();
  }

 private:
  // Families first, so that a later row replaces an earlier one in its place: the order of phases is the
  // family's.
  void put(const OwnRow& row) {
    for (OwnRow& there : rows_) {
      if (there.parameter != row.parameter) continue;
      there = row;
      return;
    }
    rows_.push_back(row);
  }

  void need(const std::string& name) {
    if (type_.parameters.contains(name)) return;
    b_.problems.add("missing-parameter", type_.place, name,
                    fmt::format("cell type '{}' has no row '{}'", type_.name, name),
                    "give it here or in its family; a misspelt name makes a second cell type");
  }

  void cycle() {
    std::vector<std::string> staged = {"early_apoptosis", "late_apoptosis"};
    for (const OwnRow& row : rows_) {
      if (!row.parameter.starts_with("phase:")) continue;
      type_.cycle.push_back({tail(row.parameter), row.number.value, 1});
      staged.push_back(tail(row.parameter));
    }
    for (const OwnRow& row : rows_) {
      if (!row.parameter.starts_with("stages:")) continue;
      const std::string name = tail(row.parameter);
      if (std::find(staged.begin(), staged.end(), name) == staged.end())
        wrong("unknown-phase", row, fmt::format("cell type '{}' has no phase '{}'", type_.name, name),
              core::did_you_mean(name, staged));
      for (Phase& phase : type_.cycle)
        if (phase.name == name) phase.stages = static_cast<int>(row.number.value);
    }
    if (!type_.cycle.empty())
      type_.behaviours[{BehaviourKind::cycle_entry, none, "cycle_entry"}] =
          1.0 / type_.cycle.front().duration;
  }

  void behaviours() {
    for (const BehaviourKind kind : {BehaviourKind::apoptosis, BehaviourKind::necrosis})
      type_.behaviours[{kind, none, std::string(row_of(kind).word)}] = 0.0;
    for (const OwnRow& row : rows_) {
      if (base_of(row.parameter) != nullptr)
        if (const auto behaviour = find_behaviour(b_.model, row.parameter))
          type_.behaviours[*behaviour] = row.number.value;
      if (row.parameter.starts_with("affinity:"))
        if (const Index other = b_.cell_types.find(tail(row.parameter)); other != none)
          type_.affinity[other] = row.number.value;
    }
  }

  void execution() {
    for (const OwnRow& row : rows_) {
      if (!row.parameter.starts_with("on_apoptosis:")) continue;
      const Index node = b_.nodes.find(tail(row.parameter));
      if (node == none) continue;
      if (b_.has_node(node, index_)) {
        type_.on_apoptosis.emplace_back(node, row.number.value);
      } else {
        wrong("node-missing-in-cell-type", row,
              fmt::format("cell type '{}' does not have node '{}'", type_.name, tail(row.parameter)), {});
      }
    }
  }

  void traits() {
    bool heritable = false;
    for (const OwnRow& row : rows_) {
      if (!row.parameter.starts_with("trait:")) continue;
      heritable = true;
      Trait trait;
      trait.target = tail(row.parameter);
      trait.sigma = row.number.value;
      trait.provenance = row.number.provenance;
      trait.behaviour = trait_behaviour(trait.target);
      if (trait.target.starts_with("influx:")) trait.drug = b_.drugs.find(trait.target.substr(7));
      if (trait.target.starts_with("node:")) {
        trait.node = b_.nodes.find(trait.target.substr(5));
        if (trait.node != none && !b_.has_node(trait.node, index_))
          wrong("node-missing-in-cell-type", row,
                fmt::format("cell type '{}' does not have node '{}'", type_.name, trait.target.substr(5)),
                "give the node a basal and a tau for it in nodes.csv, or move the trait to the types that "
                "have it");
      }
      if (trait.target == "cycle_entry" && type_.cycle.empty())
        wrong("no-cycle", row, fmt::format("cell type '{}' has no phases, so nothing to enter", type_.name));
      if (type_.parameters.contains("heritability"))
        trait.heritability = type_.parameters["heritability"].value;
      type_.traits.push_back(std::move(trait));
    }
    if (heritable) need("heritability");
  }

  void wrong(std::string code, const OwnRow& row, std::string message, std::string hint = {}) {
    b_.problems.add(std::move(code), row.number.provenance.place, row.parameter,
                    fmt::format("{}: {}", row.parameter, message), std::move(hint));
  }

  Builder& b_;
  Index index_;
  CellType& type_;
  std::vector<OwnRow> rows_;
};

}  // namespace

void Builder::read_cell_types() {
  if (!cell_types.complete) return;
  const core::Table& table = files.cell_types;
  FirstSeen seen;
  std::vector<bool> labelled(cell_types.all.size(), false);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const core::Row row(table, r, problems);
    const Index index = cell_types.find(row.text("cell_type"));
    const std::string parameter = row.required_text("parameter");
    if (index == none || parameter.empty()) continue;
    const auto i = static_cast<std::size_t>(index);
    const std::string key = cell_types.all[i] + "\n" + parameter;
    if (const auto first = seen.earlier(key, row.place("parameter"))) {
      report_duplicate(problems, row, "parameter",
                       fmt::format("'{}' of cell type '{}'", parameter, cell_types.all[i]), *first);
      continue;
    }
    if (parameter == "label" || parameter == "is" || parameter == "abstract") {
      const std::string text = read_text(row, "value");
      if (parameter != "label") continue;
      model.cell_types[i].label = text;
      labelled[i] = true;
      continue;
    }
    if (parameter.starts_with("stages:") && row.text("value") == "fixed") {
      refuse_range(row);
      Provenance source = read_sources(row, true);
      source.place = row.place("value");
      own_rows[i].push_back({parameter, {0.0, std::move(source), "fixed"}});
      continue;
    }
    const auto spec = parameter_spec(*this, row, parameter);
    if (spec) own_rows[i].push_back({parameter, read_number(row, "value", *spec)});
  }
  for (std::size_t i = 0; i < labelled.size(); ++i) {
    const CellType& type = model.cell_types[i];
    if (!labelled[i])
      problems.add("missing-parameter", type.place, "label",
                   fmt::format("cell type '{}' has no row 'label'", type.name),
                   "a misspelt name makes a second cell type");
    Assembly(*this, static_cast<Index>(i)).assemble();
  }
}

}  // namespace stroma::model
