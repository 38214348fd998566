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
    // Near a bound the slope of tanh vanishes, and a search that starts there never leaves.
    const double part = std::clamp((value - low) / (high - low), 1e-3, 1.0 - 1e-3);
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
  solver.options.function_tolerance = 1e-15;  // of the cost itself: its default ends flat valleys early
  solver.Solve(residuals, &at);
  if (!at.allFinite() || !std::isfinite(solver.summary.final_cost)) return std::nullopt;
  return Found<parameters>{at, solver.summary.final_cost};
}

Bounded midpoints(const Positive& data) {
  return {data.logs.front() - std::log(widest_midpoint), data.logs.back() + std::log(widest_midpoint)};
}

const Bounded log_slopes{-std::log(steepest_slope), std::log(steepest_slope)};

// Midpoints and slopes over the whole of what is allowed. The sum of squares over them is not convex: a drug
// whose lowest dose already acts, or whose effect falls again, has a minimum at a flat slope and another at a
// midpoint far outside, and a single start finds whichever is near. The top is linear and solved for exactly.
constexpr std::size_t grid_midpoints = 24, grid_slopes = 10;

struct GridPoint {
  double midpoint = 0.0, log_slope = 0.0, top = 1.0, cost = 0.0;
};

class Grid {
 public:
  // `top`: solved for between 0 and that, or 1 and fixed where it is 0.
  Grid(const Positive& data, double base, const Bounded& midpoint, double top) {
    // exp(s (m - x)) = exp(s (m - c)) exp(s (c - x)): two small tables instead of an exponential per point.
    // About the middle c of the doses neither of them overflows.
    const std::size_t n = data.logs.size();
    const double centre = 0.5 * (data.logs.front() + data.logs.back());
    std::vector<double> fall(n);
    for (std::size_t j = 0; j < grid_slopes; ++j) {
      const double log_slope = at(log_slopes, j, grid_slopes), slope = std::exp(log_slope);
      for (std::size_t i = 0; i < n; ++i) fall[i] = std::exp(slope * (centre - data.logs[i]));
      for (std::size_t k = 0; k < grid_midpoints; ++k) {
        GridPoint p{at(midpoint, k, grid_midpoints), log_slope, 1.0, 0.0};
        const double rise = std::exp(slope * (p.midpoint - centre));
        double ss = 0.0, se = 0.0, ee = 0.0;  // of shares and of effects above the base
        for (std::size_t i = 0; i < n; ++i) {
          const double share = 1.0 / (1.0 + rise * fall[i]);
          const double effect = data.effects[i] - base;
          ss += share * share;
          se += share * effect;
          ee += effect * effect;
        }
        if (top > 0.0) p.top = ss > 0.0 ? std::clamp(se / ss + base, 0.0, top) : 1.0;
        const double span = p.top - base;
        p.cost = 0.5 * (ee - 2.0 * span * se + span * span * ss);
        points_[j * grid_midpoints + k] = p;
      }
    }
  }

  const GridPoint& best() const {
    return *std::min_element(points_.begin(), points_.end(),
                             [](const GridPoint& a, const GridPoint& b) { return a.cost < b.cost; });
  }

  // Points that none of their neighbours is below, best first.
  std::vector<GridPoint> minima() const {
    std::vector<GridPoint> out;
    for (std::size_t j = 0; j < grid_slopes; ++j)
      for (std::size_t k = 0; k < grid_midpoints; ++k)
        if (lowest_nearby(j, k)) out.push_back(points_[j * grid_midpoints + k]);
    std::stable_sort(out.begin(), out.end(),
                     [](const GridPoint& a, const GridPoint& b) { return a.cost < b.cost; });
    constexpr std::size_t most = 8;
    if (out.size() > most) out.resize(most);
    return out;
  }

 private:
  static double at(const Bounded& range, std::size_t i, std::size_t of) {
    return range.low + (range.high - range.low) * (static_cast<double>(i) + 0.5) / static_cast<double>(of);
  }

  bool lowest_nearby(std::size_t j, std::size_t k) const {
    const double cost = points_[j * grid_midpoints + k].cost;
    for (std::size_t a = j > 0 ? j - 1 : 0; a <= std::min(j + 1, grid_slopes - 1); ++a)
      for (std::size_t b = k > 0 ? k - 1 : 0; b <= std::min(k + 1, grid_midpoints - 1); ++b)
        if (points_[a * grid_midpoints + b].cost < cost) return false;
    return true;
  }

  std::array<GridPoint, grid_midpoints * grid_slopes> points_;
};

// The best minimum: from every minimum of the grid, or from `near` and, where the grid knows a lower place
// than the minimum found from there, from that as well. So no fit is worse than the whole grid.
template <int parameters, class FreeOf>
std::optional<Found<parameters>> search(const Residuals<parameters>& residuals, const Grid& grid,
                                        const GridPoint* near, const FreeOf& free_of) {
  std::optional<Found<parameters>> best;
  const auto from = [&](const GridPoint& start) {
    const auto fit = solve<parameters>(residuals, free_of(start));
    if (fit && (!best || fit->cost < best->cost)) best = fit;
  };
  if (near) {
    from(*near);
    if (!best || grid.best().cost < best->cost) from(grid.best());
  } else {
    for (const GridPoint& start : grid.minima()) from(start);
    if (!best) return best;
    // Once more from there: near a bound the first search may have stopped where its slope was small.
    if (const auto again = solve<parameters>(residuals, best->at); again && again->cost <= best->cost)
      best = again;
  }
  return best;
}

}  // namespace

HillCurve fit_hill(std::span<const double> doses, std::span<const double> effects, const HillCurve* start) {
  const Positive data = positive_doses(doses, effects);
  const double most = *std::max_element(data.effects.begin(), data.effects.end());
  if (most < least_effect) return {};
  const Residuals<3> residuals{data, 0.0, midpoints(data), log_slopes, {0.0, largest_top}};
  const Grid grid(data, 0.0, residuals.midpoint, largest_top);
  GridPoint near;
  if (start && start->usable) near = {std::log(start->midpoint), std::log(start->slope), start->top, 0.0};
  const auto best =
      search<3>(residuals, grid, start && start->usable ? &near : nullptr, [&](const GridPoint& p) {
        return Eigen::Matrix<double, 3, 1>{residuals.midpoint.free(p.midpoint),
                                           residuals.log_slope.free(p.log_slope), residuals.top.free(p.top)};
      });
  if (!best) return {};
  return {residuals.top.value(best->at[2]), std::exp(residuals.midpoint.value(best->at[0])),
          std::exp(residuals.log_slope.value(best->at[1])), true};
}

HillCurve fit_hill_from(std::span<const double> doses, std::span<const double> effects, double base,
                        const HillCurve* start) {
  const Positive data = positive_doses(doses, effects);
  const Residuals<2> residuals{data, base, midpoints(data), log_slopes, {}};
  const Grid grid(data, base, residuals.midpoint, 0.0);
  GridPoint near;
  if (start && start->usable) near = {std::log(start->midpoint), std::log(start->slope), 1.0, 0.0};
  const auto best =
      search<2>(residuals, grid, start && start->usable ? &near : nullptr, [&](const GridPoint& p) {
        return Eigen::Matrix<double, 2, 1>{residuals.midpoint.free(p.midpoint),
                                           residuals.log_slope.free(p.log_slope)};
      });
  if (!best) return {};
  return {1.0, std::exp(residuals.midpoint.value(best->at[0])),
          std::exp(residuals.log_slope.value(best->at[1])), true};
}

}  // namespace stroma::stats
