#include "stats/expression_scale.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "stats/descriptive.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

struct Seen {
  double n = 0.0, beyond = 0.0, zeros = 0.0, negative = 0.0;
  bool whole = true;
};

Seen look_at(const std::vector<double>& v) {
  Seen s;
  s.n = static_cast<double>(v.size());
  for (const double x : v) {
    s.beyond += x > largest_log2 ? 1.0 : 0.0;
    s.zeros += x == 0.0 ? 1.0 : 0.0;
    s.negative += x < 0.0 ? 1.0 : 0.0;
    s.whole = s.whole && x == std::floor(x);
  }
  return s;
}

/// One value in a hundred is 0 and none is below: sequencing, where 0 is a measurement.
bool has_measured_zeros(const Seen& s) {
  return s.zeros >= 0.01 * s.n && s.negative == 0.0;
}

ExpressionScale raw_kind(const Seen& s) {
  if (!has_measured_zeros(s)) return ExpressionScale::intensity;
  return s.whole ? ExpressionScale::counts : ExpressionScale::fpkm;
}

ExpressionScale decide(const Seen& s, const std::array<double, 6>& q) {
  constexpr double few = 2.0, rare = 0.001, many = 0.02;  // values beyond: typing errors, and raw data
  const bool errors = s.beyond <= few || s.beyond <= rare * s.n;
  if (q[4] > 100.0 && s.beyond > few) return raw_kind(s);  // GEO2R's rule
  if (s.beyond > few && s.beyond > many * s.n) return raw_kind(s);
  if (!errors) return has_measured_zeros(s) ? raw_kind(s) : ExpressionScale::unclear;
  if (s.whole && s.n >= 20.0) return ExpressionScale::unclear;                             // small counts
  if (s.negative == 0.0 && s.zeros == 0.0 && q[2] < 2.0) return ExpressionScale::unclear;  // ratios to 1
  if (s.negative == 0.0 && q[2] > 1.0 && q[4] < 5.5) return ExpressionScale::unclear;  // decimal logarithms
  return ExpressionScale::log2;
}

}  // namespace

std::string name_of(ExpressionScale scale) {
  switch (scale) {
    case ExpressionScale::log2:
      return "base-2 logarithms";
    case ExpressionScale::natural:
      return "natural logarithms";
    case ExpressionScale::log10:
      return "decimal logarithms";
    case ExpressionScale::intensity:
      return "raw values";
    case ExpressionScale::fpkm:
      return "raw values with zeros (FPKM, TPM)";
    case ExpressionScale::counts:
      return "counts of reads";
    case ExpressionScale::unclear:
      break;
  }
  return "unclear";
}

LogScale detect_log_scale(const Table& values) {
  std::vector<double> v;
  v.reserve(values.values.size());
  for (const double x : values.values)
    if (!std::isnan(x)) v.push_back(x);
  if (v.empty()) throw StatisticsError("scale of expression: there are no values");
  LogScale scale;
  const Seen seen = look_at(v);
  std::size_t k = 0;
  auto from = v.begin();
  for (const double order : {0.0, 0.25, 0.5, 0.75, 0.99, 1.0}) {  // without sorting all
    const double place = order * static_cast<double>(v.size() - 1);
    const auto at = v.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(from, at, v.end());
    const double part = place - std::floor(place);
    const double above = part > 0.0 ? *std::min_element(at + 1, v.end()) : *at;
    scale.quantiles[k++] = *at + part * (above - *at);
    from = at;
  }
  const auto& q = scale.quantiles;
  scale.beyond = static_cast<std::size_t>(seen.beyond);
  scale.scale = decide(seen, q);
  scale.reason = fmt::format(
      "half of the values lie between {:.4g} and {:.4g}, 99 % below {:.4g}; {} of {} exceed {:g}, which no "
      "base-2 "
      "logarithm does{}",
      q[1], q[3], q[4], scale.beyond, v.size(), largest_log2,
      seen.zeros > 0.0 ? fmt::format("; {:.2g} % are 0", 100.0 * seen.zeros / seen.n) : "");
  return scale;
}

std::size_t take_log2(Table& values, ExpressionScale from) {
  if (from == ExpressionScale::log2) return 0;
  if (from == ExpressionScale::unclear) throw StatisticsError("the scale of these values is not known");
  if (from == ExpressionScale::natural || from == ExpressionScale::log10) {
    const double factor = from == ExpressionScale::natural ? std::numbers::log2e : 1.0 / std::log10(2.0);
    for (double& v : values.values) v *= factor;
    return 0;
  }
  std::vector<double> add(values.columns, from == ExpressionScale::fpkm ? 1.0 : 0.0),
      times(values.columns, 1.0);
  if (from == ExpressionScale::counts) {
    std::vector<double> reads(values.columns, 0.0);
    for (std::size_t i = 0; i < values.values.size(); ++i)
      if (!std::isnan(values.values[i])) reads[i % values.columns] += values.values[i];
    for (std::size_t c = 0; c < values.columns; ++c) {
      add[c] = 0.5;
      times[c] = 1e6 / (reads[c] + 1.0);
    }
  }
  std::size_t lost = 0;
  for (std::size_t i = 0; i < values.values.size(); ++i) {
    double& v = values.values[i];
    if (std::isnan(v)) continue;
    const std::size_t c = i % values.columns;
    const double x = (v + add[c]) * times[c];
    const bool has = v + add[c] > 0.0 && (from == ExpressionScale::intensity || v >= 0.0);
    lost += has ? 0 : 1;
    v = has ? std::log2(x) : std::numeric_limits<double>::quiet_NaN();
  }
  return lost;
}

}  // namespace stroma::stats
