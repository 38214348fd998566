// Controls that must come out right although nobody tuned for them: no drug, no effect; an antagonist without
// its ligand does nothing; serum takes drug away; knocking out CXCL12 -> CXCR4 takes away CXCL12's share of
// the fibroblasts' effect and not the rest. Family-wise error rate of the file: 0.1 % (five comparisons at
// 2e-4 each); fixed seeds; no retry.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "io/model_folder.hpp"
#include "io/toml.hpp"
#include "stats/descriptive.hpp"
#include "stats/t_test.hpp"
#include "store/study_folder.hpp"
#include "study/study.hpp"
#include "test_paths.hpp"

namespace stroma {
namespace controls_test {

study::Study experiment_of(const std::string& toml, const std::vector<std::string>& without = {}) {
  study::Study study;
  study.name = "control";
  study.model = store::load_model(std::string(STROMA_SOURCE_DIR) + "/models/hcc", without);
  core::Diagnostics problems;
  const core::Node document = io::read_toml(toml, "control.toml", problems);
  study.experiments.push_back(study::read_experiment(document, "control", *study.model, problems));
  problems.throw_if_any();
  return study;
}

std::string arm(const std::string& name, const std::string& medium,
                const std::vector<std::array<std::string, 3>>& treatments) {
  std::string text = "\n[[plate.arm]]\nname = \"" + name + "\"\nmedium = \"" + medium + "\"\n";
  for (const auto& [kind, what, dose] : treatments)
    text +=
        "[[plate.arm.treatment]]\nat = \"0 h\"\n" + kind + " = \"" + what + "\"\ndose = \"" + dose + "\"\n";
  return text;
}

const std::string head = R"(
schema = 1
title = "control"
model = "hcc"
replicates = 8
simulated_cells = 1500
step = "30 min"
[plate]
cells = { HepG2 = 10000 }
volume = "100 uL"
)";
// A culture of fibroblasts whose supernatant an arm is given.
std::string culture_of(const std::string& cells) {
  return "\n[[culture]]\nname = \"" + cells + "\"\ncells = { " + cells +
         " = \"1e6 /mL\" }\nmedium = \"DMEM + 10 % FBS\"\nvolume = \"10 mL\"\nduration = \"48 h\"\n";
}
const std::string tail = "\n[[readout]]\nassay = \"annexin\"\nat = \"48 h\"\n";
const std::string dmem = "DMEM + 10 % FBS";

// Twice the replicates and more cells, for effects on effects.
std::string with_power(std::string text) {
  text.replace(text.find("replicates = 8"), 14, "replicates = 16");
  text.replace(text.find("simulated_cells = 1500"), 22, "simulated_cells = 4000");
  return text;
}

struct Values {
  std::vector<double> of(const std::string& name) const {
    std::vector<double> values;
    for (const study::Readout& r : readouts)
      if (r.arm == name && r.value) values.push_back(*r.value);
    return values;
  }
  std::vector<study::Readout> readouts;
};

Values run(const study::Study& study) {
  study::StudyOptions options;
  options.seed = 42;
  options.executor.threads = 2;
  const study::StudyResult result = study::run(study, nullptr, options);
  EXPECT_TRUE(result.failures.empty());
  return {result.experiments.front().measurements.readouts};
}

// Equivalence of apoptotic fractions within two percentage points: half of what an untreated culture shows.
bool equivalent(const std::vector<double>& a, const std::vector<double>& b) {
  return stats::equivalence_test(a, b, -0.02, 0.02, 2e-4).equivalent;
}

TEST(Controls, no_drug_has_no_effect_and_a_drug_has_one) {
  const Values v = run(experiment_of(head + arm("untreated", dmem, {}) +
                                     arm("zero dose", dmem, {{"drug", "sorafenib", "0 uM"}}) +
                                     arm("sorafenib 16 uM", dmem, {{"drug", "sorafenib", "16 uM"}}) + tail));
  EXPECT_TRUE(equivalent(v.of("untreated"), v.of("zero dose")));
  EXPECT_FALSE(equivalent(v.of("untreated"),
                          v.of("sorafenib 16 uM")));  // the mutant: the same test rejects a real effect
  EXPECT_GT(stats::mean(v.of("sorafenib 16 uM")), stats::mean(v.of("untreated")));
}

TEST(Controls, amd3100_without_cxcl12_changes_nothing) {
  const Values v = run(
      experiment_of(head + arm("untreated", dmem, {}) + arm("AMD3100", dmem, {{"drug", "AMD3100", "20 uM"}}) +
                    arm("sorafenib", dmem, {{"drug", "sorafenib", "8 uM"}}) +
                    arm("both", dmem, {{"drug", "sorafenib", "8 uM"}, {"drug", "AMD3100", "20 uM"}}) + tail));
  EXPECT_TRUE(equivalent(v.of("untreated"), v.of("AMD3100")));
  EXPECT_NEAR(stats::mean(v.of("sorafenib")), stats::mean(v.of("both")), 0.05);
  EXPECT_FALSE(equivalent(v.of("untreated"), v.of("sorafenib")));
}

TEST(Controls, serum_takes_sorafenib_away) {
  const Values v =
      run(experiment_of(head + arm("5 %", "DMEM + 5 % FBS", {{"drug", "sorafenib", "12 uM"}}) +
                        arm("10 %", dmem, {{"drug", "sorafenib", "12 uM"}}) +
                        arm("50 %", "DMEM + 50 % FBS", {{"drug", "sorafenib", "12 uM"}}) + tail));
  EXPECT_GT(stats::welch_t_test(v.of("5 %"), v.of("10 %")).statistic, 4.0);
  EXPECT_GT(stats::welch_t_test(v.of("10 %"), v.of("50 %")).statistic, 4.0);
}

// Apoptosis under sorafenib in CAF supernatant against fresh medium, at a dose where cells die, so that
// protection can show: log2 ratio per replicate.
std::vector<double> fibroblast_effect(const std::vector<std::string>& without) {
  const Values v =
      run(experiment_of(with_power(head) + arm("CAF", "CAF", {{"drug", "sorafenib", "12 uM"}}) +
                            arm("fresh", dmem, {{"drug", "sorafenib", "12 uM"}}) + culture_of("CAF") + tail,
                        without));
  const std::vector<double> caf = v.of("CAF"), fresh = v.of("fresh");
  std::vector<double> effects;
  for (std::size_t r = 0; r < caf.size(); ++r) effects.push_back(std::log2(caf[r] / fresh[r]));
  return effects;
}

// With and without a row, replicate r keeps the draws of all other rows: the comparison is one of pairs. Two
// at t > 3.7 with 16 pairs, one-sided: a family-wise error below 0.3 %.
TEST(Controls, without_the_row_cxcl12_cxcr4_the_fibroblast_effect_falls_but_not_to_zero) {
  const std::vector<double> full = fibroblast_effect({});
  const std::vector<double> without_cxcl12 = fibroblast_effect({"CXCL12_CXCR4"});
  const std::vector<double> without_all =
      fibroblast_effect({"CXCL12_CXCR4", "HGF_MET", "IL6_IL6R", "IGF1_IGF1R", "SPP1_SPP1R", "CXCL12_ACKR3",
                         "CXCL16_CXCR6", "PDGF_PDGFR", "VEGF_VEGFR2", "TGFB1_TGFBR", "IL17A_IL17R"});
  EXPECT_GT(stats::paired_t_test(without_cxcl12, full).statistic, 3.7)
      << "the effect, which is negative, falls";
  EXPECT_GT(stats::paired_t_test(without_all, without_cxcl12).statistic, 3.7)
      << "but not to what is left without any";
  EXPECT_NEAR(stats::mean(without_all), 0.0, 0.15);
  // The mutant: pairs of another replicate's draws lose what pairing gains.
  std::vector<double> turned = full;
  std::rotate(turned.begin(), turned.begin() + 1, turned.end());
  EXPECT_LT(stats::paired_t_test(without_cxcl12, turned).statistic,
            stats::paired_t_test(without_cxcl12, full).statistic);
  RecordProperty("effect_full", std::to_string(stats::mean(full)));
  RecordProperty("effect_without_cxcl12", std::to_string(stats::mean(without_cxcl12)));
}

}  // namespace controls_test
}  // namespace stroma
