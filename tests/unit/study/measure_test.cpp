// What the laboratory reads off specimens whose content is known, for every readout: the expected value is
// worked out by hand beside the test, and the bound is five standard deviations of the instrument's own
// noise.
#include "study/measure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "protocols.hpp"
#include "study/culture_samples.hpp"

namespace stroma::study {
namespace measure_test {

using testing::HasSubstr;

// The experiment with made-up outcomes: `fill` says what is in a vessel.
struct Lab {
  std::shared_ptr<const model::Model> model = letters();
  Experiment experiment = two_media(*model);
  std::vector<Vessel> vessels;
  std::vector<Outcome> outcomes;

  explicit Lab(const std::string& name, int replicates = 2) {
    experiment.replicates = replicates;
    experiment.readouts[0].assay = assay(name);
  }

  template <class Fill>
  Measurements measure(const Fill& fill) {
    vessels = expand(experiment, *model, 1, false);
    outcomes.assign(vessels.size(), {});
    for (std::size_t i = 0; i < vessels.size(); ++i) {
      assays::Specimen s;
      s.scale = vessels[i].scale;
      s.volume = vessels[i].setup.volume * s.scale;
      s.minutes = core::minutes(vessels[i].times.back());
      for (const model::Substance& substance : model->substances) s.medium.push_back({substance.name, 0.0});
      assays::CellSpecimen cells;
      cells.cell_type = "T";
      cells.nodes = {"R", "X", "P"};
      cells.lysate = {0.5, 0.5, 0.5};
      s.cells = {cells};
      fill(s, vessels[i]);
      outcomes[i].specimens.assign(vessels[i].times.size(), s);
      outcomes[i].state_hash = "made up";
    }
    return measured(7);
  }

  Measurements measured(std::uint64_t seed) const {
    return study::measure(protocol_of(experiment, *model), *model, samples_of(experiment, vessels, outcomes),
                          seed);
  }

  void single_dose() {
    for (ArmSpec& arm : experiment.arms) arm.treatments.clear();
  }

