// `analyse blot`: densitometry tables. `analyse colonies`: counting sheets.
#include <fmt/format.h>

#include <algorithm>

#include "io/densitometry_export.hpp"
#include "io/lab_files.hpp"
#include "jobs/analyse/inputs.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"

namespace stroma::jobs {
namespace {

using Json = nlohmann::ordered_json;

struct BlotOptions {
  std::filesystem::path sheet;
  std::string control = "beta-actin";
};

Json number(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

// What of a table can be compared: said, warned of, and refused where nothing can. Returns the arms that
// cannot.
std::vector<std::string> comparable_arms(const report::AnalysedBlot& blot, const std::string& command,
                                         const std::string& file, core::Diagnostics& problems,
                                         Analysis& out) {
  const assays::BlotComparability membranes = assays::compare_membranes(blot.analysis, blot.reference);
  std::vector<ArmReplicate> lysates;
  std::vector<std::string> arms;
  for (const assays::BlotReadout& r : blot.analysis.readouts) {
    lysates.push_back({r.arm, r.replicate});
    if (std::find(arms.begin(), arms.end(), r.arm) == arms.end()) arms.push_back(r.arm);
  }
  if (!blot.simulated)
    out.understanding.found(
        "independent unit",
        fmt::format("replicate, a lysate: {}; {}", arms_with_n(lysates),
                    membranes.membranes < 2
                        ? "all on one membrane"
                        : fmt::format("arms are compared within their {} membranes", membranes.membranes)));
  if (membranes.apart.empty()) return {};
  std::string apart;
  for (const std::string& arm : membranes.apart)
    apart += fmt::format("{}'{}'", apart.empty() ? "" : ", ", arm);
  if (membranes.apart.size() + 1 >= arms.size()) {
    std::vector<core::Choice> choices;
    for (const std::string& arm : membranes.apart)
      choices.push_back({fmt::format("against '{}'", arm), fmt::format("--reference '{}'", arm)});
    problems.add("not-comparable", {file, 1, 0}, "--reference",
                 fmt::format("no arm has a band on a membrane with '{}': {} cannot be compared with it",
                             blot.reference, apart),
                 core::choices(command, choices));
    return membranes.apart;
  }
  out.understanding.found("not compared",
                          fmt::format("{}: no membrane shows them beside '{}'", apart, blot.reference));
  out.warnings.add("not-comparable", {file, 0, 0}, "membrane",
                   fmt::format("{} share no membrane with '{}' and are not compared with it: exposures of "
                               "membranes differ",
                               apart, blot.reference),
                   "load the reference on every membrane, or compare them among themselves with --reference");
  return membranes.apart;
}

Analysis analyse_blots(const AnalyseRequest& request, const BlotOptions& options) {
  core::Diagnostics problems;
  Analysis out;
  std::vector<report::AnalysedBlot> blots;
  const std::vector<AssayFile> files =
      assay_files(request, "-densitometry.csv", "the densitometry table", problems);
  problems.throw_if_any();
  const InputText sheet = read_optional(options.sheet);
  std::string reference = request.reference;
  std::vector<ArmReplicate> replicates;
  Json rows = Json::array();
  for_each_file(files, problems, [&](const AssayFile& file) {
    const InputText text = read_input(file.path);
    const std::vector<assays::BlotBand> bands =
        io::read_densitometry_export(text.named(), file.simulated ? io::NamedText{} : sheet.named());
    std::vector<std::string> arms;
    for (const assays::BlotBand& band : bands) arms.push_back(band.arm);
    const std::string own =
        reference_of(arms, reference, file.simulated, text.name, out.warnings, out.understanding);
    if (reference.empty()) reference = own;
    report::AnalysedBlot blot{file.path.stem().string(), assays::analyse_blot(bands, options.control, own),
                              file.simulated, own};
    blot.apart = comparable_arms(blot, request.command, text.name, problems, out);
    append_warnings(out.warnings, blot.analysis.warnings, text.name);
    for (const assays::BlotReadout& r : blot.analysis.readouts) {
      if (!file.simulated) replicates.push_back({r.arm, r.replicate});
      rows.push_back({{"table", blot.name},
                      {"membrane", r.membrane},
                      {"lane", r.lane},
                      {"arm", r.arm},
                      {"replicate", r.replicate},
                      {"protein", r.protein},
                      {"simulated", file.simulated},
                      {"ratio", number(r.ratio)},
                      {"relative", number(r.relative)},
                      {"share", number(r.share)}});
      if (!r.relative) continue;
      out.summary += fmt::format(
          "{}{}: {} in {}, replicate {}: {} of the reference", out.summary.empty() ? "" : "\n", blot.name,
          r.protein, report::arm_name(r.arm, file.simulated), r.replicate, report::print(*r.relative));
    }
    blots.push_back(std::move(blot));
  });
  warn_of_single_replicates(replicates, out.warnings);
  out.title = "Western blot";
  out.question = fmt::format("How much of each protein is there, against {}?", reference);
  out.sections.push_back(report::blot_section(blots, reference, out.warnings));
  out.methods = fmt::format(
      "Band volumes minus background were divided by that of {} in the same lane, and by the mean of these "
      "ratios over all "
      "lanes of the membrane (Degasperi et al. 2014), which makes membranes with the same arms comparable; "
      "where "
      "membranes show different arms, by that of the reference on the same membrane. Lanes of one lysate "
      "were "
      "averaged. Ratios were compared on the log2 scale, where there are several membranes within them: by "
      "the "
      "paired t test over membranes, with Holm's adjustment for several arms.\n\n{}",
      options.control, tests_between_arms);
  out.references = {{"degasperi2014", "Degasperi A et al. PLoS One 9, e87293 (2014).",
                     "https://doi.org/10.1371/journal.pone.0087293"}};
  out.results = {{"assay", "blot"}, {"readouts", std::move(rows)}};
  return out;
}

Analysis analyse_colony_sheets(const AnalyseRequest& request) {
  core::Diagnostics problems;
  Analysis out;
  std::vector<report::AnalysedColonies> sheets;
  std::vector<ArmReplicate> replicates;
  Json rows = Json::array();
  std::string reference = request.reference;
  const std::vector<AssayFile> files = assay_files(request, "-colonies.csv", "the counting sheet", problems);
  for_each_file(files, problems, [&](const AssayFile& file) {
    const InputText text = read_input(file.path);
    const std::vector<assays::ColonyCount> counts = io::read_colony_counts(text.named());
    report::AnalysedColonies sheet{file.path.stem().string(), assays::analyse_colonies(counts),
                                   file.simulated};
    std::vector<std::string> arms;
    std::vector<ArmReplicate> units;
    std::size_t most = 0;
    for (const assays::ColonyRate& r : sheet.rates) {
      arms.push_back(r.arm);
      units.push_back({r.arm, r.replicate});
      most = std::max(most, r.wells);
    }
    const std::string own =
        reference_of(arms, reference, file.simulated, text.name, out.warnings, out.understanding);
    if (reference.empty()) reference = own;
    if (!file.simulated)
      out.understanding.found(
          "independent unit",
          fmt::format("replicate, an experiment: {}; up to {} dishes or wells of each are "
                      "repeats and are averaged",
                      arms_with_n(units), most));
    for (const assays::ColonyRate& r : sheet.rates) {
      if (!file.simulated) replicates.push_back({r.arm, r.replicate});
      rows.push_back({{"sheet", sheet.name},
                      {"arm", r.arm},
                      {"replicate", r.replicate},
                      {"wells", r.wells},
                      {"simulated", file.simulated},
                      {"rate", r.rate}});
      out.summary += fmt::format(
          "{}{}: {}, replicate {}: {} % of the cells plated", out.summary.empty() ? "" : "\n", sheet.name,
          report::arm_name(r.arm, file.simulated), r.replicate, report::print(100.0 * r.rate));
    }
    sheets.push_back(std::move(sheet));
  });
  warn_of_single_replicates(replicates, out.warnings);
  out.title = "Colony formation";
  out.question = "Which share of the cells grew to a colony?";
  out.sections.push_back(report::colonies_section(sheets, reference, out.warnings));
  out.methods =
      std::string(
          "Colonies were divided by the cells plated and averaged over the wells of a replicate.\n\n") +
      tests_between_arms;
  out.results = {{"assay", "colonies"}, {"rates", std::move(rows)}};
  return out;
}

void declare_blot(core::Options& options, BlotOptions& own) {
  options.add("--sheet", own.sheet,
              "what each box of ImageJ is (label, membrane, lane, arm, replicate, protein, what)");
  options.add("--control", own.control, "loading control").says_default();
}

}  // namespace

Job blot_job() {
  return make_assay<BlotOptions>(
      "blot", "densitometry of Western blots",
      "tables (membrane, lane, arm, replicate, protein, volume, background) or ImageJ's results",
      Shares::against | Shares::reference | Shares::line, declare_blot, analyse_blots);
}

Job colonies_job() {
  return assay_job(
      "colonies", "counting sheets of colony formation",
      "sheets (arm, replicate, technical, plated, colonies)",
      Shares::against | Shares::reference | Shares::line, [](core::Options&) {}, analyse_colony_sheets);
}

}  // namespace stroma::jobs
