// Colony formation: after two weeks, stained colonies of at least 50 cells are counted by eye.
//   colony = lineage with >= 50 live cells, seen with probability `seen`;   rate = colonies / cells plated
// Source of the threshold: Franken et al., Nat. Protoc. 1 (2006).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assays/specimen.hpp"
#include "core/diagnostics.hpp"

namespace stroma::assays {

struct ColonyCounter {
  std::int32_t least_cells = 50;  ///< live cells of a colony; Franken et al. 2006
  double seen = 0.98;             ///< probability that the eye counts a colony, 0.9..1; assumption
};

/// Raw output: one line of the counting sheet.
struct ColonyCount {
  std::string arm;
  int replicate = 1, technical = 1;
  std::int64_t plated = 0;    ///< cells put into the well according to the protocol
  std::int64_t colonies = 0;  ///< counted
};

/// Counts the colonies of one well. The specimen must have been collected with lineages and at scale 1 (a
/// colony cannot be scaled): InputError
/// ("no-lineages", "scaled-colonies") otherwise. `plated`: what the protocol says was plated.
ColonyCount count_colonies(const Specimen& specimen, std::string arm, int replicate, int technical,
                           std::int64_t plated, const ColonyCounter& counter, std::uint64_t seed);

struct ColonyRate {
  std::string arm;
  int replicate = 1;
  std::size_t wells = 0;
  double rate = 0.0;  ///< colonies / plated, mean over the replicate's wells; about 0..1
};

/// Rates by arm and replicate, in the order of the sheet. Throws InputError for wells with nothing plated,
/// negative counts or a line given twice.
std::vector<ColonyRate> analyse_colonies(std::span<const ColonyCount> sheet);

}  // namespace stroma::assays
