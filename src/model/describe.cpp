#include "model/describe.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/units.hpp"

namespace stroma::model {
namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

NumberLine number_line(std::string owner, std::string parameter, std::string value, const Provenance& from) {
  return {std::move(owner), std::move(parameter),
          std::move(value), from.reference,
          from.assumed(),   from.low,
          from.high,        from.note};
}

std::vector<std::string> names_of(const Model& model, const std::vector<Index>& types) {
  std::vector<std::string> names;
  for (Index type : types) names.push_back(model.cell_types[at(type)].name);
  return names;
}

std::string concentration(double nanomolar) {
  return fmt::format("{:.6g} nM", nanomolar);
}

CellTypeLine cell_type_line(const Model& model, std::size_t index) {
  const CellType& type = model.cell_types[index];
  CellTypeLine line{type.name, type.label, type.parent, type.abstract, {}, {}, {}, {}};
  for (const Node& node : model.nodes)
    if (node.per_cell_type[index]) line.nodes.push_back(node.name);
  for (const Phase& phase : type.cycle)
    line.phases.push_back(
        fmt::format("{} {:.4g} h {}", phase.name, core::in_unit(phase.duration, "h"),
                    phase.stages == 0 ? std::string("fixed") : fmt::format("in {} stages", phase.stages)));
  for (const auto& [behaviour, value] : type.behaviours)
    line.behaviours.push_back(fmt::format("{} {}", behaviour.name, print_value(behaviour, value)));
  for (const Trait& trait : type.traits)
    line.traits.push_back(
        fmt::format("{} sigma {:.3g}, heritability {:.3g}", trait.target, trait.sigma, trait.heritability));
  return line;
}

void add_numbers(const Model& model, std::vector<NumberLine>& lines) {
  const auto all = [&lines](const std::string& owner, const std::map<std::string, Parameter>& parameters) {
    for (const auto& [name, parameter] : parameters)
      lines.push_back(number_line(owner, name, parameter.written, parameter.provenance));
  };
  for (const Substance& substance : model.substances) all(substance.name, substance.parameters);
  for (const Drug& drug : model.drugs) all(drug.name, drug.parameters);
  for (const DrugTarget& t : model.drug_targets)
    lines.push_back(number_line(t.id, "ic50", concentration(t.ic50), t.provenance));
  for (const Mechanism& m : model.mechanisms)
    if (m.source_substance != none)
      lines.push_back(number_line(m.id, "dissociation constant", concentration(m.half_max), m.provenance));
  for (const Rule& r : model.rules)
    lines.push_back(number_line(r.id, "saturation", print_value(r.behaviour, r.saturation), r.provenance));
  // A row of a family is listed once, at the family.
  for (const CellType& type : model.cell_types) {
    const Index parent = model.cell_type(type.parent);
    for (const auto& [name, parameter] : type.parameters) {
      if (parent != none) {
        const auto& inherited = model.cell_types[at(parent)].parameters;
        const auto same = inherited.find(name);
        const auto& place = parameter.provenance.place;
        if (same != inherited.end() && same->second.provenance.place.line == place.line) continue;
      }
      lines.push_back(number_line(type.name, name, parameter.written, parameter.provenance));
    }
  }
  for (const Node& node : model.nodes) {
    std::vector<int> listed;  // lines of nodes.csv that hold for several cell types
    const auto add = [&](const std::string& type, const char* name, std::string value,
                         const Provenance& from) {
      if (std::find(listed.begin(), listed.end(), from.place.line) != listed.end()) return;
      listed.push_back(from.place.line);
      lines.push_back(number_line(fmt::format("{} in {}", node.name, type), name, std::move(value), from));
    };
    for (std::size_t t = 0; t < node.per_cell_type.size(); ++t) {
      if (!node.per_cell_type[t]) continue;
      const Node::Kinetics& kinetics = *node.per_cell_type[t];
      add(model.cell_types[t].name, "basal", fmt::format("{:.6g}", kinetics.basal),
          kinetics.basal_provenance);
      add(model.cell_types[t].name, "tau", fmt::format("{:.6g} min", kinetics.tau), kinetics.tau_provenance);
    }
  }
}

RowLine mechanism_line(const Model& model, const Mechanism& m) {
  const bool occupancy = m.source_substance != none;
  RowLine line{m.id,
               "mechanism",
               "",
               m.effect == Effect::activates ? "activates" : "inhibits",
               model.nodes[at(m.target)].name,
               names_of(model, m.cell_types),
               "",
               m.grade,
               m.provenance.reference,
               m.provenance.assumed(),
               m.provenance.note};
  line.source =
      occupancy ? model.substances[at(m.source_substance)].name : model.nodes[at(m.source_node)].name;
  line.strength =
      occupancy ? fmt::format("weight {:.4g}, Kd {}", m.weight, concentration(m.half_max))
                : fmt::format("weight {:.4g}, half-max {:.4g}, Hill {:.4g}", m.weight, m.half_max, m.hill);
  if (m.gate == Gate::all && m.effect == Effect::activates) line.strength += ", gate all";
  return line;
}

RowLine rule_line(const Model& model, const Rule& r) {
  RowLine line{r.id,
               "rule",
               r.signal.name,
               r.direction == Direction::increases ? "increases" : "decreases",
               r.behaviour.name,
               names_of(model, r.cell_types),
               "",
               r.grade,
               r.provenance.reference,
               r.provenance.assumed(),
               r.provenance.note};
  line.strength = fmt::format("to {}, half-max {}, Hill {:.4g}", print_value(r.behaviour, r.saturation),
                              r.signal.kind == SignalKind::substance ? concentration(r.half_max)
                              : r.signal.kind == SignalKind::time
                                  ? fmt::format("{:.4g} h", core::in_unit(r.half_max, "h"))
                                  : fmt::format("{:.4g}", r.half_max),
                              r.hill);
  return line;
}

RowLine target_line(const Model& model, const DrugTarget& t) {
  const Node& node = model.nodes[at(t.node)];
  RowLine line{t.id,
               "drug target",
               model.drugs[at(t.drug)].name,
               "",
               node.name,
               {},
               "",
               t.grade,
               t.provenance.reference,
               t.provenance.assumed(),
               t.provenance.note};
  line.effect = t.mode == TargetMode::competes    ? "competes"
                : t.mode == TargetMode::activates ? "activates"
                                                  : "inhibits_activity";
  for (std::size_t i = 0; i < node.per_cell_type.size(); ++i)
    if (node.per_cell_type[i]) line.cell_types.push_back(model.cell_types[i].name);
  const char* name = t.mode == TargetMode::competes    ? "Ki"
                     : t.mode == TargetMode::activates ? "EC50"
                                                       : "IC50";
  line.strength = fmt::format("{} {}, Hill {:.4g}", name, concentration(t.ic50), t.hill);
  return line;
}

}  // namespace

