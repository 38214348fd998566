// Arguments, exit codes and messages.
#include "cli/app.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <vector>

#include "cli/analyse.hpp"
#include "cli/commands.hpp"
#include "cli/stats.hpp"
#include "cli/streams.hpp"
#include "cli/targets.hpp"
#include "cli/templates.hpp"
#include "cli/usage.hpp"
#include "cli/version.hpp"
#include "core/diagnostics.hpp"
#include "core/errors.hpp"
#include "core/folding.hpp"
#include "io/file.hpp"

namespace stroma::cli {
namespace {

namespace fs = std::filesystem;

// One cause is one message on the terminal; a machine is given each with its place.
void say_diagnostics(const core::InputError& error, bool json) {
  if (json) {
    nlohmann::ordered_json out = nlohmann::ordered_json::array();
    for (const core::Diagnostic& d : error.diagnostics())
      out.push_back({{"code", d.code},
                     {"file", d.place.file},
                     {"line", d.place.line},
                     {"column", d.place.column},
                     {"key", d.key},
                     {"message", d.message},
                     {"hint", d.hint}});
    fmt::print("{}\n", out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  const std::vector<core::Folded> folded = core::fold(error.diagnostics());
  fmt::print(stderr, "{}", core::told(folded));
  const std::size_t n = folded.size();
  fmt::print(stderr, "{} problem{} found; nothing was run\n", n, n == 1 ? "" : "s");
}

// Standard output is the only stream whose failures reach here: results have their own error (IoError).
int cannot_write(const std::system_error& error) {
  if (error.code() == std::errc::broken_pipe) end_by_broken_pipe();
  fmt::print(stderr, "cannot write to standard output: {}\n", error.code().message());
  return exit_disk;
}

void flush_output() {
  if (std::fflush(stdout) != 0) throw std::system_error(errno, std::generic_category());
}

// Runs a command and turns every way of failing into its exit code.
template <class Command>
int coded(const Command& command, const CommonOptions& options) {
  try {
    const int code = command();
    flush_output();
    return code;
  } catch (const core::InputError& error) {
    say_diagnostics(error, options.json);
    return exit_invalid;
  } catch (const core::NumericalError& error) {
    fmt::print(stderr, "numerical failure: {}\n", error.what());
    return exit_numerical;
  } catch (const core::IoError& error) {
    fmt::print(stderr, "{}\n", error.what());
    return exit_disk;
  } catch (const core::LimitError& error) {
    fmt::print(stderr, "refused: {}\n", error.what());
    return exit_limit;
  } catch (const fs::filesystem_error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return exit_disk;
  } catch (const std::system_error&) {  // standard output: told by whoever calls
    throw;
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "refused: out of memory\n");
    return exit_limit;
  } catch (const std::exception& error) {
    fmt::print(stderr,
               "internal error: {}\nThis is a bug in Stroma; please report it with the command and the files "
               "that led to it.\n",
               error.what());
    return exit_internal;
  }
}

// The same, where the messages themselves cannot be written.
template <class Command>
int guarded(const Command& command, const CommonOptions& options) {
  try {
    const int code = coded(command, options);
    flush_output();
    return code;
  } catch (const std::system_error& error) {
    return cannot_write(error);
  }
}

// Help and version go to standard output, what was mistyped to standard error.
int answer_usage(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& words) {
  const bool asked = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
  const std::string problems = asked ? std::string() : usage_problems(app, words);
  if (problems.empty())
    app.exit(error);
  else
    fmt::print(stderr, "{}", problems);
  if (!asked) return exit_usage;
  std::cout.flush();
  if (std::cout.good() && std::fflush(stdout) == 0) return exit_done;
  return cannot_write(std::system_error(errno, std::generic_category()));
}

void add_run_options(CLI::App& command, CommonOptions& options) {
  command.add_option("-o,--output", options.output, "result folder (default: results/NAME)");
  command.add_option("--seed", options.seed, "seed of everything random")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()));
  command.add_option("--threads", options.threads, "threads (default: one per core)")
      ->check(CLI::Range(1, 1024));
  command.add_flag("--quick", options.quick, "a tenth of the cells, through the same code");
  command
      .add_option("--without", options.without,
                  "knock out a mechanism, rule or drug target by its id; may be repeated")
      ->allow_extra_args(false);
  command.add_flag("--force", options.force, "replace results that are in the folder");
  command.add_flag("--dry-run", options.dry_run, "say what would be run, and how much of it");
  command.add_flag("--quiet", options.quiet, "no progress");
  command.add_flag("--json", options.json, "progress and result for machines");
}

std::string as_typed(int argc, char** argv) {
  std::string text = "stroma";
  for (int i = 1; i < argc; ++i) {
    const std::string word = io::printable(argv[i]);  // the record is UTF-8, whatever was typed
    const bool plain = word.find_first_of(" \t'\"\\$") == std::string::npos && !word.empty();
    text += plain ? " " + word : " '" + word + "'";
  }
  return text;
}

}  // namespace

