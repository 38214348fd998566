// `analyse flow`: annexin V / propidium iodide tubes as FCS files of any cytometer.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "assays/flow_gating.hpp"
#include "cli/analyse_inputs.hpp"
#include "core/units.hpp"
#include "io/csv.hpp"
#include "io/file.hpp"
#include "io/lab_files.hpp"
#include "io/measured_table.hpp"
#include "report/laboratory_mice.hpp"
#include "report/words.hpp"

namespace stroma::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Options {
  std::string gate, annexin, pi;
  fs::path unstained, live, sheet;
  bool uncompensated = false;
};

/// What a tube is, as --sheet says.
struct TubeName {
  std::string arm;
  int replicate = 1, technical = 1;
};

std::map<std::string, TubeName> read_sheet(const fs::path& file) {
  std::map<std::string, TubeName> out;
  if (file.empty()) return out;
  const InputText text = read_input(file);
  core::Diagnostics problems;
  io::CsvOptions options;
  options.delimiter = io::delimiter_of(text.text);
  io::MeasuredTable table(io::read_csv(text.text, text.name, options, problems),
                          {{"file", true, {"filename"}},
                           {"arm", true, {"group", "condition"}},
                           {"replicate", false, {"experiment"}},
                           {"technical", false, {"tube"}}},
                          io::OtherColumns::refuse, problems);
  if (table.complete())
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const std::string name = table.required_text(row, "file");
      const TubeName tube{table.required_text(row, "arm"), table.repeat(row, "replicate"),
                          table.repeat(row, "technical")};
      if (!out.emplace(name, tube).second)
        table.wrong(row, "file", "duplicate-file", fmt::format("'{}' is there twice", name));
    }
  problems.throw_if_any();
  return out;
}

/// The sheet's line of a file, by its path as given or its name alone.
std::map<std::string, TubeName>::const_iterator line_of(const std::map<std::string, TubeName>& sheet,
                                                        const fs::path& file) {
  const auto path = sheet.find(file.string());
  return path != sheet.end() ? path : sheet.find(file.filename().string());
}

/// Says where the sheet and the files do not agree: a tube without a line would get its arm from its name.
void match_sheet(const std::vector<AssayFile>& files, const std::map<std::string, TubeName>& sheet,
                 const fs::path& name, core::Diagnostics& problems) {
  if (sheet.empty()) return;
  std::vector<std::string> lines, given;
  for (const auto& [file, tube] : sheet) lines.push_back(file);
  std::set<std::string> used;
  for (const AssayFile& file : files) {
    if (file.simulated) continue;
    given.push_back(file.path.filename().string());
    const auto line = line_of(sheet, file.path);
    if (line == sheet.end())
      problems.add("not-in-sheet", {io::printable(file.path), 0, 0}, {},
                   fmt::format("no line of '{}' names this file", io::printable(name)),
                   core::did_you_mean(given.back(), lines));
    else if (!used.insert(line->first).second)
      problems.add("ambiguous-file", {io::printable(name), 0, 0}, line->first,
                   fmt::format("'{}' means several of the files given", line->first),
                   "write the path in the sheet as it is on the command line");
  }
  for (const std::string& line : lines)
    if (!used.contains(line))
      problems.add("no-such-file", {io::printable(name), 0, 0}, line,
                   fmt::format("the sheet names '{}', which was not given", line),
                   core::did_you_mean(line, given));
}

/// "CAF-SN_2.fcs" is the second experiment of CAF-SN.
TubeName from_name(const std::string& stem) {
  const std::size_t at = stem.find_last_of('_');
  if (at == std::string::npos || at == 0 || at + 1 == stem.size() || stem.size() - at > 5 ||
      stem.find_first_not_of("0123456789", at + 1) != std::string::npos || std::stoi(stem.substr(at + 1)) < 1)
    return {stem, 1, 1};
  return {stem.substr(0, at), std::stoi(stem.substr(at + 1)), 1};
}

