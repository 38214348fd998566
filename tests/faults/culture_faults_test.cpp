// Cultures at their limits: nobody there, everybody dead, too many, and numbers that are none. A run either
// ends validly or stops with an error that says when, where and what; it never goes on with a broken state.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/errors.hpp"
#include "support/cultures.hpp"

namespace stroma {
namespace culture_faults_test {

using test::Culture;
using testing::HasSubstr;

constexpr float nan_f = std::numeric_limits<float>::quiet_NaN();

// The message of the NumericalError that running on for a step throws.
std::string numerical_error(Culture& culture, double until = 300.0) {
  try {
    culture.run_to(until);
  } catch (const core::NumericalError& error) {
    return error.what();
  }
  return "no NumericalError";
}

TEST(CultureFaults, no_cells_is_a_valid_run) {
  const model::Model m = test::tumour_and_stroma();
  Culture culture(m, test::treated(m, 0, 0));
  culture.run_to(2880.0);
  EXPECT_EQ(culture.state.tick, core::to_tick(2880.0));
  EXPECT_EQ(culture.cells(0).size(), 0u);
  EXPECT_LE(culture.mass_error(), 1e-12);
}

TEST(CultureFaults, all_cells_dying_is_a_valid_finish) {
  model::Model m = test::tumour_and_stroma();
  for (model::CellType& type : m.cell_types) test::base_of(m, type, "necrosis") = 0.05;
  Culture culture(m, test::treated(m, 200, 100));
  culture.run_to(7200.0);
  EXPECT_EQ(culture.cells(0).size() + culture.cells(1).size(), 0u);
  EXPECT_EQ(culture.state.populations[0].activities.size(), 0u);
  EXPECT_LE(culture.mass_error(), 1e-10);
}

TEST(CultureFaults, a_population_that_explodes_stops_at_its_cap_with_both_numbers_and_the_time) {
  test::ModelBuilder b;
  const model::Index type = b.cell_type("C");
  b.phase(type, "cycle", 60.0, 1);
  tissue::CultureSetup setup = test::setup_of(b.model, {{type, 100}});
  setup.max_cells = 5000;
  Culture culture(b.model, setup);
  try {
    culture.run_to(1e5);
    FAIL() << "ran on";
  } catch (const core::LimitError& error) {
    EXPECT_THAT(error.what(), HasSubstr("limit of 5000"));
    EXPECT_THAT(error.what(), HasSubstr(" h"));
  }
}

TEST(CultureFaults, an_activity_that_is_not_a_number_is_reported_with_node_cell_and_tick) {
  model::Model m = test::tumour_and_stroma();
  for (const float bad : {nan_f, std::numeric_limits<float>::infinity()}) {
    Culture culture(m, test::treated(m, 100, 100));
    culture.run_to(60.0);
    culture.activity("R")[17] = bad;
    const std::string message = numerical_error(culture);
    EXPECT_THAT(message, HasSubstr("cell 17"));
    EXPECT_THAT(message, HasSubstr("'R'"));
    EXPECT_THAT(message, HasSubstr("tick 6000"));
    EXPECT_THAT(message, HasSubstr("T"));
  }
}

TEST(CultureFaults, an_activity_that_a_secretion_reads_is_caught_before_it_spreads) {
  const model::Model m = test::tumour_and_stroma();
  Culture culture(m, test::treated(m, 100, 100));
  culture.run_to(60.0);
  culture.activity("X")[17] = nan_f;
  const std::string message = numerical_error(culture);
  EXPECT_THAT(message, HasSubstr("secretion:F of cell 17 of T"));
  EXPECT_THAT(message, HasSubstr("tick 6000"));
}

TEST(CultureFaults, a_concentration_that_is_not_a_number_is_reported_with_its_substance) {
  const model::Model m = test::tumour_and_stroma();
  for (const char* substance : {"L", "F", "D", "K"}) {
    for (const double bad :
         {std::nan(""), static_cast<double>(std::numeric_limits<double>::infinity()), -1.0}) {
      Culture culture(m, test::treated(m, 20, 10));
      culture.run_to(60.0);
      culture.concentration(substance) = bad;
      const std::string message = numerical_error(culture);
      EXPECT_THAT(message, HasSubstr("tick")) << substance << " " << bad;
      // A rule of secretion reads F and comes first.
      EXPECT_THAT(message, testing::AnyOf(HasSubstr(std::string("medium, ") + substance),
                                          HasSubstr("secretion:L of cell")))
          << bad;
    }
  }
}

TEST(CultureFaults, a_drug_inside_a_cell_that_is_not_a_number_is_reported) {
  const model::Model m = test::tumour_and_stroma();
  Culture culture(m, test::treated(m, 20, 10));
  culture.run_to(180.0);
  culture.state.populations[0].held[0][7] = nan_f;
  const std::string message = numerical_error(culture);
  EXPECT_THAT(message, HasSubstr("cell 7"));
  EXPECT_THAT(message, HasSubstr("tick"));
}

TEST(CultureFaults, mass_that_appears_from_nowhere_is_reported) {
  const model::Model m = test::tumour_and_stroma();
  Culture culture(m, test::treated(m, 20, 10));
  culture.run_to(180.0);
  culture.concentration("D") *= 1.0 + 1e-8;
  EXPECT_THAT(numerical_error(culture), HasSubstr("medium, D: the mass balance is broken"));
}

TEST(CultureFaults, serum_out_of_range_is_not_taken_for_a_fraction) {
  const model::Model m = test::tumour_and_stroma();
  Culture culture(m, test::treated(m, 20, 10));
  culture.state.medium.solution.serum = 10.0;  // per cent, by mistake
  EXPECT_THROW(culture.run_to(300.0), core::InternalError);
}

}  // namespace culture_faults_test
}  // namespace stroma
