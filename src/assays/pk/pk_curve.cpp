#include "assays/pk/pk_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/straight_line.hpp"

namespace stroma::assays {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Between two points of a curve: on the logarithm while it falls, straight while it rises.
double between(double t, double t1, double c1, double t2, double c2) {
  const double share = (t - t1) / (t2 - t1);
  if (c1 > c2 && c2 > 0.0) return c1 * std::pow(c2 / c1, share);
  return c1 + share * (c2 - c1);
}

// The concentration at the end of the dosing interval: measured, between two samples, or behind the last one
// with the terminal rate (unchanged where there is none).
double at_end_of_interval(const PkSeries& series, const PkShape& shape) {
  const auto after = std::lower_bound(series.times.begin(), series.times.end(), shape.tau);
  const auto i = static_cast<std::size_t>(after - series.times.begin());
  if (after == series.times.end()) {
    const auto terminal = terminal_of(series, shape);
    const double rate = terminal ? terminal->rate : 0.0;
    return series.means.back() * std::exp(-rate * (shape.tau - series.times.back()));
  }
  if (*after == shape.tau || i == 0) return series.means[i];
  return between(shape.tau, series.times[i - 1], series.means[i - 1], series.times[i], series.means[i]);
}

// First moment: the same trapezoids of C t.
double moment_under(const PkSeries& curve) {
  double moment = 0.0;
  for (std::size_t i = 1; i < curve.times.size(); ++i) {
    const double t1 = curve.times[i - 1], t2 = curve.times[i], c1 = curve.means[i - 1], c2 = curve.means[i];
    if (c1 > c2 && c2 > 0.0) {
      const double rate = std::log(c1 / c2) / (t2 - t1);
      moment += (t1 * c1 - t2 * c2) / rate + (c1 - c2) / (rate * rate);
    } else {
      moment += (t2 - t1) * (t1 * c1 + t2 * c2) / 2.0;
    }
  }
  return moment;
}

}  // namespace

std::vector<std::optional<double>> counted(std::span<const PkSample* const> all, BelowLimit policy) {
  struct Time {
    double sum = 0.0;
    std::size_t n = 0, below = 0;
  };
  std::map<double, Time> times;
  for (const PkSample* s : all) {
    Time& time = times[s->time];
    time.sum += s->concentration.value_or(0.0);
    ++time.n;
    time.below += !s->concentration;
  }
  double peak_time = 0.0, peak = -1.0;
  for (const auto& [time, samples] : times)
    if (const double mean = samples.sum / static_cast<double>(samples.n); mean > peak) {
      peak = mean;
      peak_time = time;
    }
  std::vector<std::optional<double>> out;
  for (const PkSample* s : all) {
    const Time& time = times[s->time];
    std::optional<double> value = s->concentration;
    const bool mostly_below = policy == BelowLimit::majority && 2 * time.below > time.n;
    const bool as_zero =
        !value && policy != BelowLimit::missing && (policy != BelowLimit::usual || s->time < peak_time);
    if (!value && policy == BelowLimit::half && s->limit > 0.0)
      value = s->limit / 2.0;
    else if (mostly_below || as_zero)
      value = 0.0;
    out.push_back(value);
  }
  return out;
}

std::vector<PkPoint> points_of(std::span<const PkSample* const> all, BelowLimit policy) {
  const std::vector<std::optional<double>> values = counted(all, policy);
  std::map<double, std::vector<double>> times;
  std::map<double, std::size_t> below;
  for (std::size_t i = 0; i < all.size(); ++i) {
    below[all[i]->time] += !all[i]->concentration;
    if (values[i]) times[all[i]->time].push_back(*values[i]);
  }
  std::vector<PkPoint> points;
  for (const auto& [time, at] : times)
    points.push_back({time, stats::mean(at), at.size() >= 2 ? stats::standard_deviation(at) : 0.0, at.size(),
                      below[time]});
  return points;
}

PkSeries measurable(const std::vector<PkPoint>& points) {
  PkSeries out;
  std::size_t last = 0;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (points[i].mean > 0.0) last = i + 1;
  for (std::size_t i = 0; i < last; ++i) {
    out.times.push_back(points[i].time);
    out.means.push_back(points[i].mean);
  }
  return out;
}

double back_extrapolated(const PkSeries& series) {
  std::size_t first = 0;
  while (first < series.times.size() && !(series.means[first] > 0.0)) ++first;
  if (first == series.times.size()) return 0.0;
  const double t1 = series.times[first], c1 = series.means[first];
  if (t1 == 0.0 || first + 1 == series.times.size()) return c1;
  const double t2 = series.times[first + 1], c2 = series.means[first + 1];
  if (!(c2 > 0.0) || c2 >= c1) return c1;
  return c1 * std::pow(c1 / c2, t1 / (t2 - t1));
}

