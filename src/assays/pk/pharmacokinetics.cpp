#include "assays/pk/pharmacokinetics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "assays/pk/pk_design.hpp"
#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/nonlinear_fit.hpp"

namespace stroma::assays {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double most_extrapolated = 0.2;  // of the AUC to infinity; the usual limit of trust

// What a subject's samples count as at each time.
using Subjects = std::map<std::string, std::map<double, double>>;

Subjects values_of(const PkArm& arm, BelowLimit policy) {
  const std::vector<const PkSample*> samples = arm.pointers();
  const std::vector<std::optional<double>> values = counted(samples, policy);
  Subjects out;
  for (std::size_t i = 0; i < samples.size(); ++i)
    if (values[i]) out[samples[i]->subject][samples[i]->time] = *values[i];
  return out;
}

struct Variance {
  double value = 0.0, df = 0.0;
};

// Subjects sampled at the same times, and no time in common with others: the weighted sums of each group are
// independent, and Satterthwaite's degrees of freedom follow. Without groups, such as after a sample was left
// out, nothing.
std::optional<Variance> variance_of_groups(const Subjects& subjects, const std::map<double, double>& weight) {
  std::map<std::vector<double>, std::vector<double>> groups;
  std::set<double> taken;
  for (const auto& [subject, values] : subjects) {
    std::vector<double> times;
    double sum = 0.0;
    for (const auto& [time, value] : values)
      if (const auto w = weight.find(time); w != weight.end()) {
        times.push_back(time);
        sum += w->second * value;
      }
    if (!times.empty()) groups[times].push_back(sum);
  }
  Variance out;
  double spread = 0.0;
  for (const auto& [times, sums] : groups) {
    for (const double t : times)
      if (!taken.insert(t).second) return std::nullopt;
    if (sums.size() < 2) continue;
    const double part = stats::variance(sums) / static_cast<double>(sums.size());
    out.value += part;
    spread += part * part / static_cast<double>(sums.size() - 1);
  }
  if (spread > 0.0) out.df = out.value * out.value / spread;
  return out;
}

// Holder's covariances for any pattern of samples: subjects at two times tie their means; the divisor keeps
// the estimate unbiased where the means are over more subjects than the pairs (Nedelman and Jia, J. Biopharm.
// Stat. 8, 1998).
Variance variance_of_pairs(const Subjects& subjects, const std::map<double, double>& weight) {
  std::map<double, std::vector<double>> at;
  for (const auto& [subject, values] : subjects)
    for (const auto& [time, value] : values) at[time].push_back(value);
  Variance out;
  double spread = 0.0;
  for (const auto& [t, w] : weight) {
    const std::vector<double>& x = at[t];
    if (x.size() < 2) continue;
    const double n = static_cast<double>(x.size()), part = w * w * stats::variance(x) / n;
    out.value += part;
    spread += part * part / (n - 1.0);
    for (const auto& [u, v] : weight) {
      if (u <= t) continue;
      double sum = 0.0, both = 0.0;
      const double m = static_cast<double>(at[u].size()), mean_t = stats::mean(x),
                   mean_u = stats::mean(at[u]);
      for (const auto& [subject, values] : subjects)
        if (values.contains(t) && values.contains(u)) {
          sum += (values.at(t) - mean_t) * (values.at(u) - mean_u);
          both += 1.0;
        }
      const double divisor = both - 1.0 + (1.0 - both / n) * (1.0 - both / m);
      if (both > 0.0 && divisor > 0.0) out.value += 2.0 * w * v * both * (sum / divisor) / (n * m);
    }
  }
  out.value = std::max(out.value, 0.0);
  // Samples that belong together are no more degrees of freedom than their subjects.
  if (spread > 0.0)
    out.df = std::min(out.value * out.value / spread, static_cast<double>(subjects.size()) - 1.0);
  return out;
}

PkArea area_of_means(const PkArm& arm, const PkSeries& series, BelowLimit policy, bool log_down) {
  PkArea area;
  area.value = area_of_curve(series, arm.shape, log_down);
  const auto function = [&](std::span<const double> means) {
    return area_of_curve({series.times, {means.begin(), means.end()}}, arm.shape, log_down);
  };
  const std::vector<double> slope = stats::gradient(function, series.means);
  std::map<double, double> weight;
  for (std::size_t i = 0; i < slope.size(); ++i) weight[series.times[i]] = slope[i];
  const Subjects subjects = values_of(arm, policy);
  const std::optional<Variance> grouped = variance_of_groups(subjects, weight);
  const Variance variance = grouped ? *grouped : variance_of_pairs(subjects, weight);
  area.se = std::sqrt(variance.value);
  area.df = variance.df;
  const double t = area.df > 0.0 ? stats::student_t_critical(0.95, area.df) : infinity;
  area.ci = {area.value - t * area.se, area.value + t * area.se};
  return area;
}

PkArea area_of_subjects(const std::vector<double>& areas) {
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

std::optional<PkMean> mean_over(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  return PkMean{stats::mean(values), values.size() >= 2 ? stats::standard_error(values) : 0.0, values.size()};
}

// A curve per subject, and means over them.
void add_subjects(PkProfile& profile, const PkArm& arm, core::Diagnostics& warnings) {
  std::map<std::string, std::vector<const PkSample*>> subjects;
  for (const PkSample& s : arm.samples) subjects[s.subject].push_back(&s);
  std::size_t few = 0;
  double earliest_end = infinity, latest_end = 0.0;
  for (const std::string& name : arm.subjects()) {
    const std::vector<const PkSample*>& samples = subjects[name];
    const PkSeries series = measurable(points_of(samples, profile.below));
    if (samples.size() < 3 || series.times.size() < 2) {
      ++few;
      continue;
    }
    double end = 0.0;
    for (const PkSample* s : samples) end = std::max(end, s->time);
    earliest_end = std::min(earliest_end, end);
    latest_end = std::max(latest_end, end);
    profile.subjects.push_back(analyse_curve(series, arm.shape, samples.front()->dose));
    profile.subjects.back().subject = name;
  }
  if (few > 0)
    warnings.add(
        "no-curve", {}, arm.name,
        fmt::format("arm '{}': {} subject{} with fewer than three samples or two measurable ones {} no "
                    "area and {} left out",
                    arm.name, few, few == 1 ? "" : "s", few == 1 ? "has" : "have", few == 1 ? "is" : "are"));
  constexpr double alike = 0.8;  // ends of curves within 20 %: real times of one plan
  if (profile.dosing == Dosing::single && earliest_end < alike * latest_end)
    warnings.add(
        "short-curves", {}, arm.name,
        fmt::format("arm '{}': the last samples of the subjects are at {:g} to {:g} h: areas to the last "
                    "sample end at different times",
                    arm.name, earliest_end, latest_end),
        "compare areas to infinity, or leave the short curves out");
  std::vector<double> cmax, tmax, c0, auc, linear, infinite, half_life, clearance, volume, extrapolated;
  for (const PkCurve& c : profile.subjects) {
    cmax.push_back(c.cmax);
    tmax.push_back(c.tmax);
    auc.push_back(c.auc);
    linear.push_back(c.auc_linear);
    if (c.c0) c0.push_back(*c.c0);
    if (c.terminal) half_life.push_back(c.terminal->half_life);
    if (c.auc_infinity) {
      infinite.push_back(*c.auc_infinity);
      extrapolated.push_back(c.extrapolated);
    }
    if (c.clearance) clearance.push_back(*c.clearance);
    if (c.volume) volume.push_back(*c.volume);
  }
  if (auc.empty()) return;
  profile.cmax = stats::mean(cmax);
  profile.tmax = stats::quantile(tmax, 0.5);
  if (!c0.empty()) profile.c0 = stats::mean(c0);
  profile.auc = area_of_subjects(auc);
  profile.auc_linear = area_of_subjects(linear);
  profile.half_life = mean_over(half_life);
  profile.auc_infinity = mean_over(infinite);
  profile.clearance = mean_over(clearance);
  profile.volume = mean_over(volume);
  if (!extrapolated.empty()) profile.extrapolated = stats::mean(extrapolated);
  if (profile.subjects.size() == 1) profile.terminal = profile.subjects.front().terminal;
}

// The curve of the means.
void add_means(PkProfile& profile, const PkArm& arm) {
  const PkSeries series = measurable(profile.points);
  if (series.times.size() < 2) return;
  const PkCurve curve = analyse_curve(series, arm.shape, arm.dose);
  const auto single = [](const std::optional<double>& value) {
    return value ? std::optional<PkMean>(PkMean{*value, 0.0, 1}) : std::nullopt;
  };
  profile.cmax = curve.cmax;
  profile.tmax = curve.tmax;
  profile.c0 = curve.c0;
  profile.auc = area_of_means(arm, series, profile.below, true);
  profile.auc_linear = area_of_means(arm, series, profile.below, false);
  profile.terminal = curve.terminal;
  if (curve.terminal) profile.half_life = PkMean{curve.terminal->half_life, 0.0, 1};
  profile.auc_infinity = single(curve.auc_infinity);
  profile.extrapolated = curve.extrapolated;
  profile.clearance = single(curve.clearance);
  profile.volume = single(curve.volume);
}

std::string words_of(BelowLimit policy) {
  switch (policy) {
    case BelowLimit::usual:
      return "usual";
    case BelowLimit::zero:
      return "zero";
    case BelowLimit::majority:
      return "majority";
    case BelowLimit::half:
      return "half";
    case BelowLimit::missing:
      break;
  }
  return "missing";
}

PkProfile profile_of(const PkArm& arm, BelowLimit below, core::Diagnostics& warnings) {
  PkProfile profile;
  profile.arm = arm.name;
  profile.dose = arm.dose;
  profile.design = arm.design;
  profile.route = arm.shape.route;
  profile.dosing = arm.shape.dosing;
  profile.tau = arm.shape.tau;
  profile.below = below;
  profile.points = points_of(arm.pointers(), below);
  if (arm.design == PkDesign::serial)
    add_subjects(profile, arm, warnings);
  else
    add_means(profile, arm);
  return profile;
}

// Where the rule for samples below the limit decides the result, every rule's area stands beside it.
void say_below(const PkProfile& profile, const PkArm& arm, bool given, PkAnalysis& out) {
  std::size_t below = 0;
  for (const PkSample& s : arm.samples) below += !s.concentration;
  if (below == 0) return;
  const std::string what = fmt::format("'{}', {} of {} samples of '{}'", words_of(profile.below), below,
                                       arm.samples.size(), arm.name);
  if (given)
    out.understanding.given("below the limit", what, "--blq");
  else
    out.understanding.assumed("below the limit", what, "--blq");
  std::string areas;
  double low = infinity, high = -infinity;
  for (const BelowLimit other :
       {BelowLimit::usual, BelowLimit::zero, BelowLimit::majority, BelowLimit::half, BelowLimit::missing}) {
    core::Diagnostics ignored;
    const PkProfile there = profile_of(arm, other, ignored);
    if (!there.auc) continue;
    low = std::min(low, there.auc->value);
    high = std::max(high, there.auc->value);
    areas += fmt::format("{}{} {:.4g} (linear {:.4g})", areas.empty() ? "" : ", ", words_of(other),
                         there.auc->value, there.auc_linear->value);
  }
  constexpr double matters = 1.1;
  if (high > matters * low)
    out.warnings.add("below-limit-decides", {}, arm.name,
                     fmt::format("arm '{}': the area depends on what samples below the limit count as: {}",
                                 arm.name, areas),
                     "say the rule of your protocol with --blq");
}

void warn(const PkProfile& profile, core::Diagnostics& warnings) {
  const std::size_t curves = std::max<std::size_t>(1, profile.subjects.size());
  const std::size_t with = profile.half_life ? profile.half_life->n : 0;
  if (with < curves)
    warnings.add(
        "no-terminal-phase", {}, profile.arm,
        fmt::format("arm '{}': fewer than three falling points after the peak{}; no half-life and no area to "
                    "infinity",
                    profile.arm,
                    curves > 1 ? fmt::format(" of {} of {} subjects", curves - with, curves) : ""),
        "sample later");
  if (profile.extrapolated > most_extrapolated)
    warnings.add("extrapolated", {}, profile.arm,
                 fmt::format("arm '{}': {:.0f} % of the area to infinity lies behind the last sample",
                             profile.arm, 100.0 * profile.extrapolated),
                 "sample later");
  if (profile.dosing == Dosing::steady && !profile.points.empty() && profile.points.back().time < profile.tau)
    warnings.add(
        "short-interval", {}, profile.arm,
        fmt::format("arm '{}': the last sample is at {:g} h, before the end of the interval of {:g} h: "
                    "the rest of the area is extrapolated with the terminal rate",
                    profile.arm, profile.points.back().time, profile.tau),
        "sample until the next dose");
  if (profile.dosing == Dosing::steady && !profile.points.empty() && profile.points.back().time > profile.tau)
    warnings.add(
        "beyond-interval", {}, profile.arm,
        fmt::format("arm '{}': samples after the end of the interval of {:g} h are not part of its area",
                    profile.arm, profile.tau));
  if (profile.model && !profile.model->message.empty())
    warnings.add("model-fit", {}, profile.arm,
                 fmt::format("arm '{}', one-compartment model: {}", profile.arm, profile.model->message));
}

}  // namespace

PkAnalysis analyse_pk(std::span<const PkSample> samples, const PkOptions& options) {
  PkAnalysis out;
  const std::vector<PkArm> arms = arrange_arms(samples, options, out.understanding, out.warnings);
  for (const PkArm& arm : arms) {
    const BelowLimit below =
        options.below.value_or(arm.design == PkDesign::serial ? BelowLimit::usual : BelowLimit::zero);
    PkProfile profile = profile_of(arm, below, out.warnings);
    say_below(profile, arm, options.below.has_value(), out);
    if (!profile.auc) {
      out.warnings.add("below-limit", {}, arm.name,
                       fmt::format("arm '{}': no concentration could be measured at two times", arm.name));
      out.profiles.push_back(std::move(profile));
      continue;
    }
    if (profile.route == Route::extravascular && profile.dosing == Dosing::single)
      profile.model = fit_one_compartment(arm.pointers(), profile.points, profile.dose);
    warn(profile, out.warnings);
    out.profiles.push_back(std::move(profile));
  }
  return out;
}

}  // namespace stroma::assays
