// `analyse cck8`: plates of optical densities with their maps; the same for any colorimetric viability assay.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "assays/dose_response/dose_unit.hpp"
#include "io/file.hpp"
#include "io/lab_files.hpp"
#include "jobs/analyse/inputs.hpp"
#include "report/laboratory.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<fs::path> maps;
  std::string drug = "drug", read, subtract, control, limits = "leave-out";
  bool no_blank = false;
};

assays::Plate read_plate(const fs::path& plate, const fs::path& map, const Options& options, bool simulated,
                         core::Understanding& said) {
  const InputText grid = read_export(plate), what = read_input(map);
  return io::read_plate(grid.named(), what.named(), plate.stem().string(), options.drug,
                        simulated ? "" : options.read, simulated ? "" : options.subtract,
                        simulated ? nullptr : &said);
}

// A plate that was corrected by a second wavelength may do without blanks.
assays::Cck8Choices choices_of(const Options& options, bool simulated) {
  if (simulated) return {};
  return {options.control, options.no_blank || !options.subtract.empty(), options.limits == "at-limit"};
}

// What the analysis took for granted, beside what the reader of the file has said.
void say_analysis(const assays::Cck8Analysis& analysis, const Options& options, core::Understanding& said) {
  if (analysis.blanks > 0)
    said.found("background", fmt::format("the mean of {} blank wells, subtracted", analysis.blanks));
  else if (!options.subtract.empty() && !options.no_blank)
    said.assumed("background", "no blank wells; the reference wavelength alone is subtracted",
                 "a blank in the map");
  else
    said.given("background", "nothing is subtracted", "--no-blank");
  if (analysis.control.empty()) {
    said.found("control", "the wells at dose 0 of each arm and replicate");
  } else {
    std::string arms;
    for (const std::string& arm : analysis.controlled) arms += (arms.empty() ? "" : ", ") + arm;
    const std::string what = fmt::format("arm '{}', for {}", analysis.control, arms);
    if (options.control.empty())
      said.assumed("control", what, "--control");
    else
      said.given("control", what, "--control");
  }
}

// "hepg2-replicate-03-plate.csv" is a plate of hepg2: what a study varies beside its arms.
std::string system_of(const fs::path& plate) {
  const std::string stem = plate.stem().string();
  return stem.substr(0, std::min(stem.find("-replicate-"), stem.find("-plate")));
}

std::vector<report::AnalysedPlate> read_all(const AnalyseRequest& request, const Options& options,
                                            core::Understanding& understanding) {
  core::Diagnostics problems;
  std::vector<report::AnalysedPlate> plates;
  const auto add = [&](const fs::path& plate, const fs::path& map, bool simulated) {
    try {
      core::Understanding said;
      assays::Plate read = read_plate(plate, map, options, simulated, said);
      const bool elisa = std::any_of(read.wells.begin(), read.wells.end(), [](const assays::PlateWell& well) {
        return well.role == assays::WellRole::standard;
      });
      if (simulated && elisa) return;  // the folder holds ELISA plates too
      if (simulated && request.line.empty()) read.substance = system_of(plate);  // else in the measured panel
      assays::Cck8Analysis analysis = assays::analyse_cck8(read, choices_of(options, simulated));
      if (!simulated) {
        say_analysis(analysis, options, said);
        say_of_file(said, request.files.size() > 1 ? read.name : "", understanding);
      }
      core::Diagnostics placed;
      append_warnings(placed, analysis.warnings, io::printable(plate));
      analysis.warnings = std::move(placed);
      plates.push_back({std::move(read), std::move(analysis), simulated});
    } catch (const core::InputError& error) {
      append_warnings(problems, error.diagnostics(), io::printable(map));
    }
  };
  if (request.files.empty() && request.against.empty())
    problems.add("no-files", {}, "files", "there is no plate to analyse",
                 "give the plates as the reader exported them");
  check_maps(options.maps, request.files.size(), problems);
  problems.throw_if_any();
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    const fs::path& plate = request.files[i];
    add(plate, map_of(options.maps, i, plate), false);
  }
  if (!request.against.empty())
    for (const fs::path& map : simulated_files(request, "-map.csv", problems)) {
      std::string name = map.filename().string();
      name.replace(name.size() - std::string("-map.csv").size(), std::string::npos, "-plate.csv");
      add(map.parent_path() / name, map, true);  // those of ELISAs are told by their standards
    }
  check_dose_units(plates, problems);
  problems.throw_if_any();
  return plates;
}

