#include "stats/normalisation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "stats/error.hpp"

namespace stroma::stats {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

// Position `at` in [0, 1] of ascending values that are spread evenly over [0, 1].
double interpolate(const std::vector<double>& ascending, double at) {
  const double place = at * static_cast<double>(ascending.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(place), ascending.size() - 1);
  const double part = place - static_cast<double>(below);
  if (part <= 0.0 || below + 1 >= ascending.size()) return ascending[below];
  return ascending[below] + part * (ascending[below + 1] - ascending[below]);
}

struct Entry {
  double value;
  std::size_t row;
};

std::vector<Entry> sorted_column(const Table& values, std::size_t column) {
  std::vector<Entry> entries;
  entries.reserve(values.rows);
  for (std::size_t r = 0; r < values.rows; ++r)
    if (const double v = values(r, column); !std::isnan(v)) entries.push_back({v, r});
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.value < b.value; });
  return entries;
}

// Quantiles of ascending orders without sorting all of `v`, whose order changes.
template <std::size_t count>
std::array<double, count> order_statistics(std::vector<double>& v, const std::array<double, count>& orders) {
  std::array<double, count> quantiles;
  auto from = v.begin();
  for (std::size_t k = 0; k < count; ++k) {
    const double place = orders[k] * static_cast<double>(v.size() - 1);
    const auto at = v.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(from, at, v.end());
    const double part = place - std::floor(place);
    const double above = part > 0.0 ? *std::min_element(at + 1, v.end()) : *at;
    quantiles[k] = *at + part * (above - *at);
    from = at;
  }
  return quantiles;
}

}  // namespace

double distribution_spread(const Table& values) {
  std::array<double, 3> low, high;
  low.fill(std::numeric_limits<double>::infinity());
  high.fill(-std::numeric_limits<double>::infinity());
  double range = 0.0;
  for (std::size_t c = 0; c < values.columns; ++c) {
    std::vector<double> v;
    v.reserve(values.rows);
    for (std::size_t r = 0; r < values.rows; ++r)
      if (!std::isnan(values(r, c))) v.push_back(values(r, c));
    if (v.size() < 2) throw StatisticsError(fmt::format("sample {} has fewer than 2 values", c + 1));
    const std::array<double, 3> q = order_statistics<3>(v, {0.25, 0.5, 0.75});
    for (std::size_t k = 0; k < 3; ++k) {
      low[k] = std::min(low[k], q[k]);
      high[k] = std::max(high[k], q[k]);
    }
    range += (q[2] - q[0]) / static_cast<double>(values.columns);
  }
  double apart = 0.0;
  for (std::size_t k = 0; k < 3; ++k) apart = std::max(apart, high[k] - low[k]);
  return apart == 0.0 ? 0.0 : apart / range;
}

void normalise_quantiles(Table& values) {
  std::vector<std::vector<Entry>> columns;
  std::vector<double> mean(values.rows, 0.0), sorted;
  const double last = static_cast<double>(values.rows - 1);
  for (std::size_t c = 0; c < values.columns; ++c) {
    columns.push_back(sorted_column(values, c));
    sorted.clear();
    for (const Entry& e : columns.back()) sorted.push_back(e.value);
    if (sorted.size() < 2)
      throw StatisticsError(fmt::format("quantile normalisation: sample {} has {} values, at least 2 needed",
                                        c + 1, sorted.size()));
    for (std::size_t r = 0; r < values.rows; ++r)
      mean[r] +=
          (sorted.size() == values.rows ? sorted[r] : interpolate(sorted, static_cast<double>(r) / last)) /
          static_cast<double>(values.columns);
  }
  for (std::size_t c = 0; c < values.columns; ++c) {
    const std::vector<Entry>& column = columns[c];
    const double span = static_cast<double>(column.size() - 1);
    for (std::size_t first = 0; first < column.size();) {
      std::size_t end = first + 1;
      while (end < column.size() && column[end].value == column[first].value) ++end;
      const double rank = 0.5 * static_cast<double>(first + end - 1);  // from 0, the mean of ties
      const double q = interpolate(mean, rank / span);
      for (; first < end; ++first) values(column[first].row, c) = q;
    }
  }
}

}  // namespace stroma::stats
