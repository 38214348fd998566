#include "assays/colonies/colonies.hpp"

#include <fmt/format.h>

#include <set>
#include <tuple>

#include "core/random.hpp"

namespace stroma::assays {
namespace {

void refuse_unscorable(const Specimen& specimen, const std::string& arm) {
  core::Diagnostics problems;
  if (specimen.scale != 1.0)
    problems.add("scaled-colonies", {}, arm,
                 fmt::format("colonies cannot be counted where one simulated cell stands for {} real ones",
                             specimen.scale),
                 "run colony wells with every plated cell");
  for (const CellSpecimen& type : specimen.cells)
    if (type.lineage_sizes.empty() && type.fates.live > 0)
      problems.add("no-lineages", {}, arm,
                   fmt::format("the lineages of {} were not collected", type.cell_type));
  problems.throw_if_any();
}

}  // namespace

ColonyCount count_colonies(const Specimen& specimen, std::string arm, int replicate, int technical,
                           std::int64_t plated, const ColonyCounter& counter, std::uint64_t seed) {
  refuse_unscorable(specimen, arm);
  std::int64_t colonies = 0;
  for (const CellSpecimen& type : specimen.cells)
    for (const std::int32_t size : type.lineage_sizes) colonies += size >= counter.least_cells;
  core::Stream eye(seed, core::Purpose::instrument, 0);
  return {std::move(arm), replicate, technical, plated, eye.binomial(colonies, counter.seen)};
}

std::vector<ColonyRate> analyse_colonies(std::span<const ColonyCount> sheet) {
  core::Diagnostics problems;
  std::set<std::tuple<std::string, int, int>> seen;
  std::vector<ColonyRate> rates;
  for (const ColonyCount& line : sheet) {
    const std::string where =
        fmt::format("{}, replicate {}, well {}", line.arm, line.replicate, line.technical);
    if (!seen.insert({line.arm, line.replicate, line.technical}).second)
      problems.add("duplicate-well", {}, line.arm, where + " is counted twice");
    if (line.plated <= 0)
      problems.add("nothing-plated", {}, line.arm, where + ": the number of cells plated must be above 0");
    if (line.colonies < 0)
      problems.add("negative-count", {}, line.arm, where + ": a count cannot be negative");
    if (line.plated <= 0) continue;
    ColonyRate* rate = nullptr;
    for (ColonyRate& r : rates)
      if (r.arm == line.arm && r.replicate == line.replicate) rate = &r;
    if (!rate) rate = &rates.emplace_back(ColonyRate{line.arm, line.replicate, 0, 0.0});
    rate->rate += static_cast<double>(line.colonies) / static_cast<double>(line.plated);
    ++rate->wells;
  }
  problems.throw_if_any();
  for (ColonyRate& rate : rates) rate.rate /= static_cast<double>(rate.wells);
  return rates;
}

}  // namespace stroma::assays
