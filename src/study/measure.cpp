#include "study/measure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assays/reported_ic50.hpp"
#include "core/errors.hpp"
#include "core/hash.hpp"
#include "core/units.hpp"
#include "study/experiment_checks.hpp"

namespace stroma::study {
namespace {

// An instrument's draws belong to the assay, the time and what is measured, by the names in the experiment;
// never to the name of its file.
std::uint64_t instrument_seed(std::uint64_t seed, const std::string& what) {
  core::Hasher hasher;
  hasher.number(seed);
  hasher.text(what);
  return std::stoull(hasher.digest().substr(0, 16), nullptr, 16);
}

// An arm at one of its doses, as an assay without dose axis calls it.
std::string at_dose(const ArmSpec& arm, int dose) {
  for (const TreatmentSpec& t : arm.treatments)
    if (t.series) return arm.name + ", " + t.written[static_cast<std::size_t>(dose)];
  return arm.name;
}

// The vessels of one experiment with what came out of them.
class Bench {
 public:
  Bench(const Experiment& e, const model::Model& m, std::span<const Vessel> vessels,
        std::span<const Outcome> outcomes, std::uint64_t seed)
      : e_(e), model_(m), vessels_(vessels), outcomes_(outcomes), seed_(seed) {}

  Measurements run() {
    for (const ReadoutSpec& readout : e_.readouts) {
      switch (readout.assay) {
        case Assay::cck8:
          read_plates(readout);
          break;
        case Assay::colonies:
          count_colonies(readout);
          break;
        case Assay::annexin:
          run_flow(readout);
          break;
        case Assay::elisa:
          run_elisa(readout);
          break;
        case Assay::qpcr:
          run_qpcr(readout);
          break;
        case Assay::blot:
          run_blots(readout);
          break;
      }
    }
    return std::move(out_);
  }

 private:
  struct Reading {
    std::string metric;
    core::Tick at;
  };

  const std::string& system(const Vessel& v) const { return e_.systems[static_cast<std::size_t>(v.system)]; }
  const ArmSpec& arm(const Vessel& v) const { return e_.arms[static_cast<std::size_t>(v.arm)]; }

  // The specimen of vessel i at the readout's time, or null where the vessel failed.
  const assays::Specimen* specimen(std::size_t i, core::Tick at) const {
    if (!outcomes_[i].finished()) return nullptr;
    const auto& times = vessels_[i].times;
    const auto found = std::find(times.begin(), times.end(), at);
    core::require(found != times.end(), "a readout at a time at which nothing was taken");
    return &outcomes_[i].specimens[static_cast<std::size_t>(found - times.begin())];
  }

  template <class Visit>
  void for_wells(int system, int replicate, const Visit& visit) const {
    for (std::size_t i = 0; i < vessels_.size(); ++i)
      if (vessels_[i].system == system && (replicate < 0 || vessels_[i].replicate == replicate))
        visit(i, vessels_[i]);
  }

  std::string arm_at_dose(const Vessel& v) const { return at_dose(arm(v), v.dose); }

  // The reference of qPCR and blots: its lowest dose, where it has several.
  std::string reference_of(const ReadoutSpec& readout) const {
    for (const ArmSpec& a : e_.arms) {
      if (a.name != readout.reference) continue;
      for (const TreatmentSpec& t : a.treatments)
        if (t.series)
          return at_dose(
              a, static_cast<int>(std::min_element(t.doses.begin(), t.doses.end()) - t.doses.begin()));
    }
    return readout.reference;
  }

  double dose_of(const Vessel& v) const {
    for (const TreatmentSpec& t : arm(v).treatments)
      if (t.series) return t.doses[static_cast<std::size_t>(v.dose)];
    return 0.0;
  }

  std::string series_drug() const {
    for (const ArmSpec& a : e_.arms)
      for (const TreatmentSpec& t : a.treatments)
        if (t.series) return model_.substances[static_cast<std::size_t>(t.substance)].name;
    return {};
  }

  void add(const Reading& of, std::string system_name, std::string arm_name, int replicate,
           std::optional<double> value, std::string why) {
    out_.readouts.push_back({of.metric, std::move(system_name), std::move(arm_name), replicate, value,
                             value ? std::string() : std::move(why), of.at});
  }

  // The metrics of a readout, one for each target, or one.
  std::vector<Reading> readings(const ReadoutSpec& readout) const {
    std::vector<Reading> out;
    for (std::string& name : metric_names(e_, readout)) out.push_back({std::move(name), readout.at});
    return out;
  }
  Reading reading_of(const ReadoutSpec& readout, std::string_view target) const {
    const auto found = std::find(readout.targets.begin(), readout.targets.end(), target);
    core::require(found != readout.targets.end(), "an assay read what nobody asked for");
    return readings(readout)[static_cast<std::size_t>(found - readout.targets.begin())];
  }

