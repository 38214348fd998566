// ELISA: without noise the concentration comes back through the plate's own standards; what lies outside them
// is flagged.
#include "assays/elisa.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lab.hpp"

namespace stroma::assays {
namespace {

ElisaKit kit() {
  ElisaKit k;
  k.molar_mass = core::in_unit(8.0 * core::unit("kDa"), "kDa") * core::unit("kDa");
  return k;
}

// CXCL12 such that the supernatant holds `ng` ng/mL: 8 kDa means 8 ng/mL per nM.
Specimen supernatant(double ng, FateCounts fates = {1'000'000, 0, 0, 0}) {
  Specimen s = vessel(fates);
  s.medium[0].concentration = ng / 8.0;
  return s;
}

TEST(Elisa, without_noise_gives_back_the_concentration_and_the_amount_per_1e5_cells) {
  const Specimen a = supernatant(2.0), b = supernatant(40.0, {500'000, 0, 0, 0});
  const std::vector<ElisaSample> samples{{&a, "NF", 1, 1.0}, {&b, "CAF", 1, 20.0}};
  const ElisaRun run = run_elisa(samples, quiet(kit()), "p", 1);
  const ElisaAnalysis out = analyse_elisa(run.plate, run.counts);
  ASSERT_EQ(out.readouts.size(), 2u);
  EXPECT_NEAR(*out.readouts[0].concentration, 2.0, 1e-6);
  EXPECT_NEAR(*out.readouts[0].per_1e5_cells, 0.2, 1e-7);  // 2 ng in 1 mL of 1e6 cells
  EXPECT_NEAR(*out.readouts[1].concentration, 40.0, 1e-5);
  EXPECT_NEAR(*out.readouts[1].per_1e5_cells, 8.0, 1e-6);
  EXPECT_EQ(out.readouts[0].wells, 2u);
  EXPECT_EQ(codes_of(out.warnings), "none");
}

TEST(Elisa, flags_what_is_outside_the_standards) {
  const Specimen low = supernatant(0.05), high = supernatant(400.0);
  const std::vector<ElisaSample> samples{{&low, "low", 1, 1.0}, {&high, "high", 1, 1.0}};
  const ElisaRun run = run_elisa(samples, quiet(kit()), "p", 1);
  const ElisaAnalysis out = analyse_elisa(run.plate, run.counts);
  EXPECT_EQ(out.readouts[0].range, stats::DoseRange::below);
  EXPECT_EQ(out.readouts[1].range, stats::DoseRange::above);
  EXPECT_EQ(codes_of(out.warnings), "below-range above-range");
}

TEST(Elisa, names_a_standard_that_lies_off_the_curve) {
  Plate plate;
  const double standards[] = {20, 10, 5, 2.5, 1.25, 0.625, 0.3125, 0};
  for (int r = 0; r < 8; ++r)
    for (int c = 0; c < 2; ++c) {
      PlateWell& well = plate.at({r, c});
      well.role = WellRole::standard;
      well.standard = standards[r];
      well.od = 3.0 + (0.1 - 3.0) / (1.0 + standards[r] / 4.0);
    }
  EXPECT_EQ(codes_of(analyse_elisa(plate, {}).warnings), "none");
  plate.at({3, 0}).standard = plate.at({3, 1}).standard = 7.5;  // labelled with three times what is in it
  const ElisaAnalysis out = analyse_elisa(plate, {});
  ASSERT_EQ(codes_of(out.warnings), "off-curve-standard");
  EXPECT_NE(out.warnings.entries()[0].message.find("7.5 ng/mL (wells D1, D2)"), std::string::npos);
}

TEST(Elisa, of_a_supernatant_without_producers_or_protein_is_a_result) {
  const Specimen none = supernatant(0.0, {});
  const std::vector<ElisaSample> samples{{&none, "medium", 1, 1.0}};
  const ElisaRun run = run_elisa(samples, kit(), "p", 1);
  const ElisaAnalysis out = analyse_elisa(run.plate, run.counts);
  EXPECT_EQ(out.readouts[0].range, stats::DoseRange::below);
  EXPECT_FALSE(out.readouts[0].per_1e5_cells);
}

TEST(Elisa, without_a_cell_count_still_gives_the_concentration) {
  const Specimen a = supernatant(2.0);
  const std::vector<ElisaSample> samples{{&a, "NF", 1, 1.0}};
  const ElisaAnalysis out = analyse_elisa(run_elisa(samples, quiet(kit()), "p", 1).plate, {});
  EXPECT_NEAR(*out.readouts[0].concentration, 2.0, 1e-6);
  EXPECT_FALSE(out.readouts[0].per_1e5_cells);
  EXPECT_EQ(codes_of(out.warnings), "no-cell-count");
}

TEST(Elisa, back_calculates_a_hand_made_plate) {
  // OD = 3 + (0.1 - 3)/(1 + c/2): at c = 2 the OD is 1.55, and 1.55 it must read as 2; diluted fivefold that
  // is 10.
  Plate plate;
  const double standards[] = {16, 8, 4, 2, 1, 0.5, 0.25, 0};
  for (int r = 0; r < 8; ++r)
    plate.at({r, 0}) = {WellRole::standard,
                        "",
                        1,
                        1,
                        std::nullopt,
                        standards[r],
                        1.0,
                        3.0 - 2.9 / (1.0 + standards[r] / 2.0),
                        false};
  plate.at({0, 3}) = {WellRole::sample, "x", 1, 1, std::nullopt, std::nullopt, 5.0, 1.55, false};
  const ElisaAnalysis out = analyse_elisa(plate, std::vector<CellCount>{{"x", 1, 2e6, 10.0}});
  EXPECT_NEAR(*out.readouts[0].concentration, 10.0, 1e-6);
  EXPECT_NEAR(*out.readouts[0].per_1e5_cells, 5.0, 1e-6);  // 100 ng of 2e6 cells
}

TEST(Elisa, standards_give_a_curve_on_every_plate) {
  const Specimen a = supernatant(2.0);
  const std::vector<ElisaSample> samples{{&a, "NF", 1, 1.0}};
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const ElisaRun run = run_elisa(samples, kit(), "p", seed);
    ASSERT_EQ(codes_of([&] { analyse_elisa(run.plate, run.counts); }), "none") << "seed " << seed;
  }
}

TEST(Elisa, is_a_pure_function_of_its_seed) {
  const Specimen a = supernatant(2.0);
  const std::vector<ElisaSample> samples{{&a, "NF", 1, 1.0}};
  const ElisaRun x = run_elisa(samples, kit(), "p", 4), y = run_elisa(samples, kit(), "q", 4),
                 z = run_elisa(samples, kit(), "p", 5);
  EXPECT_EQ(x.plate.at({0, 2}).od, y.plate.at({0, 2}).od);
  EXPECT_EQ(x.counts[0].cells, y.counts[0].cells);
  EXPECT_NE(x.plate.at({0, 2}).od, z.plate.at({0, 2}).od);
  EXPECT_NE(x.counts[0].cells, z.counts[0].cells);
}

TEST(Elisa, refuses_impossible_runs_and_plates_with_every_problem) {
  const Specimen a = supernatant(2.0);
  ElisaKit bad = kit();
  bad.molar_mass = 0.0;
  const std::vector<ElisaSample> samples{{&a, "NF", 1, 0.5}, {&a, "NF", 1, 1.0}};
  EXPECT_EQ(codes_of([&] { run_elisa(samples, bad, "p", 1); }),
            "no-molar-mass bad-dilution duplicate-sample");
  const std::vector<ElisaSample> many(41, ElisaSample{&a, "NF", 1, 1.0});
  EXPECT_NE(codes_of([&] { run_elisa(many, kit(), "p", 1); }).find("plate-full"), std::string::npos);
  EXPECT_EQ(codes_of([] { analyse_elisa({}, {}); }), "too-few-standards");
  const std::vector<CellCount> counts{{"NF", 1, -1.0, 1.0}, {"NF", 1, 1.0, 0.0}};
  EXPECT_EQ(codes_of([&] { analyse_elisa({}, counts); }), "bad-count duplicate-count bad-volume");
}

}  // namespace
}  // namespace stroma::assays
