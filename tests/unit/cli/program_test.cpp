// What the program answers to what is typed: exit codes of design section 7, what goes to which stream, and
// that a plan runs nothing. tests/cli/*.sh shows the same program from outside: files, signals, disks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/app.hpp"
#include "cli/messages.hpp"
#include "jobs/duration.hpp"
#include "test_paths.hpp"
#include "unit/io/temporary_folder.hpp"

namespace stroma::cli {
namespace program_test {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

struct Answer {
  int code = 0;
  std::string out, err;
};

// A folder of its own as the working directory, with the small study of tests/cli.
class Program : public testing::Test {
 protected:
  Program() : before_(fs::current_path()) {
    fs::copy(fs::path(STROMA_SOURCE_DIR) / "tests/cli/pair", folder_ / "pair", fs::copy_options::recursive);
    fs::current_path(folder_.path());
  }
  ~Program() override { fs::current_path(before_); }

  static Answer stroma(std::vector<std::string> words) {
    words.insert(words.begin(), "stroma");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    Answer a;
    a.code = run_program(static_cast<int>(argv.size()), argv.data());
    std::fflush(nullptr);
    std::cout.flush();
    std::cerr.flush();
    a.err = testing::internal::GetCapturedStderr();
    a.out = testing::internal::GetCapturedStdout();
    return a;
  }

  static void replace(const std::string& file, const std::string& from, const std::string& to) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    std::string s = text.str();
    const std::size_t at = s.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    test::put(file, s.replace(at, from.size(), to));
  }

  std::vector<std::string> names() const { return test::names_in(folder_.path()); }

 private:
  test::TemporaryFolder folder_;
  fs::path before_;
};

TEST_F(Program, that_is_mistyped_says_what_was_meant_and_exits_with_2) {
  for (const auto& [typed, meant] : {std::pair{"reprodce", "'reproduce'"},
                                     {"chek", "'check'"},
                                     {"calibrat", "'calibrate'"},
                                     {"docter", "'doctor'"}}) {
    const Answer a = stroma({typed});
    EXPECT_EQ(a.code, exit_usage);
    EXPECT_THAT(a.err, testing::AllOf(HasSubstr(typed), HasSubstr("did you mean"), HasSubstr(meant)));
  }
  EXPECT_EQ(stroma({"run"}).code, exit_usage);
  EXPECT_EQ(stroma({"reproduce", "pair", "--threads", "0"}).code, exit_usage);
  EXPECT_THAT(names(), testing::ElementsAre("pair"));
}

TEST_F(Program, says_every_option_that_is_wrong_at_once_with_its_name) {
  const Answer a = stroma({"analyse", "growth", "x.csv", "--arm", "a", "--one-arm", "--fold", "0.5"});
  EXPECT_EQ(a.code, exit_usage);
  EXPECT_THAT(a.err, testing::AllOf(HasSubstr("--one-arm excludes --arm"),
                                    HasSubstr("--fold: 0.5 is not in the range 1.0001 to 1000000"),
                                    HasSubstr("--help")));
  EXPECT_THAT(stroma({"stats", "km", "x.csv", "--interval", "log-lug"}).err,
              HasSubstr("did you mean 'log-log'?"));
  EXPECT_THAT(stroma({"reproduce", "pair", "--threads", "none"}).err,
              HasSubstr("--threads: 'none' is no whole number"));
}

TEST_F(Program, that_is_asked_for_help_or_its_version_is_done) {
  EXPECT_EQ(stroma({"--version"}).code, exit_done);
  const Answer help = stroma({"reproduce", "--help"});
  EXPECT_EQ(help.code, exit_done);
  EXPECT_THAT(help.out, testing::AllOf(HasSubstr("--quick"), HasSubstr("--without"), HasSubstr("--dry-run")));
  EXPECT_EQ(help.err, "");
}

TEST_F(Program, lists_diagnostics_as_json_for_machines_and_in_words_for_people) {
  replace("pair/apoptosis.toml", "replicates ", "replicatess ");
  replace("pair/apoptosis.toml", "\"100 uL\"", "\"100 s\"");
  const Answer a = stroma({"check", "pair", "--json"});
  EXPECT_EQ(a.code, exit_invalid);
  const json list = json::parse(a.out);
  ASSERT_TRUE(list.is_array());
  ASSERT_EQ(list.size(), 2u);
  for (const json& d : list)
    for (const char* key : {"code", "file", "line", "column", "key", "message", "hint"})
      EXPECT_TRUE(d.contains(key)) << key;
  EXPECT_EQ(list[0]["line"], 4);
  EXPECT_THAT(list[0]["hint"].get<std::string>(), HasSubstr("replicates"));
  EXPECT_THAT(a.err, HasSubstr("2 problems found; nothing was run"));
  EXPECT_EQ(json::parse(stroma({"check", "pair/elisa.toml", "--json"}).out), json::array());
}

TEST_F(Program, plans_without_running_or_writing_anything) {
  const Answer a = stroma({"reproduce", "pair", "--dry-run"});
  EXPECT_EQ(a.code, exit_done);
  // apoptosis: 3 cultures and 2 arms x 3 replicates; elisa: 2 cultures x 3 replicates.
  EXPECT_THAT(a.out, testing::AllOf(testing::ContainsRegex("apoptosis +9 vessels"),
                                    testing::ContainsRegex("elisa +6 vessels"),
                                    testing::ContainsRegex("all +15 vessels"), HasSubstr("MiB")));
  EXPECT_THAT(a.err, testing::AllOf(testing::StartsWith("warning: hcc: "), HasSubstr("[no-effect-here]")));
  EXPECT_THAT(a.err, HasSubstr("apoptosis, elisa: assumption: cells grow on an area"));
  EXPECT_EQ(std::count(a.err.begin(), a.err.end(), '\n'), 2);
  EXPECT_THAT(names(), testing::ElementsAre("pair"));
}

TEST_F(Program, refuses_more_cells_than_a_vessel_may_hold_with_6_and_writes_nothing) {
  replace("pair/apoptosis.toml", "simulated_cells = 200", "simulated_cells = 5000000");
  replace("pair/apoptosis.toml", "cells_per_well = 10000", "cells_per_well = 5000000");
  for (const char* option : {"--quiet", "--dry-run"}) {
    const Answer a = stroma({"run", "pair/apoptosis.toml", "-o", "out", option});
    EXPECT_EQ(a.code, exit_limit) << option;
    EXPECT_THAT(a.err, testing::AllOf(HasSubstr("refused"), HasSubstr("2000000")));
  }
  EXPECT_THAT(names(), testing::ElementsAre("pair"));
}

TEST_F(Program, that_cannot_write_exits_with_5) {
  EXPECT_EQ(stroma({"run", "pair/elisa.toml", "-o", std::string(300, 'n')}).code, exit_disk);
}

TEST_F(Program, says_its_progress_in_plain_lines_where_there_is_no_terminal) {
  const Answer a = stroma({"run", "pair/elisa.toml", "-o", "out"});
  ASSERT_EQ(a.code, exit_done) << a.err;
  EXPECT_THAT(a.err, Not(HasSubstr("\r")));
  EXPECT_THAT(a.err, Not(HasSubstr("\033")));
  EXPECT_THAT(a.err, HasSubstr("100 %  6 of 6 vessels (0 from the ledger)"));
  EXPECT_THAT(a.out,
              testing::AllOf(HasSubstr("6 vessels, 0 from the ledger, 0 failed"), HasSubstr("report:")));
  const Answer again = stroma({"run", "pair/elisa.toml", "-o", "out"});
  EXPECT_EQ(again.code, exit_done);
  EXPECT_THAT(again.out, HasSubstr("6 from the ledger"));
}

TEST_F(Program, says_its_progress_as_json_lines_and_its_result_as_one_object_for_machines) {
  const Answer a = stroma({"run", "pair/elisa.toml", "-o", "out", "--json"});
  ASSERT_EQ(a.code, exit_done) << a.err;
  EXPECT_EQ(json::parse(a.out)["runs"]["completed"], 6);
  std::istringstream lines(a.err);
  json last;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("{")) last = json::parse(line);
  EXPECT_EQ(last["done"], 6);
  EXPECT_EQ(last["total"], 6);
}

