// One run owns its result folder.
#include "store/output_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "core/errors.hpp"
#include "io/file.hpp"
#include "unit/io/refused.hpp"
#include "unit/io/temporary_folder.hpp"

namespace stroma::store {
namespace output_folder_test {

using namespace io;

using test::put;
using test::refused;
using test::TemporaryFolder;
using testing::ElementsAre;

TEST(OutputFolder, is_created_with_its_parents_and_unlocked_at_the_end) {
  const TemporaryFolder folder;
  {
    OutputFolder out(folder / "a/b/results");
    out.write("tables/x.csv", "1");
    EXPECT_TRUE(std::filesystem::exists(folder / "a/b/results/.stroma.lock"));
  }
  EXPECT_THAT(test::names_in(folder / "a/b/results"), ElementsAre(".stroma.files", "tables"));
}

TEST(OutputFolder, is_refused_where_something_is_in_it_already) {
  const TemporaryFolder folder;
  put(folder / "notes.txt", "mine");
  const core::Diagnostic problem = refused([&] { OutputFolder out(folder.path()); });
  EXPECT_EQ(problem.code, "not-empty");
  EXPECT_THAT(problem.hint, testing::HasSubstr("--force"));
  EXPECT_THAT(test::names_in(folder.path()), ElementsAre("notes.txt"));  // nothing was written
}

TEST(OutputFolder, force_removes_what_an_earlier_run_wrote_and_nothing_else) {
  const TemporaryFolder folder;
  {
    OutputFolder out(folder / "r");
    out.write("old.csv", "1");
    out.write("both.csv", "1");
    out.write("figures/old.svg", "1");
  }
  put(folder / "r/notes.txt", "mine");
  {
    OutputFolder out(folder / "r", Existing::replace);
    out.write("both.csv", "2");
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "r/old.csv"));
  EXPECT_FALSE(std::filesystem::exists(folder / "r/figures/old.svg"));
  EXPECT_EQ(read_file(folder / "r/both.csv"), "2");
  EXPECT_EQ(read_file(folder / "r/notes.txt"), "mine");
}

TEST(OutputFolder, a_forged_list_cannot_reach_outside) {
  const TemporaryFolder folder;
  put(folder / "precious", "keep");
  std::filesystem::create_directory(folder / "r");
  put(folder / "r/.stroma.files",
      "../precious\n" + (folder / "precious").string() + "\n./../precious\n\n.\n");
  { OutputFolder out(folder / "r", Existing::replace); }
  EXPECT_EQ(read_file(folder / "precious"), "keep");
}

TEST(OutputFolder, resuming_keeps_what_is_there) {
  const TemporaryFolder folder;
  {
    OutputFolder out(folder / "r");
    out.write("a", "1");
  }
  {
    OutputFolder out(folder / "r", Existing::keep);
    out.write("b", "2");
  }
  EXPECT_EQ(read_file(folder / "r/a"), "1");
  EXPECT_EQ(read_file(folder / "r/b"), "2");
}

TEST(OutputFolder, what_a_run_has_not_written_again_can_go_and_what_nobody_listed_stays) {
  const TemporaryFolder folder;
  {
    OutputFolder out(folder / "r");
    out.write("tables/old.csv", "1");
    out.write("both.csv", "1");
  }
  put(folder / "r/notes.txt", "mine");
  OutputFolder out(folder / "r", Existing::keep);
  out.write("both.csv", "2");
  out.remove_unwritten();
  EXPECT_FALSE(std::filesystem::exists(folder / "r/tables/old.csv"));
  EXPECT_EQ(read_file(folder / "r/both.csv"), "2");
  EXPECT_EQ(read_file(folder / "r/notes.txt"), "mine");
  out.write("new.csv", "3");
  EXPECT_EQ(read_file(folder / "r/.stroma.files"), "both.csv\nnew.csv\n");
}

TEST(OutputFolder, is_not_a_file_and_not_nothing) {
  const TemporaryFolder folder;
  put(folder / "file", "x");
  EXPECT_EQ(refused([&] { OutputFolder out(folder / "file"); }).code, "not-a-folder");
  EXPECT_EQ(refused([] { OutputFolder out(""); }).code, "bad-path");
  EXPECT_THROW(OutputFolder(folder / std::string(300, 'n')), core::IoError);
}

TEST(OutputFolder, a_second_owner_in_the_same_process_is_refused_too) {
  const TemporaryFolder folder;
  OutputFolder out(folder / "r");
  EXPECT_EQ(refused([&] { OutputFolder second(folder / "r", Existing::keep); }).code, "folder-in-use");
  out.write("still", "mine");
}

TEST(OutputFolder, results_cannot_leave_it) {
  const TemporaryFolder folder;
  OutputFolder out(folder / "r");
  EXPECT_THROW(out.write("../x", "1"), core::InternalError);
  EXPECT_THROW(out.write("/tmp/x", "1"), core::InternalError);
  EXPECT_THROW(out.write("", "1"), core::InternalError);
  EXPECT_THROW(out.write("a/", "1"), core::InternalError);
}

TEST(OutputFolder, force_replaces_nothing_behind_a_link) {
  namespace fs = std::filesystem;
  const TemporaryFolder folder;
  { OutputFolder(folder / "r").write("figures/a", "old"); }
  // The folder itself, with and without a slash at the end.
  fs::create_directory_symlink(folder / "r", folder / "link");
  for (const char* name : {"link", "link/"})
    EXPECT_EQ(refused([&] { OutputFolder out(folder / name, Existing::replace); }).code, "through-a-link");
  EXPECT_EQ(read_file(folder / "r" / "figures" / "a"), "old");
  // A folder inside it, listed or not.
  fs::rename(folder / "r" / "figures", folder / "elsewhere");
  fs::create_directory_symlink(folder / "elsewhere", folder / "r" / "figures");
  EXPECT_EQ(refused([&] { OutputFolder out(folder / "r", Existing::replace); }).code, "through-a-link");
  EXPECT_EQ(read_file(folder / "elsewhere" / "a"), "old");
  fs::create_directory_symlink(folder / "elsewhere", folder / "r" / "tables");
  fs::remove(folder / "r" / "figures");
  {
    OutputFolder out(folder / "r", Existing::replace);
    EXPECT_EQ(refused([&] { out.write("tables/a", "new"); }).code, "through-a-link");
  }
  EXPECT_EQ(read_file(folder / "elsewhere" / "a"), "old");
  // Who goes on with a run may have moved a part of it; a run that ends removes nothing there either.
  {
    OutputFolder out(folder / "r", Existing::keep);
    out.write("tables/b", "new");
  }
  {
    OutputFolder out(folder / "r", Existing::keep);
    out.remove_unwritten();
  }
  EXPECT_EQ(read_file(folder / "elsewhere" / "b"), "new");
}

TEST(OutputFolder, what_a_killed_process_left_half_written_goes) {
  const TemporaryFolder folder;
  { OutputFolder(folder / "r").write("tables/a", "1"); }
  pid_t dead = ::fork();
  if (dead == 0) ::_exit(0);
  ::waitpid(dead, nullptr, 0);
  const std::string litter = ".stroma-" + std::to_string(dead) + "-0.tmp";
  const std::string living = ".stroma-" + std::to_string(::getppid()) + "-0.tmp";
  for (const auto& place : {folder / "r", folder / "r" / "tables"})
    for (const std::string& name : {litter, living}) test::put(place / name, "half");
  OutputFolder out(folder / "r", Existing::keep);
  for (const auto& place : {folder / "r", folder / "r" / "tables"}) {
    EXPECT_FALSE(std::filesystem::exists(place / litter));
    EXPECT_TRUE(std::filesystem::exists(place / living));
  }
}

TEST(OutputFolder, many_threads_may_write) {
  const TemporaryFolder folder;
  OutputFolder out(folder / "r");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&out, t] {
      for (int i = 0; i < 10; ++i) out.write("f" + std::to_string(t) + "-" + std::to_string(i), "x");
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(test::names_in(folder / "r").size(), 42u);  // 40 files, the list and the lock
}

}  // namespace output_folder_test
}  // namespace stroma::store
