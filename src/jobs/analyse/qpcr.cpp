// `analyse qpcr`: Ct tables, with measured or given efficiencies and any number of housekeeping genes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/units.hpp"
#include "io/ct_export.hpp"
#include "jobs/analyse/inputs.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path samples, standards;
  std::vector<std::string> housekeeping, efficiencies;
};

// Where no file names any.
std::vector<std::string> keepers_without(const Options& options) {
  return options.housekeeping.empty() ? std::vector<std::string>{"GAPDH"} : options.housekeeping;
}

// The genes that everything is divided by: those of the user, else those that the instrument's program was
// told.
std::vector<std::string> keepers_of(const Options& options, const io::CtExport& table,
                                    core::Understanding& understanding) {
  std::string listed;
  const bool told = options.housekeeping.empty() && !table.endogenous.empty();
  const std::vector<std::string> out = told ? table.endogenous : keepers_without(options);
  for (const std::string& gene : out) listed += (listed.empty() ? "" : ", ") + gene;
  if (told)
    understanding.found("housekeeping", listed + ", the endogenous control of the file", "--housekeeping");
  else if (options.housekeeping.empty())
    understanding.assumed("housekeeping", listed, "--housekeeping");
  else
    understanding.given("housekeeping", listed, "--housekeeping");
  return out;
}

// Lysates are the independent unit, their wells are not.
void say_units(const io::CtExport& table, core::Understanding& understanding) {
  std::vector<ArmReplicate> lysates;
  std::size_t most = 0;
  for (const assays::CtRow& row : table.rows) {
    lysates.push_back({row.arm, row.replicate});
    most = std::max(most, static_cast<std::size_t>(row.technical));
  }
  understanding.found(
      "independent unit",
      fmt::format("replicate, an experiment or animal: {}; up to {} wells of each are repeats and "
                  "are averaged",
                  arms_with_n(lysates), most));
}

// GENE=1.93 (factor per cycle) or GENE=93% (efficiency).
std::map<std::string, assays::Amplification> read_efficiencies(const std::vector<std::string>& given,
                                                               core::Diagnostics& problems) {
  std::map<std::string, assays::Amplification> out;
  for (const std::string& text : given) {
    const std::size_t equals = text.find('=');
    const std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
    const bool percent = value.ends_with('%');
    const core::ParsedNumber number = core::parse_number(percent ? value.substr(0, value.size() - 1) : value);
    if (equals == 0 || !number.error.empty()) {
      problems.add("bad-efficiency", {}, "--efficiency",
                   fmt::format("'{}' is not GENE=FACTOR or GENE=PERCENT%", text),
                   "write CXCR4=1.93 (copies per cycle) or CXCR4=93%");
      continue;
    }
    if (!percent && number.value > 2.5)
      problems.add(
          "percent-or-fraction", {}, "--efficiency",
          fmt::format(
              "'{}': read as a factor per cycle, {:.4g} is impossible (2 at most, with error 2.5); read as "
              "per cent, it is a factor of {:.4g}",
              text, number.value, 1.0 + number.value / 100.0),
          fmt::format("write {}% or the factor", text));
    else
      out[text.substr(0, equals)].factor = percent ? 1.0 + number.value / 100.0 : number.value;
  }
  return out;
}

// Of the housekeeping genes those that a simulated table has; all of them, to be refused, where it has none.
std::vector<std::string> simulated_keepers(const std::vector<assays::CtRow>& rows,
                                           const std::vector<std::string>& asked, const std::string& file,
                                           core::Diagnostics& warnings) {
  std::vector<std::string> out;
  for (const std::string& gene : asked)
    if (std::any_of(rows.begin(), rows.end(), [&](const assays::CtRow& row) { return row.gene == gene; }))
      out.push_back(gene);
    else
      warnings.add(
          "other-housekeeping", {file, 0, 0}, gene,
          fmt::format("the simulated table has no gene '{}'; its values are against the others", gene));
  return out.empty() ? asked : out;
}

nlohmann::ordered_json json_of(const std::vector<report::AnalysedQpcr>& runs) {
  const auto value = [](const std::optional<double>& v) { return v ? nlohmann::ordered_json(*v) : nullptr; };
  nlohmann::ordered_json rows = nlohmann::ordered_json::array(), genes = nlohmann::ordered_json::array();
  for (const report::AnalysedQpcr& run : runs) {
    for (const assays::RelativeReadout& r : run.analysis.readouts)
      rows.push_back({{"run", run.name},
                      {"gene", r.gene},
                      {"arm", r.arm},
                      {"replicate", r.replicate},
                      {"simulated", run.simulated},
                      {"dct", value(r.dct)},
                      {"ddct", value(r.ddct)},
                      {"ddct_se_wells", value(r.ddct_se)},
                      {"fold", value(r.fold)}});
    for (const auto& [gene, a] : run.amplification)
      genes.push_back({{"run", run.name}, {"gene", gene}, {"factor", a.factor}, {"log2_se", a.log2_se}});
  }
  return {{"assay", "qpcr"}, {"readouts", std::move(rows)}, {"amplification", std::move(genes)}};
}