TEST_F(Program, that_is_to_be_quiet_says_nothing_on_stderr) {
  const Answer a = stroma({"run", "pair/elisa.toml", "-o", "out", "--quiet"});
  EXPECT_EQ(a.code, exit_done);
  EXPECT_EQ(a.err, "");
}

TEST_F(Program, describes_a_model_and_an_experiment_as_json) {
  const json model = json::parse(stroma({"describe", STROMA_SOURCE_DIR "/models/hcc", "--json"}).out);
  EXPECT_EQ(model["kind"], "model");
  EXPECT_GT(model["rows"].size(), 50u);
  const json experiment = json::parse(stroma({"describe", "pair/apoptosis.toml", "--json"}).out);
  EXPECT_EQ(experiment["kind"], "experiment");
  EXPECT_EQ(experiment["arms"].size(), 2u);
}

TEST_F(Program, checks_a_calibration_before_it_simulates) {
  const std::string folder = std::string(STROMA_SOURCE_DIR) + "/models/hcc/calibration";
  fs::copy(folder, "fit", fs::copy_options::recursive);
  const Answer refused = stroma({"calibrate", "fit/calibration.toml"});
  EXPECT_EQ(refused.code, exit_invalid);  // its result is there
  EXPECT_THAT(refused.err, HasSubstr("--force"));
  replace("fit/hepg2_sorafenib.toml", "\"8 uM\"", "\"9 uM\"");
  const Answer wrong = stroma({"calibrate", "fit/calibration.toml", "-o", "other.csv"});
  EXPECT_EQ(wrong.code, exit_invalid);
  EXPECT_THAT(wrong.err, testing::AllOf(HasSubstr("data.csv:"), HasSubstr("does not test")));
  EXPECT_FALSE(fs::exists("other.csv"));
}

TEST(Duration, is_said_as_a_person_would) {
  using jobs::duration_text;
  EXPECT_EQ(duration_text(0.04), "0.0 s");
  EXPECT_EQ(duration_text(9.94), "9.9 s");
  EXPECT_EQ(duration_text(10.4), "10 s");
  EXPECT_EQ(duration_text(59.4), "59 s");
  EXPECT_EQ(duration_text(59.6), "1 min 0 s");
  EXPECT_EQ(duration_text(192.0), "3 min 12 s");
  EXPECT_EQ(duration_text(3600.0), "1 h 0 min");
  EXPECT_EQ(duration_text(9000.0), "2 h 30 min");
}

}  // namespace program_test
}  // namespace stroma::cli
