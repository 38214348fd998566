// What is simulated of an experiment: how many vessels, that a simulated share keeps the densities of the
// real well, and that seeds and keys follow from what a vessel is and from nothing else.
#include "study/vessels.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "core/errors.hpp"
#include "protocols.hpp"

namespace stroma::study {
namespace vessels_test {

std::vector<Vessel> vessels_of(const Experiment& e, std::uint64_t seed = 1, bool quick = false) {
  return expand(e, *letters(), seed, quick);
}

std::size_t count(const Vessel& v) {
  std::size_t n = 0;
  for (const auto& c : v.setup.cells) n += c.count;
  return n;
}

// What a vessel is, whatever else is in the experiment.
std::string identity(const Vessel& v) {
  return std::to_string(v.replicate) + "/" + std::to_string(v.culture) + "/" + std::to_string(v.system) +
         "/" + std::to_string(v.arm) + "/" + std::to_string(v.dose) + "/" + std::to_string(v.well);
}

TEST(Vessels, are_replicates_times_cultures_and_wells_of_every_dose_of_every_arm) {
  const auto vessels = vessels_of(two_media(*letters()));
  ASSERT_EQ(vessels.size(), 2u * 1u + 2u * (2u * 3u * 2u));
  std::set<std::string> identities;
  for (const Vessel& v : vessels) identities.insert(identity(v));
  EXPECT_EQ(identities.size(), vessels.size());
}

TEST(Vessels, are_poured_from_a_culture_of_their_own_replicate_that_comes_before_them) {
  const auto vessels = vessels_of(two_media(*letters()));
  for (std::size_t i = 0; i < vessels.size(); ++i) {
    const Vessel& v = vessels[i];
    EXPECT_EQ(v.supernatant >= 0, v.arm == 1) << v.label;
    if (v.supernatant < 0) continue;
    ASSERT_LT(v.supernatant, static_cast<int>(i));
    const Vessel& source = vessels[static_cast<std::size_t>(v.supernatant)];
    EXPECT_EQ(source.culture, 0);
    EXPECT_EQ(source.replicate, v.replicate);
  }
}

TEST(Vessels, simulate_a_share_of_the_cells_in_the_same_share_of_the_volume) {
  const Experiment e = two_media(*letters());
  for (const Vessel& v : vessels_of(e)) {
    const double cells =
        v.culture >= 0 ? e.cultures[0].cells[0].density * e.cultures[0].volume : e.cells_per_well;
    const double volume = v.culture >= 0 ? e.cultures[0].volume : e.well_volume;
    EXPECT_EQ(v.plated, e.simulated_cells);
    EXPECT_NEAR(v.scale * static_cast<double>(v.plated), cells, 1e-9 * cells);
    EXPECT_NEAR(v.scale * v.setup.volume, volume, 1e-9 * volume);
  }
}

TEST(Vessels, keep_the_density_where_a_mixture_does_not_divide_evenly) {
  const auto m = letters();
  Experiment e = two_media(*m);
  e.simulated_cells = 97;
  for (ArmSpec& arm : e.arms) arm.cells = {{m->cell_type("T"), 9'999.0}, {m->cell_type("S"), 20.0}};
  for (const Vessel& v : vessels_of(e)) {
    if (v.system < 0) continue;
    ASSERT_EQ(v.setup.cells.size(), 2u);
    EXPECT_EQ(v.plated, 97 + 4);  // 20 of 10019 at 97 is 0.19 of a cell: four by weight
    EXPECT_NEAR(97.0 / v.setup.volume, 9'999.0 / e.well_volume, 1e-12 / e.well_volume * 9'999.0);
    EXPECT_NEAR(4.0 * v.setup.cells[1].weight * v.scale, 20.0, 1e-12 * 20.0);
  }
}

TEST(Vessels, smaller_than_the_bound_are_simulated_as_they_are) {
  Experiment e = two_media(*letters());
  e.cells_per_well = 60.0;
  for (const Vessel& v : vessels_of(e))
    if (v.system >= 0) {
      EXPECT_EQ(v.scale, 1.0);
      EXPECT_EQ(v.plated, 60);
      EXPECT_EQ(v.setup.volume, e.well_volume);
    }
}

// A pipette of 3 % and Poisson cells: 10 000 real cells vary by sqrt(0.03^2 + 1e-4) = 3.2 %, so 100 simulated
// ones by 3.2 of them, and 0.3 of a cell by rounding. Five standard deviations.
TEST(Vessels, get_cells_from_a_pipette_that_does_not_count) {
  Experiment e = two_media(*letters());
  e.replicates = 12;
  std::set<std::size_t> counts;
  for (const Vessel& v : vessels_of(e)) {
    EXPECT_NEAR(static_cast<double>(count(v)), 100.0, 16.0) << v.label;
    counts.insert(count(v));
  }
  EXPECT_GT(counts.size(), 5u);
}

TEST(Vessels, with_colonies_are_smaller_wells_and_not_scaled_ones) {
  Experiment e = two_media(*letters());
  e.readouts.front().assay = assay("colonies");
  for (const Vessel& v : vessels_of(e)) {
    if (v.system < 0) continue;
    EXPECT_TRUE(v.with_colonies);
    EXPECT_EQ(v.scale, 1.0);
    EXPECT_NEAR(static_cast<double>(v.plated) / v.setup.volume, e.cells_per_well / e.well_volume, 1e-12);
  }
}

TEST(Vessels, of_a_quick_run_hold_a_tenth_at_the_same_density_but_not_below_eighty) {
  Experiment e = two_media(*letters());
  for (const auto& [full, quick] : std::map<std::int64_t, std::int64_t>{{2000, 200}, {500, 80}, {50, 50}}) {
    e.simulated_cells = full;
    for (const Vessel& v : vessels_of(e, 1, true)) {
      EXPECT_EQ(v.plated, quick);
      if (v.system < 0) continue;
      EXPECT_NEAR(static_cast<double>(v.plated) / v.setup.volume, e.cells_per_well / e.well_volume, 1e-12);
    }
  }
}

TEST(Vessels, of_dose_zero_get_nothing_and_the_others_their_dose) {
  const Experiment e = two_media(*letters());
  for (const Vessel& v : vessels_of(e)) {
    if (v.system < 0) continue;
    ASSERT_EQ(v.setup.treatments.size(), v.dose == 0 ? 0u : 1u);
    if (v.dose == 0) continue;
    EXPECT_EQ(v.setup.treatments[0].concentration, v.dose == 1 ? 500.0 : 4000.0);
  }
}

TEST(Vessels, take_every_time_of_the_readouts_once_and_in_order) {
  Experiment e = two_media(*letters());
  ReadoutSpec early = e.readouts[0];
  early.assay = assay("annexin");
  early.at = core::to_tick(60.0);
  e.readouts.push_back(early);
  e.readouts.push_back(early);
  for (const Vessel& v : vessels_of(e)) {
    if (v.system < 0) {
      EXPECT_THAT(v.times, testing::ElementsAre(core::to_tick(720.0)));
    } else {
      EXPECT_THAT(v.times, testing::ElementsAre(core::to_tick(60.0), core::to_tick(360.0)));
    }
  }
}

TEST(Seeds, are_all_different_and_replicates_have_different_donors) {
  const auto vessels = vessels_of(two_media(*letters()));
  std::set<std::uint64_t> seeds;
  std::map<int, std::set<std::uint64_t>> donors;
  for (const Vessel& v : vessels) {
    seeds.insert(v.setup.seed);
    donors[v.replicate].insert(v.setup.donor_seed);
  }
  EXPECT_EQ(seeds.size(), vessels.size());
  EXPECT_EQ(donors[0].size(), 1u);  // one donor serves all vessels of a replicate
  EXPECT_EQ(donors[1].size(), 1u);
  EXPECT_NE(donors[0], donors[1]);
  std::set<std::uint64_t> of_another_study;
  for (const Vessel& v : vessels_of(two_media(*letters()), 2)) of_another_study.insert(v.setup.seed);
  for (const std::uint64_t seed : of_another_study) EXPECT_FALSE(seeds.contains(seed));
}

TEST(Seeds, belong_to_a_vessel_whatever_else_is_run_with_it) {
  const auto m = letters();
  const Experiment small = two_media(*m);
  Experiment large = small;
  large.replicates = 5;
  large.wells_per_arm = 3;
  large.arms.push_back(small.arms[0]);
  large.arms.back().name = "a third arm";
  std::map<std::string, const Vessel*> of_large;
  const auto more = vessels_of(large), fewer = vessels_of(small);
  for (const Vessel& v : more) of_large[identity(v)] = &v;
  for (const Vessel& v : fewer) {
    ASSERT_TRUE(of_large.contains(identity(v))) << v.label;
    EXPECT_EQ(v.setup.seed, of_large[identity(v)]->setup.seed) << v.label;
    EXPECT_EQ(v.key, of_large[identity(v)]->key) << v.label;
  }
}

// A file under another name is the same experiment; and one culture serves every experiment of a study.
TEST(Seeds, do_not_name_their_experiment) {
  const Experiment one = two_media(*letters());
  Experiment other = one;
  other.name = "other";
  const auto a = vessels_of(one), b = vessels_of(other);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].key, b[i].key) << a[i].label;
}

TEST(Keys, are_the_same_for_the_same_numbers_under_other_words) {
  const Experiment e = two_media(*letters());
  Experiment renamed = e;
  renamed.title = "another title";
  renamed.figure = "7c";
  renamed.arms[0].medium.written = "DMEM+10% FBS";
  renamed.arms[0].treatments[0].written = {"0 uM", "0.5 uM", "4 uM"};
  const auto a = vessels_of(e), b = vessels_of(renamed);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].key, b[i].key);
  std::set<std::string> keys;
  for (const Vessel& v : a) keys.insert(v.key);
  EXPECT_EQ(keys.size(), a.size());
}

