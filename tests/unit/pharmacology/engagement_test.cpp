#include "pharmacology/engagement.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/errors.hpp"

namespace stroma::pharmacology {
namespace engagement_test {

TEST(FreeFraction, is_one_without_serum_and_its_serum_value_in_whole_serum) {
  for (const double f : {0.005, 0.42, 1.0}) {
    EXPECT_DOUBLE_EQ(free_fraction(f, 0.0), 1.0);
    EXPECT_DOUBLE_EQ(free_fraction(f, 1.0), f);
  }
}

TEST(FreeFraction, of_a_drug_bound_to_995_in_1000_is_about_5_percent_in_10_percent_serum) {
  // 1/(1 + 0.1 x 199) = 1/20.9
  EXPECT_DOUBLE_EQ(free_fraction(0.005, 0.1), 1.0 / 20.9);
  EXPECT_NEAR(free_fraction(0.005, 0.1), 0.0478, 5e-5);
}

TEST(FreeFraction, falls_with_serum) {
  double before = 2.0;
  for (double s = 0.0; s <= 1.0; s += 0.05) {
    const double now = free_fraction(0.02, s);
    EXPECT_LT(now, before);
    before = now;
  }
}

TEST(FreeFraction, refuses_fractions_that_cannot_be) {
  EXPECT_THROW(free_fraction(0.0, 0.1), core::InternalError);
  EXPECT_THROW(free_fraction(1.1, 0.1), core::InternalError);
  EXPECT_THROW(free_fraction(0.5, -0.1), core::InternalError);
  EXPECT_THROW(free_fraction(0.5, 1.1), core::InternalError);
  EXPECT_THROW(free_fraction(std::nan(""), 0.1), core::InternalError);
}

TEST(Occupancy, is_a_half_at_the_dissociation_constant_and_saturates) {
  EXPECT_EQ(occupancy(0.0, 3.6, 0.0), 0.0);
  EXPECT_DOUBLE_EQ(occupancy(3.6, 3.6, 0.0), 0.5);
  EXPECT_DOUBLE_EQ(occupancy(10.8, 3.6, 0.0), 0.75);
  EXPECT_LT(occupancy(1e9, 3.6, 0.0), 1.0);
}

TEST(Occupancy, with_an_antagonist_at_its_constant_matches_hand_numbers) {
  EXPECT_DOUBLE_EQ(occupancy(3.6, 3.6, 1.0), 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(occupancy(7.2, 3.6, 4.0), 2.0 / 7.0);
}

// Schild: a competitive antagonist shifts the curve by exactly the dose ratio 1 + B/K.
TEST(Occupancy, is_restored_by_the_dose_ratio) {
  for (const double antagonism : {0.1, 1.0, 9.0, 1000.0})
    for (const double ligand : {0.01, 1.0, 50.0})
      EXPECT_NEAR(occupancy(ligand * (1.0 + antagonism), 2.0, antagonism), occupancy(ligand, 2.0, 0.0),
                  1e-15);
}

TEST(Occupancy, refuses_negative_concentrations) {
  EXPECT_THROW(occupancy(-1e-9, 1.0, 0.0), core::InternalError);
  EXPECT_THROW(occupancy(1.0, 0.0, 0.0), core::InternalError);
  EXPECT_THROW(occupancy(1.0, 1.0, -1.0), core::InternalError);
}

TEST(RemainingActivity, follows_hill) {
  EXPECT_NEAR(remaining_activity(1.0, 3.0, 1.5), 0.8386095, 5e-8);
  EXPECT_NEAR(remaining_activity(3.0, 3.0, 1.5), 0.5, 1e-14);
  EXPECT_NEAR(remaining_activity(10.0, 3.0, 1.5), 0.1411272, 5e-8);
  // (1/3)^1.5 = 1/(3 sqrt 3) and (10/3)^1.5 = (10/3) sqrt(10/3), with no pow in the expectation.
  EXPECT_NEAR(remaining_activity(1.0, 3.0, 1.5), 1.0 / (1.0 + 1.0 / (3.0 * std::sqrt(3.0))), 1e-14);
  EXPECT_NEAR(remaining_activity(10.0, 3.0, 1.5), 1.0 / (1.0 + 10.0 / 3.0 * std::sqrt(10.0 / 3.0)), 1e-14);
  EXPECT_EQ(remaining_activity(0.0, 3.0, 1.5), 1.0);
}

TEST(RemainingActivity, of_many_cells_is_that_of_each) {
  std::vector<float> c, remaining(101);
  for (int i = 0; i <= 100; ++i) c.push_back(0.3f * static_cast<float>(i));
  for (const double hill : {1.0, 1.5, 2.0}) {
    remaining_activities(remaining, c, 3.0, hill);
    for (std::size_t i = 0; i < c.size(); ++i)
      EXPECT_NEAR(remaining[i], remaining_activity(c[i], 3.0, hill), 3e-7) << "float32, hill " << hill;
  }
}

TEST(RemainingActivity, wants_one_value_per_cell) {
  std::vector<float> c(3), remaining(2);
  EXPECT_THROW(remaining_activities(remaining, c, 1.0, 1.0), core::InternalError);
}

// C(t) = C_eq + (C_0 - C_eq) e^(-k t), k = k_out + k_efflux a, C_eq = k_in m f C_out / k.
TEST(EnterCells, is_the_closed_form_for_every_cell) {
  const Entry entry{0.05, 0.04, 0.03};
  const std::vector<float> m = {1.0f, 0.5f, 2.0f}, a = {0.0f, 0.5f, 1.0f};
  std::vector<double> c = {0.0, 30.0, 400.0};
  const std::vector<double> before = c;
  const double change = enter_cells(c, 1.0, m, a, entry, 100.0, 15.0);
  double sum = 0.0;
  for (std::size_t i = 0; i < 3; ++i) {
    const double k = 0.04 + 0.03 * a[i], equilibrium = 0.05 * m[i] * 100.0 / k;
    const double expected = equilibrium + (before[i] - equilibrium) * std::exp(-k * 15.0);
    EXPECT_NEAR(c[i], expected, 1e-14 * expected + 1e-12);
    sum += c[i] - before[i];
  }
  EXPECT_DOUBLE_EQ(change, sum) << "what is reported is what the cells hold, rounding included";
}

TEST(EnterCells, agrees_with_a_fine_explicit_integration) {
  const Entry entry{0.05, 0.02, 0.1};
  std::vector<double> c = {3.0};
  const std::vector<float> a = {0.3f};
  enter_cells(c, 1.0, {}, a, entry, 50.0, 60.0);
  double x = 3.0;
  const int steps = 600000;
  for (int k = 0; k < steps; ++k) x += 60.0 / steps * (0.05 * 50.0 - (0.02 + 0.1 * 0.3f) * x);
  EXPECT_NEAR(c[0], x, 1e-4 * x);  // Euler's own error is k h/2 (x_eq - x) < 3e-6 relative
}

TEST(EnterCells, does_not_depend_on_how_the_time_is_cut) {
  const Entry entry{0.05, 0.05, 0.0};
  std::vector<double> once = {0.0}, often = {0.0};
  enter_cells(once, 1.0, {}, {}, entry, 10.0, 60.0);
  for (int k = 0; k < 60; ++k) enter_cells(often, 1.0, {}, {}, entry, 10.0, 1.0);
  EXPECT_NEAR(once[0], often[0], 60 * 2e-16 * 10.0);
}

TEST(EnterCells, without_efflux_grows_linearly) {
  std::vector<double> c = {1.0};
  EXPECT_NEAR(enter_cells(c, 1.0, {}, {}, {0.5, 0.0, 0.0}, 4.0, 8.0), 16.0, 1e-13);
  EXPECT_NEAR(c[0], 17.0, 1e-12);
}

TEST(EnterCells, with_slow_efflux_meets_the_linear_limit) {
  std::vector<double> c = {1.0};
  enter_cells(c, 1.0, {}, {}, {0.5, 1e-15, 0.0}, 4.0, 8.0);
  EXPECT_NEAR(c[0], 17.0, 1e-12);
}

TEST(EnterCells, washes_out_into_an_empty_medium) {
  std::vector<double> c = {8.0};
  const double change = enter_cells(c, 1.0, {}, {}, {0.5, 0.25, 0.0}, 0.0, 4.0);
  EXPECT_NEAR(c[0], 8.0 * std::exp(-1.0), 1e-14);
  EXPECT_NEAR(change, 8.0 * std::expm1(-1.0), 1e-14);
}

TEST(EnterCells, of_another_volume_hold_in_proportion) {
  std::vector<double> c = {3.0}, held = {3.0 * 2000.0};
  const double change = enter_cells(c, 1.0, {}, {}, {0.05, 0.02, 0.0}, 50.0, 15.0);
  EXPECT_NEAR(enter_cells(held, 2000.0, {}, {}, {0.05, 0.02, 0.0}, 50.0, 15.0), 2000.0 * change, 1e-9);
  EXPECT_NEAR(held[0], 2000.0 * c[0], 1e-9);
}

TEST(EnterCells, of_nobody_changes_nothing) {
  EXPECT_EQ(enter_cells({}, 1.0, {}, {}, {0.5, 0.25, 0.0}, 10.0, 4.0), 0.0);
}

TEST(EntryRates, give_what_enter_cells_gives_where_the_outside_is_constant) {
  const std::vector<float> m = {1.0f, 0.5f, 2.0f, 1.0f}, a = {0.0f, 0.5f, 1.0f, 0.2f};
  for (const Entry& entry : {Entry{0.05, 0.04, 0.03}, Entry{0.5, 1e-15, 0.0}, Entry{0.5, 0.0, 0.0}}) {
    for (const double minutes : {0.01, 6.0, 1000.0}) {
      std::vector<double> c = {0.0, 30.0, 400.0, 1.0};
      const std::vector<double> before = c;
      std::vector<double> lost(4), gained(4);
      entry_rates(lost, gained, m, a, entry, minutes, {1});
      enter_cells(c, 1.0, m, a, entry, 100.0, minutes);
      for (std::size_t i = 0; i < c.size(); ++i)
        EXPECT_NEAR(before[i] * (1.0 - lost[i]) + gained[i] * 100.0 * minutes, c[i], 1e-14 * c[i]);
    }
  }
}

TEST(EntryRates, want_one_value_per_cell) {
  std::vector<double> three(3), two(2);
  const std::vector<float> other(2);
  EXPECT_THROW(entry_rates(three, two, {}, {}, {0.5, 0.25, 0.0}, 4.0, {1}), core::InternalError);
  EXPECT_THROW(entry_rates(three, three, other, {}, {0.5, 0.25, 0.0}, 4.0, {1}), core::InternalError);
  EXPECT_THROW(entry_rates(three, three, {}, other, {0.5, 0.25, 0.0}, 4.0, {1}), core::InternalError);
}

TEST(EnterCells, wants_one_multiplier_and_one_transporter_per_cell) {
  std::vector<double> c(3);
  const std::vector<float> two(2);
  EXPECT_THROW(enter_cells(c, 1.0, two, {}, {0.5, 0.25, 0.0}, 10.0, 4.0), core::InternalError);
  EXPECT_THROW(enter_cells(c, 1.0, {}, two, {0.5, 0.25, 0.0}, 10.0, 4.0), core::InternalError);
}

}  // namespace engagement_test
}  // namespace stroma::pharmacology
