// Jobs as another program would call them: they answer with data, tell their progress to whoever listens,
// stop when they are asked to, and say nothing to a terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "core/diagnostics.hpp"
#include "jobs/analyse/analyse.hpp"
#include "jobs/analyse/pictures.hpp"
#include "jobs/requests.hpp"
#include "jobs/stats/stats.hpp"
#include "test_paths.hpp"
#include "unit/io/temporary_folder.hpp"

namespace stroma::jobs {
namespace jobs_test {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Listener : public Progress {
 public:
  void vessels(const VesselsDone& done) override { last = done; }
  void part(const std::string& line, const nlohmann::ordered_json&) override { parts.push_back(line); }
  VesselsDone last;
  std::vector<std::string> parts;
};

class Wish : public Stop {
 public:
  std::shared_ptr<void> listen(int) override {
    listened = true;
    return nullptr;
  }
  const std::atomic<bool>& requested() const override { return stop; }
  std::atomic<bool> stop{false};
  bool listened = false;
};

class Jobs : public testing::Test {
 protected:
  fs::path at(const std::string& name) const { return folder_.path() / name; }
  static std::string text_of(const fs::path& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }
  // An assay or a method by its words, with options as they would be typed.
  Result run(const Job& group, const std::string& name,
             const std::vector<std::pair<std::string, std::vector<std::string>>>& options) {
    for (const Job& job : group.jobs) {
      if (job.command.name != name) continue;
      core::Diagnostics problems;
      for (const auto& [option, words] : options) job.command.options.assign(option, words, problems);
      problems.throw_if_any();
      return job.run(session);
    }
    throw core::InputError({{"unknown", {}, name, "there is no such job", ""}});
  }

  Listener listener;
  Wish wish;
  Session session{"a test", listener, wish};

 private:
  test::TemporaryFolder folder_;
};

TEST_F(Jobs, answer_with_data_and_print_nothing) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const Result table = write_template({"growth", at("growth.csv"), false}, session);
  const Result growth = run(analyse_job(), "growth",
                            {{"files", {at("growth.csv").string()}}, {"--output", {at("out").string()}}});
  std::fflush(nullptr);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_THAT(table.text, HasSubstr("growth.csv"));
  EXPECT_EQ(growth.status, Status::done);
  EXPECT_EQ(growth.json.at("reference"), "untreated");
  EXPECT_FALSE(growth.understanding.empty());
  EXPECT_THAT(growth.text, HasSubstr("report: "));
  EXPECT_TRUE(fs::exists(at("out") / "report.html"));
  EXPECT_THAT(text_of(at("out") / "run.json"), HasSubstr("a test"));
}

TEST_F(Jobs, draw_control_arms_grey_and_others_in_colour) {
  write_template({"growth", at("growth.csv"), false}, session);
  run(analyse_job(), "growth", {{"files", {at("growth.csv").string()}}, {"--output", {at("out").string()}}});
  EXPECT_THAT(text_of(at("out") / "figures/volumes.vl.json"), HasSubstr(R"("range":["#6a6a6a","#d55e00"])"));
  run(analyse_job(), "growth",
      {{"files", {at("growth.csv").string()}},
       {"--output", {at("other").string()}},
       {"--reference", {"treated"}}});
  // Both: one is called a control, the other was named as the reference.
  const std::string both = text_of(at("other") / "figures/volumes.vl.json");
  EXPECT_THAT(both,
              testing::AllOf(HasSubstr("#6a6a6a"), HasSubstr("#9a9a9a"), testing::Not(HasSubstr("#d55e00"))));
}

TEST(Reference, of_pictures_is_the_arm_that_is_called_a_control_wherever_it_stands) {
  struct Line {
    std::string arm;
  };
  const std::vector<Line> lines{{"sorafenib"}, {"vehicle"}, {"sorafenib"}};
  AnalyseRequest request;
  Analysis found, asked, assumed;
  EXPECT_EQ(reference_in(lines, request, "sheet.csv", found), "vehicle");
  EXPECT_EQ(found.understanding.facts().back().basis, core::Basis::found);
  EXPECT_EQ(reference_in(std::vector<Line>{{"A"}, {"B"}}, request, "sheet.csv", assumed), "A");
  EXPECT_EQ(assumed.understanding.facts().back().basis, core::Basis::assumed);
  request.reference = "sorafenib";
  EXPECT_EQ(reference_in(lines, request, "sheet.csv", asked), "sorafenib");
  EXPECT_EQ(asked.understanding.facts().back().basis, core::Basis::given);
}

TEST_F(Jobs, of_statistics_give_every_digit_and_refuse_by_name) {
  std::ofstream(at("t.csv")) << "arm,x\na,1\na,2\na,4\nb,2\nb,5\nb,7\n";
  const Result t = run(stats_job(), "welch", {{"file", {at("t.csv").string()}}, {"--level", {"0.9"}}});
  EXPECT_EQ(t.json.at("command"), "stats welch");
  EXPECT_EQ(t.json.at("rows"), 6);
  EXPECT_THROW(run(stats_job(), "welch", {{"--level", {"2"}}}), core::InputError);
}

TEST_F(Jobs, tell_how_far_they_are_and_stop_where_they_are_asked_to) {
  ReproduceRequest request;
  request.study = std::string(STROMA_SOURCE_DIR) + "/tests/cli/pair";
  request.output = at("pair");
  request.quick = true;
  wish.stop = true;
  const Result stopped = reproduce(request, session);
  EXPECT_TRUE(wish.listened);
  EXPECT_EQ(stopped.status, Status::interrupted);
  ASSERT_EQ(stopped.remarks.size(), 1u);
  EXPECT_THAT(stopped.remarks.front().text, HasSubstr("go on with the same command or: stroma resume"));
  EXPECT_FALSE(fs::exists(at("pair") / "run.json"));
  wish.stop = false;
  const Result done = reproduce(request, session);
  EXPECT_EQ(done.status, Status::done);
  EXPECT_EQ(listener.last.done, 15u);
  EXPECT_EQ(listener.last.total, 15u);
  EXPECT_EQ(done.json.at("runs").at("completed"), 15);
}

TEST_F(Jobs, that_check_many_files_say_each_and_throw_all_problems_once) {
  const std::string pair = std::string(STROMA_SOURCE_DIR) + "/tests/cli/pair";
  std::ofstream(at("bad.toml")) << "title = 3\n";
  std::ofstream(at("worse.toml")) << "title = 3\n";
  try {
    check({{pair, at("bad.toml").string(), at("worse.toml").string()}}, session);
    ADD_FAILURE() << "bad experiments";
  } catch (const core::InputError& error) {
    std::set<std::string> files;
    for (const core::Diagnostic& d : error.diagnostics()) files.insert(d.place.file);
    EXPECT_EQ(files.size(), 2u);
  }
  ASSERT_EQ(listener.parts.size(), 1u);
  EXPECT_THAT(listener.parts.front(), HasSubstr("study, 2 experiments"));
}

}  // namespace jobs_test
}  // namespace stroma::jobs
