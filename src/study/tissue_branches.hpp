// Tissues that are one until they are treated differently. What they share is run once; where they part, the
// state is copied. Every one has the bits of a run of its own: steps end at multiples of the coupling step in
// all of them, and the common part ends at the last of these before the first difference.
#pragma once

#include <cstddef>
#include <span>

#include "study/tissue_experiment.hpp"
#include "tissue/tissue.hpp"

namespace stroma::study {

/// One of them; all have the same duration.
struct TissueBranch {
  const TissueExperiment* tissue = nullptr;
  const tissue::TissuePlan* plan = nullptr;
};

/// Who sees the branches as they run. `members` are indices of those that are one at that time, ascending.
class BranchWatcher {
 public:
  using Members = std::span<const std::size_t>;
  virtual ~BranchWatcher() = default;
  /// The next tick after `now` at which the state is to be seen, a multiple of the step, at most `end`.
  virtual core::Tick next(Members members, core::Tick now, core::Tick end) = 0;
  /// At the start, at every such tick, where branches part and at the end.
  virtual void see(Members members, const tissue::TissueState& state) = 0;
  /// After every step; what it throws ends the run.
  virtual void step(Members members, const tissue::TissueState& state) = 0;
  /// These could not be run on; the others are.
  virtual void fail(Members members, const std::exception& why) = 0;
};

/// Runs all branches to their end. Throws what the watcher throws, IoError and InternalError.
void run_branches(std::span<const TissueBranch> branches, BranchWatcher& watcher);

}  // namespace stroma::study
