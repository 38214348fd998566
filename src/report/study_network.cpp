// The signalling network of a model as a figure, and the methods paragraph.
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

// The citation behind the keys of a row, in words.
std::string cite(const model::Model& m, const std::string& keys) {
  std::string text;
  for (const std::string& key : core::split_list(keys)) {
    const auto found = m.references.find(key);
    text += (text.empty() ? "" : "; ") + (found == m.references.end() ? key : found->second.citation);
  }
  return text.empty() ? std::string("assumption") : text;
}

// Cell types that experiments test: their mechanisms are drawn.
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

}  // namespace

Figure make_network_figure(const study::Study& study) {
  const model::Model& m = *study.model;
  const std::set<model::Index> types = tested_types(study);
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
                             row.weight, cite(m, row.provenance.reference), row.grade, row.provenance.note});
    used.insert(source);
    used.insert(target);
  }
  for (const model::Rule& rule : m.rules) {
    if (rule.signal_node == model::none || !concerns(rule.cell_types)) continue;
    const std::string source = m.nodes[static_cast<std::size_t>(rule.signal_node)].name,
                      target = "behaviour:" + rule.behaviour;
    network.edges.push_back(
        {rule.id, source, target,
         rule.direction == model::Direction::increases ? Effect::activates : Effect::inhibits, 1.0,
         cite(m, rule.provenance.reference), rule.grade, rule.provenance.note});
    used.insert(source);
    if (used.insert(target).second)
      network.nodes.push_back({target, rule.behaviour == "cycle_entry" ? "cycle entry" : rule.behaviour,
                               Layer::fate, "behaviour of the cell"});
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
                             fmt::format("{} {:.4g} nM", what, t.ic50), cite(m, t.provenance.reference),
                             t.grade});
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

std::string methods_text(const study::Study& study, const study::StudyResult& result,
                         const io::RunRecord& record) {
  const model::Description d = study::describe_model(study);
  std::string text = fmt::format(
      "Experiments were simulated with Stroma {} and the model {} {} (content hash {}; {} mechanisms, {} "
      "rules, {} drug targets; {} numbers with a source, {} assumptions with a range), seed {}, state hash "
      "{}. ",
      record.version, d.name, d.version, d.content_hash.substr(0, 12), d.counts.mechanisms, d.counts.rules,
      d.counts.drug_targets, d.counts.numbers_sourced, d.counts.numbers_assumed, record.seed,
      result.state_hash.substr(0, 12));
  text +=
      "Signalling follows normalised-Hill logic ODEs, receptors Gaddum's occupancy, intracellular drug "
      "targets their published IC50 at the free concentration after serum binding and efflux; cells pass "
      "Erlang phases and die by hazards that the network sets, and carry heritable lognormal traits.";
  text += "\n\n";
  for (const study::Experiment& e : study.experiments) {
    text += fmt::format("{} (n = {} independent experiments): ", e.title, e.replicates);
    for (const study::CultureSpec& c : e.cultures)
      text += fmt::format("{} was conditioned in {} for {:.4g} h. ", c.name, c.medium.written,
                          core::minutes(c.duration) / 60.0);
    if (e.has_plate) {
      std::string systems;
      for (const std::string& s : e.systems) systems += (systems.empty() ? "" : ", ") + s;
      text += fmt::format("{} in {:.4g} mL per well", systems, core::in_unit(e.well_volume, "mL"));
      if (e.cells_per_well > 0.0) text += fmt::format(", {:.0f} cells pipetted", e.cells_per_well);
      if (e.wells_per_arm > 1) text += fmt::format(", {} wells per arm", e.wells_per_arm);
      if (e.renewal.count > 0)
        text += fmt::format(", medium renewed every {:.4g} h", core::minutes(e.renewal) / 60.0);
      text += ". ";
    }
    for (const study::ReadoutSpec& r : e.readouts)
      if (r.at.count > 0)
        text +=
            fmt::format("Readout: {} at {:.4g} h. ", study::to_string(r.assay), core::minutes(r.at) / 60.0);
    text += "\n\n";
  }
  text += fmt::format(
      "Data are means with SEM. Two arms were compared by Welch's t test, more by one-way ANOVA with the "
      "Brown-Forsythe test and Tukey's HSD; * p < 0.01, ** p < 0.001, *** p < 0.0001, **** p < 0.00001. "
      "A published comparison counts as reproduced where the 95 % interval of the log2 ratio (Welch, log "
      "scale) lies on its side of zero, contradicted where it lies on the other, and inconclusive otherwise. "
      "{} of {} vessels were completed, {} failed and were left out.",
      result.progress.total - result.progress.failed, result.progress.total, result.progress.failed);
  return text;
}

}  // namespace stroma::report
