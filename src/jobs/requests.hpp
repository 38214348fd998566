// The use cases of the program, each as a request, the function that answers it, and a job for the doors.
// They throw what core/errors.hpp names. Analyses of files (analyse.hpp), statistics (stats.hpp) and the
// screen for targets (targets.hpp) have headers of their own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "jobs/job.hpp"

namespace stroma::jobs {

/// What runs share.
struct RunOptions {
  std::filesystem::path output;  ///< result folder; empty: results/NAME
  std::uint64_t seed = 1;
  int threads = 0;  ///< 0: as many as there are cores
  bool quick = false, force = false, dry_run = false;
  std::vector<std::string> without;  ///< ids of mechanisms, rules, drug targets
  std::vector<std::string> set;      ///< "address=value" (store/overrides.hpp)
  std::vector<std::string> on;       ///< commands that start workers; empty: vessels are run here
};

/// A paper's experiments end to end. `study` is a folder or the name of one in experiments/.
struct ReproduceRequest : RunOptions {
  std::string study = "caf-cxcl12-folr1";
};
Result reproduce(const ReproduceRequest& request, Session& session);
Job reproduce_job();

/// Reads a model and vessels, a line each, and answers each with a line (store/task_lines.hpp).
struct WorkerRequest {
  std::filesystem::path file;  ///< empty: standard input
};
Result work(const WorkerRequest& request, Session& session);
Job worker_job();

/// One experiment file.
struct RunRequest : RunOptions {
  std::filesystem::path file;
  std::vector<std::string> every;  ///< "fields=2 h": periods of what a run in space writes
};
Result run_experiment(const RunRequest& request, Session& session);
Job run_job();
/// One tissue; called by run_experiment for experiments in space without arms.
Result run_tissue(const std::filesystem::path& file, RunOptions options, Session& session);

/// Goes on with a run in space from its newest valid checkpoint, to its end or to `until`.
struct ResumeRequest {
  std::filesystem::path run;
  std::string until;
  int threads = 0;
};
Result resume(const ResumeRequest& request, Session& session);
Job resume_job();

/// A new run that shares its history with `run` until `at` and follows `experiment` from there.
struct ForkRequest {
  std::filesystem::path run, experiment, output;
  std::string at;
  std::vector<std::string> set;
  int threads = 0;
  bool force = false;
};
Result fork_run(const ForkRequest& request, Session& session);
Job fork_job();

/// Runs again what `run` did and compares the state hashes.
struct VerifyRequest {
  std::filesystem::path run;
  int threads = 0;
};
Result verify(const VerifyRequest& request, Session& session);
Job verify_job();

/// Makes the report of a result folder again, with its figures and tables, from what the folder holds;
/// nothing is run.
struct ReportRequest {
  std::filesystem::path run;
  int threads = 0;
};
Result remake_report(const ReportRequest& request, Session& session);
Job report_job();
/// The same for a run in space; called by remake_report.
Result remake_tissue_report(const ReportRequest& request, Session& session);

/// Measures the cases named, or all but the heavy ones; each is told as it is ready.
struct BenchRequest {
  std::vector<std::string> cases;
  int threads = 0;
};
Result bench(const BenchRequest& request, Session& session);
Job bench_job();

/// Validates models, experiments and studies; all diagnostics at once.
struct CheckRequest {
  std::vector<std::string> paths;
};
Result check(const CheckRequest& request, Session& session);
Job check_job();

/// What a model, study or experiment contains, with sources. `name` is a path, or the name of one that comes
/// with the program.
struct DescribeRequest {
  std::string name;
  std::filesystem::path output;  ///< a page; empty: none
};
Result describe(const DescribeRequest& request, Session& session);
Job describe_job();

/// Fits the parameters of a calibration file and writes the result beside it.
struct CalibrateRequest {
  std::filesystem::path file, output;
  std::filesystem::path ledger;  ///< finished simulations; empty: none are kept
  int threads = 0;
  bool force = false;
};
Result calibrate(const CalibrateRequest& request, Session& session);
Job calibrate_job();

/// Measured and simulated readouts on one axis, and which parameter would have to move.
struct CompareRequest {
  std::filesystem::path measured;       ///< table of readouts
  std::filesystem::path simulated;      ///< result folder, or a table of readouts
  double margin = 1.25;                 ///< ratio that counts as equivalent; the usual bioequivalence bound
  std::filesystem::path experiment;     ///< study folder or experiment: rank its parameters; empty: do not
  std::vector<std::string> parameters;  ///< rows to try; empty: all that act in the experiment
  std::filesystem::path ledger;         ///< finished simulations; empty: none are kept
  std::filesystem::path output = "results/compare";
  std::uint64_t seed = 1;
  int threads = 0;
  bool quick = false, force = false;
};
Result compare(const CompareRequest& request, Session& session);
Job compare_job();

/// Template tables of an assay, to be filled in and given to `analyse`.
struct NewRequest {
  std::string assay;
  std::filesystem::path output;
  bool force = false;
};
Result write_template(const NewRequest& request, Session& session);
Job new_job();

/// What this program needs and whether it is there.
struct DoctorRequest {};
Result doctor(const DoctorRequest& request, Session& session);
Job doctor_job();

/// Options that several jobs have.
void add_threads(Job& job, int& threads);
void add_set(Job& job, std::vector<std::string>& set);
/// --quiet and --json of what shows its progress.
void add_shown(Job& job);

}  // namespace stroma::jobs
