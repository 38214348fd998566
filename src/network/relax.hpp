// Advances the signalling of a population over a step with inputs held constant. With q = 1 - e^(-h/tau) and
// p = 1 - q tau/h, one step of the exponential Runge-Kutta method ETD2RK (Cox & Matthews 2002) for
// dx/dt = (F(x) - x)/tau reads
//   x1 = x + q (F(x) - x),   x' = x1 + p (F(x1) - F(x)),
// both convex combinations of values in [0, 1], so that x stays there at any step. |x' - x1| is the error
// estimate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/parallel.hpp"
#include "network/activities.hpp"
#include "network/program.hpp"

namespace stroma::network {

/// One input of a program: a value per cell, or, where `per_cell` is empty, one value for all cells.
struct InputValues {
  std::span<const float> per_cell;
  float uniform = 0.0f;
  static InputValues same(float value) { return {{}, value}; }
  static InputValues each(std::span<const float> values) { return {values, 0.0f}; }
};

/// In the order of Program::substance_inputs, drug_inputs and trait_inputs; a per-cell span has one value per
/// cell.
struct Inputs {
  std::span<const InputValues> occupancies;   ///< theta in [0, 1]
  std::span<const InputValues> drug_factors;  ///< r or s in [0, 1], see DrugInput
  std::span<const InputValues> multipliers;   ///< m > 0
};

/// How exactly. The defaults keep every activity within 1e-3 of the exact solution (docs/theory/network.md).
struct Accuracy {
  /// Largest |x' - x1| of any node and cell of a block in one substep. Infinity: one substep, whatever the
  /// error.
  double tolerance = 8e-4;
  /// A block in which every |F - x| is at most this takes a single evaluation of F. Negative: never.
  double steady = 1e-6;
  /// Shortest substep: dt/2^finest, 0 to 20. Substeps that miss the tolerance even there are counted.
  int finest = 12;
  /// Takes x1 as the result, in one substep; the first-order method, to measure orders.
  bool first_order = false;
};

/// What a call did. All of it is the same for any number of threads.
struct RelaxReport {
  std::uint64_t blocks = 0;
  std::uint64_t substeps = 0;      ///< accepted, over all blocks
  std::uint64_t rejected = 0;      ///< tried with too long a substep and repeated
  std::uint64_t steady = 0;        ///< of the accepted ones, those that needed one evaluation only
  std::uint64_t missed = 0;        ///< accepted at the shortest substep in spite of the tolerance
  std::uint64_t node_updates = 0;  ///< nodes advanced by an accepted substep, over all cells
  std::uint64_t out_of_bounds =
      0;  ///< values further outside [0, 1] than rounding explains; they are left as they are
  double worst_excursion = 0.0;  ///< largest distance from [0, 1] among those
  double largest_error = 0.0;    ///< largest accepted |x' - x1|
  void add(const RelaxReport& other);
};

/// Memory that relax and evaluate reuse. Allocation-free once it has seen the largest program, step and
/// thread count. One workspace serves one call at a time.
class Workspace {
 private:
  friend class Relaxation;
  struct Slot {
    AlignedFloats x, f, x1, next;      // nodes x block_size
    AlignedFloats padded;              // inputs x block_size: per-cell inputs of an incomplete block
    std::vector<const float*> inputs;  // of the block at hand
    RelaxReport report;
  };
  std::vector<Slot> slots_;          // one per thread
  AlignedFloats uniform_;            // inputs x block_size
  std::vector<InputValues> values_;  // all inputs, in rows
  std::vector<float> q_, p_;         // (level, node)
  std::vector<double> tau_;          // what q and p were made for
  double dt_ = -1.0;
};

/// Advances all cells by dt [min] > 0. A substep of a block of 64 cells is dt/2^k, k chosen from the error
/// estimate of that block alone, so the result does not depend on threads or vector width; it is the same,
/// bit for bit. Rounding beyond [0, 1] (at most 1e-5) is put back on the bound; larger excursions, which only
/// come from a state that was outside before, are counted. Order 2 in dt; stable at any dt. Throws
/// NumericalError, naming the node or input, the cell and the value, where an activity is not finite or an
/// input is out of its range; the cells of blocks that were already done have then moved. Throws
/// InternalError where shapes do not match.
RelaxReport relax(Activities& activities, const Program& program, const Inputs& inputs, double dt,
                  const Accuracy& accuracy, Workspace& workspace, core::Threads threads);

/// F of every node and cell, to `targets` (resized to match). Errors as for relax.
void evaluate(Activities& targets, const Activities& activities, const Program& program, const Inputs& inputs,
              Workspace& workspace, core::Threads threads);

}  // namespace stroma::network
