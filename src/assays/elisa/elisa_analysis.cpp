// The desk side of the ELISA: standards -> logistic -> concentrations -> amount per 1e5 cells.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "assays/dose_response/dose_unit.hpp"
#include "assays/elisa/elisa.hpp"
#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"

namespace stroma::assays {
namespace {

constexpr std::size_t least_standards = 5;  // a 4-parameter curve and one to spare
// Weights are 1/OD^2 because the error of a well is a percentage of its signal; below this density the
// reader's own noise rules.
constexpr double weight_floor = 0.02;

double weight(double od) {
  const double scale = std::max(od, weight_floor);
  return 1.0 / (scale * scale);
}

using Key = std::pair<std::string, int>;

struct Wells {
  Key key;
  std::map<double, std::vector<double>> by_dilution;  ///< ODs inside the reader's range
  bool saturated = false;
};

struct Sorted {
  std::vector<double> standards, ods, weights;
  std::vector<Wells> samples;
};

Sorted sort_wells(const Plate& plate, core::Diagnostics& warnings) {
  core::Diagnostics problems;
  Sorted out;
  for (std::size_t i = 0; i < plate.wells.size(); ++i) {
    const PlateWell& well = plate.wells[i];
    if (well.role != WellRole::standard && well.role != WellRole::sample) continue;
    const std::string name = to_string(plate.format.position(i));
    const bool read = well.od && std::isfinite(*well.od);
    if (!read)
      problems.add("no-reading", {}, name,
                   fmt::format("well {} of plate '{}' has no reading", name, plate.name));
    if (well.over_range)
      warnings.add("saturated-well", {}, name,
                   fmt::format("well {} is at the reader's limit and is left out", name),
                   "dilute the sample further");
    if (well.role == WellRole::standard) {
      if (!well.standard || !std::isfinite(*well.standard) || *well.standard < 0.0)
        problems.add("bad-standard", {}, name,
                     fmt::format("standard {} needs a concentration of 0 or more", name));
      else if (read && !well.over_range) {
        out.standards.push_back(*well.standard);
        out.ods.push_back(*well.od);
        out.weights.push_back(weight(*well.od));
      }
      continue;
    }
    if (!(well.dilution >= 1.0) || !std::isfinite(well.dilution))
      problems.add("bad-dilution", {}, name,
                   fmt::format("well {}: a dilution of {}; it must be 1 or more", name, well.dilution));
    const Key key{well.arm, well.replicate};
    auto found =
        std::find_if(out.samples.begin(), out.samples.end(), [&](const Wells& w) { return w.key == key; });
    if (found == out.samples.end()) found = out.samples.insert(out.samples.end(), Wells{key, {}, false});
    found->saturated = found->saturated || well.over_range;
    if (read && !well.over_range) found->by_dilution[well.dilution].push_back(*well.od);
  }
  const std::set<double> distinct(out.standards.begin(), out.standards.end());
  if (distinct.size() < least_standards)
    problems.add(
        "too-few-standards", {}, plate.name,
        fmt::format("plate '{}' has {} different standards that can be read; a 4-parameter curve needs {}",
                    plate.name, distinct.size(), least_standards));
  problems.throw_if_any();
  return out;
}

stats::DoseResponseFit calibrate(const Sorted& wells, const std::string& plate) {
  stats::DoseResponseOptions options;
  options.weights = wells.weights;
  stats::DoseResponseFit fit = stats::fit_dose_response(wells.standards, wells.ods, options);
  if (!fit.usable()) {
    core::Diagnostics problems;
    problems.add("standard-curve", {}, plate,
                 fmt::format("the standards of plate '{}' give no curve: {}", plate, fit.message));
    problems.throw_if_any();
  }
  return fit;
}

// What each standard reads back as, against what it was: one that was pipetted or labelled wrongly pulls the
// curve and widens every interval. 70 to 130 % is wider than what assays are validated with (80 to 120 %, FDA
// 2018), because the curve went through the very wells that are judged.
void judge_standards(const Plate& plate, const stats::DoseResponseFit& curve, core::Diagnostics& warnings) {
  constexpr double low = 0.7, high = 1.3;
  std::map<double, std::pair<std::vector<double>, std::string>> standards;  // concentration: ODs, wells
  for (std::size_t i = 0; i < plate.wells.size(); ++i) {
    const PlateWell& well = plate.wells[i];
    if (well.role != WellRole::standard || well.over_range || !well.od || !(*well.standard > 0.0)) continue;
    auto& [ods, names] = standards[*well.standard];
    ods.push_back(*well.od);
    names += (names.empty() ? "" : ", ") + to_string(plate.format.position(i));
  }
  std::string off;
  for (const auto& [concentration, wells] : standards) {
    const double od = stats::mean(wells.first);
    const stats::BackCalculation back = stats::back_calculate(curve, wells.first, 0.95, weight(od));
    const double recovery = back.defined ? back.dose / concentration : 0.0;
    if (recovery >= low && recovery <= high) continue;
    const auto shown = [&](double ng_per_mL) { return shown_dose(ng_per_mL, plate.standard_unit); };
    off += fmt::format(
        "{}{:.4g} {} (wells {}) {}", off.empty() ? "" : "; ", shown(concentration), plate.standard_unit,
        wells.second,
        back.defined ? fmt::format("as {:.3g}", shown(back.dose)) : "beyond the curve's plateaus");
  }
  if (!off.empty())
    warnings.add(
        "off-curve-standard", {}, plate.name,
        "standards that read back as less than 70 % or more than 130 % of what they should be: " + off,
        "look at their dilution and their places in the map; one wrong standard pulls the curve away "
        "from the others, and widens every interval");
}

std::string name_of(const ElisaReadout& readout) {
  return fmt::format("'{}', replicate {}", readout.arm, readout.replicate);
}

// The wells of one dilution, read back together and each by itself.
struct ReadDilution {
  ElisaDilution out;
  stats::BackCalculation back;
  std::vector<double> logs;  // ln of each well's concentration; empty where one cannot be read back
};

ReadDilution read_back(double dilution, const std::vector<double>& ods, const stats::DoseResponseFit& curve) {
  ReadDilution d;
  d.back = stats::back_calculate(curve, ods, 0.95, weight(stats::mean(ods)));
  d.out.factor = dilution;
  d.out.wells = ods.size();
  d.out.range = d.back.range;
  if (d.back.defined) d.out.concentration = d.back.dose * dilution;
  std::vector<double> concentrations;
  for (const double od : ods) {
    const std::array one{od};
    const stats::BackCalculation well = stats::back_calculate(curve, one, 0.95, weight(od));
    if (!well.defined) break;
    concentrations.push_back(well.dose * dilution);
    d.logs.push_back(std::log(well.dose * dilution));
  }
  if (d.logs.size() < ods.size()) d.logs.clear();
  if (d.logs.size() >= 2) d.out.cv = stats::standard_deviation(concentrations) / stats::mean(concentrations);
  return d;
}

// Variance of a mean with its degrees of freedom.
struct Scatter {
  double variance = 0.0, df = 0.0;
  bool own = false;  // larger than that of the standards beyond chance
};

// How the mean of a sample's wells (or dilutions) scatters: as the standards do, pooled with what they show
// themselves; or by their own scatter where that is larger beyond chance.
Scatter scatter_of(const std::vector<double>& logs, double of_standards, double standards_df) {
  const auto n = static_cast<double>(logs.size());
  if (logs.size() < 2) return {of_standards / n, standards_df, false};
  const double own = stats::variance(logs), df = n - 1.0;
  if (of_standards <= 0.0 || stats::f_upper(own / of_standards, df, standards_df) < 0.05)
    return {own / n, df, true};
  return {(df * own + standards_df * of_standards) / (df + standards_df) / n, df + standards_df, false};
}

std::optional<stats::Interval> interval_of(double concentration, const std::vector<const ReadDilution*>& used,
                                           const stats::DoseResponseFit& curve) {
  const auto standards_df = static_cast<double>(curve.fit.dof);
  double curve_se = 0.0, noise = 0.0;  // of one dilution (or well)
  std::vector<double> logs;
  for (const ReadDilution* d : used) {
    const double share = 1.0 / static_cast<double>(used.size());
    curve_se += d->back.curve_log_se * share;  // they share the curve: its errors do not average out
    const double wells = used.size() > 1 ? 1.0 : static_cast<double>(d->out.wells);
    noise += d->back.noise_log_se * d->back.noise_log_se * wells * share;
    if (used.size() > 1) logs.push_back(std::log(*d->out.concentration));
  }
  if (used.size() == 1) logs = used.front()->logs;
  if (logs.empty()) return std::nullopt;
  const Scatter wells = scatter_of(logs, noise, standards_df);
  const double of_curve = curve_se * curve_se, all = of_curve + wells.variance;
  if (!std::isfinite(all)) return std::nullopt;
  if (all <= 0.0) return stats::Interval{concentration, concentration};
  const double df =
      all * all / (of_curve * of_curve / standards_df + wells.variance * wells.variance / wells.df);
  const double half = stats::student_t_critical(0.95, df) * std::sqrt(all);
  stats::Interval ci{concentration * std::exp(-half), concentration * std::exp(half)};
  if (!wells.own) return ci;
  // What disagrees like this is no sample about a mean: the truth may be any of them.
  const auto [low, high] = std::minmax_element(logs.begin(), logs.end());
  return stats::Interval{std::min(ci.low, std::exp(*low)), std::max(ci.high, std::exp(*high))};
}

// Limits beyond which variation is said. Assumptions: 20 % for wells and 80 to 120 % of their mean for
// dilutions are what ligand-binding assays are validated with (FDA 2018).
constexpr double most_cv = 0.20, least_recovery = 0.8, greatest_recovery = 1.2;

void judge_variation(ElisaReadout& readout, const std::vector<ReadDilution>& read,
                     core::Diagnostics& warnings) {
  std::string corrected, left_out;
  double least = std::numeric_limits<double>::infinity(), most = 0.0;
  const ReadDilution* before = nullptr;
  std::string hook;
  for (const ReadDilution& d : read) {
    if (d.out.cv && *d.out.cv > readout.cv.value_or(0.0)) readout.cv = d.out.cv;
    if (d.out.wells > 1 && d.logs.empty() && d.back.range == stats::DoseRange::inside)
      warnings.add(
          "well-off-curve", {}, readout.arm,
          fmt::format(
              "{}: of {} wells at 1:{:g} one lies beyond the curve's plateaus and cannot be read back "
              "by itself; there is no interval",
              name_of(readout), d.out.wells, d.out.factor),
          "look for a pipetting error; measure the sample again");
    if (d.out.range != stats::DoseRange::inside || !d.out.concentration) {
      left_out += fmt::format("{}1:{:g} ({} the standards)", left_out.empty() ? "" : ", ", d.out.factor,
                              d.out.range == stats::DoseRange::above ? "above" : "below");
    } else {
      least = std::min(least, *d.out.concentration);
      most = std::max(most, *d.out.concentration);
      corrected += fmt::format("{}{:.3g} at 1:{:g}", corrected.empty() ? "" : ", ", *d.out.concentration,
                               d.out.factor);
    }
    // Less sample in the well cannot hold more of the analyte.
    if (before && before->back.defined && d.back.defined) {
      const double noise = std::hypot(before->back.noise_log_se, d.back.noise_log_se);
      if (std::log(d.back.dose / before->back.dose) > 2.0 * noise && hook.empty())
        hook =
            fmt::format("more at 1:{:g} than at 1:{:g} in the well itself", d.out.factor, before->out.factor);
    }
    before = &d;
  }
  const bool some = !corrected.empty();
  if (some && !left_out.empty())
    warnings.add("dilution-left-out", {}, readout.arm,
                 fmt::format("{}: not used: {}", name_of(readout), left_out));
  if (readout.cv && *readout.cv > most_cv)
    warnings.add("replicate-cv", {}, readout.arm,
                 fmt::format("{}: repeated wells disagree, CV {:.0f} % of the concentration",
                             name_of(readout), 100.0 * *readout.cv),
                 "look for a pipetting error; measure the sample again");
  readout.hook = !hook.empty();
  if (readout.hook)
    warnings.add(
        "hook-effect", {}, readout.arm,
        fmt::format(
            "{}: {}: a hook effect (too much analyte for the antibodies), or a mistaken dilution; the "
            "less diluted wells under-read",
            name_of(readout), hook),
        "trust the higher dilutions, and dilute further until two agree");
  const double mean = readout.concentration.value_or(0.0);
  if (some && most > least && (least < least_recovery * mean || most > greatest_recovery * mean))
    warnings.add(
        "dilution-linearity", {}, readout.arm,
        fmt::format("{}: dilutions do not agree (ng/mL in the undiluted sample): {}; {:.0f} to {:.0f} % of "
                    "their mean",
                    name_of(readout), corrected, 100.0 * least / mean, 100.0 * most / mean),
        "a matrix or hook effect makes dilutions disagree; find the range in which they do not");
}

// Dilutions that fall inside the standards are averaged; where none does, the least diluted one speaks.
void back_calculate(ElisaReadout& readout, const Wells& wells, const stats::DoseResponseFit& curve,
                    core::Diagnostics& warnings) {
  std::vector<ReadDilution> read;
  std::vector<double> inside, in_wells;
  for (const auto& [dilution, ods] : wells.by_dilution) {
    read.push_back(read_back(dilution, ods, curve));
    readout.wells += ods.size();
    readout.dilutions.push_back(read.back().out);
  }
  std::vector<const ReadDilution*> used;
  for (const ReadDilution& d : read) {
    if (d.back.range != stats::DoseRange::inside || !d.back.defined) continue;
    used.push_back(&d);
    inside.push_back(*d.out.concentration);
    in_wells.push_back(d.back.dose);
  }
  if (!used.empty()) {
    readout.concentration = stats::mean(inside);
    readout.in_well = stats::mean(in_wells);
    readout.ci = interval_of(*readout.concentration, used, curve);
    judge_variation(readout, read, warnings);
    return;
  }
  const bool above = read.empty() || read.front().back.range == stats::DoseRange::above;
  readout.range = above ? stats::DoseRange::above : stats::DoseRange::below;
  if (!read.empty() && read.front().back.defined) {
    readout.concentration = read.front().out.concentration;
    readout.in_well = read.front().back.dose;
    readout.ci = interval_of(*readout.concentration, {&read.front()}, curve);
  }
  judge_variation(readout, read, warnings);
  warnings.add(above ? "above-range" : "below-range", {}, readout.arm,
               fmt::format("{} is {} the standards", name_of(readout), above ? "above" : "below"),
               above ? "dilute it further" : "dilute it less; what is reported is an extrapolation");
}

std::map<Key, CellCount> index_counts(std::span<const CellCount> counts) {
  core::Diagnostics problems;
  std::map<Key, CellCount> by_key;
  for (const CellCount& count : counts) {
    const std::string where = fmt::format("cell count of '{}', replicate {}", count.arm, count.replicate);
    if (!by_key.insert({{count.arm, count.replicate}, count}).second)
      problems.add("duplicate-count", {}, count.arm, where + " is given twice");
    if (!(count.cells >= 0.0) || !std::isfinite(count.cells))
      problems.add("bad-count", {}, count.arm, where + " must be 0 or more");
    if (!(count.millilitres > 0.0) || !std::isfinite(count.millilitres))
      problems.add("bad-volume", {}, count.arm, where + ": the volume of the supernatant must be above 0");
  }
  problems.throw_if_any();
  return by_key;
}

}  // namespace

ElisaAnalysis analyse_elisa(const Plate& plate, std::span<const CellCount> counts) {
  const std::map<Key, CellCount> producers = index_counts(counts);
  ElisaAnalysis out;
  const Sorted wells = sort_wells(plate, out.warnings);
  out.curve = calibrate(wells, plate.name);
  judge_standards(plate, out.curve, out.warnings);
  for (const Wells& sample : wells.samples) {
    ElisaReadout readout{sample.key.first, sample.key.second, 0,  stats::DoseRange::inside,
                         std::nullopt,     std::nullopt,      {}, {}};
    back_calculate(readout, sample, out.curve, out.warnings);
    const auto count = producers.find(sample.key);
    const std::string where = fmt::format("'{}', replicate {}", readout.arm, readout.replicate);
    if (count == producers.end())
      out.warnings.add("no-cell-count", {}, readout.arm,
                       where + " has no cell count; its amount per 1e5 cells is not known");
    else if (count->second.cells == 0.0)
      out.warnings.add("no-cells", {}, readout.arm,
                       where + ": no producer cell was counted; there is no amount per 1e5 cells");
    else if (readout.concentration)
      readout.per_1e5_cells = *readout.concentration * count->second.millilitres / count->second.cells * 1e5;
    out.readouts.push_back(std::move(readout));
  }
  return out;
}

}  // namespace stroma::assays
