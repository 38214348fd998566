// CCK-8: without noise the truth comes back; a plate that makes no sense is refused; one without living cells
// is a result.
#include "assays/cck8/cck8.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lab.hpp"
#include "support/over_seeds.hpp"

namespace stroma::assays {
namespace cck8_test {

// Wells whose live cells follow a logistic of midpoint 4000 nM and slope 1.5 between 10 % and 100 % of 20000.
struct Series {
  std::vector<Specimen> specimens;
  Cck8Plate plate{"plate 1", "sorafenib", {}, {}, 3};
};
constexpr double doses[] = {0, 250, 500, 1000, 2000, 4000, 8000, 16000, 32000};

Series series(double ic50 = 4000.0, int technical = 3) {
  Series s;
  s.specimens.reserve(64);
  for (int t = 1; t <= technical; ++t)
    for (const double dose : doses) {
      const double share = 0.1 + 0.9 / (1.0 + std::pow(dose / ic50, 1.5));
      s.specimens.push_back(vessel({std::llround(20000 * share), 0, 50, 0}));
      s.plate.wells.push_back({&s.specimens.back(), "HepG2", dose, 1, t, std::nullopt});
    }
  return s;
}

TEST(Cck8, without_noise_gives_back_the_curve_of_the_cells) {
  const Series s = series();
  const Cck8Analysis a = analyse_cck8(read_cck8(s.plate, quiet(Cck8Instrument{}), 1));
  ASSERT_EQ(a.responses.size(), 1u);
  EXPECT_NEAR(a.blank_mean, 0.20, 1e-12);
  EXPECT_EQ(a.blanks, 3u);
  const DoseResponse& r = a.responses[0];
  EXPECT_NEAR(r.control_od, 1.0, 1e-12);  // 20000 cells at 5e-5
  ASSERT_EQ(r.points.size(), 9u);
  EXPECT_EQ(r.points[5].dose, 4000.0);
  EXPECT_NEAR(r.points[5].mean, 55.0, 0.01);  // rounding of cells: 0.5/20000
  ASSERT_TRUE(r.fit && r.fit->usable()) << r.fit->message;
  EXPECT_NEAR(r.fit->relative_ic50.value, 4000.0, 5.0);
  // 50 = 10 + 90/(1 + x^1.5)  =>  x = (5/4)^(2/3)
  EXPECT_NEAR(r.fit->absolute_ic50.value, 4000.0 * std::pow(1.25, 2.0 / 3.0), 5.0);
  EXPECT_EQ(codes_of(a.warnings), "none");
}

TEST(Cck8, early_apoptotic_cells_count_by_the_activity_they_keep_and_late_ones_do_not) {
  const Specimen s = vessel({1000, 400, 300, 200}, 5.0);
  Cck8Plate plate{"p", "", {{&s, "a", 0.0, 1, 1, std::nullopt}}, {}, 1};
  const Plate read = read_cck8(plate, quiet(Cck8Instrument{}), 1);
  EXPECT_NEAR(analyse_cck8(read).responses[0].control_od, 5e-5 * 5.0 * 1200.0, 1e-12);
}

TEST(Cck8, is_a_pure_function_of_its_seed) {
  const Series s = series();
  const Plate a = read_cck8(s.plate, {}, 7), b = read_cck8(s.plate, {}, 7), c = read_cck8(s.plate, {}, 8);
  int differ = 0;
  for (std::size_t i = 0; i < 96; ++i) {
    EXPECT_EQ(a.wells[i].od, b.wells[i].od);
    differ += a.wells[i].od != c.wells[i].od;
  }
  EXPECT_EQ(differ, 30);
}

// The name of an arm says which draws are its own, so that a plate with one arm more is a paired comparison;
// nothing else may come of it: without noise the plate is the same, and over seeds the mean is.
TEST(Cck8, reads_nothing_from_the_name_of_an_arm_but_its_draws) {
  Series s = series(), renamed = series();
  for (Cck8Well& well : renamed.plate.wells) well.arm = "CAF supernatant + anything";
  const Plate a = read_cck8(s.plate, quiet(Cck8Instrument{}), 7),
              b = read_cck8(renamed.plate, quiet(Cck8Instrument{}), 7);
  for (std::size_t i = 0; i < 96; ++i) EXPECT_EQ(a.wells[i].od, b.wells[i].od);
  const auto difference = [&](std::uint64_t seed, double reader) {
    const Plate one = read_cck8(s.plate, {}, seed), two = read_cck8(renamed.plate, {}, seed);
    double sum = 0.0;
    for (std::size_t i = 0; i < 96; ++i)
      sum += one.wells[i].od.value_or(0.0) - reader * two.wells[i].od.value_or(0.0);
    return sum;
  };
  EXPECT_LT(test::z_over_seeds([&](std::uint64_t seed) { return difference(seed, 1.0); }), 4.0);
  // The mutant: arms of another name read 10 % higher.
  EXPECT_GT(test::z_over_seeds([&](std::uint64_t seed) { return difference(seed, 1.1); }), 4.0);
}

TEST(Cck8, refuses_two_wells_in_one_place_and_other_impossible_plates_all_at_once) {
  const Specimen s = vessel({10, 0, 0, 0});
  Cck8Plate plate{
      "p", "d", {{&s, "a", 0.0, 1, 1, Position{2, 3}}, {&s, "b", -1.0, 1, 1, Position{2, 3}}}, {{2, 3}}, 0};
  EXPECT_EQ(codes_of([&] { read_cck8(plate, {}, 1); }), "bad-dose well-taken-twice");
  plate.wells[1] = {&s, "b", 0.0, 1, 1, std::nullopt};
  EXPECT_EQ(codes_of([&] { read_cck8(plate, {}, 1); }), "places-missing well-taken-twice");
}

TEST(Cck8, of_dead_wells_is_a_result_without_percentages) {
  const Specimen dead = vessel({0, 0, 40, 0}), none = vessel({});
  for (const Specimen* s : {&dead, &none}) {
    const Cck8Plate plate{
        "p", "d", {{s, "a", 0.0, 1, 1, std::nullopt}, {s, "a", 100.0, 1, 1, std::nullopt}}, {}, 3};
    const Cck8Analysis a = analyse_cck8(read_cck8(plate, {}, 3));
    EXPECT_FALSE(a.responses[0].fit);
    EXPECT_TRUE(a.responses[0].points[0].percent.empty());
    EXPECT_EQ(codes_of(a.warnings), "dim-control");
  }
}

TEST(Cck8, says_when_the_reader_is_saturated) {
  const Specimen crowded = vessel({100000, 0, 0, 0});
  const Plate plate = read_cck8({"p", "", {{&crowded, "a", 0.0, 1, 1, std::nullopt}}, {}, 1}, {}, 1);
  EXPECT_EQ(codes_of(analyse_cck8(plate).warnings), "saturated-well saturated-control");
}

TEST(Cck8Analysis, needs_blanks_controls_and_readings_and_names_all_that_is_missing) {
  Plate plate;
  plate.at({0, 0}) = {WellRole::sample, "a", 1, 1, 100.0, std::nullopt, 1.0, 0.5, false};
  plate.at({0, 1}) = {WellRole::sample, "b", 1, 1, 0.0, std::nullopt, 1.0, std::nullopt, false};
  EXPECT_EQ(codes_of([&] { analyse_cck8(plate); }), "no-reading no-blank no-control");
}

TEST(Cck8Analysis, expresses_each_arm_and_replicate_in_per_cent_of_its_own_control) {
  Plate plate;
  plate.at({0, 0}) = {WellRole::blank, "", 1, 1, std::nullopt, std::nullopt, 1.0, 0.1, false};
  const auto put = [&](int column, std::string arm, double dose, double od) {
    plate.at({1, column}) = {WellRole::sample, std::move(arm), 1, 1, dose, std::nullopt, 1.0, od, false};
  };
  put(0, "a", 0.0, 1.1);
  put(1, "a", 10.0, 0.6);
  put(2, "b", 0.0, 0.5);
  put(3, "b", 10.0, 0.3);
  const Cck8Analysis a = analyse_cck8(plate);
  EXPECT_NEAR(a.responses[0].points[1].mean, 50.0, 1e-12);
  EXPECT_NEAR(a.responses[1].points[1].mean, 50.0, 1e-12);
}

// Blank 0.1; arm "v" untreated, "x" and "y" with doses only.
Plate with_a_vehicle() {
  Plate plate;
  plate.at({0, 0}) = {WellRole::blank, "", 1, 1, std::nullopt, std::nullopt, 1.0, 0.1, false};
  const auto put = [&](int column, std::string arm, double dose, double od) {
    plate.at({1, column}) = {WellRole::sample, std::move(arm), 1, 1, dose, std::nullopt, 1.0, od, false};
  };
  put(0, "v", 0.0, 1.0);
  put(1, "v", 0.0, 1.2);
  put(2, "x", 10.0, 0.6);
  put(3, "y", 10.0, 0.35);
  return plate;
}

TEST(Cck8Analysis, gives_one_vehicle_to_several_drugs) {
  Plate plate = with_a_vehicle();
  const Cck8Analysis a = analyse_cck8(plate);
  ASSERT_EQ(a.responses.size(), 2u);
  EXPECT_EQ(a.control, "v");
  EXPECT_NEAR(a.responses[0].points[1].mean, 50.0, 1e-12);
  EXPECT_NEAR(a.responses[1].points[1].mean, 25.0, 1e-12);
  // Two vehicles may both be meant.
  plate.at({2, 0}) = {WellRole::sample, "w", 1, 1, 0.0, std::nullopt, 1.0, 0.6, false};
  EXPECT_EQ(codes_of([&] { analyse_cck8(plate); }), "no-control");
  EXPECT_NEAR(analyse_cck8(plate, {"w", false, false}).responses[1].points[1].mean, 100.0, 1e-12);
  EXPECT_EQ(codes_of([&] { analyse_cck8(plate, {"x", false, false}); }), "no-such-control");
}

TEST(Cck8Analysis, leaves_out_wells_at_the_limit_and_says_so) {
  Plate plate = with_a_vehicle();
  plate.at({1, 4}) = {WellRole::sample, "v", 1, 1, 0.0, std::nullopt, 1.0, 3.5, true};
  const Cck8Analysis out = analyse_cck8(plate);
  EXPECT_EQ(codes_of(out.warnings), "saturated-well no-ic50 no-ic50");  // one dose has none
  EXPECT_NEAR(out.responses[0].control_od, 1.0, 1e-12);
  EXPECT_NEAR(analyse_cck8(plate, {"", false, true}).responses[0].control_od, (0.9 + 1.1 + 3.4) / 3.0, 1e-12);
  // A control of which half is at the limit is none.
  plate.at({1, 5}) = plate.at({1, 4});
  EXPECT_TRUE(analyse_cck8(plate).responses[0].points[0].percent.empty());
}

TEST(Cck8Analysis, without_blanks_needs_to_be_told) {
  Plate plate = with_a_vehicle();
  plate.at({0, 0}) = {};
  EXPECT_EQ(codes_of([&] { analyse_cck8(plate); }), "no-blank");
  EXPECT_NEAR(analyse_cck8(plate, {"", true, false}).responses[0].control_od, 1.1, 1e-12);
}

}  // namespace cck8_test
}  // namespace stroma::assays
