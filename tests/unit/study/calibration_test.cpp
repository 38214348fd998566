// A fit finds the constants that made its data, wherever the model stood before; data that say nothing leave
// a constant where its prior has it.
#include "study/calibration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/errors.hpp"
#include "core/units.hpp"
#include "protocols.hpp"

namespace stroma::study {
namespace {

using testing::HasSubstr;
constexpr double true_ic50 = 20.0, true_entry = 1.0 / 300.0;
const std::vector<double> doses = {0.0, 15, 50, 150, 500, 1500};

// T divides every 300 min or so after a wait that the node X shortens from 3000 to 300 min; the drug D stops
// X.
std::shared_ptr<const model::Model> dividing() {
  test::ModelBuilder b;
  const model::Index t = b.cell_type("T");
  b.node("X", 0.8, 60.0);
  b.drug("D", 0.05, 0.02, 0.04);
  b.drug_target("D", "X", model::TargetMode::inhibits_activity, true_ic50);
  b.phase(t, "G1", 3000.0, 2);
  b.phase(t, "S", 300.0, 5);
  b.rule("X", model::Direction::increases, "cycle_entry", true_entry);
  return std::make_shared<const model::Model>(b.model);
}

// Growth of T under D, read at 2 h and at 24 h.
Experiment growth(const model::Model& m) {
  Experiment e;
  e.name = "growth";
  e.model = "letters";
  e.replicates = 1;
  plate_of_t(e, m);
  e.simulated_cells = 1000;
  ArmSpec arm{"D", plain_medium(), {}, {}, {}};
  arm.treatments.push_back({core::to_tick(0.0), m.substance("D"), doses, {}, true});
  e.arms = {arm};
  ReadoutSpec readout;
  for (const double at : {120.0, 1440.0}) {
    readout.at = core::to_tick(at);
    e.readouts.push_back(readout);
  }
  return e;
}

double net(const Measurements& m, std::size_t readout, double dose) {
  for (const assays::DosePoint& point : m.cck8.at(readout).analysis.responses.front().points)
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

std::string row_of_entry(const model::Model& m) {
  for (const model::Rule& r : m.rules)
    if (r.behaviour.name == "cycle_entry") return r.id;
  return {};
}

Calibration problem(double ic50_before, double entry_before) {
  Calibration c;
  c.study.model = dividing();
  c.study.experiments = {growth(*c.study.model)};
  c.data = synthetic_data(c.study);
  auto changed = std::make_shared<model::Model>(*c.study.model);
  for (model::DrugTarget& t : changed->drug_targets)
    if (t.id == "D_X") t.ic50 = ic50_before;
  for (model::Rule& r : changed->rules)
    if (r.behaviour.name == "cycle_entry") r.saturation = entry_before;
  c.study.model = changed;
  c.parameters = {{"D_X", 2.0, 800.0, ic50_before, false},
                  {row_of_entry(*changed), 1.0 / 2000.0, 1.0 / 50.0, entry_before, true}};
  c.seed = 5;
  return c;
}

TEST(Calibration, finds_the_constants_that_made_its_data) {
  const Calibration c = problem(400.0, 1.0 / 1500.0);
  std::vector<double> chi_squares;
  const CalibrationResult r = calibrate(
      c, 2, [&](int, double chi_square, std::span<const double>) { chi_squares.push_back(chi_square); });
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
  Calibration c = problem(400.0, 1.0 / 1500.0);
  c.parameters[1].low = 1.0 / 4000.0;
  c.parameters[1].high = 1.0 / 1200.0;
  const CalibrationResult r = calibrate(c, 2, {});
  EXPECT_NEAR(r.estimates[1], 1.0 / 1200.0, 1e-9);
  EXPECT_TRUE(std::isinf(r.log_sd[1]));
}

TEST(Calibration, does_not_depend_on_what_the_model_held_before) {
  const CalibrationResult a = calibrate(problem(400.0, 1.0 / 1500.0), 2, {});
  const CalibrationResult b = calibrate(problem(3.0, 1.0 / 120.0), 3, {});
  EXPECT_EQ(a.estimates, b.estimates);  // nor on the threads
  EXPECT_EQ(a.chi_square, b.chi_square);
}

TEST(Calibration, stays_at_its_prior_where_the_data_say_nothing) {
  Calibration c = problem(400.0, 1.0 / 1500.0);
  for (CalibrationDatum& d : c.data) d.sd *= 1e5;
  const CalibrationResult r = calibrate(c, 2, {});
  // Lognormal about the geometric mean, the range two standard deviations either way.
  EXPECT_NEAR(r.estimates[0], std::sqrt(2.0 * 800.0), 1e-3 * 40.0);
  EXPECT_NEAR(r.estimates[1], std::sqrt(1.0 / 2000.0 / 50.0), 1e-3 / 300.0);
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
  EXPECT_THAT(problems_of(problem(400.0, 1.0 / 1500.0)), testing::IsEmpty());
}

TEST(CalibrationCheck, names_data_that_the_experiment_does_not_measure) {
  Calibration c = problem(400.0, 1.0 / 1500.0);
  c.data[1].dose = 333.0;
  c.study.experiments[0].readouts.erase(c.study.experiments[0].readouts.begin());
  EXPECT_THAT(problems_of(c),
              testing::ElementsAre(testing::AllOf(HasSubstr("data.csv:3:2"), HasSubstr("333")),
                                   testing::AllOf(HasSubstr("data.csv:7:1"), HasSubstr("two readouts"))));
  c = problem(400.0, 1.0 / 1500.0);
  c.study.experiments[0].arms[0].treatments[0].doses.erase(
      c.study.experiments[0].arms[0].treatments[0].doses.begin());
  EXPECT_THAT(problems_of(c), testing::ElementsAre(HasSubstr("dose of zero")));
  c = problem(400.0, 1.0 / 1500.0);
  c.study.experiments[0].readouts[1].assay = Assay::annexin;
  EXPECT_THAT(problems_of(c), testing::ElementsAre(HasSubstr("cck8")));
}

core::Node text(std::string value, int line) {
  core::Node node;
  node.kind = core::Node::Kind::text;
  node.text = std::move(value);
  node.place = {"calibration.toml", line, 8};
  return node;
}

TEST(CalibrationParameters, take_their_unit_from_what_the_row_is) {
  const auto m = dividing();
  core::Node ic50, entry;
  ic50.keys = {{"row", text("D_X", 2)}, {"low", text("1 nM", 3)}, {"high", text("1 uM", 4)}};
  entry.keys = {{"row", text(row_of_entry(*m), 6)}, {"low", text("0.1 1/h", 7)}, {"high", text("6 1/h", 8)}};
  core::Diagnostics problems;
  const auto p = read_calibration_parameters({&ic50, &entry}, *m, problems);
  ASSERT_TRUE(problems.empty());
  EXPECT_FALSE(p[0].is_rate);
  EXPECT_EQ(p[0].start, true_ic50);
  EXPECT_EQ(p[0].high, 1000.0);
  EXPECT_TRUE(p[1].is_rate);
  EXPECT_NEAR(p[1].high, 0.1, 1e-15);
}

TEST(CalibrationParameters, name_rows_that_do_not_exist_wrong_units_and_empty_ranges) {
  const auto m = dividing();
  core::Node unknown, inverted;
  unknown.keys = {{"row", text("D_Y", 2)}, {"low", text("1 h", 3)}, {"high", text("2 nM", 4)}};
  inverted.keys = {{"row", text("D_X", 6)}, {"low", text("2 uM", 7)}, {"high", text("1 uM", 8)}};
  core::Diagnostics problems;
  read_calibration_parameters({&unknown, &inverted}, *m, problems);
  EXPECT_THAT(printed(problems),
              testing::UnorderedElementsAre(
                  testing::AllOf(HasSubstr("calibration.toml:2"), HasSubstr("did you mean 'D_X'?")),
                  HasSubstr("calibration.toml:3"), HasSubstr("calibration.toml:8")));
}

}  // namespace
}  // namespace stroma::study
