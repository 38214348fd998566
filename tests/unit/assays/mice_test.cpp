// Survival, growth and automatic gates on data whose answers are known.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "assays/arms.hpp"
#include "assays/flow/flow_gating.hpp"
#include "assays/growth/tumour_growth.hpp"
#include "assays/survival/survival.hpp"
#include "core/random.hpp"
#include "support/codes.hpp"

namespace stroma::assays {
namespace mice_test {

bool warned(const core::Diagnostics& warnings, const std::string& code) {
  const auto all = warnings.entries();
  return std::any_of(all.begin(), all.end(), [&](const core::Diagnostic& d) { return d.code == code; });
}

// R: survival::aml; survdiff gives 3.396389 (p 0.0653), coxph exp(coef) 2.498105 with 0.9159 to 6.813.
SurvivalData leukaemia() {
  SurvivalData data;
  const std::pair<double, bool> kept[] = {{9, true},   {13, true},  {13, false}, {18, true},
                                          {23, true},  {28, false}, {31, true},  {34, true},
                                          {45, false}, {48, true},  {161, false}};
  const std::pair<double, bool> not_kept[] = {{5, true},  {5, true},   {8, true},  {8, true},
                                              {12, true}, {16, false}, {23, true}, {27, true},
                                              {30, true}, {33, true},  {43, true}, {45, true}};
  for (const auto& [time, event] : kept) data.subjects.push_back({"", "maintained", {time, event}, "", {}});
  for (const auto& [time, event] : not_kept) data.subjects.push_back({"", "not", {time, event}, "", {}});
  return data;
}

TEST(Survival, of_the_leukaemia_trial_is_what_R_says) {
  const SurvivalAnalysis a = analyse_survival(leukaemia(), {});
  EXPECT_EQ(a.arms[0].curve.median.value, 31.0);
  EXPECT_EQ(a.arms[1].curve.median.value, 23.0);
  EXPECT_NEAR(a.log_rank.statistic, 3.396389, 1e-6);
  ASSERT_TRUE(a.cox && a.cox->fitted());
  EXPECT_NEAR(a.cox->coefficients[0].hazard_ratio, 2.498105, 1e-6);
  EXPECT_EQ(a.tau, 45.0);  // the last time of the shorter arm
  EXPECT_FALSE(warned(a.warnings, "hazards-not-proportional"));
}

TEST(Survival, with_the_other_reference_has_the_inverse_hazard_ratio_and_opposite_difference) {
  SurvivalOptions options;
  options.reference = "not";
  const SurvivalAnalysis a = analyse_survival(leukaemia(), {}), b = analyse_survival(leukaemia(), options);
  EXPECT_NEAR(a.cox->coefficients[0].hazard_ratio * b.cox->coefficients[0].hazard_ratio, 1.0, 1e-8);
  EXPECT_NEAR(a.comparisons[0].mean->difference + b.comparisons[0].mean->difference, 0.0, 1e-12);
  options.reference = "nott";
  EXPECT_EQ(test::codes_of([&] { analyse_survival(leukaemia(), options); }), "unknown-arm");
  SurvivalOptions far;
  far.tau = 170.0;
  EXPECT_EQ(test::codes_of([&] { analyse_survival(leukaemia(), far); }), "bad-horizon");
}

std::vector<TumourVolume> exponential(double rate_control, double rate_treated, double noise) {
  std::vector<TumourVolume> out;
  core::Stream stream(7, core::Purpose::test, 1);
  for (int animal = 0; animal < 16; ++animal) {
    const bool treated = animal >= 8;
    const double level = 100.0 * std::exp(0.2 * noise * stream.normal());
    const double rate = (treated ? rate_treated : rate_control) + 0.01 * noise * stream.normal();
    for (int day = 0; day <= 20; day += 4)
      out.push_back({std::to_string(animal),
                     treated ? "drug" : "control",
                     "",
                     static_cast<double>(day),
                     level * std::exp(rate * day + 0.05 * noise * stream.normal()),
                     {}});
  }
  return out;
}

TEST(Growth, gives_back_the_rates_that_were_put_in) {
  const GrowthAnalysis a = analyse_growth(exponential(0.15, 0.05, 1.0), {});
  ASSERT_TRUE(a.modelled);
  // Eight animals with a spread of 0.01 and little noise: a standard error of some 0.0037; four of them.
  EXPECT_NEAR(a.arms[0].rate, 0.15, 0.016);
  EXPECT_NEAR(a.arms[1].rate, 0.05, 0.016);
  EXPECT_LT(a.comparisons[0].rate_p, 1e-6);
  EXPECT_LT(a.arms[0].rate_ci.low, a.arms[0].rate);
  EXPECT_EQ(*a.day, 20.0);
  EXPECT_NEAR(a.comparisons[0].rate_difference, a.arms[1].rate - a.arms[0].rate, 1e-12);
  // The mutant: without a difference none is found.
  EXPECT_GT(analyse_growth(exponential(0.1, 0.1, 1.0), {}).comparisons[0].rate_p, 0.01);
}

TEST(Growth, slopes_inhibition_and_times_follow_from_the_exponential) {
  std::vector<TumourVolume> volumes = exponential(0.15, 0.05, 0.0);
  for (TumourVolume& v : volumes) v.volume *= 1.0 + 1e-6 * std::sin(v.day + v.animal[0]);
  const GrowthAnalysis a = analyse_growth(volumes, {});
  for (const AnimalGrowth& animal : a.animals)
    EXPECT_NEAR(*animal.slope, animal.arm == "drug" ? 0.05 : 0.15, 1e-6);
  EXPECT_NEAR(*a.comparisons[0].inhibition, 1.0 - std::exp((0.05 - 0.15) * 20.0), 1e-5);
  for (const SurvivalSubject& s : a.reached.subjects) {
    EXPECT_EQ(s.follow_up.event, s.arm == "control");  // exp(0.05 x 20) is below 4
    if (s.follow_up.event) {
      EXPECT_NEAR(s.follow_up.time, std::log(4.0) / 0.15, 1e-3);
    }
  }
}

// Volumes 100 -> 400, 500, 600 without treatment and 100 -> 0, 50, 150 with it: T/C of means (200/3) / 500,
// TGI of the changes 1 - (-100/3) / 400; the tumour that vanished counts there, and not among geometric
// means.
TEST(Growth, ratios_of_means_count_tumours_that_vanished) {
  std::vector<TumourVolume> volumes;
  for (int k = 0; k < 3; ++k) {
    volumes.push_back({"c" + std::to_string(k), "control", "", 0.0, 100.0, {}});
    volumes.push_back({"c" + std::to_string(k), "control", "", 10.0, 400.0 + 100.0 * k, {}});
    volumes.push_back({"d" + std::to_string(k), "drug", "", 0.0, 100.0, {}});
    volumes.push_back({"d" + std::to_string(k), "drug", "", 10.0, k == 0 ? 0.0 : 100.0 * k - 50.0, {}});
  }
  const GrowthAnalysis a = analyse_growth(volumes, {});
  const GrowthComparison& c = a.comparisons.at(0);
  ASSERT_TRUE(c.relative_volumes && c.changes);
  EXPECT_NEAR(c.relative_volumes->ratio, 200.0 / 3.0 / 500.0, 1e-14);
  EXPECT_NEAR(1.0 - c.changes->ratio, 1.0 + 100.0 / 3.0 / 400.0, 1e-14);
  EXPECT_LT(c.relative_volumes->ci.low, c.relative_volumes->ratio);
  EXPECT_GT(c.relative_volumes->ci.high, c.relative_volumes->ratio);
  EXPECT_EQ(c.n, 2u);
  EXPECT_NEAR(1.0 - *c.inhibition, std::sqrt(0.5 * 1.5) / std::cbrt(4.0 * 5.0 * 6.0), 1e-12);
  EXPECT_TRUE(warned(a.warnings, "volume-zero"));
}

TEST(Growth, flanks_swaps_and_gaps_are_said) {
  std::vector<TumourVolume> volumes = exponential(0.15, 0.05, 1.0);
  for (TumourVolume& v : volumes) {
    const int number = std::stoi(v.animal);
    v.animal = std::to_string(number / 2) + (number % 2 == 0 ? "L" : "R");
  }
  EXPECT_TRUE(warned(analyse_growth(volumes, {}).warnings, "pseudo-replication"));
  for (TumourVolume& v : volumes) {
    v.tumour = v.animal.substr(v.animal.size() - 1);
    v.animal.pop_back();
  }
  const GrowthAnalysis named = analyse_growth(volumes, {});
  EXPECT_TRUE(warned(named.warnings, "several-tumours"));
  EXPECT_EQ(named.animals.size(), 8u);  // animals, not flanks
  EXPECT_FALSE(warned(named.warnings, "missing-days"));
  for (TumourVolume& v : volumes) v.tumour.clear();
  EXPECT_EQ(test::codes_of([&] { analyse_growth(volumes, {}); }).substr(0, 14), "measured-twice");
  volumes = exponential(0.15, 0.05, 1.0);
  EXPECT_FALSE(warned(analyse_growth(volumes, {}).warnings, "missing-days"));
  volumes.erase(volumes.begin() + 2);
  EXPECT_TRUE(warned(analyse_growth(volumes, {}).warnings, "missing-days"));
}

// Three animals an arm, doubled in volume before the first dose on day 0; day 14 gives ln ratios whose Welch
// test R 4.2.2 computes as t.test(log(V14 / V0)): inhibition 0.5017545905 (0.4713660395, 0.5303962540).
std::vector<TumourVolume> dosed_on_day_0(bool before) {
  const double volumes[6][4] = {{20, 100, 200, 400}, {25, 110, 230, 430}, {18, 95, 190, 390},
                                {80, 100, 140, 200}, {90, 105, 150, 215}, {85, 98, 135, 190}};
  const double days[] = {-10, 0, 7, 14};
  std::vector<TumourVolume> out;
  for (int a = 5; a >= 0; --a)  // the drug first: the order of lines decides nothing
    for (int d = before ? 0 : 1; d < 4; ++d)
      out.push_back({std::to_string(a), a < 3 ? "Vehicle" : "drug", "", days[d], volumes[a][d], {}});
  return out;
}

TEST(Growth, is_relative_to_the_day_of_the_first_dose_whatever_was_measured_before_it) {
  for (const bool before : {true, false}) {
    const GrowthAnalysis a = analyse_growth(dosed_on_day_0(before), {});
    EXPECT_EQ(a.reference, "Vehicle");
    ASSERT_TRUE(a.comparisons.at(0).inhibition);
    EXPECT_NEAR(*a.comparisons[0].inhibition, 0.5017545905, 1e-9);
    EXPECT_NEAR(a.comparisons[0].inhibition_ci.low, 0.4713660395, 1e-9);
    EXPECT_NEAR(a.comparisons[0].inhibition_ci.high, 0.5303962540, 1e-9);
    EXPECT_EQ(a.baseline.has_value(), before);
    for (const AnimalGrowth& animal : a.animals) EXPECT_EQ(animal.points.size(), 3u);
  }
  // The mutant: the first measurement as the baseline gives three quarters instead of a half.
  GrowthOptions first;
  first.baseline = -10.0;
  EXPECT_GT(*analyse_growth(dosed_on_day_0(true), first).comparisons[0].inhibition, 0.7);
  first.baseline = 20.0;
  EXPECT_EQ(test::codes_of([&] { analyse_growth(dosed_on_day_0(true), first); }), "bad-baseline");
}

TEST(Growth, an_animal_measured_only_after_the_first_dose_has_no_relative_volume) {
  std::vector<TumourVolume> volumes = dosed_on_day_0(false);
  std::erase_if(volumes, [](const TumourVolume& v) { return v.animal == "0" && v.day == 0.0; });
  GrowthOptions options;
  options.baseline = 0.0;
  const GrowthAnalysis a = analyse_growth(volumes, options);
  EXPECT_EQ(a.comparisons[0].n_reference, 2u);
  EXPECT_TRUE(warned(a.warnings, "no-baseline"));
  EXPECT_EQ(a.reached.subjects.size(), 5u);
}

TEST(Growth, asks_for_the_reference_where_no_arm_or_several_are_called_a_control) {
  std::vector<TumourVolume> volumes = exponential(0.15, 0.05, 1.0);
  for (TumourVolume& v : volumes) v.arm = v.arm == "drug" ? "A" : "B";
  EXPECT_EQ(test::codes_of([&] { analyse_growth(volumes, {}); }), "which-reference");
  GrowthOptions options;
  options.reference = "A";
  EXPECT_EQ(analyse_growth(volumes, options).reference, "A");
  for (TumourVolume& v : volumes) v.arm = v.arm == "A" ? "PBS" : "untreated";
  EXPECT_EQ(test::codes_of([&] { analyse_growth(volumes, {}); }), "which-reference");
  for (TumourVolume& v : volumes) v.arm = "x";
  EXPECT_EQ(test::codes_of([&] { analyse_growth(volumes, {}); }), "none");  // one arm needs none
}

// Eight animals an arm until day 20; of the controls only two are left on day 16 and 20.
TEST(Growth, takes_the_last_day_with_nearly_all_animals_of_every_arm) {
  std::vector<TumourVolume> volumes = exponential(0.15, 0.05, 1.0);
  std::erase_if(volumes, [](const TumourVolume& v) {
    return v.arm == "control" && std::stoi(v.animal) > 1 && v.day > 12.0;
  });
  const GrowthAnalysis a = analyse_growth(volumes, {});
  EXPECT_EQ(*a.day, 12.0);
  EXPECT_EQ(a.comparisons[0].n_reference, 8u);
  EXPECT_FALSE(warned(a.warnings, "few-animals-left"));
  GrowthOptions asked;
  asked.day = 20.0;
  const GrowthAnalysis late = analyse_growth(volumes, asked);
  EXPECT_EQ(late.comparisons[0].n_reference, 2u);
  EXPECT_TRUE(warned(late.warnings, "few-animals-left"));
}

TEST(Arms, that_are_called_a_control_are_known_by_their_names) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(arms_called_control({"drug", "Vehicle"}), Names{"Vehicle"});
  EXPECT_EQ(arms_called_control({"DMSO + sorafenib", "DMSO 0.1 %"}), Names{"DMSO 0.1 %"});
  EXPECT_EQ(arms_called_control({"IgG control", "anti-PD1"}), Names{"IgG control"});
  EXPECT_EQ(arms_called_control({"no treatment", "control of rats"}), Names{"no treatment"});
  EXPECT_EQ(arms_called_control({"A", "uncontrolled"}), Names{});
  EXPECT_EQ(arms_called_control({"PBS", "untreated"}), (Names{"PBS", "untreated"}));
}

std::vector<float> mixture(double share, double apart, std::size_t n) {
  core::Stream stream(11, core::Purpose::test, 2);
  std::vector<float> out;
  for (std::size_t i = 0; i < n; ++i) {
    const double centre = stream.uniform() < share ? 2.0 + apart : 2.0;
    out.push_back(static_cast<float>(std::pow(10.0, centre + 0.2 * stream.normal())));
  }
  return out;
}

TEST(AutomaticGate, of_two_equal_normals_lies_in_the_middle_and_one_normal_is_no_two) {
  // Equal weights and spreads: the crossing is the mean of the centres, 10^2.75.
  const MixtureThreshold two = mixture_threshold(mixture(0.5, 1.5, 20000), "FITC-A");
  EXPECT_TRUE(two.found());
  EXPECT_NEAR(std::log10(two.value), 2.75, 0.03);
  EXPECT_NEAR(two.positive, 0.5, 4.0 * std::sqrt(0.25 / 20000.0) + 0.002);
  EXPECT_NEAR(two.separation, 1.5 / 0.2, 0.3);
  const MixtureThreshold rare = mixture_threshold(mixture(0.1, 1.5, 20000), "FITC-A");
  EXPECT_NEAR(rare.positive, 0.1, 4.0 * std::sqrt(0.09 / 20000.0) + 0.002);
  EXPECT_FALSE(mixture_threshold(mixture(0.0, 1.5, 20000), "FITC-A").found());
  EXPECT_EQ(test::codes_of([] { mixture_threshold(std::vector<float>(50, 1.0f), "x"); }), "too-few-events");
  EXPECT_EQ(test::codes_of([] { mixture_threshold(std::vector<float>(500, 1.0f), "x"); }), "too-few-events");
}

}  // namespace mice_test
}  // namespace stroma::assays
