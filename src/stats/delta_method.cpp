// The delta method: the variance of a function of fitted parameters (declared in nonlinear_fit.hpp).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "stats/error.hpp"
#include "stats/nonlinear_fit.hpp"

namespace stroma::stats {
namespace {

// As in nonlinear_fit.cpp: the fourth-order stencil's error is about 1e-12 relative at this step.
constexpr double kStep = 3e-4;

}  // namespace

std::vector<double> gradient(const std::function<double(std::span<const double>)>& g,
                             std::span<const double> parameters) {
  std::vector<double> at(parameters.begin(), parameters.end());
  std::vector<double> grad(at.size());
  for (std::size_t j = 0; j < at.size(); ++j) {
    const double centre = at[j];
    const double h = kStep * std::max(std::abs(centre), 1e-3);
    const auto value = [&](double shift) {
      at[j] = centre + shift;
      return g(at);
    };
    grad[j] = (8.0 * (value(h) - value(-h)) - (value(2.0 * h) - value(-2.0 * h))) / (12.0 * h);
    at[j] = centre;
  }
  return grad;
}

double delta_variance(const NonlinearFit& fit, std::span<const double> grad) {
  if (grad.size() != fit.estimates.size()) {
    throw StatisticsError(
        fmt::format("delta method: gradient of {} for {} parameters", grad.size(), fit.estimates.size()));
  }
  double v = 0.0;
  for (std::size_t i = 0; i < grad.size(); ++i) {
    for (std::size_t j = 0; j < grad.size(); ++j) v += grad[i] * fit.covariance_at(i, j) * grad[j];
  }
  return std::max(0.0, v);
}

}  // namespace stroma::stats
