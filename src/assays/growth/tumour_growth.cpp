#include "assays/growth/tumour_growth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "assays/arms.hpp"
#include "assays/growth/tumour_animals.hpp"
#include "stats/descriptive.hpp"
#include "stats/error.hpp"

namespace stroma::assays {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

ArmGrowth mean_of(const std::string& arm, const std::vector<AnimalGrowth>& animals) {
  ArmGrowth out{arm, {}, 0, nan, {nan, nan}};
  std::map<double, std::vector<double>> days;
  for (const AnimalGrowth& a : animals) {
    if (a.arm != arm) continue;
    ++out.animals;
    for (const VolumePoint& p : a.points)
      if (p.volume > 0.0) days[p.day].push_back(std::log(p.volume));
  }
  for (const auto& [day, logs] : days)
    if (2 * logs.size() >= out.animals) out.mean.push_back({day, std::exp(stats::mean(logs))});
  return out;
}

// ln V = level of the arm + rate of the arm x day; day counts from the first measurement of all.
void add_model(GrowthAnalysis& analysis) {
  stats::MixedModelData data;
  const std::size_t arms = analysis.arms.size();
  double start = std::numeric_limits<double>::infinity();
  for (const AnimalGrowth& a : analysis.animals)
    for (const VolumePoint& p : a.points) start = std::min(start, p.day);
  std::vector<double> fixed, random;
  for (std::size_t i = 0; i < analysis.animals.size(); ++i) {
    const AnimalGrowth& a = analysis.animals[i];
    for (const VolumePoint& p : a.points) {
      if (p.volume == 0.0) continue;
      const double day = p.day - start;
      data.y.push_back(std::log(p.volume));
      data.subject.push_back(static_cast<int>(i));
      for (const double scale : {1.0, day})
        for (std::size_t k = 0; k < arms; ++k)
          fixed.push_back(k == 0 || a.arm == analysis.arms[k].arm ? scale : 0.0);
      random.insert(random.end(), {1.0, day});
    }
  }
  for (const char* what : {"level", "rate"})
    for (std::size_t k = 0; k < arms; ++k)
      data.names.push_back(k == 0 ? fmt::format("{} of {}", what, analysis.arms[0].arm)
                                  : fmt::format("{} of {}, difference", what, analysis.arms[k].arm));
  data.fixed = {data.y.size(), 2 * arms, std::move(fixed)};
  data.random = {data.y.size(), 2, std::move(random)};
  try {
    analysis.model = stats::fit_mixed_model(data);
  } catch (const stats::StatisticsError& error) {
    analysis.warnings.add("no-mixed-model", {}, "mixed model", error.what());
    return;
  }
  analysis.modelled = analysis.model.usable();
  if (!analysis.model.message.empty())
    analysis.warnings.add(analysis.modelled ? "mixed-model-boundary" : "no-mixed-model", {}, "mixed model",
                          analysis.model.message);
}

void add_rates(GrowthAnalysis& analysis) {
  if (!analysis.modelled) return;
  const std::size_t arms = analysis.arms.size(), p = 2 * arms;
  const std::vector<double>& c = analysis.model.covariance;
  const stats::FixedEffect& base = analysis.model.fixed[arms];
  // Half the interval over the standard error: the quantile of t that the model used.
  const double quantile = (base.ci.high - base.estimate) / base.standard_error;
  for (std::size_t k = 0; k < arms; ++k) {
    const stats::FixedEffect& effect = analysis.model.fixed[arms + k];
    ArmGrowth& arm = analysis.arms[k];
    arm.rate = k == 0 ? base.estimate : base.estimate + effect.estimate;
    const double variance =
        k == 0 ? c[arms * p + arms]
               : c[arms * p + arms] + c[(arms + k) * p + arms + k] + 2.0 * c[arms * p + arms + k];
    const double half = quantile * std::sqrt(variance);
    arm.rate_ci = {arm.rate - half, arm.rate + half};
    if (k == 0) continue;
    GrowthComparison& comparison = analysis.comparisons[k - 1];
    comparison.rate_difference = effect.estimate;
    comparison.rate_ci = effect.ci;
    comparison.rate_p = effect.p;
  }
}

// An animal whose volumes can be put relative to its baseline.
bool has_start(const AnimalGrowth& a, const std::string& arm) {
  return a.arm == arm && a.has_baseline && !a.points.empty() && a.points.front().volume > 0.0;
}

// ln(V/V0) at a day, of the animals of an arm that were measured then and after their baseline.
std::vector<double> relative_logs(const std::vector<AnimalGrowth>& animals, const std::string& arm,
                                  double day) {
  std::vector<double> out;
  for (const AnimalGrowth& a : animals) {
    if (!has_start(a, arm)) continue;
    for (std::size_t i = 1; i < a.points.size(); ++i)
      if (a.points[i].day == day && a.points[i].volume > 0.0)
        out.push_back(std::log(a.points[i].volume / a.points.front().volume));
  }
  return out;
}

// V/V0 and V - V0 at a day, volumes of 0 among them.
struct Responses {
  std::vector<double> relative, change;
};

Responses responses_of(const std::vector<AnimalGrowth>& animals, const std::string& arm, double day) {
  Responses out;
  for (const AnimalGrowth& a : animals) {
    if (!has_start(a, arm)) continue;
    for (std::size_t i = 1; i < a.points.size(); ++i) {
      if (a.points[i].day != day) continue;
      out.relative.push_back(a.points[i].volume / a.points.front().volume);
      out.change.push_back(a.points[i].volume - a.points.front().volume);
    }
  }
  return out;
}

std::optional<stats::RatioOfMeans> ratio_of(const std::vector<double>& arm,
                                            const std::vector<double>& control) {
  try {
    return stats::ratio_of_means(arm, control);
  } catch (const stats::StatisticsError&) {  // no spread, or controls that did not change
    return std::nullopt;
  }
}

// Of the animals of an arm those that were measured on a day after their baseline.
std::size_t measured_on(const std::vector<AnimalGrowth>& animals, const std::string& arm, double day) {
  std::size_t out = 0;
  for (const AnimalGrowth& a : animals)
    for (std::size_t i = 1; a.arm == arm && i < a.points.size(); ++i) out += a.points[i].day == day;
  return out;
}

// The least share of an arm's animals that are still measured on a day.
double least_share(const GrowthAnalysis& analysis, double day) {
  double share = 1.0;
  for (const ArmGrowth& arm : analysis.arms)
    share = std::min(share, static_cast<double>(measured_on(analysis.animals, arm.arm, day)) /
                                static_cast<double>(arm.animals));
  return share;
}

// The last day on which nearly all animals of every arm were measured; where there is none, the day with the
// largest share. Two volumes with a logarithm in every arm are needed.
std::optional<double> common_day(const GrowthAnalysis& analysis, const std::optional<double>& asked) {
  std::set<double, std::greater<>> days;
  for (const AnimalGrowth& a : analysis.animals)
    for (const VolumePoint& p : a.points) days.insert(p.day);
  if (asked) days = {*asked};
  std::optional<double> best;
  double best_share = -1.0;
  for (const double day : days) {
    const bool two = std::all_of(analysis.arms.begin(), analysis.arms.end(), [&](const ArmGrowth& arm) {
      return relative_logs(analysis.animals, arm.arm, day).size() >= 2;
    });
    if (!two) continue;
    const double share = least_share(analysis, day);
    if (share >= nearly_all) return day;
    if (share > best_share) {
      best = day;
      best_share = share;
    }
  }
  return best;
}

std::string animals_on(const GrowthAnalysis& analysis, double day) {
  std::string out;
  for (const ArmGrowth& arm : analysis.arms)
    out += fmt::format("{}{} {} of {}", out.empty() ? "" : ", ", arm.arm,
                       measured_on(analysis.animals, arm.arm, day), arm.animals);
  return out;
}

void say_day(GrowthAnalysis& analysis, bool asked) {
  const double day = *analysis.day, share = least_share(analysis, day);
  const std::string n = animals_on(analysis, day);
  if (asked)
    analysis.understanding.given("day of the inhibition", fmt::format("day {:g}: {}", day, n), "--day");
  else
    analysis.understanding.found(
        "day of the inhibition",
        share >= nearly_all
            ? fmt::format("day {:g}, the last with {:.0f} % of every arm's animals: {}", day,
                          100.0 * nearly_all, n)
            : fmt::format("day {:g}, on which most animals of every arm are left: {}", day, n),
        "--day DAY");
  if (share < nearly_all)
    analysis.warnings.add(
        "few-animals-left", {}, "--day",
        fmt::format("on day {:g} less than {:.0f} % of an arm's animals were measured ({}): where those with "
                    "large tumours leave first, the inhibition is biased",
                    day, 100.0 * nearly_all, n),
        "read the growth rates and the time to a volume, or take an earlier day with --day");
}

void add_inhibition(GrowthAnalysis& analysis, const std::optional<double>& asked) {
  if (analysis.comparisons.empty()) return;
  analysis.day = common_day(analysis, asked);
  if (!analysis.day) {
    core::Diagnostics problems;
    if (asked)
      problems.add("no-common-day", {}, "--day",
                   fmt::format("on day {:g} not every arm has two animals with a volume above 0 there and at "
                               "the baseline",
                               *asked));
    problems.throw_if_any();
    analysis.warnings.add(
        "no-common-day", {}, "day",
        "there is no day on which every arm has two animals with a volume above 0 there and "
        "at the baseline: inhibition is not computed");
    return;
  }
  say_day(analysis, asked.has_value());
  std::size_t empty = 0;
  for (const AnimalGrowth& a : analysis.animals)
    empty += a.has_baseline && a.points.size() > 1 && a.points.front().volume == 0.0;
  if (empty > 0)
    analysis.warnings.add(
        "volume-zero", {}, "--baseline",
        fmt::format("{} animals have volume 0 at the baseline: nothing is relative to it, and "
                    "they are not among the animals of the inhibition",
                    empty),
        "count from a day on which every tumour can be measured: --baseline DAY");
  const std::vector<double> control = relative_logs(analysis.animals, analysis.reference, *analysis.day);
  const Responses untreated = responses_of(analysis.animals, analysis.reference, *analysis.day);
  for (GrowthComparison& c : analysis.comparisons) {
    const std::vector<double> arm = relative_logs(analysis.animals, c.arm, *analysis.day);
    c.n = arm.size();
    c.n_reference = control.size();
    const Responses treated = responses_of(analysis.animals, c.arm, *analysis.day);
    c.relative_volumes = ratio_of(treated.relative, untreated.relative);
    c.changes = ratio_of(treated.change, untreated.change);
    if (treated.relative.size() > c.n)
      analysis.warnings.add(
          "volume-zero", {}, c.arm,
          fmt::format("{} of the {} tumours of '{}' have volume 0 on day {:g}: the inhibition of geometric "
                      "means leaves them out, T/C of arithmetic means does not",
                      treated.relative.size() - c.n, treated.relative.size(), c.arm, *analysis.day));
    try {
      const stats::TTest test = stats::welch_t_test(arm, control);
      c.inhibition = 1.0 - std::exp(test.difference);
      c.inhibition_ci = {1.0 - std::exp(test.ci.high), 1.0 - std::exp(test.ci.low)};
      c.inhibition_p = test.p;
    } catch (const stats::StatisticsError& error) {
      analysis.warnings.add("no-inhibition", {}, c.arm, error.what());
    }
  }
}

// When ln V crosses the target between two measurements, on the straight line between them.
stats::FollowUp time_until(const AnimalGrowth& a, double target) {
  const double start = a.points.front().day;
  for (std::size_t i = 0; i < a.points.size(); ++i) {
    if (a.points[i].volume < target) continue;
    if (i == 0) return {0.0, true};
    const VolumePoint &before = a.points[i - 1], &now = a.points[i];
    const double share = before.volume > 0.0
                             ? std::log(target / before.volume) / std::log(now.volume / before.volume)
                             : 1.0;  // from nothing: when it was seen
    return {before.day + share * (now.day - before.day) - start, true};
  }
  return {a.points.back().day - start, false};
}

void add_times(GrowthAnalysis& analysis, const GrowthOptions& options) {
  std::size_t zero = 0, late = 0;
  for (const AnimalGrowth& a : analysis.animals) {
    if (a.points.empty()) continue;
    if (!a.has_baseline) {  // when it was dosed it was not measured: its clock cannot start
      ++late;
      continue;
    }
    const double target = options.target.value_or(options.fold * a.points.front().volume);
    if (target == 0.0) {
      ++zero;
      continue;
    }
    analysis.reached.subjects.push_back({a.animal, a.arm, time_until(a, target), {}, {}});
  }
  if (zero > 0)
    analysis.warnings.add(
        "volume-zero", {}, "--target",
        fmt::format("{} animals begin with volume 0: they have no multiple of it to reach and are not among "
                    "the times to a volume",
                    zero),
        "say the volume with --target");
  if (late > 0)
    analysis.warnings.add(
        "no-baseline", {}, "--baseline",
        fmt::format("{} animals without a measurement at the baseline are not among the times to a volume",
                    late));
  if (analysis.reached.subjects.empty()) return;
  SurvivalOptions survival;
  for (const SurvivalSubject& s : analysis.reached.subjects)
    if (s.arm == analysis.reference) survival.reference = analysis.reference;
  analysis.time_to_volume = analyse_survival(analysis.reached, survival);
}

// The reference is named by the user or by its own name; the order of lines decides nothing.
std::string reference_of(const std::vector<std::string>& arms, const GrowthOptions& options,
                         core::Understanding& understanding) {
  if (arms.size() < 2) return arms.front();
  if (!options.reference.empty()) {
    understanding.given("reference", fmt::format("'{}'", options.reference), "--reference");
    return options.reference;
  }
  const std::vector<std::string> controls = arms_called_control(arms);
  if (controls.size() == 1) {
    understanding.found("reference", fmt::format("'{}', by its name", controls[0]), "--reference ARM");
    return controls[0];
  }
  core::Diagnostics problems;
  std::vector<core::Choice> choices;
  for (const std::string& arm : controls.empty() ? arms : controls)
    choices.push_back({fmt::format("'{}' is the control", arm), fmt::format("--reference '{}'", arm)});
  problems.add(
      "which-reference", {}, "--reference",
      controls.empty()
          ? fmt::format("none of the {} arms is called a control (vehicle, untreated, PBS ...)", arms.size())
          : fmt::format("{} arms are called a control", controls.size()),
      core::choices(options.command, choices));
  problems.throw_if_any();
  return {};
}

}  // namespace