// Every number that a result depends on, changed a little, makes other keys for the wells in plain medium, or
// at least for those that are poured from a culture.
TEST(Keys, change_with_any_number_that_a_result_depends_on) {
  const Experiment e = two_media(*letters());
  const auto last_of = [](const std::vector<Vessel>& all, int arm) {
    for (auto v = all.rbegin(); v != all.rend(); ++v)
      if (v->arm == arm) return *v;
    throw core::InternalError("no such arm");
  };
  using Change = std::function<void(Experiment&)>;
  const std::map<std::string, Change> everywhere = {
      {"cells per well", [](Experiment& x) { x.cells_per_well *= 1.5; }},
      {"well volume", [](Experiment& x) { x.well_volume *= 1.0 + 1e-12; }},
      {"simulated cells", [](Experiment& x) { x.simulated_cells = 101; }},
      {"step", [](Experiment& x) { x.step.count += 1; }},
      {"wash-out",
       [](Experiment& x) {
         for (ArmSpec& arm : x.arms)
           for (TreatmentSpec& t : arm.treatments) t.until = core::to_tick(90.0);
       }},
      {"renewal", [](Experiment& x) { x.renewal = core::to_tick(120.0); }},
      {"time of the readout", [](Experiment& x) { x.readouts[0].at.count += 1; }},
      {"assay with colonies", [](Experiment& x) { x.readouts[0].assay = assay("colonies"); }},
      {"dose",
       [](Experiment& x) {
         for (ArmSpec& a : x.arms) a.treatments[0].doses[2] *= 1.0 + 1e-12;
       }},
      {"time of the dose",
       [](Experiment& x) {
         for (ArmSpec& a : x.arms) a.treatments[0].at.count = 1;
       }},
      {"drug",
       [](Experiment& x) {
         for (ArmSpec& a : x.arms) a.treatments[0].substance += 1;
       }},
      {"line", [](Experiment& x) { x.lines[0] = 1; }},
  };
  const std::map<std::string, Change> of_the_plain = {
      {"serum", [](Experiment& x) { x.arms[0].medium.serum = 0.11; }}};
  const std::map<std::string, Change> of_the_conditioned = {
      {"density", [](Experiment& x) { x.cultures[0].cells[0].density *= 2.0; }},
      {"culture volume", [](Experiment& x) { x.cultures[0].volume *= 1.0 + 1e-12; }},
      {"duration", [](Experiment& x) { x.cultures[0].duration.count += 1; }},
      {"serum of the culture", [](Experiment& x) { x.cultures[0].medium.serum = 0.05; }}};
  const auto before = vessels_of(e);
  const auto changed = [&](const Change& change, int arm) {
    Experiment x = e;
    change(x);
    return last_of(vessels_of(x), arm).key != last_of(before, arm).key;
  };
  for (const auto& [what, change] : everywhere) {
    EXPECT_TRUE(changed(change, 0)) << what;
    EXPECT_TRUE(changed(change, 1)) << what;
  }
  for (const auto& [what, change] : of_the_plain) {
    EXPECT_TRUE(changed(change, 0)) << what;
    EXPECT_FALSE(changed(change, 1)) << what;
  }
  for (const auto& [what, change] : of_the_conditioned) {
    EXPECT_FALSE(changed(change, 0)) << what;
    EXPECT_TRUE(changed(change, 1)) << what;
  }
  model::Model other = *letters();
  other.content_hash = "another model";
  EXPECT_NE(last_of(expand(e, other, 1, false), 0).key, last_of(before, 0).key);
  EXPECT_NE(last_of(vessels_of(e, 2), 0).key, last_of(before, 0).key);
}

