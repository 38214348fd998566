// Closed forms, areas by hand, Bailer's variance by hand, and the fit that gives back what was planted.
#include "assays/pk/pharmacokinetics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>

#include "core/random.hpp"
#include "support/codes.hpp"

namespace stroma::assays {
namespace pharmacokinetics_test {

// 400 mg, F 0.8, V 213 L, CL 8.13 L/h, ka 0.586/h (sorafenib-like; the table of verification problems).
constexpr double amount = 0.8 * 400.0 / 213.0, ka = 0.586, ke = 8.13 / 213.0;

TEST(OneCompartmentOral, has_the_closed_forms_of_its_curve) {
  const double tmax = one_compartment_tmax(ka, ke);
  EXPECT_NEAR(tmax, 4.985654, 1e-6);
  EXPECT_NEAR(one_compartment_oral(tmax, amount, ka, ke), 1.242010, 1e-6);
  EXPECT_NEAR(amount / ke, 39.360394, 1e-6);
  EXPECT_NEAR(std::log(2.0) / ke, 18.159945, 1e-6);
  EXPECT_NEAR(one_compartment_steady(12.0, amount, ka, ke, 12.0), 2.764757, 1e-6);
  EXPECT_NEAR(amount / ke / 12.0, 3.280033, 1e-6);
  EXPECT_NEAR(1.0 / -std::expm1(-ke * 12.0), 2.721308, 1e-6);
  // ka = ke: amount ke t exp(-ke t), the limit.
  EXPECT_NEAR(one_compartment_oral(3.0, 2.0, 0.5, 0.5), 3.0 * std::exp(-1.5), 1e-12);
  EXPECT_NEAR(one_compartment_oral(3.0, 2.0, 0.5 + 1e-7, 0.5), 3.0 * std::exp(-1.5), 1e-6);
}

TEST(Area, is_linear_up_and_logarithmic_down) {
  const std::vector<double> t{0.0, 1.0, 3.0}, c{0.0, 8.0, 2.0};
  EXPECT_DOUBLE_EQ(area_under(t, c, false), 4.0 + 10.0);
  EXPECT_NEAR(area_under(t, c, true), 4.0 + 2.0 * 6.0 / std::log(4.0), 1e-12);
  // Exact for a falling exponential, whatever the steps.
  const std::vector<double> s{0.0, 1.0, 7.0}, e{10.0, 10.0 * std::exp(-0.3), 10.0 * std::exp(-2.1)};
  EXPECT_NEAR(area_under(s, e, true), 10.0 * (1.0 - std::exp(-2.1)) / 0.3, 1e-12);
}

std::vector<PkSample> destructive(double cv, std::uint64_t seed, int per_time = 4, double scale = 1.0) {
  std::vector<PkSample> out;
  int mouse = 0;
  for (const double t : {0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0})
    for (int k = 0; k < per_time; ++k) {
      core::Stream stream(seed, core::Purpose::test, static_cast<std::uint64_t>(++mouse));
      out.push_back({"arm",
                     "mouse " + std::to_string(mouse),
                     t,
                     scale * one_compartment_oral(t, amount, ka, ke) * (1.0 + cv * stream.normal()),
                     0.0,
                     320.0,
                     {},
                     0,
                     Route::unsaid});
    }
  return out;
}

TEST(Pk, gives_back_what_was_planted) {
  const PkAnalysis analysis = analyse_pk(destructive(0.0, 1), {});
  const PkProfile& p = analysis.profiles.at(0);
  EXPECT_EQ(p.design, PkDesign::destructive);
  ASSERT_TRUE(p.model && p.model->message.empty()) << p.model->message;
  EXPECT_NEAR(p.model->ka, ka, 1e-6 * ka);
  EXPECT_NEAR(p.model->ke, ke, 1e-6 * ke);
  EXPECT_NEAR(p.model->volume, 213.0, 1e-3);  // 320 mg absorbed
  EXPECT_NEAR(p.model->auc, 39.360394, 1e-5);
  ASSERT_TRUE(p.terminal);
  // At 8 h absorption still holds the curve 1.26 % (exp(-(ka - ke) 8)) below the slow exponential. Of the
  // points 8, 16, 32, 64 that tilts the line by 22 * 0.0126 / 1840 = 1.5e-4 of 0.0382 per hour, 0.4 %;
  // without that point it is less.
  EXPECT_NEAR(p.terminal->half_life, 18.159945, 18.16 * 5e-3);
  EXPECT_GE(p.terminal->times.size(), 3u);
}

// Two times with two animals each behind a point of 0 at t = 0; linear trapezoids: weights 1 and 0.5 (h).
// AUC = 1*2 + 0.5*1 = 2.5; Var = 1^2 * 0.5/2 ... with s^2 = 0.5 at t = 1 and 0.125 at t = 2.
TEST(Pk, has_bailers_variance_by_hand) {
  const auto sample = [](const char* who, double t, double c) {
    return PkSample{"a", who, t, c, 0.0, 0.0, {}, 0, Route::unsaid};
  };
  const std::vector<PkSample> samples{sample("1", 0.0, 0.0), sample("2", 0.0, 0.0),  sample("3", 1.0, 1.5),
                                      sample("4", 1.0, 2.5), sample("5", 2.0, 0.75), sample("6", 2.0, 1.25)};
  PkOptions options;
  options.route = Route::extravascular;
  const PkProfile p = analyse_pk(samples, options).profiles.at(0);
  EXPECT_DOUBLE_EQ(p.auc_linear->value, 1.0 * 2.0 + 0.5 * 1.0);
  EXPECT_NEAR(p.auc_linear->se, std::sqrt(1.0 * 0.5 / 2.0 + 0.25 * 0.125 / 2.0), 1e-9);
}

// 300 studies with 20 % noise: Bailer's 95 % interval of the linear area covers the linear area of the true
// means in 95 %; binomial(300, 0.95) has sd 3.8, four of them 15. A mutant whose concentrations are 10 %
// higher is rejected more often: the area's standard error is 20 % / sqrt(4) / sqrt(about 5 equal parts)
// = 4.5 %, so that 10 % off is 2.2 standard errors and coverage falls to about 40 %.
TEST(Pk, interval_of_the_area_covers_the_truth_and_rejects_a_mutant) {
  std::vector<double> times{0.0}, means{0.0};
  for (const double t : {0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0}) {
    times.push_back(t);
    means.push_back(one_compartment_oral(t, amount, ka, ke));
  }
  const double truth = area_under(times, means, false);
  int covered = 0, mutant = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    covered += analyse_pk(destructive(0.2, seed), {}).profiles[0].auc_linear->ci.contains(truth);
    mutant += analyse_pk(destructive(0.2, seed, 4, 1.1), {}).profiles[0].auc_linear->ci.contains(truth);
  }
  EXPECT_GE(covered, 270);
  EXPECT_LE(mutant, 240);
}

TEST(Pk, counts_samples_below_the_limit_as_it_is_told) {
  std::vector<PkSample> samples = destructive(0.0, 1, 2);
  samples.push_back({"arm", "late 1", 96.0, std::nullopt, 0.01, 320.0, {}, 0, Route::unsaid});
  samples.push_back({"arm", "early 1", 0.1, std::nullopt, 0.01, 320.0, {}, 0, Route::unsaid});
  const auto points = [&](BelowLimit policy) { return analyse_pk(samples, {policy}).profiles[0].points; };
  EXPECT_EQ(points(BelowLimit::usual).front().mean, 0.0);  // before the peak: 0
  EXPECT_EQ(points(BelowLimit::usual).back().time, 64.0);  // after it: left out
  EXPECT_EQ(points(BelowLimit::zero).back().mean, 0.0);
  EXPECT_EQ(points(BelowLimit::half).back().mean, 0.005);
  EXPECT_EQ(points(BelowLimit::missing).front().time, 0.5);
}

TEST(Pk, refuses_and_warns) {
  const auto sample = [](const char* arm, double t, double c, double dose) {
    return PkSample{arm, "m", t, c, 0.0, dose, {}, 0, Route::unsaid};
  };
  EXPECT_EQ(test::codes_of([&] {
              const std::vector<PkSample> s{sample("a", 1, 1, 1), sample("a", 2, 1, 2), sample("a", 3, 1, 1),
                                            sample("b", 1, 1, 1), sample("b", 2, 1, 1)};
              analyse_pk(s, {});
            }),
            "two-doses few-times");
  const std::vector<PkSample> rising{sample("a", 1, 1, 1), sample("a", 2, 2, 1), sample("a", 4, 3, 1)};
  const PkAnalysis analysis = analyse_pk(rising, {});
  EXPECT_EQ(analysis.warnings.entries()[0].code, "no-terminal-phase");
  EXPECT_FALSE(analysis.profiles[0].auc_infinity);
}

// ---- how the drug was given, and who was sampled when

PkSample at(const std::string& subject, double time, std::optional<double> concentration,
            double dose = 10.0) {
  return {"a", subject, time, concentration, 0.5, dose, {}, 0, Route::unsaid};
}

// C = 10 exp(-0.2 t) behind a bolus of 10: C0 10, AUC to infinity 50, CL 0.2, Vss 1, exact with logarithmic
// trapezoids.
std::vector<PkSample> bolus(const std::string& subject = "1") {
  std::vector<PkSample> out;
  for (const double t : {1.0, 2.0, 4.0, 8.0, 12.0, 24.0})
    out.push_back(at(subject, t, 10.0 * std::exp(-0.2 * t)));
  return out;
}

TEST(Pk, a_curve_that_falls_from_the_start_is_asked_for_and_never_taken_for_absorption) {
  EXPECT_EQ(test::codes_of([] { analyse_pk(bolus(), {}); }), "which-route");
  PkOptions options;
  options.route = Route::bolus;
  const PkProfile p = analyse_pk(bolus(), options).profiles.at(0);
  EXPECT_NEAR(*p.c0, 10.0, 1e-9);
  EXPECT_NEAR(p.auc_infinity->value, 50.0, 1e-9);
  EXPECT_NEAR(p.clearance->value, 0.2, 1e-11);
  EXPECT_NEAR(p.volume->value, 1.0, 1e-9);
  EXPECT_FALSE(p.model);
  // The mutant: as if absorbed, it begins at nothing and loses the triangle before the first sample.
  options.route = Route::extravascular;
  EXPECT_NEAR(analyse_pk(bolus(), options).profiles.at(0).auc_infinity->value,
              50.0 - (10.0 - 10.0 * std::exp(-0.2)) / 0.2 + 5.0 * std::exp(-0.2), 1e-9);
  std::vector<PkSample> said = bolus();
  for (PkSample& s : said) s.route = Route::bolus;
  EXPECT_NEAR(analyse_pk(said, {}).profiles.at(0).auc_infinity->value, 50.0, 1e-9);
}

// An infusion of 20 over 2 h into CL 0.2 and V 1: AUC = dose / CL = 100, and Vss = CL (AUMC / AUC - T / 2)
// = 1.
TEST(Pk, an_infusion_gives_back_clearance_and_volume) {
  const double k = 0.2, rate = 10.0, duration = 2.0;
  const auto c = [&](double t) {
    const double top = rate / k * -std::expm1(-k * std::min(t, duration));
    return t <= duration ? top : top * std::exp(-k * (t - duration));
  };
  std::vector<PkSample> samples;
  for (int i = 0; i <= 40; ++i) samples.push_back(at("1", 0.05 * i, c(0.05 * i), 20.0));
  for (int i = 1; i <= 40; ++i) samples.push_back(at("1", 2.0 + i, c(2.0 + i), 20.0));
  PkOptions options;
  options.route = Route::infusion;
  options.infusion = duration;
  const PkProfile p = analyse_pk(samples, options).profiles.at(0);
  // Linear trapezoids of a concave rise lose h^2/12 (c'(0) - c'(2)) = 0.05^2 / 12 * 3.3 = 7e-4 of 100.
  EXPECT_NEAR(p.auc_infinity->value, 100.0, 2e-3);
  EXPECT_NEAR(p.clearance->value, 0.2, 1e-5);
  EXPECT_NEAR(p.volume->value, 1.0, 1e-4);
}

// Four subjects, C0 from their first two samples, logarithmic trapezoids; mean and sd / 2 of the areas by
// R 4.2.2.
TEST(Pk, of_whole_curves_gives_areas_by_subject_and_their_mean) {
  const double times[] = {0.25, 0.5, 1, 2, 4, 8};
  const double conc[4][6] = {{9.1, 7.4, 5.2, 2.9, 1.1, 0.16},
                             {12.4, 9.9, 6.1, 3.3, 0.8, 0.21},
                             {7.7, 6.8, 5.0, 2.4, 1.3, 0.3},
                             {10.2, 7.1, 4.9, 2.2, 0.9, 0.11}};
  std::vector<PkSample> samples;
  for (int s = 0; s < 4; ++s)
    for (int t = 0; t < 6; ++t) samples.push_back(at(std::to_string(s), times[t], conc[s][t], 25.0));
  PkOptions options;
  options.route = Route::bolus;
  const PkProfile p = analyse_pk(samples, options).profiles.at(0);
  EXPECT_EQ(p.design, PkDesign::serial);
  EXPECT_NEAR(p.auc->value, 17.484324296091, 1e-9);
  EXPECT_NEAR(p.auc->se, 0.890508191131, 1e-9);
  EXPECT_EQ(p.subjects.size(), 4u);
  EXPECT_EQ(test::codes_of([&] { analyse_pk(samples, {}); }), "which-route");
  // Every subject at times of its own is a whole curve still.
  for (PkSample& s : samples) s.time += 1e-3 * (s.subject[0] - '0');
  EXPECT_EQ(analyse_pk(samples, options).profiles.at(0).design, PkDesign::serial);
}

// Three batches of three animals at 0, 1, 6; 2, 10; 4, 24 h. Weighted sums of one batch belong together: in R
// sqrt(sum(tapply(sums, batch, var) / 3)) with the weights of linear trapezoids.
TEST(Pk, samples_of_one_animal_in_a_batch_are_not_independent) {
  const std::vector<std::vector<double>> times{{0, 1, 6}, {2, 10}, {4, 24}};
  const double conc[9][3] = {{0, 1.5, 4.2}, {0, 2.4, 2.8},  {0, 1.1, 1.9},  {3.1, 3.5, 0}, {2.0, 1.4, 0},
                             {2.3, 1.0, 0}, {3.4, 0.31, 0}, {2.9, 0.05, 0}, {2.4, 0.2, 0}};
  std::vector<PkSample> samples;
  for (std::size_t a = 0; a < 9; ++a)
    for (std::size_t t = 0; t < times[a / 3].size(); ++t)
      samples.push_back(at(std::to_string(a), times[a / 3][t], conc[a][t]));
  const PkProfile p = analyse_pk(samples, {}).profiles.at(0);
  EXPECT_EQ(p.design, PkDesign::batches);
  EXPECT_NEAR(p.auc_linear->value, 39.073333333333, 1e-9);
  EXPECT_NEAR(p.auc_linear->se, 7.780755461750, 1e-7);
  // The mutant: as nine by seven independent samples.
  EXPECT_GT(std::abs(p.auc_linear->se - 7.329517188889), 0.05);
  // A sample that is lost breaks the batches; the covariances of those that are left carry on.
  samples.pop_back();
  const PkProfile lost = analyse_pk(samples, {}).profiles.at(0);
  EXPECT_GT(lost.auc_linear->se, 0.0);
}

TEST(Pk, drug_before_the_dose_is_asked_for_and_a_steady_state_is_one_interval) {
  // The steady state of 10 every 12 h, k 0.2, ka 1.
  std::vector<PkSample> samples;
  for (const double t : {0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0})
    samples.push_back(at("1", t, one_compartment_steady(t, 10.0, 1.0, 0.2, 12.0)));
  EXPECT_EQ(test::codes_of([&] { analyse_pk(samples, {}); }), "which-dosing");
  PkOptions options;
  options.dosing = Dosing::steady;
  options.tau = 12.0;
  const PkProfile p = analyse_pk(samples, options).profiles.at(0);
  // Over one interval the area is that of one dose to infinity, 10 / 0.2 = 50; trapezoids of these steps are
  // within 2 % of it.
  EXPECT_NEAR(p.auc->value, 50.0, 1.0);
  EXPECT_FALSE(p.auc_infinity);
  EXPECT_NEAR(p.clearance->value, 10.0 / p.auc->value, 1e-12);
  // Without the samples at the ends the interval is closed with its own end.
  samples.erase(samples.begin());
  const double closed = analyse_pk(samples, options).profiles.at(0).auc->value;
  EXPECT_NEAR(closed, p.auc->value, 1e-12);
  options.dosing = Dosing::single;
  // The mutant: as a first dose it starts at nothing (the triangle up to the first sample at 0.5 h is lost)
  // and what the last sample holds is added, C(12)/k: 55.9 instead of 50, within the 2 % of the trapezoids.
  const double trough = one_compartment_steady(12.0, 10.0, 1.0, 0.2, 12.0);
  EXPECT_NEAR(analyse_pk(samples, options).profiles.at(0).auc_infinity->value,
              50.0 - 0.5 * 0.5 * trough + trough / 0.2, 1.0);
}

TEST(Pk, samples_before_the_dose_stand_at_its_time_and_doubled_ones_are_refused) {
  std::vector<PkSample> samples{at("1", -0.5, std::nullopt), at("1", 1.0, 2.0), at("1", 2.0, 5.0),
                                at("1", 4.0, 3.0), at("1", 8.0, 1.0)};
  const PkAnalysis analysis = analyse_pk(samples, {});
  EXPECT_EQ(analysis.profiles[0].points.front().time, 0.0);
  samples.push_back(samples.back());
  EXPECT_EQ(test::codes_of([&] { analyse_pk(samples, {}); }), "doubled-sample");
  samples.back().repeat = 2;
  samples.back().concentration = 2.0;
  EXPECT_NEAR(analyse_pk(samples, {}).profiles[0].points.back().mean, 1.5, 1e-12);  // repeats are averaged
}

TEST(Pk, doses_that_differ_are_groups_or_each_subjects_own) {
  std::vector<PkSample> samples;
  for (const auto& [subject, dose] : {std::pair{"1", 10.0}, {"2", 20.0}})
    for (const auto& [t, c] : {std::pair{0.0, 0.0}, {1.0, 2.0}, {2.0, 5.0}, {4.0, 2.0}, {8.0, 1.0}})
      samples.push_back(at(subject, t, c * dose / 10.0, dose));
  EXPECT_EQ(test::codes_of([&] { analyse_pk(samples, {}); }), "which-doses");
  PkOptions options;
  options.doses = PkDoses::arms;
  EXPECT_EQ(analyse_pk(samples, options).profiles.size(), 2u);
  options.doses = PkDoses::individual;
  const PkAnalysis own = analyse_pk(samples, options);
  ASSERT_EQ(own.profiles.size(), 1u);
  EXPECT_NEAR(own.profiles[0].subjects[0].auc * 2.0, own.profiles[0].subjects[1].auc, 1e-9);
  EXPECT_EQ(own.profiles[0].dose, 0.0);
  for (PkSample& s : samples) s.dose = 10.0 + (s.subject == "2");  // scaled to the body: three and more
  for (const auto& [t, c] : {std::pair{0.0, 0.0}, {1.0, 2.0}, {2.0, 5.0}, {4.0, 2.0}, {8.0, 1.0}})
    samples.push_back(at("3", t, c, 12.0));
  EXPECT_EQ(test::codes_of([&] { analyse_pk(samples, {}); }), "none");
}

// Means 105, 57.5, (10 + 12 + 9) / 4 or 31 / 3, 10 or 40: by hand, see the rule of each.
TEST(Pk, every_rule_for_samples_below_the_limit_has_its_own_area) {
  std::vector<PkSample> samples;
  const double first[] = {100, 120, 90, 110, 60, 50, 55, 65};
  int subject = 0;
  for (int i = 0; i < 8; ++i) samples.push_back(at(std::to_string(++subject), i < 4 ? 1 : 4, first[i]));
  for (const std::optional<double> c :
       {std::optional(10.0), std::optional(12.0), std::optional<double>(), std::optional(9.0)})
    samples.push_back(at(std::to_string(++subject), 8, c));
  for (int i = 0; i < 3; ++i) samples.push_back(at(std::to_string(++subject), 24, std::nullopt));
  samples.push_back(at(std::to_string(++subject), 24, 40.0));
  const auto linear = [&](BelowLimit rule) {
    PkOptions options;
    options.below = rule;
    options.route = Route::extravascular;
    return analyse_pk(samples, options).profiles.at(0).auc_linear->value;
  };
  EXPECT_NEAR(linear(BelowLimit::zero), 52.5 + 243.75 + 130.5 + 142.0, 1e-9);
  EXPECT_NEAR(linear(BelowLimit::majority), 52.5 + 243.75 + 130.5, 1e-9);
  EXPECT_NEAR(linear(BelowLimit::missing),
              52.5 + 243.75 + 2.0 * (57.5 + 31.0 / 3.0) + 8.0 * (31.0 / 3.0 + 40.0), 1e-9);
  PkOptions options;
  options.route = Route::extravascular;
  const PkAnalysis analysis = analyse_pk(samples, options);
  EXPECT_EQ(analysis.profiles[0].below, BelowLimit::zero);  // means of few: left out they would be too high
  bool said = false;
  for (const core::Diagnostic& w : analysis.warnings.entries())
    said = said || w.code == "below-limit-decides";
  EXPECT_TRUE(said);
}

}  // namespace pharmacokinetics_test
}  // namespace stroma::assays
