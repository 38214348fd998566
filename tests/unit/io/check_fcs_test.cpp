// FCS files of ours under tools/check_fcs, an independent reader written from the published layout.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdio.h>
#include <sys/wait.h>

#include <array>
#include <memory>
#include <string>

#include "io/fcs.hpp"
#include "io/file.hpp"
#include "test_paths.hpp"
#include "unit/io/temporary_folder.hpp"

namespace stroma::io {
namespace check_fcs_test {

using testing::HasSubstr;

struct Outcome {
  int status = -1;
  std::string output;
};

Outcome check_fcs(const std::filesystem::path& file) {
  const std::string command =
      std::string("python3 '") + STROMA_SOURCE_DIR + "/tools/check_fcs' '" + file.string() + "' 2>&1";
  FILE* pipe = ::popen(command.c_str(), "r");
  Outcome outcome;
  if (pipe == nullptr) return outcome;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = ::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    outcome.output.append(buffer.data(), got);
  const int status = ::pclose(pipe);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

Fcs sample() {
  Fcs fcs;
  fcs.channels = {{"FL1-A", "Annexin V-FITC", 262144}, {"FL2-A", "PI", 262144}};
  for (int i = 0; i < 1000; ++i) {
    fcs.events.push_back(i);             // mean 499.5
    fcs.events.push_back(0.25 * i - 1);  // mean 123.875
  }
  fcs.keywords = {{"$DATE", "01-JAN-2024"}, {"SAMPLE", "a|b/c"}};
  return fcs;
}

TEST(CheckFcs, agrees_with_what_was_written) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "a.fcs", write_fcs(sample()));
  const Outcome outcome = check_fcs(folder / "a.fcs");
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  for (const char* part : {"\"events\": 1000", "\"name\": \"FL1-A\"", "\"mean\": 499.5", "\"mean\": 123.875",
                           "\"SAMPLE\": \"a|b/c\"", "\"stain\": \"Annexin V-FITC\"", "\"$CYT\": \"Stroma\""})
    EXPECT_THAT(outcome.output, HasSubstr(part));
}

TEST(CheckFcs, accepts_a_file_without_events_and_doubled_delimiters) {
  const test::TemporaryFolder folder;
  Fcs fcs = sample();
  fcs.events.clear();
  fcs.keywords = {{"NOTE", "a|b/c\\d!e~f^g;h\x1ei\x0cj"}};
  write_file_atomically(folder / "a.fcs", write_fcs(fcs));
  const Outcome outcome = check_fcs(folder / "a.fcs");
  EXPECT_EQ(outcome.status, 0) << outcome.output;
}

TEST(CheckFcs, rejects_mutants) {
  const test::TemporaryFolder folder;
  const std::string good = write_fcs(sample());
  const std::string damaged[] = {good.substr(0, good.size() - 9),
                                 good.substr(0, 40),
                                 "FCS3.1",
                                 good + "x",
                                 std::string(good).replace(good.find("1,2,3,4"), 7, "1,2,4,3"),
                                 std::string(good).replace(good.find("$TOT"), 4, "$TOX"),
                                 std::string(good).replace(good.find("1000"), 4, "1001"),
                                 std::string(good).replace(33, 1, "9"),
                                 std::string(good).replace(good.size() - 12, 4, "\0\0\xC0\x7F", 4),  // NaN
                                 std::string(good).replace(good.find("262144"), 6, "infini"),
                                 std::string(good).replace(good.find("$DATE"), 5, "$P9BB")};
  for (const std::string& bytes : damaged) {
    write_file_atomically(folder / "a.fcs", bytes);
    EXPECT_EQ(check_fcs(folder / "a.fcs").status, 3);
  }
}

}  // namespace check_fcs_test
}  // namespace stroma::io
