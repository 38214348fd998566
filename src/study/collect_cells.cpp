#include "study/collect_cells.hpp"

#include <map>

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

assays::CellSpecimen collect_cells(const tissue::Population& population, const tissue::PopulationPlan& plan,
                                   const model::Model& model, double pipetted, bool lineages) {
  assays::CellSpecimen type;
  type.cell_type = model.cell_types[static_cast<std::size_t>(plan.type)].name;
  type.pipetted = pipetted;
  type.fates = count(population.cells);
  type.nodes = plan.program.node_names;
  type.lysate = lyse(population, type.nodes.size(), type.fates.total());
  if (lineages) type.lineage_sizes = live_lineages(population.cells);
  return type;
}

}  // namespace stroma::study
