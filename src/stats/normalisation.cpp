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

std::vector<double> numbers_of(const std::vector<Entry>& entries) {
  std::vector<double> v;
  v.reserve(entries.size());
  for (const Entry& e : entries) v.push_back(e.value);
  return v;
}

}  // namespace

LogScale detect_log_scale(const Table& values) {
  std::vector<double> v;
  v.reserve(values.values.size());
  for (const double x : values.values)
    if (!std::isnan(x)) v.push_back(x);
  if (v.empty()) throw StatisticsError("scale of expression: there are no values");
  LogScale scale;
  const double orders[] = {0.0, 0.25, 0.5, 0.75, 0.99, 1.0};
  auto from = v.begin();  // each order statistic stands where a full sort would put it
  for (std::size_t k = 0; k < scale.quantiles.size(); ++k) {
    const double place = orders[k] * static_cast<double>(v.size() - 1);
    const auto at = v.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(from, at, v.end());
    const double part = place - std::floor(place);
    const double above = part > 0.0 ? *std::min_element(at + 1, v.end()) : *at;
    scale.quantiles[k] = *at + part * (above - *at);
    from = at;
  }
  const auto& q = scale.quantiles;
  const bool large = q[4] > 100.0, wide = q[5] - q[0] > 50.0 && q[1] > 0.0;
  scale.logarithms = !large && !wide;
  scale.reason = fmt::format(
      "the 0.99 quantile is {:.4g} (limit 100), the range {:.4g} (limit 50), the lower "
      "quartile {:.4g}",
      q[4], q[5] - q[0], q[1]);
  return scale;
}

std::size_t take_log2(Table& values) {
  std::size_t lost = 0;
  for (double& v : values.values) {
    if (std::isnan(v)) continue;
    lost += v > 0.0 ? 0 : 1;
    v = v > 0.0 ? std::log2(v) : none;
  }
  return lost;
}

double distribution_spread(const Table& values) {
  double low[3] = {}, high[3] = {}, range = 0.0;
  std::fill(std::begin(low), std::end(low), std::numeric_limits<double>::infinity());
  std::fill(std::begin(high), std::end(high), -std::numeric_limits<double>::infinity());
  for (std::size_t c = 0; c < values.columns; ++c) {
    const std::vector<double> v = numbers_of(sorted_column(values, c));
    if (v.size() < 2) throw StatisticsError(fmt::format("sample {} has fewer than 2 values", c + 1));
    for (int k = 0; k < 3; ++k) {
      const double q = interpolate(v, 0.25 * (k + 1));
      low[k] = std::min(low[k], q);
      high[k] = std::max(high[k], q);
    }
    range += (interpolate(v, 0.75) - interpolate(v, 0.25)) / static_cast<double>(values.columns);
  }
  double apart = 0.0;
  for (int k = 0; k < 3; ++k) apart = std::max(apart, high[k] - low[k]);
  return apart == 0.0 ? 0.0 : apart / range;
}

void normalise_quantiles(Table& values) {
  std::vector<double> mean(values.rows, 0.0);
  const double last = static_cast<double>(values.rows - 1);
  for (std::size_t c = 0; c < values.columns; ++c) {
    const std::vector<double> v = numbers_of(sorted_column(values, c));
    if (v.size() < 2)
      throw StatisticsError(
          fmt::format("quantile normalisation: sample {} has {} values, at least 2 needed", c + 1, v.size()));
    for (std::size_t r = 0; r < values.rows; ++r)
      mean[r] += (v.size() == values.rows ? v[r] : interpolate(v, static_cast<double>(r) / last)) /
                 static_cast<double>(values.columns);
  }
  for (std::size_t c = 0; c < values.columns; ++c) {
    const std::vector<Entry> column = sorted_column(values, c);
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