struct Tubes {
  std::vector<report::AnalysedTube> all;
  std::vector<bool> compensated;  // of each tube
  bool logarithmic = false;

  std::size_t count_compensated() const {
    return static_cast<std::size_t>(std::count(compensated.begin(), compensated.end(), true));
  }
};

void read_tubes(const AssayFile& file, const std::map<std::string, TubeName>& sheet, bool compensated,
                Tubes& tubes) {
  const InputText text = read_input(file.path);
  std::vector<io::Fcs> sets = io::read_fcs_data_sets(text.text, text.name);
  const std::string stem = file.path.stem().string();
  for (std::size_t k = 0; k < sets.size(); ++k) {
    tubes.logarithmic = io::linearise(sets[k]) || tubes.logarithmic;
    tubes.compensated.push_back(compensated && !io::compensate(sets[k], text.name).empty());
    report::AnalysedTube tube;
    tube.name = sets.size() == 1 ? stem : fmt::format("{} {}", stem, k + 1);
    tube.sample = io::from_fcs(sets[k], stem);
    sets[k].events = {};
    tube.simulated = file.simulated;
    const auto named = line_of(sheet, file.path);
    const bool says = sets[k].keyword("ARM") != nullptr;
    if (!file.simulated && (named != sheet.end() || !says)) {
      const TubeName name = named != sheet.end() ? named->second : from_name(stem);
      tube.sample.arm = name.arm;
      tube.sample.replicate = name.replicate;
      tube.sample.technical = name.technical + static_cast<int>(k);
    }
    tubes.all.push_back(std::move(tube));
  }
}

bool holds(std::string text, const std::string& word) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text.find(word) != std::string::npos;
}

/// The channel asked for, or the one whose stain or name says what it is.
std::string channel_of(const assays::FlowSample& sample, const std::string& asked, const std::string& option,
                       std::initializer_list<const char*> words) {
  std::vector<std::string> names;
  for (const assays::FlowChannel& c : sample.channels) {
    if (!asked.empty() && (c.name == asked || c.stain == asked)) return c.name;
    names.push_back(c.name);
  }
  if (asked.empty())
    for (const char* word : words)
      for (const assays::FlowChannel& c : sample.channels)
        if (holds(c.stain, word) || holds(c.name, word)) return c.name;
  throw core::InputError(
      {{"unknown-channel",
        {},
        option,
        asked.empty() ? fmt::format("no channel of tube '{}' is called by its stain", sample.arm)
                      : fmt::format("tube '{}' has no channel '{}'", sample.arm, asked),
        fmt::format("say which with {}; there are {}", option, report::listed(names))}});
}

/// "annexin=200,pi=150".
assays::QuadrantGate read_gate(const std::string& text) {
  std::map<std::string, double> values;
  std::size_t begin = 0;
  core::Diagnostics problems;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string part = text.substr(begin, end - begin);
    const std::size_t equals = part.find('=');
    const core::ParsedNumber number =
        core::parse_number(equals == std::string::npos ? "" : part.substr(equals + 1));
    const std::string name = part.substr(0, std::min(equals, part.size()));
    if (!number.error.empty() || (name != "annexin" && name != "pi") ||
        !values.emplace(name, number.value).second)
      problems.add("bad-gate", {}, "--gate", fmt::format("'{}' is no gate", part),
                   "write annexin=200,pi=150");
    begin = end + 1;
  }
  if (problems.empty() && values.size() != 2)
    problems.add("bad-gate", {}, "--gate", "a gate needs both thresholds", "write annexin=200,pi=150");
  problems.throw_if_any();
  return {values.at("annexin"), values.at("pi")};
}

assays::FlowSample control_of(const fs::path& file, const Options& options) {
  Tubes tubes;
  read_tubes({file, false}, {}, !options.uncompensated, tubes);
  return std::move(tubes.all.front().sample);
}

