// A vessel that was interrupted goes on from its checkpoint to the bits of a run at once; what does not fit
// is refused by name and the vessel begins again.
#include "store/vessel_checkpoints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>

#include "study/outcome_record.hpp"
#include "study/task.hpp"
#include "study/vessels.hpp"
#include "unit/io/temporary_folder.hpp"
#include "unit/study/protocols.hpp"

namespace stroma::store {
namespace vessel_checkpoints_test {

using namespace study;
using testing::IsEmpty;

// The first well in plain medium, read three times.
Task a_well() {
  Experiment e = two_media(*letters());
  for (const Vessel& v : expand(e, *letters(), 1, false)) {
    if (v.system < 0 || v.supernatant >= 0) continue;
    Task task{v.label, v.key, v.scale, v.with_colonies, v.times, v.setup};
    task.times = {core::Tick{0}, core::to_tick(120.0), core::to_tick(600.0)};
    return task;
  }
  throw core::InternalError("no well in plain medium");
}

// Asks to stop once a state was kept at or after `from`.
struct Stopping : VesselCheckpoints {
  using VesselCheckpoints::VesselCheckpoints;
  core::Tick from;
  std::atomic<bool> stop = false;
  int saved = 0;
  void save(const std::string& key, core::Tick tick,
            const std::function<void(core::ArchiveWriter&)>& walk) override {
    VesselCheckpoints::save(key, tick, walk);
    ++saved;
    if (tick >= from) stop = true;
  }
};

TaskLimits limits_with(VesselStates& states, const std::atomic<bool>* stop) {
  return {1, 900.0, stop, &states, core::to_tick(70.0)};
}

TEST(VesselCheckpoints, an_interrupted_vessel_goes_on_to_the_bits_of_a_run_at_once) {
  const Task task = a_well();
  const std::string straight = encode(perform(task, letters(), {}));
  for (const double from : {0.0, 120.0, 400.0}) {
    const test::TemporaryFolder folder;
    Stopping states(folder.path(), "engine", "model");
    states.from = core::to_tick(from);
    EXPECT_THROW(perform(task, letters(), limits_with(states, &states.stop)), Interrupted);
    EXPECT_GE(states.saved, 1);
    VesselCheckpoints again(folder.path(), "engine", "model");
    const Outcome outcome = perform(task, letters(), limits_with(again, nullptr));
    EXPECT_EQ(encode(outcome), straight) << from;
    EXPECT_THAT(again.refused(), IsEmpty());
    // Less was simulated: it did go on.
    EXPECT_LT(outcome.cell_steps, perform(task, letters(), {}).cell_steps);
    again.drop(task.key);
    EXPECT_EQ(again.open(task.key), nullptr);
  }
}

TEST(VesselCheckpoints, nothing_is_kept_where_nobody_asked_for_it) {
  const test::TemporaryFolder folder;
  VesselCheckpoints states(folder.path(), "engine", "model");
  TaskLimits limits = limits_with(states, nullptr);
  limits.checkpoint_every = {};
  perform(a_well(), letters(), limits);
  EXPECT_THAT(test::names_in(folder.path()), IsEmpty());
}

TEST(VesselCheckpoints, of_another_model_engine_or_vessel_are_refused_and_the_vessel_begins_again) {
  const Task task = a_well();
  const std::string straight = encode(perform(task, letters(), {}));
  const test::TemporaryFolder folder;
  Stopping states(folder.path(), "engine", "model");
  EXPECT_THROW(perform(task, letters(), limits_with(states, &states.stop)), Interrupted);
  for (const auto& [engine, model] : {std::pair{"engine", "other"}, std::pair{"other", "model"}}) {
    VesselCheckpoints foreign(folder.path(), engine, model);
    EXPECT_EQ(foreign.open(task.key), nullptr);
    EXPECT_THAT(foreign.refused(), testing::Not(IsEmpty()));
  }
  const auto mine = folder.path() / "checkpoints" / task.key, other = folder.path() / "checkpoints" / "other";
  std::filesystem::copy(mine, other);
  VesselCheckpoints same(folder.path(), "engine", "model");
  EXPECT_EQ(same.open("other"), nullptr) << "it is called by its key";
  // One flipped byte in each.
  for (const auto& entry : std::filesystem::directory_iterator(mine)) {
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(2000);
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(2000);
    file.put(byte);
  }
  VesselCheckpoints damaged(folder.path(), "engine", "model");
  EXPECT_EQ(encode(perform(task, letters(), limits_with(damaged, nullptr))), straight);
  EXPECT_THAT(damaged.refused(), testing::Not(IsEmpty()));
}

}  // namespace vessel_checkpoints_test
}  // namespace stroma::store
