#include "study/measure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assays/dose_response/reported_ic50.hpp"
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

// The samples of one experiment with what the instruments made of them.
class Bench {
 public:
  Bench(const Protocol& protocol, const model::Model& m, std::span<const Sample> samples, std::uint64_t seed)
      : protocol_(protocol), model_(m), samples_(samples), seed_(seed) {}

  Measurements run() {
    for (const ReadoutSpec& readout : protocol_.readouts) {
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

  // The specimen at the readout's time, or null where the sample failed.
  static const assays::Specimen* specimen(const Sample& sample, core::Tick at) {
    if (!sample.finished()) return nullptr;
    if (at.count == 0) return &sample.specimens.back();
    const auto found = std::find(sample.times.begin(), sample.times.end(), at);
    core::require(found != sample.times.end(), "a readout at a time at which nothing was taken");
    return &sample.specimens[static_cast<std::size_t>(found - sample.times.begin())];
  }

  template <class Visit>
  void for_wells(const std::string& system, int replicate, const Visit& visit) const {
    for (const Sample& sample : samples_)
      if (sample.system == system && (replicate < 0 || sample.replicate == replicate)) visit(sample);
  }

  // The reference of qPCR and blots: its lowest dose, where it has several.
  std::string reference_of(const ReadoutSpec& readout) const {
    for (const Protocol::Arm& arm : protocol_.arms) {
      if (arm.name != readout.reference || arm.doses.empty()) continue;
      const auto lowest = std::min_element(arm.doses.begin(), arm.doses.end()) - arm.doses.begin();
      return arm.name + ", " + arm.dose_words[static_cast<std::size_t>(lowest)];
    }
    return readout.reference;
  }

  void add(const Reading& of, std::string system_name, std::string arm_name, int replicate,
           std::optional<double> value, std::string why) {
    out_.readouts.push_back({of.metric, std::move(system_name), std::move(arm_name), replicate, value,
                             value ? std::string() : std::move(why), of.at});
  }

  // The metrics of a readout, one for each target, or one.
  std::vector<Reading> readings(const ReadoutSpec& readout) const {
    std::vector<Reading> out;
    for (std::string& name : metric_names(protocol_.readouts, readout))
      out.push_back({std::move(name), readout.at});
    return out;
  }
  Reading reading_of(const ReadoutSpec& readout, std::string_view target) const {
    const auto found = std::find(readout.targets.begin(), readout.targets.end(), target);
    core::require(found != readout.targets.end(), "an assay read what nobody asked for");
    return readings(readout)[static_cast<std::size_t>(found - readout.targets.begin())];
  }

  // The time in words where the assay is taken at several, else nothing.
  std::string time_of(const ReadoutSpec& readout) const {
    const bool several = std::any_of(
        protocol_.readouts.begin(), protocol_.readouts.end(),
        [&](const ReadoutSpec& other) { return other.assay == readout.assay && other.at != readout.at; });
    return several ? time_words(readout.at) : std::string();
  }

  // What an instrument's run is called in its draws.
  std::uint64_t seed_of(const ReadoutSpec& readout, const std::string& what) const {
    return instrument_seed(seed_,
                           fmt::format("{}\n{}\n{}", to_string(readout.assay), readout.at.count, what));
  }
  static std::string tube_of(const Sample& sample) {
    return fmt::format("{}\n{}\n{}\n{}", sample.system, sample.named(), sample.well, sample.replicate);
  }
  // What a person calls a plate or membrane.
  std::string title_of(const ReadoutSpec& readout, const std::string& what) const {
    const std::string time = time_of(readout);
    return fmt::format("{} {}{}{}", protocol_.name, what, time.empty() ? "" : " at ", time);
  }

  void keep(const core::Diagnostics& warnings) {
    for (const core::Diagnostic& w : warnings.entries()) out_.warnings.add(w);
  }

  // Every arm and replicate whose samples failed leaves a readout without value, so that it is counted.
  void note_failures(const ReadoutSpec& readout) {
    for (const Reading& reading : readings(readout)) note_failures(readout, reading);
  }
  void note_failures(const ReadoutSpec& readout, const Reading& reading) {
    for (const Sample& sample : samples_)
      if (!sample.finished())
        add(reading, sample.system, readout.assay == Assay::cck8 ? sample.arm : sample.named(),
            sample.replicate, std::nullopt, sample.failure);
  }

  void read_plates(const ReadoutSpec& readout) {
    for (const std::string& system : protocol_.systems) {
      for (int r = 0; r < protocol_.replicates; ++r) {
        assays::Cck8Plate plate{
            title_of(readout, fmt::format("{} replicate {}", system, r + 1)), protocol_.drug, {}, {}, 3};
        for_wells(system, r, [&](const Sample& sample) {
          if (const assays::Specimen* what = specimen(sample, readout.at); what != nullptr)
            plate.wells.push_back({what, sample.arm, sample.dose, r + 1, sample.well + 1, sample.position});
        });
        if (!plate.wells.empty()) read_plate(readout, plate, system, r);
      }
    }
    note_failures(readout);
  }

  void read_plate(const ReadoutSpec& readout, assays::Cck8Plate& plate, const std::string& name, int r) {
    place_blanks(plate);
    assays::Cck8Instrument instrument;
    instrument.pipetting_cv = 0.0;  // the cells were pipetted when the vessels were filled
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
    for (const std::string& system : protocol_.systems) {
      ColonyResult result{system, time_of(readout), {}};
      for_wells(system, -1, [&](const Sample& sample) {
        const assays::Specimen* what = specimen(sample, readout.at);
        if (what == nullptr) return;
        result.sheet.push_back(assays::count_colonies(*what, sample.named(), sample.replicate + 1,
                                                      sample.well + 1, sample.plated, {},
                                                      seed_of(readout, tube_of(sample))));
      });
      for (const assays::ColonyRate& rate : assays::analyse_colonies(result.sheet))
        add(readings(readout).front(), result.system, rate.arm, rate.replicate - 1, rate.rate, {});
      out_.colonies.push_back(std::move(result));
    }
    note_failures(readout);
  }

  void run_flow(const ReadoutSpec& readout) {
    const assays::FlowInstrument cytometer;
    for (const std::string& system : protocol_.systems) {
      for (int r = 0; r < protocol_.replicates; ++r) {
        const assays::GatingControls controls =
            assays::acquire_controls(cytometer, seed_of(readout, fmt::format("controls\n{}\n{}", system, r)));
        const assays::QuadrantGate gate = assays::set_gate(controls.unstained, controls.live);
        std::vector<std::pair<std::string, std::vector<double>>> fractions;  // technical wells by arm
        for_wells(system, r, [&](const Sample& sample) {
          const assays::Specimen* what = specimen(sample, readout.at);
          if (what == nullptr) return;
          FlowResult result{system,
                            time_of(readout),
                            assays::acquire(*what, sample.named(), r + 1, sample.well + 1, cytometer,
                                            seed_of(readout, tube_of(sample))),
                            gate,
                            {}};
          result.quadrants = assays::analyse_flow(result.sample, gate);
          if (fractions.empty() || fractions.back().first != sample.named())
            fractions.push_back({sample.named(), {}});
          if (result.quadrants.apoptotic) fractions.back().second.push_back(*result.quadrants.apoptotic);
          if (r > 0 || sample.well > 0)
            result.sample.events = {};  // one tube per arm is drawn; the quadrants of all are kept
          out_.flow.push_back(std::move(result));
        });
        for (const auto& [arm_name, values] : fractions)
          add(readings(readout).front(), system, arm_name, r, mean(values), "no events");
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
      for (const Sample& sample : samples_) {
        if (sample.well > 0) continue;  // one supernatant a replicate
        const std::string name =
            sample.system.empty() ? sample.named() : sample.system + ", " + sample.named();
        if (readout.at.count == 0) metric.at = sample.times.back();
        const assays::Specimen* what = specimen(sample, readout.at);
        if (what == nullptr)
          add(metric, "supernatant", name, sample.replicate, std::nullopt, sample.failure);
        else
          samples.push_back({what, name, sample.replicate + 1, readout.dilution});
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
    for (const std::string& system : protocol_.systems) {
      QpcrResult result{system, time_of(readout), {}};
      std::vector<assays::QpcrSample> samples;
      for_wells(system, -1, [&](const Sample& sample) {
        if (const assays::Specimen* what = specimen(sample, readout.at); what != nullptr && sample.well == 0)
          samples.push_back({what, sample.named(), sample.replicate + 1});
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
    for (const std::string& system : protocol_.systems) {
      BlotResult result{system, time_of(readout), {}};
      for (int r = 0; r < protocol_.replicates; ++r) {
        std::vector<assays::BlotLane> lanes;
        for_wells(system, r, [&](const Sample& sample) {
          if (const assays::Specimen* what = specimen(sample, readout.at);
              what != nullptr && sample.well == 0)
            lanes.push_back({what, sample.named(), r + 1});
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

  const Protocol& protocol_;
  const model::Model& model_;
  std::span<const Sample> samples_;
  std::uint64_t seed_;
  Measurements out_;
};

}  // namespace

std::vector<std::string> base_metrics(const ReadoutSpec& readout) {
  switch (readout.assay) {
    case Assay::cck8:
      return {"ic50"};
    case Assay::colonies:
      return {"colony_rate"};
    case Assay::annexin:
      return {"apoptotic_fraction"};
    case Assay::elisa:
    case Assay::qpcr:
    case Assay::blot:
      break;
  }
  std::vector<std::string> metrics;
  for (const std::string& target : readout.targets)
    metrics.push_back(to_string(readout.assay) + ":" + target);
  return metrics;
}

std::vector<std::string> metric_names(std::span<const ReadoutSpec> all, const ReadoutSpec& readout) {
  std::vector<std::string> names = base_metrics(readout);
  for (std::string& name : names) {
    const bool at_other_times = std::any_of(all.begin(), all.end(), [&](const ReadoutSpec& other) {
      const std::vector<std::string> theirs = base_metrics(other);
      return other.at != readout.at && std::find(theirs.begin(), theirs.end(), name) != theirs.end();
    });
    if (at_other_times) name += " at " + time_words(readout.at);
  }
  return names;
}

std::vector<std::string> readout_arms(const Protocol& protocol, const ReadoutSpec& readout) {
  std::vector<std::string> names;
  for (const Protocol::Arm& arm : protocol.arms) {
    if (readout.assay == Assay::cck8 || arm.doses.empty())
      names.push_back(arm.name);
    else
      for (const std::string& dose : arm.dose_words) names.push_back(arm.name + ", " + dose);
  }
  if (readout.assay != Assay::elisa || protocol.systems.empty()) return names;
  std::vector<std::string> of_systems;
  for (const std::string& system : protocol.systems)
    for (const std::string& name : names) of_systems.push_back(fmt::format("{}, {}", system, name));
  return of_systems;
}

Measurements measure(const Protocol& protocol, const model::Model& model, std::span<const Sample> samples,
                     std::uint64_t seed) {
  return Bench(protocol, model, samples, seed).run();
}

}  // namespace stroma::study
