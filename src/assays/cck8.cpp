#include "assays/cck8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "assays/dose_table.hpp"
#include "assays/noise.hpp"
#include "core/errors.hpp"
#include "stats/descriptive.hpp"

namespace stroma::assays {
namespace {

void check(const Cck8Plate& plate) {
  core::Diagnostics problems;
  std::size_t placed = 0;
  std::vector<Position> positions = plate.blank_positions;
  for (const Cck8Well& well : plate.wells) {
    core::require(well.specimen != nullptr, "a well to be read needs a specimen");
    if (!std::isfinite(well.dose) || well.dose < 0.0)
      problems.add("bad-dose", {}, well.arm, fmt::format("a dose of {} nM; it must be 0 or more", well.dose));
    if (well.position) {
      ++placed;
      positions.push_back(*well.position);
    }
  }
  if (placed != 0 && placed != plate.wells.size())
    problems.add(
        "places-missing", {}, plate.name,
        fmt::format("{} of {} wells have a place; give one to all or to none", placed, plate.wells.size()));
  if (placed == 0 && !plate.wells.empty() && !plate.blank_positions.empty())
    problems.add("places-missing", {}, plate.name, "the blanks have places and the samples have none");
  check_positions(positions, plate.name, problems);
  problems.throw_if_any();
}

// One row of the plate for each arm, replicate and technical repeat.
Arrangement place(const Cck8Plate& plate) {
  if (!plate.wells.empty() && plate.wells.front().position) {
    Arrangement given{{}, plate.blank_positions};
    for (const Cck8Well& well : plate.wells) given.samples.push_back(*well.position);
    return given;
  }
  std::vector<std::string> groups;
  for (const Cck8Well& well : plate.wells)
    groups.push_back(fmt::format("{}\n{}\n{}", well.arm, well.replicate, well.technical));
  return arrange(groups, plate.blanks);
}

double viable(const Specimen& specimen, double early_activity) {
  const FateCounts fates = specimen.fates();
  return specimen.scale *
         (static_cast<double>(fates.live) + early_activity * static_cast<double>(fates.early_apoptotic));
}

void read_well(PlateWell& well, double od, const Cck8Instrument& instrument, std::uint64_t seed,
               std::size_t index) {
  core::Stream detector(seed, core::Purpose::instrument, index);
  well.od = od + instrument.reader_sd * detector.normal();
  well.over_range = *well.od > instrument.reader_limit;
  if (well.over_range) well.od = instrument.reader_limit;
}

using SampleKey = std::tuple<std::string, int>;

// Wells of each arm and replicate, in the order of the plate; every problem of the plate at once.
std::vector<std::pair<SampleKey, std::vector<const PlateWell*>>> samples_of(const Plate& plate,
                                                                            core::Diagnostics& warnings) {
  core::Diagnostics problems;
  std::vector<std::pair<SampleKey, std::vector<const PlateWell*>>> samples;
  bool blank = false;
  for (std::size_t i = 0; i < plate.wells.size(); ++i) {
    const PlateWell& well = plate.wells[i];
    if (well.role != WellRole::blank && well.role != WellRole::sample) continue;
    const std::string name = to_string(plate.format.position(i));
    blank = blank || well.role == WellRole::blank;
    if (!well.od || !std::isfinite(*well.od))
      problems.add("no-reading", {}, name,
                   fmt::format("well {} of plate '{}' has no reading", name, plate.name));
    if (well.over_range)
      warnings.add("saturated-well", {}, name,
                   fmt::format("well {} is at the reader's limit; its signal is at least that", name),
                   "shorten the incubation with the reagent or seed fewer cells");
    if (well.role == WellRole::blank) continue;
    const SampleKey key{well.arm, well.replicate};
    auto found = std::find_if(samples.begin(), samples.end(), [&](const auto& s) { return s.first == key; });
    if (found == samples.end()) found = samples.insert(samples.end(), {key, {}});
    found->second.push_back(&well);
  }
  if (!blank)
    problems.add("no-blank", {}, plate.name,
                 fmt::format("plate '{}' has no blank wells (medium and reagent, no cells)", plate.name));
  for (const auto& [key, wells] : samples)
    if (std::none_of(wells.begin(), wells.end(),
                     [](const PlateWell* w) { return w->dose.value_or(0.0) == 0.0; }))
      problems.add(
          "no-control", {}, std::get<0>(key),
          fmt::format("arm '{}', replicate {} has no well at dose zero", std::get<0>(key), std::get<1>(key)),
          "per cent of control needs the arm's own untreated wells");
  problems.throw_if_any();
  return samples;
}

std::vector<DosePoint> net_points(const std::vector<const PlateWell*>& wells, double blank) {
  std::vector<DosePoint> points;
  for (const PlateWell* well : wells) {
    const double dose = well->dose.value_or(0.0);
    auto found =
        std::find_if(points.begin(), points.end(), [dose](const DosePoint& p) { return p.dose == dose; });
    if (found == points.end()) found = points.insert(points.end(), DosePoint{dose, {}, {}, 0.0});
    found->net.push_back(*well->od - blank);
  }
  std::sort(points.begin(), points.end(),
            [](const DosePoint& a, const DosePoint& b) { return a.dose < b.dose; });
  return points;
}

void express_in_percent(DoseResponse& response) {
  for (DosePoint& point : response.points) {
    for (const double net : point.net) point.percent.push_back(100.0 * net / response.control_od);
    point.mean = stats::mean(point.percent);
  }
}

}  // namespace

Plate read_cck8(const Cck8Plate& plate, const Cck8Instrument& instrument, std::uint64_t seed) {
  check(plate);
  const Arrangement places = place(plate);
  Plate out;
  out.name = plate.name;
  out.substance = plate.drug;
  for (std::size_t i = 0; i < plate.wells.size(); ++i) {
    const Cck8Well& from = plate.wells[i];
    const std::size_t index = places.samples[i].index();
    core::Stream hand(seed, core::Purpose::pipetting, index);
    const double cells =
        viable(*from.specimen, instrument.early_activity) * dispense(hand, instrument.pipetting_cv);
    PlateWell& well = out.wells[index];
    well.role = WellRole::sample;
    well.arm = from.arm;
    well.replicate = from.replicate;
    well.technical = from.technical;
    well.dose = from.dose;
    read_well(well, instrument.background + instrument.extinction * cells, instrument, seed, index);
  }
  for (const Position p : places.blanks) {
    out.at(p).role = WellRole::blank;
    read_well(out.at(p), instrument.background, instrument, seed, p.index());
  }
  return out;
}

std::optional<stats::DoseResponseFit> fit_percent(const DoseResponse& response) {
  if (response.points.size() < 2) return std::nullopt;
  std::vector<double> doses, percents;
  for (const DosePoint& point : response.points)
    for (const double percent : point.percent) {
      doses.push_back(point.dose);
      percents.push_back(percent);
    }
  stats::DoseResponseOptions options;
  options.half_response = 50.0;
  const stats::DoseResponseFit free = stats::fit_dose_response(doses, percents, options);
  if (free.status != stats::DoseStatus::not_determined && free.status != stats::DoseStatus::not_converged)
    return free;
  // The doses do not reach a lower plateau, so nothing can be said of it: dead wells read as blanks.
  options.model = stats::LogisticModel::three_parameter;
  options.fixed_lower = 0.0;
  const stats::DoseResponseFit fixed = stats::fit_dose_response(doses, percents, options);
  return fixed.usable() ? fixed : free;
}

Cck8Analysis analyse_cck8(const Plate& plate) {
  Cck8Analysis out;
  const auto samples = samples_of(plate, out.warnings);
  std::vector<double> blanks;
  for (const PlateWell& well : plate.wells)
    if (well.role == WellRole::blank) blanks.push_back(*well.od);
  out.blank_mean = stats::mean(blanks);
  out.blanks = blanks.size();
  for (const auto& [key, wells] : samples) {
    DoseResponse response{std::get<0>(key), std::get<1>(key), 0.0, net_points(wells, out.blank_mean),
                          std::nullopt,     plate.dose_unit};
    response.control_od = stats::mean(response.points.front().net);
    if (response.control_od < least_control_od) {
      out.warnings.add("dim-control", {}, response.arm,
                       fmt::format("arm '{}', replicate {}: the wells at dose zero are not above the blanks",
                                   response.arm, response.replicate));
    } else {
      express_in_percent(response);
      response.fit = fit_percent(response);
      if (response.fit)
        if (const std::string why = explain_fit(response); !why.empty())
          out.warnings.add("no-ic50", {}, response.arm,
                           fmt::format("arm '{}', replicate {}: {}", response.arm, response.replicate, why));
    }
    out.responses.push_back(std::move(response));
  }
  return out;
}

}  // namespace stroma::assays
