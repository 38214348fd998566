#include "stats/synergy_fit.hpp"

#include <ceres/tiny_solver.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

namespace stroma::stats {
namespace {

constexpr double least_effect = 1e-6, largest_top = 1.5;
constexpr double widest_midpoint = 1e3;  // times beyond the doses; data cannot tell one further out
constexpr double steepest_slope = 20.0;  // and the flattest is its inverse

struct Positive {
  std::vector<double> logs, effects;
};

Positive positive_doses(std::span<const double> doses, std::span<const double> effects) {
  Positive out;
  for (std::size_t i = 0; i < doses.size(); ++i)
    if (doses[i] > 0.0) {
      out.logs.push_back(std::log(doses[i]));
      out.effects.push_back(effects[i]);
    }
  return out;
}

// A parameter that stays inside (low, high): low + (high - low)(1 + tanh u)/2.
struct Bounded {
  double low = 0.0, high = 1.0;
  double value(double u) const { return low + (high - low) * 0.5 * (1.0 + std::tanh(u)); }
  double slope(double u) const {
    const double t = std::tanh(u);
    return (high - low) * 0.5 * (1.0 - t * t);
  }
  double free(double value) const {
    const double part = std::clamp((value - low) / (high - low), 1e-6, 1.0 - 1e-6);
    return std::atanh(2.0 * part - 1.0);
  }
};

// base + (top - base) / (1 + exp(s (m - x))) in x = ln dose, with m, ln s and, where free, top.
template <int parameters>
struct Residuals {
  using Scalar = double;
  enum { NUM_RESIDUALS = Eigen::Dynamic, NUM_PARAMETERS = parameters };
  const Positive& data;
  double base;
  Bounded midpoint, log_slope, top;

  int NumResiduals() const { return static_cast<int>(data.logs.size()); }

  bool operator()(const double* p, double* residuals, double* jacobian) const {
    const double m = midpoint.value(p[0]), s = std::exp(log_slope.value(p[1]));
    const double t = parameters > 2 ? top.value(p[parameters - 1]) : 1.0;
    const std::size_t n = data.logs.size();
    for (std::size_t i = 0; i < n; ++i) {
      const double share = 1.0 / (1.0 + std::exp(s * (m - data.logs[i])));
      residuals[i] = base + (t - base) * share - data.effects[i];
      if (!jacobian) continue;
      const double bend = -(t - base) * share * (1.0 - share);
      jacobian[i] = bend * s * midpoint.slope(p[0]);
      jacobian[n + i] = bend * s * (m - data.logs[i]) * log_slope.slope(p[1]);
      if (parameters > 2) jacobian[2 * n + i] = share * top.slope(p[parameters - 1]);
    }
    return true;
  }
};

template <int parameters>
struct Found {
  Eigen::Matrix<double, parameters, 1> at;
  double cost = 0.0;
};

template <int parameters>
std::optional<Found<parameters>> solve(const Residuals<parameters>& residuals,
                                       Eigen::Matrix<double, parameters, 1> at) {
  ceres::TinySolver<Residuals<parameters>> solver;
  solver.options.max_num_iterations = 200;
  solver.options.gradient_tolerance = 1e-12;
  solver.options.parameter_tolerance = 1e-10;
  solver.Solve(residuals, &at);
  if (!at.allFinite() || !std::isfinite(solver.summary.final_cost)) return std::nullopt;
  return Found<parameters>{at, solver.summary.final_cost};
}

Bounded midpoints(const Positive& data) {
  return {data.logs.front() - std::log(widest_midpoint), data.logs.back() + std::log(widest_midpoint)};
}

const Bounded log_slopes{-std::log(steepest_slope), std::log(steepest_slope)};

}  // namespace

HillCurve fit_hill(std::span<const double> doses, std::span<const double> effects, const HillCurve* start) {
  const Positive data = positive_doses(doses, effects);
  const double most = *std::max_element(data.effects.begin(), data.effects.end());
  if (most < least_effect) return {};
  const Residuals<3> residuals{data, 0.0, midpoints(data), log_slopes, {0.0, largest_top}};
  std::vector<std::array<double, 3>> starts;  // ln midpoint, ln slope, top
  if (start && start->usable) {
    starts.push_back({std::log(start->midpoint), std::log(start->slope), start->top});
  } else {
    for (const double place : {0.25, 0.5, 0.75, 1.0})
      for (const double slope : {1.0, 3.0})
        starts.push_back({data.logs.front() + place * (data.logs.back() - data.logs.front()), std::log(slope),
                          std::min(1.0, most * 1.05)});
  }
  std::optional<Found<3>> best;
  for (const auto& [m, s, t] : starts) {
    const auto fit =
        solve<3>(residuals, {residuals.midpoint.free(m), residuals.log_slope.free(s), residuals.top.free(t)});
    if (fit && (!best || fit->cost < best->cost)) best = fit;
  }
  if (!best) return {};
  return {residuals.top.value(best->at[2]), std::exp(residuals.midpoint.value(best->at[0])),
          std::exp(residuals.log_slope.value(best->at[1])), true};
}

HillCurve fit_hill_from(std::span<const double> doses, std::span<const double> effects, double base,
                        const HillCurve& start) {
  const Positive data = positive_doses(doses, effects);
  const Residuals<2> residuals{data, base, midpoints(data), log_slopes, {}};
  double m = 0.5 * (data.logs.front() + data.logs.back()), s = 0.0;
  if (start.usable) {
    m = std::log(start.midpoint);
    s = std::log(start.slope);
  }
  const auto fit = solve<2>(residuals, {residuals.midpoint.free(m), residuals.log_slope.free(s)});
  if (!fit) return {};
  return {1.0, std::exp(residuals.midpoint.value(fit->at[0])),
          std::exp(residuals.log_slope.value(fit->at[1])), true};
}

}  // namespace stroma::stats
