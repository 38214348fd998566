// `compare`: measured and simulated readouts on one axis; where the model is off, and what would have to
// move.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/errors.hpp"
#include "io/csv.hpp"
#include "io/file.hpp"
#include "jobs/machine.hpp"
#include "jobs/paths.hpp"
#include "jobs/report_files.hpp"
#include "jobs/requests.hpp"
#include "jobs/version.hpp"
#include "report/agreement.hpp"
#include "store/output_folder.hpp"
#include "store/run_ledger.hpp"

namespace stroma::jobs {
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
    parameters.push_back({{"address", e.parameter.address},
                          {"value", e.parameter.value},
                          {"unit", e.parameter.unit},
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

study::Study load(const fs::path& path) {
  return fs::is_directory(path) ? store::load_study(path, model_search())
                                : store::load_experiment(path, model_search());
}

std::vector<study::ParameterEffect> sensitivity(const study::AgreementResult& result,
                                                const CompareRequest& request, Progress& progress) {
  if (request.experiment.empty()) return {};
  const study::Study study = load(request.experiment);
  std::vector<model::Variable> parameters = study::parameters_of(study);
  if (!request.parameters.empty()) {
    core::Diagnostics problems;
    std::vector<std::string> known;  // a row stands for all its numbers
    for (const model::Variable& p : parameters) {
      known.push_back(p.address);
      known.push_back(model::row_of(p.address));
    }
    for (const std::string& name : request.parameters)
      if (std::find(known.begin(), known.end(), name) == known.end())
        problems.add(
            "unknown-parameter", {}, "--parameter",
            fmt::format("'{}' is no address or row of a strength that acts in this experiment", name),
            core::did_you_mean(name, known));
    problems.throw_if_any();
    std::erase_if(parameters, [&](const model::Variable& p) {
      const auto asked = [&](const std::string& name) {
        return std::find(request.parameters.begin(), request.parameters.end(), name) !=
               request.parameters.end();
      };
      return !asked(p.address) && !asked(model::row_of(p.address));
    });
  }
  study::SensitivityOptions how;
  std::optional<store::RunLedger> ledger;
  if (!request.ledger.empty()) how.ledger = &ledger.emplace(request.ledger);
  how.study.seed = request.seed;
  how.study.quick = request.quick;
  how.study.executor.threads = thread_count(request.threads);
  how.on_progress = [&](std::size_t done, std::size_t total) {
    progress.step(fmt::format("parameter {} of {}", done, total));
  };
  return study::rank_parameters(study, result.arms, parameters, how);
}

}  // namespace

Result compare(const CompareRequest& request, Session& session) {
  core::Diagnostics problems;
  if (!(request.margin > 1.0) || !std::isfinite(request.margin))
    problems.add("out-of-range", {}, "--margin", "a margin is a ratio above 1, such as 1.25");
  const std::vector<study::Readout> measured = read(request.measured, problems);
  const std::vector<study::Readout> simulated = read(readouts_of(request.simulated), problems);
  problems.throw_if_any();
  const double margin = std::log2(request.margin);
  const study::AgreementResult result = study::compare(measured, simulated, margin);
  if (result.arms.empty()) {
    std::vector<std::string> some(
        result.only_simulated.begin(),
        result.only_simulated.begin() +
            static_cast<std::ptrdiff_t>(std::min<std::size_t>(3, result.only_simulated.size())));
    problems.add("nothing-in-common", {io::printable(request.measured), 0, 0}, "arm",
                 "no measured arm has the readout, system and arm of a simulated one",
                 fmt::format("simulated are, for example: {}", fmt::join(some, "; ")));
    problems.throw_if_any();
  }
  const std::vector<study::ParameterEffect> effects = sensitivity(result, request, session.progress);
  report::Report page;
  page.title = "Simulated against measured";
  page.question =
      "Where does the simulation agree with the measurement, and what would have to move where it does not?";
  page.summary = report::agreement_summary(result, margin);
  page.sections.push_back(report::agreement_section(result, margin));
  if (!effects.empty()) page.sections.push_back(report::sensitivity_section(effects));
  page.facts.program = fmt::format("Stroma {}", version);
  page.facts.command = session.command;
  page.facts.date = utc_now();
  page.facts.machine = machine_name();
  page.facts.has_seed = !effects.empty();
  page.facts.seed = request.seed;
  page.facts.more = {{"measured", io::printable(request.measured)},
                     {"simulated", io::printable(request.simulated)}};
  store::OutputFolder folder(request.output,
                             request.force ? store::Existing::replace : store::Existing::refuse);
  store::Renderer renderer;
  write_report(folder, page, &renderer, session.progress);
  Result out;
  out.json = json_of(result, effects, margin);
  folder.write("results.json", out.json.dump(2) + "\n");
  out.text = page.summary + "\n" + report_line(folder.path());
  return out;
}

Job compare_job() {
  return make_job<CompareRequest>(
      "compare", "measured and simulated readouts on one axis; what would have to move",
      [](Job& job, CompareRequest& request) {
        core::Options& options = job.options();
        options
            .add("measured", request.measured,
                 "measured readouts (CSV: metric, system, arm, replicate, value)")
            .required();
        options.add("simulated", request.simulated, "result folder, or a table like that of the measured")
            .required();
        options.add("--margin", request.margin, "ratio that counts as equivalent").says_default();
        options.add("--experiment", request.experiment,
                    "study folder or experiment: step each of its parameters and rank them");
        options
            .add("--parameter", request.parameters,
                 "only this address (mechanisms.ROW.weight), or all numbers of this row; may be repeated "
                 "(default: all)")
            .repeated()
            .needs("--experiment");
        options
            .add("--ledger", request.ledger,
                 "a file that keeps finished simulations: what is known is not run again")
            .needs("--experiment");
        options.add("-o,--output", request.output, "result folder (default: results/compare)");
        options.add("--seed", request.seed, "seed of everything random").says_default();
        add_threads(job, request.threads);
        options.add("--quick", request.quick, "a tenth of the cells, for the ranking").needs("--experiment");
        options.add("--force", request.force, "replace results that are in the folder");
        options.add("--quiet", job.shown->silent, "no progress, no summary");
        options.add("--json", job.shown->json, "the results as JSON on standard output");
        job.command.examples = {"stroma compare measured.csv results/caf-cxcl12-folr1"};
      },
      compare);
}

}  // namespace stroma::jobs
