#include "study/collect.hpp"

#include <map>

#include "core/errors.hpp"

namespace stroma::study {
namespace {

bool counts(cells::Fate fate) {
  return fate != cells::Fate::gone;
}

assays::FateCounts count(const cells::Lives& cells) {
  assays::FateCounts n;
  for (const cells::Fate fate : cells.fate) {
    n.live += fate == cells::Fate::live;
    n.early_apoptotic += fate == cells::Fate::early_apoptotic;
    n.late_apoptotic += fate == cells::Fate::late_apoptotic;
    n.necrotic += fate == cells::Fate::necrotic;
  }
  return n;
}

std::vector<double> lyse(const tissue::Population& population, std::size_t nodes, std::int64_t cells) {
  std::vector<double> means(nodes, 0.0);
  if (cells == 0) return means;
  for (std::size_t slot = 0; slot < nodes; ++slot) {
    const auto activity = population.activities.node(slot);
    double total = 0.0;
    for (std::size_t i = 0; i < population.cells.size(); ++i)
      if (counts(population.cells.fate[i])) total += activity[i];
    means[slot] = total / static_cast<double>(cells);
  }
  return means;
}

std::vector<std::int32_t> live_lineages(const cells::Lives& cells) {
  std::map<std::uint64_t, std::int32_t> sizes;
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (cells.fate[i] == cells::Fate::live) ++sizes[cells.lineage[i]];
  std::vector<std::int32_t> out;
  out.reserve(sizes.size());
  for (const auto& [lineage, size] : sizes) out.push_back(size);
  return out;
}

}  // namespace

assays::Specimen collect(const tissue::State& state, const tissue::Plan& plan, const Collection& what) {
  core::require(what.scale > 0.0, "a specimen needs a positive scale");
  core::require(state.populations.size() == plan.populations.size() &&
                    plan.setup.cells.size() == plan.populations.size(),
                "the state is not of this plan");
  assays::Specimen out;
  out.scale = what.scale;
  out.minutes = core::minutes(state.tick);
  out.serum = state.medium.solution.serum;
  out.volume = state.medium.volume * what.scale;
  const model::Model& m = *plan.model;
  core::require(state.medium.solution.concentration.size() == m.substances.size(),
                "the medium is not of this model");
  for (std::size_t s = 0; s < m.substances.size(); ++s)
    out.medium.push_back({m.substances[s].name, state.medium.solution.concentration[s]});
  for (std::size_t c = 0; c < state.populations.size(); ++c) {
    const tissue::Population& population = state.populations[c];
    assays::CellSpecimen type;
    type.cell_type = m.cell_types[static_cast<std::size_t>(plan.populations[c].type)].name;
    type.pipetted = static_cast<double>(plan.setup.cells[c].count) * what.scale;
    type.fates = count(population.cells);
    type.nodes = plan.populations[c].program.node_names;
    type.lysate = lyse(population, type.nodes.size(), type.fates.total());
    if (what.lineages) type.lineage_sizes = live_lineages(population.cells);
    out.cells.push_back(std::move(type));
  }
  return out;
}

}  // namespace stroma::study
