// nodes.csv: the variables of the network, with a basal activity b and a time constant tau per cell type or
// family.
#include <fmt/format.h>

#include <map>

#include "model/builder.hpp"

namespace stroma::model {
namespace {

const std::vector<std::string> node_parameters = {"label", "layer", "basal", "tau"};
const std::vector<std::string> layers = {"receptor", "signalling", "gene", "protein", "process"};

// The numbers of one node by cell type; the key `none` is the row without a cell type, which holds for all.
struct NodeRows {
  std::map<Index, Parameter> basal, tau;
  bool has_layer = false;
};

// The most specific row along the lineage; `specific` says whether it was more than the row for all.
const Parameter* most_specific(const std::map<Index, Parameter>& rows, const std::vector<Index>& lineage,
                               bool& specific) {
  for (auto type = lineage.rbegin(); type != lineage.rend(); ++type) {
    const auto found = rows.find(*type);
    if (found == rows.end()) continue;
    specific = true;
    return &found->second;
  }
  const auto found = rows.find(none);
  return found == rows.end() ? nullptr : &found->second;
}

// A cell type has the node where a basal and a tau are given for it, a family of it, or for all.
void resolve_kinetics(Builder& b, Node& node, const NodeRows& rows) {
  node.per_cell_type.resize(b.model.cell_types.size());
  for (Index t = 0; t < static_cast<Index>(b.model.cell_types.size()); ++t) {
    const auto i = static_cast<std::size_t>(t);
    if (b.model.cell_types[i].abstract) continue;
    bool specific = false;
    const std::vector<Index> lineage = b.lineage(t);
    const Parameter* basal = most_specific(rows.basal, lineage, specific);
    const Parameter* tau = most_specific(rows.tau, lineage, specific);
    if (basal != nullptr && tau != nullptr) {
      node.per_cell_type[i] = Node::Kinetics{basal->value, tau->value, basal->provenance, tau->provenance};
    } else if (specific) {
      const core::Place place = (basal != nullptr ? basal : tau)->provenance.place;
      b.problems.add("half-a-node", place, basal != nullptr ? "tau" : "basal",
                     fmt::format("node '{}' has {} but no {} in cell type '{}'", node.name,
                                 basal != nullptr ? "a basal" : "a tau", basal != nullptr ? "tau" : "basal",
                                 b.cell_types.all[i]),
                     "a cell type has the node where both are given for it or its family");
      node.per_cell_type[i] = Node::Kinetics{};  // so that what names it is not reported as well
    }
  }
}

}  // namespace

void Builder::read_nodes() {
  const core::Table& table = files.nodes;
  nodes.complete = usable(table, node_columns());
  if (!nodes.complete) return;
  std::vector<NodeRows> rows;
  FirstSeen seen;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const core::Row row(table, r, problems);
    if (!valid_name(row, "node", "node") || refuse_resistance(row, "node", "node")) continue;
    const std::string name = row.text("node"), parameter = row.required_text("parameter");
    if (nodes.find(name) == none) {
      nodes.all.push_back(name);
      model.nodes.push_back({});
      model.nodes.back().name = model.nodes.back().label = name;
      model.nodes.back().place = row.place("node");
      rows.emplace_back();
    }
    const auto i = static_cast<std::size_t>(nodes.find(name));
    Node& node = model.nodes[i];
    if (parameter.empty()) continue;
    const std::string type_name = row.text("cell_type");
    const std::string key = name + "\n" + type_name + "\n" + parameter;
    if (const auto first = seen.earlier(key, row.place("parameter"))) {
      report_duplicate(
          problems, row, "parameter",
          fmt::format("'{}' of node '{}'{}", parameter, name, type_name.empty() ? "" : " in " + type_name),
          *first);
      continue;
    }
    const Index type = type_name.empty() ? none : resolve(cell_types, row, "cell_type", type_name);
    if (parameter == "label" || parameter == "layer") {
      if (!type_name.empty())
        row.wrong("cell_type", "not-per-cell-type",
                  fmt::format("the {} of a node is the same in every cell type; leave it empty", parameter));
      const std::string text = read_text(row, "value");
      if (parameter == "label") node.label = text;
      if (parameter == "layer") rows[i].has_layer = true;
      if (parameter != "layer" || text.empty()) continue;
      const std::string layer = row.choice("value", layers);
      for (std::size_t l = 0; l < layers.size(); ++l)
        if (layers[l] == layer) node.layer = static_cast<Layer>(l);
    } else if (parameter == "basal" || parameter == "tau") {
      const NumberSpec spec = parameter == "basal" ? fraction() : positive(core::dimension::time);
      const Parameter number = read_number(row, "value", spec);
      if (!type_name.empty() && type == none) continue;
      (parameter == "basal" ? rows[i].basal : rows[i].tau)[type] = number;
    } else {
      row.wrong("parameter", "unknown-parameter", fmt::format("'{}' is not a parameter of a node", parameter),
                core::did_you_mean(parameter, node_parameters));
    }
  }
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    Node& node = model.nodes[i];
    if (!rows[i].has_layer)
      problems.add("missing-parameter", node.place, "layer",
                   fmt::format("node '{}' has no row 'layer'", node.name),
                   "a misspelt name makes a second node");
    resolve_kinetics(*this, node, rows[i]);
  }
}

}  // namespace stroma::model
