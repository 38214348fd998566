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

// base + (top - base) / (1 + exp(s (m - x))) in x = ln dose, with m, ln s and, where free, top.
template <int parameters>
struct Residuals {
  using Scalar = double;
  enum { NUM_RESIDUALS = Eigen::Dynamic, NUM_PARAMETERS = parameters };
  std::span<const double> logs, effects;  // ln of the doses above 0, and the effects of these
  double base;
  Bounded midpoint, log_slope, top;

  int NumResiduals() const { return static_cast<int>(logs.size()); }

  bool operator()(const double* p, double* residuals, double* jacobian) const {
    const double m = midpoint.value(p[0]), s = std::exp(log_slope.value(p[1]));
    const double t = parameters > 2 ? top.value(p[parameters - 1]) : 1.0;
    const std::size_t n = logs.size();
    for (std::size_t i = 0; i < n; ++i) {
      const double share = 1.0 / (1.0 + std::exp(s * (m - logs[i])));
      residuals[i] = base + (t - base) * share - effects[i];
      if (!jacobian) continue;
      const double bend = -(t - base) * share * (1.0 - share);
      jacobian[i] = bend * s * midpoint.slope(p[0]);
      jacobian[n + i] = bend * s * (m - logs[i]) * log_slope.slope(p[1]);
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
  solver.options.function_tolerance = 1e-15;  // of the cost itself: its default ends flat valleys early
  solver.Solve(residuals, &at);
  if (!at.allFinite() || !std::isfinite(solver.summary.final_cost)) return std::nullopt;
  return Found<parameters>{at, solver.summary.final_cost};
}

// The best minimum: from every minimum of the grid, or from `near` and, where the grid knows a lower place
// than the minimum found from there, from that as well. So no fit is worse than the whole grid.
template <int parameters, class FreeOf>
std::optional<Found<parameters>> search(const Residuals<parameters>& residuals, const HillGrid& grid,
                                        double top, const GridPoint* near, const FreeOf& free_of) {
  std::optional<Found<parameters>> best;
  const auto from = [&](const GridPoint& start) {
    const auto fit = solve<parameters>(residuals, free_of(start));
    if (fit && (!best || fit->cost < best->cost)) best = fit;
  };
  if (near) {
    from(*near);
    if (const GridPoint lowest = grid.best(residuals.effects, residuals.base, top);
        !best || lowest.cost < best->cost)
      from(lowest);
  } else {
    for (const GridPoint& start : grid.minima(residuals.effects, residuals.base, top)) from(start);
    if (!best) return best;
    // Once more from there: near a bound the first search may have stopped where its slope was small.
    if (const auto again = solve<parameters>(residuals, best->at); again && again->cost <= best->cost)
      best = again;
  }
  return best;
}

}  // namespace

HillCurve fit_hill(const HillGrid& doses, std::span<const double> effects, const HillCurve* start) {
  std::vector<double> seen;
  doses.select(effects, seen);
  if (*std::max_element(seen.begin(), seen.end()) < least_effect) return {};
  const Residuals<3> residuals{doses.logs(),      seen, 0.0, doses.midpoint(), doses.log_slope(),
                               {0.0, largest_top}};
  GridPoint near;
  if (start && start->usable) near = {std::log(start->midpoint), std::log(start->slope), start->top, 0.0};
  const auto best = search<3>(
      residuals, doses, largest_top, start && start->usable ? &near : nullptr, [&](const GridPoint& p) {
        return Eigen::Matrix<double, 3, 1>{residuals.midpoint.free(p.midpoint),
                                           residuals.log_slope.free(p.log_slope), residuals.top.free(p.top)};
      });
  if (!best) return {};
  return {residuals.top.value(best->at[2]), std::exp(residuals.midpoint.value(best->at[0])),
          std::exp(residuals.log_slope.value(best->at[1])), true};
}

HillCurve fit_hill_from(const HillGrid& doses, std::span<const double> effects, double base,
                        const HillCurve* start) {
  std::vector<double> seen;
  doses.select(effects, seen);
  const Residuals<2> residuals{doses.logs(), seen, base, doses.midpoint(), doses.log_slope(), {}};
  GridPoint near;
  if (start && start->usable) near = {std::log(start->midpoint), std::log(start->slope), 1.0, 0.0};
  const auto best =
      search<2>(residuals, doses, 0.0, start && start->usable ? &near : nullptr, [&](const GridPoint& p) {
        return Eigen::Matrix<double, 2, 1>{residuals.midpoint.free(p.midpoint),
                                           residuals.log_slope.free(p.log_slope)};
      });
  if (!best) return {};
  return {1.0, std::exp(residuals.midpoint.value(best->at[0])),
          std::exp(residuals.log_slope.value(best->at[1])), true};
}

}  // namespace stroma::stats
