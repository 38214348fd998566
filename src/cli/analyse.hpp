// `analyse`: a laboratory's own files through the analysis that simulated ones take. Each assay is a file
// analyse_<assay>.cpp with one function that adds its subcommand and options; what it returns is written
// here, alike for all: report.html, figures/, tables/, results.json, run.json.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "core/diagnostics.hpp"
#include "core/reading.hpp"
#include "report/document.hpp"

namespace stroma::cli {

/// What every assay is given.
struct AnalyseRequest {
  std::vector<std::filesystem::path> files;  ///< measured, at least one unless `against` is given alone
  std::filesystem::path against;  ///< a result folder with simulated files of the same assay; may be empty
  std::string reference;          ///< arm that the others are compared with; empty: the first
  std::string line = {};          ///< of the simulated files only those of this cell line; empty: all
  std::string command = {};       ///< as typed: questions write their answers out as commands to copy
};

/// What every assay gives back.
struct Analysis {
  std::string title;     ///< "CCK-8"
  std::string question;  ///< one sentence: what is compared
  std::vector<report::Section> sections;
  std::string methods;  ///< paragraphs to paste: what was computed and how
  std::vector<report::Reference> references;
  nlohmann::ordered_json results;                          ///< every number, for machines
  std::string summary;                                     ///< a few lines for the terminal
  std::vector<std::pair<std::string, std::string>> files;  ///< (path in the result folder, bytes): overlays
  core::Diagnostics warnings;
  core::Understanding understanding;  ///< how the files were read; said before the results
};

/// The assay that was chosen on the command line, with its options already bound.
using AnalyseJob = std::function<Analysis(const AnalyseRequest&)>;

// One per assay: adds a subcommand to `analyse` and sets `job` where it is chosen.
void add_cck8(CLI::App& analyse, AnalyseRequest& request, AnalyseJob& job);
void add_dose_response(CLI::App& analyse, AnalyseRequest& request, AnalyseJob& job);
void add_elisa(CLI::App& analyse, AnalyseRequest& request, AnalyseJob& job);
void add_qpcr(CLI::App& analyse, AnalyseRequest& request, AnalyseJob& job);
void add_blot(CLI::App& analyse, AnalyseRequest& request, AnalyseJob& job);
void add_colonies(CLI::App& analyse, AnalyseRequest& request, AnalyseJob& job);
void add_pk(CLI::App& analyse, AnalyseRequest& request, AnalyseJob& job);
void add_synergy(CLI::App& analyse, AnalyseRequest& request, AnalyseJob& job);
void add_flow(CLI::App& analyse, AnalyseRequest& request, AnalyseJob& job);
void add_growth(CLI::App& analyse, AnalyseRequest& request, AnalyseJob& job);
void add_survival(CLI::App& analyse, AnalyseRequest& request, AnalyseJob& job);
void add_pictures(CLI::App& analyse, AnalyseRequest& request,
                  AnalyseJob& job);  // ihc, fluorescence, blots, dishes

/// Adds the subcommand of one assay with what all share: FILES, --against, --reference. Returns it for the
/// assay's own options.
CLI::App* add_assay(CLI::App& analyse, const std::string& name, const std::string& what,
                    const std::string& files, AnalyseRequest& request);

/// Adds --line to an assay whose simulated files have a cell line's name in front.
void add_line_option(CLI::App* assay, AnalyseRequest& request);

/// Files below `against`/raw whose names end in `ending` and begin with `line`, in order of their paths.
/// Adds a diagnostic where there is none.
std::vector<std::filesystem::path> simulated_files(const AnalyseRequest& request, const std::string& ending,
                                                   core::Diagnostics& problems);

/// Adds the command with all its assays to the program; `run` runs the chosen one.
class AnalyseCommand {
 public:
  AnalyseCommand(CLI::App& app, CommonOptions& options);
  bool parsed() const { return command_->parsed(); }
  int run(const CommonOptions& options);

 private:
  CLI::App* command_;
  AnalyseRequest request_;
  AnalyseJob job_;
};

}  // namespace stroma::cli
