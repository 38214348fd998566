// Reading whole files and replacing them atomically.
#include "io/file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "core/errors.hpp"
#include "unit/io/refused.hpp"
#include "unit/io/temporary_folder.hpp"

namespace stroma::io {
namespace file_test {

using test::put;
using test::refused;
using test::TemporaryFolder;
using testing::HasSubstr;

TEST(ReadFile, gives_every_byte) {
  const TemporaryFolder folder;
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(i * 7);
  put(folder / "a", bytes);
  EXPECT_EQ(read_file(folder / "a"), bytes);
  EXPECT_EQ(read_file(folder / "a", bytes.size()), bytes);
  put(folder / "empty", "");
  EXPECT_EQ(read_file(folder / "empty"), "");
}

TEST(ReadFile, refuses_more_than_its_limit) {
  const TemporaryFolder folder;
  put(folder / "a", "12345");
  EXPECT_EQ(refused([&] { read_file(folder / "a", 4); }).code, "file-too-large");
}

TEST(ReadFile, a_sparse_file_of_two_gigabytes_costs_nothing) {
  const TemporaryFolder folder;
  put(folder / "big", "");
  std::filesystem::resize_file(folder / "big", std::uint64_t{2} << 30);
  EXPECT_EQ(refused([&] { read_file(folder / "big"); }).code, "file-too-large");
}

TEST(ReadFile, reads_files_whose_size_is_not_known_before) {
  EXPECT_THAT(read_file("/proc/self/stat"), HasSubstr("("));  // stat says 0 bytes
}

TEST(ReadFile, names_what_is_not_a_readable_file) {
  const TemporaryFolder folder;
  put(folder / "plate.csv", "x");
  const core::Diagnostic missing = refused([&] { read_file(folder / "plaet.csv"); });
  EXPECT_EQ(missing.code, "no-such-file");
  EXPECT_EQ(missing.hint, "did you mean 'plate.csv'?");
  EXPECT_THAT(missing.place.file, HasSubstr("plaet.csv"));
  EXPECT_EQ(refused([&] { read_file(folder.path()); }).code, "is-a-folder");
  EXPECT_EQ(refused([&] { read_file(folder / "plate.csv" / "x"); }).code, "no-such-file");
  EXPECT_EQ(refused([&] { read_file(""); }).code, "bad-path");
  EXPECT_EQ(refused([&] { read_file(folder / std::string(300, 'n')); }).code, "bad-path");
  EXPECT_EQ(refused([&] { read_file("/dev/zero"); }).code, "not-a-file");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(refused([&] { read_file(folder / "pipe"); }).code, "not-a-file");  // and does not wait
  std::filesystem::create_symlink("loop", folder / "loop");
  EXPECT_EQ(refused([&] { read_file(folder / "loop"); }).code, "bad-path");
}

TEST(WriteFile, replaces_the_whole_file_and_leaves_nothing_else) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a", "old");
  write_file_atomically(folder / "a", std::string("new\0bytes", 9));
  EXPECT_EQ(read_file(folder / "a"), std::string("new\0bytes", 9));
  write_file_atomically(folder / "empty", "");
  EXPECT_EQ(read_file(folder / "empty"), "");
  EXPECT_THAT(test::names_in(folder.path()), testing::ElementsAre("a", "empty"));
}

TEST(WriteFile, takes_any_name_that_the_file_system_takes) {
  const TemporaryFolder folder;
  for (const std::string& name : {std::string("with spaces and \"quotes\""), std::string("not\xFFutf8\xE9"),
                                  std::string(255, 'n'), std::string("-o"), std::string("a\nb")}) {
    write_file_atomically(folder / name, "x");
    EXPECT_EQ(read_file(folder / name), "x");
  }
}

TEST(WriteFile, works_in_the_current_folder) {
  const TemporaryFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  write_file_atomically("plain", "x");
  std::filesystem::current_path(before);
  EXPECT_EQ(read_file(folder / "plain"), "x");
}

TEST(WriteFile, gives_the_permissions_that_the_user_asked_for) {
  const TemporaryFolder folder;
  const mode_t before = ::umask(027);
  write_file_atomically(folder / "a", "x");
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat((folder / "a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0640u);
}

TEST(Printable, shows_every_path_as_text) {
  EXPECT_EQ(printable("plain/na\xC3\xAFve.csv"), "plain/na\xC3\xAFve.csv");
  EXPECT_EQ(printable("a\xFF\nb"), "a\\xFF\\x0Ab");
}

}  // namespace file_test
}  // namespace stroma::io
