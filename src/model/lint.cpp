#include "model/lint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

#include "core/maths.hpp"
#include "core/table.hpp"

namespace stroma::model {
namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

bool holds_in(const std::vector<Index>& types, Index type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

// h(x) = x^n (1 + K^n)/(x^n + K^n)
double normalised_hill(double x, double half_max, double hill) {
  const double xn = core::maths::pow(x, hill), kn = core::maths::pow(half_max, hill);
  return xn * (1.0 + kn) / (xn + kn);
}

void lint_nodes(const Model& model, std::vector<core::Diagnostic>& out) {
  std::vector<bool> used(model.nodes.size(), false);
  const auto use = [&used](Index node) {
    if (node != none) used[at(node)] = true;
  };
  for (const Mechanism& m : model.mechanisms) {
    use(m.source_node);
    use(m.target);
  }
  for (const Rule& r : model.rules) use(r.signal.of(SignalKind::node));
  for (const DrugTarget& t : model.drug_targets) use(t.node);
  for (const Drug& d : model.drugs) use(d.transporter);
  for (std::size_t n = 0; n < model.nodes.size(); ++n) {
    const Node& node = model.nodes[n];
    const bool nowhere = std::none_of(node.per_cell_type.begin(), node.per_cell_type.end(),
                                      [](const auto& kinetics) { return kinetics.has_value(); });
    if (nowhere)
      out.push_back(
          {"isolated-node", node.place, node.name, fmt::format("no cell type has node '{}'", node.name), {}});
    else if (!used[n])
      out.push_back({"isolated-node",
                     node.place,
                     node.name,
                     fmt::format("nothing changes node '{}' and nobody reads it", node.name),
                     {}});
  }
}

void lint_half_max(const Model& model, std::vector<core::Diagnostic>& out) {
  std::vector<std::vector<double>> top(model.cell_types.size());
  for (std::size_t t = 0; t < top.size(); ++t)
    if (!model.cell_types[t].abstract) top[t] = reachable(model, static_cast<Index>(t));
  const auto check = [&](const auto& row, Index source) {
    if (source == none) return;
    std::string where;
    for (Index type : row.cell_types)
      if (const double most = top[at(type)][at(source)]; most < row.half_max)
        where +=
            fmt::format("{}{:.3g} in {}", where.empty() ? "" : ", ", most, model.cell_types[at(type)].name);
    if (where.empty()) return;
    out.push_back({"unreachable-half-max", row.provenance.place, row.id,
                   fmt::format("row '{}': {} reaches at most {}, below the half-max {:.3g}", row.id,
                               model.nodes[at(source)].name, where, row.half_max),
                   "the arrow never acts at half its strength there"});
  };
  for (const Mechanism& m : model.mechanisms) check(m, m.source_node);
  for (const Rule& r : model.rules) check(r, r.signal.of(SignalKind::node));
}

void lint_rules(const Model& model, std::vector<core::Diagnostic>& out) {
  for (const Rule& rule : model.rules) {
    const bool idle = std::all_of(rule.cell_types.begin(), rule.cell_types.end(), [&](Index type) {
      const auto& bases = model.cell_types[at(type)].behaviours;
      const auto base = bases.find(rule.behaviour);
      return (base == bases.end() ? 0.0 : base->second) == rule.saturation;
    });
    // A decreasing rule still takes back what an increasing one adds.
    const bool alone = std::none_of(model.rules.begin(), model.rules.end(), [&rule](const Rule& other) {
      return other.behaviour == rule.behaviour && other.direction != rule.direction;
    });
    if (idle && alone)
      out.push_back(
          {"rule-without-effect",
           rule.provenance.place,
           rule.id,
           fmt::format("rule '{}': the saturation is the base value of {}", rule.id, rule.behaviour.name),
           {}});
  }
}

// A name without case and punctuation: "HIF-1a" and "HIF1A" are one word for a reader.
std::string plain_word(const std::string& name) {
  std::string out;
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// Two names for one thing split its arrows between them.
void lint_synonyms(const Model& model, std::vector<core::Diagnostic>& out) {
  std::map<std::string, std::string> first;
  const auto check = [&](const std::string& name, const core::Place& place, const char* kind) {
    const auto [seen, is_new] = first.try_emplace(std::string(kind) + plain_word(name), name);
    if (is_new || seen->second == name) return;
    out.push_back({"synonym", place, name,
                   fmt::format("{} '{}' and '{}' read as one name", kind, seen->second, name),
                   "if they are one thing, keep one of them; if not, tell them apart"});
  };
  for (const Node& node : model.nodes) check(node.name, node.place, "node");
  for (const Substance& substance : model.substances) check(substance.name, substance.place, "substance");
  first.clear();
  const auto check_label = [&](const std::string& name, const std::string& label, const core::Place& place) {
    const auto [seen, is_new] = first.try_emplace(plain_word(label), name);
    if (label.empty() || is_new || seen->second == name) return;
    out.push_back(
        {"synonym", place, name, fmt::format("'{}' and '{}' have the same label", seen->second, name), {}});
  };
  for (const Node& node : model.nodes) check_label(node.name, node.label, node.place);
}

// A behaviour that starts at 0 and that no rule raises never happens.
void lint_behaviours(const Model& model, std::vector<core::Diagnostic>& out) {
  for (std::size_t t = 0; t < model.cell_types.size(); ++t) {
    const CellType& type = model.cell_types[t];
    if (type.abstract) continue;
    for (const auto& [behaviour, base] : type.behaviours) {
      const auto parameter = type.parameters.find(behaviour.name);
      if (base != 0.0 || is_property(behaviour.kind)) continue;
      bool is_named = parameter != type.parameters.end(), is_raised = false;
      for (const Rule& rule : model.rules) {
        if (rule.behaviour != behaviour || !holds_in(rule.cell_types, static_cast<Index>(t))) continue;
        is_named = true;
        is_raised = is_raised || (rule.direction == Direction::increases && rule.saturation > 0.0);
      }
      if (is_named && !is_raised)
        out.push_back(
            {"idle-behaviour",
             type.place,
             behaviour.name,
             fmt::format("{} of {} is 0 and no rule raises it: it never happens", behaviour.name, type.name),
             {}});
    }
  }
}

void lint_drugs(const Model& model, std::vector<core::Diagnostic>& out) {
  for (const DrugTarget& t : model.drug_targets) {
    const Drug& drug = model.drugs[at(t.drug)];
    const std::string& node = model.nodes[at(t.node)].name;
    const bool has_ligand =
        std::any_of(model.mechanisms.begin(), model.mechanisms.end(),
                    [&t](const Mechanism& m) { return m.target == t.node && m.source_substance != none; });
    if (t.mode != TargetMode::competes && drug.influx <= 0.0)
      out.push_back(
          {"drug-stays-outside",
           t.provenance.place,
           t.id,
           fmt::format("row '{}': drug '{}' has no influx, so it never meets '{}'", t.id, drug.name, node),
           {}});
    if (t.mode == TargetMode::competes && !has_ligand)
      out.push_back({"no-ligand",
                     t.provenance.place,
                     t.id,
                     fmt::format("row '{}': no substance acts on '{}', so there is nothing to compete with",
                                 t.id, node),
                     {}});
  }
}

void lint_references(const Model& model, std::vector<core::Diagnostic>& out) {
  std::set<std::string> named;
  const auto name = [&named](const Provenance& provenance) {
    for (std::string& key : core::split_list(provenance.reference)) named.insert(std::move(key));
  };
  const auto name_all = [&name](const auto& parameters) {
    for (const auto& [key, parameter] : parameters) name(parameter.provenance);
  };
  for (const Substance& s : model.substances) name_all(s.parameters);
  for (const Drug& d : model.drugs) {
    name_all(d.parameters);
    name(d.transporter_provenance);
  }
  for (const CellType& c : model.cell_types) name_all(c.parameters);
  for (const Node& n : model.nodes)
    for (const auto& kinetics : n.per_cell_type)
      if (kinetics) {
        name(kinetics->basal_provenance);
        name(kinetics->tau_provenance);
      }
  for (const Mechanism& m : model.mechanisms) name(m.provenance);
  for (const Rule& r : model.rules) name(r.provenance);
  for (const DrugTarget& t : model.drug_targets) name(t.provenance);
  for (const auto& [key, reference] : model.references)
    if (!named.contains(key))
      out.push_back(
          {"unused-reference", reference.place, key, fmt::format("no row names reference '{}'", key), {}});
}

}  // namespace

std::vector<double> reachable(const Model& model, Index cell_type) {
  const std::size_t count = model.nodes.size();
  std::vector<double> top(count, 0.0), next(count, 0.0);
  for (std::size_t n = 0; n < count; ++n) top[n] = model.nodes[n].per_cell_type[at(cell_type)] ? 1.0 : 0.0;
  // F rises with every activator, so the iteration from 1 falls towards the largest fixed point; each iterate
  // is an upper bound, so it may stop anywhere. A node further along a chain settles one pass later.
  for (std::size_t pass = 0; pass < count + 2; ++pass) {
    for (std::size_t n = 0; n < count; ++n) {
      const auto& kinetics = model.nodes[n].per_cell_type[at(cell_type)];
      if (!kinetics) continue;
      double off = 1.0, all = 1.0;
      bool any_gate = true, has_activator = false;
      for (const Mechanism& m : model.mechanisms) {
        if (m.target != static_cast<Index>(n) || m.effect != Effect::activates ||
            !holds_in(m.cell_types, cell_type))
          continue;
        const double h =
            m.source_node == none ? 1.0 : normalised_hill(top[at(m.source_node)], m.half_max, m.hill);
        has_activator = true;
        any_gate = m.gate == Gate::any;
        off *= 1.0 - m.weight * h;
        all *= m.weight * h;
      }
      const double b = kinetics->basal;
      next[n] = any_gate ? 1.0 - (1.0 - b) * off : b + (has_activator ? (1.0 - b) * all : 0.0);
    }
    for (const DrugTarget& t : model.drug_targets)
      if (t.mode == TargetMode::activates && model.nodes[at(t.node)].per_cell_type[at(cell_type)])
        next[at(t.node)] = 1.0;
    top.swap(next);
  }
  return top;
}

std::vector<core::Diagnostic> lint(const Model& model) {
  std::vector<core::Diagnostic> out;
  lint_nodes(model, out);
  lint_half_max(model, out);
  lint_synonyms(model, out);
  lint_behaviours(model, out);
  lint_rules(model, out);
  lint_drugs(model, out);
  lint_references(model, out);
  return out;
}

}  // namespace stroma::model
