#include "reference/network_random.hpp"

#include <cmath>
#include <string>

#include "core/random.hpp"

namespace stroma::reference {
namespace {

using core::Purpose;
using core::Stream;
using model::Index;

std::size_t pick(Stream& draw, std::size_t size) {
  return static_cast<std::size_t>(draw.uniform() * static_cast<double>(size));
}

}  // namespace

model::Model random_network(const RandomNetwork& options, std::uint64_t seed) {
  Stream draw(seed, Purpose::test, 1);
  model::Model model;
  model.name = "random";
  model.cell_types.resize(2);
  model.cell_types[0].name = "first";
  model.cell_types[1].name = "second";
  const auto size = static_cast<std::size_t>(options.nodes);
  for (std::size_t n = 0; n < size; ++n) {
    model::Node node;
    node.name = "N" + std::to_string(n);
    for (int c = 0; c < 2; ++c) {
      model::Node::Kinetics kinetics;
      kinetics.basal = draw.uniform() < 0.3 ? 0.0 : 0.4 * draw.uniform();
      kinetics.tau =
          options.shortest_tau * std::pow(options.longest_tau / options.shortest_tau, draw.uniform());
      const bool lacking = c == 1 && !options.all_nodes_everywhere && n % 5 == 3;
      node.per_cell_type.push_back(lacking ? std::nullopt : std::optional(kinetics));
    }
    model.nodes.push_back(node);
  }
  const auto cell_types_of = [&](std::size_t source, std::size_t target) {
    std::vector<Index> out{0};
    const bool both = model.nodes[source].per_cell_type[1] && model.nodes[target].per_cell_type[1];
    if (both && (options.all_nodes_everywhere || draw.uniform() < 0.8)) out.push_back(1);
    return out;
  };
  for (std::size_t n = 0; n < size; ++n) {
    const model::Gate gate = draw.uniform() < options.share_all ? model::Gate::all : model::Gate::any;
    for (int r = 0; r < options.rows_per_node; ++r) {
      model::Mechanism row;
      row.id = "M" + std::to_string(model.mechanisms.size());
      const std::size_t source = pick(draw, size);
      row.source_node = static_cast<Index>(source);
      row.target = static_cast<Index>(n);
      row.effect =
          draw.uniform() < options.share_inhibiting ? model::Effect::inhibits : model::Effect::activates;
      row.gate = gate;
      row.weight = draw.uniform() < 0.1 ? 1.0 : draw.uniform();
      row.half_max =
          options.lowest_half_max + (options.highest_half_max - options.lowest_half_max) * draw.uniform();
      row.hill = options.hills[pick(draw, options.hills.size())];
      row.cell_types = cell_types_of(source, n);
      model.mechanisms.push_back(row);
    }
    if (static_cast<int>(n) < options.receptors) {
      model::Substance ligand;
      ligand.name = "L" + std::to_string(n);
      model.substances.push_back(ligand);
      model::Mechanism row;
      row.id = "R" + std::to_string(n);
      row.source_substance = static_cast<Index>(model.substances.size() - 1);
      row.target = static_cast<Index>(n);
      row.effect = n % 3 == 2 ? model::Effect::inhibits : model::Effect::activates;
      row.gate = gate;
      row.weight = draw.uniform();
      row.half_max = 1.0 + 10.0 * draw.uniform();
      row.cell_types = cell_types_of(n, n);
      model.mechanisms.push_back(row);
    }
  }
  for (int d = 0; d < options.drug_targets; ++d) {
    model::DrugTarget target;
    target.id = "D" + std::to_string(d);
    target.node = static_cast<Index>(pick(draw, size));
    target.mode = d % 2 == 0 ? model::TargetMode::inhibits_activity : model::TargetMode::activates;
    target.ic50 = 100.0;
    model.drug_targets.push_back(target);
  }
  for (std::size_t t = 0; t < static_cast<std::size_t>(options.traits); ++t) {
    model::Trait trait;
    trait.node = static_cast<Index>(t * size / static_cast<std::size_t>(options.traits));
    trait.target = "node:" + model.nodes[static_cast<std::size_t>(trait.node)].name;
    trait.sigma = 0.3;
    for (std::size_t c = 0; c < 2; ++c)
      if (model.nodes[static_cast<std::size_t>(trait.node)].per_cell_type[c])
        model.cell_types[c].traits.push_back(trait);
  }
  return model;
}

NetworkInputs random_inputs(const model::Model& model, Index cell_type, std::uint64_t seed) {
  Stream draw(seed, Purpose::test, 2);
  NetworkInputs inputs;
  inputs.multiplier.assign(model.nodes.size(), 1.0);
  for (std::size_t m = 0; m < model.mechanisms.size(); ++m) inputs.occupancy.push_back(draw.uniform());
  for (std::size_t d = 0; d < model.drug_targets.size(); ++d) inputs.drug_factor.push_back(draw.uniform());
  for (const model::Trait& trait : model.cell_types[static_cast<std::size_t>(cell_type)].traits)
    if (trait.node != model::none)
      inputs.multiplier[static_cast<std::size_t>(trait.node)] = std::exp(draw.normal());
  return inputs;
}

std::vector<double> random_state(const model::Model& model, Index cell_type, std::uint64_t seed) {
  Stream draw(seed, Purpose::test, 3);
  std::vector<double> x;
  for (const model::Node& node : model.nodes) {
    const double u = draw.uniform();
    // The corners of the unit cube are where cancellation and 0^n happen, so they get their share.
    const double value = u < 0.1 ? 0.0 : u > 0.9 ? 1.0 : draw.uniform();
    x.push_back(node.per_cell_type[static_cast<std::size_t>(cell_type)] ? value : 0.0);
  }
  return x;
}

}  // namespace stroma::reference