Description describe(const Model& model) {
  Description out;
  out.name = model.name;
  out.version = model.version;
  out.title = model.title;
  out.content_hash = model.content_hash;
  for (std::size_t i = 0; i < model.cell_types.size(); ++i)
    out.cell_types.push_back(cell_type_line(model, i));
  for (const Mechanism& m : model.mechanisms) out.rows.push_back(mechanism_line(model, m));
  for (const Rule& r : model.rules) out.rows.push_back(rule_line(model, r));
  for (const DrugTarget& t : model.drug_targets) out.rows.push_back(target_line(model, t));
  add_numbers(model, out.numbers);
  for (const auto& [key, reference] : model.references) out.references.push_back(reference);
  Counts& c = out.counts;
  c.substances = model.substances.size();
  c.drugs = model.drugs.size();
  c.drug_targets = model.drug_targets.size();
  c.nodes = model.nodes.size();
  c.cell_types = model.cell_types.size();
  c.mechanisms = model.mechanisms.size();
  c.rules = model.rules.size();
  c.references = model.references.size();
  for (const Mechanism& m : model.mechanisms) c.strengths += m.source_node != none ? 3 : 1;
  for (const Rule& r : model.rules) c.strengths += r.signal.kind != SignalKind::substance ? 2 : 1;
  for (const NumberLine& number : out.numbers) ++(number.assumed ? c.numbers_assumed : c.numbers_sourced);
  for (const RowLine& row : out.rows)
    if (row.grade.size() == 1 && row.grade[0] >= 'A' && row.grade[0] <= 'D')
      ++c.arrows_by_grade[row.grade[0] - 'A'];
  return out;
}

std::string to_text(const Description& d) {
  std::string text = fmt::format("{} {}: {}\n", d.name, d.version, d.title);
  const Counts& c = d.counts;
  text += fmt::format(
      "{} substances ({} of them drugs), {} nodes, {} cell types, {} mechanisms, {} rules, {} drug targets, "
      "{} references\n",
      c.substances, c.drugs, c.nodes, c.cell_types, c.mechanisms, c.rules, c.drug_targets, c.references);
  text += fmt::format(
      "numbers: {} sourced, {} assumed within a range, and {} strengths of arrows assumed within the ranges "
      "of "
      "model.toml\nevidence grades of the arrows: A {}, B {}, C {}, D {}\n",
      c.numbers_sourced, c.numbers_assumed, c.strengths, c.arrows_by_grade[0], c.arrows_by_grade[1],
      c.arrows_by_grade[2], c.arrows_by_grade[3]);
  text += fmt::format("content {}\n\nCell types\n", d.content_hash);
  for (const CellTypeLine& type : d.cell_types) {
    text += fmt::format("  {}: {}{}{}\n", type.name, type.label,
                        type.parent.empty() ? "" : ", is " + type.parent, type.abstract ? ", family" : "");
    if (type.abstract) continue;
    if (!type.phases.empty()) text += fmt::format("    cycle: {}\n", fmt::join(type.phases, " | "));
    text += fmt::format("    behaviours: {}\n", fmt::join(type.behaviours, ", "));
    if (!type.traits.empty()) text += fmt::format("    traits: {}\n", fmt::join(type.traits, "; "));
    text += fmt::format("    {} nodes: {}\n", type.nodes.size(), fmt::join(type.nodes, ", "));
  }
  text += "\nRows (each can be knocked out with --without ID)\n";
  for (const RowLine& row : d.rows)
    text += fmt::format("  {}: {} {} {} in {} ({}) [{}; {}]\n", row.id, row.source, row.effect, row.target,
                        fmt::join(row.cell_types, ", "), row.strength, row.grade, row.reference);
  text += "\nNumbers\n";
  for (const NumberLine& number : d.numbers)
    text += fmt::format("  {} {} = {} [{}]{}\n", number.owner, number.parameter, number.value,
                        number.reference, number.note.empty() ? "" : " " + number.note);
  text += "\nReferences\n";
  for (const Reference& reference : d.references)
    text += fmt::format("  {}: {}{}{}\n", reference.key, reference.citation,
                        reference.doi.empty() ? "" : " doi:" + reference.doi,
                        reference.url.empty() ? "" : " " + reference.url);
  return text;
}

}  // namespace stroma::model
