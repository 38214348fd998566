// `analyse dose-response`: long tables of any assay, one line per measurement.
#include <fmt/format.h>

#include <map>

#include "assays/dose_table.hpp"
#include "cli/analyse_inputs.hpp"
#include "cli/machine.hpp"
#include "core/units.hpp"
#include "io/dose_table.hpp"
#include "report/laboratory.hpp"
#include "report/words.hpp"

namespace stroma::cli {
namespace {

struct Options {
  std::string drug = "drug", curve = "auto", response = "auto";
  int threads = 0;
};

const std::map<std::string, assays::CurveChoice> curves{{"auto", assays::CurveChoice::automatic},
                                                        {"3", assays::CurveChoice::three},
                                                        {"4", assays::CurveChoice::four},
                                                        {"5", assays::CurveChoice::five}};
const std::map<std::string, assays::ResponseScale> scales{{"auto", assays::ResponseScale::unknown},
                                                          {"percent", assays::ResponseScale::percent},
                                                          {"fraction", assays::ResponseScale::fraction}};

nlohmann::ordered_json json_of(const std::vector<report::AnalysedPlate>& tables) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const report::AnalysedPlate& table : tables)
    for (const assays::DoseResponse& r : table.analysis.responses) {
      nlohmann::ordered_json row = {
          {"drug", table.plate.substance}, {"arm", r.arm}, {"replicate", r.replicate}};
      if (r.fit && r.fit->usable()) {
        const stats::LogisticCurve& c = r.fit->curve;
        row["slope"] = c.slope;
        row["lower_percent"] = c.lower;
        row["upper_percent"] = c.upper;
        row["relative_ic50_uM"] = core::in_unit(r.fit->relative_ic50.value, "uM");
        row["r_squared"] = r.fit->r_squared;
      }
      put_ic50(row, r);
      rows.push_back(std::move(row));
    }
  return {{"assay", "dose-response"}, {"responses", std::move(rows)}};
}

std::string summary_of(const std::vector<report::AnalysedPlate>& tables) {
  std::size_t all = 0, reached = 0;
  std::string lines;
  for (const report::AnalysedPlate& table : tables)
    for (const assays::DoseResponse& r : table.analysis.responses) {
      const bool has = r.fit && r.fit->usable() && r.fit->absolute_ic50.defined;
      ++all;
      reached += has;
      if (all > 24) continue;
      lines += fmt::format("\n{} in {}, replicate {}: ", table.plate.substance, r.arm, r.replicate);
      lines += ic50_words(r);
    }
  return fmt::format("{} of {} curves have an IC50{}{}", reached, all,
                     all > 24 ? "; the first of them:" : ":", lines);
}

Analysis analyse(const AnalyseRequest& request, const Options& options) {
  core::Diagnostics problems;
  Analysis out;
  assays::DoseTableOptions how;
  how.curve = curves.at(options.curve);
  how.scale = scales.at(options.response);
  how.threads.count = options.threads > 0 ? options.threads : core_count();
  std::vector<report::AnalysedPlate> tables;
  const std::vector<AssayFile> files = assay_files({request.files, {}, request.reference}, "",
                                                   "tables with the columns arm, dose, response", problems);
  for_each_file(files, problems, [&](const AssayFile& file) {
    const InputText text = read_input(file.path);
    assays::DoseTableAnalysis analysis =
        assays::analyse_dose_table(io::read_dose_table(text.named(), options.drug), how);
    append_warnings(out.warnings, analysis.warnings, text.name);
    for (assays::DrugResponses& drug : analysis.drugs) {
      report::AnalysedPlate table;
      table.plate.name = file.path.stem().string();
      table.plate.substance = drug.drug;
      table.analysis.responses = std::move(drug.responses);
      tables.push_back(std::move(table));
    }
  });
  out.title = "Dose response";
  out.question = "Which dose leaves half of the response, and how do the arms differ?";
  out.sections.push_back(report::dose_response_section(tables, request.reference));
  out.methods =
      "Responses were expressed in per cent of the mean at dose zero of the same arm and replicate, or taken "
      "as the table "
      "gives them. A logistic curve was fitted to all measurements of an arm and replicate by nonlinear "
      "least squares (" +
      (options.curve == "auto"
           ? std::string("four parameters; three, ending at 0 %, where the doses left the lower "
                         "plateau open")
           : options.curve + " parameters") +
      "). The IC50 is the dose at 50 % of control. IC50s of arms were compared on the log2 scale.";
  out.results = json_of(tables);
  out.summary = summary_of(tables);
  return out;
}

}  // namespace

void add_dose_response(CLI::App& analyse_command, AnalyseRequest& request, AnalyseJob& job) {
  CLI::App* assay =
      add_assay(analyse_command, "dose-response", "long tables of dose responses: curves and IC50",
                "tables with the columns arm, dose (with unit), response", request);
  assay->remove_option(assay->get_option("--against"));  // a simulated study writes plates: analyse cck8
  auto options = std::make_shared<Options>();
  assay->add_option("--drug", options->drug, "the drug's name, where the table has no column drug")
      ->capture_default_str();
  assay->add_option("--model", options->curve, "parameters of the curve: 3, 4, 5 or auto")
      ->check(CLI::IsMember(curves))
      ->capture_default_str();
  assay
      ->add_option("--response", options->response,
                   "what the responses are: percent or fraction of control, or auto")
      ->check(CLI::IsMember(scales))
      ->capture_default_str();
  assay->add_option("--threads", options->threads, "threads (default: one per core)")
      ->check(CLI::Range(1, 1024));
  assay->callback(
      [&job, options] { job = [options](const AnalyseRequest& given) { return analyse(given, *options); }; });
}

}  // namespace stroma::cli
