#include "stats/two_way_anova.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <vector>

#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

using Matrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
using Vector = Eigen::Matrix<long double, Eigen::Dynamic, 1>;

// Within a cell every model predicts one number, so the models are fitted to the cell means, weighted by the
// cell sizes, and the spread within cells is common to all of them.
struct Cell {
  std::size_t a = 0, b = 0;
  std::vector<double> values;
};

struct Cells {
  std::vector<Cell> used;
  std::size_t a_levels = 0, b_levels = 0, n = 0;
  Vector root_size, weighted_mean;
  long double within = 0.0L;
};

std::size_t levels_of(std::span<const std::size_t> factor, const char* name) {
  const std::size_t levels = 1 + *std::max_element(factor.begin(), factor.end());
  std::vector<bool> seen(levels, false);
  for (const std::size_t level : factor) seen[level] = true;
  if (levels < 2)
    throw StatisticsError(fmt::format("two-way ANOVA: the {} factor has 1 level, at least 2 needed", name));
  if (std::find(seen.begin(), seen.end(), false) != seen.end())
    throw StatisticsError(fmt::format("two-way ANOVA: a level of the {} factor has no value", name));
  return levels;
}

Cells cells_of(std::span<const double> values, std::span<const std::size_t> first,
               std::span<const std::size_t> second) {
  if (first.size() != values.size() || second.size() != values.size())
    throw StatisticsError(fmt::format("two-way ANOVA: {} values with {} and {} levels, as many are needed",
                                      values.size(), first.size(), second.size()));
  require_sample(values, 1, "two-way ANOVA");
  Cells c;
  c.n = values.size();
  c.a_levels = levels_of(first, "first");
  c.b_levels = levels_of(second, "second");
  std::vector<Cell> all(c.a_levels * c.b_levels);
  for (std::size_t i = 0; i < values.size(); ++i) {
    Cell& cell = all[first[i] * c.b_levels + second[i]];
    cell.a = first[i];
    cell.b = second[i];
    cell.values.push_back(values[i]);
  }
  std::erase_if(all, [](const Cell& cell) { return cell.values.empty(); });
  c.used = std::move(all);
  const auto count = static_cast<Eigen::Index>(c.used.size());
  c.root_size.resize(count);
  c.weighted_mean.resize(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const Cell& cell = c.used[static_cast<std::size_t>(i)];
    const Moments m = moments(cell.values, values.front());
    c.within += m.sum_of_squares;
    c.root_size[i] = std::sqrt(static_cast<long double>(m.n));
    c.weighted_mean[i] = c.root_size[i] * m.mean;
  }
  return c;
}

struct Model {
  long double residual = 0.0L;  // of the cell means, without the spread within cells
  double rank = 0.0;
};

Model fit(const Cells& c, bool with_a, bool with_b) {
  const auto rows = static_cast<Eigen::Index>(c.used.size());
  const std::size_t columns = 1 + (with_a ? c.a_levels - 1 : 0) + (with_b ? c.b_levels - 1 : 0);
  Matrix x = Matrix::Zero(rows, static_cast<Eigen::Index>(columns));
  for (Eigen::Index i = 0; i < rows; ++i) {
    const Cell& cell = c.used[static_cast<std::size_t>(i)];
    x(i, 0) = c.root_size[i];
    if (with_a && cell.a > 0) x(i, static_cast<Eigen::Index>(cell.a)) = c.root_size[i];
    if (with_b && cell.b > 0)
      x(i, static_cast<Eigen::Index>((with_a ? c.a_levels - 1 : 0) + cell.b)) = c.root_size[i];
  }
  Eigen::ColPivHouseholderQR<Matrix> qr;
  qr.setThreshold(1e-12L);
  qr.compute(x);
  // What lies outside the columns' space, from the orthogonal factor itself: no fitted values to subtract.
  const Vector rotated = qr.householderQ().adjoint() * c.weighted_mean;
  return {rotated.tail(rows - qr.rank()).squaredNorm(), static_cast<double>(qr.rank())};
}

