#include "jobs/analyse/flow_tubes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/csv.hpp"
#include "io/fcs.hpp"
#include "io/lab_files.hpp"
#include "io/measured_table.hpp"
#include "report/words.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;

std::vector<io::Fcs> read_sets(const fs::path& file) {
  const InputText text = read_bytes(file);
  return io::merge_twins(io::read_fcs_data_sets(text.text, text.name));
}

void compensate(io::Fcs& fcs, const fs::path& file, const FlowOptions& options, TubeFacts& facts,
                std::set<std::size_t>& channels) {
  if (options.uncompensated) return;
  const io::Compensation done = io::compensate(fcs, io::printable(file));
  facts.identity = !done.keyword.empty() && done.none;
  if (!done.none) facts.matrix = done.keyword;
  channels.insert(done.channels.begin(), done.channels.end());
}

/// Channels without numbers can have no role.
void blank_out(const io::Fcs& fcs, assays::FlowSample& sample) {
  for (std::size_t c = 0; c < fcs.channels.size(); ++c)
    if (!fcs.channels[c].has_numbers) sample.channels[c] = {fmt::format("({})", c + 1), "no numbers", 1.0};
}

/// What tells two tubes of one name apart: the name with the data set's number where a file holds several.
std::string with_set(const std::string& name, std::size_t sets, std::size_t k) {
  return sets == 1 ? name : fmt::format("{}#{}", name, k + 1);
}

/// "vehicle n = 3 (1, 2, 3), sorafenib n = 2 (1, 3)".
std::string arms_with_n(const FlowTubes& tubes) {
  std::vector<std::string> order;
  std::map<std::string, std::map<int, int>> numbers;
  for (const report::AnalysedTube& tube : tubes.all) {
    if (tube.simulated) continue;
    if (!numbers.contains(tube.sample.arm)) order.push_back(tube.sample.arm);
    ++numbers[tube.sample.arm][tube.sample.replicate];
  }
  std::string out;
  for (const std::string& arm : order) {
    std::string list;
    int count = 0;
    for (const auto& [number, of] : numbers[arm]) {
      list += fmt::format("{}{}{}", list.empty() ? "" : ", ", number, of > 1 ? fmt::format(" x{}", of) : "");
      count += of;
    }
    out += fmt::format("{}{} n = {} ({}{})", out.empty() ? "" : ", ", arm, numbers[arm].size(),
                       count > static_cast<int>(numbers[arm].size()) ? "tubes of one number averaged: " : "",
                       list);
  }
  return out;
}

}  // namespace

FlowSheet read_flow_sheet(const fs::path& file) {
  FlowSheet out;
  if (file.empty()) return out;
  const InputText text = read_input(file);
  core::Diagnostics problems;
  io::CsvOptions options;
  options.delimiter = io::delimiter_of(text.text);
  io::MeasuredTable table(io::read_csv(text.text, text.name, options, problems),
                          {{"file", true, {"filename", "tube file", "name"}},
                           {"arm", true, {"group", "condition", "treatment"}},
                           {"replicate", false, {"experiment"}},
                           {"technical", false, {"tube"}}},
                          io::OtherColumns::refuse, problems);
  if (table.complete())
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const std::string name = table.required_text(row, "file");
      const assays::TubeName tube{table.required_text(row, "arm"), table.repeat(row, "replicate"),
                                  table.repeat(row, "technical")};
      if (!out.emplace(name, tube).second)
        table.wrong(row, "file", "duplicate-file", fmt::format("'{}' is there twice", name));
    }
  problems.throw_if_any();
  return out;
}

void read_tubes(const AssayFile& file, const FlowOptions& options, FlowTubes& tubes) {
  std::vector<io::Fcs> sets = read_sets(file.path);
  const std::string stem = file.path.stem().string(), name = file.path.filename().string();
  for (std::size_t k = 0; k < sets.size(); ++k) {
    TubeFacts facts;
    std::set<std::size_t> channels;
    facts.path = with_set(file.path.string(), sets.size(), k);
    facts.file = with_set(name, sets.size(), k);
    if (io::linearise(sets[k])) ++tubes.logarithmic;
    compensate(sets[k], file.path, options, facts, channels);
    facts.left_out = sets[k].left_out;
    facts.by_keyword = sets[k].keyword("ARM") != nullptr;
    if (const std::string* date = sets[k].keyword("$DATE")) facts.date = *date;
    report::AnalysedTube tube;
    tube.name = with_set(stem, sets.size(), k);
    tube.sample = io::from_fcs(sets[k], tube.name);
    tube.acquired = sets[k].event_count() + sets[k].left_out;
    tube.simulated = file.simulated;
    blank_out(sets[k], tube.sample);
    for (const io::FcsNote& note : sets[k].notes) tubes.notes[note.message].insert(facts.file);
    sets[k].events = {};
    tubes.all.push_back(std::move(tube));
    tubes.facts.push_back(std::move(facts));
    tubes.matrix_channels.push_back(std::move(channels));
  }
}

