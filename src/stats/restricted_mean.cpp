#include "stats/restricted_mean.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/distributions.hpp"
#include "stats/error.hpp"
#include "stats/kaplan_meier.hpp"

namespace stroma::stats {
namespace {

double last_time(std::span<const FollowUp> subjects) {
  require_follow_up(subjects, 1, "restricted mean survival time");
  return std::max_element(subjects.begin(), subjects.end(),
                          [](const FollowUp& a, const FollowUp& b) { return a.time < b.time; })
      ->time;
}

double two_sided(double estimate, double standard_error) {
  return standard_error > 0.0 ? normal_two_sided(estimate / standard_error) : 1.0;
}

}  // namespace

RestrictedMean restricted_mean(std::span<const FollowUp> subjects, double tau, double level) {
  const KaplanMeier curve = kaplan_meier(subjects, level);
  if (!(tau > 0.0 && std::isfinite(tau)))
    throw StatisticsError(
        fmt::format("restricted mean survival time: tau is {}, a positive number is needed", tau));
  const SurvivalPoint& last = curve.points.back();
  if (tau > last.time && last.survival > 0.0)
    throw StatisticsError(
        fmt::format("restricted mean survival time: tau is {}, but the curve is not known after {}, when the "
                    "last subject was censored",
                    tau, last.time));
  RestrictedMean r;
  double variance = 0.0, area = 0.0, until = tau;  // backwards: the area from a time to tau
  for (auto p = curve.points.rbegin(); p != curve.points.rend(); ++p) {
    if (p->time > tau) continue;
    area += (until - p->time) * p->survival;
    until = p->time;
    if (p->at_risk > p->events) variance += area * area * p->events / (p->at_risk * (p->at_risk - p->events));
  }
  r.mean = area + until;
  r.standard_error = std::sqrt(variance);
  const double half = normal_quantile(0.5 * (1.0 + level)) * r.standard_error;
  r.ci = {r.mean - half, r.mean + half};
  return r;
}

double common_tau(std::span<const FollowUp> first, std::span<const FollowUp> second) {
  return std::min(last_time(first), last_time(second));
}

RestrictedMeanComparison compare_restricted_means(std::span<const FollowUp> first,
                                                  std::span<const FollowUp> second, double tau,
                                                  double level) {
  RestrictedMeanComparison c;
  c.first = restricted_mean(first, tau, level);
  c.second = restricted_mean(second, tau, level);
  const double z = normal_quantile(0.5 * (1.0 + level));
  c.difference = c.first.mean - c.second.mean;
  const double se = std::hypot(c.first.standard_error, c.second.standard_error);
  c.difference_ci = {c.difference - z * se, c.difference + z * se};
  c.difference_p = two_sided(c.difference, se);
  if (c.first.mean <= 0.0 || c.second.mean <= 0.0) {  // everybody had the event at time 0
    const double none = std::numeric_limits<double>::quiet_NaN();
    c.ratio = c.ratio_p = none;
    c.ratio_ci = {none, none};
    return c;
  }
  c.ratio = c.first.mean / c.second.mean;
  const double log_se =
      std::hypot(c.first.standard_error / c.first.mean, c.second.standard_error / c.second.mean);
  c.ratio_ci = {c.ratio * std::exp(-z * log_se), c.ratio * std::exp(z * log_se)};
  c.ratio_p = two_sided(std::log(c.ratio), log_se);
  return c;
}

}  // namespace stroma::stats
