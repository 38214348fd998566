#include "study/task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>

#include "study/collect.hpp"
#include "study/outcome_record.hpp"
#include "study/vessel_states.hpp"
#include "tissue/coupling.hpp"

namespace stroma::study {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* taken_name = "taken";

// Takes specimens at the times asked for, saves the state when that is due and watches the clock and the stop
// flag; cannot change the run. A state is saved where a step ends: to end one for it would change the bits.
class Collector : public tissue::Observer {
 public:
  Collector(const Task& task, const TaskLimits& limits)
      : task_(task), limits_(limits), begin_(Clock::now()), due_(limits.checkpoint_every) {}

  void observe(const tissue::State& s, const tissue::Plan& plan) override {
    for (const tissue::Population& population : s.populations)
      cell_steps_ += static_cast<std::int64_t>(population.cells.size());
    if (std::binary_search(task_.times.begin(), task_.times.end(), s.tick))
      specimens_.push_back(collect(s, plan, {task_.scale, task_.lineages}));
    const bool stopped = limits_.stop != nullptr && limits_.stop->load();
    if (saves() && s.tick < task_.times.back() && s.tick.count > 0 && (stopped || s.tick >= due_)) save(s);
    if (stopped) throw Interrupted{};
    const double seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
    if (seconds > limits_.time_limit_s)
      throw std::runtime_error(
          fmt::format("took longer than {} s and counts as hung (at {} h of simulated time)",
                      limits_.time_limit_s, core::minutes(s.tick) / 60.0));
  }

  // The state of the newest checkpoint, with the specimens that were taken until then.
  std::optional<tissue::State> take_up(const tissue::Plan& plan) {
    if (!saves()) return std::nullopt;
    const std::unique_ptr<core::ArchiveReader> archive = limits_.states->open(task_.key);
    if (archive == nullptr) return std::nullopt;
    try {
      tissue::State s = tissue::restore(*archive, plan);
      std::string taken(archive->count(taken_name, core::Scalar::u8), '\0');
      archive->read(taken_name, core::Scalar::u8, taken.data(), taken.size());
      specimens_ = decode_outcome(taken).specimens;
      due_ = s.tick + limits_.checkpoint_every;
      return s;
    } catch (const core::InputError& why) {
      limits_.states->refuse(task_.key, why);
    } catch (const core::InternalError& why) {  // of specimens that nobody wrote
      limits_.states->refuse(
          task_.key, core::InputError({{"archive-damaged", {task_.key, 0, 0}, taken_name, why.what(), {}}}));
    }
    specimens_.clear();
    return std::nullopt;
  }

  std::vector<assays::Specimen> take() { return std::move(specimens_); }
  std::int64_t cell_steps() const { return cell_steps_; }

 private:
  bool saves() const { return limits_.states != nullptr && limits_.checkpoint_every.count > 0; }

  void save(const tissue::State& s) {
    const std::string taken = encode(Outcome{specimens_, "taken", {}, 0, false, {}});
    limits_.states->save(task_.key, s.tick, [&](core::ArchiveWriter& writer) {
      tissue::save(writer, s);
      writer.write(taken_name, core::Scalar::u8, taken.data(), taken.size());
    });
    due_ = s.tick + limits_.checkpoint_every;
    begin_ = Clock::now();
  }

  const Task& task_;
  const TaskLimits& limits_;
  Clock::time_point begin_;
  core::Tick due_;
  std::vector<assays::Specimen> specimens_;
  std::int64_t cell_steps_ = 0;
};

}  // namespace

Outcome perform(const Task& task, std::shared_ptr<const model::Model> model, const TaskLimits& limits) {
  const tissue::Plan plan = tissue::compile_culture(std::move(model), task.setup, {limits.threads});
  tissue::Workspace work;
  Collector collector(task, limits);
  std::optional<tissue::State> kept = collector.take_up(plan);
  tissue::State state = kept ? std::move(*kept) : tissue::plate(plan);
  if (state.tick.count == 0) collector.observe(state, plan);  // what is read at plating
  tissue::advance(state, plan, work, task.times.back(), &collector);
  return {collector.take(),        tissue::state_hash(state), {}, collector.cell_steps(), false,
          passages_of(state, plan)};
}

}  // namespace stroma::study
