// Long tables of dose responses: what is per cent, what a failed fit says, and pseudo-replication.
#include "assays/dose_response/dose_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "support/codes.hpp"

namespace stroma::assays {
namespace dose_table_test {

using testing::HasSubstr;

// Doses in uM; ends at `bottom` with the midpoint at `ic50`.
DoseTable table(double ic50, double bottom = 0.0, double scale = 1.0, int replicates = 1) {
  DoseTable out;
  for (int r = 1; r <= replicates; ++r)
    for (const double dose : {0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0})
      for (const double wobble : {-0.01, 0.012}) {
        const double y =
            bottom + (1.0 - bottom) / (1.0 + std::pow(dose / ic50, 1.5)) + wobble * (dose == 2.0 ? 1.3 : 1.0);
        out.rows.push_back({"sorafenib",
                            "CAF",
                            r,
                            1,
                            1000.0 * dose,
                            scale * y,
                            {},
                            {"t.csv", static_cast<int>(out.rows.size()) + 2, 5}});
      }
  out.replicates_said = true;
  return out;
}

DoseTableOptions with(ResponseScale scale, CurveChoice curve) {
  DoseTableOptions options;
  options.scale = scale;
  options.curve = curve;
  return options;
}

TEST(DoseTables, are_relative_to_their_dose_zero_whatever_the_signal) {
  for (const double scale : {1.0, 0.037, 5200.0}) {
    const auto analysis = analyse_dose_table(table(4.0, 0.0, scale), {});
    const DoseResponse& r = analysis.drugs.at(0).responses.at(0);
    ASSERT_TRUE(r.fit && r.fit->usable());
    EXPECT_NEAR(r.fit->absolute_ic50.value, 4000.0,
                200.0);  // a wobble of 1 % of control at a slope of 37 % per e-fold
    EXPECT_TRUE(explain_fit(r).empty());
  }
}

TEST(DoseTables, have_the_model_that_was_asked_for) {
  for (const auto& [choice, model] : {std::pair{CurveChoice::three, stats::LogisticModel::three_parameter},
                                      {CurveChoice::four, stats::LogisticModel::four_parameter},
                                      {CurveChoice::five, stats::LogisticModel::five_parameter}}) {
    const auto analysis = analyse_dose_table(table(4.0), with(ResponseScale::unknown, choice));
    EXPECT_EQ(analysis.drugs[0].responses[0].fit->model, model);
  }
}

TEST(DoseTables, spell_out_both_readings_of_percent_and_fraction) {
  using test::messages_of;
  DoseTable mixed = table(4.0);
  for (DoseRow row : table(4.0, 0.0, 100.0).rows) {
    row.arm = "NF";
    mixed.rows.push_back(row);
  }
  const std::string both = messages_of([&] { analyse_dose_table(mixed, {}); });
  EXPECT_THAT(both, HasSubstr("percent-or-fraction"));
  EXPECT_THAT(both, HasSubstr("read as per cent"));
  EXPECT_THAT(both, HasSubstr("read as fractions"));
  DoseTable header = table(4.0);
  header.scale = ResponseScale::percent;
  EXPECT_THAT(messages_of([&] { analyse_dose_table(header, {}); }), HasSubstr("the largest is 101.2 %"));
  header.scale = ResponseScale::fraction;
  EXPECT_EQ(messages_of([&] { analyse_dose_table(header, {}); }), "none");
  DoseTable percents = table(4.0, 0.0, 100.0);
  percents.scale = ResponseScale::fraction;
  EXPECT_THAT(messages_of([&] { analyse_dose_table(percents, {}); }), HasSubstr("percent-or-fraction"));
  EXPECT_EQ(messages_of(
                [&] { analyse_dose_table(percents, with(ResponseScale::percent, CurveChoice::automatic)); }),
            "none");
  DoseTable without = table(4.0);
  std::erase_if(without.rows, [](const DoseRow& row) { return row.dose == 0.0; });
  EXPECT_THAT(messages_of([&] { analyse_dose_table(without, {}); }), HasSubstr("no-control"));
}

TEST(FailedFits, are_explained_with_units) {
  const auto words = [](const DoseTable& t) {
    return explain_fit(analyse_dose_table(t, {}).drugs[0].responses[0]);
  };
  EXPECT_THAT(words(table(4.0, 0.7)), HasSubstr("never crosses 50 % of control"));
  DoseTable flat = table(4.0, 1.0);
  EXPECT_THAT(words(flat), HasSubstr("no effect of the doses from 0.5 µM to 32 µM"));
  DoseTable two = table(4.0);
  std::erase_if(two.rows, [](const DoseRow& row) { return row.dose > 600.0; });
  EXPECT_THAT(words(two), HasSubstr("too few doses"));
  DoseTable high = table(60.0);
  const auto analysis = analyse_dose_table(high, {});
  const std::string why = explain_fit(analysis.drugs[0].responses[0]);
  EXPECT_THAT(why, HasSubstr("µM lies above the doses tested (0.5 µM to 32 µM)"));
  EXPECT_EQ(analysis.warnings.entries()[0].code, "no-ic50");
  EXPECT_EQ(analysis.warnings.entries()[0].place.file, "t.csv");
}

TEST(DoseTables, may_be_fitted_robustly) {
  DoseTable t = table(4.0);
  t.rows[5].response = 0.2;  // a well without cells at 1 uM, where 0.89 is expected
  DoseTableOptions robust = with(ResponseScale::unknown, CurveChoice::automatic);
  robust.robust = true;
  const double plain_ic50 = analyse_dose_table(t, {}).drugs[0].responses[0].fit->absolute_ic50.value;
  const double robust_ic50 = analyse_dose_table(t, robust).drugs[0].responses[0].fit->absolute_ic50.value;
  EXPECT_NEAR(robust_ic50, 4000.0, 200.0);  // as without the well
  EXPECT_GT(std::abs(plain_ic50 - 4000.0), std::abs(robust_ic50 - 4000.0));
}

TEST(TechnicalRepeats, are_not_taken_for_experiments_in_silence) {
  DoseTable t = table(4.0);
  t.technical_said = true;
  t.replicates_said = false;
  EXPECT_EQ(analyse_dose_table(t, {}).warnings.entries()[0].code, "pseudo-replication");
  DoseTable two = table(4.0, 0.0, 1.0, 2);
  two.technical_said = true;
  EXPECT_TRUE(analyse_dose_table(two, {}).warnings.empty());
}

}  // namespace dose_table_test
}  // namespace stroma::assays