int run_program(int argc, char** argv) {
  CLI::App app{"Stroma: a virtual laboratory for drug resistance in the liver-tumour microenvironment"};
  app.set_version_flag("--version", std::string("stroma ") + version);
  app.require_subcommand(1);
  app.footer("Research software; not a medical device. Documentation: docs/README.md");
  CommonOptions options;
  options.command = as_typed(argc, argv);
  std::string study = "caf-cxcl12-folr1";
  std::filesystem::path file, branch;
  std::string time;
  std::vector<std::string> paths, every;

  CLI::App* reproduce_command =
      app.add_subcommand("reproduce", "a paper's experiments end to end: runs, statistics, findings, report");
  reproduce_command->add_option("name", study, "a study folder, or the name of one in experiments/")
      ->capture_default_str();
  add_run_options(*reproduce_command, options);
  CLI::App* run_command = app.add_subcommand("run", "one experiment file");
  run_command->add_option("file", file, "experiment (TOML)")->required();
  run_command
      ->add_option(
          "--set", options.set,
          "address=value, for any value of the experiment: replicates=6, plate.volume=\"50 uL\", "
          "plate.treatment[sorafenib].doses[2]=\"1 uM\" (elements by name or place from 1); may be repeated")
      ->allow_extra_args(false);
  run_command
      ->add_option(
          "--every", every,
          "growth, profiles, cells, fields or sections with a period, such as fields=\"2 h\" (in space)")
      ->allow_extra_args(false);
  add_run_options(*run_command, options);
  CLI::App* resume_command =
      app.add_subcommand("resume", "go on with a run in space from its newest checkpoint");
  resume_command->add_option("run", file, "its result folder")->required();
  resume_command->add_option("--until", time,
                             "go on to this time, such as \"96 h\" (default: the experiment's end)");
  CLI::App* fork_command =
      app.add_subcommand("fork", "branch a run in space: the same history, another treatment from a time on");
  fork_command->add_option("run", file, "result folder of the run")->required();
  fork_command->add_option("--at", time, "where to branch, such as \"24 h\"")->required();
  fork_command->add_option("experiment", branch, "experiment (TOML) that says what follows")->required();
  fork_command->add_option("-o,--output", options.output, "result folder (default: results/NAME)");
  fork_command
      ->add_option(
          "--set", options.set,
          "address=value, for any value of the experiment: replicates=6, plate.volume=\"50 uL\", "
          "plate.treatment[sorafenib].doses[2]=\"1 uM\" (elements by name or place from 1); may be repeated")
      ->allow_extra_args(false);
  fork_command->add_flag("--force", options.force, "replace results that are in the folder");
  CLI::App* verify_command =
      app.add_subcommand("verify", "run a run in space again and compare its state hashes");
  verify_command->add_option("run", file, "its result folder")->required();
  for (CLI::App* command : {resume_command, fork_command, verify_command}) {
    command->add_option("--threads", options.threads, "threads (default: one per core)")
        ->check(CLI::Range(1, 1024));
    command->add_flag("--quiet", options.quiet, "no progress");
    command->add_flag("--json", options.json, "progress and result for machines");
  }
  CLI::App* report_command =
      app.add_subcommand("report", "make the report of a result folder again; nothing is run");
  report_command->add_option("run", file, "result folder")->required();
  report_command->add_option("--threads", options.threads, "threads (default: one per core)")
      ->check(CLI::Range(1, 1024));
  CLI::App* bench_command =
      app.add_subcommand("bench", "measure this machine: time per cell, voxel and step");
  bench_command->add_option("cases", paths,
                            "cases by name, or scaling (default: all but cells_1e7 and scaling)");
  bench_command->add_option("--threads", options.threads, "threads (default: one per core)")
      ->check(CLI::Range(1, 1024));
  bench_command->add_flag("--json", options.json, "one line of JSON per case");
  CLI::App* check_command =
      app.add_subcommand("check", "validate models, experiments, studies; all problems at once");
  check_command->add_option("paths", paths, "files or folders")->required();
  check_command->add_flag("--json", options.json, "diagnostics as JSON");
  CLI::App* describe_command =
      app.add_subcommand("describe", "what a model or an experiment contains, with sources");
  describe_command->add_option("name", study, "path or name of a model or study, or an experiment file")
      ->required();
  describe_command->add_option("-o,--output", options.output,
                               "also write a page (HTML) with the rules as curves and the network");
  describe_command->add_flag("--json", options.json, "as JSON");
  CLI::App* calibrate_command =
      app.add_subcommand("calibrate", "fit the parameters of a calibration file to its data");
  calibrate_command->add_option("file", file, "calibration (TOML)")->required();
  calibrate_command->add_option("-o,--output", options.output,
                                "result file (default: beside the calibration)");
  calibrate_command->add_option("--threads", options.threads, "threads (default: one per core)")
      ->check(CLI::Range(1, 1024));
  calibrate_command->add_flag("--force", options.force, "replace an earlier result");
  calibrate_command->add_flag("--quiet", options.quiet, "no progress");
  AnalyseCommand analyse(app, options);
  CompareOptions comparison;
  CLI::App* compare_command =
      app.add_subcommand("compare", "measured and simulated readouts on one axis; what would have to move");
  compare_command
      ->add_option("measured", comparison.measured,
                   "measured readouts (CSV: metric, system, arm, replicate, value)")
      ->required();
  compare_command
      ->add_option("simulated", comparison.simulated, "result folder, or a table like that of the measured")
      ->required();
  compare_command->add_option("--margin", comparison.margin, "ratio that counts as equivalent")
      ->capture_default_str();
  compare_command->add_option("--experiment", comparison.experiment,
                              "study folder or experiment: step each of its parameters and rank them");
  compare_command
      ->add_option("--parameter", comparison.parameters, "only this row; may be repeated (default: all)")
      ->allow_extra_args(false);
  compare_command->add_option("-o,--output", options.output, "result folder (default: results/compare)");
  compare_command->add_option("--seed", options.seed, "seed of everything random")->capture_default_str();
  compare_command->add_option("--threads", options.threads, "threads (default: one per core)")
      ->check(CLI::Range(1, 1024));
  compare_command->add_flag("--quick", options.quick, "a tenth of the cells, for the ranking");
  compare_command->add_flag("--force", options.force, "replace results that are in the folder");
  compare_command->add_flag("--quiet", options.quiet, "no progress, no summary");
  compare_command->add_flag("--json", options.json, "the results as JSON on standard output");
  StatsCommand statistics(app, options);
  TargetsCommand targets(app, options);
  std::string assay;
  CLI::App* new_command = app.add_subcommand("new", "a template table to fill in for `analyse`");
  std::string templates;
  for (const AssayTemplate& one : assay_templates()) templates += (templates.empty() ? "" : ", ") + one.assay;
  new_command->add_option("assay", assay, "one of " + templates)->required();
  new_command->add_option("-o,--output", options.output, "file or folder (default: here)");
  new_command->add_flag("--force", options.force, "replace files that are there");
  new_command->add_flag("--quiet", options.quiet, "no words");
  CLI::App* doctor_command = app.add_subcommand("doctor", "is everything there that this program needs?");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return answer_usage(app, error, {argv + 1, argv + argc});
  }
  return guarded(
      [&] {
        if (reproduce_command->parsed()) return reproduce(study, options);
        for (const std::string& period : every) {
          const std::size_t equals = std::min(period.find('='), period.size());
          options.set.push_back("output." + period.substr(0, equals) + "_every" + period.substr(equals));
        }
        if (run_command->parsed()) return run_experiment(file, options);
        if (resume_command->parsed()) return resume(file, time, options);
        if (fork_command->parsed()) return fork_run(file, time, branch, options);
        if (verify_command->parsed()) return verify(file, options);
        if (report_command->parsed()) return remake_report(file, options);
        if (bench_command->parsed()) return bench(paths, options);
        if (check_command->parsed()) return check(paths, options);
        if (describe_command->parsed()) return describe(study, options);
        if (calibrate_command->parsed()) return calibrate(file, options);
        if (compare_command->parsed()) return compare(comparison, options);
        if (analyse.parsed()) return analyse.run(options);
        if (statistics.parsed()) return statistics.run(options);
        if (targets.parsed()) return targets.run(options);
        if (new_command->parsed()) return write_template(assay, options);
        if (doctor_command->parsed()) return doctor(options);
        throw core::InternalError("a command without an implementation");
      },
      options);
}

}  // namespace stroma::cli
