#include "cli/analyse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cli/machine.hpp"
#include "cli/report_files.hpp"
#include "cli/understanding.hpp"
#include "cli/version.hpp"
#include "core/errors.hpp"
#include "core/folding.hpp"
#include "core/hash.hpp"
#include "io/file.hpp"
#include "report/laboratory.hpp"
#include "report/palette.hpp"
#include "stats/error.hpp"
#include "store/output_folder.hpp"

namespace stroma::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// What was analysed: every file with the hash of its bytes.
Json inputs_json(const AnalyseRequest& request) {
  Json inputs = Json::array();
  for (const fs::path& file : request.files) {
    core::Hasher hasher;
    hasher.text(io::read_file(file));
    inputs.push_back({{"file", io::printable(file)}, {"hash", hasher.digest()}});
  }
  return inputs;
}

// An arm and its simulated twin share a colour; where they meet, the shape tells them apart.
std::vector<report::Arm> arms_with_twins(const std::vector<report::Section>& sections) {
  std::vector<report::Arm> arms;
  for (const report::Section& section : sections)
    for (const report::Figure& figure : section.figures)
      for (const std::string& name : report::arms_of(figure)) {
        if (std::any_of(arms.begin(), arms.end(), [&](const report::Arm& a) { return a.name == name; }))
          continue;
        const std::string suffix = report::arm_name("", true);
        arms.push_back(
            {name, false, name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name});
      }
  return arms;
}

// The lines for the terminal as text for the page; where there are many, the page's figures and tables say
// them better.
std::string sentences(const std::string& lines) {
  constexpr std::ptrdiff_t most_lines = 6;
  if (lines.empty() || std::count(lines.begin(), lines.end(), '\n') >= most_lines) return {};
  std::string out;
  for (const char c : lines) out += c == '\n' ? "; " : std::string(1, c);
  return out.ends_with('.') ? out : out + ".";
}

// What the tests between arms found, in the words of their figures; empty where nothing could be tested.
std::vector<std::string> findings(const Analysis& analysis) {
  std::vector<std::string> out;
  for (const report::Section& section : analysis.sections)
    for (const report::Figure& figure : section.figures)
      if (!figure.caption.statistics.empty() && !figure.see.empty()) out.push_back(figure.see);
  return out;
}

report::Report page_of(const Analysis& analysis, const AnalyseRequest& request,
                       const CommonOptions& options) {
  report::Report page;
  page.title = analysis.title;
  page.question = analysis.question;
  for (const std::string& finding : findings(analysis))
    page.summary += (page.summary.empty() ? "" : " ") + finding;
  if (page.summary.empty()) page.summary = sentences(analysis.summary);
  page.sections = analysis.sections;
  if (!analysis.understanding.empty())
    page.sections.insert(page.sections.begin(), report::understanding_section(analysis.understanding));
  page.methods = analysis.methods;
  page.references = analysis.references;
  page.arms = arms_with_twins(page.sections);
  if (!analysis.warnings.empty()) {
    report::Section notes{"notes", "Warnings", "", {}, {report::warnings_table(analysis.warnings)}, {}};
    page.warnings.push_back(fmt::format("{} warning{}: see the section Warnings at the end of the page.",
                                        analysis.warnings.size(), analysis.warnings.size() == 1 ? "" : "s"));
    page.sections.push_back(std::move(notes));
  }
  page.facts.program = fmt::format("Stroma {}", version);
  page.facts.command = options.command;
  page.facts.date = utc_now();
  page.facts.machine = machine_name();
  page.facts.has_seed = false;
  for (const fs::path& file : request.files) page.facts.more.push_back({"file", io::printable(file)});
  if (!request.against.empty()) page.facts.more.push_back({"against", io::printable(request.against)});
  return page;
}

// What no statistic can be computed from is a fault of the data, and the message says which.
Analysis computed(const std::function<Analysis(const AnalyseRequest&)>& job, const AnalyseRequest& request) {
  try {
    return job(request);
  } catch (const stats::StatisticsError& error) {
    const std::string file = request.files.empty() ? std::string() : io::printable(request.files.front());
    throw core::InputError({{"not-computable",
                             {file, 0, 0},
                             file,
                             error.what(),
                             "look for values that are equal, missing or out of all proportion"}});
  }
}

}  // namespace