nlohmann::ordered_json json_of(const std::vector<report::AnalysedPlate>& plates) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const report::AnalysedPlate& p : plates)
    for (const assays::DoseResponse& r : p.analysis.responses) {
      nlohmann::ordered_json row = {
          {"plate", p.plate.name},    {"drug", p.plate.substance}, {"arm", r.arm},
          {"replicate", r.replicate}, {"simulated", p.simulated},  {"control_od", r.control_od}};
      put_ic50(row, r);
      out.push_back(std::move(row));
    }
  return {{"assay", "cck8"}, {"responses", std::move(out)}};
}

// Who is independent: the experiments by their numbers, on one plate or on many.
void say_experiments(const std::vector<report::AnalysedPlate>& plates, core::Understanding& said) {
  std::set<std::pair<std::string, int>> experiments;
  std::set<std::string> units;
  for (const report::AnalysedPlate& p : plates)
    for (const assays::DoseResponse& r : p.analysis.responses) {
      if (p.simulated) continue;
      experiments.insert({p.plate.name, r.replicate});
      units.insert(r.dose_unit);
    }
  if (experiments.empty()) return;
  std::string unit;
  for (const std::string& u : units) unit += (unit.empty() ? "" : ", ") + assays::printed_unit(u);
  said.found("independent unit",
             fmt::format("the experiment (plate and replicate, {} of them); its wells are repeats",
                         experiments.size()));
  said.found("response", fmt::format("absorbance in per cent of the control; doses in {}", unit));
}

Analysis analyse(const AnalyseRequest& request, const Options& options) {
  Analysis out;
  const std::vector<report::AnalysedPlate> plates = read_all(request, options, out.understanding);
  say_experiments(plates, out.understanding);
  out.title = "CCK-8: dose response";
  out.question = "How many cells are viable at each dose, and which dose leaves half of them?";
  out.sections.push_back(report::dose_response_section(plates, request.reference, out.warnings));
  out.methods =
      "The mean of the blank wells was subtracted from every well. Wells were expressed in per cent of the "
      "mean "
      "of the wells at dose zero of the same arm (or of the control arm) and replicate; wells at the "
      "reader's limit "
      "were left out. A four-parameter logistic curve was fitted "
      "to all "
      "wells of an arm and replicate by nonlinear least squares; where the doses left its lower plateau "
      "open, a "
      "three-parameter curve that ends at 0 %. The IC50 is the dose at 50 % of control; its interval is that "
      "of "
      "the fit, and over several experiments that of the mean of log2 IC50. IC50s were compared on the log2 "
      "scale; those beyond the tested doses are extrapolations and were neither averaged nor compared.";
  out.results = json_of(plates);
  for (const report::AnalysedPlate& p : plates) {
    for (const assays::DoseResponse& r : p.analysis.responses) {
      out.summary += fmt::format("{}{}: {}, replicate {}: {}", out.summary.empty() ? "" : "\n", p.plate.name,
                                 report::arm_name(r.arm, p.simulated), r.replicate, ic50_words(r));
    }
    for (const core::Diagnostic& w : p.analysis.warnings.entries()) out.warnings.add(w);
  }
  return out;
}

void declare_cck8(core::Options& options, Options& own) {
  options.add("--map", own.maps,
              "what is in each well; one for all plates or one for each (default: NAME-map.csv beside each)");
  options.add("--read", own.read, "which grid of a file with several: its number or a part of its title");
  options.add("--subtract", own.subtract,
              "a second read, such as a reference wavelength, that is subtracted well by well");
  options.add("--control", own.control,
              "the arm whose wells are the control of arms without a dose zero of their own, such as DMSO");
  options.add("--no-blank", own.no_blank, "readings are net of the background: nothing is subtracted");
  options
      .add("--limits", own.limits,
           "wells at the reader's limit (>3.5): leave-out, or at-limit to count them as that limit")
      .choices({"leave-out", "at-limit"})
      .says_default();
  options.add("--drug", own.drug, "the drug's name").says_default();
}

}  // namespace

Job cck8_job() {
  return make_assay<Options>("cck8", "viability plates: dose response and IC50",
                             "plates as the reader exported them (CSV)",
                             Shares::against | Shares::reference | Shares::line, declare_cck8, analyse);
}

}  // namespace stroma::jobs
