#include "assays/pharmacokinetics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/nonlinear_fit.hpp"
#include "stats/straight_line.hpp"

namespace stroma::assays {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double most_extrapolated = 0.2;  // of the AUC to infinity; the usual limit of trust

struct Arm {
  std::string name;
  std::vector<const PkSample*> samples;
};

std::vector<Arm> by_arm(std::span<const PkSample> samples) {
  std::vector<Arm> arms;
  for (const PkSample& s : samples) {
    auto found = std::find_if(arms.begin(), arms.end(), [&](const Arm& a) { return a.name == s.arm; });
    if (found == arms.end()) found = arms.insert(arms.end(), Arm{s.arm, {}});
    found->samples.push_back(&s);
  }
  return arms;
}

void check(const Arm& arm, core::Diagnostics& problems) {
  std::set<double> times;
  for (const PkSample* s : arm.samples) {
    times.insert(s->time);
    if (!(s->time >= 0.0))
      problems.add("negative-time", s->place, "time",
                   fmt::format("a time of {} h; time counts from the dose", s->time));
    if (s->dose != arm.samples.front()->dose)
      problems.add("two-doses", s->place, "dose",
                   fmt::format("arm '{}' has a dose of {:.4g} here and {:.4g} before", arm.name, s->dose,
                               arm.samples.front()->dose),
                   "give each dose an arm of its own");
  }
  if (times.size() < 3)
    problems.add(
        "few-times", arm.samples.front()->place, "time",
        fmt::format("arm '{}' has {} sampling times; a curve needs at least three", arm.name, times.size()));
}

PkDesign design_of(const Arm& arm) {
  std::map<std::string, std::set<double>> times;
  std::set<double> all;
  for (const PkSample* s : arm.samples) {
    times[s->subject].insert(s->time);
    all.insert(s->time);
  }
  const bool one =
      std::all_of(times.begin(), times.end(), [](const auto& t) { return t.second.size() == 1; });
  const bool every =
      std::all_of(times.begin(), times.end(), [&](const auto& t) { return t.second.size() == all.size(); });
  return one ? PkDesign::destructive : every ? PkDesign::serial : PkDesign::batches;
}

// Means at each time; samples below the limit count as the policy says. "Before the peak" is before the time
// of the largest mean of what could be measured.
std::vector<PkPoint> points_of(const Arm& arm, BelowLimit policy) {
  std::map<double, std::vector<const PkSample*>> times;
  for (const PkSample* s : arm.samples) times[s->time].push_back(s);
  double peak_time = 0.0, peak = -1.0;
  for (const auto& [time, samples] : times) {
    double sum = 0.0;
    for (const PkSample* s : samples) sum += s->concentration.value_or(0.0);
    if (sum / static_cast<double>(samples.size()) > peak) {
      peak = sum / static_cast<double>(samples.size());
      peak_time = time;
    }
  }
  std::vector<PkPoint> points;
  for (const auto& [time, samples] : times) {
    PkPoint point{time, 0.0, 0.0, 0, 0};
    std::vector<double> values;
    for (const PkSample* s : samples) {
      if (s->concentration) {
        values.push_back(*s->concentration);
        continue;
      }
      ++point.below;
      if (policy == BelowLimit::half && s->limit > 0.0)
        values.push_back(s->limit / 2.0);
      else if (policy == BelowLimit::zero || policy == BelowLimit::half ||
               (policy == BelowLimit::usual && time < peak_time))
        values.push_back(0.0);
    }
    if (values.empty()) continue;
    point.n = values.size();
    point.mean = stats::mean(values);
    if (values.size() >= 2) point.sd = stats::standard_deviation(values);
    points.push_back(point);
  }
  return points;
}

struct Curve {
  std::vector<double> times, means, variances;  ///< variance of each mean
  std::vector<double> dof;
};

// A dose that has to be absorbed starts from nothing: where the first sample is later, the curve begins at 0.
Curve to_last_measurable(const std::vector<PkPoint>& points) {
  Curve out;
  if (!points.empty() && points.front().time > 0.0) {
    out.times.push_back(0.0);
    out.means.push_back(0.0);
    out.variances.push_back(0.0);
    out.dof.push_back(0.0);
  }
  std::size_t last = 0;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (points[i].mean > 0.0) last = i + 1;
  for (std::size_t i = 0; i < last; ++i) {
    out.times.push_back(points[i].time);
    out.means.push_back(points[i].mean);
    out.variances.push_back(points[i].n >= 2 ? points[i].sd * points[i].sd / static_cast<double>(points[i].n)
                                             : 0.0);
    out.dof.push_back(static_cast<double>(points[i].n) - 1.0);
  }
  return out;
}

PkArea area_of(const Curve& curve, bool log_down) {
  PkArea area;
  area.value = area_under(curve.times, curve.means, log_down);
  const auto function = [&](std::span<const double> means) {
    return area_under(curve.times, means, log_down);
  };
  const std::vector<double> slope = stats::gradient(function, curve.means);
  double variance = 0.0, spread = 0.0;
  for (std::size_t j = 0; j < slope.size(); ++j) {
    const double part = slope[j] * slope[j] * curve.variances[j];
    variance += part;
    if (curve.dof[j] > 0.0) spread += part * part / curve.dof[j];
  }
  area.se = std::sqrt(variance);
  area.df = spread > 0.0 ? variance * variance / spread : 0.0;
  const double t = area.df > 0.0 ? stats::student_t_critical(0.95, area.df) : infinity;
  area.ci = {area.value - t * area.se, area.value + t * area.se};
  return area;
}

// Serial samples: an area per subject, and their mean.
PkArea area_of_subjects(const Arm& arm, BelowLimit policy, bool log_down) {
  std::map<std::string, Arm> subjects;
  for (const PkSample* s : arm.samples) subjects[s->subject].samples.push_back(s);
  std::vector<double> areas;
  for (const auto& [name, subject] : subjects) {
    const Curve curve = to_last_measurable(points_of(subject, policy));
    areas.push_back(area_under(curve.times, curve.means, log_down));
  }
  PkArea area;
  area.value = stats::mean(areas);
  area.ci = {-infinity, infinity};
  if (areas.size() >= 2) {
    area.se = stats::standard_error(areas);
    area.df = static_cast<double>(areas.size()) - 1.0;
    area.ci = stats::mean_interval(areas);
  }
  return area;
}

// The last three or more points after the peak whose straight line has the best adjusted R squared; of lines
// as good to 1e-4 the longer.
std::optional<TerminalPhase> terminal_of(const Curve& curve) {
  const auto peak = static_cast<std::size_t>(std::max_element(curve.means.begin(), curve.means.end()) -
                                             curve.means.begin());
  std::vector<double> times, logs;
  for (std::size_t i = peak + 1; i < curve.times.size(); ++i) {
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

// ln amount, ln ke, ln(ka - ke): ka > ke, because the two give the same curve when exchanged.
double model_at(double t, std::span<const double> p) {
  const double ke = std::exp(p[1]);
  return one_compartment_oral(t, std::exp(p[0]), ke + std::exp(p[2]), ke);
}

std::optional<OneCompartment> fit_model(const Arm& arm, const std::vector<PkPoint>& points, double dose) {
  std::vector<double> times, values, weights;
  for (const PkSample* s : arm.samples)
    for (const PkPoint& point : points)
      if (point.time == s->time && s->concentration && point.mean > 0.0 && s->time > 0.0) {
        times.push_back(s->time);
        values.push_back(*s->concentration);
        weights.push_back(1.0 / (point.mean * point.mean));  // the error is a percentage of the concentration
      }
  std::set<double> distinct(times.begin(), times.end());
  if (distinct.size() < 4) return std::nullopt;
  const double peak = *std::max_element(values.begin(), values.end());
  const double last = *distinct.rbegin();
  stats::NonlinearOptions options;
  options.weights = weights;
  std::optional<stats::NonlinearFit> best;
  for (const double ke : {0.3 / last, 1.0 / last, 3.0 / last})
    for (const double ratio : {1.5, 5.0, 20.0}) {
      const std::vector<double> start{std::log(1.5 * peak), std::log(ke), std::log(ratio * ke)};
      stats::NonlinearFit fit = stats::fit_nonlinear(model_at, times, values, start, options);
      if (!best || fit.residual_sum_of_squares < best->residual_sum_of_squares * (1.0 - 1e-9))
        best = std::move(fit);
    }
  OneCompartment out;
  const std::vector<double>& p = best->estimates;
  out.ke = std::exp(p[1]);
  out.ka = out.ke + std::exp(p[2]);
  const double amount = std::exp(p[0]);
  out.half_life = std::log(2.0) / out.ke;
  out.tmax = one_compartment_tmax(out.ka, out.ke);
  out.cmax = one_compartment_oral(out.tmax, amount, out.ka, out.ke);
  out.auc = amount / out.ke;
  out.volume = dose > 0.0 ? dose / amount : std::numeric_limits<double>::quiet_NaN();
  out.clearance = out.volume * out.ke;
  out.usable = best->converged() && best->dof > 0;
  if (!best->converged())
    out.message =
        best->status == stats::FitStatus::not_determined
            ? "the samples do not tell absorption and elimination apart (too few early or late ones)"
            : best->message;
  else if (best->dof == 0)
    out.message = "as many samples as parameters: the curve passes through them and has no interval";
  if (!out.usable) return out;
  const double t = stats::student_t_critical(0.95, static_cast<double>(best->dof));
  const auto interval = [&](double value, double log_se) {
    return stats::Interval{value * std::exp(-t * log_se), value * std::exp(t * log_se)};
  };
  out.ke_ci = interval(out.ke, best->standard_errors[1]);
  const auto log_ka = [](std::span<const double> q) { return std::log(std::exp(q[1]) + std::exp(q[2])); };
  out.ka_ci = interval(out.ka, std::sqrt(stats::delta_variance(*best, stats::gradient(log_ka, p))));
  out.volume_ci = interval(out.volume, best->standard_errors[0]);
  return out;
}

void warn(const PkProfile& profile, core::Diagnostics& warnings) {
  if (!profile.terminal)
    warnings.add(
        "no-terminal-phase", {}, profile.arm,
        fmt::format("arm '{}': fewer than three falling points after the peak; no half-life and no area to "
                    "infinity",
                    profile.arm),
        "sample later");
  if (profile.extrapolated > most_extrapolated)
    warnings.add("extrapolated", {}, profile.arm,
                 fmt::format("arm '{}': {:.0f} % of the area to infinity lies behind the last sample",
                             profile.arm, 100.0 * profile.extrapolated),
                 "sample later");
  if (profile.design == PkDesign::batches)
    warnings.add(
        "mixed-design", {}, profile.arm,
        fmt::format("arm '{}': some subjects gave several samples and none gave all; they are counted as "
                    "different subjects, so that the interval of the area is approximate",
                    profile.arm));
  if (profile.model && !profile.model->message.empty())
    warnings.add("model-fit", {}, profile.arm,
                 fmt::format("arm '{}', one-compartment model: {}", profile.arm, profile.model->message));
}

}  // namespace

double one_compartment_oral(double t, double amount, double ka, double ke) {
  const double d = ka - ke;
  if (std::abs(d) * t < 1e-9 || d == 0.0) return amount * ka * t * std::exp(-ke * t);
  return amount * ka / d * std::exp(-ke * t) * -std::expm1(-d * t);
}

double one_compartment_tmax(double ka, double ke) {
  const double d = (ka - ke) / ke;
  return std::abs(d) < 1e-9 ? 1.0 / ke : std::log1p(d) / (ka - ke);
}

double one_compartment_steady(double t, double amount, double ka, double ke, double interval) {
  return amount * ka / (ka - ke) *
         (std::exp(-ke * t) / -std::expm1(-ke * interval) - std::exp(-ka * t) / -std::expm1(-ka * interval));
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

PkAnalysis analyse_pk(std::span<const PkSample> samples, BelowLimit policy) {
  PkAnalysis out;
  core::Diagnostics problems;
  const std::vector<Arm> arms = by_arm(samples);
  for (const Arm& arm : arms) check(arm, problems);
  problems.throw_if_any();
  for (const Arm& arm : arms) {
    PkProfile profile;
    profile.arm = arm.name;
    profile.dose = arm.samples.front()->dose;
    profile.design = design_of(arm);
    profile.points = points_of(arm, policy);
    const Curve curve = to_last_measurable(profile.points);
    if (curve.times.size() < 3) {
      out.warnings.add("below-limit", {}, arm.name,
                       fmt::format("arm '{}': no concentration could be measured at two times", arm.name));
      out.profiles.push_back(std::move(profile));
      continue;
    }
    const auto peak = static_cast<std::size_t>(std::max_element(curve.means.begin(), curve.means.end()) -
                                               curve.means.begin());
    profile.cmax = curve.means[peak];
    profile.tmax = curve.times[peak];
    const bool serial = profile.design == PkDesign::serial;
    profile.auc = serial ? area_of_subjects(arm, policy, true) : area_of(curve, true);
    profile.auc_linear = serial ? area_of_subjects(arm, policy, false) : area_of(curve, false);
    profile.terminal = terminal_of(curve);
    if (profile.terminal) {
      const double tail = curve.means.back() / profile.terminal->rate;
      profile.auc_infinity = profile.auc->value + tail;
      profile.extrapolated = tail / *profile.auc_infinity;
      if (profile.dose > 0.0) profile.clearance = profile.dose / *profile.auc_infinity;
    }
    profile.model = fit_model(arm, profile.points, profile.dose);
    warn(profile, out.warnings);
    out.profiles.push_back(std::move(profile));
  }
  return out;
}

}  // namespace stroma::assays
