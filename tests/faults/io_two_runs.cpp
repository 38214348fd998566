// Faults 16 and 19: two runs into one folder, a run that was killed, a study that was killed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "faults/io_children.hpp"
#include "io/file.hpp"
#include "store/ledger.hpp"
#include "store/output_folder.hpp"
#include "unit/io/temporary_folder.hpp"

namespace stroma::store {
namespace io_two_runs {

using namespace io;

using test::TemporaryFolder;
using namespace std::chrono_literals;

void wait_until_exists(const std::filesystem::path& path) {
  for (int i = 0; i < 2000 && !std::filesystem::exists(path); ++i) std::this_thread::sleep_for(5ms);
}

/// A child that holds the folder until it is killed.
pid_t start_owner(const std::filesystem::path& folder, const std::filesystem::path& ready) {
  return test::start_child([&] {
    OutputFolder out(folder);
    out.write("half.csv", "1");
    write_file_atomically(ready, "");
    std::this_thread::sleep_for(60s);
    return 0;
  });
}

TEST(TwoRuns, the_second_into_one_folder_is_refused_with_the_pid_of_the_first) {
  const TemporaryFolder folder;
  const pid_t first = start_owner(folder / "r", folder / "ready");
  wait_until_exists(folder / "ready");
  for (const Existing existing : {Existing::refuse, Existing::replace, Existing::keep}) {
    try {
      OutputFolder second(folder / "r", existing);
      ADD_FAILURE() << "two owners";
    } catch (const core::InputError& error) {
      EXPECT_EQ(error.diagnostics()[0].code, "folder-in-use");
      EXPECT_THAT(error.diagnostics()[0].message, testing::HasSubstr(std::to_string(first)));
    }
  }
  EXPECT_EQ(read_file(folder / "r/half.csv"), "1");  // --force does not touch a folder in use
  ::kill(first, SIGKILL);
  test::wait_for(first);
}

TEST(TwoRuns, the_lock_of_a_killed_run_is_stale) {
  const TemporaryFolder folder;
  const pid_t first = start_owner(folder / "r", folder / "ready");
  wait_until_exists(folder / "ready");
  ::kill(first, SIGKILL);
  test::wait_for(first);
  ASSERT_TRUE(std::filesystem::exists(folder / "r/.stroma.lock"));
  // The half of the killed run is refused as any other result, and replaced as a whole.
  EXPECT_EQ(test::exit_code_of([&] { OutputFolder out(folder / "r"); }), 3);
  test::put(folder / "r/.stroma.lock", std::to_string(first) + " 12345\n");
  OutputFolder second(folder / "r", Existing::replace);
  EXPECT_EQ(second.dead_owner(), first);
  EXPECT_FALSE(std::filesystem::exists(folder / "r/half.csv"));
}

TEST(TwoRuns, a_lock_without_sense_is_stale) {
  const TemporaryFolder folder;
  for (const char* text : {"", "garbage", "-1 5", "99999999999999999999 1", "0 0"}) {
    test::put(folder / ".stroma.lock", text);
    EXPECT_NO_THROW(OutputFolder(folder.path())) << text;
  }
}

TEST(TwoRuns, the_pid_of_another_program_that_began_later_does_not_hold_the_folder) {
  const TemporaryFolder folder;
  test::put(folder / ".stroma.lock", std::to_string(::getppid()) + " 1\n");  // right pid, wrong start
  EXPECT_NO_THROW(OutputFolder(folder.path()));
}

TEST(TwoRuns, of_many_that_start_at_once_exactly_one_wins) {
  const TemporaryFolder folder;
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i)
    children.push_back(test::start_child([&] {
      try {
        OutputFolder out(folder / "r", Existing::keep);
        write_file_atomically(folder / ("winner" + std::to_string(::getpid())), "");
        std::this_thread::sleep_for(1500ms);
        return 0;
      } catch (const core::InputError&) {
        return 3;
      }
    }));
  int winners = 0, refused = 0;
  for (const pid_t child : children) {
    const int code = test::wait_for(child);
    winners += code == 0;
    refused += code == 3;
  }
  EXPECT_EQ(winners + refused, 8);
  EXPECT_EQ(winners, 1);
  EXPECT_FALSE(std::filesystem::exists(folder / "r/.stroma.lock"));
}

TEST(KilledStudy, finished_runs_are_never_run_again_and_unfinished_ones_never_counted) {
  const TemporaryFolder folder;
  // The child says after each store() how far it is; whatever it said must be in the ledger after SIGKILL.
  for (int round = 0; round < 8; ++round) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t study = test::start_child([&] {
      SqliteLedger ledger(folder / "ledger");
      for (int run = 0;; ++run) {
        const std::string key = std::to_string(round) + "/" + std::to_string(run);
        ledger.record_failure(key, "culture", "first attempt");
        ledger.store(key, "culture", "result of " + key);
        if (::write(pipe[1], &run, sizeof run) != sizeof run) return 1;
      }
    });
    ::close(pipe[1]);
    int last = -1;
    const int stop_at = 3 + 37 * round;
    for (int run = 0; last < stop_at && ::read(pipe[0], &run, sizeof run) == sizeof run;) last = run;
    ::kill(study, SIGKILL);
    test::wait_for(study);
    for (int run = 0; ::read(pipe[0], &run, sizeof run) == sizeof run;) last = run;
    ::close(pipe[0]);
    ASSERT_GE(last, 0);
    SqliteLedger ledger(folder / "ledger");
    for (int run = 0; run <= last; ++run) {
      const std::string key = std::to_string(round) + "/" + std::to_string(run);
      EXPECT_EQ(ledger.find(key), "result of " + key);
    }
    // At most the one run whose end the child could not report is there in addition.
    EXPECT_FALSE(ledger.find(std::to_string(round) + "/" + std::to_string(last + 2)));
  }
}

}  // namespace io_two_runs
}  // namespace stroma::store
