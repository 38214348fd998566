// The order of the coupled loop, measured: exchange, sense and signal act one after the other with each
// other's result held, which is Lie splitting and first order in the step. The cells are identical and live
// for ever, so that the exact solution is that of one system of equations, integrated with Runge-Kutta of
// order 4 in double precision with steps of 1/4 min (its error is of the order of (0.25/40)^4/120, 1e-11).
// Networks run at a tolerance of 1e-6, far below the splitting error at the finest step.
#include <gtest/gtest.h>

#include <cmath>

#include "reference/culture.hpp"
#include "support/cultures.hpp"

namespace stroma {
namespace culture_splitting_order {

using model::Direction;
using model::Effect;
using model::TargetMode;
using test::Culture;

// Every coupling there is, in a loop: L -> R -> X -> secretion of F -> secretion of L; L is cleared the more,
// the more of X; D enters, is pumped out by P, which X drives, and inhibits X; K competes at R.
model::Model coupled_loop() {
  test::ModelBuilder b;
  const model::Index c = b.cell_type("C");
  b.substance("L", 1.0 / 400.0, 1.0 / 200.0);
  b.substance("F", 1.0 / 300.0);
  b.node("R", 0.05, 40.0);
  b.node("X", 0.1, 90.0);
  b.node("P", 0.2, 200.0);
  b.drug("D", 0.1, 0.01, 0.008, 0.01, b.model.node("P"));
  b.drug("K", 0.5);
  b.arrow("L", "R", Effect::activates, 1.0, 3.0);
  b.arrow("R", "X", Effect::activates, 0.9, 0.4, 2.0);
  b.arrow("X", "P", Effect::activates, 0.8, 0.5, 2.0);
  b.drug_target("D", "X", TargetMode::inhibits_activity, 100.0, 1.0);
  b.drug_target("K", "R", TargetMode::competes, 20.0);
  b.behaviour(c, "secretion:L", 100.0);
  b.behaviour(c, "secretion:F", 20.0);
  b.behaviour(c, "uptake:L", 20.0);
  b.rule("X", Direction::increases, "secretion:F", 600.0, 0.4, 2.0);
  b.rule("F", Direction::increases, "secretion:L", 900.0, 4.0, 2.0);
  b.rule("X", Direction::increases, "uptake:L", 60.0, 0.5, 1.0);
  return b.model;
}

tissue::CultureSetup well(const model::Model& m) {
  tissue::CultureSetup setup = test::setup_of(m, {{0, 20}}, 4e5, 0.2);  // cells are a tenth of the medium
  setup.medium.concentration[static_cast<std::size_t>(m.substance("L"))] = 1.0;
  setup.medium.concentration[static_cast<std::size_t>(m.substance("D"))] = 900.0;
  setup.medium.concentration[static_cast<std::size_t>(m.substance("K"))] = 10.0;
  return setup;
}

std::vector<double> numbers(const reference::AverageState& s) {
  std::vector<double> out = s.medium;
  out.insert(out.end(), s.activity.begin(), s.activity.end());
  out.push_back(s.inside[0]);
  return out;
}

std::vector<double> numbers(Culture& c) {
  std::vector<double> out = c.state.medium.solution.concentration;
  for (const char* node : {"R", "X", "P"}) out.push_back(c.activity(node)[0]);
  out.push_back(c.inside(0, 0));
  return out;
}

constexpr double duration = 480.0;

TEST(CultureSplitting, is_first_order_in_every_variable) {
  const model::Model m = coupled_loop();
  Culture start(m, well(m));
  reference::AverageState exact{start.state.medium.solution.concentration, {}, {0.0, 0.0}};
  for (const char* node : {"R", "X", "P"}) exact.activity.push_back(start.activity(node)[0]);
  reference::integrate_culture({&m, 0, 20.0, 4e5, 0.2}, exact, duration, 1920);
  const std::vector<double> want = numbers(exact);

  std::vector<std::vector<double>> errors;
  const std::vector<double> steps = {60.0, 30.0, 15.0, 7.5, 3.75, 1.875, 0.9375};
  for (const double step : steps) {
    tissue::CultureSetup setup = well(m);
    setup.step = core::to_tick(step);
    Culture culture(m, setup);
    culture.plan.accuracy.tolerance = 1e-6;
    culture.run_to(duration);
    std::vector<double> error = numbers(culture);
    for (std::size_t i = 0; i < error.size(); ++i) error[i] = std::abs(error[i] - want[i]) / want[i];
    errors.push_back(error);
    EXPECT_LE(culture.mass_error(), 1e-12);
  }
  const std::vector<std::string> names = {"L", "F", "D", "K", "R", "X", "P", "D inside"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == "K") {  // meets nothing that changes it
      EXPECT_LE(errors.back()[i], 1e-12);
      continue;
    }
    // The slope over the three finest refinements, where the leading term rules.
    const double order = std::log2(errors[3][i] / errors[6][i]) / 3.0;
    std::printf("%-9s", names[i].c_str());
    for (const std::vector<double>& e : errors) std::printf(" %.3e", e[i]);
    std::printf("   order %.3f\n", order);
    EXPECT_GE(order, 0.9) << names[i];
    EXPECT_LE(errors[2][i], 0.05) << names[i] << " at the default step of 15 min";
  }
}

}  // namespace culture_splitting_order
}  // namespace stroma
