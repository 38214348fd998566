// Who the cells of one type are and how their lives stand, structure of arrays. A live cell carries two
// budgets that time consumes: when the cycle budget is used up the phase ends, when the death budget is used
// up the cell dies. A budget is drawn once (Erlang or exponential with mean in units of rate x time) and
// spent at the current rate, so event times are exact for any time step and no random number is drawn in a
// step in which nothing happens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/hash.hpp"
#include "model/model.hpp"

namespace stroma::cells {

enum class Fate : std::uint8_t {
  live = 0,
  early_apoptotic = 1,  ///< annexin V positive, excludes propidium iodide
  late_apoptotic = 2,   ///< both dyes positive
  necrotic = 3,         ///< membrane open, both dyes positive
  gone = 4,             ///< fallen apart; removed at the end of the step
};

struct Lives {
  std::vector<std::uint64_t> id;
  std::vector<std::uint64_t> lineage;  ///< id of the founder that was put into the vessel
  std::vector<std::uint32_t> draws;    ///< how many random draws this cell has used; keys the next one
  std::vector<Fate> fate;
  std::vector<std::uint8_t> phase;         ///< index into CellType::cycle; 0 for a cell that does not cycle
  std::vector<float> cycle_budget;         ///< stages still to pass in this phase (Erlang units)
  std::vector<float> death_budget;         ///< live: hazard still to consume; dying: stages still to pass
  std::vector<std::vector<float>> traits;  ///< [trait][cell]: multiplier, as CellType::traits
  /// [conversion][cell], as LifePlan::conversions: hazard still to consume; 0: it has run out, and the cell
  /// converts at the end of the step.
  std::vector<std::vector<float>> conversion_budgets;
  std::vector<std::vector<float>> marks;  ///< [mark][cell], as LifePlan::marks

  std::size_t size() const { return id.size(); }
  /// Appends a copy of cell `from` (or an all-zero cell for from == size()) and returns its index.
  std::size_t append_copy(std::size_t from);
  /// Appends all cells of `others`, which has the same arrays.
  void append(const Lives& others);
  /// Moves the last cell into `at` and shortens the population by one.
  void remove(std::size_t at);
  void reserve(std::size_t n);
  /// Puts cell order[k] at place k. `order` is a permutation; `old` is scratch.
  void permute(std::span<const std::uint32_t> order, std::vector<std::byte>& old);
  void hash(core::Hasher& hasher) const;
};

/// How many cells have each fate.
struct FateCounts {
  std::int64_t live = 0, early_apoptotic = 0, late_apoptotic = 0, necrotic = 0;
  std::int64_t total() const { return live + early_apoptotic + late_apoptotic + necrotic; }
};
FateCounts count_fates(const Lives& cells);

}  // namespace stroma::cells
