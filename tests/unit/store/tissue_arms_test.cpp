// An experiment in space with arms: what arms share is run once and changes no bit, replicates and arms are
// keyed by what they are called, and what cannot be asked is said before anything runs.
#include "study/tissue_arms.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "io/model_folder.hpp"
#include "io/toml.hpp"
#include "study/study.hpp"
#include "study/tissue_executor.hpp"
#include "test_paths.hpp"
#include "tissue/tissue_loop.hpp"

namespace stroma::study {
namespace tissue_arms_test {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* head = R"(schema = 1
title = "t"
model = "hcc"
dimensions = 2
duration = "3 h"
step = "15 min"
replicates = 2
[domain]
size = "160 um"
voxel = "20 um"
[[substance]]
name = "oxygen"
boundary = "surroundings"
[[substance]]
name = "sorafenib"
boundary = "surroundings"
[[substance]]
name = "AMD3100"
boundary = "sealed"
[[cells]]
cells = { HepG2 = 0.8, CAF = 0.2 }
radius = "50 um"
)";

std::string arm(const std::string& name, const std::string& more = "") {
  return "[[arm]]\nname = \"" + name + "\"\n" + more;
}
std::string drug(const std::string& at, const std::string& name, const std::string& dose) {
  return "[[arm.treatment]]\nat = \"" + at + "\"\ndrug = \"" + name + "\"\n" + dose + "\n";
}
std::string readout(const std::string& assay, const std::string& at, const std::string& more = "") {
  return "[[readout]]\nassay = \"" + assay + "\"\nat = \"" + at + "\"\n" + more;
}
const std::string three_arms =
    arm("vehicle") + arm("late", drug("2 h", "sorafenib", "dose = \"10 uM\"")) +
    // Between two steps, and poured into a sealed box.
    arm("both", drug("52 min", "AMD3100", "dose = \"10 uM\"") + drug("2 h", "sorafenib", "dose = \"10 uM\""));

const std::shared_ptr<const model::Model>& hcc() {
  static const auto m = std::make_shared<const model::Model>(
      io::load_model(std::filesystem::path(STROMA_SOURCE_DIR) / "models" / "hcc"));
  return m;
}

Experiment read(const std::string& text, core::Diagnostics& problems) {
  const core::Node document = io::read_toml(text, "e.toml", problems);
  const TableReader none = [](const std::string&) { return core::Table(); };
  return read_tissue_arms(document, "e", *hcc(), 1e12, none, problems);
}

Experiment good(const std::string& text) {
  core::Diagnostics problems;
  Experiment e = read(text, problems);
  problems.throw_if_any();
  return e;
}

std::vector<std::string> problems_of(const std::string& text) {
  core::Diagnostics problems;
  read(text, problems);
  std::vector<std::string> out;
  for (const core::Diagnostic& d : problems.entries()) out.push_back(core::to_string(d));
  return out;
}

// Hashes by arm, dose and replicate.
std::map<std::string, std::string> hashes(const Experiment& e, int threads = 1) {
  const std::vector<Vessel> vessels = expand(e, *hcc(), 1, false);
  ExecutorOptions options;
  options.threads = threads;
  const Execution done = execute_tissues(e, vessels, hcc(), nullptr, options);
  std::map<std::string, std::string> out;
  for (std::size_t v = 0; v < vessels.size(); ++v) {
    EXPECT_TRUE(done.outcomes[v].finished()) << done.outcomes[v].failure;
    out[vessels[v].label] = done.outcomes[v].state_hash;
  }
  return out;
}

TEST(TissueArms, have_the_bits_of_straight_runs_of_each_whatever_they_share) {
  const Experiment e = good(head + three_arms);
  const auto shared = hashes(e);
  ASSERT_EQ(shared.size(), 6U);
  for (const Vessel& v : expand(e, *hcc(), 1, false)) {
    const TissueExperiment straight = tissue_of(e, v.arm, v.dose, *hcc(), replicate_seed(1, v.replicate));
    core::Diagnostics problems;
    const tissue::TissuePlan plan = tissue::compile_tissue(hcc(), straight.setup, {1}, problems);
    tissue::TissueState s = tissue::found_tissue(plan, straight.setup);
    tissue::TissueWorkspace work;
    tissue::advance(s, plan, work, straight.duration);
    EXPECT_EQ(shared.at(v.label), tissue::state_hash(s)) << v.label;
  }
}

TEST(TissueArms, have_the_same_bits_on_one_two_and_three_threads) {
  const Experiment e = good(head + three_arms);
  const auto one = hashes(e, 1);
  EXPECT_EQ(one, hashes(e, 2));
  EXPECT_EQ(one, hashes(e, 3));
}

TEST(TissueArms, leave_the_others_as_they_are_where_one_is_added_or_comes_first) {
  const auto before = hashes(good(head + three_arms));
  const auto after =
      hashes(good(head + arm("early", drug("30 min", "sorafenib", "dose = \"3 uM\"")) + three_arms));
  EXPECT_EQ(after.size(), 8U);
  for (const auto& [label, hash] : before) EXPECT_EQ(after.at(label), hash) << label;
}

TEST(TissueArms, differ_by_replicate_and_by_what_is_done) {
  std::set<std::string> distinct;
  for (const auto& [label, hash] : hashes(good(head + three_arms))) distinct.insert(hash);
  EXPECT_EQ(distinct.size(), 6U);
}

TEST(TissueArms, may_have_cells_surroundings_and_serum_of_their_own) {
  const Experiment e = good(head + arm("both types") +
                            arm("alone", "[[arm.cells]]\ncells = { HepG2 = 1 }\nradius = \"50 um\"\n") +
                            arm("hypoxia", "[[arm.substance]]\nname = \"oxygen\"\ninitial = \"5 uM\"\n") +
                            arm("serum", "[arm.medium]\nserum = \"20 %\"\n"));
  const TissueExperiment alone = tissue_of(e, 1, 0, *hcc(), 1), hypoxia = tissue_of(e, 2, 0, *hcc(), 1);
  ASSERT_EQ(alone.setup.cells.size(), 1U);
  EXPECT_EQ(hypoxia.setup.substances[0].initial, std::vector<double>{5000.0});
  EXPECT_EQ(tissue_of(e, 3, 0, *hcc(), 1).setup.serum, 0.2);
  EXPECT_EQ(e.systems, std::vector<std::string>{"HepG2 + CAF"});
  EXPECT_EQ(hashes(e).size(), 8U);
}

TEST(TissueArms, give_a_dose_series_one_tissue_a_dose_and_an_ic50_its_control) {
  const std::string series =
      arm("sorafenib", drug("1 h", "sorafenib", "doses = [\"0 uM\", \"1 uM\", \"10 uM\"]"));
  const Experiment e = good(head + series + readout("cck8", "3 h"));
  EXPECT_EQ(expand(e, *hcc(), 1, false).size(), 6U);
  EXPECT_THAT(tissue_of(e, 0, 0, *hcc(), 1).setup.treatments, IsEmpty());
  EXPECT_EQ(tissue_of(e, 0, 2, *hcc(), 1).setup.treatments.at(0).concentration, 10'000.0);
}

TEST(TissueArms, are_read_by_the_assays_of_a_plate) {
  Study study;
  study.model = hcc();
  study.experiments.push_back(
      good(head + three_arms + readout("annexin", "3 h") + readout("annexin", "1 h") +
           readout("qpcr", "3 h", "targets = [\"FOLR1\"]\nreference = \"vehicle\"\n") +
           readout("blot", "3 h", "targets = [\"ERK\"]\nreference = \"vehicle\"\n") +
           readout("elisa", "3 h", "targets = [\"AMD3100\"]\ndilution = 100\n")));
  const StudyResult result = run(study, nullptr, {});
  std::map<std::string, int> values;
  for (const Readout& r : result.experiments.front().measurements.readouts) values[r.metric] += 1;
  EXPECT_THAT(values, ElementsAre(testing::Pair("apoptotic_fraction at 1 h", 6),
                                  testing::Pair("apoptotic_fraction at 3 h", 6), testing::Pair("blot:ERK", 6),
                                  testing::Pair("elisa:AMD3100", 6), testing::Pair("qpcr:FOLR1", 6)));
  // What is poured into a sealed box is in its medium: 10 uM, less what cells took in.
  const Outcome& both = result.experiments.front().outcomes[2];
  for (const assays::Analyte& analyte : both.specimens.back().medium)
    if (analyte.substance == "AMD3100") {
      EXPECT_GT(analyte.concentration, 9'000.0);
      EXPECT_LE(analyte.concentration, 10'000.0);
    }
}

TEST(TissueArms, say_what_cannot_be_read_of_a_tissue_and_why) {
  EXPECT_THAT(problems_of(head + three_arms + readout("colonies", "3 h")),
              ElementsAre(AllOf(HasSubstr("cells of a tissue stand"), HasSubstr("cannot-read"))));
  EXPECT_THAT(problems_of(head + three_arms + readout("elisa", "3 h", "targets = [\"sorafenib\"]\n")),
              ElementsAre(AllOf(HasSubstr("leaves the domain"), HasSubstr("sealed"))));
  EXPECT_THAT(problems_of(head + three_arms + readout("elisa", "3 h", "targets = [\"HGF\"]\n")),
              ElementsAre(HasSubstr("not among the substances of this experiment")));
  EXPECT_THAT(problems_of(head + three_arms + readout("western", "3 h")),
              ElementsAre(AllOf(HasSubstr("e.toml:"), HasSubstr("no assay 'western'"))));
  EXPECT_THAT(problems_of(head + three_arms + readout("annexin", "4 h")),
              ElementsAre(HasSubstr("the run ends at 3 h, before 4 h")));
  EXPECT_THAT(problems_of(head + three_arms + readout("annexin", "20 min")),
              ElementsAre(HasSubstr("must be a multiple of `step`")));
  EXPECT_THAT(
      problems_of(head + three_arms +
                  readout("qpcr", "3 h", "targets = [\"FOLR1\"]\nreference = \"vehicel\"\n")),
      ElementsAre(AllOf(HasSubstr("there is no arm 'vehicel'"), HasSubstr("did you mean 'vehicle'"))));
  EXPECT_THAT(problems_of(head + three_arms + readout("annexin", "3 h") + readout("annexin", "3 h")),
              ElementsAre(HasSubstr("is read already")));
}

TEST(TissueArms, say_what_is_wrong_with_arms_once_and_all_at_once) {
  const std::string text = head;
  EXPECT_THAT(problems_of(text + arm("only")), ElementsAre(HasSubstr("nothing to be compared with")));
  EXPECT_THAT(problems_of(text + readout("annexin", "3 h")), testing::Contains(HasSubstr("arm is missing")));
  EXPECT_THAT(problems_of(text + arm("a") + arm("a")), ElementsAre(HasSubstr("arm 'a' is there twice")));
  std::string none = text;
  none.replace(none.find("replicates = 2"), 14, "replicates = 0");
  EXPECT_THAT(problems_of(none + three_arms), ElementsAre(HasSubstr("replicates")));
  // A mistake in what all arms share is one mistake.
  std::string voxel = text;
  voxel.replace(voxel.find("\"20 um\""), 7, "\"30 um\"");
  EXPECT_THAT(problems_of(voxel + three_arms), ElementsAre(HasSubstr("not-a-divisor")));
  EXPECT_THAT(problems_of(text + arm("a") + arm("b", drug("4 h", "sorafenib", "dose = \"1 uM\"")) +
                          arm("c", drug("1 h", "sorafenib", "dose = \"1\"")) + arm("d", "colour = 1\n")),
              ElementsAre(HasSubstr("dose"), HasSubstr("colour"),
                          HasSubstr("a treatment at 4 h cannot act: the run ends at 3 h")));
  EXPECT_THAT(problems_of(text + arm("a") + arm("b", drug("1 h", "sorafenip", "dose = \"1 uM\""))),
              testing::Contains(AllOf(HasSubstr("sorafenip"), HasSubstr("did you mean 'sorafenib'"))));
  EXPECT_THAT(problems_of(text + arm("a") + arm("b", "[[arm.substance]]\nname = \"HGF\"\n")),
              ElementsAre(HasSubstr("an arm changes one that all have")));
}

}  // namespace tissue_arms_test
}  // namespace stroma::study
