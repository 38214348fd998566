#include "study/task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "study/collect.hpp"
#include "tissue/coupling.hpp"

namespace stroma::study {
namespace {

using Clock = std::chrono::steady_clock;

// Takes specimens at the times asked for and watches the clock and the stop flag; cannot change the run.
class Collector : public tissue::Observer {
 public:
  Collector(const Task& task, const TaskLimits& limits)
      : task_(task), limits_(limits), begin_(Clock::now()) {}

  void observe(const tissue::State& s, const tissue::Plan& plan) override {
    if (limits_.stop != nullptr && limits_.stop->load()) throw Interrupted{};
    const double seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
    if (seconds > limits_.time_limit_s)
      throw std::runtime_error(
          fmt::format("took longer than {} s and counts as hung (at {} h of simulated time)",
                      limits_.time_limit_s, core::minutes(s.tick) / 60.0));
    for (const tissue::Population& population : s.populations)
      cell_steps_ += static_cast<std::int64_t>(population.cells.size());
    if (std::binary_search(task_.times.begin(), task_.times.end(), s.tick))
      specimens_.push_back(collect(s, plan, {task_.scale, task_.lineages}));
  }

  std::vector<assays::Specimen> take() { return std::move(specimens_); }
  std::int64_t cell_steps() const { return cell_steps_; }

 private:
  const Task& task_;
  const TaskLimits& limits_;
  Clock::time_point begin_;
  std::vector<assays::Specimen> specimens_;
  std::int64_t cell_steps_ = 0;
};

}  // namespace

Outcome perform(const Task& task, std::shared_ptr<const model::Model> model, const TaskLimits& limits) {
  const tissue::Plan plan = tissue::compile_culture(std::move(model), task.setup, {limits.threads});
  tissue::State state = tissue::plate(plan);
  tissue::Workspace work;
  Collector collector(task, limits);
  collector.observe(state, plan);  // what is read at plating
  tissue::advance(state, plan, work, task.times.back(), &collector);
  return {collector.take(),        tissue::state_hash(state), {}, collector.cell_steps(), false,
          passages_of(state, plan)};
}

}  // namespace stroma::study