/// What the saturated model loses without one of its factors, in coding that sums to zero: +1 for a level, -1
/// for the last one.
Model without_factor(const Cells& c, bool first) {
  const std::size_t a = c.a_levels - 1, b = c.b_levels - 1;
  const auto rows = static_cast<Eigen::Index>(c.used.size());
  const auto coded = [](std::size_t level, std::size_t contrast, std::size_t last) {
    return level == last ? -1.0L : level == contrast ? 1.0L : 0.0L;
  };
  Matrix x = Matrix::Zero(rows, static_cast<Eigen::Index>(1 + (first ? b : a) + a * b));
  for (Eigen::Index i = 0; i < rows; ++i) {
    const Cell& cell = c.used[static_cast<std::size_t>(i)];
    Eigen::Index at = 0;
    x(i, at++) = c.root_size[i];
    for (std::size_t j = 0; j < (first ? b : a); ++j)
      x(i, at++) = c.root_size[i] * (first ? coded(cell.b, j, b) : coded(cell.a, j, a));
    for (std::size_t j = 0; j < a; ++j)
      for (std::size_t k = 0; k < b; ++k)
        x(i, at++) = c.root_size[i] * coded(cell.a, j, a) * coded(cell.b, k, b);
  }
  Eigen::ColPivHouseholderQR<Matrix> qr;
  qr.setThreshold(1e-12L);
  qr.compute(x);
  const Vector rotated = qr.householderQ().adjoint() * c.weighted_mean;
  return {rotated.tail(rows - qr.rank()).squaredNorm(), static_cast<double>(qr.rank())};
}

AnovaEffect effect(const Model& without, const Model& with, const TwoWayAnova& table) {
  AnovaEffect e;
  e.ss = static_cast<double>(std::max(0.0L, without.residual - with.residual));
  e.df = with.rank - without.rank;
  if (e.df <= 0.0) throw StatisticsError("two-way ANOVA: the empty cells leave one factor inside the other");
  e.f = e.ss / e.df / (table.residual_ss / table.residual_df);
  e.p = f_upper(e.f, e.df, table.residual_df);
  e.partial_eta_squared = e.ss / (e.ss + table.residual_ss);
  return e;
}

}  // namespace

TwoWayAnova two_way_anova(std::span<const double> values, std::span<const std::size_t> first,
                          std::span<const std::size_t> second, bool interaction, SumsOfSquares type,
                          double df_spent) {
  const Cells cells = cells_of(values, first, second);
  const Model none = fit(cells, false, false);
  const Model a = fit(cells, true, false);
  const Model b = fit(cells, false, true);
  const Model additive = fit(cells, true, true);
  const Model saturated{0.0L, static_cast<double>(cells.used.size())};
  TwoWayAnova t;
  t.empty_cells = cells.a_levels * cells.b_levels - cells.used.size();
  t.balanced = t.empty_cells == 0 && cells.root_size.minCoeff() == cells.root_size.maxCoeff();
  const Model& full = interaction ? saturated : additive;
  t.residual_ss = static_cast<double>(full.residual + cells.within);
  t.residual_df = static_cast<double>(cells.n) - full.rank - df_spent;
  if (t.residual_df <= 0.0) {
    throw StatisticsError(
        interaction ? "two-way ANOVA: no cell has replicates, so interaction and error cannot be told "
                      "apart; leave the interaction out"
                    : "two-way ANOVA: as many parameters as values, so the error is unknown");
  }
  if (!(t.residual_ss > 0.0))
    throw StatisticsError("two-way ANOVA: nothing varies beside the factors, so the error is unknown");
  if (type == SumsOfSquares::type_iii && interaction) {
    if (t.empty_cells > 0)
      throw StatisticsError(
          "two-way ANOVA: type III sums of squares compare means over all cells, and some are empty; use "
          "type II");
    t.first = effect(without_factor(cells, true), saturated, t);
    t.second = effect(without_factor(cells, false), saturated, t);
  } else {
    t.first = type == SumsOfSquares::type_i ? effect(none, a, t) : effect(b, additive, t);
    t.second = effect(a, additive, t);
  }
  if (interaction && saturated.rank > additive.rank) t.interaction = effect(additive, saturated, t);
  return t;
}

}  // namespace stroma::stats
