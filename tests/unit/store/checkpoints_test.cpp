// Which checkpoints stay, and which one is opened.
#include "store/checkpoints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/output_folder.hpp"
#include "support/archives.hpp"
#include "unit/io/refused.hpp"
#include "unit/io/temporary_folder.hpp"

namespace stroma::store {
namespace checkpoints_test {

using testing::ElementsAre;

void write_at(Checkpoints& checkpoints, std::int64_t tick) {
  checkpoints.write(test::header_at(tick),
                    [&](core::ArchiveWriter& writer) { test::save(writer, test::archived_state(10)); });
}

std::vector<std::int64_t> ticks_of(const Checkpoints& checkpoints) {
  std::vector<std::int64_t> ticks;
  for (const core::Tick tick : checkpoints.list()) ticks.push_back(tick.count);
  return ticks;
}

TEST(Checkpoints, the_newest_and_the_one_before_stay) {
  const test::TemporaryFolder folder;
  Checkpoints checkpoints(folder / "checkpoints");
  EXPECT_THAT(ticks_of(checkpoints), ElementsAre());
  for (const std::int64_t tick : {0, 100, 200, 300}) write_at(checkpoints, tick);
  EXPECT_THAT(ticks_of(checkpoints), ElementsAre(200, 300));
  EXPECT_EQ(checkpoints.newest().archive->header().tick.count, 300);
  EXPECT_EQ(checkpoints.newest({{}, {}, {}, core::Tick{299}}).archive->header().tick.count, 200);
  EXPECT_EQ(test::names_in(folder / "checkpoints").size(), 2u);
}

TEST(Checkpoints, all_stay_where_that_is_asked) {
  const test::TemporaryFolder folder;
  Checkpoints checkpoints(folder / "checkpoints", Checkpoints::keep_all);
  for (const std::int64_t tick : {0, 100, 200, 300}) write_at(checkpoints, tick);
  EXPECT_THAT(ticks_of(checkpoints), ElementsAre(0, 100, 200, 300));
  EXPECT_EQ(checkpoints.at({100}).archive->header().tick.count, 100);
  const core::Diagnostic said = test::refused([&] { checkpoints.at({150}); });
  EXPECT_EQ(said.code, "no-checkpoint");
  EXPECT_THAT(said.hint, testing::HasSubstr("tick 100"));
}

TEST(Checkpoints, those_of_a_replaced_future_go) {
  // The newest was damaged, the run went on from the one before: what it writes replaces what was to come.
  const test::TemporaryFolder folder;
  Checkpoints checkpoints(folder / "checkpoints");
  for (const std::int64_t tick : {100, 200}) write_at(checkpoints, tick);
  write_at(checkpoints, 150);
  EXPECT_THAT(ticks_of(checkpoints), ElementsAre(100, 150));
}

TEST(Checkpoints, other_files_in_the_folder_are_left_alone) {
  const test::TemporaryFolder folder;
  Checkpoints checkpoints(folder / "checkpoints");
  write_at(checkpoints, 100);
  for (const char* name : {"notes.txt", "checkpoint-7.h5", "checkpoint-x.h5", ".stroma-1-0.tmp"})
    test::put(folder / "checkpoints" / name, "mine");  // process 1 is alive: its file is not litter
  for (const std::int64_t tick : {200, 300}) write_at(checkpoints, tick);
  EXPECT_THAT(ticks_of(checkpoints), ElementsAre(200, 300));
  EXPECT_EQ(test::names_in(folder / "checkpoints").size(), 6u);
}

TEST(Checkpoints, of_a_run_are_among_its_results) {
  const test::TemporaryFolder folder;
  {
    OutputFolder run(folder / "run");
    Checkpoints checkpoints(run);
    for (const std::int64_t tick : {100, 200, 300}) write_at(checkpoints, tick);
    EXPECT_THAT(ticks_of(checkpoints), ElementsAre(200, 300));
  }
  OutputFolder again(folder / "run", Existing::replace);
  EXPECT_TRUE(Checkpoints(again).list().empty());
}

}  // namespace checkpoints_test
}  // namespace stroma::store
