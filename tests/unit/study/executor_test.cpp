// Vessels run in any order and on any number of threads with the same result; what fails stays alone; what is
// finished is never run again.
#include "study/executor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <limits>

#include "core/errors.hpp"
#include "protocols.hpp"

namespace stroma::study {
namespace executor_test {

using testing::HasSubstr;

struct Bench {
  std::shared_ptr<const model::Model> model = letters();
  std::vector<Vessel> vessels = expand(two_media(*model), *model, 1, false);

  Execution run(Ledger* ledger = nullptr, ExecutorOptions options = {}) const {
    return execute(vessels, model, ledger, options);
  }
  // The first vessel of an arm that gets the drug.
  std::size_t treated(int arm) const {
    for (std::size_t i = 0; i < vessels.size(); ++i)
      if (vessels[i].arm == arm && !vessels[i].setup.treatments.empty()) return i;
    throw core::InternalError("no such vessel");
  }
};

void expect_equal(const Outcome& a, const Outcome& b, const std::string& label) {
  EXPECT_EQ(a.state_hash, b.state_hash) << label;
  EXPECT_EQ(a.specimens, b.specimens) << label;
  EXPECT_EQ(a.failure, b.failure) << label;
}

void expect_equal(const Execution& a, const Execution& b, const std::vector<Vessel>& vessels) {
  ASSERT_EQ(a.outcomes.size(), b.outcomes.size());
  for (std::size_t i = 0; i < vessels.size(); ++i)
    expect_equal(a.outcomes[i], b.outcomes[i], vessels[i].label);
}

TEST(Executor, gives_every_vessel_a_specimen_for_each_of_its_times) {
  const Bench bench;
  const Execution done = bench.run();
  EXPECT_EQ(done.progress.done, bench.vessels.size());
  EXPECT_EQ(done.progress.total, bench.vessels.size());
  EXPECT_EQ(done.progress.failed, 0u);
  EXPECT_EQ(done.progress.reused, 0u);
  EXPECT_GT(done.progress.cell_steps, 0);
  EXPECT_FALSE(done.interrupted);
  for (std::size_t i = 0; i < bench.vessels.size(); ++i) {
    const Vessel& v = bench.vessels[i];
    ASSERT_TRUE(done.outcomes[i].finished()) << done.outcomes[i].failure;
    ASSERT_EQ(done.outcomes[i].specimens.size(), v.times.size());
    EXPECT_EQ(done.outcomes[i].specimens.back().minutes, core::minutes(v.times.back()));
    EXPECT_EQ(done.outcomes[i].specimens.back().scale, v.scale);
  }
}

TEST(Executor, pours_what_is_in_the_culture_at_its_end) {
  Bench bench;
  for (Vessel& v : bench.vessels)
    if (v.system >= 0) v.times.insert(v.times.begin(), core::Tick{0});
  const Execution done = bench.run();
  for (std::size_t i = 0; i < bench.vessels.size(); ++i) {
    const Vessel& v = bench.vessels[i];
    if (v.supernatant < 0) continue;
    const auto& source = done.outcomes[static_cast<std::size_t>(v.supernatant)].specimens.back();
    const assays::Specimen& poured = done.outcomes[i].specimens.front();
    EXPECT_EQ(assays::medium_concentration(poured, "L"), assays::medium_concentration(source, "L"));
    EXPECT_GT(assays::medium_concentration(poured, "L"), 0.0);
    EXPECT_EQ(poured.serum, source.serum);
  }
}

TEST(Executor, gives_the_same_bits_at_any_number_of_threads) {
  const Bench bench;
  const Execution one = bench.run();
  for (const int threads : {2, 3, 5})
    for (const int inside : {1, 2}) {
      ExecutorOptions options;
      options.threads = threads;
      options.threads_per_vessel = inside;
      expect_equal(one, bench.run(nullptr, options), bench.vessels);
    }
}

TEST(Executor, leaves_a_vessel_that_turns_to_nan_alone_and_says_why) {  // fault 18
  const Bench whole;
  Bench broken;
  const std::size_t bad = broken.treated(0);
  broken.vessels[bad].setup.treatments[0].concentration = std::numeric_limits<double>::quiet_NaN();
  MemoryLedger ledger;
  const Execution done = broken.run(&ledger), undisturbed = whole.run();
  EXPECT_FALSE(done.outcomes[bad].finished());
  EXPECT_TRUE(done.outcomes[bad].specimens.empty());
  EXPECT_THAT(done.outcomes[bad].failure, HasSubstr("nan"));
  EXPECT_EQ(done.progress.done, broken.vessels.size());
  EXPECT_EQ(done.progress.failed, 1u);
  EXPECT_EQ(ledger.runs.size(), broken.vessels.size() - 1);
  EXPECT_FALSE(ledger.runs.contains(broken.vessels[bad].key));
  ASSERT_EQ(ledger.failures.size(), 1u);
  EXPECT_THAT(ledger.failures[broken.vessels[bad].key], HasSubstr(broken.vessels[bad].label));
  for (std::size_t i = 0; i < broken.vessels.size(); ++i)
    if (i != bad) expect_equal(done.outcomes[i], undisturbed.outcomes[i], broken.vessels[i].label);
}

TEST(Executor, fails_what_would_be_poured_from_a_culture_that_failed) {
  Bench bench;
  bench.vessels[0].setup.max_cells = 1;  // the culture of the first replicate outgrows its cap at once
  const Execution done = bench.run();
  std::size_t failed = 0;
  for (std::size_t i = 0; i < bench.vessels.size(); ++i) {
    const bool poured = bench.vessels[i].supernatant == 0;
    EXPECT_EQ(done.outcomes[i].finished(), i != 0 && !poured) << bench.vessels[i].label;
    if (poured) {
      EXPECT_THAT(done.outcomes[i].failure, HasSubstr("supernatant is missing"));
    }
    failed += !done.outcomes[i].finished();
  }
  EXPECT_EQ(failed, 1u + 3u * 2u);
  EXPECT_EQ(done.progress.failed, failed);
}

TEST(Executor, counts_a_vessel_that_takes_too_long_as_failed) {  // fault 18: hangs
  const Bench bench;
  ExecutorOptions options;
  options.time_limit_s = -1.0;  // over before it began
  const Execution done = bench.run(nullptr, options);
  EXPECT_EQ(done.progress.failed, bench.vessels.size());
  EXPECT_THAT(done.outcomes[0].failure, HasSubstr("counts as hung"));
  EXPECT_FALSE(done.interrupted);
}

TEST(Executor, asks_the_ledger_first_and_runs_nothing_twice) {
  const Bench bench;
  MemoryLedger ledger;
  const Execution first = bench.run(&ledger);
  EXPECT_EQ(ledger.stored_count, static_cast<int>(bench.vessels.size()));
  const Execution second = bench.run(&ledger);
  EXPECT_EQ(ledger.stored_count, static_cast<int>(bench.vessels.size()));
  EXPECT_EQ(second.progress.reused, bench.vessels.size());
  EXPECT_EQ(second.progress.cell_steps, 0);
  expect_equal(first, second, bench.vessels);
}

TEST(Executor, tries_a_vessel_again_that_failed_before) {
  Bench bench;
  const std::size_t bad = bench.treated(0);
  bench.vessels[bad].setup.max_cells = 1;
  MemoryLedger ledger;
  EXPECT_EQ(bench.run(&ledger).progress.failed, 1u);
  bench.vessels[bad].setup.max_cells = tissue::CultureSetup{}.max_cells;
  const Execution again = bench.run(&ledger);
  EXPECT_EQ(again.progress.failed, 0u);
  EXPECT_EQ(again.progress.reused, bench.vessels.size() - 1);
}

TEST(Executor, stops_when_told_and_goes_on_where_it_was) {
  const Bench bench;
  const Execution undisturbed = bench.run();
  for (const std::size_t after : {std::size_t{1}, std::size_t{5}, bench.vessels.size() - 1}) {
    MemoryLedger ledger;
    std::atomic<bool> stop = false;
    ExecutorOptions options;
    options.threads = 2;
    options.stop = &stop;
    options.on_progress = [&](const Progress& p) { stop = p.done >= after; };
    const Execution cut = bench.run(&ledger, options);
    EXPECT_TRUE(cut.interrupted);
    EXPECT_GE(cut.progress.done, after);
    EXPECT_EQ(cut.progress.failed, 0u);  // what was not run has not failed
    EXPECT_EQ(ledger.runs.size(), cut.progress.done);
    const Execution rest = bench.run(&ledger);
    EXPECT_EQ(rest.progress.reused, cut.progress.done);
    expect_equal(undisturbed, rest, bench.vessels);
  }
}

TEST(Executor, tells_its_progress_from_one_to_all) {
  const Bench bench;
  std::vector<Progress> said;
  ExecutorOptions options;
  options.threads = 3;
  options.on_progress = [&](const Progress& p) { said.push_back(p); };
  bench.run(nullptr, options);
  ASSERT_EQ(said.size(), bench.vessels.size());
  for (std::size_t i = 0; i < said.size(); ++i) {
    EXPECT_EQ(said[i].done, i + 1);
    EXPECT_EQ(said[i].total, bench.vessels.size());
    EXPECT_LE(said[i].work_done, said[i].work_total * (1.0 + 1e-12));
  }
  EXPECT_NEAR(said.back().work_done, said.back().work_total, 1e-9 * said.back().work_total);
}

// A ledger whose disk is full: its error ends the study and is not taken for a vessel's.
class FullDisk : public MemoryLedger {
 public:
  void store(std::string_view key, std::string_view kind, std::string_view payload) override {
    if (attempts++ >= 3) throw core::IoError("no space left on the ledger's disk");
    MemoryLedger::store(key, kind, payload);
  }

 private:
  std::atomic<int> attempts{0};  // several vessels may end at once
};

TEST(Executor, ends_with_the_disk_and_keeps_what_was_stored) {
  const Bench bench;
  for (const int threads : {1, 3}) {
    FullDisk ledger;
    ExecutorOptions options;
    options.threads = threads;
    EXPECT_THROW(bench.run(&ledger, options), core::IoError);
    EXPECT_EQ(ledger.runs.size(), 3u);
    EXPECT_TRUE(ledger.failures.empty());
  }
}

TEST(Executor, does_not_take_half_a_stored_run_for_a_run) {
  const Bench bench;
  MemoryLedger ledger;
  bench.run(&ledger);
  const std::string& payload = ledger.runs[bench.vessels[0].key];
  for (const std::size_t length : {std::size_t{3}, std::size_t{30}, payload.size() - 1}) {
    MemoryLedger damaged;
    damaged.runs[bench.vessels[0].key] = payload.substr(0, length);
    EXPECT_THROW(bench.run(&damaged), core::InternalError);
  }
}

}  // namespace executor_test
}  // namespace stroma::study
