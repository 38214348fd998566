// ELISA: without noise the concentration comes back through the plate's own standards; what lies outside them
// is flagged.
#include "assays/elisa/elisa.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"
#include "lab.hpp"

namespace stroma::assays {
namespace elisa_test {

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

// Standards with a wobble of 1 %, and the wells of one sample with what they read.
Plate with_wells(const std::vector<std::pair<double, double>>& dilution_and_concentration) {
  Plate plate;
  const auto od = [](double c) { return 1.9 + (0.08 - 1.9) / (1.0 + std::pow(c / 2.5, 1.1)); };
  double standard = 20.0;
  for (int r = 0; r < 8; ++r, standard /= 2.0)
    for (int c = 0; c < 2; ++c)
      plate.at({r, c}) = {WellRole::standard,
                          "",
                          1,
                          1,
                          std::nullopt,
                          standard,
                          1.0,
                          od(standard) * ((r + c) % 2 ? 1.01 : 0.99),
                          false};
  int row = 0;
  for (const auto& [dilution, concentration] : dilution_and_concentration)
    plate.at({row++, 3}) = {WellRole::sample,  "x",  1, 1, std::nullopt, std::nullopt, dilution,
                            od(concentration), false};
  return plate;
}

bool warned(const ElisaAnalysis& analysis, const std::string& code) {
  for (const core::Diagnostic& w : analysis.warnings.entries())
    if (w.code == code) return true;
  return false;
}

TEST(Elisa, intervals_hold_wells_that_disagree) {
  const ElisaAnalysis out = analyse_elisa(with_wells({{1.0, 0.3}, {1.0, 7.0}}), {});
  const ElisaReadout& r = out.readouts[0];
  ASSERT_TRUE(r.ci && r.cv);
  EXPECT_LT(r.ci->low, 0.3);
  EXPECT_GT(r.ci->high, 7.0);
  // sd / mean of 0.3 and 7: 4.738 / 3.65, to what a wobble of the standards moves
  EXPECT_NEAR(*r.cv, 1.298, 0.02);
  EXPECT_TRUE(warned(out, "replicate-cv"));
  // Wells that agree scatter as the standards do: narrow, and wider than nothing.
  const ElisaAnalysis same = analyse_elisa(with_wells({{1.0, 1.5}, {1.0, 1.5}}), {});
  EXPECT_LT(same.readouts[0].ci->high / same.readouts[0].ci->low, 1.2);
  EXPECT_GT(same.readouts[0].ci->high / same.readouts[0].ci->low, 1.005);
  EXPECT_FALSE(warned(same, "replicate-cv"));
}

TEST(Elisa, intervals_hold_dilutions_and_a_hook_is_named) {
  const ElisaAnalysis out =
      analyse_elisa(with_wells({{50.0, 2.2}, {100.0, 4.1}, {200.0, 1.3}, {400.0, 0.75}}), {});
  const ElisaReadout& r = out.readouts[0];
  ASSERT_TRUE(r.ci);
  for (const ElisaDilution& d : r.dilutions) EXPECT_TRUE(r.ci->contains(*d.concentration)) << d.factor;
  EXPECT_TRUE(r.hook);
  EXPECT_TRUE(warned(out, "hook-effect"));
  EXPECT_TRUE(warned(out, "dilution-linearity"));
  const ElisaAnalysis linear = analyse_elisa(with_wells({{2.0, 4.0}, {4.0, 2.0}, {8.0, 1.0}}), {});
  EXPECT_FALSE(linear.readouts[0].hook);
  EXPECT_FALSE(warned(linear, "dilution-linearity"));
  EXPECT_NEAR(*linear.readouts[0].concentration, 8.0, 0.2);
}

// Duplicates with an error of their own in 300 simulated plates: the interval covers the truth in about 95 %
// (binomial: standard deviation 3.8, four of them 15), where the curve's scatter alone would cover far less.
TEST(Elisa, intervals_cover_the_truth_of_wells_that_scatter_more_than_standards) {
  int covered = 0, mutant = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    core::Stream noise(seed, core::Purpose::test, 3);
    std::vector<std::pair<double, double>> wells;
    for (int k = 0; k < 4; ++k) wells.push_back({1.0, 2.0 * std::exp(0.25 * noise.normal())});
    const ElisaAnalysis out = analyse_elisa(with_wells(wells), {});
    const stats::Interval ci = *out.readouts[0].ci;
    covered += ci.contains(2.0);
    const double middle = *out.readouts[0].concentration,
                 by_curve = 1.03;  // as before: half-width of the curve
    mutant += middle / by_curve < 2.0 && 2.0 < middle * by_curve;
  }
  EXPECT_GE(covered, 270);
  EXPECT_LE(mutant, 150);
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

}  // namespace elisa_test
}  // namespace stroma::assays
