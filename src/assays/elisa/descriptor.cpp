// ELISA as the road sees it: one plate of each substance with the supernatants of everything that is
// compared, one amount of each arm and replicate.
#include <fmt/format.h>

#include "assays/descriptors.hpp"
#include "assays/raw_tables.hpp"

namespace stroma::assays {
namespace {

using Runs = std::vector<std::pair<std::string, ElisaRun>>;  // by substance

Raw run_plates(const Order& order) {
  Runs runs;
  for (const Target& target : order.question.targets) {
    std::vector<ElisaSample> samples;
    for (const Sample& s : order.samples)
      samples.push_back({s.specimen, s.named, s.replicate + 1, order.question.dilution});
    ElisaKit kit;
    kit.substance = target.name;
    kit.molar_mass = target.molar_mass;
    runs.emplace_back(target.name,
                      run_elisa(samples, kit, order.title(target.name), order.seed_of(target.name)));
  }
  return runs;
}

Analysis analyse_plates(const Raw& raw, const Question&) {
  Analysis out;
  for (const auto& [substance, run] : std::any_cast<const Runs&>(raw)) {
    const ElisaAnalysis plate = analyse_elisa(run.plate, run.counts);
    for (const core::Diagnostic& w : plate.warnings.entries()) out.warnings.add(w);
    for (const ElisaReadout& r : plate.readouts) {
      const auto amount = r.range == stats::DoseRange::inside ? r.per_1e5_cells : std::nullopt;
      out.readings.push_back(
          {substance, r.arm, r.replicate - 1, amount, amount ? std::string() : "outside the standards"});
    }
  }
  return out;
}

std::vector<RawFiles> files_of(const Raw& raw, const Order&) {
  std::vector<RawFiles> out;
  for (const auto& [substance, run] : std::any_cast<const Runs&>(raw))
    out.push_back({substance,
                   {{"-plate.csv", write_plate_grid(run.plate)},
                    {"-map.csv", write_plate_map(run.plate)},
                    {"-cell-counts.csv", write_cell_counts(run.counts)}}});
  return out;
}

}  // namespace

Descriptor elisa_assay() {
  Descriptor a;
  a.name = a.analysis = "elisa";
  a.title = "ELISA";
  a.signal = "4-parameter logistic of the concentration in the well";
  a.noise = "pipetting 3 %, reader 0.005 OD, producer count 5 %";
  a.constants = "ElisaKit";
  a.needs = Needs::medium;
  a.targets = TargetKind::substances;
  a.diluted = true;
  a.one_well = true;
  a.batch = Batch::everything;
  a.together = "supernatant";
  a.capacity = {40, 0};
  a.metric = "elisa";
  a.unit = "ng per 1e5 cells";
  a.words = {"{} (ELISA)", "{}", "{} (ng per 1e5 cells)", {}};
  a.methods = [](const Question& question, const std::string& targets) {
    return "ELISA of " + targets +
           (question.dilution > 1.0 ? fmt::format(" at a dilution of 1:{:.4g}", question.dilution) : "");
  };
  a.instrument = run_plates;
  a.analyse = analyse_plates;
  a.files = files_of;
  return a;
}

}  // namespace stroma::assays
