#include "study/executor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <thread>

#include "core/errors.hpp"
#include "study/outcome_record.hpp"
#include "study/vessel_states.hpp"
#include "tissue/medium.hpp"

namespace stroma::study {
namespace {

class Executor {
 public:
  Executor(std::span<const Vessel> vessels, std::shared_ptr<const model::Model> model, Ledger* ledger,
           const ExecutorOptions& options)
      : vessels_(vessels), model_(std::move(model)), ledger_(ledger), options_(options) {
    result_.outcomes.resize(vessels.size());
    result_.progress.total = vessels.size();
    for (const Vessel& vessel : vessels) result_.progress.work_total += expected_work(vessel);
  }

  Execution run() {
    // Rounds by depth of the supernatant chain; within a round vessels are independent.
    std::vector<int> depth(vessels_.size(), 0);
    int deepest = 0;
    for (std::size_t i = 0; i < vessels_.size(); ++i) {
      const int supernatant = vessels_[i].supernatant;
      core::require(supernatant < static_cast<int>(i), "a vessel is poured from one that comes later");
      if (supernatant >= 0) depth[i] = depth[static_cast<std::size_t>(supernatant)] + 1;
      deepest = std::max(deepest, depth[i]);
    }
    for (int round = 0; round <= deepest && !stopped(); ++round) {
      std::vector<std::size_t> due;
      for (std::size_t i = 0; i < vessels_.size(); ++i)
        if (depth[i] == round) due.push_back(i);
      run_all(due);
    }
    result_.interrupted = stopped();
    return std::move(result_);
  }

 private:
  bool stopped() const { return options_.stop != nullptr && options_.stop->load(); }

  void run_all(const std::vector<std::size_t>& due) {
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t k = next++; k < due.size() && !stopped() && !failed_; k = next++) run_one(due[k]);
    };
    {
      std::vector<std::jthread> threads;
      const int count = std::min<int>(options_.threads, static_cast<int>(due.size()));
      for (int t = 1; t < count; ++t) threads.emplace_back(work);
      work();
    }
    if (fatal_) std::rethrow_exception(fatal_);
  }

  void run_one(std::size_t i) {
    const Vessel& vessel = vessels_[i];
    Outcome outcome;
    try {
      if (ledger_ != nullptr)
        if (const auto stored = ledger_->find(vessel.key)) outcome = decode_outcome(*stored);
      if (outcome.reused && options_.states != nullptr) options_.states->drop(vessel.key);
      if (!outcome.reused) {
        outcome = simulate(vessel);
        if (!outcome.failure.empty()) throw std::runtime_error(outcome.failure);
        if (ledger_ != nullptr) ledger_->store(vessel.key, "vessel", encode(outcome));
        if (options_.states != nullptr) options_.states->drop(vessel.key);
      }
    } catch (const Interrupted&) {
      return;
    } catch (const core::IoError&) {
      return keep_fatal();  // the ledger's disk: no point in going on
    } catch (const core::InternalError&) {
      return keep_fatal();
    } catch (const std::exception& error) {
      outcome = {};
      outcome.failure = error.what();
      if (ledger_ != nullptr)
        ledger_->record_failure(vessel.key, "vessel", fmt::format("{}: {}", vessel.label, error.what()));
    }
    const std::lock_guard lock(mutex_);
    Progress& p = result_.progress;
    ++p.done;
    p.reused += outcome.reused;
    p.failed += !outcome.finished();
    p.cell_steps += outcome.cell_steps;
    p.work_done += expected_work(vessel);
    if (outcome.reused) p.work_reused += expected_work(vessel);
    result_.outcomes[i] = std::move(outcome);
    if (options_.on_progress) options_.on_progress(p);
  }

  // The vessel with the medium that is poured into it.
  Task task_of(const Vessel& vessel) const {
    Task task{vessel.label, vessel.key, vessel.scale, vessel.with_colonies, vessel.times, vessel.setup};
    if (vessel.supernatant >= 0) {
      const Outcome& source = result_.outcomes[static_cast<std::size_t>(vessel.supernatant)];
      if (!source.finished()) throw std::runtime_error("its supernatant is missing: " + source.failure);
      task.setup.medium = supernatant(source.specimens.back());
    }
    return task;
  }

  Outcome simulate(const Vessel& vessel) const {
    const Task task = task_of(vessel);
    const TaskLimits limits{options_.threads_per_vessel, options_.time_limit_s, options_.stop,
                            options_.states, options_.checkpoint_every};
    return options_.site != nullptr ? options_.site->perform(task, model_, limits)
                                    : perform(task, model_, limits);
  }

  // What is poured on: the composition of a specimen, back in the order of the model's substances.
  tissue::Solution supernatant(const assays::Specimen& specimen) const {
    tissue::Solution solution = tissue::plain_solution(*model_, specimen.serum);
    for (const assays::Analyte& analyte : specimen.medium) {
      const model::Index substance = model_->substance(analyte.substance);
      core::require(substance != model::none, "a supernatant holds a substance that the model lacks");
      solution.concentration[static_cast<std::size_t>(substance)] = analyte.concentration;
    }
    return solution;
  }

  void keep_fatal() {
    const std::lock_guard lock(mutex_);
    if (!fatal_) fatal_ = std::current_exception();
    failed_ = true;
  }

  std::span<const Vessel> vessels_;
  std::shared_ptr<const model::Model> model_;
  Ledger* ledger_;
  const ExecutorOptions& options_;
  Execution result_;
  std::mutex mutex_;
  std::exception_ptr fatal_;  // written under the mutex, read when all threads are done
  std::atomic<bool> failed_ = false;
};

}  // namespace

Execution execute(std::span<const Vessel> vessels, std::shared_ptr<const model::Model> model, Ledger* ledger,
                  const ExecutorOptions& options) {
  return Executor(vessels, std::move(model), ledger, options).run();
}

}  // namespace stroma::study
