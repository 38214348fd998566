// The commands of the program. Each returns an exit code of design section 7 and throws what core/errors.hpp
// names; run_program turns what is thrown into messages and codes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "store/study_folder.hpp"

namespace stroma::cli {

inline constexpr int exit_done = 0, exit_internal = 1, exit_usage = 2, exit_invalid = 3, exit_numerical = 4,
                     exit_disk = 5, exit_limit = 6;

/// What most commands share.
struct CommonOptions {
  std::filesystem::path output;
  std::uint64_t seed = 1;
  int threads = 0;  ///< 0: as many as there are cores
  bool quick = false, force = false, quiet = false, json = false, dry_run = false;
  std::vector<std::string> without;
  std::vector<std::string> set;  ///< "address=value" for values of an experiment (core/address.hpp)
  std::string command;           ///< as typed, for the record
};

/// A paper's experiments end to end. `study` is a folder or the name of one in experiments/.
int reproduce(const std::string& study, const CommonOptions& options);
/// One experiment file.
int run_experiment(const std::filesystem::path& file, const CommonOptions& options);
/// One experiment in space; called by run_experiment for files that say `dimensions`.
int run_tissue(const std::filesystem::path& file, CommonOptions options);
/// Goes on with a run in space from its newest valid checkpoint, to its end or to `until`.
int resume(const std::filesystem::path& run, const std::string& until, const CommonOptions& options);
/// A new run that shares its history with `run` until `at` and follows `file` from there.
int fork_run(const std::filesystem::path& run, const std::string& at, const std::filesystem::path& file,
             CommonOptions options);
/// Runs again what `run` did and compares the state hashes.
int verify(const std::filesystem::path& run, const CommonOptions& options);
/// Measures the cases named, or all but the heavy ones.
int bench(const std::vector<std::string>& names, const CommonOptions& options);
/// Validates models, experiments and studies; all diagnostics at once.
int check(const std::vector<std::string>& paths, const CommonOptions& options);
/// What a model, study or experiment contains, with sources. `name` is a path, or the name of one that comes
/// with the program.
int describe(const std::string& name, const CommonOptions& options);
/// Makes the report of a result folder again, with its figures and tables, from what the folder holds;
/// nothing is run.
int remake_report(const std::filesystem::path& run, const CommonOptions& options);
/// The same for a run in space; called by remake_report.
int remake_tissue_report(const std::filesystem::path& run, const CommonOptions& options);
/// Fits the parameters of a calibration file and writes the result beside it.
int calibrate(const std::filesystem::path& file, const CommonOptions& options);
/// What `compare` is asked.
struct CompareOptions {
  std::filesystem::path measured;       ///< table of readouts
  std::filesystem::path simulated;      ///< result folder, or a table of readouts
  double margin = 1.25;                 ///< ratio that counts as equivalent; the usual bioequivalence bound
  std::filesystem::path experiment;     ///< study folder or experiment: rank its parameters; empty: do not
  std::vector<std::string> parameters;  ///< rows to try; empty: all that act in the experiment
};
/// Measured and simulated readouts on one axis, and which parameter would have to move.
int compare(const CompareOptions& compare, const CommonOptions& options);
/// Template tables of an assay, to be filled in and given to `analyse`.
int write_template(const std::string& assay, const CommonOptions& options);
/// What this program needs and whether it is there.
int doctor(const CommonOptions& options);

/// Where models and experiments that come with the program are.
std::vector<std::filesystem::path> data_folders();
/// The study folder of that path, or of that name in experiments/. Throws InputError with the nearest name.
std::filesystem::path find_study(const std::string& name);
/// The file or folder of that path, or the model or study of that name. Throws InputError with the nearest
/// name.
std::filesystem::path find_described(const std::string& name);
store::ModelSearch model_search(const CommonOptions& options);

}  // namespace stroma::cli
