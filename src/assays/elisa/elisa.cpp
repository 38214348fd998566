// The bench side of the ELISA: layout, standards, wells, counting.
#include "assays/elisa/elisa.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "assays/noise.hpp"
#include "core/errors.hpp"
#include "core/maths.hpp"
#include "core/random.hpp"
#include "core/units.hpp"

namespace stroma::assays {
namespace {

constexpr std::size_t most_samples = 40;  // two columns of standards leave ten, two for each sample

void check(std::span<const ElisaSample> samples, const ElisaKit& kit, const std::string& name) {
  core::Diagnostics problems;
  if (!(kit.molar_mass > 0.0))
    problems.add("no-molar-mass", {}, kit.substance,
                 fmt::format("an ELISA reports mass; the molar mass of '{}' must be known", kit.substance));
  if (kit.standards.size() < 5 || kit.standards.size() > 7)
    problems.add("bad-standards", {}, kit.substance,
                 fmt::format("{} standards; a kit has 5 to 7", kit.standards.size()));
  for (const double standard : kit.standards)
    if (!(standard > 0.0) || !std::isfinite(standard))
      problems.add("bad-standards", {}, kit.substance,
                   fmt::format("a standard of {} ng/mL; it must be above 0", standard));
  if (samples.size() > most_samples)
    problems.add("plate-full", {}, name,
                 fmt::format("{} samples in duplicate; a plate takes {}", samples.size(), most_samples));
  std::set<std::pair<std::string, int>> seen;
  for (const ElisaSample& sample : samples) {
    core::require(sample.supernatant != nullptr, "an ELISA needs supernatants");
    if (!(sample.dilution >= 1.0) || !std::isfinite(sample.dilution))
      problems.add("bad-dilution", {}, sample.arm,
                   fmt::format("a dilution of {}; it must be 1 or more", sample.dilution));
    if (!seen.insert({sample.arm, sample.replicate}).second)
      problems.add("duplicate-sample", {}, sample.arm,
                   fmt::format("'{}', replicate {} is given twice", sample.arm, sample.replicate));
  }
  problems.throw_if_any();
}

class Bench {
 public:
  Bench(const ElisaKit& kit, std::uint64_t seed) : kit_(kit), seed_(seed) {}

  // Keyed by what is in the well and not by its place: one sample more leaves the others as they were.
  void fill(PlateWell& well, double ng_per_ml) const {
    const std::uint64_t key = core::name_key(fmt::format("{}\n{}\n{}\n{}", well.arm, well.replicate,
                                                         well.technical, well.standard.value_or(-1.0)));
    core::Stream hand(seed_, core::Purpose::pipetting, key), detector(seed_, core::Purpose::instrument, key);
    const double bound = ng_per_ml * dispense(hand, kit_.pipetting_cv);
    const double curve =
        kit_.top + (kit_.bottom - kit_.top) / (1.0 + core::maths::pow(bound / kit_.ec50, kit_.slope));
    well.od = curve + kit_.reader_sd * detector.normal();
    well.over_range = *well.od > kit_.reader_limit;
    if (well.over_range) well.od = kit_.reader_limit;
  }

 private:
  const ElisaKit& kit_;
  std::uint64_t seed_;
};

void fill_standards(Plate& plate, const ElisaKit& kit, const Bench& bench) {
  for (std::size_t s = 0; s <= kit.standards.size(); ++s)
    for (int technical = 1; technical <= 2; ++technical) {
      const Position place{static_cast<int>(s), technical - 1};
      PlateWell& well = plate.at(place);
      well.role = WellRole::standard;
      well.arm = "standard";
      well.technical = technical;
      well.standard = s < kit.standards.size() ? kit.standards[s] : 0.0;
      bench.fill(well, *well.standard);
    }
}

void fill_sample(Plate& plate, std::size_t index, const ElisaSample& sample, const ElisaKit& kit,
                 const Bench& bench) {
  // nM times pg per (nM um^3) is pg/um^3, the internal mass concentration.
  const double mass = medium_concentration(*sample.supernatant, kit.substance) * kit.molar_mass;
  for (int technical = 1; technical <= 2; ++technical) {
    const Position place{static_cast<int>(index % plate_rows),
                         2 + 2 * static_cast<int>(index / plate_rows) + technical - 1};
    PlateWell& well = plate.at(place);
    well.role = WellRole::sample;
    well.arm = sample.arm;
    well.replicate = sample.replicate;
    well.technical = technical;
    well.dilution = sample.dilution;
    bench.fill(well, core::in_unit(mass, "ng/mL") / sample.dilution);
  }
}

CellCount count_producers(const ElisaSample& sample, const ElisaKit& kit, std::uint64_t seed) {
  const Specimen& from = *sample.supernatant;
  core::Stream counter(seed, core::Purpose::sampling,
                       core::name_key(fmt::format("{}\n{}", sample.arm, sample.replicate)));
  const double cells = from.scale * from.counts().live * dispense(counter, kit.counting_cv);
  return {sample.arm, sample.replicate, std::round(cells), core::in_unit(from.volume, "mL")};
}

}  // namespace

ElisaRun run_elisa(std::span<const ElisaSample> samples, const ElisaKit& kit, std::string name,
                   std::uint64_t seed) {
  check(samples, kit, name);
  ElisaRun run;
  run.plate.name = std::move(name);
  run.plate.substance = kit.substance;
  const Bench bench(kit, seed);
  fill_standards(run.plate, kit, bench);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    fill_sample(run.plate, i, samples[i], kit, bench);
    run.counts.push_back(count_producers(samples[i], kit, seed));
  }
  return run;
}

}  // namespace stroma::assays
