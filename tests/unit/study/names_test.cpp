// Keys and draws come from what an experiment says, never from what its file is called, nor from the order in
// which things stand in it; and what is added leaves the draws of the rest as they were.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "protocols.hpp"
#include "study/study.hpp"
#include "study/vessels.hpp"

namespace stroma::study {
namespace names_test {

using Seeds = std::map<std::string, std::uint64_t>;

// Seeds by what a vessel is in words: arm, dose in nM, well, replicate.
Seeds seeds_of(const Experiment& e, const model::Model& m) {
  Seeds seeds;
  for (const Vessel& v : expand(e, m, 1, false)) {
    std::string name = "culture " + std::to_string(v.culture);
    if (v.culture < 0) {
      const ArmSpec& arm = e.arms[static_cast<std::size_t>(v.arm)];
      name = arm.name + "/" + std::to_string(arm.treatments[0].doses[static_cast<std::size_t>(v.dose)]) +
             "/" + std::to_string(v.well);
    }
    seeds[name + "/" + std::to_string(v.replicate)] = v.setup.seed;
  }
  return seeds;
}

std::vector<std::string> keys_of(const Experiment& e) {
  std::vector<std::string> keys;
  for (const Vessel& v : expand(e, *letters(), 1, false)) keys.push_back(v.key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

Study study_of(Experiment e) {
  Study s;
  s.name = e.name;
  s.model = letters();
  s.experiments.push_back(std::move(e));
  return s;
}

TEST(Names, of_the_file_and_the_title_enter_neither_a_key_nor_a_result) {
  const Experiment e = two_media(*letters());
  Experiment other = e;
  other.name = "a copy of it";
  other.title = "another title";
  EXPECT_EQ(keys_of(e), keys_of(other));
  const StudyResult one = run(study_of(e), nullptr, {}), two = run(study_of(other), nullptr, {});
  EXPECT_EQ(one.state_hash, two.state_hash);
  ASSERT_EQ(one.experiments[0].measurements.readouts.size(), two.experiments[0].measurements.readouts.size());
  for (std::size_t i = 0; i < one.experiments[0].measurements.readouts.size(); ++i)
    EXPECT_EQ(one.experiments[0].measurements.readouts[i].value,
              two.experiments[0].measurements.readouts[i].value);
}

TEST(Names, keep_their_draws_in_another_order) {
  const Experiment e = two_media(*letters());
  Experiment turned = e;
  std::reverse(turned.arms.begin(), turned.arms.end());
  EXPECT_EQ(keys_of(e), keys_of(turned));
  const StudyResult one = run(study_of(e), nullptr, {}), two = run(study_of(turned), nullptr, {});
  EXPECT_EQ(one.state_hash, two.state_hash);
  for (const Readout& a : one.experiments[0].measurements.readouts)
    for (const Readout& b : two.experiments[0].measurements.readouts)
      if (a.arm == b.arm && a.replicate == b.replicate) {
        EXPECT_EQ(a.value, b.value) << a.arm;
      }
}

TEST(Names, keep_their_draws_beside_one_arm_or_one_dose_more) {
  const Experiment e = two_media(*letters());
  Experiment more = e;
  more.arms.insert(more.arms.begin(), more.arms[0]);
  more.arms[0].name = "new";
  for (ArmSpec& arm : more.arms) {
    arm.treatments[0].doses.insert(arm.treatments[0].doses.begin() + 1, 100.0);
    arm.treatments[0].written.insert(arm.treatments[0].written.begin() + 1, "100 nM");
  }
  const Seeds before = seeds_of(e, *letters()), after = seeds_of(more, *letters());
  for (const auto& [name, seed] : before) EXPECT_EQ(after.at(name), seed) << name;
  EXPECT_GT(after.size(), before.size());
}

// A row more in the model: everything that has a name keeps its draws, so that with and without is a paired
// comparison across files.
TEST(Names, keep_their_draws_beside_one_row_of_the_model_more) {
  const auto m = letters();
  auto more = std::make_shared<model::Model>(*m);
  model::CellType extra = more->cell_types[0];
  extra.name = "extra";
  more->cell_types.push_back(extra);  // the last, as the indices of the experiment are by place
  more->content_hash = "one more";
  const Experiment e = two_media(*m);
  EXPECT_EQ(seeds_of(e, *m), seeds_of(e, *more));
  const auto one = expand(e, *m, 1, false), two = expand(e, *more, 1, false);
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_NE(one[i].key, two[i].key);
    for (std::size_t c = 0; c < one[i].setup.cells.size(); ++c)
      EXPECT_EQ(one[i].setup.cells[c].count, two[i].setup.cells[c].count);
  }
}

// Two zeros in a series are two columns of untreated wells, not one twice.
TEST(Names, tell_equal_doses_apart) {
  Experiment e = two_media(*letters());
  for (ArmSpec& arm : e.arms) arm.treatments[0].doses[1] = 0.0;
  std::map<std::string, int> times;
  for (const Vessel& v : expand(e, *letters(), 1, false)) ++times[v.key];
  for (const auto& [key, n] : times) EXPECT_EQ(n, 1);
}

}  // namespace names_test
}  // namespace stroma::study
