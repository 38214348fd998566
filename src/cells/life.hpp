// The life of a cell: seeding, cycle, division, death and its stages.
//   cycle   phase j lasts an Erlang time with shape n_j, at n_j times the phase's rate per stage; n_j = 0: it
//           lasts one over its rate, fixed
//   death   hazards of apoptosis and necrosis compete; early apoptosis -> late apoptosis -> gone
//   conversion  one hazard for each type a cell may become; it becomes that at the end of the step in which
//           the hazard is used up, and lives that step to its end as it was (passage.hpp)
//   division  a daughter is of another type with a probability for each
//   traits  log m' = rho log m + sqrt(1 - rho^2) sigma xi in each daughter: stationary lognormal
// Draws come from Philox streams keyed by (seed, purpose, cell id, number of draws so far).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "cells/lives.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "model/model.hpp"

namespace stroma::cells {

/// A stage of dying: Erlang with this mean [min] and shape.
struct DyingStage {
  double duration = 0.0;
  int stages = 1;
};

/// A number that a cell carries along, that its daughters have from it and that it keeps when it converts.
struct Mark {
  enum class Kind : std::uint8_t {
    damage,        ///< see model::SignalKind
    damage_dealt,  ///< same
    memory,        ///< of a concentration, nM; < 0: it has not perceived any yet
  };
  Kind kind{};
  model::Index substance = model::none;  ///< of a memory
  float first = 0.0f;                    ///< in a founder
};

/// What the life of a cell type needs to know, taken from the model once.
struct LifePlan {
  std::vector<model::Phase> cycle;  ///< empty: the cells do not divide
  DyingStage early_apoptosis, late_apoptosis;
  std::vector<model::Trait> traits;
  double heritability = 1.0;
  std::vector<std::uint64_t> conversions;  ///< keys of the types that its cells may become
  bool divides_asymmetrically = false;     ///< a daughter may be of one of them
  std::vector<Mark> marks;                 ///< the same for all types of a model
  std::uint64_t seed = 0;
};
LifePlan life_plan(const model::CellType& type, std::uint64_t seed);

/// Rates of the current step, one per cell [1/min]: leaving the first phase, and the two hazards of death.
/// Multiplying traits are already in them. Read for live cells only.
struct Rates {
  std::span<const float> cycle_entry, apoptosis, necrosis;
  /// As LifePlan::conversions: the hazard, and the probability that a daughter is of that type; each empty
  /// where it is 0.
  std::span<const std::span<const float>> conversions{}, divisions{};
};

/// A stage of a phase and the share of the cells that is in it. `stages_left` counts the present one, whose
/// rest is exponential like that of a new one. A phase of fixed duration T is one stage with `stages_left` 0,
/// in which the age a has a density in proportion to exp(-growth a/T).
struct StageShare {
  std::uint8_t phase;
  int stages_left;
  double share;
  double growth = 0.0;  ///< of the culture, times T
};
/// The stable stage distribution: where the cells of an exponentially growing culture are, whose first phase
/// has rate `cycle_entry` [1/min], in order of passage; the shares sum to 1. A hazard of death that all cells
/// share does not change it. Empty for an empty cycle.
std::vector<StageShare> stable_stages(std::span<const model::Phase> cycle, double cycle_entry);

/// Appends `n` founders taken from a growing culture. Ids and lineages start at `first_id`.
void seed_founders(Lives& cells, const LifePlan& plan, std::size_t n, std::uint64_t first_id,
                   double cycle_entry);

/// Kills a live cell from outside, `minutes` after the step began that `commit` carries out next: it enters
/// early apoptosis then.
void kill(Lives& cells, std::size_t cell, const LifePlan& plan, double minutes = 0.0);

/// A dying cell is taken up by another: nothing is left of it at the end of the step.
void engulf(Lives& cells, std::size_t cell);

/// Cells to which something happens within the step, in index order.
struct Proposals {
  std::vector<std::uint32_t> eventful;
  std::vector<std::vector<std::uint32_t>> per_chunk;  ///< scratch, reused
};

/// Finds the cells whose budgets run out within `minutes`; changes nothing.
void propose(Proposals& proposals, const Lives& cells, const LifePlan& plan, const Rates& rates,
             double minutes, core::Threads threads);

/// A change of the list of cells that arrays kept elsewhere must repeat, in this order. A birth appends a
/// copy of the mother; removal and conversion leave a place that the last cell fills.
struct Change {
  enum class Kind : std::uint8_t { birth, removal, conversion };
  Kind kind;
  std::uint32_t cell;            ///< the mother, or the one that leaves
  std::uint64_t id = 0;          ///< birth: of the daughter
  std::uint32_t conversion = 0;  ///< which of LifePlan::conversions
};

struct Tally {
  std::int64_t births = 0, apoptoses = 0, necroses = 0, lyses = 0;
};

/// Generations that may be born within one step: clones of a million have forty. More is a cycle that no step
/// can follow.
inline constexpr int most_generations = 64;

/// Spends the budgets of all cells over `minutes` and carries out the proposed events exactly where they fall
/// within the step, in index order; daughters live the rest of the step at their mother's rates. Cells that
/// fell apart are removed. New ids are taken from `next_id`. `changes` is overwritten. Throws LimitError
/// before a birth that would make more than `most` cells, and NumericalError where a cell has more than
/// `most_generations`.
Tally commit(Lives& cells, std::vector<Change>& changes, std::uint64_t& next_id, const Proposals& proposals,
             const LifePlan& plan, const Rates& rates, double minutes,
             std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace stroma::cells
