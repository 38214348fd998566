#include "study/culture_samples.hpp"

#include "core/errors.hpp"
#include "study/experiment_checks.hpp"

namespace stroma::study {
namespace {

const TreatmentSpec* series_of(const ArmSpec& arm) {
  for (const TreatmentSpec& t : arm.treatments)
    if (t.series) return &t;
  return nullptr;
}

void place_in_plate(Sample& sample, const Experiment& e, const Vessel& v) {
  const ArmSpec& arm = e.arms[static_cast<std::size_t>(v.arm)];
  sample.system = e.systems[static_cast<std::size_t>(v.system)];
  sample.arm = arm.name;
  if (const TreatmentSpec* series = series_of(arm)) {
    sample.dose_words = series->written[static_cast<std::size_t>(v.dose)];
    sample.dose = series->doses[static_cast<std::size_t>(v.dose)];
  }
  if (arm.wells.empty()) return;
  const int at = arm.wells[static_cast<std::size_t>(v.dose * e.wells_per_arm + v.well)];
  sample.position = assays::Position{at / assays::plate_columns, at % assays::plate_columns};
}

}  // namespace

Protocol protocol_of(const Experiment& e, const model::Model& model) {
  Protocol protocol;
  protocol.name = e.name;
  protocol.replicates = e.replicates;
  protocol.readouts = e.readouts;
  if (!e.has_plate) {
    for (const CultureSpec& culture : e.cultures) protocol.arms.push_back({culture.name, {}, {}});
    return protocol;
  }
  protocol.systems = e.systems;
  for (const ArmSpec& arm : e.arms) {
    protocol.arms.push_back({arm.name, {}, {}});
    const TreatmentSpec* series = series_of(arm);
    if (series == nullptr) continue;
    protocol.arms.back().doses = series->doses;
    protocol.arms.back().dose_words = series->written;
    if (protocol.drug.empty())
      protocol.drug = model.substances[static_cast<std::size_t>(series->substance)].name;
  }
  return protocol;
}

std::vector<Sample> samples_of(const Experiment& e, std::span<const Vessel> vessels,
                               std::span<const Outcome> outcomes) {
  core::require(vessels.size() == outcomes.size(), "vessels without outcomes");
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < vessels.size(); ++i) {
    const Vessel& v = vessels[i];
    if (e.has_plate == (v.system < 0)) continue;
    Sample sample;
    if (e.has_plate)
      place_in_plate(sample, e, v);
    else
      sample.arm = e.cultures[static_cast<std::size_t>(v.culture)].name;
    sample.replicate = v.replicate;
    sample.well = v.well;
    sample.plated = v.plated;
    sample.times = v.times;
    sample.specimens = outcomes[i].specimens;
    if (!outcomes[i].finished())
      sample.failure = outcomes[i].failure.empty() ? "not run" : outcomes[i].failure;
    samples.push_back(std::move(sample));
  }
  return samples;
}

}  // namespace stroma::study
