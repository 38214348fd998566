// Faults 15 and 20: a full disk, a read-only folder, a folder that vanishes, odd paths. The old file stays
// whole, the error names the path and the reason, and nothing half-written or temporary is left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "faults/failing_disk.hpp"
#include "faults/io_children.hpp"
#include "io/file.hpp"
#include "store/ledger.hpp"
#include "store/output_folder.hpp"
#include "unit/io/temporary_folder.hpp"

namespace stroma::store {
namespace io_disk {

using namespace io;

using namespace std::string_literals;
using test::in_child;
using test::TemporaryFolder;

/// Writes the file and says whether the failure was the right one.
int write_fails_cleanly(const std::filesystem::path& folder, const std::string& reason) {
  const auto before = test::names_in(folder);
  const std::string old = read_file(folder / "result.csv");
  try {
    write_file_atomically(folder / "result.csv", std::string(1'000'000, 'n'));
    return 10;
  } catch (const core::IoError& error) {
    const std::string what = error.what();
    if (what.find("result.csv") == std::string::npos || what.find(reason) == std::string::npos) {
      std::fprintf(stderr, "%s\n", error.what());
      return 11;
    }
  }
  if (read_file(folder / "result.csv") != old) return 12;
  return test::names_in(folder) == before ? 0 : 13;
}

/// Exit code of a child that suffers a fault and cannot replace a file.
int with_fault(const std::function<void()>& fault, const std::string& reason) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "result.csv", "old");
  return in_child([&] {
    fault();
    return write_fails_cleanly(folder.path(), reason);
  });
}

TEST(DiskFull, the_old_file_stays_and_the_error_says_so) {
  EXPECT_EQ(with_fault([] { test::fill_disk_after(64'000); }, "No space left on device"), 0);
}

TEST(DiskFull, a_file_that_may_not_grow_fails_in_the_same_way) {
  EXPECT_EQ(with_fault([] { test::limit_file_size(65'536); }, "File too large"), 0);
}

TEST(DiskFull, a_disk_that_loses_what_it_took_fails_in_the_same_way) {
  EXPECT_EQ(with_fault(test::fail_to_sync, "Input/output error"), 0);
}

TEST(DiskFull, shows_when_the_result_folder_is_claimed_and_not_after_the_run) {
  const TemporaryFolder folder;
  EXPECT_EQ(in_child([&] {
              test::fill_disk_after(0);
              return test::exit_code_of([&] { OutputFolder out(folder.path(), Existing::keep); });
            }),
            5);
}

TEST(DiskFull, the_ledger_keeps_what_it_had) {
  const TemporaryFolder folder;
  const int code = in_child([&] {
    test::fill_disk_after(500'000);
    int stored = 0;
    try {
      SqliteLedger ledger(folder / "ledger");
      for (; stored < 1000; ++stored) ledger.store(std::to_string(stored), "culture", std::string(5000, 'x'));
      return 10;
    } catch (const core::IoError& error) {
      if (std::string(error.what()).find("ledger") == std::string::npos) return 11;
    }
    SqliteLedger ledger(folder / "ledger");
    for (int i = 0; i < stored; ++i)
      if (ledger.find(std::to_string(i)) != std::string(5000, 'x')) return 12;
    return stored > 10 && !ledger.find(std::to_string(stored)) ? 0 : 13;
  });
  EXPECT_EQ(code, 0);
}

TEST(DiskFull, a_ledger_that_could_not_be_made_leaves_no_empty_file) {
  const TemporaryFolder folder;
  EXPECT_EQ(in_child([&] {
              test::fill_disk_after(0);
              return test::exit_code_of([&] { SqliteLedger ledger(folder / "ledger"); });
            }),
            5);
  EXPECT_TRUE(test::names_in(folder.path()).empty());
}

TEST(ReadOnlyFolder, fails_at_the_start_with_exit_5) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "result.csv", "old");
  { SqliteLedger(folder / "ledger").store("k", "x", "1"); }
  const int code = in_child([&] {
    test::make_disk_read_only();
    if (test::exit_code_of([&] { OutputFolder out(folder.path(), Existing::keep); }) != 5) return 20;
    if (test::exit_code_of([&] { OutputFolder out(folder / "new"); }) != 5) return 21;
    if (test::exit_code_of([&] { SqliteLedger ledger(folder / "ledger"); }) != 5) return 22;
    return write_fails_cleanly(folder.path(), "Read-only file system");
  });
  EXPECT_EQ(code, 0);
}

TEST(ForbiddenFolder, fails_at_the_start_with_exit_5) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "result.csv", "old");
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0555});
  const int code = in_child([&] {
    test::obey_permissions();
    if (test::exit_code_of([&] { OutputFolder out(folder.path(), Existing::keep); }) != 5) return 20;
    if (test::exit_code_of([&] { OutputFolder out(folder / "new"); }) != 5) return 21;
    if (test::exit_code_of([&] { SqliteLedger ledger(folder / "ledger"); }) != 5) return 22;
    return write_fails_cleanly(folder.path(), "Permission denied");
  });
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
  EXPECT_EQ(code, 0);
}

TEST(ForbiddenFile, cannot_be_read_and_says_so) {
  const TemporaryFolder folder;
  test::put(folder / "secret", "x");
  std::filesystem::permissions(folder / "secret", std::filesystem::perms{0});
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
  const int code = in_child([&] {
    test::obey_permissions();
    try {
      read_file(folder / "secret");
      return 10;
    } catch (const core::InputError& error) {
      return error.diagnostics()[0].code == "permission-denied" ? 0 : 11;
    }
  });
  EXPECT_EQ(code, 0);
}

TEST(VanishedFolder, is_an_error_and_not_a_crash) {
  const TemporaryFolder folder;
  OutputFolder out(folder / "r");
  std::filesystem::remove_all(folder / "r");
  try {
    write_file_atomically(folder / "r" / "result.csv", "x");
    FAIL();
  } catch (const core::IoError& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("result.csv"),
                                             testing::HasSubstr("No such file or directory")));
  }
}

TEST(OddPaths, work_or_are_named) {
  const TemporaryFolder folder;
  for (const std::string& name : {"with a space"s, "\xE4\xFF\x80"s, "-o"s, std::string(255, 'x')}) {
    OutputFolder out(folder / name);
    out.write("a b/\xFF.csv", "x");
    EXPECT_EQ(read_file(folder / name / "a b/\xFF.csv"), "x");
    SqliteLedger ledger(folder / name / "ledger \xFE.sqlite");
    ledger.store("k", "x", "1");
    EXPECT_EQ(ledger.find("k"), "1");
  }
  const std::string long_name(300, 'n');
  try {
    write_file_atomically(folder / long_name, "x");
    FAIL();
  } catch (const core::IoError& error) {
    EXPECT_THAT(error.what(),
                testing::AllOf(testing::HasSubstr(long_name), testing::HasSubstr("File name too long")));
  }
  EXPECT_EQ(test::exit_code_of([&] { read_file(folder / long_name); }), 3);
  EXPECT_EQ(test::exit_code_of([&] { OutputFolder out(folder / long_name); }), 5);
  EXPECT_EQ(test::exit_code_of([&] { SqliteLedger ledger(folder / long_name); }), 5);
}

}  // namespace io_disk
}  // namespace stroma::store