  // The time in words where the assay is taken at several, else nothing.
  std::string time_of(const ReadoutSpec& readout) const {
    const bool several = std::any_of(e_.readouts.begin(), e_.readouts.end(), [&](const ReadoutSpec& other) {
      return other.assay == readout.assay && other.at != readout.at;
    });
    return several ? time_words(readout.at) : std::string();
  }

  // What an instrument's run is called in its draws.
  std::uint64_t seed_of(const ReadoutSpec& readout, const std::string& what) const {
    return instrument_seed(seed_,
                           fmt::format("{}\n{}\n{}", to_string(readout.assay), readout.at.count, what));
  }
  std::string tube_of(const Vessel& v) const {
    return fmt::format("{}\n{}\n{}\n{}", system(v), arm_at_dose(v), v.well, v.replicate);
  }
  // What a person calls a plate or membrane.
  std::string title_of(const ReadoutSpec& readout, const std::string& what) const {
    const std::string time = time_of(readout);
    return fmt::format("{} {}{}{}", e_.name, what, time.empty() ? "" : " at ", time);
  }

  void keep(const core::Diagnostics& warnings) {
    for (const core::Diagnostic& w : warnings.entries()) out_.warnings.add(w);
  }

  // Every arm and replicate whose vessels failed leaves a readout without value, so that it is counted.
  void note_failures(const ReadoutSpec& readout) {
    for (const Reading& reading : readings(readout)) note_failures(readout, reading);
  }
  void note_failures(const ReadoutSpec& readout, const Reading& reading) {
    for (std::size_t i = 0; i < vessels_.size(); ++i) {
      const Vessel& v = vessels_[i];
      if (v.system < 0 || outcomes_[i].finished()) continue;
      add(reading, system(v), readout.assay == Assay::cck8 ? arm(v).name : arm_at_dose(v), v.replicate,
          std::nullopt, outcomes_[i].failure.empty() ? "not run" : outcomes_[i].failure);
    }
  }

  void read_plates(const ReadoutSpec& readout) {
    for (int s = 0; s < static_cast<int>(e_.systems.size()); ++s) {
      for (int r = 0; r < e_.replicates; ++r) {
        assays::Cck8Plate plate{
            title_of(readout, fmt::format("{} replicate {}", e_.systems[static_cast<std::size_t>(s)], r + 1)),
            series_drug(),
            {},
            {},
            3};
        for_wells(s, r, [&](std::size_t i, const Vessel& v) {
          const assays::Specimen* what = specimen(i, readout.at);
          if (what == nullptr) return;
          assays::Cck8Well well{what, arm(v).name, dose_of(v), r + 1, v.well + 1, std::nullopt};
          if (!arm(v).wells.empty()) {
            const int at = arm(v).wells[static_cast<std::size_t>(v.dose * e_.wells_per_arm + v.well)];
            well.position = assays::Position{at / 12, at % 12};
          }
          plate.wells.push_back(std::move(well));
        });
        if (!plate.wells.empty()) read_plate(readout, plate, s, r);
      }
    }
    note_failures(readout);
  }

  void read_plate(const ReadoutSpec& readout, assays::Cck8Plate& plate, int s, int r) {
    place_blanks(plate);
    assays::Cck8Instrument instrument;
    instrument.pipetting_cv = 0.0;  // the cells were pipetted when the vessels were filled
    const std::string& name = e_.systems[static_cast<std::size_t>(s)];
    Cck8Result result{name,
                      time_of(readout),
                      r,
                      assays::read_cck8(plate, instrument, seed_of(readout, fmt::format("{}\n{}", name, r))),
                      {}};
    result.analysis = assays::analyse_cck8(result.plate);
    keep(result.analysis.warnings);
    for (const assays::DoseResponse& response : result.analysis.responses) {
      if (response.points.size() < 2) continue;  // a single dose has no IC50
      add(readings(readout).front(), result.system, response.arm, r, ic50_of(response),
          assays::explain_fit(response));
    }
    out_.cck8.push_back(std::move(result));
  }

  // The dose that leaves half of the arm's own control, where the doses hold it: the policy of measured data.
  static std::optional<double> ic50_of(const assays::DoseResponse& response) {
    const assays::ReportedIc50 ic50 = assays::reported_ic50(response);
    return ic50.compared() ? std::optional(core::in_unit(ic50.value, "uM")) : std::nullopt;
  }

