// `analyse elisa`: plates with standards, read back through their own curve.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "assays/dose_response/dose_unit.hpp"
#include "io/lab_files.hpp"
#include "jobs/analyse/inputs.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<fs::path> maps;
  fs::path counts;
  std::string analyte = "analyte", read, subtract;
};

fs::path beside(const fs::path& map, const std::string& ending) {
  std::string name = map.filename().string();
  name.replace(name.size() - std::string("-map.csv").size(), std::string::npos, ending);
  return map.parent_path() / name;
}

bool has_standards(const assays::Plate& plate) {
  return std::any_of(plate.wells.begin(), plate.wells.end(),
                     [](const assays::PlateWell& well) { return well.role == assays::WellRole::standard; });
}

nlohmann::ordered_json json_of(const std::vector<report::AnalysedElisa>& plates) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const report::AnalysedElisa& p : plates)
    for (const assays::ElisaReadout& r : p.analysis.readouts) {
      nlohmann::ordered_json row = {
          {"plate", p.plate.name}, {"arm", r.arm}, {"replicate", r.replicate}, {"simulated", p.simulated}};
      row["ng_per_mL"] = r.concentration ? nlohmann::ordered_json(*r.concentration) : nullptr;
      if (r.ci) row["ci95_ng_per_mL"] = {r.ci->low, r.ci->high};
      row["ng_per_1e5_cells"] = r.per_1e5_cells ? nlohmann::ordered_json(*r.per_1e5_cells) : nullptr;
      if (r.cv) row["cv_percent"] = 100.0 * *r.cv;
      row["hook"] = r.hook;
      row["dilutions"] = nlohmann::ordered_json::array();
      for (const assays::ElisaDilution& d : r.dilutions)
        row["dilutions"].push_back(
            {{"factor", d.factor},
             {"wells", d.wells},
             {"ng_per_mL", d.concentration ? nlohmann::ordered_json(*d.concentration) : nullptr}});
      row["range"] = r.range == stats::DoseRange::inside  ? "inside"
                     : r.range == stats::DoseRange::above ? "above"
                                                          : "below";
      rows.push_back(std::move(row));
    }
  return {{"assay", "elisa"}, {"readouts", std::move(rows)}};
}

void say_standards(const assays::Plate& plate, core::Understanding& said) {
  std::set<double> standards;
  for (const assays::PlateWell& well : plate.wells)
    if (well.role == assays::WellRole::standard && well.standard) standards.insert(*well.standard);
  if (standards.empty()) return;
  const auto shown = [&](double ng_per_mL) {
    return report::print(assays::shown_dose(ng_per_mL, plate.standard_unit));
  };
  said.found("standards",
             fmt::format("{} concentrations, {} to {} {}", standards.size(), shown(*standards.begin()),
                         shown(*standards.rbegin()), assays::printed_unit(plate.standard_unit)));
  said.found("independent unit", "the experiment (replicate); wells and dilutions are repeats of a sample");
}

// ", CV 12 %, dilutions read 250 to 809": what the repeats of a sample say of it.
std::string variation_words(const assays::ElisaReadout& readout, const std::string& unit) {
  std::string out;
  if (readout.cv) out += fmt::format(", CV of wells {:.0f} %", 100.0 * *readout.cv);
  std::vector<double> inside;
  for (const assays::ElisaDilution& d : readout.dilutions)
    if (d.concentration && d.range == stats::DoseRange::inside)
      inside.push_back(assays::shown_dose(*d.concentration, unit));
  if (inside.size() > 1) {
    const auto [low, high] = std::minmax_element(inside.begin(), inside.end());
    out +=
        fmt::format(", {} dilutions read {} to {}", inside.size(), report::print(*low), report::print(*high));
  }
  return readout.hook ? out + ", hook effect" : out;
}

