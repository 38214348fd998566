// `analyse pk`: concentrations in plasma after one dose.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "io/pk_table.hpp"
#include "jobs/analyse/inputs.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"

namespace stroma::jobs {
namespace {

using Json = nlohmann::ordered_json;

struct Policy {
  assays::BelowLimit policy;
  std::string words;
};
const std::map<std::string, Policy> policies{
    {"usual", {assays::BelowLimit::usual, "counted as 0 before the peak and left out after it"}},
    {"zero", {assays::BelowLimit::zero, "counted as 0"}},
    {"majority",
     {assays::BelowLimit::majority,
      "counted as 0, and the mean as 0 at times at which more than half of the samples were"}},
    {"half", {assays::BelowLimit::half, "counted as half the limit (0 where the limit was not said)"}},
    {"missing", {assays::BelowLimit::missing, "left out"}},
    {"drop", {assays::BelowLimit::missing, "left out"}}};

const std::map<std::string, assays::Route> routes{{"bolus", assays::Route::bolus},
                                                  {"iv", assays::Route::bolus},
                                                  {"infusion", assays::Route::infusion},
                                                  {"extravascular", assays::Route::extravascular},
                                                  {"oral", assays::Route::extravascular}};

struct Options {
  std::string blq, route, dosing, doses;
  std::optional<double> infusion, tau;
  io::PkColumns columns;
};

// Options that need each other, and none that would do nothing.
assays::PkOptions pk_options(const Options& options, const std::string& command,
                             core::Diagnostics& problems) {
  assays::PkOptions out;
  if (!options.blq.empty()) out.below = policies.at(options.blq).policy;
  if (!options.route.empty()) out.route = routes.at(options.route);
  if (options.dosing == "single") out.dosing = assays::Dosing::single;
  if (options.dosing == "steady-state") out.dosing = assays::Dosing::steady;
  if (options.doses == "individual") out.doses = assays::PkDoses::individual;
  if (options.doses == "arms") out.doses = assays::PkDoses::arms;
  out.infusion = options.infusion.value_or(0.0);
  out.tau = options.tau.value_or(0.0);
  out.command = command;
  const bool infused = out.route == assays::Route::infusion, steady = out.dosing == assays::Dosing::steady;
  if (infused && !options.infusion)
    problems.add("which-infusion", {}, "--infusion-time", "an infusion takes a time",
                 fmt::format("say how long:\n        {} --infusion-time HOURS", command));
  if (!infused && options.infusion)
    problems.add("no-effect", {}, "--infusion-time", "only an infusion has a time", "add --route infusion");
  if (steady && !options.tau)
    problems.add("which-interval", {}, "--tau", "a steady state has a dosing interval",
                 fmt::format("say it:\n        {} --tau HOURS", command));
  if (!steady && options.tau)
    problems.add("no-effect", {}, "--tau", "only a steady state has a dosing interval",
                 "add --dosing steady-state");
  return out;
}

Json interval(const stats::Interval& i) {
  const auto end = [](double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); };
  return Json::array({end(i.low), end(i.high)});
}

void put(Json& row, const std::string& name, const std::optional<assays::PkMean>& mean, double factor = 1.0) {
  if (!mean) return;
  row[name] = mean->value * factor;
  if (mean->n > 1) {
    row[name + "_se"] = mean->se * factor;
    row[name + "_n"] = mean->n;
  }
}

Json json_of(const assays::PkProfile& p, const report::VolumeUnit& volume) {
  Json row = {{"arm", p.arm}, {"dose", p.dose}, {"route", report::route_name(p.route)}};
  if (p.dosing == assays::Dosing::steady) row["tau_h"] = p.tau;
  row.update({{"cmax", p.cmax}, {"tmax_h", p.tmax}});
  if (p.c0) row["c0"] = *p.c0;
  if (p.auc) {
    row["auc"] = p.auc->value;
    row["auc_se"] = p.auc->se;
    row["auc_ci95"] = interval(p.auc->ci);
    row["auc_linear"] = p.auc_linear->value;
    row["auc_linear_se"] = p.auc_linear->se;
  }
  put(row, "half_life_h", p.half_life);
  if (p.terminal) {
    row["half_life_ci95"] = interval(p.terminal->ci);
    row["terminal_times_h"] = p.terminal->times;
  }
  put(row, "auc_infinity", p.auc_infinity);
  if (p.auc_infinity) row["extrapolated"] = p.extrapolated;
  put(row, "clearance", p.clearance, volume.factor);  // volume unit per h
  put(row, "volume_steady_state", p.volume, volume.factor);
  for (const assays::PkCurve& c : p.subjects) {
    Json one = {{"subject", c.subject}, {"dose", c.dose}, {"cmax", c.cmax},
                {"tmax_h", c.tmax},     {"auc", c.auc},   {"auc_linear", c.auc_linear},
                {"to_h", c.last_time}};
    if (c.c0) one["c0"] = *c.c0;
    if (c.terminal) one["half_life_h"] = c.terminal->half_life;
    if (c.auc_infinity) one["auc_infinity"] = *c.auc_infinity;
    if (c.clearance) one["clearance"] = *c.clearance * volume.factor;
    row["subjects"].push_back(std::move(one));
  }
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

std::string with_error(double value, double se) {
  return se > 0.0 ? fmt::format("{} (SE {})", report::print(value), report::print(se)) : report::print(value);
}

std::string summary_of(const assays::PkProfile& p, const report::PkUnits& units,
                       const report::VolumeUnit& volume) {
  if (!p.auc) return fmt::format("{}: nothing could be measured", p.arm);
  std::string out = fmt::format("{}: Cmax {} {} at {} h, ", p.arm, report::print(p.cmax), units.concentration,
                                report::print(p.tmax));
  if (p.c0) out += fmt::format("C0 {}, ", report::print(*p.c0));
  out += fmt::format("AUC {} {} h·{}, by linear trapezoids {}",
                     p.dosing == assays::Dosing::steady ? fmt::format("over {:g} h", p.tau)
                                                        : std::string("to the last sample"),
                     with_error(p.auc->value, p.auc->se), units.concentration,
                     with_error(p.auc_linear->value, p.auc_linear->se));
  if (p.auc_infinity)
    out += fmt::format(", AUC to infinity {}", with_error(p.auc_infinity->value, p.auc_infinity->se));
  if (p.clearance)
    out += fmt::format(", {} {} {}/h", p.route == assays::Route::extravascular ? "CL/F" : "CL",
                       with_error(p.clearance->value * volume.factor, p.clearance->se * volume.factor),
                       volume.name);
  out += fmt::format(", half-life {}", p.half_life ? with_error(p.half_life->value, p.half_life->se) + " h"
                                                   : std::string("not determined"));
  return out;
}

std::string methods_of(const assays::PkAnalysis& analysis, const std::string& below) {
  bool bolus = false, steady = false, absorbed = false, serial = false, means = false;
  for (const assays::PkProfile& p : analysis.profiles) {
    bolus = bolus || p.route == assays::Route::bolus;
    steady = steady || p.dosing == assays::Dosing::steady;
    absorbed = absorbed || p.model;
    serial = serial || p.design == assays::PkDesign::serial;
    means = means || p.design != assays::PkDesign::serial;
  }
  std::string out = fmt::format(
      "Areas were taken {}, by linear trapezoids while concentrations rose and logarithmic ones while they "
      "fell, "
      "from {}.",
      steady ? "over one dosing interval of the steady state" : "to the last measurable concentration",
      bolus ? "C0 behind a bolus (extrapolated back from the logarithms of the first two samples) and from 0 "
              "where the drug had to be absorbed or was infused"
            : "0 at the time of the dose");
  if (serial)
    out += " Where subjects gave whole curves, areas are of each subject, with their mean and its SE.";
  if (means)
    out +=
        " Where subjects gave one sample or a few, the area is of the means; its standard error follows "
        "Bailer "
        "(1988), with the derivative of the area at each mean as weight, and with the covariances of samples "
        "of "
        "one subject Holder (2001).";
  out +=
      " The terminal rate is the slope of the last three or more log concentrations with the best adjusted "
      "R².";
  if (!below.empty()) out += fmt::format(" Samples below the limit of quantification were {}.", below);
  if (absorbed)
    out +=
        " A one-compartment model with first-order absorption was fitted to the single samples by weighted "
        "least squares (1/mean²).";
  return out;
}

std::string words_of_policies(const assays::PkAnalysis& analysis) {
  std::string out;
  for (const assays::PkProfile& p : analysis.profiles)
    for (const auto& [name, policy] : policies)
      if (policy.policy == p.below && name != "drop" && out.find(policy.words) == std::string::npos)
        out += (out.empty() ? "" : "; ") + policy.words;
  return out;
}

Analysis analyse(const AnalyseRequest& request, const Options& options) {
  core::Diagnostics problems;
  Analysis out;
  std::vector<assays::PkSample> samples;
  report::PkUnits units;
  assays::PkOptions pk = pk_options(options, request.command, problems);
  io::PkColumns columns = options.columns;
  columns.command = request.command;
  const std::vector<AssayFile> files = assay_files(
      {request.files, {}, {}}, "", "tables with the columns subject, time, concentration", problems);
  for_each_file(files, problems, [&](const AssayFile& file) {
    const InputText text = read_input(file.path);
    const io::PkTable table = io::read_pk_table(text.named(), columns);
    if (!samples.empty() &&
        (table.concentration_unit != units.concentration || table.dose_unit != units.dose))
      problems.add("two-units", {text.name, 1, 0}, "concentration",
                   fmt::format("this table is in {} and {}, the one before in {} and {}",
                               table.concentration_unit, table.dose_unit, units.concentration, units.dose),
                   "use one unit in all tables");
    units = {table.concentration_unit, table.dose_unit};
    if (pk.dosing == assays::Dosing::unsaid && table.dosing != assays::Dosing::unsaid) {
      pk.dosing = table.dosing;
      pk.tau = table.tau;
    }
    out.understanding.append(table.understanding);
    samples.insert(samples.end(), table.samples.begin(), table.samples.end());
  });
  const assays::PkAnalysis analysis = assays::analyse_pk(samples, pk);
  out.understanding.append(analysis.understanding);
  append_warnings(out.warnings, analysis.warnings, "");
  const auto below = static_cast<std::size_t>(std::count_if(
      samples.begin(), samples.end(), [](const assays::PkSample& s) { return !s.concentration; }));
  const std::string rule = below > 0 ? words_of_policies(analysis) : "";
  out.title = "Pharmacokinetics";
  out.question = "How high is the drug in plasma, for how long, and how much of it is there in all?";
  out.sections.push_back(report::pk_section(analysis, units));
  if (below > 0)
    out.sections.back().lead = fmt::format(
        "{} of {} samples were below the limit of quantification and were {}.", below, samples.size(), rule);
  out.methods = methods_of(analysis, rule);
  out.references = {{"bailer1988", "Bailer AJ. J. Pharmacokinet. Biopharm. 16, 303 (1988).",
                     "https://doi.org/10.1007/BF01062139"},
                    {"holder2001", "Holder DJ. J. Biopharm. Stat. 11, 75 (2001).",
                     "https://doi.org/10.1081/BIP-100104199"}};
  const report::VolumeUnit volume = report::volume_unit(units);
  Json rows = Json::array();
  for (const assays::PkProfile& p : analysis.profiles) {
    rows.push_back(json_of(p, volume));
    out.summary += (out.summary.empty() ? "" : "\n") + summary_of(p, units, volume);
  }
  out.results = {{"assay", "pk"},           {"concentration_unit", units.concentration},
                 {"dose_unit", units.dose}, {"volume_unit", volume.name},
                 {"below_limit", rule},     {"arms", std::move(rows)}};
  return out;
}

void declare_pk(core::Options& options, Options& own) {
  options
      .add("--route", own.route,
           "how the drug was given: bolus (or iv), infusion, extravascular (or oral); asked where the "
           "curve could be either")
      .names_of(routes);
  options.add("--infusion-time", own.infusion, "hours of an infusion").positive().in("h");
  options.add("--dosing", own.dosing, "single, or steady-state of a repeated dose")
      .choices({"single", "steady-state"});
  options.add("--tau", own.tau, "hours between the doses of a steady state").positive().in("h");
  options
      .add("--doses", own.doses,
           "doses that differ within an arm: individual, or arms (each dose an arm of its own)")
      .choices({"individual", "arms"});
  options
      .add("--blq", own.blq,
           "samples below the limit of quantification: zero, majority (the mean is 0 where more than half "
           "are below), usual (0 before the peak, left out after it), half or missing (default: usual for "
           "whole curves of subjects, zero for means of few samples)")
      .names_of(policies);
  options.add("--subject", own.columns.subject, "column of subjects (default: subject, animal, ID ...)");
  options.add("--arm", own.columns.arm, "column of arms (default: arm, group, treatment ...)");
  options.add("--time-unit", own.columns.time_unit, "of a table that does not say it, such as h");
  options.add("--concentration-unit", own.columns.concentration_unit, "likewise, such as ng/mL");
  options.add("--dose-unit", own.columns.dose_unit, "likewise, such as mg or mg/kg");
}

}  // namespace

Job pk_job() {
  return make_assay<Options>(
      "pk", "concentrations in plasma: peak, area, half-life, one compartment",
      "tables with the columns subject, time, concentration; arm and dose if there are", Shares::nothing,
      declare_pk, analyse);
}

}  // namespace stroma::jobs
