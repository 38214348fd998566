// The signalling network of a model as a figure.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/units.hpp"
#include "report/study_report.hpp"

namespace stroma::report {
namespace {

Layer layer_of(model::Layer layer) {
  switch (layer) {
    case model::Layer::receptor:
      return Layer::receptor;
    case model::Layer::signalling:
      return Layer::signalling;
    case model::Layer::gene:
      return Layer::gene;
    case model::Layer::protein:
      return Layer::protein;
    case model::Layer::process:
      return Layer::process;
  }
  return Layer::signalling;
}

}  // namespace

std::set<model::Index> tested_types(const study::Study& study) {
  std::set<model::Index> types;
  for (const study::Experiment& e : study.experiments) {
    for (const model::Index line : e.lines)
      if (line != model::none) types.insert(line);
    for (const study::ArmSpec& arm : e.arms)
      for (const study::ArmSpec::Cells& c : arm.cells) types.insert(c.type);
  }
  return types;
}

std::string citation_words(const model::Model& m, const std::string& keys) {
  std::string text;
  for (const std::string& key : core::split_list(keys)) {
    const auto found = m.references.find(key);
    text += (text.empty() ? "" : "; ") + (found == m.references.end() ? key : found->second.citation);
  }
  return text.empty() ? std::string("assumption") : text;
}

std::vector<Reference> model_references(const model::Model& m) {
  std::vector<Reference> references;
  for (const auto& [key, reference] : m.references)
    references.push_back({key, reference.citation,
                          !reference.url.empty()  ? reference.url
                          : reference.doi.empty() ? std::string()
                                                  : "https://doi.org/" + reference.doi});
  return references;
}

Figure network_figure(const model::Model& m, const std::set<model::Index>& types) {
  const auto concerns = [&](const std::vector<model::Index>& of) {
    return types.empty() ||
           std::any_of(of.begin(), of.end(), [&](model::Index t) { return types.contains(t); });
  };
  Network network;
  std::set<std::string> used;
  for (const model::Mechanism& row : m.mechanisms) {
    if (row.weight == 0.0 || !concerns(row.cell_types)) continue;
    const bool ligand = row.source_substance != model::none;
    const std::string source =
        ligand ? "substance:" + m.substances[static_cast<std::size_t>(row.source_substance)].name
               : m.nodes[static_cast<std::size_t>(row.source_node)].name;
    const std::string target = m.nodes[static_cast<std::size_t>(row.target)].name;
    network.edges.push_back({row.id, source, target,
                             row.effect == model::Effect::activates ? Effect::activates : Effect::inhibits,
                             row.weight, citation_words(m, row.provenance.reference), row.grade,
                             row.provenance.note});
    used.insert(source);
    used.insert(target);
  }
  for (const model::Rule& rule : m.rules) {
    const model::Index node = rule.signal.of(model::SignalKind::node);
    if (node == model::none || !concerns(rule.cell_types)) continue;
    const std::string source = m.nodes[static_cast<std::size_t>(node)].name,
                      target = "behaviour:" + rule.behaviour.name;
    network.edges.push_back(
        {rule.id, source, target,
         rule.direction == model::Direction::increases ? Effect::activates : Effect::inhibits, 1.0,
         citation_words(m, rule.provenance.reference), rule.grade, rule.provenance.note});
    used.insert(source);
    if (used.insert(target).second)
      network.nodes.push_back({target, title_of(m, rule.behaviour), Layer::fate, "behaviour of the cell"});
  }
  for (const model::Substance& s : m.substances)
    if (used.contains("substance:" + s.name))
      network.nodes.push_back({"substance:" + s.name, s.label, Layer::ligand, "substance"});
  for (const model::Node& n : m.nodes)
    if (used.contains(n.name)) network.nodes.push_back({n.name, n.name, layer_of(n.layer), n.label});
  for (const model::DrugTarget& t : m.drug_targets) {
    const std::string node = m.nodes[static_cast<std::size_t>(t.node)].name;
    if (!used.contains(node)) continue;
    const char* what = t.mode == model::TargetMode::competes    ? "K"
                       : t.mode == model::TargetMode::activates ? "EC50"
                                                                : "IC50";
    network.drugs.push_back({t.id, m.drugs[static_cast<std::size_t>(t.drug)].name, node,
                             fmt::format("{} {:.4g} nM", what, t.ic50),
                             citation_words(m, t.provenance.reference), t.grade});
  }
  Figure figure;
  figure.id = "network";
  figure.title = "Signalling of the tested cells, from ligand to fate";
  figure.see =
      fmt::format("{} arrows between {} nodes, and {} drug targets; hover over an arrow for its source.",
                  network.edges.size(), network.nodes.size(), network.drugs.size());
  figure.alt =
      "Layered diagram from secreted factors through receptors, kinases and genes to survival, death and "
      "cycle entry.";
  figure.caption.text =
      "Line width is the weight of the row. Rows marked assumption have a range in the model folder.";
  figure.content = std::move(network);
  return figure;
}

}  // namespace stroma::report
