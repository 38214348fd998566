// Models made in code, for tests that need a few nodes, a substance or two and nothing else. What it returns
// has the form that model::build gives; nothing is validated. Not biology: names are letters.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/model.hpp"

namespace stroma::test {

using model::Index;

/// A behaviour by its name, such as "secretion:L"; one that the model cannot have is a mistake of the test.
inline model::Behaviour behaviour_of(const model::Model& m, const std::string& name) {
  return model::find_behaviour(m, name).value();
}

inline model::Signal signal_of(const model::Model& m, const std::string& name) {
  return model::find_signal(m, name).value();
}

/// Base value of a behaviour of a cell type, to be set or read.
inline double& base_of(model::Model& m, model::CellType& type, const std::string& name) {
  return type.behaviours[behaviour_of(m, name)];
}

class ModelBuilder {
 public:
  /// A substance with first-order decay [1/min] in plain medium and what whole serum adds to it.
  Index substance(const std::string& name, double decay = 0.0, double decay_in_serum = 0.0) {
    model::Substance s;
    s.name = s.label = name;
    s.decay = decay;
    s.decay_in_serum = decay_in_serum;
    model.substances.push_back(s);
    return static_cast<Index>(model.substances.size() - 1);
  }

  /// A drug, which is also a substance of that name. Rates in 1/min; no influx: it stays outside cells.
  Index drug(const std::string& name, double free_fraction, double influx = 0.0, double efflux = 0.0,
             double efflux_by_transporter = 0.0, Index transporter = model::none) {
    model::Drug d;
    d.name = name;
    d.substance = substance(name);
    model.substances.back().is_drug = true;
    d.free_fraction_in_serum = free_fraction;
    d.influx = influx;
    d.efflux = efflux;
    d.efflux_by_transporter = efflux_by_transporter;
    d.transporter = transporter;
    model.drugs.push_back(d);
    return static_cast<Index>(model.drugs.size() - 1);
  }

  /// A cell type of 2000 um^3 that attaches completely, does not divide, does not die, and would take `early`
  /// and `late` minutes to fall apart.
  Index cell_type(const std::string& name, double early = 480.0, double late = 960.0) {
    model::CellType t;
    t.name = t.label = name;
    model.cell_types.push_back(t);
    const auto index = static_cast<Index>(model.cell_types.size() - 1);
    parameter(index, "volume", 2000.0);
    parameter(index, "plating_efficiency", 1.0);
    parameter(index, "early_apoptosis", early);
    parameter(index, "late_apoptosis", late);
    behaviour(index, "apoptosis", 0.0);
    behaviour(index, "necrosis", 0.0);
    for (model::Node& node : model.nodes) node.per_cell_type.emplace_back();
    return index;
  }

  void parameter(Index cell_type, const std::string& name, double value) {
    type(cell_type).parameters[name].value = value;
    if (name.starts_with("affinity:")) type(cell_type).affinity[model.cell_type(name.substr(9))] = value;
  }

  /// Base value of a behaviour, internal units.
  void behaviour(Index cell_type, const std::string& name, double value) {
    base_of(model, type(cell_type), name) = value;
  }

  /// Appends a phase; the first one's rate is the base of cycle_entry.
  void phase(Index cell_type, const std::string& name, double duration, int stages) {
    type(cell_type).cycle.push_back({name, duration, stages});
    behaviour(cell_type, "cycle_entry", 1.0 / type(cell_type).cycle.front().duration);
  }

  /// A trait with standard deviation `sigma` of its logarithm. TARGET as in docs/model.md.
  void trait(Index cell_type, const std::string& target, double sigma, double heritability = 1.0) {
    model::Trait t;
    t.target = target;
    t.sigma = sigma;
    t.heritability = heritability;
    if (target.starts_with("node:")) t.node = model.node(target.substr(5));
    if (target.starts_with("influx:")) t.drug = model.drug(target.substr(7));
    if (const model::BehaviourRow* row = model::behaviour_called(target + (target == "secretion" ? ":" : "")))
      t.behaviour = row->kind;
    type(cell_type).traits.push_back(t);
    parameter(cell_type, "heritability", heritability);
  }

  /// A node that every cell type there is so far has.
  Index node(const std::string& name, double basal, double tau) {
    model::Node n;
    n.name = n.label = name;
    for (std::size_t c = 0; c < model.cell_types.size(); ++c) {
      model::Node::Kinetics kinetics;
      kinetics.basal = basal;
      kinetics.tau = tau;
      n.per_cell_type.emplace_back(kinetics);
    }
    model.nodes.push_back(n);
    return static_cast<Index>(model.nodes.size() - 1);
  }

  /// source -> target in every cell type.
  void arrow(const std::string& source, const std::string& target,
             model::Effect effect = model::Effect::activates, double weight = 1.0, double half_max = 0.5,
             double hill = 2.0) {
    model::Mechanism m;
    m.id = source + "_" + target;
    m.source_node = model.node(source);
    if (m.source_node == model::none) {
      m.source_substance = model.substance(source);
      hill = 1.0;
    }
    m.target = model.node(target);
    m.effect = effect;
    m.weight = weight;
    m.half_max = half_max;
    m.hill = hill;
    m.cell_types = all_types();
    model.mechanisms.push_back(m);
  }

  void rule(const std::string& signal, model::Direction direction, const std::string& behaviour,
            double saturation, double half_max = 0.5, double hill = 2.0) {
    model::Rule r;
    r.id = "rule_" + std::to_string(model.rules.size() + 1);
    r.signal = model::find_signal(model, signal).value();
    r.direction = direction;
    r.behaviour = behaviour_of(model, behaviour);
    r.saturation = saturation;
    r.half_max = half_max;
    r.hill = hill;
    r.cell_types = all_types();
    model.rules.push_back(r);
  }

  void drug_target(const std::string& drug, const std::string& node, model::TargetMode mode, double ic50,
                   double hill = 1.0) {
    model::DrugTarget t;
    t.id = drug + "_" + node;
    t.drug = model.drug(drug);
    t.node = model.node(node);
    t.mode = mode;
    t.ic50 = ic50;
    t.hill = hill;
    model.drug_targets.push_back(t);
  }

  model::CellType& type(Index index) { return model.cell_types[static_cast<std::size_t>(index)]; }

  model::Model model;

 private:
  std::vector<Index> all_types() const {
    std::vector<Index> all;
    for (std::size_t c = 0; c < model.cell_types.size(); ++c) all.push_back(static_cast<Index>(c));
    return all;
  }
};

}  // namespace stroma::test
