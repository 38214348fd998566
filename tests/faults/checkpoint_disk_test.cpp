// Faults 13 and 15 for checkpoints: a full disk, a read-only or vanished folder and a killed process leave
// the old checkpoint as it was, and nothing half-written under a checkpoint's name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <functional>
#include <random>
#include <thread>

#include "faults/failing_disk.hpp"
#include "faults/io_children.hpp"
#include "io/file.hpp"
#include "store/checkpoints.hpp"
#include "store/output_folder.hpp"
#include "support/archives.hpp"
#include "unit/io/temporary_folder.hpp"

namespace stroma::store {
namespace checkpoint_disk_test {

using namespace io;

using test::in_child;
using test::TemporaryFolder;

void write_at(Checkpoints& checkpoints, std::int64_t tick, std::size_t cells) {
  checkpoints.write(test::header_at(tick),
                    [&](core::ArchiveWriter& writer) { test::save(writer, test::archived_state(cells)); });
}

/// Tries to add a large checkpoint to a folder that holds a small one at tick 100; 0 where it fails as it
/// should.
int fails_and_keeps_the_old_one(Checkpoints& checkpoints, const std::filesystem::path& folder,
                                const std::string& reason) {
  const auto before = test::names_in(folder);
  try {
    write_at(checkpoints, 200, 20'000);
    return 10;
  } catch (const core::IoError& error) {
    const std::string what = error.what();
    if (what.find("checkpoint-") == std::string::npos || what.find(reason) == std::string::npos) {
      std::fprintf(stderr, "%s\n", error.what());
      return 11;
    }
  }
  if (test::names_in(folder) != before) return 12;
  OpenedCheckpoint opened = checkpoints.newest();
  if (!opened.refused.empty() || opened.archive->header().tick.count != 100) return 13;
  return test::restored(*opened.archive) == test::archived_state(50) ? 0 : 14;
}

/// Exit code of a child that writes a small checkpoint, suffers a fault and cannot add a large one.
int with_fault(Checkpoints& checkpoints, const std::filesystem::path& folder,
               const std::function<void()>& fault, const std::string& reason) {
  write_at(checkpoints, 100, 50);
  return in_child([&] {
    fault();
    return fails_and_keeps_the_old_one(checkpoints, folder, reason);
  });
}

TEST(CheckpointDisk, full) {
  const TemporaryFolder folder;
  Checkpoints checkpoints(folder / "checkpoints");
  EXPECT_EQ(with_fault(
                checkpoints, folder / "checkpoints", [] { test::fill_disk_after(200'000); },
                "No space left on device"),
            0);
}

TEST(CheckpointDisk, a_file_that_may_not_grow) {
  const TemporaryFolder folder;
  Checkpoints checkpoints(folder / "checkpoints");
  EXPECT_EQ(with_fault(
                checkpoints, folder / "checkpoints", [] { test::limit_file_size(65'536); }, "File too large"),
            0);
}

TEST(CheckpointDisk, that_loses_what_it_took) {
  const TemporaryFolder folder;
  Checkpoints checkpoints(folder / "checkpoints");
  EXPECT_EQ(with_fault(checkpoints, folder / "checkpoints", test::fail_to_sync, "Input/output error"), 0);
}

TEST(CheckpointDisk, full_in_a_run_folder) {
  const TemporaryFolder folder;
  OutputFolder run(folder / "run");
  Checkpoints checkpoints(run);
  EXPECT_EQ(with_fault(
                checkpoints, folder / "run" / "checkpoints", [] { test::fill_disk_after(200'000); },
                "No space left on device"),
            0);
}

TEST(CheckpointDisk, read_only) {
  const TemporaryFolder folder;
  Checkpoints checkpoints(folder / "checkpoints");
  EXPECT_EQ(
      with_fault(checkpoints, folder / "checkpoints", test::make_disk_read_only, "Read-only file system"), 0);
}

TEST(CheckpointDisk, without_permission) {
  const TemporaryFolder folder;
  Checkpoints checkpoints(folder / "checkpoints");
  write_at(checkpoints, 100, 50);
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
  std::filesystem::permissions(folder / "checkpoints", std::filesystem::perms{0555});
  const int code = in_child([&] {
    test::obey_permissions();
    return fails_and_keeps_the_old_one(checkpoints, folder / "checkpoints", "Permission denied");
  });
  std::filesystem::permissions(folder / "checkpoints", std::filesystem::perms{0755});
  EXPECT_EQ(code, 0);
}

TEST(CheckpointDisk, a_folder_that_vanished_is_not_made_again) {
  const TemporaryFolder folder;
  OutputFolder run(folder / "run");
  Checkpoints of_run(run);
  write_at(of_run, 100, 50);
  Checkpoints plain(folder / "plain" / "checkpoints");
  std::filesystem::create_directory(folder / "plain");
  write_at(plain, 100, 50);
  std::filesystem::remove_all(folder / "run");
  std::filesystem::remove_all(folder / "plain");
  EXPECT_THROW(write_at(of_run, 200, 50), core::IoError);
  EXPECT_THROW(write_at(plain, 200, 50), core::IoError);
  EXPECT_TRUE(test::names_in(folder.path()).empty());
}

TEST(KilledWriter, at_any_instant_leaves_a_whole_checkpoint_and_its_litter_goes) {
  const TemporaryFolder folder;
  Checkpoints checkpoints(folder / "checkpoints");
  write_at(checkpoints, 1, 3000);
  std::mt19937 random(13);
  std::int64_t reached = 1;
  for (int round = 0; round < 60; ++round) {
    const pid_t child = test::start_child([&] {
      for (std::int64_t tick = reached + 1;; ++tick) write_at(checkpoints, tick, 3000);
      return 0;
    });
    // Every other writer is left to finish one at least, so that the test goes on however slow the disk is.
    for (int i = 0; round % 2 == 0 && i < 20'000 && checkpoints.list().back().count == reached; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
    ::kill(child, SIGKILL);
    EXPECT_EQ(test::wait_for(child), 128 + SIGKILL);
    OpenedCheckpoint opened = checkpoints.newest();
    EXPECT_TRUE(opened.refused.empty()) << round;
    EXPECT_GE(opened.archive->header().tick.count, reached);
    EXPECT_EQ(test::restored(*opened.archive), test::archived_state(3000));
    reached = opened.archive->header().tick.count;
  }
  EXPECT_GT(reached, 30);
  write_at(checkpoints, reached + 1, 3000);
  EXPECT_EQ(test::names_in(folder / "checkpoints").size(), 2u);
}

}  // namespace checkpoint_disk_test
}  // namespace stroma::store
