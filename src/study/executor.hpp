// Runs vessels in parallel, one per thread, here or at a site, supernatants before the wells they are poured
// into. What the ledger knows is not run again; what fails is recorded and left out; an interruption stops
// after the vessels in hand.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assays/specimen.hpp"
#include "study/task.hpp"
#include "study/vessels.hpp"

namespace stroma::study {

class VesselStates;  // vessel_states.hpp

/// Where finished runs are kept. Implementations are thread-safe.
class Ledger {
 public:
  virtual ~Ledger() = default;
  virtual std::optional<std::string> find(std::string_view key) = 0;
  virtual void store(std::string_view key, std::string_view kind, std::string_view payload) = 0;
  virtual void record_failure(std::string_view key, std::string_view kind, std::string_view message) = 0;
};

struct Progress {
  std::size_t done = 0, total = 0;
  std::size_t reused = 0, failed = 0;
  double work_done = 0.0, work_total = 0.0,
         work_reused = 0.0;     ///< expected_work: what the time left is judged by
  std::int64_t cell_steps = 0;  ///< live cells x steps simulated so far
};

class TissueRecorder;  // tissue_executor.hpp

struct ExecutorOptions {
  int threads = 1;  ///< vessels at a time; of the tissues of an experiment in space, each with this many
  int threads_per_vessel = 1;
  double time_limit_s = 900.0;  ///< wall time after which a vessel counts as hung and fails
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const Progress&)> on_progress;  ///< called from one thread at a time
  TissueRecorder* recorder = nullptr;                ///< sees tissues as they run
  VesselStates* states = nullptr;  ///< where states of cultures in hand are kept; null: nowhere
  core::Tick checkpoint_every{};   ///< how often; 0: never
  Site* site = nullptr;            ///< where vessels are run; null: here
};

struct Execution {
  std::vector<Outcome> outcomes;  ///< as the vessels
  Progress progress;
  bool interrupted = false;
};

Execution execute(std::span<const Vessel> vessels, std::shared_ptr<const model::Model> model, Ledger* ledger,
                  const ExecutorOptions& options);

}  // namespace stroma::study
