#include "assays/tumour_growth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "assays/arms.hpp"
#include "stats/descriptive.hpp"
#include "stats/error.hpp"
#include "stats/straight_line.hpp"

namespace stroma::assays {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

using Key = std::pair<std::string, std::string>;  // arm, animal: numbers may begin anew in every arm

// Animals in the order of the table; the tumours of one animal on one day are added up.
std::vector<AnimalGrowth> animals_of(const std::vector<TumourVolume>& volumes, core::Diagnostics& warnings) {
  core::Diagnostics problems;
  std::vector<AnimalGrowth> out;
  std::map<Key, std::size_t> index;
  std::map<Key, std::set<std::string>> tumours;
  std::map<Key, std::map<double, std::map<std::string, const TumourVolume*>>> days;
  for (const TumourVolume& v : volumes) {
    const Key key{v.arm, v.animal};
    if (index.emplace(key, out.size()).second) out.push_back({v.animal, v.arm, {}, {}, 0.0});
    tumours[key].insert(v.tumour);
    const auto [first, fresh] = days[key][v.day].emplace(v.tumour, &v);
    if (!fresh)
      problems.add(
          "measured-twice", v.place, v.animal,
          fmt::format(
              "animal '{}' has two volumes on day {:g} (the other in line {}): measured twice, or two "
              "tumours of one animal",
              v.animal, v.day, first->second->place.line),
          "leave one out, or say which tumour it is in a column 'tumour' (such as left, right)");
  }
  problems.throw_if_any();
  std::size_t several = 0, incomplete = 0;
  for (const auto& [key, names] : tumours) {
    AnimalGrowth& animal = out[index.at(key)];
    several += names.size() > 1;
    for (const auto& [day, measured] : days.at(key)) {
      if (measured.size() < names.size()) {
        ++incomplete;  // a sum without one of its tumours would look like shrinkage
        continue;
      }
      double sum = 0.0;
      for (const auto& [name, v] : measured) sum += v->volume;
      animal.points.push_back({day, sum});
    }
  }
  if (several > 0)
    warnings.add(
        "several-tumours", {}, "tumour",
        fmt::format("{} animals carry more than one tumour: their volumes were added up, and animals are the "
                    "subjects; flanks of one animal are not independent",
                    several));
  if (incomplete > 0)
    warnings.add("incomplete-animal", {}, "tumour",
                 fmt::format("{} times not all tumours of an animal were measured: these days were left out",
                             incomplete));
  return out;
}

// "m1L" and "m1R", "7 left" and "7 right": the same animal under two names.
std::string without_side(const std::string& name) {
  std::string lower = name;
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  for (const std::string_view side : {"left", "right", "l", "r"}) {
    if (lower.size() <= side.size() || !lower.ends_with(side)) continue;
    std::string stem = lower.substr(0, lower.size() - side.size());
    const bool cut = stem.back() == '-' || stem.back() == '_' || stem.back() == ' ' || stem.back() == '.';
    while (!stem.empty() &&
           (stem.back() == '-' || stem.back() == '_' || stem.back() == ' ' || stem.back() == '.'))
      stem.pop_back();
    if (!stem.empty() && (cut || (stem.back() >= '0' && stem.back() <= '9'))) return stem;
  }
  return {};
}

void warn_of_flanks(const std::vector<AnimalGrowth>& animals, core::Diagnostics& warnings) {
  std::map<Key, int> stems;
  for (const AnimalGrowth& a : animals)
    if (const std::string stem = without_side(a.animal); !stem.empty()) ++stems[{a.arm, stem}];
  std::string examples;
  std::size_t pairs = 0;
  for (const auto& [key, n] : stems)
    if (n > 1 && pairs++ < 3) examples += (examples.empty() ? "" : ", ") + key.second;
  if (pairs > 0)
    warnings.add(
        "pseudo-replication", {}, "animal",
        fmt::format("{} names look like the two flanks of one animal ({}): they were counted as {} animals",
                    2 * pairs, examples, 2 * pairs),
        "name the animal in one column and the flank in another, 'tumour'; flanks are not independent");
}

void warn_of_gaps(const std::vector<AnimalGrowth>& animals, core::Diagnostics& warnings) {
  std::map<std::string, std::map<double, std::size_t>> days;
  std::map<std::string, std::size_t> in_arm;
  for (const AnimalGrowth& a : animals) {
    ++in_arm[a.arm];
    for (const VolumePoint& p : a.points) ++days[a.arm][p.day];
  }
  for (const AnimalGrowth& a : animals) {
    if (a.points.empty()) continue;
    std::string missing;
    std::size_t after = 0;
    for (const auto& [day, n] : days[a.arm]) {
      if (2 * n < in_arm[a.arm]) continue;  // few animals were measured: no day of the plan
      const bool there = std::any_of(a.points.begin(), a.points.end(),
                                     [day = day](const VolumePoint& p) { return p.day == day; });
      if (there) continue;
      if (day > a.points.back().day)
        ++after;
      else
        missing += fmt::format("{}{:g}", missing.empty() ? "" : ", ", day);
    }
    if (!missing.empty())
      warnings.add("missing-days", {}, a.animal,
                   fmt::format("animal '{}' ({}) was not measured on day {}", a.animal, a.arm, missing));
    if (after > 0)
      warnings.add(
          "left-early", {}, a.animal,
          fmt::format("animal '{}' ({}) was last measured on day {:g}, before others of its arm", a.animal,
                      a.arm, a.points.back().day),
          "means of the animals left are biased where those with large tumours leave first; the mixed model "
          "and the time to a volume use what was measured");
  }
}

void add_slopes(std::vector<AnimalGrowth>& animals, core::Diagnostics& warnings) {
  std::size_t zeros = 0;
  for (AnimalGrowth& a : animals) {
    std::vector<double> day, log_volume;
    for (const VolumePoint& p : a.points) {
      zeros += p.volume == 0.0;
      if (p.volume == 0.0) continue;
      day.push_back(p.day);
      log_volume.push_back(std::log(p.volume));
    }
    if (day.size() < 3) {
      warnings.add("few-volumes", {}, a.animal,
                   fmt::format("animal '{}' ({}) has {} volumes above 0: it has no slope of its own",
                               a.animal, a.arm, day.size()));
      continue;
    }
    const stats::StraightLine line = stats::fit_straight_line(day, log_volume);
    a.slope = line.slope;
    a.slope_se = line.slope_se;
  }
  if (zeros > 0)
    warnings.add(
        "volume-zero", {}, "volume",
        fmt::format("{} volumes are 0 and have no logarithm: slopes and means leave them out", zeros),
        "where tumours vanish, read the time to a volume");
}

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

// ln(V/V0) at a day, of the animals of an arm that were measured then and after their first day.
std::vector<double> relative_logs(const std::vector<AnimalGrowth>& animals, const std::string& arm,
                                  double day) {
  std::vector<double> out;
  for (const AnimalGrowth& a : animals) {
    if (a.arm != arm || a.points.empty() || a.points.front().volume == 0.0) continue;
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
    if (a.arm != arm || a.points.empty() || a.points.front().volume == 0.0) continue;
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

std::optional<double> common_day(const GrowthAnalysis& analysis, const std::optional<double>& asked) {
  std::set<double, std::greater<>> days;
  for (const AnimalGrowth& a : analysis.animals)
    for (const VolumePoint& p : a.points) days.insert(p.day);
  if (asked) days = {*asked};
  for (const double day : days)
    if (std::all_of(analysis.arms.begin(), analysis.arms.end(), [&](const ArmGrowth& arm) {
          return relative_logs(analysis.animals, arm.arm, day).size() >= 2;
        }))
      return day;
  return std::nullopt;
}

void add_inhibition(GrowthAnalysis& analysis, const std::optional<double>& asked) {
  if (analysis.comparisons.empty()) return;
  analysis.day = common_day(analysis, asked);
  if (!analysis.day) {
    core::Diagnostics problems;
    if (asked)
      problems.add("no-common-day", {}, "--day",
                   fmt::format("on day {:g} not every arm has two animals with a volume above 0", *asked));
    problems.throw_if_any();
    analysis.warnings.add(
        "no-common-day", {}, "day",
        "there is no day on which every arm has two animals with a volume above 0: inhibition is not "
        "computed");
    return;
  }
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
  for (const AnimalGrowth& a : analysis.animals) {
    if (a.points.empty()) continue;
    const double target = options.target.value_or(options.fold * a.points.front().volume);
    if (target == 0.0) {
      analysis.warnings.add(
          "volume-zero", {}, a.animal,
          fmt::format("animal '{}' ({}) begins with volume 0: it has no multiple to reach", a.animal, a.arm),
          "say the volume with --target");
      continue;
    }
    analysis.reached.subjects.push_back({a.animal, a.arm, time_until(a, target), {}, {}});
  }
  if (analysis.reached.subjects.empty()) return;
  SurvivalOptions survival;
  for (const SurvivalSubject& s : analysis.reached.subjects)
    if (s.arm == analysis.reference) survival.reference = analysis.reference;
  analysis.time_to_volume = analyse_survival(analysis.reached, survival);
}

}  // namespace

GrowthAnalysis analyse_growth(const std::vector<TumourVolume>& volumes, const GrowthOptions& options) {
  GrowthAnalysis analysis;
  analysis.animals = animals_of(volumes, analysis.warnings);
  warn_of_flanks(analysis.animals, analysis.warnings);
  warn_of_gaps(analysis.animals, analysis.warnings);
  add_slopes(analysis.animals, analysis.warnings);
  std::vector<std::string> arm_of_each;
  for (const AnimalGrowth& a : analysis.animals) arm_of_each.push_back(a.arm);
  const std::vector<std::string> arms = ordered_arms(arm_of_each, options.reference);
  analysis.reference = arms.front();
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