CLI::App* add_assay(CLI::App& analyse, const std::string& name, const std::string& what,
                    const std::string& files, AnalyseRequest& request) {
  CLI::App* assay = analyse.add_subcommand(name, what);
  assay->add_option("files", request.files, files);
  assay->add_option("--against", request.against,
                    "a result folder of Stroma: its simulated files of this assay stand beside yours");
  assay->add_option("--reference", request.reference,
                    "the arm that the others are compared with (default: the first)");
  return assay;
}

void add_line_option(CLI::App* assay, AnalyseRequest& request) {
  assay
      ->add_option("--line", request.line,
                   "of the simulated files only those of this cell line, such as hepg2: they share the "
                   "panels of yours")
      ->needs(assay->get_option("--against"));
}

std::vector<fs::path> simulated_files(const AnalyseRequest& request, const std::string& ending,
                                      core::Diagnostics& problems) {
  std::vector<fs::path> files;
  std::vector<std::string> lines;
  std::error_code failed;
  for (fs::recursive_directory_iterator it(request.against / "raw", failed), end; !failed && it != end;
       it.increment(failed)) {
    const std::string name = it->path().filename().string();
    if (!name.ends_with(ending)) continue;
    const std::string line = name.substr(0, name.find('-'));
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
    if (request.line.empty() || line == request.line) files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  const std::string folder = io::printable(request.against);
  if (lines.empty())
    problems.add(
        "no-simulated-files", {folder, 0, 0}, "--against",
        fmt::format("there are no files raw/**/*{} in this folder", ending),
        "give a result folder of `stroma reproduce` or `stroma run` whose experiment has this assay");
  else if (files.empty())
    problems.add("unknown-line", {folder, 0, 0}, "--line",
                 fmt::format("there is no simulated file of '{}' with this assay", request.line),
                 core::did_you_mean(request.line, lines));
  return files;
}

AnalyseCommand::AnalyseCommand(CLI::App& app, CommonOptions& options)
    : command_(
          app.add_subcommand("analyse", "your own bench data through the analysis of the simulated ones")) {
  command_->require_subcommand(1);
  for (const auto add : {add_cck8, add_dose_response, add_elisa, add_qpcr, add_blot, add_colonies, add_flow,
                         add_growth, add_pk, add_survival, add_synergy, add_pictures})
    add(*command_, request_, job_);
  for (CLI::App* assay : command_->get_subcommands([](const CLI::App*) { return true; })) {
    assay->add_option("-o,--output", options.output, "result folder (default: results/ASSAY)");
    assay->add_flag("--force", options.force, "replace results that are in the folder");
    assay->add_flag("--quiet", options.quiet, "no summary");
    assay->add_flag("--json", options.json, "the results as JSON on standard output");
  }
}

int AnalyseCommand::run(const CommonOptions& options) {
  request_.command = options.command;
  Analysis analysis = computed(job_, request_);
  analysis.results["understanding"] = understanding_json(analysis.understanding);
  const fs::path output = options.output.empty()
                              ? fs::path("results") / command_->get_subcommands().front()->get_name()
                              : options.output;
  store::OutputFolder folder(output, options.force ? store::Existing::replace : store::Existing::refuse);
  for (const auto& [name, bytes] : analysis.files) folder.write(name, bytes);
  write_report(folder, page_of(analysis, request_, options), true);
  folder.write("results.json", analysis.results.dump(2) + "\n");
  const Json record = {{"program", "stroma"},        {"version", version},
                       {"command", options.command}, {"machine", machine_name()},
                       {"finished", utc_now()},      {"inputs", inputs_json(request_)}};
  folder.write("run.json", record.dump(2) + "\n");  // last: where it is, the results are complete
  if (options.json) {
    fmt::print("{}\n", analysis.results.dump(2));
  } else if (!options.quiet) {
    print_understanding(analysis.understanding);
    fmt::print("{}\n", analysis.summary);
    for (const std::string& finding : findings(analysis)) fmt::print("{}\n", finding);
    fmt::print("report: {}\n", io::printable(fs::absolute(folder.path() / "report.html")));
  }
  for (const core::Folded& warning : core::fold(analysis.warnings.entries()))
    fmt::print(stderr, "warning: {}\n", core::to_string(warning));
  return exit_done;
}

}  // namespace stroma::cli