FlowControl read_control(const fs::path& file, const FlowOptions& options, FlowTubes& tubes) {
  FlowTubes own;
  read_tubes({file, false}, options, own);
  if (own.all.size() > 1)
    throw core::InputError(
        {{"several-tubes",
          {io::printable(file), 0, 0},
          {},
          fmt::format("the file holds {} tubes where one control is expected", own.all.size()),
          "export the control as a file of its own"}});
  for (const auto& [message, files] : own.notes) tubes.notes[message].insert(files.begin(), files.end());
  return {std::move(own.all.front().sample), !own.facts.front().matrix.empty()};
}

namespace {

class Namer {
 public:
  Namer(FlowTubes& tubes, const FlowSheet& sheet, const FlowOptions& options, core::Diagnostics& problems)
      : tubes_(tubes), sheet_(sheet), options_(options), problems_(problems) {}

  void by_sheet(core::Understanding& understanding) {
    std::vector<std::string> lines, given;
    for (const auto& [file, tube] : sheet_) lines.push_back(file);
    std::set<std::string> used;
    each([&](report::AnalysedTube& tube, const TubeFacts& facts) {
      given.push_back(facts.file);
      const auto line = line_of(tube, facts);
      if (line == sheet_.end())
        problems_.add("not-in-sheet", {facts.file, 0, 0}, {},
                      fmt::format("no line of '{}' names this tube", io::printable(options_.sheet)),
                      core::did_you_mean(facts.file, lines));
      else if (!used.insert(line->first).second)
        problems_.add("ambiguous-file", {io::printable(options_.sheet), 0, 0}, line->first,
                      fmt::format("'{}' means several of the files given", line->first),
                      "write the path in the sheet as it is on the command line");
      else
        take(tube, line->second);
    });
    for (const std::string& line : lines)
      if (!used.contains(line))
        problems_.add("no-such-file", {io::printable(options_.sheet), 0, 0}, line,
                      fmt::format("the sheet names '{}', which was not given", line),
                      core::did_you_mean(line, given));
    if (problems_.empty()) understanding.given("arms", arms_with_n(tubes_), "--sheet");
  }

  void by_name(const std::string& command, core::Understanding& understanding) {
    std::vector<std::string> stems;
    std::size_t keywords = 0;
    bool several = false;
    each([&](report::AnalysedTube& tube, const TubeFacts& facts) {
      if (facts.by_keyword) {
        ++keywords;
        return;
      }
      several = several || tube.name.find('#') != std::string::npos;
      stems.push_back(tube.name);
    });
    if (stems.empty()) {
      if (keywords > 0)
        understanding.found("arms", arms_with_n(tubes_) + ", by keyword ARM of the files", "--sheet");
      return;
    }
    const bool whole = options_.arms == "name";
    const auto doubt = several ? std::optional<std::string>(
                                     "a file holds several tubes, and nothing says which "
                                     "arm each belongs to")
                               : assays::doubt_in_names(stems);
    if (doubt && options_.arms.empty()) {
      ask(*doubt, command);
      return;
    }
    each([&](report::AnalysedTube& tube, const TubeFacts& facts) {
      if (!facts.by_keyword)
        take(tube, whole ? assays::TubeName{tube.name, 1, 1} : assays::tube_name(tube.name));
    });
    const std::string words =
        arms_with_n(tubes_) + (whole ? ": every file is an arm" : ": files are named ARM_NUMBER");
    if (options_.arms.empty())
      understanding.assumed("arms", words, "--sheet or --arms");
    else
      understanding.given("arms", words, "--arms");
  }

 private:
  template <class Act>
  void each(Act act) {
    for (std::size_t i = 0; i < tubes_.all.size(); ++i)
      if (!tubes_.all[i].simulated) act(tubes_.all[i], tubes_.facts[i]);
  }

  /// The sheet's line of a tube, by the file's path as given, by its name, or by its name without ending.
  FlowSheet::const_iterator line_of(const report::AnalysedTube& tube, const TubeFacts& facts) const {
    const auto by_path = sheet_.find(facts.path), by_file = sheet_.find(facts.file);
    if (by_path != sheet_.end()) return by_path;
    return by_file != sheet_.end() ? by_file : sheet_.find(tube.name);
  }

  static void take(report::AnalysedTube& tube, const assays::TubeName& name) {
    tube.sample.arm = name.arm;
    tube.sample.replicate = name.replicate;
    tube.sample.technical = name.technical;
  }

  void ask(const std::string& doubt, const std::string& command) {
    problems_.add(
        "which-arms", {}, "--sheet", doubt,
        core::choices(command,
                      std::vector<core::Choice>{
                          {"a table says it (columns file, arm, replicate; `stroma new flow` writes "
                           "one)",
                           "--sheet tubes.csv"},
                          {"every file is an arm of its own", "--arms name"},
                          {"what stands before the last _ is the arm, the number behind it counts its "
                           "independent experiments",
                           "--arms name_number"}}));
  }

  FlowTubes& tubes_;
  const FlowSheet& sheet_;
  const FlowOptions& options_;
  core::Diagnostics& problems_;
};

}  // namespace

void name_tubes(FlowTubes& tubes, const FlowSheet& sheet, const FlowOptions& options,
                const std::string& command, core::Understanding& understanding, core::Diagnostics& problems) {
  Namer namer(tubes, sheet, options, problems);
  if (sheet.empty())
    namer.by_name(command, understanding);
  else
    namer.by_sheet(understanding);
}

}  // namespace stroma::jobs
