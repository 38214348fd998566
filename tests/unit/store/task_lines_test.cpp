// A vessel that was written down and read again is the same vessel, to the bit; what is no vessel is refused.
#include "store/task_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/errors.hpp"
#include "store/workers.hpp"
#include "study/executor.hpp"
#include "study/outcome_record.hpp"
#include "support/codes.hpp"
#include "unit/study/protocols.hpp"
#include "unit/study/text_models.hpp"

namespace stroma::store {
namespace task_lines_test {

using test::codes_of;
using testing::ElementsAre;

std::shared_ptr<const model::Model> written_model() {
  return std::make_shared<const model::Model>(model::test::build_valid(study::letter_texts()));
}

study::Task a_task(const model::Model& model) {
  study::Task task;
  task.key = "key";
  task.label = "T in \"medium\", 3 µM";
  task.scale = 1.0 / 3.0;
  task.lineages = true;
  task.times = {core::Tick{0}, core::to_tick(60.0), core::to_tick(600.0)};
  task.setup.cells = {{model.cell_type("T"), 50}, {model.cell_type("S"), 7}};
  task.setup.medium.serum = 0.1;
  task.setup.medium.concentration.assign(model.substances.size(), 0.0);
  task.setup.medium.concentration[static_cast<std::size_t>(model.substance("L"))] = std::nextafter(0.1, 1.0);
  task.setup.volume = 1e9 / 7.0;
  task.setup.treatments = {{core::to_tick(30.0), model.substance("D"), 1e-310},
                           {core::to_tick(60.0), model.substance("D"), 500.0, core::to_tick(90.0)}};
  task.setup.arrivals = {
      {core::to_tick(45.0), model.cell_type("S"), 7, {}, {{model.substance("D"), 1.0 / 3.0}}}};
  task.setup.renewal = core::to_tick(120.0);
  task.setup.step = core::to_tick(30.0);
  task.setup.seed = 0xFFFFFFFFFFFFFFFFU;
  task.setup.donor_seed = 0x8000000000000001U;
  task.setup.max_cells = 1234;
  return task;
}

TEST(TaskLines, a_task_keeps_every_bit) {
  const auto model = written_model();
  const study::Task task = a_task(*model);
  const std::string line = task_line(task, {.threads = 3, .time_limit_s = 12.5}, *model);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  study::TaskLimits limits;
  const study::Task back = read_task_line(line, *model, limits);
  EXPECT_EQ(limits.threads, 3);
  EXPECT_EQ(limits.time_limit_s, 12.5);
  EXPECT_EQ(task_line(back, limits, *model), line);
  EXPECT_EQ(back.label, task.label);
  EXPECT_EQ(back.scale, task.scale);
  EXPECT_EQ(back.times, task.times);
  EXPECT_EQ(back.setup.seed, task.setup.seed);
  EXPECT_EQ(back.setup.donor_seed, task.setup.donor_seed);
  EXPECT_EQ(back.setup.medium.concentration, task.setup.medium.concentration);
  EXPECT_EQ(back.setup.treatments[0].concentration, task.setup.treatments[0].concentration);
  ASSERT_EQ(back.setup.arrivals.size(), 1u);
  EXPECT_EQ(back.setup.arrivals[0].at, task.setup.arrivals[0].at);
  EXPECT_EQ(back.setup.arrivals[0].type, task.setup.arrivals[0].type);
  EXPECT_EQ(back.setup.arrivals[0].count, 7u);
  EXPECT_EQ(back.setup.arrivals[0].content[0].substance, model->substance("D"));
  EXPECT_EQ(back.setup.arrivals[0].content[0].amount, 1.0 / 3.0);
}

TEST(TaskLines, a_model_that_was_sent_is_the_same_model) {
  const auto model = written_model();
  const auto back = read_model_line(model_line(*model));
  EXPECT_EQ(back->content_hash, model->content_hash);
  core::Diagnostics problems;
  const model::Model less = model::without(*model, std::vector<std::string>{"D_X"}, problems);
  ASSERT_TRUE(problems.empty());
  const auto less_back = read_model_line(model_line(less));
  EXPECT_EQ(less_back->content_hash, less.content_hash);
  EXPECT_NE(less_back->content_hash, back->content_hash);
  EXPECT_THAT(less_back->knocked_out, ElementsAre("D_X"));
  // The same vessel with either model is the same run.
  const study::Task task = a_task(*model);
  const study::Outcome here = study::perform(task, model, {}), there = study::perform(task, back, {});
  EXPECT_EQ(here.state_hash, there.state_hash);
  const study::Outcome answered = read_outcome_line(outcome_line("key", there), "key");
  EXPECT_EQ(answered.specimens, here.specimens);
  EXPECT_EQ(answered.state_hash, here.state_hash);
  EXPECT_EQ(answered.cell_steps, here.cell_steps);
  study::Outcome passed = there;
  passed.passages = {{"", "T", 20}, {"T", "a type of two words", 3}};
  EXPECT_EQ(read_outcome_line(outcome_line("key", passed), "key").passages, passed.passages);
  EXPECT_EQ(study::decode_outcome(study::encode(passed)).passages, passed.passages);
  EXPECT_EQ(study::decode_outcome(study::encode(passed)).state_hash, here.state_hash);
  EXPECT_NE(study::perform(task, less_back, {}).state_hash, here.state_hash);
}

TEST(TaskLines, what_is_no_task_is_refused) {
  const auto model = written_model();
  const std::string line = task_line(a_task(*model), {}, *model);
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = line;
    const std::size_t at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    changed.replace(at, from.size(), to);
    return codes_of([&] {
      study::TaskLimits limits;
      read_task_line(changed, *model, limits);
    });
  };
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"{\"key\"", "{\"clef\""},
                                                        {"\"T\"", "\"U\""},
                                                        {"\"L\"", "\"M\""},
                                                        {"\"D\"", "\"E\""},
                                                        {"\"times\":[0,", "\"times\":[9000,"},
                                                        {"\"times\":[0,", "\"times\":[-1,"},
                                                        {"\"step\":3000", "\"step\":0"},
                                                        {"\"serum\":0.1", "\"serum\":-0.1"},
                                                        {"\"serum\":0.1", "\"serum\":null"},
                                                        {"\"threads\":1", "\"threads\":0"},
                                                        {"\"seed\":1844", "\"seed\":\"1844"},
                                                        {"}", ""}})
    EXPECT_EQ(with(from, to), "bad-task") << from << " " << to;
  std::string other = model_line(*model);
  other.replace(other.find("\"engine\":"), 9, "\"engine\":9");
  EXPECT_EQ(codes_of([&] { read_model_line(other); }), "other-engine");
  other = model_line(*model);
  other.replace(other.find("\"kind\":4"), 8, "\"kind\":9");
  EXPECT_EQ(codes_of([&] { read_model_line(other); }), "bad-model");
  EXPECT_EQ(codes_of([&] { read_model_line("{\"model\":"); }), "bad-model");
  EXPECT_EQ(codes_of([&] { model_line(*study::letters()); }), "model-in-code");
  EXPECT_EQ(codes_of([&] { read_outcome_line("{}", "key"); }), "bad-outcome");
  EXPECT_EQ(codes_of([&] { read_outcome_line(outcome_line("other", {}), "key"); }), "bad-outcome");
  EXPECT_THROW(read_outcome_line(bug_line("key", "a bug"), "key"), core::InternalError);
}

