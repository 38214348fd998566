// A fit finds the constants that made its data, wherever the model stood before; data that say nothing leave
// a constant where its prior has it.
#include "study/calibration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/errors.hpp"
#include "core/units.hpp"
#include "protocols.hpp"
#include "text_models.hpp"

namespace stroma::study {
namespace calibration_test {

using testing::HasSubstr;
const std::vector<double> doses = {0.0, 15, 50, 150, 500, 1500};

// Growth of T under D, read at 2 h and at 24 h.
Experiment growth(const model::Model& m) {
  Experiment e;
  e.name = "growth";
  e.model = "letters";
  e.replicates = 1;
  plate_of_t(e, m);
  e.simulated_cells = 1000;
  ArmSpec arm{"D", plain_medium(), {}, {}, {}};
  std::vector<std::string> written;
  for (const double dose : doses) written.push_back(std::to_string(dose) + " nM");
  arm.treatments.push_back({core::to_tick(0.0), m.substance("D"), doses, written, true});
  e.arms = {arm};
  ReadoutSpec readout;
  readout.assay = assay("cck8");
  for (const double at : {120.0, 1440.0}) {
    readout.at = core::to_tick(at);
    e.readouts.push_back(readout);
  }
  return e;
}

double net(const Measurements& m, std::size_t readout, double dose) {
  const assays::Pictures plate = m.runs.at(readout).pictures();
  for (const assays::DosePoint& point : plate.responses.front().points)
    if (point.dose == dose) return point.net.front();
  throw core::InternalError("no such dose");
}

// What the truth gives with another seed than the fit's, so that the two share no noise.
std::vector<CalibrationDatum> synthetic_data(const Study& study) {
  StudyOptions options;
  options.seed = 77;
  const StudyResult r = run(study, nullptr, options);
  const Measurements& m = r.experiments.front().measurements;
  std::vector<CalibrationDatum> data;
  for (const double dose : doses)
    if (dose > 0.0)
      data.push_back({"growth_change", dose, net(m, 1, dose) / net(m, 1, 0.0) - 1.0, 0.07, "made"});
  data.push_back({"doubling_time", 0.0, 1320.0 / std::log2(net(m, 1, 0.0) / net(m, 0, 0.0)), 60.0, "made"});
  return data;
}

model::Variable variable(const model::Model& m, std::string_view address) {
  for (const model::Variable& v : model::variables(m))
    if (v.address == address) return v;
  throw core::InternalError("no such address");
}

// The data of the truth, and a model that stood elsewhere before [nM, 1/h].
Calibration problem(double ic50_before, double entry_before) {
  Calibration c;
  c.study.model = letter_model();
  c.study.experiments = {growth(*c.study.model)};
  c.data = synthetic_data(c.study);
  const std::vector<model::Change> before = {
      {"drug_targets.D_X.ic50", variable(*c.study.model, "drug_targets.D_X.ic50").written(ic50_before)},
      {"rules.entry.saturation", variable(*c.study.model, "rules.entry.saturation").written(entry_before)}};
  c.study.model = model::changed(*c.study.model, before);
  c.parameters = {{variable(*c.study.model, "drug_targets.D_X.ic50"), 2.0, 800.0},
                  {variable(*c.study.model, "rules.entry.saturation"), 60.0 / 2000.0, 60.0 / 50.0}};
  c.seed = 5;
  return c;
}

TEST(Calibration, finds_the_constants_that_made_its_data) {
  const Calibration c = problem(400.0, 0.04);
  std::vector<double> chi_squares;
  const CalibrationResult r = calibrate(c, 2, nullptr, [&](int, double chi_square, std::span<const double>) {
    chi_squares.push_back(chi_square);
  });
  ASSERT_EQ(r.estimates.size(), 2u);
  // The interval covers the truth, and it is narrow: the data say more than the prior, which spans a factor
  // of 400 and of 40.
  for (const auto& [estimate, sd, truth, range] :
       {std::tuple{r.estimates[0], r.log_sd[0], true_ic50, std::log(400.0)},
        {r.estimates[1], r.log_sd[1], true_entry, std::log(40.0)}}) {
    EXPECT_LT(std::abs(std::log(estimate / truth)), 3.0 * sd) << estimate << " for " << truth;
    EXPECT_LT(sd, 0.25 * range / 2.0);
  }
  EXPECT_LT(r.chi_square, r.chi_square_at_start / 4.0);
  EXPECT_LT(r.chi_square, 6.0 + 4.0 * std::sqrt(12.0));  // six data
  ASSERT_EQ(r.predicted.size(), c.data.size());
  EXPECT_EQ(chi_squares.back(), r.chi_square);
  EXPECT_EQ(static_cast<int>(chi_squares.size()), r.iterations);
}

// The data ask for more than the range allows: the estimate stays at its edge and has no error of its own.
TEST(Calibration, at_the_edge_of_a_range_has_no_finite_error) {
  Calibration c = problem(400.0, 0.04);
  c.parameters[1].low = 60.0 / 4000.0;
  c.parameters[1].high = 60.0 / 1200.0;
  const CalibrationResult r = calibrate(c, 2, nullptr, {});
  EXPECT_NEAR(r.estimates[1], 60.0 / 1200.0, 6e-8);
  EXPECT_TRUE(std::isinf(r.log_sd[1]));
}

TEST(Calibration, does_not_depend_on_what_the_model_held_before) {
  const CalibrationResult a = calibrate(problem(400.0, 0.04), 2, nullptr, {});
  const CalibrationResult b = calibrate(problem(3.0, 0.5), 3, nullptr, {});
  EXPECT_EQ(a.estimates, b.estimates);  // nor on the threads
  EXPECT_EQ(a.chi_square, b.chi_square);
}

TEST(Calibration, stays_at_its_prior_where_the_data_say_nothing) {
  Calibration c = problem(400.0, 0.04);
  for (CalibrationDatum& d : c.data) d.sd *= 1e5;
  const CalibrationResult r = calibrate(c, 2, nullptr, {});
  // Lognormal about the geometric mean, the range two standard deviations either way.
  EXPECT_NEAR(r.estimates[0], std::sqrt(2.0 * 800.0), 1e-3 * 40.0);
  EXPECT_NEAR(r.estimates[1], 60.0 * std::sqrt(1.0 / 2000.0 / 50.0), 1e-3 * 0.2);
  EXPECT_NEAR(r.log_sd[0], std::log(400.0) / 4.0, 1e-3);
  EXPECT_NEAR(r.log_sd[1], std::log(40.0) / 4.0, 1e-3);
}

core::Table table_of(const std::vector<CalibrationDatum>& data) {
  core::Table t;
  t.file = "data.csv";
  t.header = {{"quantity", 1, 1}, {"dose", 1, 2}, {"value", 1, 3}, {"sd", 1, 4}, {"reference", 1, 5}};
  for (std::size_t i = 0; i < data.size(); ++i) {
    const int line = static_cast<int>(i) + 2;
    t.rows.push_back(
        {{data[i].quantity, line, 1}, {"x", line, 2}, {"x", line, 3}, {"x", line, 4}, {"x", line, 5}});
  }
  return t;
}

std::vector<std::string> printed(const core::Diagnostics& problems) {
  std::vector<std::string> out;
  for (const core::Diagnostic& d : problems.entries()) out.push_back(core::to_string(d));
  return out;
}

std::vector<std::string> problems_of(const Calibration& c) {
  core::Diagnostics problems;
  check_calibration(c, table_of(c.data), problems);
  return printed(problems);
}

TEST(CalibrationCheck, passes_what_the_experiment_measures) {
  EXPECT_THAT(problems_of(problem(400.0, 0.04)), testing::IsEmpty());
}

TEST(CalibrationCheck, names_data_that_the_experiment_does_not_measure) {
  Calibration c = problem(400.0, 0.04);
  c.data[1].dose = 333.0;
  c.study.experiments[0].readouts.erase(c.study.experiments[0].readouts.begin());
  EXPECT_THAT(problems_of(c),
              testing::ElementsAre(testing::AllOf(HasSubstr("data.csv:3:2"), HasSubstr("333")),
                                   testing::AllOf(HasSubstr("data.csv:7:1"), HasSubstr("two readouts"))));
  c = problem(400.0, 0.04);
  c.study.experiments[0].arms[0].treatments[0].doses.erase(
      c.study.experiments[0].arms[0].treatments[0].doses.begin());
  EXPECT_THAT(problems_of(c), testing::ElementsAre(HasSubstr("dose of zero")));
  c = problem(400.0, 0.04);
  c.study.experiments[0].readouts[1].assay = assay("annexin");
  EXPECT_THAT(problems_of(c), testing::ElementsAre(HasSubstr("cck8")));
}

core::Node text(std::string value, int line) {
  core::Node node;
  node.kind = core::Node::Kind::text;
  node.text = std::move(value);
  node.place = {"calibration.toml", line, 8};
  return node;
}

TEST(CalibrationParameters, are_addresses_and_take_their_unit_from_what_stands_there) {
  const auto m = letter_model();
  core::Node ic50, entry;
  ic50.keys = {
      {"address", text("drug_targets.D_X.ic50", 2)}, {"low", text("2 nM", 3)}, {"high", text("0.5 uM", 4)}};
  entry.keys = {{"address", text("rules.entry.saturation", 6)},
                {"low", text("0.1 1/h", 7)},
                {"high", text("0.05 1/min", 8)}};
  core::Diagnostics problems;
  const auto p = read_calibration_parameters({&ic50, &entry}, *m, problems);
  ASSERT_TRUE(problems.empty());
  EXPECT_EQ(p[0].variable.value, true_ic50);
  EXPECT_EQ(p[0].high, 500.0);
  EXPECT_EQ(p[1].variable.unit, "1/h");
  EXPECT_NEAR(p[1].high, 3.0, 1e-12);
}

TEST(CalibrationParameters, name_addresses_that_do_not_exist_wrong_units_and_empty_ranges) {
  const auto m = letter_model();
  core::Node unknown, inverted, zero;
  unknown.keys = {
      {"address", text("drug_targets.D_Y.ic50", 2)}, {"low", text("1", 3)}, {"high", text("2", 4)}};
  inverted.keys = {
      {"address", text("drug_targets.D_X.ic50", 6)}, {"low", text("2 h", 7)}, {"high", text("1 uM", 8)}};
  zero.keys = {{"address", text("cell_types.T.apoptosis", 10)},
               {"low", text("1 1/h", 11)},
               {"high", text("2 1/h", 12)}};
  core::Diagnostics problems;
  read_calibration_parameters({&unknown, &inverted, &zero}, *m, problems);
  EXPECT_THAT(printed(problems), testing::UnorderedElementsAre(
                                     testing::AllOf(HasSubstr("calibration.toml:2"),
                                                    HasSubstr("did you mean 'drug_targets.D_X.ic50'?")),
                                     HasSubstr("calibration.toml:7"),
                                     testing::AllOf(HasSubstr("calibration.toml:10"), HasSubstr("above 0"))));
}

// What the ledger knows is not simulated again, and gives the same fit.
TEST(Calibration, goes_on_from_its_ledger) {
  const Calibration c = problem(400.0, 0.04);
  MemoryLedger ledger;
  const CalibrationResult first = calibrate(c, 2, &ledger, {});
  const auto stored = ledger.stored_count;
  const CalibrationResult again = calibrate(c, 2, &ledger, {});
  EXPECT_EQ(first.estimates, again.estimates);
  EXPECT_EQ(ledger.stored_count, stored);
}

}  // namespace calibration_test
}  // namespace stroma::study
