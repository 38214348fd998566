// One vessel with everything that it takes to run it, so that it can be run anywhere: in a thread, in another
// process, on another machine. Where that happens is a Site; what comes out does not depend on it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "assays/specimen.hpp"
#include "study/passages.hpp"
#include "tissue/culture_setup.hpp"

namespace stroma::study {

class VesselStates;

/// A vessel to be run. Cell types and substances of `setup` are indices into the model that goes with it.
struct Task {
  std::string label;              ///< for people
  std::string key;                ///< Vessel::key
  double scale = 1.0;             ///< real cells per simulated cell
  bool lineages = false;          ///< sizes of the lineages are wanted, for colonies
  std::vector<core::Tick> times;  ///< when specimens are taken, ascending; the last is the end
  tissue::CultureSetup setup;     ///< with the medium that is poured
};

/// What came out of one vessel: a specimen per time, or the reason why not.
struct Outcome {
  std::vector<assays::Specimen> specimens;
  std::string state_hash;
  std::string failure;          ///< empty: finished
  std::int64_t cell_steps = 0;  ///< live cells x steps that were simulated for it now
  bool reused = false;          ///< a ledger answered
  std::vector<Passage> passages{};
  bool finished() const { return failure.empty() && !specimens.empty(); }
};

/// Thrown by Site::perform where it was stopped; nothing of the task is kept.
struct Interrupted {};

struct TaskLimits {
  int threads = 1;              ///< that one vessel may use
  double time_limit_s = 900.0;  ///< wall time after which a vessel counts as hung and fails
  const std::atomic<bool>* stop = nullptr;
  VesselStates* states = nullptr;  ///< where its state is kept while it runs here; null: nowhere
  core::Tick checkpoint_every{};   ///< how often, and on a stop; 0: never
};

/// Runs the vessel here. Throws Interrupted where `stop` was set, what the engine throws, and
/// std::runtime_error where it takes too long: `time_limit_s` is counted from the last checkpoint. Goes on
/// from the newest checkpoint of its key, with the bits of a run at once.
Outcome perform(const Task& task, std::shared_ptr<const model::Model> model, const TaskLimits& limits);

/// A place where vessels are run.
class Site {
 public:
  virtual ~Site() = default;
  /// Called from several threads at a time. Same outcome as study::perform, to the bit; throws as it does.
  virtual Outcome perform(const Task& task, const std::shared_ptr<const model::Model>& model,
                          const TaskLimits& limits) = 0;
};

}  // namespace stroma::study
