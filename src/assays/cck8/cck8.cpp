#include "assays/cck8/cck8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "assays/dose_response/reported_ic50.hpp"
#include "assays/noise.hpp"
#include "core/errors.hpp"
#include "core/random.hpp"
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
  const CellCounts counts = specimen.counts();
  return specimen.scale * (counts.live + early_activity * counts.early_apoptotic);
}

void read_well(PlateWell& well, double od, const Cck8Instrument& instrument, std::uint64_t seed,
               std::uint64_t key) {
  core::Stream detector(seed, core::Purpose::instrument, key);
  well.od = od + instrument.reader_sd * detector.normal();
  well.over_range = *well.od > instrument.reader_limit;
  if (well.over_range) well.od = instrument.reader_limit;
}

using SampleKey = std::pair<std::string, int>;  // arm, replicate

struct Sample {
  SampleKey key;
  std::vector<const PlateWell*> wells;     // that count
  std::size_t controls = 0, at_limit = 0;  // wells at dose zero, and those of them at the limit
  bool dosed = false;                      // has a dose above zero, at the limit or not
};

bool is_control(const PlateWell& well) {
  return well.dose.value_or(0.0) == 0.0;
}

struct Sorted {
  std::vector<Sample> samples;  // in the order of the plate
  std::vector<double> blanks;
};

// Wells of each arm and replicate; those at the limit are counted and, unless they are to be kept, left out.
Sorted sort_wells(const Plate& plate, const Cck8Choices& choices, core::Diagnostics& warnings,
                  core::Diagnostics& problems) {
  Sorted out;
  std::string limits, unread;
  std::size_t at_limit = 0, missing = 0;
  for (std::size_t i = 0; i < plate.wells.size(); ++i) {
    const PlateWell& well = plate.wells[i];
    if (well.role != WellRole::blank && well.role != WellRole::sample) continue;
    const std::string name = to_string(plate.format.position(i));
    constexpr std::size_t most_named = 8;
    if (!well.od || !std::isfinite(*well.od)) {
      if (missing++ < most_named) unread += (unread.empty() ? "" : ", ") + name;
      continue;
    }
    if (well.over_range && at_limit++ < most_named) limits += (limits.empty() ? "" : ", ") + name;
    const bool counts = !well.over_range || choices.keep_limits;
    if (well.role == WellRole::blank) {
      if (counts) out.blanks.push_back(*well.od);
      continue;
    }
    const SampleKey key{well.arm, well.replicate};
    auto found =
        std::find_if(out.samples.begin(), out.samples.end(), [&](const Sample& s) { return s.key == key; });
    if (found == out.samples.end())
      found = out.samples.insert(out.samples.end(), Sample{key, {}, 0, 0, false});
    found->controls += is_control(well);
    found->at_limit += is_control(well) && well.over_range;
    found->dosed = found->dosed || !is_control(well);
    if (counts) found->wells.push_back(&well);
  }
  if (missing > 0)
    problems.add("no-reading", {}, plate.name,
                 fmt::format("{} well{} of plate '{}' {} no reading: {}", missing, missing == 1 ? "" : "s",
                             plate.name, missing == 1 ? "has" : "have", unread));
  if (at_limit > 0)
    warnings.add("saturated-well", {}, plate.name,
                 fmt::format("{} well{} at the reader's limit {}: {}; the signal is at least that", at_limit,
                             at_limit == 1 ? " is" : "s are",
                             choices.keep_limits ? "and counted as that limit" : "and left out", limits),
                 "shorten the incubation with the reagent or seed fewer cells");
  return out;
}

// The control of the arms that have none of their own: the arm that was named, or the only one that has
// nothing but wells at dose zero.
std::string shared_control(const Sorted& sorted, const Cck8Choices& choices, core::Diagnostics& problems) {
  std::vector<std::string> vehicles, arms, lacking;
  const auto note = [](std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const Sample& sample : sorted.samples) {
    note(arms, sample.key.first);
    if (sample.controls > 0 && !sample.dosed) note(vehicles, sample.key.first);
    if (sample.controls == 0) note(lacking, sample.key.first);
  }
  if (!choices.control.empty()) {
    const bool there = std::any_of(sorted.samples.begin(), sorted.samples.end(), [&](const Sample& s) {
      return s.key.first == choices.control && s.controls > 0;
    });
    if (!there)
      problems.add("no-such-control", {}, "--control",
                   fmt::format("no arm '{}' has wells at dose zero", choices.control),
                   core::did_you_mean(choices.control, arms));
    return there ? choices.control : std::string{};
  }
  if (lacking.empty()) return {};
  std::string names;
  for (const std::string& name : lacking) names += (names.empty() ? "'" : ", '") + name + "'";
  if (vehicles.size() == 1) return vehicles.front();
  std::string hint =
      "per cent of control needs untreated wells: at dose 0 of each arm, or an arm of their own";
  for (const std::string& vehicle : vehicles)
    hint = vehicle == vehicles.front() ? "say which arm is the control: --control '" + vehicle + "'"
                                       : hint + " or --control '" + vehicle + "'";
  problems.add("no-control", {}, lacking.front(),
               fmt::format("{} ha{} no well at dose zero{}", names, lacking.size() == 1 ? "s" : "ve",
                           vehicles.empty() ? "" : ", and several arms could be the control"),
               hint);
  return {};
}

