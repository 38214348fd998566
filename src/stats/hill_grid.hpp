// Hill curves over a grid of midpoints and slopes, for the doses of one drug: where least squares over
// midpoint and slope, which is not convex, is to be searched from. A drug whose lowest dose already acts, or
// whose effect falls again, has a minimum at a flat slope and another at a midpoint far outside, and a single
// start finds whichever is near. What does not depend on the effects is computed once for all fits over the
// same doses, of which a bootstrap makes tens of thousands.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace stroma::stats {

/// A parameter that stays inside (low, high): low + (high - low)(1 + tanh u)/2.
struct Bounded {
  double low = 0.0, high = 1.0;
  double value(double u) const;
  double slope(double u) const;     ///< d value / d u
  double free(double value) const;  ///< u, kept off the ends, where the slope of tanh vanishes
};

inline constexpr double steepest_hill_slope = 20.0;  ///< and the flattest is its inverse
inline constexpr double widest_midpoint = 1e3;  ///< times beyond the doses; data cannot tell one further out

struct GridPoint {
  double midpoint = 0.0, log_slope = 0.0;  ///< ln of the dose, ln of the slope
  double top = 1.0;
  double cost = 0.0;  ///< half the sum of squares
};

/// The doses of one drug that are above 0, and the shares 1 / (1 + exp(s (m - ln dose))) of every point.
class HillGrid {
 public:
  static constexpr std::size_t midpoints = 24, slopes = 10, points = midpoints * slopes;

  explicit HillGrid(std::span<const double> doses);

  std::span<const double> logs() const { return logs_; }  ///< ln of the doses above 0
  /// Of values per dose those of the doses above 0; allocates nothing where `out` is large enough.
  void select(std::span<const double> values, std::vector<double>& out) const;
  Bounded midpoint() const { return midpoint_; }
  Bounded log_slope() const { return log_slopes_; }

  // Points for effects [dose above 0] over `base`. The top is 1 where `largest_top` is 0, else the best in
  // [0, largest_top]: it is linear and solved for exactly.

  /// The lowest point.
  GridPoint best(std::span<const double> effects, double base, double largest_top) const;
  /// Points that none of their neighbours is below, best first; eight at most.
  std::vector<GridPoint> minima(std::span<const double> effects, double base, double largest_top) const;

 private:
  struct Sums {
    std::array<double, points> shared{};  // of shares and effects above the base, per point
    double squares = 0.0;                 // of effects above the base
  };
  Sums sums_of(std::span<const double> effects, double base) const;
  GridPoint point(std::size_t p, const Sums& sums, double base, double largest_top) const;

  std::vector<double> logs_;
  std::vector<std::size_t> kept_;         // indices of doses above 0
  std::vector<double> shares_;            // [dose above 0][point]
  std::array<double, points> squares_{};  // sums of squared shares
  Bounded midpoint_, log_slopes_{-std::log(steepest_hill_slope), std::log(steepest_hill_slope)};
};

}  // namespace stroma::stats
