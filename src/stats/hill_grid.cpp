#include "stats/hill_grid.hpp"

#include <algorithm>

namespace stroma::stats {
namespace {

double at(const Bounded& range, std::size_t i, std::size_t of) {
  return range.low + (range.high - range.low) * (static_cast<double>(i) + 0.5) / static_cast<double>(of);
}

bool lowest_nearby(const std::array<GridPoint, HillGrid::points>& grid, std::size_t j, std::size_t k) {
  const double cost = grid[j * HillGrid::midpoints + k].cost;
  for (std::size_t a = j > 0 ? j - 1 : 0; a <= std::min(j + 1, HillGrid::slopes - 1); ++a)
    for (std::size_t b = k > 0 ? k - 1 : 0; b <= std::min(k + 1, HillGrid::midpoints - 1); ++b)
      if (grid[a * HillGrid::midpoints + b].cost < cost) return false;
  return true;
}

}  // namespace

double Bounded::value(double u) const {
  return low + (high - low) * 0.5 * (1.0 + std::tanh(u));
}

double Bounded::slope(double u) const {
  const double t = std::tanh(u);
  return (high - low) * 0.5 * (1.0 - t * t);
}

double Bounded::free(double value) const {
  const double part = std::clamp((value - low) / (high - low), 1e-3, 1.0 - 1e-3);
  return std::atanh(2.0 * part - 1.0);
}

HillGrid::HillGrid(std::span<const double> doses) {
  for (std::size_t i = 0; i < doses.size(); ++i)
    if (doses[i] > 0.0) {
      kept_.push_back(i);
      logs_.push_back(std::log(doses[i]));
    }
  midpoint_ = {logs_.front() - std::log(widest_midpoint), logs_.back() + std::log(widest_midpoint)};
  std::array<double, slopes> slope;
  for (std::size_t j = 0; j < slopes; ++j) slope[j] = std::exp(at(log_slopes_, j, slopes));
  shares_.reserve(points * logs_.size());
  for (const double log : logs_)
    for (std::size_t p = 0; p < points; ++p) {
      const double m = at(midpoint_, p % midpoints, midpoints);
      const double share = 1.0 / (1.0 + std::exp(slope[p / midpoints] * (m - log)));
      shares_.push_back(share);
      squares_[p] += share * share;
    }
}

void HillGrid::select(std::span<const double> values, std::vector<double>& out) const {
  out.clear();
  for (const std::size_t i : kept_) out.push_back(values[i]);
}

HillGrid::Sums HillGrid::sums_of(std::span<const double> effects, double base) const {
  // For all points at once: the inner loop has no dependence between its steps.
  Sums out;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    const double effect = effects[i] - base;
    const double* share = shares_.data() + i * points;
    for (std::size_t p = 0; p < points; ++p) out.shared[p] += share[p] * effect;
    out.squares += effect * effect;
  }
  return out;
}

GridPoint HillGrid::point(std::size_t p, const Sums& sums, double base, double largest_top) const {
  const double ss = squares_[p], se = sums.shared[p];
  GridPoint out{at(midpoint_, p % midpoints, midpoints), at(log_slopes_, p / midpoints, slopes)};
  if (largest_top > 0.0) out.top = ss > 0.0 ? std::clamp(se / ss + base, 0.0, largest_top) : 1.0;
  const double span = out.top - base;
  out.cost = 0.5 * (sums.squares - 2.0 * span * se + span * span * ss);
  return out;
}

GridPoint HillGrid::best(std::span<const double> effects, double base, double largest_top) const {
  const Sums sums = sums_of(effects, base);
  GridPoint best = point(0, sums, base, largest_top);
  for (std::size_t p = 1; p < points; ++p)
    if (const GridPoint other = point(p, sums, base, largest_top); other.cost < best.cost) best = other;
  return best;
}

std::vector<GridPoint> HillGrid::minima(std::span<const double> effects, double base,
                                        double largest_top) const {
  const Sums sums = sums_of(effects, base);
  std::array<GridPoint, points> grid;
  for (std::size_t p = 0; p < points; ++p) grid[p] = point(p, sums, base, largest_top);
  std::vector<GridPoint> out;
  for (std::size_t j = 0; j < HillGrid::slopes; ++j)
    for (std::size_t k = 0; k < HillGrid::midpoints; ++k)
      if (lowest_nearby(grid, j, k)) out.push_back(grid[j * HillGrid::midpoints + k]);
  std::stable_sort(out.begin(), out.end(),
                   [](const GridPoint& a, const GridPoint& b) { return a.cost < b.cost; });
  constexpr std::size_t most = 8;
  if (out.size() > most) out.resize(most);
  return out;
}

}  // namespace stroma::stats
