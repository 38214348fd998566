#include "study/sampling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/diagnostics.hpp"

namespace stroma::study {
namespace {

// The least part of the limit that simulates a type.
constexpr std::int64_t least_part = 20;
// How far the number of cells of a type may be off by rounding.
constexpr double rounding_bound = 0.1;

// The types that cells of `type` may become, in any number of conversions, with itself.
std::vector<model::Index> reached_from(model::Index type, const model::Model& m) {
  std::vector<model::Index> reached{type};
  for (std::size_t i = 0; i < reached.size(); ++i)
    for (const auto& [behaviour, base] : m.cell_types[static_cast<std::size_t>(reached[i])].behaviours)
      if (model::changes_type(behaviour.kind) &&
          std::find(reached.begin(), reached.end(), behaviour.operand) == reached.end())
        reached.push_back(behaviour.operand);
  return reached;
}

bool may_meet(model::Index a, model::Index b, const model::Model& m) {
  const std::vector<model::Index> of_b = reached_from(b, m);
  return std::ranges::any_of(reached_from(a, m), [&](model::Index type) {
    return std::find(of_b.begin(), of_b.end(), type) != of_b.end();
  });
}

[[noreturn]] void refuse(const std::string& type, double count, double share) {
  throw core::InputError(
      {{"too-few-simulated",
        {},
        type,
        fmt::format("{:.0f} cells of {} would be {:.2g} simulated cells, and cannot be weighted: cells of "
                    "other types may become such",
                    count, type, count * share),
        "raise simulated_cells, or leave the type out"}});
}

}  // namespace

std::vector<std::pair<model::Index, double>> cells_of(const CultureSpec& culture) {
  std::vector<std::pair<model::Index, double>> cells;
  for (const CultureSpec::Cells& c : culture.cells) cells.emplace_back(c.type, c.density * culture.volume);
  return cells;
}

std::vector<std::pair<model::Index, double>> cells_of(const ArmSpec& arm) {
  std::vector<std::pair<model::Index, double>> cells;
  for (const ArmSpec::Cells& c : arm.cells) cells.emplace_back(c.type, c.count);
  return cells;
}

bool counts_clones(const Experiment& experiment) {
  return std::ranges::any_of(experiment.readouts,
                             [](const ReadoutSpec& r) { return r.assay->needs == assays::Needs::lineages; });
}

SampledCells sample_cells(std::span<const std::pair<model::Index, double>> cells, std::int64_t limit,
                          const model::Model& m, bool weighted) {
  double total = 0.0;
  for (const auto& [type, count] : cells) total += count;
  const double share = std::min(1.0, static_cast<double>(limit) / total);
  const double least = std::max(1.0, std::floor(static_cast<double>(limit) / least_part));
  const auto is_tied = [&](model::Index type) {
    return std::ranges::any_of(
        cells, [&](const auto& other) { return other.first != type && may_meet(type, other.first, m); });
  };
  SampledCells out;
  std::vector<bool> has_weight;
  double simulated = 0.0, represented = 0.0;  // of those without
  for (const auto& [type, count] : cells) {
    const bool is_rare = weighted && share < 1.0 && count * share < least;
    const bool is_weighted = is_rare && !is_tied(type);
    const double of_share = std::max(1.0, std::round(count * share));
    if (is_rare && !is_weighted && std::abs(of_share / (count * share) - 1.0) > rounding_bound)
      refuse(m.cell_types[static_cast<std::size_t>(type)].name, count, share);
    const double n = is_weighted ? std::max(1.0, std::min(std::round(count), least)) : of_share;
    out.cells.push_back({type, static_cast<std::size_t>(n), is_weighted ? count / n : 1.0});
    has_weight.push_back(is_weighted);
    if (is_weighted) continue;
    simulated += n;
    represented += count;
  }
  if (represented == 0.0) return sample_cells(cells, limit, m, false);  // twenty types and more
  // The volume follows the cells that are really simulated, so that densities are exact after rounding.
  out.share = simulated / represented;
  for (std::size_t i = 0; i < out.cells.size(); ++i)
    if (has_weight[i]) out.cells[i].weight *= out.share;
  return out;
}

std::vector<std::string> say_weights(const SampledCells& sampled, const model::Model& m) {
  std::vector<std::string> out;
  for (const tissue::CultureSetup::Cells& c : sampled.cells)
    if (c.weight != 1.0)
      out.push_back(
          fmt::format("{} is rare: {} of its cells are simulated, each for {:.3g} real ones, of the others "
                      "each for {:.3g}; what "
                      "they do together is uncertain by {:.0f} % of the spread from cell to cell",
                      m.cell_types[static_cast<std::size_t>(c.type)].name, c.count, c.weight / sampled.share,
                      1.0 / sampled.share, 100.0 / std::sqrt(static_cast<double>(c.count))));
  return out;
}

}  // namespace stroma::study
