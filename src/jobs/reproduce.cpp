// `reproduce`, `run` and `report`: what is asked, and where it goes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "jobs/machine.hpp"
#include "jobs/paths.hpp"
#include "jobs/requests.hpp"
#include "jobs/study_run.hpp"
#include "store/tissue_record.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;

// What every run is asked.
void add_run_options(Job& job, RunOptions& request) {
  core::Options& options = job.options();
  options.add("-o,--output", request.output, "result folder (default: results/NAME)");
  options.add("--seed", request.seed, "seed of everything random")
      .says_default()
      .range(0, std::nextafter(0x1p63, 0.0));
  add_threads(job, request.threads);
  options
      .add("--on", request.on,
           "a command that starts a worker, such as 'ssh node7 stroma worker': vessels are run there, by as "
           "many as there are threads; may be repeated")
      .repeated();
  options.add("--quick", request.quick, "a tenth of the cells, through the same code");
  options
      .add("--without", request.without,
           "knock out a mechanism, rule or drug target by its id; may be repeated")
      .repeated();
  options.add("--force", request.force, "replace results that are in the folder");
  options.add("--dry-run", request.dry_run, "say what would be run, and how much of it");
  add_shown(job);
}

}  // namespace

Result reproduce(const ReproduceRequest& request, Session& session) {
  const fs::path folder = find_study(request.study);
  const RunOptions& options = request;
  return run_study(store::load_study(folder, model_search(request.without), request.set), folder, options,
                   session);
}

Job reproduce_job() {
  return make_job<ReproduceRequest>(
      "reproduce", "a paper's experiments end to end: runs, statistics, findings, report",
      [](Job& job, ReproduceRequest& request) {
        job.options()
            .add("name", request.study, "a study folder, or the name of one in experiments/")
            .says_default();
        job.command.examples = {"stroma reproduce caf-cxcl12-folr1 --quick -o results/quick",
                                "stroma reproduce --without CXCL12_CXCR4",
                                "stroma reproduce --set mechanisms.CXCL12_CXCR4.weight=0.5 --quick"};
        job.options()
            .add("--set", request.set,
                 "address=value, for any number of the model: mechanisms.CXCL12_CXCR4.weight=0.5; may be "
                 "repeated")
            .repeated();
        add_run_options(job, request);
      },
      reproduce);
}

Result run_experiment(const RunRequest& request, Session& session) {
  const RunOptions& shared = request;
  RunOptions options = shared;  // to which the periods are added
  for (const std::string& period : request.every) {
    const std::size_t equals = std::min(period.find('='), period.size());
    options.set.push_back("output." + period.substr(0, equals) + "_every" + period.substr(equals));
  }
  if (store::describes_tissue(request.file)) {
    if (!options.on.empty()) refuse_workers(request.file);
    return run_tissue(request.file, std::move(options), session);
  }
  const study::Study study = store::load_experiment(request.file, model_search(options.without), options.set,
                                                    assays::built_in(), memory_of_machine());
  if (options.quick && study.experiments.front().space) session.progress.note(quick_in_space);
  return run_study(study, request.file, std::move(options), session);
}

Job run_job() {
  return make_job<RunRequest>(
      "run", "one experiment file",
      [](Job& job, RunRequest& request) {
        job.options().add("file", request.file, "experiment (TOML)").required();
        add_set(job, request.set);
        job.options()
            .add("--every", request.every,
                 "growth, profiles, cells, fields or sections with a period, such as fields=\"2 h\" (in "
                 "space)")
            .repeated();
        job.command.examples = {"stroma run my-experiment.toml --set replicates=6 --dry-run",
                                "stroma run spheroid.toml --every fields=\"2 h\" -o results/spheroid"};
        add_run_options(job, request);
      },
      run_experiment);
}

Result remake_report(const ReportRequest& request, Session& session) {
  return store::holds_tissue_run(request.run) ? remake_tissue_report(request, session)
                                              : remake_study_report(request, session);
}

Job report_job() {
  return make_job<ReportRequest>(
      "report", "make the report of a result folder again; nothing is run",
      [](Job& job, ReportRequest& request) {
        job.options().add("run", request.run, "result folder").required();
        add_threads(job, request.threads);
      },
      remake_report);
}

}  // namespace stroma::jobs
