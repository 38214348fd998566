#include "stats/kaplan_meier.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

// `se` is that of log S.
Interval interval_of(double s, double se, double z, SurvivalScale scale) {
  if (s == 0.0) return {none, none};
  switch (scale) {
    case SurvivalScale::log:
      return {s * std::exp(-z * se), std::min(1.0, s * std::exp(z * se))};
    case SurvivalScale::plain:
      return {std::max(0.0, s - z * s * se), std::min(1.0, s + z * s * se)};
    case SurvivalScale::log_log:
      break;
  }
  if (s == 1.0) return {none, none};
  const double log_s = std::log(s), spread = z * se / log_s;  // negative, since log S is
  return {std::exp(log_s * std::exp(-spread)), std::exp(log_s * std::exp(spread))};
}

// The first time at which a falling curve is at or below a half; the middle of the step where it is a half
// exactly, as of an even number of subjects.
template <class Height>
double half_life(const std::vector<SurvivalPoint>& points, const Height& height) {
  const double rounding = std::sqrt(std::numeric_limits<double>::epsilon());
  const auto first = std::find_if(points.begin(), points.end(),
                                  [&](const SurvivalPoint& p) { return height(p) < 0.5 + rounding; });
  if (first == points.end()) return none;
  if (std::abs(height(*first) - 0.5) >= rounding) return first->time;
  const auto below =
      std::find_if(first, points.end(), [&](const SurvivalPoint& p) { return height(p) < height(*first); });
  return below == points.end() ? first->time : 0.5 * (first->time + below->time);
}

}  // namespace

KaplanMeier kaplan_meier(std::span<const FollowUp> subjects, double level, SurvivalScale scale) {
  require_follow_up(subjects, 1, "Kaplan-Meier estimate");
  require_level(level);
  std::vector<FollowUp> sorted(subjects.begin(), subjects.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const FollowUp& a, const FollowUp& b) { return a.time < b.time; });
  std::vector<double> entries;
  for (const FollowUp& s : sorted) entries.push_back(s.entry);
  std::sort(entries.begin(), entries.end());
  std::size_t entered = 0;
  const double z = normal_quantile(0.5 * (1.0 + level));
  KaplanMeier curve;
  curve.n = sorted.size();
  curve.events = count_events(sorted);
  double survival = 1.0, variance_of_log = 0.0;
  for (std::size_t i = 0; i < sorted.size();) {
    SurvivalPoint p;
    p.time = sorted[i].time;
    while (entered < entries.size() && entries[entered] < p.time) ++entered;
    p.at_risk = static_cast<double>(entered - i);  // whoever has left had entered before
    for (; i < sorted.size() && sorted[i].time == p.time; ++i)
      (sorted[i].event ? p.events : p.censored) += 1.0;
    survival *= (p.at_risk - p.events) / p.at_risk;
    if (survival > 0.0) variance_of_log += p.events / (p.at_risk * (p.at_risk - p.events));
    p.survival = survival;
    p.standard_error = survival > 0.0 ? survival * std::sqrt(variance_of_log) : none;
    p.ci = interval_of(survival, std::sqrt(variance_of_log), z, scale);
    curve.points.push_back(p);
  }
  curve.median.value = half_life(curve.points, [](const SurvivalPoint& p) { return p.survival; });
  curve.median.ci.low = half_life(curve.points, [](const SurvivalPoint& p) { return p.ci.low; });
  curve.median.ci.high = half_life(curve.points, [](const SurvivalPoint& p) { return p.ci.high; });
  return curve;
}

double survival_at(const KaplanMeier& curve, double time) {
  const auto after = std::upper_bound(curve.points.begin(), curve.points.end(), time,
                                      [](double t, const SurvivalPoint& p) { return t < p.time; });
  return after == curve.points.begin() ? 1.0 : std::prev(after)->survival;
}

std::size_t at_risk(std::span<const FollowUp> subjects, double time) {
  return static_cast<std::size_t>(std::count_if(subjects.begin(), subjects.end(), [&](const FollowUp& s) {
    return s.time >= time && (s.entry < time || (time == 0.0 && s.entry == 0.0));
  }));
}

}  // namespace stroma::stats
