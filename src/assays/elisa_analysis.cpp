// The desk side of the ELISA: standards -> logistic -> concentrations -> amount per 1e5 cells.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "assays/dose_unit.hpp"
#include "assays/elisa.hpp"
#include "stats/descriptive.hpp"

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

// Dilutions that fall inside the standards are averaged; where none does, the least diluted one speaks.
void back_calculate(ElisaReadout& readout, const Wells& wells, const stats::DoseResponseFit& curve,
                    core::Diagnostics& warnings) {
  std::vector<double> inside, lows, highs, in_wells;
  std::optional<stats::BackCalculation> first;
  double first_dilution = 1.0;
  for (const auto& [dilution, ods] : wells.by_dilution) {
    readout.wells += ods.size();
    const stats::BackCalculation back = stats::back_calculate(curve, ods, 0.95, weight(stats::mean(ods)));
    if (back.range == stats::DoseRange::inside && back.defined) {
      inside.push_back(back.dose * dilution);
      lows.push_back(back.ci.low * dilution);
      highs.push_back(back.ci.high * dilution);
      in_wells.push_back(back.dose);
    }
    if (!first) {
      first = back;
      first_dilution = dilution;
    }
  }
  if (!inside.empty()) {
    readout.concentration = stats::mean(inside);
    readout.in_well = stats::mean(in_wells);
    if (std::all_of(highs.begin(), highs.end(), [](double high) { return std::isfinite(high); }))
      readout.ci = stats::Interval{stats::mean(lows), stats::mean(highs)};
    return;
  }
  const bool above = !first || first->range == stats::DoseRange::above;
  readout.range = above ? stats::DoseRange::above : stats::DoseRange::below;
  if (first && first->defined) {
    readout.concentration = first->dose * first_dilution;
    readout.in_well = first->dose;
    if (std::isfinite(first->ci.high))
      readout.ci = stats::Interval{first->ci.low * first_dilution, first->ci.high * first_dilution};
  }
  warnings.add(above ? "above-range" : "below-range", {}, readout.arm,
               fmt::format("'{}', replicate {} is {} the standards", readout.arm, readout.replicate,
                           above ? "above" : "below"),
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
