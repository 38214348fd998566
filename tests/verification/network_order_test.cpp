// Orders of convergence of the integrator, measured: the step is fixed (no error control), halved five times,
// and the error is the mean difference over cells and nodes from Runge-Kutta of order 4 in double precision
// with a step of 1/8 min, whose own error is of the order of (1/8 min/tau)^4 < 2e-9. Steps are such that the
// error stays above the rounding of float32 (1e-7).
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "unit/network/cases.hpp"

namespace stroma {
namespace network_order_test {

using network::testing::Case;

constexpr double duration = 64.0;  // min

double mean_error(const Case& one, const std::vector<std::vector<double>>& exact, double step,
                  bool first_order) {
  network::Accuracy accuracy;
  accuracy.tolerance = std::numeric_limits<double>::infinity();
  accuracy.steady = -1.0;
  accuracy.first_order = first_order;
  network::Activities x = one.activities();
  network::Workspace workspace;
  for (double t = 0.0; t < duration; t += step)
    relax(x, one.program(), one.inputs(), step, accuracy, workspace, {});
  double sum = 0.0;
  for (std::size_t c = 0; c < one.size(); ++c)
    for (std::size_t s = 0; s < x.nodes(); ++s)
      sum += std::abs(x.at(s, c) - exact[c][static_cast<std::size_t>(one.program().nodes[s])]);
  return sum / static_cast<double>(one.size() * x.nodes());
}

/// Errors at steps of 16, 8, 4, 2, 1 and 1/2 min.
std::vector<double> errors(bool first_order) {
  reference::RandomNetwork options;
  options.nodes = 30;
  options.shortest_tau = 20.0;
  options.longest_tau = 200.0;
  const Case one(reference::random_network(options, 17), 0, 12, 17);
  std::vector<std::vector<double>> exact;
  for (std::size_t c = 0; c < one.size(); ++c) {
    exact.push_back(one.state(c));
    reference::integrate_network(one.model(), 0, exact.back(), one.inputs_of(c), duration, 512);
  }
  std::vector<double> out;
  for (double step = 16.0; step >= 0.5; step /= 2.0) out.push_back(mean_error(one, exact, step, first_order));
  return out;
}

void expect_order(const std::vector<double>& errors, double order, const std::string& name) {
  for (std::size_t i = 1; i < errors.size(); ++i) {
    const double measured = std::log2(errors[i - 1] / errors[i]);
    ::testing::Test::RecordProperty(name + "_order_" + std::to_string(i), std::to_string(measured));
    EXPECT_GE(measured, order) << name << " at refinement " << i;
  }
}

TEST(NetworkOrder, the_predictor_alone_is_of_first_order) {
  expect_order(errors(true), 0.95, "first");
}

TEST(NetworkOrder, the_method_is_of_second_order) {
  expect_order(errors(false), 1.9, "second");
}

}  // namespace network_order_test
}  // namespace stroma