Analysis analyse(const AnalyseRequest& request, const Options& options) {
  core::Diagnostics problems;
  Analysis out;
  std::vector<report::AnalysedElisa> plates;
  check_maps(options.maps, request.files.size(), problems);
  const bool several = request.files.size() > 1;
  const std::vector<AssayFile> files =
      assay_files(request, "-map.csv", "the plate as the reader exported it", problems);
  problems.throw_if_any();
  std::size_t measured = 0;
  for_each_file(files, problems, [&](const AssayFile& file) {
    // Of a simulated study its maps were found: not every plate is an ELISA.
    const fs::path grid = file.simulated ? beside(file.path, "-plate.csv") : file.path;
    const fs::path map = file.simulated ? file.path : map_of(options.maps, measured++, file.path);
    const fs::path counts = file.simulated ? beside(file.path, "-cell-counts.csv") : options.counts;
    const InputText map_text = read_input(map), grid_text = read_export(grid);
    core::Understanding said;
    const std::string analyte = file.simulated && options.analyte == "analyte"
                                    ? grid.stem().string().substr(0, grid.stem().string().find("-plate"))
                                    : options.analyte;
    assays::Plate plate =
        io::read_plate(grid_text.named(), map_text.named(), grid.stem().string(), analyte,
                       file.simulated ? "" : options.read, file.simulated ? "" : options.subtract,
                       file.simulated ? nullptr : &said);
    if (file.simulated && !has_standards(plate)) return;
    const InputText count_text = !file.simulated || fs::exists(counts) ? read_optional(counts) : InputText{};
    const std::vector<assays::CellCount> counted =
        count_text.text.empty() ? std::vector<assays::CellCount>{} : io::read_cell_counts(count_text.named());
    assays::ElisaAnalysis analysis = assays::analyse_elisa(plate, counted);
    if (!file.simulated) {
      say_standards(plate, said);
      say_of_file(said, several ? plate.name : "", out.understanding);
    }
    for (const core::Diagnostic& w : analysis.warnings.entries())
      if (w.code != "no-cell-count" || !counted.empty()) {  // without any count, none is missing
        core::Diagnostic placed = w;
        placed.place.file = grid_text.name;
        out.warnings.add(std::move(placed));
      }
    plates.push_back({std::move(plate), std::move(analysis), file.simulated});
  });
  if (plates.empty())
    problems.add("no-simulated-files", {io::printable(request.against), 0, 0}, "--against",
                 "none of the plates below raw/ has standards: no ELISA was simulated there",
                 "give a result folder whose experiment has an ELISA");
  problems.throw_if_any();
  out.title = "ELISA";
  out.question = "How much of the analyte is in each sample?";
  std::vector<ArmReplicate> replicates;
  const std::string& unit = plates.front().plate.standard_unit;  // one unit for all plates
  const auto shown = [&](double ng_per_mL) { return assays::shown_dose(ng_per_mL, unit); };
  for (const report::AnalysedElisa& p : plates)
    for (const assays::ElisaReadout& r : p.analysis.readouts) {
      if (!p.simulated) replicates.push_back({r.arm, r.replicate});
      out.summary += fmt::format(
          "{}{}, replicate {}: {}{}{}", out.summary.empty() ? "" : "\n", report::arm_name(r.arm, p.simulated),
          r.replicate,
          r.concentration
              ? fmt::format("{} {}", report::print(shown(*r.concentration)), assays::printed_unit(unit))
              : "not read",
          r.ci ? fmt::format(" ({})", report::print(report::Interval{shown(r.ci->low), shown(r.ci->high)}))
               : "",
          r.range == stats::DoseRange::inside ? "" : ", outside the standards");
      out.summary += variation_words(r, unit);
    }
  warn_of_single_replicates(replicates, out.warnings);
  out.sections.push_back(report::elisa_section(plates, request.reference, out.warnings));
  out.methods =
      "A four-parameter logistic was fitted to the standards of each plate, weights 1/OD². Samples were read "
      "back through it "
      "from the mean of their wells and multiplied by the dilution; samples outside the standards are "
      "flagged and are not compared. Intervals hold the errors of the curve, of wells and of dilutions (on "
      "the "
      "logarithmic scale; wells and dilutions scatter as the standards do unless an F test says more). "
      "Amounts per "
      "1e5 cells are concentration x volume of the supernatant / cells counted x 1e5.\n\n" +
      std::string(tests_between_arms);
  out.results = json_of(plates);
  return out;
}

void declare_elisa(core::Options& options, Options& own) {
  options.add("--map", own.maps,
              "what is in each well; one for all plates or one for each (default: NAME-map.csv beside each)");
  options.add("--counts", own.counts, "cells that made each supernatant (arm, replicate, cells, volume)");
  options.add("--analyte", own.analyte, "what was measured").says_default();
  options.add("--read", own.read, "which grid of a file with several: its number or a part of its title");
  options.add("--subtract", own.subtract,
              "a second read, such as a reference wavelength, that is subtracted well by well");
}

}  // namespace

Job elisa_job() {
  return make_assay<Options>("elisa", "ELISA plates: concentrations from the plate's own standards",
                             "plates as the reader exported them (CSV, TSV)",
                             Shares::against | Shares::reference, declare_elisa, analyse);
}

}  // namespace stroma::jobs