  // Where the operator chose the wells, blanks take the first free ones from the plate's end.
  static void place_blanks(assays::Cck8Plate& plate) {
    if (plate.wells.empty() || !plate.wells.front().position) return;
    for (int index = 95; index >= 0 && plate.blank_positions.size() < plate.blanks; --index) {
      const assays::Position position{index / 12, index % 12};
      const bool taken = std::any_of(plate.wells.begin(), plate.wells.end(),
                                     [&](const assays::Cck8Well& w) { return w.position == position; });
      if (!taken) plate.blank_positions.push_back(position);
    }
  }

  void count_colonies(const ReadoutSpec& readout) {
    for (int s = 0; s < static_cast<int>(e_.systems.size()); ++s) {
      ColonyResult result{e_.systems[static_cast<std::size_t>(s)], time_of(readout), {}};
      for_wells(s, -1, [&](std::size_t i, const Vessel& v) {
        const assays::Specimen* what = specimen(i, readout.at);
        if (what == nullptr) return;
        result.sheet.push_back(assays::count_colonies(*what, arm_at_dose(v), v.replicate + 1, v.well + 1,
                                                      v.plated, {}, seed_of(readout, tube_of(v))));
      });
      for (const assays::ColonyRate& rate : assays::analyse_colonies(result.sheet))
        add(readings(readout).front(), result.system, rate.arm, rate.replicate - 1, rate.rate, {});
      out_.colonies.push_back(std::move(result));
    }
    note_failures(readout);
  }

  void run_flow(const ReadoutSpec& readout) {
    const assays::FlowInstrument cytometer;
    for (int s = 0; s < static_cast<int>(e_.systems.size()); ++s) {
      for (int r = 0; r < e_.replicates; ++r) {
        const std::string& name = e_.systems[static_cast<std::size_t>(s)];
        const assays::GatingControls controls =
            assays::acquire_controls(cytometer, seed_of(readout, fmt::format("controls\n{}\n{}", name, r)));
        const assays::QuadrantGate gate = assays::set_gate(controls.unstained, controls.live);
        std::vector<std::pair<std::string, std::vector<double>>> fractions;  // technical wells by arm
        for_wells(s, r, [&](std::size_t i, const Vessel& v) {
          const assays::Specimen* what = specimen(i, readout.at);
          if (what == nullptr) return;
          FlowResult result{name,
                            time_of(readout),
                            assays::acquire(*what, arm_at_dose(v), r + 1, v.well + 1, cytometer,
                                            seed_of(readout, tube_of(v))),
                            gate,
                            {}};
          result.quadrants = assays::analyse_flow(result.sample, gate);
          if (fractions.empty() || fractions.back().first != arm_at_dose(v))
            fractions.push_back({arm_at_dose(v), {}});
          if (result.quadrants.apoptotic) fractions.back().second.push_back(*result.quadrants.apoptotic);
          if (r > 0 || v.well > 0)
            result.sample.events = {};  // one tube per arm is drawn; the quadrants of all are kept
          out_.flow.push_back(std::move(result));
        });
        for (const auto& [arm_name, values] : fractions)
          add(readings(readout).front(), name, arm_name, r, mean(values), "no events");
      }
    }
    note_failures(readout);
  }

  static std::optional<double> mean(const std::vector<double>& values) {
    if (values.empty()) return std::nullopt;
    double sum = 0.0;
    for (const double v : values) sum += v;
    return sum / static_cast<double>(values.size());
  }

  void run_elisa(const ReadoutSpec& readout) {
    for (const std::string& target : readout.targets) {
      Reading metric = reading_of(readout, target);
      std::vector<assays::ElisaSample> samples;
      for (std::size_t i = 0; i < vessels_.size(); ++i) {
        const Vessel& v = vessels_[i];
        if (e_.has_plate == (v.system < 0) || v.well > 0) continue;  // one supernatant a replicate
        const std::string name = e_.has_plate ? system(v) + ", " + arm_at_dose(v)
                                              : e_.cultures[static_cast<std::size_t>(v.culture)].name;
        if (!e_.has_plate) metric.at = v.times.back();
        if (!outcomes_[i].finished()) {
          add(metric, "supernatant", name, v.replicate, std::nullopt, outcomes_[i].failure);
          continue;
        }
        const assays::Specimen* what =
            e_.has_plate ? specimen(i, readout.at) : &outcomes_[i].specimens.back();
        samples.push_back({what, name, v.replicate + 1, readout.dilution});
      }
      const model::Index substance = model_.substance(target);
      assays::ElisaKit kit;
      kit.substance = target;
      kit.molar_mass = model_.substances[static_cast<std::size_t>(substance)].molar_mass;
      ElisaResult result{target,
                         time_of(readout),
                         assays::run_elisa(samples, kit, title_of(readout, target), seed_of(readout, target)),
                         {}};
      result.analysis = assays::analyse_elisa(result.run.plate, result.run.counts);
      keep(result.analysis.warnings);
      for (const assays::ElisaReadout& r : result.analysis.readouts)
        add(metric, "supernatant", r.arm, r.replicate - 1,
            r.range == stats::DoseRange::inside ? r.per_1e5_cells : std::nullopt, "outside the standards");
      out_.elisa.push_back(std::move(result));
    }
  }

