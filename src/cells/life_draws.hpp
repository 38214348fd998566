// The keyed draws that a life is made of. Private to the module.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cells/life.hpp"
#include "core/maths.hpp"

namespace stroma::cells {

inline core::Stream next_stream(Lives& cells, std::size_t i, core::Purpose purpose, std::uint64_t seed) {
  return core::Stream(seed, purpose, cells.id[i], cells.draws[i]++);
}

// Each trait has draws of its own, keyed by what it multiplies, so that one more leaves those of the others
// as they were; two of one target are told apart by their order.
inline core::Stream trait_stream(const LifePlan& plan, std::size_t trait, core::Purpose purpose,
                                 std::uint64_t id, std::uint32_t draw) {
  std::uint64_t key = core::name_key(plan.traits[trait].target);
  for (std::size_t t = 0; t < trait; ++t) key += plan.traits[t].target == plan.traits[trait].target ? 1 : 0;
  return core::Stream(core::derive_seed(plan.seed, key), purpose, id, draw);
}

// The multiplier of a cell that inherits it from nobody.
inline float founding_trait(const LifePlan& plan, std::size_t trait, std::uint64_t id) {
  core::Stream stream = trait_stream(plan, trait, core::Purpose::seeding, id, 0);
  return static_cast<float>(core::maths::exp(plan.traits[trait].sigma * stream.normal()));
}

// Erlang(n) in units of stages: the sum of n unit exponentials. 0: of fixed duration, one unit.
inline double erlang(core::Stream& stream, int stages) {
  if (stages == 0) return 1.0;
  double sum = 0.0;
  for (int k = 0; k < stages; ++k) sum += stream.exponential();
  return sum;
}

// Draws the hazards that the cell may consume before it converts. Each conversion has draws of its own, keyed
// by its target, and none is counted: a conversion more leaves all other draws as they were. Called after a
// draw that is counted, which tells one call from the next.
inline void draw_conversions(Lives& cells, std::size_t i, const LifePlan& plan) {
  for (std::size_t c = 0; c < plan.conversions.size(); ++c) {
    core::Stream stream(core::derive_seed(plan.seed, plan.conversions[c]), core::Purpose::conversion,
                        cells.id[i], cells.draws[i]);
    cells.conversion_budgets[c][i] = static_cast<float>(stream.exponential());
  }
}

}  // namespace stroma::cells
