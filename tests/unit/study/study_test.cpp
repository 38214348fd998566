// A study as a whole: many experiments counted together, one state hash for any number of threads, findings
// assessed on what did not fail, names that do not exist reported with their place.
#include "study/study.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <limits>

#include "protocols.hpp"

namespace stroma::study {
namespace study_test {

using testing::HasSubstr;

// An annexin experiment without a dose series, and a second one on the same culture.
Study small_study() {
  Study s;
  s.name = "small";
  s.model = letters();
  Experiment e = two_media(*s.model);
  e.replicates = 3;
  e.wells_per_arm = 1;
  for (ArmSpec& arm : e.arms) {
    arm.treatments[0].series = false;
    arm.treatments[0].doses = {2000.0};
  }
  e.readouts[0].assay = assay("annexin");
  s.experiments.push_back(e);
  e.name = "second";
  e.cells_per_well =
      20'000.0;  // wells of its own: alike they would be the first's, whatever the file is called
  e.readouts[0].assay = assay("blot");
  e.readouts[0].targets = {"X"};
  e.readouts[0].reference = "plain";
  s.experiments.push_back(e);
  s.findings.push_back({"A", "1", "T", "apoptotic_fraction", "conditioned", "plain", Direction::down,
                        Role::predicted, "two_media", ""});
  s.findings.push_back(
      {"B", "2", "T", "blot:X", "conditioned", "plain", Direction::up, Role::calibrated, "second", ""});
  s.paper_n = 2;
  return s;
}

TEST(Study, counts_all_experiments_and_runs_a_shared_culture_once) {
  MemoryLedger ledger;
  std::vector<Progress> said;
  StudyOptions options;
  options.executor.on_progress = [&](const Progress& p) { said.push_back(p); };
  const StudyResult r = run(small_study(), &ledger, options);
  // Of each experiment 3 cultures and 6 wells; the cultures of the second are those of the first.
  EXPECT_EQ(r.progress.total, 18u);
  EXPECT_EQ(r.progress.done, 18u);
  EXPECT_EQ(r.progress.reused, 3u);
  EXPECT_EQ(r.progress.failed, 0u);
  EXPECT_TRUE(r.failures.empty());
  ASSERT_EQ(said.size(), 18u);
  for (std::size_t i = 0; i < said.size(); ++i) {
    EXPECT_EQ(said[i].done, i + 1);
    EXPECT_EQ(said[i].total, 18u);
  }
  ASSERT_EQ(r.assessments.size(), 2u);
  EXPECT_EQ(r.assessments[0].at_paper_n.n, 2);
  EXPECT_EQ(r.assessments[0].at_full_n.n, 3);
}

TEST(Study, has_one_state_hash_for_any_number_of_threads_and_another_for_another_seed) {
  StudyOptions options;
  const StudyResult one = run(small_study(), nullptr, options);
  for (const int threads : {2, 3}) {
    options.executor.threads = threads;
    const StudyResult more = run(small_study(), nullptr, options);
    EXPECT_EQ(more.state_hash, one.state_hash) << threads;
    for (std::size_t f = 0; f < one.assessments.size(); ++f)
      EXPECT_EQ(more.assessments[f].at_full_n.effect, one.assessments[f].at_full_n.effect);
  }
  options.seed = 2;
  EXPECT_NE(run(small_study(), nullptr, options).state_hash, one.state_hash);
}

TEST(Study, never_averages_a_failed_vessel_in) {  // fault 18
  Study study = small_study();
  const StudyResult whole = run(study, nullptr, {});
  // An endless dose in one arm of the first experiment: its wells break down and are left out.
  study.experiments[0].arms[1].treatments[0].doses = {std::numeric_limits<double>::infinity()};
  study.experiments[0].arms[1].treatments[0].at = core::to_tick(60.0);
  const auto vessels = expand(study.experiments[0], *study.model, 1, false);
  const StudyResult r = run(study, nullptr, {});
  std::size_t wells = 0;
  for (const Vessel& v : vessels) wells += v.arm == 1 && !v.setup.treatments.empty();
  EXPECT_EQ(r.progress.failed, wells);
  EXPECT_EQ(r.failures.size(), wells);
  EXPECT_EQ(r.progress.done, r.progress.total);
  for (const std::string& failure : r.failures) EXPECT_THAT(failure, HasSubstr("two_media: T, conditioned"));
  const Comparison& a = r.assessments[0].at_full_n;
  EXPECT_EQ(a.n, 0);
  EXPECT_FALSE(a.effect);
  EXPECT_EQ(a.verdict, Verdict::inconclusive);
  EXPECT_THAT(a.why_not, HasSubstr("'conditioned'"));
  EXPECT_EQ(r.assessments[1].at_full_n.effect, whole.assessments[1].at_full_n.effect);
}

TEST(Study, that_is_interrupted_measures_nothing_and_then_runs_only_what_is_missing) {  // fault 19
  const Study study = small_study();
  const StudyResult whole = run(study, nullptr, {});
  MemoryLedger ledger;
  std::atomic<bool> stop = false;
  StudyOptions options;
  options.executor.stop = &stop;
  options.executor.on_progress = [&](const Progress& p) { stop = p.done == 11; };
  const StudyResult cut = run(study, &ledger, options);
  EXPECT_TRUE(cut.interrupted);
  EXPECT_TRUE(cut.assessments.empty());
  EXPECT_EQ(cut.state_hash, "");
  EXPECT_EQ(cut.progress.done, 11u);
  const int stored = ledger.stored_count;
  const StudyResult rest = run(study, &ledger, {});
  EXPECT_EQ(rest.state_hash, whole.state_hash);
  EXPECT_EQ(ledger.stored_count, 15);  // 18 vessels, 3 of them the cultures of both
  EXPECT_LT(stored, 15);
  for (std::size_t f = 0; f < whole.assessments.size(); ++f) {
    EXPECT_EQ(rest.assessments[f].at_full_n.effect, whole.assessments[f].at_full_n.effect);
    EXPECT_EQ(rest.assessments[f].at_paper_n.p, whole.assessments[f].at_paper_n.p);
  }
}

core::Table table_of(const std::vector<Finding>& findings) {
  core::Table t;
  t.file = "findings.csv";
  int column = 0;
  for (const char* name :
       {"id", "figure", "system", "readout", "arm", "reference_arm", "expected", "role", "experiment"})
    t.header.push_back({name, 1, ++column});
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const Finding& f = findings[i];
    t.rows.emplace_back();
    for (const std::string& text : {f.id, f.figure, f.system, f.readout, f.arm, f.reference_arm,
                                    to_string(f.expected), to_string(f.role), f.experiment})
      t.rows.back().push_back({text, static_cast<int>(i) + 2, static_cast<int>(t.rows.back().size()) + 1});
  }
  return t;
}

std::vector<std::string> problems_of(const Study& study) {
  core::Diagnostics problems;
  check_findings(study, table_of(study.findings), problems);
  std::vector<std::string> out;
  for (const core::Diagnostic& d : problems.entries()) out.push_back(core::to_string(d));
  return out;
}

TEST(StudyFindings, that_an_experiment_can_answer_pass) {
  EXPECT_THAT(problems_of(small_study()), testing::IsEmpty());
}

TEST(StudyFindings, that_nothing_can_answer_are_named_word_by_word) {
  Study s = small_study();
  s.findings[0].system = "TT";
  s.findings[0].readout = "apoptotic_fractions";
  s.findings[0].reference_arm = "plan";
  s.findings[1].experiment = "secnd";
  EXPECT_THAT(
      problems_of(s),
      testing::UnorderedElementsAre(
          testing::AllOf(HasSubstr("findings.csv:2:3"), HasSubstr("'TT'")),
          testing::AllOf(HasSubstr("findings.csv:2:4"), HasSubstr("did you mean 'apoptotic_fraction'?")),
          testing::AllOf(HasSubstr("findings.csv:2:6"), HasSubstr("did you mean 'plain'?")),
          testing::AllOf(HasSubstr("findings.csv:3:9"), HasSubstr("did you mean 'second'?"))));
}

TEST(StudyFindings, about_a_readout_that_is_taken_twice_are_ambiguous) {
  Study s = small_study();
  s.experiments[0].readouts.push_back(s.experiments[0].readouts[0]);
  s.experiments[0].readouts.back().at = core::to_tick(60.0);
  EXPECT_THAT(problems_of(s),
              testing::ElementsAre(testing::AllOf(HasSubstr("findings.csv:2:4"), HasSubstr("2 times"))));
}

TEST(StudyFindings, of_a_dose_series_name_the_dose_and_of_a_supernatant_the_line) {
  Study s = small_study();
  for (ArmSpec& arm : s.experiments[0].arms) {
    arm.treatments[0] = {core::to_tick(0.0), s.model->substance("D"), {0.0, 4000.0}, {"0 uM", "4 uM"}, true};
  }
  s.findings[0].arm = "conditioned, 4 uM";
  s.findings[0].reference_arm = "plain, 4 uM";
  s.experiments[1].readouts[0].assay = assay("elisa");
  s.experiments[1].readouts[0].targets = {"L"};
  s.findings[1] = {"B",        "2",           "supernatant",   "elisa:L", "T, conditioned",
                   "T, plain", Direction::up, Role::predicted, "second",  ""};
  EXPECT_THAT(problems_of(s), testing::IsEmpty());
  const StudyResult r = run(s, nullptr, {});
  EXPECT_EQ(r.assessments[0].at_full_n.n, 3);
  std::size_t of_supernatants = 0;
  for (const Readout& x : r.experiments[1].measurements.readouts)
    of_supernatants += x.system == "supernatant";
  EXPECT_EQ(of_supernatants, 6u);
  s.findings[0].arm = "conditioned";
  s.findings[1].system = "T";
  EXPECT_THAT(problems_of(s), testing::UnorderedElementsAre(
                                  testing::AllOf(HasSubstr("findings.csv:2:5"), HasSubstr("'conditioned'")),
                                  testing::AllOf(HasSubstr("findings.csv:3:3"), HasSubstr("'T'"))));
}

TEST(StudyFigures, are_one_for_every_readout_where_the_study_names_none) {
  const auto figures = default_figures(small_study());
  ASSERT_EQ(figures.size(), 2u);
  EXPECT_EQ(figures[1].id, "second-blot-X");
  EXPECT_THAT(figures[1].readouts, testing::ElementsAre("blot:X"));
  EXPECT_THAT(figures[1].arms, testing::ElementsAre("plain", "conditioned"));
}

}  // namespace study_test
}  // namespace stroma::study
