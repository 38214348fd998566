#include "study/tissue_executor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <vector>

#include "core/errors.hpp"
#include "study/collect_tissue.hpp"
#include "study/outcome_record.hpp"
#include "study/tissue_branches.hpp"
#include "tissue/tissue.hpp"

namespace stroma::study {
namespace {

// The tissues of one replicate that are to be run, and what is taken of them.
class Bench : public BranchWatcher {
 public:
  Bench(const Experiment& experiment, std::shared_ptr<const model::Model> model, Ledger* ledger,
        const ExecutorOptions& options, Execution& result)
      : experiment_(experiment),
        model_(std::move(model)),
        ledger_(ledger),
        options_(options),
        result_(result) {}

  void add(const Vessel& vessel, Outcome& outcome) {
    tissues_.push_back(tissue_of(experiment_, vessel.arm, vessel.dose, *model_, vessel.setup.seed));
    core::Diagnostics problems;
    plans_.push_back(tissue::compile_tissue(model_, tissues_.back().setup, {options_.threads}, problems));
    problems.throw_if_any();
    branches_.push_back({&tissues_.back(), &plans_.back()});
    vessels_.push_back(&vessel);
    outcomes_.push_back(&outcome);
    reached_.emplace_back();
    if (options_.recorder != nullptr) options_.recorder->begin(vessel, tissues_.back(), plans_.back());
  }

  void run() { run_branches(branches_, *this); }

  core::Tick next(Members members, core::Tick now, core::Tick end) override {
    core::Tick next = end;
    const Vessel& vessel = *vessels_[members.front()];
    const auto time = std::upper_bound(vessel.times.begin(), vessel.times.end(), now);
    if (time != vessel.times.end()) next = std::min(next, *time);
    if (options_.recorder != nullptr) next = std::min(next, options_.recorder->next(vessel, now, end));
    return next;
  }

  void see(Members members, const tissue::TissueState& s) override {
    for (const std::size_t m : members) {
      const Vessel& vessel = *vessels_[m];
      Outcome& outcome = *outcomes_[m];
      const bool last = s.tick == vessel.times.back();
      if (options_.recorder != nullptr) options_.recorder->record(vessel, s, last);
      const std::size_t taken = outcome.specimens.size();
      if (taken < vessel.times.size() && vessel.times[taken] == s.tick)
        outcome.specimens.push_back(collect_tissue(s, plans_[m], tissues_[m].setup));
      if (last) {
        outcome.passages = passages_of(s, plans_[m]);
        finish(vessel, outcome, s);
      }
    }
  }

  void step(Members members, const tissue::TissueState& s) override {
    if (options_.stop != nullptr && options_.stop->load()) throw Interrupted{};
    result_.progress.cell_steps += static_cast<std::int64_t>(s.cells());
    for (const std::size_t m : members) {
      work_done(m, s.tick);
      reached_[m] = s.tick;
    }
    tell();
  }

  void fail(Members members, const std::exception& why) override {
    for (const std::size_t m : members) {
      const Vessel& vessel = *vessels_[m];
      *outcomes_[m] = {};
      outcomes_[m]->failure = why.what();
      if (ledger_ != nullptr)
        ledger_->record_failure(vessel.key, "tissue", fmt::format("{}: {}", vessel.label, why.what()));
      work_done(m, vessel.times.back());
      ++result_.progress.done;
      ++result_.progress.failed;
    }
    tell();
  }

 private:
  void finish(const Vessel& vessel, Outcome& outcome, const tissue::TissueState& s) {
    outcome.state_hash = tissue::state_hash(s);
    if (ledger_ != nullptr) ledger_->store(vessel.key, "tissue", encode(outcome));
    ++result_.progress.done;
    tell();
  }

  void work_done(std::size_t m, core::Tick tick) {
    const Vessel& vessel = *vessels_[m];
    result_.progress.work_done += expected_work(vessel) * static_cast<double>((tick - reached_[m]).count) /
                                  static_cast<double>(vessel.times.back().count);
  }

  void tell() const {
    if (options_.on_progress) options_.on_progress(result_.progress);
  }

  const Experiment& experiment_;
  std::shared_ptr<const model::Model> model_;
  Ledger* ledger_;
  const ExecutorOptions& options_;
  Execution& result_;
  std::deque<TissueExperiment> tissues_;  // which the recorder refers to
  std::deque<tissue::TissuePlan> plans_;
  std::vector<TissueBranch> branches_;
  std::vector<const Vessel*> vessels_;
  std::vector<Outcome*> outcomes_;
  std::vector<core::Tick> reached_;
};

}  // namespace

Execution execute_tissues(const Experiment& experiment, std::span<const Vessel> vessels,
                          std::shared_ptr<const model::Model> model, Ledger* ledger,
                          const ExecutorOptions& options) {
  Execution result;
  result.outcomes.resize(vessels.size());
  Progress& p = result.progress;
  p.total = vessels.size();
  for (const Vessel& vessel : vessels) p.work_total += expected_work(vessel);
  try {
    for (int r = 0; r < experiment.replicates; ++r) {
      Bench bench(experiment, model, ledger, options, result);
      for (std::size_t v = 0; v < vessels.size(); ++v) {
        if (vessels[v].replicate != r) continue;
        Outcome& outcome = result.outcomes[v];
        if (ledger != nullptr)
          if (const auto stored = ledger->find(vessels[v].key)) outcome = decode_outcome(*stored);
        if (outcome.reused && options.recorder != nullptr && !options.recorder->holds(vessels[v], outcome))
          outcome = {};
        if (!outcome.reused) {
          bench.add(vessels[v], outcome);
          continue;
        }
        ++p.done;
        ++p.reused;
        p.work_done += expected_work(vessels[v]);
        p.work_reused += expected_work(vessels[v]);
        if (options.on_progress) options.on_progress(p);
      }
      bench.run();
    }
  } catch (const Interrupted&) {
    result.interrupted = true;
  }
  if (result.interrupted)
    for (Outcome& outcome : result.outcomes)
      if (outcome.state_hash.empty()) outcome = {};
  return result;
}

}  // namespace stroma::study
