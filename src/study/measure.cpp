#include "study/measure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "study/experiment_checks.hpp"

namespace stroma::study {
namespace {

using assays::Batch;

// The samples of one experiment with what one assay makes of them.
class Bench {
 public:
  Bench(const Protocol& protocol, const model::Model& m, std::span<const Sample> samples, std::uint64_t seed,
        const ReadoutSpec& readout, Measurements& out)
      : protocol_(protocol),
        model_(m),
        samples_(samples),
        seed_(seed),
        readout_(readout),
        assay_(*readout.assay),
        metrics_(metric_names(protocol.readouts, readout)),
        out_(out) {}

  void measure() {
    switch (assay_.batch) {
      case Batch::everything:
        run({}, -1);
        break;
      case Batch::system:
        for (const std::string& system : protocol_.systems) run(system, -1);
        break;
      case Batch::system_and_replicate:
        for (const std::string& system : protocol_.systems)
          for (int r = 0; r < protocol_.replicates; ++r) run(system, r);
        break;
    }
    note_failures();
  }

 private:
  bool together() const { return assay_.batch == Batch::everything; }
  bool taken(const Sample& sample) const { return !assay_.one_well || sample.well == 0; }

  // The specimen at the readout's time.
  const assays::Specimen* specimen(const Sample& sample) const {
    if (readout_.at.count == 0) return &sample.specimens.back();
    const auto found = std::find(sample.times.begin(), sample.times.end(), readout_.at);
    core::require(found != sample.times.end(), "a readout at a time at which nothing was taken");
    return &sample.specimens[static_cast<std::size_t>(found - sample.times.begin())];
  }

  // What the assay calls a sample's arm at its dose.
  std::string named(const Sample& sample) const {
    const bool with_system = together() && !sample.system.empty();
    return with_system ? sample.system + ", " + sample.named() : sample.named();
  }

  // The reference of a relative assay: its lowest dose, where it has several.
  std::string reference() const {
    for (const Protocol::Arm& arm : protocol_.arms) {
      if (arm.name != readout_.reference || arm.doses.empty()) continue;
      const auto lowest = std::min_element(arm.doses.begin(), arm.doses.end()) - arm.doses.begin();
      return arm.name + ", " + arm.dose_words[static_cast<std::size_t>(lowest)];
    }
    return readout_.reference;
  }

  // The time in words where the assay is taken at several, else nothing.
  std::string time() const {
    const bool several =
        std::any_of(protocol_.readouts.begin(), protocol_.readouts.end(), [&](const ReadoutSpec& other) {
          return other.assay->name == assay_.name && other.at != readout_.at;
        });
    return several ? time_words(readout_.at) : std::string();
  }

  std::vector<assays::Target> targets() const {
    std::vector<assays::Target> out;
    for (const std::string& name : readout_.targets) {
      const model::Index substance = model_.substance(name);
      const bool weighed = assay_.targets == assays::TargetKind::substances && substance != model::none;
      out.push_back(
          {name, weighed ? model_.substances[static_cast<std::size_t>(substance)].molar_mass : 0.0});
    }
    return out;
  }

  // An instrument's draws belong to the assay, the time and what is measured, by the names in the
  // experiment; never to the name of its file.
  assays::Order order_of(const std::string& system, int replicate) const {
    assays::Order order;
    order.question = {targets(), reference(), readout_.dilution};
    order.experiment = protocol_.name;
    order.system = together() ? assay_.together : system;
    order.replicate = replicate;
    order.at = time();
    order.drug = protocol_.drug;
    order.seed = seed_;
    order.seed_name = fmt::format("{}\n{}", assay_.name, readout_.at.count);
    for (const Sample& s : samples_)
      if (s.finished() && taken(s) && (together() || s.system == system) &&
          (replicate < 0 || s.replicate == replicate))
        order.samples.push_back(
            {s.arm, named(s), s.dose, s.replicate, s.well, s.plated, s.position, specimen(s)});
    return order;
  }

  void run(const std::string& system, int replicate) {
    AssayRun run{readout_.assay, order_of(system, replicate), {}, {}};
    if (run.order.samples.empty()) return;
    run.raw = assay_.instrument(run.order);
    run.analysis = assay_.analyse(run.raw, run.order.question);
    for (const core::Diagnostic& w : run.analysis.warnings.entries()) out_.warnings.add(w);
    for (assays::Reading& r : run.analysis.readings)
      add(metric_of(r.target), run.order.system, r.arm, r.replicate, r.value, r.why_missing);
    if (assay_.thin) assay_.thin(run.raw);
    run.order.samples.clear();
    out_.runs.push_back(std::move(run));
  }

  const std::string& metric_of(const std::string& target) const {
    if (assay_.targets == assays::TargetKind::none) return metrics_.front();
    const auto found = std::find(readout_.targets.begin(), readout_.targets.end(), target);
    core::require(found != readout_.targets.end(), "an assay read what nobody asked for");
    return metrics_[static_cast<std::size_t>(found - readout_.targets.begin())];
  }

  void add(const std::string& metric, const std::string& system, const std::string& arm, int replicate,
           std::optional<double> value, const std::string& why) {
    core::Tick at = readout_.at;
    for (const Sample& s : samples_)
      if (readout_.at.count == 0 && named(s) == arm) at = s.times.back();
    out_.readouts.push_back({metric, system, arm, replicate, value, value ? std::string() : why, at});
  }

  // Every arm and replicate whose samples failed leaves a readout without value, so that it is counted.
  void note_failures() {
    for (const std::string& metric : metrics_)
      for (const Sample& s : samples_)
        if (!s.finished() && taken(s))
          add(metric, together() ? assay_.together : s.system, assay_.by_dose ? s.arm : named(s), s.replicate,
              std::nullopt, s.failure);
  }

  const Protocol& protocol_;
  const model::Model& model_;
  std::span<const Sample> samples_;
  std::uint64_t seed_;
  const ReadoutSpec& readout_;
  const assays::Descriptor& assay_;
  std::vector<std::string> metrics_;
  Measurements& out_;
};

}  // namespace

std::vector<std::string> base_metrics(const ReadoutSpec& readout) {
  if (readout.assay->targets == assays::TargetKind::none) return {readout.assay->metric};
  std::vector<std::string> metrics;
  for (const std::string& target : readout.targets) metrics.push_back(readout.assay->metric + ":" + target);
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
    if (readout.assay->by_dose || arm.doses.empty())
      names.push_back(arm.name);
    else
      for (const std::string& dose : arm.dose_words) names.push_back(arm.name + ", " + dose);
  }
  if (readout.assay->batch != Batch::everything || protocol.systems.empty()) return names;
  std::vector<std::string> of_systems;
  for (const std::string& system : protocol.systems)
    for (const std::string& name : names) of_systems.push_back(fmt::format("{}, {}", system, name));
  return of_systems;
}

std::vector<std::string> readout_systems(const Protocol& protocol, const ReadoutSpec& readout) {
  return readout.assay->batch == Batch::everything ? std::vector<std::string>{readout.assay->together}
                                                   : protocol.systems;
}

Measurements measure(const Protocol& protocol, const model::Model& model, std::span<const Sample> samples,
                     std::uint64_t seed) {
  Measurements out;
  for (const ReadoutSpec& readout : protocol.readouts)
    Bench(protocol, model, samples, seed, readout, out).measure();
  return out;
}

}  // namespace stroma::study