/// The gate of measured or of simulated tubes, with the sentence that says how it was set.
std::string set_gates(std::vector<report::AnalysedTube*> tubes, const Options& options,
                      core::Diagnostics& warnings) {
  const std::string annexin = tubes.front()->annexin, pi = tubes.front()->pi;
  assays::QuadrantGate gate;
  std::string words;
  const bool simulated = tubes.front()->simulated;
  if (!options.gate.empty() && !simulated) {
    gate = read_gate(options.gate);
    words = "Quadrants were set by hand";
  } else if (!simulated && !(options.unstained.empty() && options.live.empty())) {
    const fs::path &first = options.unstained.empty() ? options.live : options.unstained,
                   &second = options.live.empty() ? options.unstained : options.live;
    gate = assays::set_gate(control_of(first, options), control_of(second, options), 0.99, annexin, pi);
    words = "Quadrants were set at the 99 % quantiles of the controls";
  } else {
    std::vector<assays::FlowSample> samples;
    for (const report::AnalysedTube* tube : tubes) samples.push_back(tube->sample);
    const assays::AutomaticGate automatic = assays::automatic_gate(samples, annexin, pi);
    gate = automatic.gate();
    for (const auto& [name, t] : {std::pair{annexin, automatic.annexin}, {pi, automatic.pi}})
      if (!t.found())
        warnings.add("not-separated", {}, name,
                     fmt::format("channel '{}': negative and positive events do not stand apart (D = {}, two "
                                 "populations from 2 on): the automatic threshold {} is not to be trusted",
                                 name, report::print(t.separation), report::print(t.value)),
                     "give controls (--unstained, --live) or thresholds (--gate)");
    words =
        "Quadrants were set where the two components of a normal mixture of log fluorescence, fitted to all "
        "tubes "
        "together, are equally likely";
  }
  for (report::AnalysedTube* tube : tubes) {
    tube->gate = gate;
    tube->quadrants = assays::analyse_flow(tube->sample, gate, tube->annexin, tube->pi);
  }
  return fmt::format("{} (annexin V {}, propidium iodide {}{})", words, report::print(gate.annexin),
                     report::print(gate.pi), simulated ? ", simulated tubes" : "");
}

Json json_of(const Tubes& tubes) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < tubes.all.size(); ++i) {
    const report::AnalysedTube& t = tubes.all[i];
    rows.push_back({{"file", t.name},
                    {"arm", t.sample.arm},
                    {"replicate", t.sample.replicate},
                    {"simulated", t.simulated},
                    {"compensated", static_cast<bool>(tubes.compensated[i])},
                    {"events", t.quadrants.events},
                    {"annexin_channel", t.annexin},
                    {"pi_channel", t.pi},
                    {"annexin_gate", t.gate.annexin},
                    {"pi_gate", t.gate.pi},
                    {"viable", t.quadrants.live},
                    {"early", t.quadrants.early},
                    {"late", t.quadrants.late},
                    {"necrotic", t.quadrants.necrotic},
                    {"apoptotic", t.quadrants.apoptotic ? Json(*t.quadrants.apoptotic) : Json(nullptr)}});
  }
  return {{"assay", "flow"}, {"tubes", std::move(rows)}};
}