PkSeries whole_curve(const PkSeries& series, const PkShape& shape) {
  PkSeries out;
  if (series.times.empty()) return out;
  const bool steady = shape.dosing == Dosing::steady;
  const double end = steady ? at_end_of_interval(series, shape) : 0.0;
  if (shape.route == Route::bolus) {
    out.times.push_back(0.0);
    out.means.push_back(back_extrapolated(series));
  } else if (series.times.front() > 0.0) {
    out.times.push_back(0.0);
    out.means.push_back(end);
  }
  for (std::size_t i = 0; i < series.times.size(); ++i) {
    const bool replaced = shape.route == Route::bolus && series.times[i] == 0.0;
    if (replaced || (steady && series.times[i] >= shape.tau)) continue;
    out.times.push_back(series.times[i]);
    out.means.push_back(series.means[i]);
  }
  if (steady) {
    out.times.push_back(shape.tau);
    out.means.push_back(end);
  }
  return out;
}

double area_of_curve(const PkSeries& series, const PkShape& shape, bool log_down) {
  const PkSeries curve = whole_curve(series, shape);
  return area_under(curve.times, curve.means, log_down);
}

std::optional<TerminalPhase> terminal_of(const PkSeries& curve, const PkShape& shape) {
  const auto peak = static_cast<std::size_t>(std::max_element(curve.means.begin(), curve.means.end()) -
                                             curve.means.begin());
  std::vector<double> times, logs;
  for (std::size_t i = peak + (shape.route == Route::bolus ? 0 : 1); i < curve.times.size(); ++i) {
    if (!(curve.means[i] > 0.0)) continue;
    times.push_back(curve.times[i]);
    logs.push_back(std::log(curve.means[i]));
  }
  std::optional<TerminalPhase> best;
  for (std::size_t n = 3; n <= times.size(); ++n) {
    const std::span<const double> x(times.end() - static_cast<std::ptrdiff_t>(n), times.end());
    const std::span<const double> y(logs.end() - static_cast<std::ptrdiff_t>(n), logs.end());
    const stats::StraightLine line = stats::fit_straight_line(x, y);
    if (!(line.slope < 0.0) || (best && line.r_squared_adjusted < best->r_squared_adjusted - 1e-4)) continue;
    TerminalPhase phase;
    phase.times.assign(x.begin(), x.end());
    phase.rate = -line.slope;
    phase.half_life = std::log(2.0) / phase.rate;
    phase.r_squared_adjusted = line.r_squared_adjusted;
    const double t = stats::student_t_critical(0.95, static_cast<double>(n) - 2.0) * line.slope_se;
    phase.ci = {std::log(2.0) / (phase.rate + t),
                phase.rate > t ? std::log(2.0) / (phase.rate - t) : infinity};
    best = phase;
  }
  return best;
}

PkCurve analyse_curve(const PkSeries& series, const PkShape& shape, double dose) {
  PkCurve out;
  out.dose = dose;
  if (series.times.empty()) return out;
  const auto peak = static_cast<std::size_t>(std::max_element(series.means.begin(), series.means.end()) -
                                             series.means.begin());
  out.cmax = series.means[peak];
  out.tmax = series.times[peak];
  const PkSeries curve = whole_curve(series, shape);
  out.last_time = curve.times.back();
  if (shape.route == Route::bolus) out.c0 = curve.means.front();
  out.auc = area_under(curve.times, curve.means, true);
  out.auc_linear = area_under(curve.times, curve.means, false);
  out.terminal = terminal_of(series, shape);
  const bool steady = shape.dosing == Dosing::steady;
  if (out.terminal && !steady) {
    const double tail = series.means.back() / out.terminal->rate;
    out.auc_infinity = out.auc + tail;
    out.extrapolated = tail / *out.auc_infinity;
  }
  const std::optional<double> whole = steady ? std::optional<double>(out.auc) : out.auc_infinity;
  if (dose > 0.0 && whole && *whole > 0.0) out.clearance = dose / *whole;
  if (out.clearance && out.terminal && !steady && shape.route != Route::extravascular) {
    const double rate = out.terminal->rate, last = series.means.back();
    const double moment = moment_under(curve) + last * series.times.back() / rate + last / (rate * rate);
    out.volume = *out.clearance * (moment / *out.auc_infinity - shape.infusion / 2.0);
  }
  return out;
}

double area_under(std::span<const double> times, std::span<const double> means, bool log_down) {
  double area = 0.0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double width = times[i] - times[i - 1], a = means[i - 1], b = means[i];
    const double ratio = b > 0.0 && a > b ? a / b : 1.0;
    area += log_down && ratio > 1.0 ? width * (a - b) / std::log(ratio) : width * (a + b) / 2.0;
  }
  return area;
}

}  // namespace stroma::assays