// Gives the arms without a dose zero the wells of the control, of the same replicate.
void share_control(Sorted& sorted, const std::string& control, Cck8Analysis& out,
                   core::Diagnostics& problems) {
  if (control.empty()) return;
  for (Sample& sample : sorted.samples) {
    if (sample.controls > 0) continue;
    const auto same = std::find_if(sorted.samples.begin(), sorted.samples.end(), [&](const Sample& s) {
      return s.key == SampleKey{control, sample.key.second};
    });
    if (same == sorted.samples.end() || same->controls == 0) {
      problems.add("no-control", {}, sample.key.first,
                   fmt::format("arm '{}', replicate {}: the control '{}' has no wells of this replicate",
                               sample.key.first, sample.key.second, control),
                   "give the control wells the number of the experiment that they belong to");
      continue;
    }
    for (const PlateWell* well : same->wells)
      if (is_control(*well)) sample.wells.push_back(well);
    sample.controls = same->controls;
    sample.at_limit = same->at_limit;
    if (std::find(out.controlled.begin(), out.controlled.end(), sample.key.first) == out.controlled.end())
      out.controlled.push_back(sample.key.first);
  }
  if (!out.controlled.empty()) out.control = control;
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
  // Draws are keyed by what is in a well and not by its place: a well more leaves the others as they were.
  std::map<std::string, int> seen;
  const auto key_of = [&seen](std::string what) {
    const int times = seen[what]++;
    return core::name_key(fmt::format("{}\n{}", what, times));
  };
  for (std::size_t i = 0; i < plate.wells.size(); ++i) {
    const Cck8Well& from = plate.wells[i];
    const std::uint64_t key =
        key_of(fmt::format("{}\n{}\n{}\n{}", from.arm, from.dose, from.replicate, from.technical));
    core::Stream hand(seed, core::Purpose::pipetting, key);
    const double cells =
        viable(*from.specimen, instrument.early_activity) * dispense(hand, instrument.pipetting_cv);
    PlateWell& well = out.at(places.samples[i]);
    well.role = WellRole::sample;
    well.arm = from.arm;
    well.replicate = from.replicate;
    well.technical = from.technical;
    well.dose = from.dose;
    read_well(well, instrument.background + instrument.extinction * cells, instrument, seed, key);
  }
  for (const Position p : places.blanks) {
    out.at(p).role = WellRole::blank;
    read_well(out.at(p), instrument.background, instrument, seed, key_of("blank"));
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
  if (free.usable() || free.status == stats::DoseStatus::too_few) return free;
  // The doses do not reach a lower plateau, so nothing can be said of it: dead wells read as blanks. And with
  // few wells a curve of four parameters may not be told from a constant where one of three can.
  options.model = stats::LogisticModel::three_parameter;
  options.fixed_lower = 0.0;
  const stats::DoseResponseFit fixed = stats::fit_dose_response(doses, percents, options);
  return fixed.usable() ? fixed : free;
}

namespace {

void analyse_sample(const Sample& sample, const Plate& plate, Cck8Analysis& out) {
  const auto& [arm, replicate] = sample.key;
  const std::string name = fmt::format("arm '{}', replicate {}", arm, replicate);
  DoseResponse response{arm,          replicate,      0.0, net_points(sample.wells, out.blank_mean),
                        std::nullopt, plate.dose_unit};
  const bool control = !response.points.empty() && response.points.front().dose == 0.0;
  response.control_od = control ? stats::mean(response.points.front().net) : 0.0;
  if (2 * sample.at_limit >= sample.controls && sample.at_limit > 0) {
    out.warnings.add("saturated-control", {}, arm,
                     fmt::format("{}: {} of {} wells at dose zero are at the reader's limit; nothing can be "
                                 "expressed in per cent of them",
                                 name, sample.at_limit, sample.controls),
                     "read the plate earlier, or dilute");
  } else if (response.control_od < least_control_od) {
    out.warnings.add("dim-control", {}, arm,
                     fmt::format("{}: the wells at dose zero are not above the blanks", name));
  } else {
    express_in_percent(response);
    response.fit = fit_percent(response);
    constexpr double most = 300.0;  // per cent of control; assumption: no viability assay triples
    if (response.points.back().mean > most)
      out.warnings.add(
          "rising-signal", {}, arm,
          fmt::format("{}: the signal rises to {:.3g} % of the control; is it one of viability?", name,
                      response.points.back().mean),
          "assays of released or activated enzymes rise with death: analyse them as a long table with "
          "dose-response --response signal");
    if (response.fit)
      if (const std::string why = explain_fit(response); !why.empty())
        out.warnings.add("no-ic50", {}, arm, fmt::format("{}: {}", name, why));
  }
  out.responses.push_back(std::move(response));
}

}  // namespace

Cck8Analysis analyse_cck8(const Plate& plate, const Cck8Choices& choices) {
  Cck8Analysis out;
  core::Diagnostics problems;
  Sorted sorted = sort_wells(plate, choices, out.warnings, problems);
  const bool mapped_blank = std::any_of(plate.wells.begin(), plate.wells.end(),
                                        [](const PlateWell& w) { return w.role == WellRole::blank; });
  if (sorted.blanks.empty() && !choices.no_blank)
    problems.add("no-blank", {}, plate.name,
                 fmt::format("plate '{}' has no {} (medium and reagent, no cells)", plate.name,
                             mapped_blank ? "blank well inside the reader's range" : "blank wells"),
                 "name them in the map; or subtract a reference wavelength with --subtract READ; or say that "
                 "readings are net of the background with --no-blank");
  const std::string control = shared_control(sorted, choices, problems);
  share_control(sorted, control, out, problems);
  problems.throw_if_any();
  out.blank_mean = sorted.blanks.empty() ? 0.0 : stats::mean(sorted.blanks);
  out.blanks = sorted.blanks.size();
  for (const Sample& sample : sorted.samples)
    if (sample.dosed || sample.key.first != out.control) analyse_sample(sample, plate, out);
  return out;
}

}  // namespace stroma::assays
