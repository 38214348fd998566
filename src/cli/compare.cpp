// `compare`: measured and simulated readouts on one axis; where the model is off, and what would have to
// move.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/machine.hpp"
#include "cli/report_files.hpp"
#include "cli/version.hpp"
#include "core/errors.hpp"
#include "io/csv.hpp"
#include "io/file.hpp"
#include "report/agreement.hpp"
#include "store/output_folder.hpp"

namespace stroma::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::vector<study::Readout> read(const fs::path& file, core::Diagnostics& problems) {
  const core::Table table = io::read_csv(io::read_text_file(file), io::printable(file), {}, problems);
  return study::read_readouts(table, problems);
}

fs::path readouts_of(const fs::path& simulated) {
  return fs::is_directory(simulated) ? simulated / "tables" / "readouts.csv" : simulated;
}

Json json_of(const study::AgreementResult& result, const std::vector<study::ParameterEffect>& effects,
             double margin) {
  const auto number = [](const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); };
  Json arms = Json::array(), parameters = Json::array();
  for (const study::ArmAgreement& a : result.arms)
    arms.push_back({{"readout", a.metric},
                    {"system", a.system},
                    {"arm", a.arm},
                    {"n_measured", a.measured.size()},
                    {"n_simulated", a.simulated.size()},
                    {"log2_ratio", number(a.shift)},
                    {"ci95", {number(a.low), number(a.high)}},
                    {"p_equivalence", number(a.p_equivalence)},
                    {"verdict", to_string(a.verdict)},
                    {"note", a.why_not}});
  for (const study::ParameterEffect& e : effects)
    parameters.push_back({{"row", e.parameter.row},
                          {"strength", to_string(e.parameter.kind)},
                          {"value", e.parameter.value},
                          {"factor", e.detectable ? Json(std::exp(e.move)) : Json(nullptr)},
                          {"explained", e.detectable ? Json(e.explained) : Json(nullptr)},
                          {"within_range", e.within_range},
                          {"detectable", e.detectable}});
  Json out = {{"margin_log2", margin},
              {"arms", std::move(arms)},
              {"only_measured", result.only_measured},
              {"only_simulated", result.only_simulated}};
  if (!effects.empty()) out["parameters"] = std::move(parameters);
  return out;
}

study::Study load(const fs::path& path, const CommonOptions& options) {
  return fs::is_directory(path) ? store::load_study(path, model_search(options))
                                : store::load_experiment(path, model_search(options));
}

std::vector<study::ParameterEffect> sensitivity(const study::AgreementResult& result,
                                                const CompareOptions& compare, const CommonOptions& options) {
  if (compare.experiment.empty()) return {};
  const study::Study study = load(compare.experiment, options);
  std::vector<study::ModelParameter> parameters = study::parameters_of(study);
  if (!compare.parameters.empty()) {
    core::Diagnostics problems;
    std::vector<std::string> rows;
    for (const study::ModelParameter& p : parameters) rows.push_back(p.row);
    for (const std::string& row : compare.parameters)
      if (std::find(rows.begin(), rows.end(), row) == rows.end())
        problems.add("unknown-row", {}, "--parameter",
                     fmt::format("'{}' is no row with a strength that acts in this experiment", row),
                     core::did_you_mean(row, rows));
    problems.throw_if_any();
    std::erase_if(parameters, [&](const study::ModelParameter& p) {
      return std::find(compare.parameters.begin(), compare.parameters.end(), p.row) ==
             compare.parameters.end();
    });
  }
  study::SensitivityOptions how;
  how.study.seed = options.seed;
  how.study.quick = options.quick;
  how.study.executor.threads = options.threads > 0 ? options.threads : core_count();
  how.on_progress = [&](std::size_t done, std::size_t total) {
    if (!options.quiet) fmt::print(stderr, "parameter {} of {}\n", done, total);
  };
  return study::rank_parameters(study, result.arms, parameters, how);
}

}  // namespace

int compare(const CompareOptions& compare, const CommonOptions& options) {
  core::Diagnostics problems;
  if (!(compare.margin > 1.0) || !std::isfinite(compare.margin))
    problems.add("out-of-range", {}, "--margin", "a margin is a ratio above 1, such as 1.25");
  const std::vector<study::Readout> measured = read(compare.measured, problems);
  const std::vector<study::Readout> simulated = read(readouts_of(compare.simulated), problems);
  problems.throw_if_any();
  const double margin = std::log2(compare.margin);
  const study::AgreementResult result = study::compare(measured, simulated, margin);
  if (result.arms.empty()) {
    std::vector<std::string> some(
        result.only_simulated.begin(),
        result.only_simulated.begin() +
            static_cast<std::ptrdiff_t>(std::min<std::size_t>(3, result.only_simulated.size())));
    problems.add("nothing-in-common", {io::printable(compare.measured), 0, 0}, "arm",
                 "no measured arm has the readout, system and arm of a simulated one",
                 fmt::format("simulated are, for example: {}", fmt::join(some, "; ")));
    problems.throw_if_any();
  }
  const std::vector<study::ParameterEffect> effects = sensitivity(result, compare, options);
  report::Report page;
  page.title = "Simulated against measured";
  page.question =
      "Where does the simulation agree with the measurement, and what would have to move where it does not?";
  page.summary = report::agreement_summary(result, margin);
  page.sections.push_back(report::agreement_section(result, margin));
  if (!effects.empty()) page.sections.push_back(report::sensitivity_section(effects));
  page.facts.program = fmt::format("Stroma {}", version);
  page.facts.command = options.command;
  page.facts.date = utc_now();
  page.facts.machine = machine_name();
  page.facts.has_seed = !effects.empty();
  page.facts.seed = options.seed;
  page.facts.more = {{"measured", io::printable(compare.measured)},
                     {"simulated", io::printable(compare.simulated)}};
  store::OutputFolder folder(options.output.empty() ? fs::path("results/compare") : options.output,
                             options.force ? store::Existing::replace : store::Existing::refuse);
  write_report(folder, page, true);
  const Json json = json_of(result, effects, margin);
  folder.write("results.json", json.dump(2) + "\n");
  if (options.json)
    fmt::print("{}\n", json.dump(2));
  else if (!options.quiet)
    fmt::print("{}\nreport: {}\n", page.summary, io::printable(fs::absolute(folder.path() / "report.html")));
  return exit_done;
}

}  // namespace stroma::cli
