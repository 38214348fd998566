#include "jobs/analyse/analyse.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assays/arms.hpp"
#include "core/errors.hpp"
#include "core/folding.hpp"
#include "core/hash.hpp"
#include "io/file.hpp"
#include "jobs/machine.hpp"
#include "jobs/report_files.hpp"
#include "jobs/understanding.hpp"
#include "jobs/version.hpp"
#include "report/laboratory.hpp"
#include "report/palette.hpp"
#include "stats/error.hpp"
#include "store/output_folder.hpp"

namespace stroma::jobs {
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
// Grey are the arms that are called a control, and the one that was named as the reference.
std::vector<report::Arm> arms_with_twins(const std::vector<report::Section>& sections,
                                         const std::string& reference) {
  std::vector<report::Arm> arms;
  std::vector<std::string> keys;
  for (const report::Section& section : sections)
    for (const report::Figure& figure : section.figures)
      for (const std::string& name : report::arms_of(figure)) {
        if (std::any_of(arms.begin(), arms.end(), [&](const report::Arm& a) { return a.name == name; }))
          continue;
        const std::string suffix = report::arm_name("", true);
        keys.push_back(name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name);
        arms.push_back({name, false, keys.back()});
      }
  const std::vector<std::string> controls = assays::arms_called_control(assays::ordered_arms(keys, {}));
  for (report::Arm& arm : arms)
    arm.control = arm.colour_key == reference ||
                  std::find(controls.begin(), controls.end(), arm.colour_key) != controls.end();
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

report::Report page_of(const Analysis& analysis, const AnalyseRequest& request) {
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
  page.arms = arms_with_twins(page.sections, request.reference);
  if (!analysis.warnings.empty()) {
    report::Section notes{"notes", "Warnings", "", {}, {report::warnings_table(analysis.warnings)}, {}};
    page.warnings.push_back(fmt::format("{} warning{}: see the section Warnings at the end of the page.",
                                        analysis.warnings.size(), analysis.warnings.size() == 1 ? "" : "s"));
    page.sections.push_back(std::move(notes));
  }
  page.facts.program = fmt::format("Stroma {}", version);
  page.facts.command = request.command;
  page.facts.date = utc_now();
  page.facts.machine = machine_name();
  page.facts.has_seed = false;
  for (const fs::path& file : request.files) page.facts.more.push_back({"file", io::printable(file)});
  if (!request.against.empty()) page.facts.more.push_back({"against", io::printable(request.against)});
  return page;
}

// What no statistic can be computed from is a fault of the data, and the message says which.
Analysis computed(const Act& act, const AnalyseRequest& request) {
  try {
    return act(request);
  } catch (const stats::StatisticsError& error) {
    const std::string file = request.files.empty() ? std::string() : io::printable(request.files.front());
    throw core::InputError({{"not-computable",
                             {file, 0, 0},
                             file,
                             error.what(),
                             "look for values that are equal, missing or out of all proportion"}});
  }
}

// The result folder, and what is said of it.
Result written(Analysis analysis, store::Renderer& renderer, const AnalyseRequest& request,
               Session& session) {
  analysis.results["understanding"] = understanding_json(analysis.understanding);
  store::OutputFolder folder(request.output,
                             request.force ? store::Existing::replace : store::Existing::refuse);
  for (const auto& [name, bytes] : analysis.files) folder.write(name, bytes);
  write_report(folder, page_of(analysis, request), &renderer, session.progress);
  folder.write("results.json", analysis.results.dump(2) + "\n");
  const Json record = {{"program", "stroma"},        {"version", version},
                       {"command", request.command}, {"machine", machine_name()},
                       {"finished", utc_now()},      {"inputs", inputs_json(request)}};
  folder.write("run.json", record.dump(2) + "\n");  // last: where it is, the results are complete
  Result out;
  out.understanding = analysis.understanding;
  out.text = analysis.summary + "\n";
  for (const std::string& finding : findings(analysis)) out.text += finding + "\n";
  out.text += report_line(folder.path());
  for (const core::Folded& warning : core::fold(analysis.warnings.entries()))
    out.remark(Remark::Kind::warning, core::to_string(warning));
  out.json = std::move(analysis.results);
  return out;
}

}  // namespace

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

Job assay_job(const std::string& name, const std::string& what, const std::string& files, Shares shares,
              const std::function<void(core::Options&)>& declare, Act act) {
  const auto shared = [&](Shares one) {
    return (static_cast<unsigned>(shares) & static_cast<unsigned>(one)) != 0;
  };
  const auto request = std::make_shared<AnalyseRequest>();
  request->output = fs::path("results") / name;
  Job job;
  job.command.name = name;
  job.command.summary = what;
  core::Options& options = job.options();
  options.add("files", request->files, files);
  if (shared(Shares::against))
    options.add("--against", request->against,
                "a result folder of Stroma: its simulated files of this assay stand beside yours");
  if (shared(Shares::reference))
    options.add("--reference", request->reference,
                "the arm that the others are compared with (default: the first)");
  if (shared(Shares::line))
    options
        .add("--line", request->line,
             "of the simulated files only those of this cell line, such as hepg2: they share the panels of "
             "yours")
        .needs("--against");
  declare(options);
  options.add("-o,--output", request->output, "result folder (default: results/ASSAY)");
  options.add("--force", request->force, "replace results that are in the folder");
  options.add("--quiet", job.shown->silent, "no summary");
  options.add("--json", job.shown->json, "the results as JSON on standard output");
  job.run = [request, act = std::move(act)](Session& session) {
    AnalyseRequest given = *request;
    given.command = session.command;
    store::Renderer renderer;  // starts while the files are read
    return written(computed(act, given), renderer, given, session);
  };
  return job;
}

Job analyse_job() {
  Job job;
  job.command.name = "analyse";
  job.command.summary = "your own bench data through the analysis of the simulated ones";
  job.jobs = {cck8_job(),         dose_response_job(), elisa_job(),         qpcr_job(),
              blot_job(),         colonies_job(),      flow_job(),          growth_job(),
              pk_job(),           survival_job(),      synergy_job(),       ihc_job(),
              fluorescence_job(), blot_picture_job(),  colony_picture_job()};
  return job;
}

}  // namespace stroma::jobs