TEST(Workers, that_cannot_be_started_or_are_none_are_errors_of_the_place) {
  const auto model = written_model();
  const study::Task task = a_task(*model);
  const auto why = [&](const std::string& command) {
    try {
      Workers({command}).perform(task, model, {});
    } catch (const core::IoError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_THAT(why("exit 3"), testing::HasSubstr("ended before it was ready"));
  EXPECT_THAT(why("echo hello; cat >/dev/null"), testing::HasSubstr("answered 'hello'"));
}

// A worker made of a shell: ready at once, and then as the script says.
std::string shell_worker(const std::string& then) {
  return "read -r line; echo '" + ready_line() + "'; read -r line; " + then;
}

TEST(Workers, one_that_is_lost_is_replaced_once) {
  const auto model = written_model();
  const study::Task task = a_task(*model);
  const std::string answer = outcome_line("key", study::perform(task, model, {}));
  const std::string good = shell_worker("echo '" + answer + "'; read -r line"), lost = shell_worker("exit 1");
  EXPECT_EQ(Workers({lost, good}).perform(task, model, {}).state_hash,
            study::perform(task, model, {}).state_hash);
  EXPECT_THROW(Workers({lost, lost}).perform(task, model, {}), std::runtime_error);
}

TEST(Workers, one_that_is_silent_is_stopped_when_asked) {
  const auto model = written_model();
  const std::atomic<bool> stop = true;
  study::TaskLimits limits;
  limits.stop = &stop;
  EXPECT_THROW(Workers({"sleep 1000 & sleep 1000"}).perform(a_task(*model), model, limits),
               study::Interrupted);
}

}  // namespace task_lines_test
}  // namespace stroma::store
