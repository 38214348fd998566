// `analyse dose-response`: long tables of any assay, one line per measurement.
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "assays/dose_response/dose_table.hpp"
#include "assays/dose_response/dose_unit.hpp"
#include "io/dose_table.hpp"
#include "jobs/analyse/inputs.hpp"
#include "jobs/machine.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"

namespace stroma::jobs {
namespace {

struct Options {
  std::string drug = "drug", curve = "auto", response = "auto", start, time;
  std::vector<std::string> share;
  bool robust = false;
  int threads = 0;
};

const std::map<std::string, assays::CurveChoice> curves{{"auto", assays::CurveChoice::automatic},
                                                        {"3", assays::CurveChoice::three},
                                                        {"4", assays::CurveChoice::four},
                                                        {"5", assays::CurveChoice::five}};
const std::map<std::string, assays::ResponseScale> scales{
    {"auto", assays::ResponseScale::unknown},
    {"percent", assays::ResponseScale::percent},
    {"fraction", assays::ResponseScale::fraction},
    {"inhibition-percent", assays::ResponseScale::inhibition_percent},
    {"inhibition-fraction", assays::ResponseScale::inhibition_fraction},
    {"signal", assays::ResponseScale::signal}};

nlohmann::ordered_json finite(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nullptr;
}

void put_measures(nlohmann::ordered_json& row, const assays::DoseMeasures& m, const std::string& unit) {
  if (m.area) row["area"] = *m.area;
  if (m.models) {
    nlohmann::ordered_json weights;
    for (std::size_t k = 0; k < m.models->models.size(); ++k)
      weights[std::to_string(k + 3)] = m.models->models[k].weight;
    row["akaike_weights"] = std::move(weights);
  }
  if (!m.growth) return;
  const auto shown = [&](double held) { return finite(assays::shown_dose(held, unit)); };
  const std::string key = assays::unit_key(unit);
  row["gr50_" + key] = m.growth->gr50.defined ? shown(m.growth->gr50.value) : nullptr;
  if (m.growth->gr50.defined)
    row["gr50_ci95_" + key] = {shown(m.growth->gr50.ci.low), shown(m.growth->gr50.ci.high)};
  row["gr_max"] = m.growth->gr_max;
  row["gr_dead_wells"] = m.dead_wells;
}

nlohmann::ordered_json potencies_json(const std::vector<assays::DrugResponses>& drugs) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const assays::DrugResponses& drug : drugs) {
    if (!drug.potency) continue;
    for (const assays::RelativePotency& p : drug.potency->arms) {
      nlohmann::ordered_json row = {
          {"drug", drug.drug}, {"arm", p.arm}, {"reference", drug.potency->reference}};
      row["ratio"] = p.ratio ? finite(p.ratio->ratio) : nullptr;
      if (p.ratio) {
        row["ci95"] = {finite(p.ratio->ci.low), finite(p.ratio->ci.high)};
        row["p"] = p.ratio->p;
      }
      if (drug.potency->parallelism) row["p_parallelism"] = drug.potency->parallelism->p;
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

// "slope,upper" as flags; adds what is none of them.
stats::SharedParameters shared_of(const std::vector<std::string>& words, core::Diagnostics& problems) {
  stats::SharedParameters shared{false, false, false, false};
  for (const std::string& word : words)
    if (bool* flag = word == "slope"       ? &shared.slope
                     : word == "lower"     ? &shared.lower
                     : word == "upper"     ? &shared.upper
                     : word == "asymmetry" ? &shared.asymmetry
                                           : nullptr)
      *flag = true;
    else
      problems.add(
          "unknown-value", {}, "--share", fmt::format("'{}' is no parameter that curves can share", word),
          core::did_you_mean(word, std::vector<std::string>{"slope", "lower", "upper", "asymmetry"}));
  return shared;
}

nlohmann::ordered_json json_of(const std::vector<assays::DrugResponses>& drugs) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const assays::DrugResponses& drug : drugs)
    for (std::size_t i = 0; i < drug.responses.size(); ++i) {
      const assays::DoseResponse& r = drug.responses[i];
      nlohmann::ordered_json row = {{"drug", drug.drug}, {"arm", r.arm}, {"replicate", r.replicate}};
      if (r.fit && r.fit->usable()) {
        const stats::LogisticCurve& c = r.fit->curve;
        row["slope"] = c.slope;
        row["lower_percent"] = c.lower;
        row["upper_percent"] = c.upper;
        row["relative_ic50_" + assays::unit_key(r.dose_unit)] =
            assays::shown_dose(r.fit->relative_ic50.value, r.dose_unit);
        row["r_squared"] = r.fit->r_squared;
      }
      put_ic50(row, r);
      put_measures(row, drug.measures[i], r.dose_unit);
      rows.push_back(std::move(row));
    }
  nlohmann::ordered_json out = {{"assay", "dose-response"}, {"responses", std::move(rows)}};
  if (auto potencies = potencies_json(drugs); !potencies.empty())
    out["relative_potency"] = std::move(potencies);
  return out;
}

// ", GR50 0.2 µM, GRmax -0.95": where growth rates were asked for.
std::string growth_words(const assays::DoseMeasures& m, const std::string& unit) {
  if (!m.growth) return m.no_growth.empty() ? "" : ", no growth rate";
  const auto& gr50 = m.growth->gr50;
  return fmt::format(
      ", GR50 {}, GRmax {}",
      gr50.defined && m.growth->status == stats::DoseStatus::ok
          ? report::print(assays::shown_dose(gr50.value, unit)) + " " + assays::printed_unit(unit)
          : std::string("none"),
      report::print(m.growth->gr_max));
}

std::string summary_of(const std::vector<report::AnalysedPlate>& tables,
                       const std::vector<assays::DrugResponses>& drugs) {
  constexpr std::size_t most_lines = 24;
  std::size_t all = 0, reached = 0;
  std::string lines;
  for (std::size_t t = 0; t < tables.size(); ++t)
    for (std::size_t i = 0; i < tables[t].analysis.responses.size(); ++i) {
      const assays::DoseResponse& r = tables[t].analysis.responses[i];
      ++all;
      reached += assays::reported_ic50(r).compared();
      if (all > most_lines) continue;
      lines += fmt::format("\n{} in {}, replicate {}: ", tables[t].plate.substance, r.arm, r.replicate);
      lines += ic50_words(r) + growth_words(drugs[t].measures[i], r.dose_unit);
    }
  return fmt::format("{} of {} curves have an IC50 within their doses{}{}", reached, all,
                     all > most_lines ? "; the first of them:" : ":", lines);
}

Analysis analyse(const AnalyseRequest& request, const Options& options) {
  core::Diagnostics problems;
  Analysis out;
  assays::DoseTableOptions how;
  how.curve = curves.at(options.curve);
  how.scale = scales.at(options.response);
  how.threads.count = thread_count(options.threads);
  how.robust = options.robust;
  how.reference = request.reference;
  how.command = request.command;
  if (!options.share.empty()) how.shared = shared_of(options.share, problems);
  if (!options.start.empty() && options.response.starts_with("inhibition"))
    problems.add(
        "no-growth-of-inhibition", {}, "--gr",
        "growth rates need the signal itself; inhibition has lost what the control and the beginning were",
        "give the signals, and leave --response out");
  problems.throw_if_any();
  std::vector<report::AnalysedPlate> tables;
  std::vector<assays::DrugResponses> drugs;
  const std::vector<AssayFile> files = assay_files({request.files, {}, request.reference}, "",
                                                   "tables with the columns arm, dose, response", problems);
  for_each_file(files, problems, [&](const AssayFile& file) {
    const InputText text = read_input(file.path);
    assays::DoseTableAnalysis analysis = assays::analyse_dose_table(
        io::read_dose_table(text.named(), {options.drug, options.start, options.time, request.command}), how);
    append_warnings(out.warnings, analysis.warnings, text.name);
    say_of_file(analysis.understanding, files.size() > 1 ? text.name : "", out.understanding);
    for (assays::DrugResponses& drug : analysis.drugs) {
      report::AnalysedPlate table;
      table.plate.name = file.path.stem().string();
      table.plate.substance = drug.drug;
      table.analysis.responses = drug.responses;
      drugs.push_back(std::move(drug));
      tables.push_back(std::move(table));
    }
  });
  out.title = "Dose response";
  out.question = "Which dose leaves half of the response, and how do the arms differ?";
  check_dose_units(tables, problems);
  problems.throw_if_any();
  out.sections.push_back(report::dose_response_section(tables, request.reference, out.warnings,
                                                       {"Response against dose", "response (% of control)"}));
  out.methods = fmt::format(
      "Responses were expressed in per cent of the mean at dose zero of the same arm and replicate, or taken "
      "as the table "
      "gives them. A logistic curve was fitted to all measurements of an arm and replicate by {}least "
      "squares ({}). The "
      "IC50 is the dose at 50 % of control. IC50s of arms were compared on the log2 scale; those beyond the "
      "tested "
      "doses are extrapolations and were neither averaged nor compared. Where doses are repeated, the curve "
      "was "
      "tested for lack of fit against the scatter of the repeats.{}",
      options.robust ? "robust nonlinear (Tukey's biweight) " : "nonlinear ",
      options.curve != "auto" ? options.curve + " parameters"
      : options.robust
          ? std::string("four parameters")
          : std::string("four parameters; three, ending at 0 %, where the doses left the lower plateau "
                        "open"),
      options.share.empty()
          ? ""
          : " Relative potencies come from one fit to all arms of a drug with parameters in common.");
  report::add_dose_measures(out.sections.back(), drugs);
  out.results = json_of(drugs);
  out.summary = summary_of(tables, drugs);
  return out;
}

void declare_dose_response(core::Options& options, Options& own) {
  options.add("--drug", own.drug, "the drug's name, where the table has no column drug").says_default();
  options.add("--model", own.curve, "parameters of the curve: 3, 4, 5 or auto")
      .names_of(curves)
      .says_default();
  options
      .add("--response", own.response,
           "what the responses are: percent or fraction of control, inhibition-percent, "
           "inhibition-fraction, signal (any, also one that the drug raises), or auto")
      .names_of(scales)
      .says_default();
  options.add("--robust", own.robust, "outlying measurements count less, or nothing (Tukey's biweight)");
  options
      .add("--share", own.share,
           "slope, lower, upper or asymmetry, separated by commas: relative potencies from curves "
           "that share these")
      .separated(',');
  options.add("--gr", own.start,
              "column with the signal when the drug was added: growth-rate inhibition (GR50); signals "
              "without background");
  options.add("--time", own.time, "of a table with several times, the one that is meant");
  options.add("--threads", own.threads, "threads (default: one per core)").range(1, 1024);
}

}  // namespace

Job dose_response_job() {
  return make_assay<Options>("dose-response", "long tables of dose responses: curves and IC50",
                             "tables with the columns arm, dose (with unit), response", Shares::reference,
                             declare_dose_response, analyse);
}

}  // namespace stroma::jobs