// Mean of 2^(t/40 h) over one doubling: 1/ln 2.
TEST(ExpectedWork, is_cells_times_steps_of_a_culture_that_doubles_every_forty_hours) {
  Vessel v;
  v.setup.cells = {{0, 300}, {1, 700}};
  v.setup.step = core::to_tick(30.0);
  v.times = {core::to_tick(60.0), core::to_tick(2400.0)};
  EXPECT_NEAR(expected_work(v), 1000.0 * 80.0 / std::log(2.0), 1e-6);
}

TEST(Limits, more_cells_than_one_vessel_may_hold_are_refused_before_anything_is_run) {
  Experiment e = two_media(*letters());
  e.cells_per_well = 5e6;
  e.simulated_cells = 5'000'000;
  try {
    vessels_of(e);
    FAIL() << "five million cells were planned";
  } catch (const core::LimitError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("2000000"));
    EXPECT_THAT(error.what(), testing::HasSubstr("simulated_cells"));
  }
}

TEST(GivenAt, is_once_or_again_and_again_until_it_is_washed_out_or_the_end) {
  TreatmentSpec t;
  t.at = core::to_tick(60.0);
  const auto minutes = [&](double end) {
    std::vector<double> out;
    for (const core::Tick tick : given_at(t, core::to_tick(end))) out.push_back(core::minutes(tick));
    return out;
  };
  EXPECT_THAT(minutes(1000.0), testing::ElementsAre(60.0));
  t.every = core::to_tick(100.0);
  EXPECT_THAT(minutes(360.0), testing::ElementsAre(60.0, 160.0, 260.0))
      << "what comes with the last reading is not seen";
  t.until = core::to_tick(260.0);
  EXPECT_THAT(minutes(1000.0), testing::ElementsAre(60.0, 160.0)) << "washed out, not given and washed out";
  t.until = core::Tick{-1};
  t.times = 2;
  EXPECT_THAT(minutes(1000.0), testing::ElementsAre(60.0, 160.0));
}

TEST(Vessels, of_a_dose_series_are_all_washed_out_at_a_dose_of_none_too) {
  Experiment e = two_media(*letters());
  for (ArmSpec& arm : e.arms) arm.treatments[0].until = core::to_tick(30.0);
  int of_none = 0;
  for (const Vessel& v : vessels_of(e)) {
    if (v.system < 0) continue;
    ASSERT_EQ(v.setup.treatments.size(), 1U);
    EXPECT_EQ(v.setup.treatments[0].until, core::to_tick(30.0));
    of_none += v.setup.treatments[0].concentration == 0.0;
  }
  EXPECT_GT(of_none, 0);
}

}  // namespace vessels_test
}  // namespace stroma::study
