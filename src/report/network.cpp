// The signalling network as data, the one figure that Vega-Lite has no grammar for. Its drawing is made in
// web/src/network_svg.ts.
#include <nlohmann/json.hpp>
#include <set>

#include "core/csv.hpp"
#include "core/errors.hpp"
#include "report/kinds.hpp"

namespace stroma::report {
namespace {

using nlohmann::json;

const char* name_of(Layer layer) {
  switch (layer) {
    case Layer::ligand:
      return "ligand";
    case Layer::receptor:
      return "receptor";
    case Layer::signalling:
      return "signalling";
    case Layer::gene:
      return "gene";
    case Layer::protein:
      return "protein";
    case Layer::process:
      return "process";
    case Layer::fate:
      return "fate";
  }
  throw core::InternalError("a layer without a name");
}

const char* name_of(Effect effect) {
  return effect == Effect::activates ? "activates" : "inhibits";
}

}  // namespace

json specify(const Network& figure, const Palette&) {
  std::set<std::string> known;
  json nodes = json::array(), edges = json::array(), drugs = json::array();
  for (const auto& node : figure.nodes) {
    core::require(known.insert(node.id).second, "two nodes of the drawn network have one id");
    nodes.push_back(
        {{"id", node.id}, {"label", node.label}, {"layer", name_of(node.layer)}, {"note", node.note}});
  }
  for (const auto& edge : figure.edges) {
    core::require(known.contains(edge.source) && known.contains(edge.target),
                  "an edge of the drawn network names an unknown node");
    core::require(!edge.reference.empty(), "an edge of the drawn network has no source");
    edges.push_back({{"id", edge.id},
                     {"source", edge.source},
                     {"target", edge.target},
                     {"effect", name_of(edge.effect)},
                     {"weight", edge.weight},
                     {"reference", edge.reference},
                     {"grade", edge.grade},
                     {"note", edge.note}});
  }
  for (const auto& drug : figure.drugs) {
    core::require(known.contains(drug.target), "a drug of the drawn network names an unknown target");
    drugs.push_back({{"id", drug.id},
                     {"drug", drug.drug},
                     {"target", drug.target},
                     {"potency", drug.potency},
                     {"reference", drug.reference},
                     {"grade", drug.grade}});
  }
  return {{"stroma", "network"}, {"nodes", nodes}, {"edges", edges}, {"drugs", drugs}};
}

std::string tabulate(const Network& figure) {
  const std::vector<std::string> columns{"id",      "source", "effect",    "target", "weight",
                                         "potency", "grade",  "reference", "note"};
  std::vector<std::vector<core::CsvValue>> rows;
  for (const auto& e : figure.edges)
    rows.push_back({e.id, e.source, name_of(e.effect), e.target, e.weight, {}, e.grade, e.reference, e.note});
  for (const auto& d : figure.drugs)
    rows.push_back({d.id, d.drug, "inhibits", d.target, {}, d.potency, d.grade, d.reference, {}});
  return core::write_csv(columns, rows);
}

}  // namespace stroma::report