GrowthAnalysis analyse_growth(const std::vector<TumourVolume>& volumes, const GrowthOptions& options) {
  GrowthAnalysis analysis;
  analysis.animals = gather_animals(volumes, analysis.warnings);
  warn_of_flanks(analysis.animals, analysis.warnings);
  std::vector<std::string> arm_of_each;
  for (const AnimalGrowth& a : analysis.animals) arm_of_each.push_back(a.arm);
  const std::vector<std::string> arms =
      ordered_arms(arm_of_each, reference_of(ordered_arms(arm_of_each, {}), options, analysis.understanding));
  analysis.reference = arms.front();
  analysis.baseline =
      start_at_baseline(analysis.animals, options.baseline, analysis.understanding, analysis.warnings);
  warn_of_gaps(analysis.animals, analysis.warnings);
  add_slopes(analysis.animals, analysis.warnings);
  for (const std::string& arm : arms) {
    analysis.arms.push_back(mean_of(arm, analysis.animals));
    if (arm != analysis.reference)
      analysis.comparisons.push_back({arm, nan, {nan, nan}, nan, {}, {}, nan, 0, 0});
  }
  add_model(analysis);
  add_rates(analysis);
  add_inhibition(analysis, options.day);
  add_times(analysis, options);
  return analysis;
}

}  // namespace stroma::assays