Analysis analyse(const AnalyseRequest& request, const Options& options) {
  core::Diagnostics problems;
  Analysis out;
  Tubes tubes;
  const auto sheet = read_sheet(options.sheet);
  const std::vector<AssayFile> files = assay_files(request, ".fcs", "FCS files, one per tube", problems);
  match_sheet(files, sheet, options.sheet, problems);
  problems.throw_if_any();
  for_each_file(files, problems,
                [&](const AssayFile& file) { read_tubes(file, sheet, !options.uncompensated, tubes); });
  for (report::AnalysedTube& tube : tubes.all) {
    tube.annexin = channel_of(tube.sample, tube.simulated ? "" : options.annexin, "--annexin",
                              {"annexin", "fitc", "fl1"});
    tube.pi = channel_of(tube.sample, tube.simulated ? "" : options.pi, "--pi",
                         {"propidium", "pi-a", "pi-h", "fl2"});
  }
  std::string gates;
  std::vector<ArmReplicate> replicates;
  for (const bool simulated : {false, true}) {
    std::vector<report::AnalysedTube*> some;
    for (report::AnalysedTube& tube : tubes.all)
      if (tube.simulated == simulated) some.push_back(&tube);
    if (some.empty()) continue;
    gates += (gates.empty() ? "" : ". ") + set_gates(some, options, out.warnings);
    if (!simulated)
      for (const report::AnalysedTube* tube : some)
        replicates.push_back({tube->sample.arm, tube->sample.replicate});
  }
  const std::size_t compensated = tubes.count_compensated();
  const auto measured = static_cast<std::size_t>(std::count_if(
      tubes.all.begin(), tubes.all.end(), [](const report::AnalysedTube& t) { return !t.simulated; }));
  if (compensated > 0 && compensated < measured)
    out.warnings.add("compensation-differs", {}, {},
                     fmt::format("{} of {} tubes carry a spillover matrix and were compensated by it, the "
                                 "others were not",
                                 compensated, measured),
                     "export all tubes alike, or leave all as they are by --no-compensation");
  warn_of_single_replicates(replicates, out.warnings);
  const std::string reference = request.reference.empty() ? tubes.all.front().sample.arm : request.reference;
  out.title = "Apoptosis by flow cytometry";
  out.question = fmt::format("Do more cells die than in {}?", reference);
  out.sections.push_back(report::flow_section(tubes.all, reference, out.warnings));
  out.methods = fmt::format(
      "{}. Apoptotic events are annexin V positive, early PI negative and late PI positive. {}{}{}", gates,
      tubes.logarithmic ? "Channels of logarithmic amplifiers were put on the linear scale. " : "",
      compensated > 0
          ? "Spillover between channels was taken out by the inverse of the matrix that the files carry. "
          : "",
      tests_between_arms);
  out.references = {{"vermes1995", "Vermes I, et al. J. Immunol. Methods 184, 39 (1995).",
                     "https://doi.org/10.1016/0022-1759(95)00072-I"}};
  out.results = json_of(tubes);
  for (const report::AnalysedTube& t : tubes.all)
    out.summary += fmt::format(
        "{}{}: {} events, {} % apoptotic", out.summary.empty() ? "" : "\n", t.name, t.quadrants.events,
        report::print(t.quadrants.apoptotic ? 100.0 * *t.quadrants.apoptotic : report::missing));
  return out;
}

}  // namespace

void add_flow(CLI::App& analyse_command, AnalyseRequest& request, AnalyseJob& job) {
  CLI::App* assay =
      add_assay(analyse_command, "flow", "annexin V and propidium iodide: gates and fractions",
                "FCS files, one per tube, named ARM_REPLICATE.fcs unless --sheet says more", request);
  auto options = std::make_shared<Options>();
  CLI::Option* gate = assay->add_option("--gate", options->gate, "thresholds: annexin=200,pi=150");
  assay->add_option("--unstained", options->unstained, "control without dyes, to set the gates on")
      ->excludes(gate);
  assay->add_option("--live", options->live, "control of stained live cells")->excludes(gate);
  assay->add_option("--sheet", options->sheet, "table of the tubes: file, arm, replicate, technical");
  assay->add_option("--annexin", options->annexin, "channel of annexin V (default: by its name)");
  assay->add_flag("--no-compensation", options->uncompensated,
                  "leave the events as they are where files carry a spillover matrix");
  assay->add_option("--pi", options->pi, "channel of propidium iodide (default: by its name)");
  assay->callback(
      [&job, options] { job = [options](const AnalyseRequest& given) { return analyse(given, *options); }; });
}

}  // namespace stroma::cli
