// How a cell becomes one of another type: what of its life passes over. It keeps its id, its lineage and the
// count of its draws; traits keep their value by what they multiply, the phase its name. The rest is drawn
// anew: traits that only the new type has, as if the cell had been founded so (the same at every return), and
// the hazards and stages still to pass, whose rest is exponential anyway or, of an Erlang phase, begins
// again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cells/life.hpp"

namespace stroma::cells {

/// From the arrays of one type's life to those of another's; computed once.
struct LifeMap {
  std::vector<int> trait;           ///< [trait of the new type] that of the old one, or -1
  std::vector<std::uint8_t> phase;  ///< [phase of the old type] that of the new one; 0 where it has none such
};
LifeMap map_life(const LifePlan& from, const LifePlan& to);

/// Appends cell `i` of `from` to `to`, as `plan` says how the new type lives. The old one is for the caller
/// to remove.
void convert(const Lives& from, std::size_t i, Lives& to, const LifeMap& map, const LifePlan& plan);

/// Whether the hazard of a conversion of cell `i` has run out in this step.
bool has_run_out(const Lives& cells, std::size_t i);

/// Appends to `changes` the live cells whose hazard of a conversion has run out, in index order.
void find_conversions(std::vector<Change>& changes, const Lives& cells);

/// Spends the budgets of cell `i` over `minutes` at the rates of cell `like` (itself, or its mother). The
/// first that runs out is 0 from then on, and no other is spent any more.
void spend_conversions(Lives& cells, std::size_t i, const Rates& rates, std::size_t like, double minutes);

}  // namespace stroma::cells
