// `analyse pk`: concentrations in plasma after one dose.
#include <fmt/format.h>

#include <map>

#include "cli/analyse_inputs.hpp"
#include "io/pk_table.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"

namespace stroma::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Policy {
  assays::BelowLimit policy;
  std::string words;
};
const std::map<std::string, Policy> policies{
    {"usual", {assays::BelowLimit::usual, "counted as 0 before the peak and left out after it"}},
    {"zero", {assays::BelowLimit::zero, "counted as 0"}},
    {"half", {assays::BelowLimit::half, "counted as half the limit (0 where the limit was not said)"}},
    {"drop", {assays::BelowLimit::drop, "left out"}}};

struct Options {
  std::string blq = "usual";
};

Json interval(const stats::Interval& i) {
  const auto end = [](double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); };
  return Json::array({end(i.low), end(i.high)});
}

Json json_of(const assays::PkProfile& p, const report::VolumeUnit& volume) {
  Json row = {{"arm", p.arm}, {"dose", p.dose}, {"cmax", p.cmax}, {"tmax_h", p.tmax}};
  if (p.auc) {
    row["auc"] = p.auc->value;
    row["auc_se"] = p.auc->se;
    row["auc_ci95"] = interval(p.auc->ci);
    row["auc_linear"] = p.auc_linear->value;
    row["auc_linear_se"] = p.auc_linear->se;
  }
  if (p.terminal) {
    row["half_life_h"] = p.terminal->half_life;
    row["half_life_ci95"] = interval(p.terminal->ci);
    row["terminal_times_h"] = p.terminal->times;
    row["auc_infinity"] = *p.auc_infinity;
    row["extrapolated"] = p.extrapolated;
  }
  if (p.clearance) row["clearance"] = *p.clearance * volume.factor;  // volume unit per h
  if (p.model && p.model->usable)
    row["one_compartment"] = {
        {"ka", p.model->ka},
        {"ka_ci95", interval(p.model->ka_ci)},
        {"ke", p.model->ke},
        {"ke_ci95", interval(p.model->ke_ci)},
        {"volume", p.dose > 0.0 ? Json(p.model->volume * volume.factor) : Json(nullptr)},
        {"half_life_h", p.model->half_life},
        {"tmax_h", p.model->tmax},
        {"cmax", p.model->cmax},
        {"auc", p.model->auc}};
  return row;
}

Analysis analyse(const AnalyseRequest& request, const Options& options) {
  core::Diagnostics problems;
  Analysis out;
  std::vector<assays::PkSample> samples;
  report::PkUnits units;
  const Policy& policy = policies.at(options.blq);
  const std::vector<AssayFile> files = assay_files(
      {request.files, {}, {}}, "", "tables with the columns subject, time, concentration", problems);
  for_each_file(files, problems, [&](const AssayFile& file) {
    const InputText text = read_input(file.path);
    const io::PkTable table = io::read_pk_table(text.named());
    if (!samples.empty() &&
        (table.concentration_unit != units.concentration || table.dose_unit != units.dose))
      problems.add("two-units", {text.name, 1, 0}, "concentration",
                   fmt::format("this table is in {} and {}, the one before in {} and {}",
                               table.concentration_unit, table.dose_unit, units.concentration, units.dose),
                   "use one unit in all tables");
    units = {table.concentration_unit, table.dose_unit};
    samples.insert(samples.end(), table.samples.begin(), table.samples.end());
  });
  const assays::PkAnalysis analysis = assays::analyse_pk(samples, policy.policy);
  append_warnings(out.warnings, analysis.warnings, "");
  std::size_t below = 0;
  for (const assays::PkSample& s : samples) below += !s.concentration;
  out.title = "Pharmacokinetics";
  out.question = "How high is the drug in plasma, for how long, and how much of it is there in all?";
  out.sections.push_back(report::pk_section(analysis, units));
  if (below > 0)
    out.sections.back().lead =
        fmt::format("{} of {} samples were below the limit of quantification and were {}.", below,
                    samples.size(), policy.words);
  out.methods = fmt::format(
      "Areas were taken to the last measurable mean, by linear trapezoids while concentrations rose and "
      "logarithmic ones "
      "while they fell, from 0 at the time of the dose; their standard errors follow Bailer (1988), with the "
      "derivative of "
      "the area at each mean as weight, where every subject gave one sample. The terminal rate is the slope "
      "of the last "
      "three or more log means with the best adjusted R². Samples below the limit of quantification were {}. "
      "A "
      "one-compartment model with first-order absorption was fitted to the single samples by weighted least "
      "squares "
      "(1/mean²).",
      policy.words);
  out.references = {{"bailer1988", "Bailer AJ. J. Pharmacokinet. Biopharm. 16, 303 (1988).",
                     "https://doi.org/10.1007/BF01062139"}};
  const report::VolumeUnit volume = report::volume_unit(units);
  Json rows = Json::array();
  for (const assays::PkProfile& p : analysis.profiles) {
    rows.push_back(json_of(p, volume));
    out.summary +=
        fmt::format("{}{}: Cmax {} {} at {} h, AUC {} (SE {}), half-life {}", out.summary.empty() ? "" : "\n",
                    p.arm, report::print(p.cmax), units.concentration, report::print(p.tmax),
                    report::print(p.auc ? p.auc->value : report::missing),
                    report::print(p.auc ? p.auc->se : report::missing),
                    p.terminal ? report::print(p.terminal->half_life) + " h" : "not determined");
  }
  out.results = {{"assay", "pk"},
                 {"concentration_unit", units.concentration},
                 {"dose_unit", units.dose},
                 {"volume_unit", volume.name},
                 {"below_limit", options.blq},
                 {"arms", std::move(rows)}};
  return out;
}

}  // namespace

void add_pk(CLI::App& analyse_command, AnalyseRequest& request, AnalyseJob& job) {
  CLI::App* assay =
      add_assay(analyse_command, "pk", "concentrations in plasma: peak, area, half-life, one compartment",
                "tables with the columns subject, time, concentration; arm and dose if there are", request);
  for (const char* shared : {"--against", "--reference"}) assay->remove_option(assay->get_option(shared));
  auto options = std::make_shared<Options>();
  assay
      ->add_option("--blq", options->blq,
                   "samples below the limit of quantification: usual, zero, half or drop")
      ->check(CLI::IsMember({"usual", "zero", "half", "drop"}))
      ->capture_default_str();
  assay->callback(
      [&job, options] { job = [options](const AnalyseRequest& given) { return analyse(given, *options); }; });
}

}  // namespace stroma::cli
