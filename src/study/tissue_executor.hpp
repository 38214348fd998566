// Runs the tissues of an experiment in space with arms: replicate by replicate, what arms share once.
#pragma once

#include <memory>
#include <span>

#include "study/executor.hpp"
#include "study/tissue_arms.hpp"

namespace stroma::tissue {
struct TissuePlan;
struct TissueState;
}  // namespace stroma::tissue

namespace stroma::study {

/// Writes down what tissues are while they run. Cannot change a state.
class TissueRecorder {
 public:
  virtual ~TissueRecorder() = default;
  /// Whether what was recorded of a vessel that the ledger knows is there; otherwise it is run again.
  virtual bool holds(const Vessel& vessel, const Outcome& outcome) = 0;
  /// What is given outlives the recording of this vessel.
  virtual void begin(const Vessel& vessel, const TissueExperiment& tissue,
                     const tissue::TissuePlan& plan) = 0;
  /// The next tick after `now` at which something is to be recorded, at most `end`.
  virtual core::Tick next(const Vessel& vessel, core::Tick now, core::Tick end) = 0;
  /// Records what is due. A tick may come twice.
  virtual void record(const Vessel& vessel, const tissue::TissueState& state, bool last) = 0;
};

/// As execute, for the vessels that expand_tissues made of `experiment`.
Execution execute_tissues(const Experiment& experiment, std::span<const Vessel> vessels,
                          std::shared_ptr<const model::Model> model, Ledger* ledger,
                          const ExecutorOptions& options);

}  // namespace stroma::study