  void run_qpcr(const ReadoutSpec& readout) {
    const assays::QpcrInstrument cycler;
    for (int s = 0; s < static_cast<int>(e_.systems.size()); ++s) {
      QpcrResult result{e_.systems[static_cast<std::size_t>(s)], time_of(readout), {}};
      std::vector<assays::QpcrSample> samples;
      for_wells(s, -1, [&](std::size_t i, const Vessel& v) {
        if (const assays::Specimen* what = specimen(i, readout.at); what != nullptr && v.well == 0)
          samples.push_back({what, arm_at_dose(v), v.replicate + 1});
      });
      if (samples.empty()) continue;
      result.table = assays::run_qpcr(samples, readout.targets, cycler, seed_of(readout, result.system));
      const assays::QpcrAnalysis analysis =
          assays::analyse_qpcr(result.table, cycler.housekeeping, reference_of(readout));
      keep(analysis.warnings);
      for (const assays::QpcrReadout& r : analysis.readouts)
        add(reading_of(readout, r.gene), result.system, r.arm, r.replicate - 1, r.fold, "not detected");
      out_.qpcr.push_back(std::move(result));
    }
    note_failures(readout);
  }

  // One membrane per replicate and cell line. `share` compares arms across membranes without taking the
  // spread out of the reference.
  void run_blots(const ReadoutSpec& readout) {
    const assays::BlotInstrument blot;
    for (int s = 0; s < static_cast<int>(e_.systems.size()); ++s) {
      BlotResult result{e_.systems[static_cast<std::size_t>(s)], time_of(readout), {}};
      for (int r = 0; r < e_.replicates; ++r) {
        std::vector<assays::BlotLane> lanes;
        for_wells(s, r, [&](std::size_t i, const Vessel& v) {
          if (const assays::Specimen* what = specimen(i, readout.at); what != nullptr && v.well == 0)
            lanes.push_back({what, arm_at_dose(v), r + 1});
        });
        if (lanes.empty()) continue;
        const std::string membrane = title_of(readout, fmt::format("{} replicate {}", result.system, r + 1));
        const auto bands = assays::run_blot(membrane, lanes, readout.targets, blot,
                                            seed_of(readout, fmt::format("{}\n{}", result.system, r)));
        const assays::BlotAnalysis analysis =
            assays::analyse_blot(bands, blot.loading_control, reference_of(readout));
        keep(analysis.warnings);
        for (const assays::BlotReadout& b : analysis.readouts)
          add(reading_of(readout, b.protein), result.system, b.arm, r, b.share, "no band above background");
        result.bands.insert(result.bands.end(), bands.begin(), bands.end());
      }
      out_.blots.push_back(std::move(result));
    }
    note_failures(readout);
  }

  const Experiment& e_;
  const model::Model& model_;
  std::span<const Vessel> vessels_;
  std::span<const Outcome> outcomes_;
  std::uint64_t seed_;
  Measurements out_;
};

}  // namespace

std::vector<std::string> readout_arms(const Experiment& e, const ReadoutSpec& readout) {
  std::vector<std::string> names;
  if (!e.has_plate) {
    for (const CultureSpec& culture : e.cultures) names.push_back(culture.name);
    return names;
  }
  for (const ArmSpec& arm : e.arms) {
    if (readout.assay == Assay::cck8) {
      names.push_back(arm.name);
      continue;
    }
    for (std::size_t d = 0; d < doses_of(arm); ++d) names.push_back(at_dose(arm, static_cast<int>(d)));
  }
  if (readout.assay != Assay::elisa) return names;
  std::vector<std::string> of_systems;
  for (const std::string& system : e.systems)
    for (const std::string& name : names) of_systems.push_back(fmt::format("{}, {}", system, name));
  return of_systems;
}

Measurements measure(const Experiment& experiment, const model::Model& model, std::span<const Vessel> vessels,
                     std::span<const Outcome> outcomes, std::uint64_t seed) {
  return Bench(experiment, model, vessels, outcomes, seed).run();
}

}  // namespace stroma::study