  double dose_of(const Vessel& v) const {
    return experiment.arms[static_cast<std::size_t>(v.arm)]
        .treatments[0]
        .doses[static_cast<std::size_t>(v.dose)];
  }
};

std::vector<double> values(const Measurements& m, const std::string& metric, const std::string& arm) {
  std::vector<double> out;
  for (const Readout& r : m.readouts)
    if (r.metric == metric && r.arm == arm && r.value) out.push_back(*r.value);
  return out;
}

void set_doses(Lab& lab, const std::vector<double>& doses) {
  for (ArmSpec& arm : lab.experiment.arms) {
    arm.treatments[0].doses = doses;
    arm.treatments[0].written.assign(doses.size(), "x");
  }
}

// Cells live as 40000 / (1 + (dose/IC50)^1.5), IC50 2 uM in one arm and 6 uM in the other. An OD of 2 is read
// to 0.005, so per cent of control to 0.25 and the logarithm of the IC50 to 0.0025/(1.5/4)/sqrt(2 wells x
// about 3 doses on the flank) = 0.003.
TEST(Measure, ic50_is_where_half_of_the_control_is_left_in_micromolar) {
  Lab lab("cck8");
  set_doses(lab, {0.0, 250, 500, 1000, 2000, 4000, 8000, 16000, 64000});
  const Measurements m = lab.measure([&](assays::Specimen& s, const Vessel& v) {
    if (v.system < 0) return;
    const double ic50 = v.arm == 0 ? 2000.0 : 6000.0;
    s.scale = 1.0;
    s.cells[0].fates.live = std::lround(40'000.0 / (1.0 + std::pow(lab.dose_of(v) / ic50, 1.5)));
  });
  ASSERT_EQ(m.readouts.size(), 2u * 2u);  // replicates x arms: technical wells are no subjects
  ASSERT_EQ(m.runs.size(), 2u);           // a plate per replicate
  for (const Readout& r : m.readouts) {
    EXPECT_EQ(r.metric, "ic50");
    EXPECT_EQ(r.system, "T");
    ASSERT_TRUE(r.value) << r.why_missing;
    EXPECT_NEAR(std::log(*r.value), std::log(r.arm == "plain" ? 2.0 : 6.0), 0.015) << r.arm;
  }
}

TEST(Measure, absorbance_counts_half_of_the_early_apoptotic_cells) {
  Lab lab("cck8");
  set_doses(lab, {0.0, 250, 500, 1000, 2000, 4000, 8000, 16000, 64000});
  const Measurements m = lab.measure([&](assays::Specimen& s, const Vessel& v) {
    if (v.system < 0) return;
    // Every cell that a dose takes from the living is early apoptotic and keeps half of its dye.
    const double live = 40'000.0 / (1.0 + std::pow(lab.dose_of(v) / 2000.0, 3.0));
    s.scale = 1.0;
    s.cells[0].fates.live = std::lround(live);
    s.cells[0].fates.early_apoptotic = 40'000 - std::lround(live);
  });
  for (const AssayRun& run : m.runs)
    for (const assays::DoseResponse& response : run.pictures().responses) {
      for (const assays::DosePoint& point : response.points) {
        const double living = 1.0 / (1.0 + std::pow(point.dose / 2000.0, 3.0));
        EXPECT_NEAR(point.mean, 50.0 + 50.0 * living, 5 * 0.4) << point.dose;
      }
    }
}

TEST(Measure, ic50_that_the_doses_do_not_reach_is_no_number) {
  Lab lab("cck8");
  set_doses(lab, {0.0, 250, 500, 1000, 2000, 4000, 8000, 16000, 32000});
  const Measurements m = lab.measure([&](assays::Specimen& s, const Vessel& v) {
    s.scale = 1.0;
    if (v.system >= 0) s.cells[0].fates.live = 40'000 - std::lround(lab.dose_of(v) / 16.0);
  });
  ASSERT_EQ(m.readouts.size(), 4u);
  for (const Readout& r : m.readouts) {
    EXPECT_FALSE(r.value);
    EXPECT_NE(r.why_missing, "");
  }
}

TEST(Measure, wells_that_the_file_names_are_where_it_says_and_blanks_are_put_elsewhere) {
  Lab lab("cck8", 1);
  lab.experiment.wells_per_arm = 1;
  lab.experiment.arms[0].wells = {0, 1, 2};     // A1 to A3
  lab.experiment.arms[1].wells = {95, 94, 93};  // H12 to H10
  const Measurements m = lab.measure([&](assays::Specimen& s, const Vessel& v) {
    s.scale = 1.0;
    if (v.system >= 0) s.cells[0].fates.live = 10'000 * (v.dose + 1) + 1000 * v.arm;
  });
  const assays::Plate plate = m.runs.at(0).pictures().plates.at(0);
  // OD = 0.2 + 5e-5 per cell, reader noise 0.005.
  for (int dose = 0; dose < 3; ++dose) {
    EXPECT_EQ(plate.at({0, dose}).arm, "plain");
    EXPECT_NEAR(*plate.at({0, dose}).od, 0.2 + 0.5 * (dose + 1), 0.025);
    EXPECT_EQ(plate.at({7, 11 - dose}).arm, "conditioned");
    EXPECT_NEAR(*plate.at({7, 11 - dose}).od, 0.25 + 0.5 * (dose + 1), 0.025);
  }
  for (const int column : {6, 7, 8}) EXPECT_EQ(plate.at({7, column}).role, assays::WellRole::blank);
}

// 600 of 800 plated cells have founded 50 cells, 100 have stopped at 49; the eye sees 98 %: 0.735 with a
// standard deviation of sqrt(600 x 0.98 x 0.02)/800/sqrt(2 wells) per replicate.
TEST(Measure, colony_rate_counts_lineages_of_fifty_cells_per_cell_plated) {
  Lab lab("colonies");
  lab.single_dose();
  lab.experiment.cells_per_well = 800.0;
  lab.experiment.simulated_cells = 2000;
  const Measurements m = lab.measure([&](assays::Specimen& s, const Vessel& v) {
    if (v.system < 0) return;
    auto& sizes = s.cells[0].lineage_sizes;
    sizes.assign(v.arm == 0 ? 600 : 0, 50);
    sizes.insert(sizes.end(), 100, 49);
    for (const std::int32_t size : sizes) s.cells[0].fates.live += size;
  });
  ASSERT_EQ(values(m, "colony_rate", "plain").size(), 2u);
  for (const double rate : values(m, "colony_rate", "plain"))
    EXPECT_NEAR(rate, 0.735, 5.0 * std::sqrt(600 * 0.98 * 0.02) / 800.0 / std::sqrt(2.0));
  for (const double rate : values(m, "colony_rate", "conditioned")) EXPECT_EQ(rate, 0.0);
}

// 9000 live, 400 early, 600 late. The gate is the 99th per cent of living cells, 200 exp(0.45 x 2.326) = 570:
// it takes 1 % of the living, Phi(ln(3200/570)/0.75) = 0.9893 of the early and Phi(ln(5000/570)/0.85) =
// 0.9947 of the late ones: (90 + 395.7 + 596.8)/10000 = 0.1083. The events and the gate, set on as many, each
// add about 0.1 percentage points.
TEST(Measure, apoptotic_fraction_is_what_lies_beyond_the_gate) {
  Lab lab("annexin");
  lab.single_dose();
  const Measurements m = lab.measure([&](assays::Specimen& s, const Vessel& v) {
    if (v.system >= 0) s.cells[0].fates = {9000, 400, 600, 0};
  });
  ASSERT_EQ(m.readouts.size(), 2u * 2u);
  for (const Readout& r : m.readouts) EXPECT_NEAR(r.value.value(), 0.1083, 0.006) << r.arm;
  ASSERT_EQ(m.runs.size(), 2u);  // a rack per replicate, of which the first tube of an arm keeps its events
  const auto drawn = m.runs[0].pictures().cytograms;
  ASSERT_EQ(drawn.size(), 2u);
  for (const assays::Cytogram& tube : drawn) EXPECT_EQ(tube.quadrants.events, 10'000u);
  EXPECT_TRUE(m.runs[1].pictures().cytograms.empty());
}

TEST(Measure, apoptotic_fraction_of_a_tube_without_events_is_no_number) {
  Lab lab("annexin");
  lab.single_dose();
  const Measurements m = lab.measure([&](assays::Specimen& s, const Vessel& v) {
    if (v.system >= 0 && v.arm == 1) s.cells[0].fates = {1000, 0, 0, 0};
  });
  EXPECT_EQ(values(m, "apoptotic_fraction", "plain").size(), 0u);
  EXPECT_EQ(values(m, "apoptotic_fraction", "conditioned").size(), 2u);
}

// 1 nM of 8 kDa is 8 ng/mL; 10 mL of it over 2e6 live producers are 4 ng per 1e5. Diluted tenfold it is
// read at 0.8 ng/mL. Counting varies by 5 %, each of two wells by 3 %, the curve by about 3 %: 6.5 % in all.
TEST(Measure, elisa_is_nanograms_per_hundred_thousand_producers) {
  Lab lab("elisa", 12);
  lab.experiment.has_plate = false;
  lab.experiment.systems.clear();
  lab.experiment.arms.clear();
  lab.experiment.readouts[0].targets = {"L"};
  lab.experiment.readouts[0].dilution = 10.0;
  lab.experiment.readouts[0].at = {};
  const Measurements m = lab.measure([&](assays::Specimen& s, const Vessel&) {
    s.medium[0].concentration = 1.0;
    s.volume = core::unit("mL") * 10.0;
    s.scale = 1000.0;
    s.cells[0].fates = {2000, 300, 300, 300};  // the dead are not counted
  });
  const auto amounts = values(m, "elisa:L", "S medium");
  ASSERT_EQ(amounts.size(), 12u);
  double log_mean = 0.0;
  for (const double a : amounts) {
    EXPECT_NEAR(std::log(a / 4.0), 0.0, 5 * 0.065);
    log_mean += std::log(a / 4.0) / 12.0;
  }
  // The curve is common to the plate; what is left of the rest is 0.055/sqrt(12).
  EXPECT_NEAR(log_mean, 0.0, 5 * (0.03 + 0.055 / std::sqrt(12.0)) / 2.0);
  for (const Readout& r : m.readouts) EXPECT_EQ(r.system, "supernatant");
}

TEST(Measure, elisa_outside_its_standards_is_no_number) {
  Lab lab("elisa");
  lab.experiment.has_plate = false;
  lab.experiment.systems.clear();
  lab.experiment.arms.clear();
  lab.experiment.readouts[0].targets = {"L"};
  lab.experiment.readouts[0].at = {};
  const Measurements m = lab.measure([&](assays::Specimen& s, const Vessel&) {
    s.medium[0].concentration = 1000.0;  // 8 ug/mL, undiluted
    s.cells[0].fates.live = 2000;
  });
  for (const Readout& r : m.readouts) {
    EXPECT_FALSE(r.value);
    EXPECT_THAT(r.why_missing, HasSubstr("standards"));
  }
}

/// X in the lysates of 24 replicates, `plain` in the reference arm and `conditioned` in the other.
Measurements lysates_of_two_arms(const std::string& name, double plain, double conditioned) {
  Lab lab(name, 24);
  lab.experiment.readouts[0].targets = {"X"};
  lab.experiment.readouts[0].reference = "plain";
  lab.single_dose();
  return lab.measure([&](assays::Specimen& s, const Vessel& v) {
    if (v.system < 0) return;
    s.cells[0].fates.live = 1000;
    s.cells[0].lysate[1] = v.arm == 0 ? plain : conditioned;
  });
}

// Four times the transcript: two cycles earlier. Of a triplicate 0.15/sqrt(3) cycles of noise in each of two
// genes; the difference of two arms over 24 replicates: sqrt(2) x 0.1225/sqrt(24) = 0.035 cycles.
TEST(Measure, qpcr_is_fold_of_the_reference_arm) {
  const Measurements m = lysates_of_two_arms("qpcr", 0.2, 0.8);
  double plain = 0.0, conditioned = 0.0;
  for (const double fold : values(m, "qpcr:X", "plain")) plain += std::log2(fold) / 24.0;
  for (const double fold : values(m, "qpcr:X", "conditioned")) conditioned += std::log2(fold) / 24.0;
  ASSERT_EQ(values(m, "qpcr:X", "conditioned").size(), 24u);  // one lysate a replicate, not one a well
  EXPECT_NEAR(plain, 0.0, 1e-9);                              // the mean of the reference is the reference
  EXPECT_NEAR(conditioned, 2.0, 5 * 0.035);
}

// Twice the protein. A band and its loading control vary by 10 % each: log2 of a lane's ratio by 0.204, the
// difference of two arms over 24 membranes by sqrt(2) x 0.204/sqrt(24) = 0.059.
TEST(Measure, blot_is_the_share_of_the_lanes_of_a_membrane) {
  const Measurements m = lysates_of_two_arms("blot", 0.3, 0.6);
  const auto plain = values(m, "blot:X", "plain"), conditioned = values(m, "blot:X", "conditioned");
  ASSERT_EQ(plain.size(), 24u);
  ASSERT_EQ(conditioned.size(), 24u);
  double ratio = 0.0;
  for (std::size_t r = 0; r < plain.size(); ++r) {
    EXPECT_NEAR(plain[r] + conditioned[r], 2.0, 1e-12);  // the mean of a membrane's two lanes is 1
    ratio += std::log2(conditioned[r] / plain[r]) / 24.0;
  }
  EXPECT_NEAR(ratio, 1.0, 5 * 0.059);
}

TEST(Measure, a_vessel_that_failed_leaves_a_readout_without_value_and_with_the_reason) {  // fault 18
  for (const std::string name : {"annexin", "colonies", "qpcr", "blot"}) {
    Lab lab(name, 3);
    lab.experiment.wells_per_arm = 1;
    lab.experiment.readouts[0].targets = {"X"};
    lab.experiment.readouts[0].reference = "plain";
    lab.single_dose();
    const auto fill = [](assays::Specimen& s, const Vessel& v) {
      s.cells[0].fates.live = 1000;
      if (v.with_colonies) s.cells[0].lineage_sizes.assign(20, 50);
      s.scale = 1.0;
    };
    lab.measure(fill);
    std::size_t bad = 0;
    while (lab.vessels[bad].arm != 1 || lab.vessels[bad].replicate != 1) ++bad;
    lab.outcomes[bad] = {{}, "", "it turned to NaN", false};
    const Measurements m = lab.measured(7);
    int without = 0;
    for (const Readout& r : m.readouts) {
      if (r.value) continue;
      ++without;
      EXPECT_EQ(r.arm, "conditioned");
      EXPECT_EQ(r.replicate, 1);
      EXPECT_EQ(r.why_missing, "it turned to NaN");
    }
    EXPECT_EQ(without, 1) << name;
    EXPECT_EQ(m.readouts.size(), 6u) << name;
  }
}

// Wells at different doses are different arms: a mean over them would be a number that nobody measured.
TEST(Measure, of_a_dose_series_keeps_the_doses_apart_in_every_assay) {
  for (const std::string name : {"annexin", "colonies", "qpcr", "blot"}) {
    Lab lab(name);
    lab.experiment.readouts[0].targets = {"X"};
    lab.experiment.readouts[0].reference = "plain";
    const Measurements m = lab.measure([](assays::Specimen& s, const Vessel& v) {
      if (v.system < 0) return;
      s.scale = 1.0;
      s.cells[0].fates = {1000, 200 * v.dose, 0, 0};
      s.cells[0].lysate[1] = 0.2 * (v.dose + 1);
      s.cells[0].lineage_sizes.assign(static_cast<std::size_t>(20 * (v.dose + 1)), 50);
    });
    ASSERT_EQ(m.readouts.size(), 2u * 2u * 3u) << name;
    EXPECT_THAT(readout_arms(protocol_of(lab.experiment, *lab.model), lab.experiment.readouts[0]),
                testing::ElementsAre("plain, 0", "plain, 500", "plain, 4000", "conditioned, 0",
                                     "conditioned, 500", "conditioned, 4000"));
    double last = 0.0;
    for (const std::string arm : {"conditioned, 0", "conditioned, 500", "conditioned, 4000"}) {
      const auto found = values(m, m.readouts[0].metric, arm);
      ASSERT_EQ(found.size(), 2u) << name << " " << arm;
      EXPECT_GT(found[0] + found[1], last) << name << " " << arm;
      last = found[0] + found[1];
    }
  }
  Lab plates("cck8");
  EXPECT_THAT(readout_arms(protocol_of(plates.experiment, *plates.model), plates.experiment.readouts[0]),
              testing::ElementsAre("plain", "conditioned"));
}

TEST(Measure, depends_on_the_seed_of_the_study_and_on_nothing_else) {
  Lab lab("annexin");
  lab.single_dose();
  const auto fill = [](assays::Specimen& s, const Vessel&) { s.cells[0].fates = {9000, 400, 600, 0}; };
  const Measurements once = lab.measure(fill), again = lab.measure(fill);
  const Measurements other = lab.measured(8);
  bool differs = false;
  for (std::size_t i = 0; i < once.readouts.size(); ++i) {
    EXPECT_EQ(once.readouts[i].value, again.readouts[i].value);
    differs = differs || once.readouts[i].value != other.readouts[i].value;
  }
  EXPECT_TRUE(differs);
}

}  // namespace measure_test
}  // namespace stroma::study