Analysis analyse(const AnalyseRequest& request, const Options& options) {
  core::Diagnostics problems;
  Analysis out;
  std::vector<report::AnalysedQpcr> runs;
  const auto given = read_efficiencies(options.efficiencies, problems);
  const std::vector<AssayFile> files =
      assay_files(request, "-ct.csv", "the Ct table as the machine exported it", problems);
  problems.throw_if_any();
  const InputText samples = read_optional(options.samples), series = read_optional(options.standards);
  const std::vector<assays::QpcrStandard> separate =
      series.text.empty() ? std::vector<assays::QpcrStandard>{} : io::read_ct_standards(series.named());
  std::string reference = request.reference;
  std::vector<ArmReplicate> replicates;
  std::vector<std::string> housekeeping = keepers_without(options);
  for_each_file(files, problems, [&](const AssayFile& file) {
    const InputText text = read_input(file.path);
    io::CtExport table = io::read_ct_export(text.named(), file.simulated ? io::NamedText{} : samples.named());
    report::AnalysedQpcr run{file.path.stem().string(), {}, {}, {}, file.simulated};
    if (!file.simulated) {
      run.standards = table.standards;
      run.standards.insert(run.standards.end(), separate.begin(), separate.end());
      run.amplification = assays::amplification_of(run.standards);
      for (const auto& [gene, a] : given) run.amplification[gene] = a;
      for (const assays::CtRow& row : table.rows) replicates.push_back({row.arm, row.replicate});
    }
    std::vector<std::string> arms;
    for (const assays::CtRow& row : table.rows) arms.push_back(row.arm);
    if (!file.simulated) {
      out.understanding.append(table.understanding);
      say_units(table, out.understanding);
    }
    if (reference.empty() && std::find(arms.begin(), arms.end(), table.reference) != arms.end()) {
      reference = table.reference;
      out.understanding.found("reference", fmt::format("'{}', that of the file", reference),
                              "--reference ARM");
    }
    const std::string own =
        reference.empty() || request.reference == reference
            ? reference_of(arms, reference, file.simulated, text.name, out.warnings, out.understanding)
            : reference_of(arms, reference, file.simulated, text.name, out.warnings);
    if (reference.empty()) reference = own;
    const std::vector<std::string> keepers =
        file.simulated ? simulated_keepers(table.rows, housekeeping, text.name, out.warnings)
                       : keepers_of(options, table, out.understanding);
    if (!file.simulated) housekeeping = keepers;
    run.analysis = assays::analyse_relative(table.rows, keepers, own, run.amplification);
    append_warnings(out.warnings, run.analysis.warnings, text.name);
    runs.push_back(std::move(run));
  });
  warn_of_single_replicates(replicates, out.warnings);
  out.title = "qPCR";
  out.question = fmt::format("How much is each gene expressed, against {}?", reference);
  out.sections.push_back(report::qpcr_section(runs, reference, out.warnings));
  std::string keepers;
  for (const std::string& gene : housekeeping) keepers += (keepers.empty() ? "" : ", ") + gene;
  out.methods = fmt::format(
      "Ct values of technical wells were averaged. dCt is log2(E) Ct of the target minus the mean of log2(E) "
      "Ct of the "
      "housekeeping genes ({}), with E the amplification factor per cycle (Pfaffl 2001; the mean on the log "
      "scale is the "
      "geometric mean of Vandesompele et al. 2002); E is {}. ddCt is against the mean dCt of {}; fold change "
      "is 2^-ddCt. "
      "Tests used ddCt (the log2 scale).\n\n{}",
      keepers,
      given.empty() &&
              std::all_of(runs.begin(), runs.end(), [](const auto& run) { return run.amplification.empty(); })
          ? "2 for every gene"
          : "that of the dilution series or as given, else 2",
      reference, tests_between_arms);
  out.references = {
      {"pfaffl2001", "Pfaffl MW. Nucleic Acids Res. 29, e45 (2001).", "https://doi.org/10.1093/nar/29.9.e45"},
      {"livak2001", "Livak KJ, Schmittgen TD. Methods 25, 402 (2001).",
       "https://doi.org/10.1006/meth.2001.1262"}};
  out.results = json_of(runs);
  for (const report::AnalysedQpcr& run : runs)
    for (const assays::RelativeReadout& r : run.analysis.readouts)
      out.summary += fmt::format("{}{}: {} in {}, replicate {}: {}", out.summary.empty() ? "" : "\n",
                                 run.name, r.gene, report::arm_name(r.arm, run.simulated), r.replicate,
                                 r.fold ? fmt::format("fold {}", report::print(*r.fold)) : "undetermined");
  return out;
}

void declare_qpcr(core::Options& options, Options& own) {
  options.add("--samples", own.samples,
              "what each sample is (sample, arm, replicate); without it, names are ARM_REPLICATE");
  options
      .add("--housekeeping", own.housekeeping,
           "housekeeping gene, or several separated by commas (default: the endogenous control that "
           "the file names, else GAPDH)")
      .repeated()
      .separated(',');
  options.add("--standards", own.standards, "dilution series (gene, quantity, ct)");
  options.add("--efficiency", own.efficiencies, "GENE=1.93 or GENE=93%; goes before the dilution series")
      .repeated();
}

}  // namespace

Job qpcr_job() {
  return make_assay<Options>("qpcr", "Ct tables: fold changes with efficiencies",
                             "Ct tables as the machine exported them, or arm, replicate, gene, technical, ct",
                             Shares::against | Shares::reference | Shares::line, declare_qpcr, analyse);
}

}  // namespace stroma::jobs
