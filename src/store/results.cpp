#include "store/results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/csv.hpp"
#include "core/diagnostics.hpp"
#include "core/errors.hpp"
#include "io/fcs.hpp"
#include "io/file.hpp"
#include "io/lab_files.hpp"
#include "store/arm_folders.hpp"
#include "store/file_names.hpp"
#include "store/record_json.hpp"
#include "study/experiment_checks.hpp"

namespace stroma::store {
namespace {

using Json = nlohmann::ordered_json;

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json interval(const study::Comparison& c) {
  return c.low && c.high ? Json::array({*c.low, *c.high}) : Json(nullptr);
}

Json comparison(const study::Comparison& c) {
  Json out;
  out["n"] = c.n;
  out["effect"] = number_or_null(c.effect);
  out["ci95"] = interval(c);
  out["p_value"] = number_or_null(c.p);
  out["test"] = c.test;
  out["verdict"] = study::to_string(c.verdict);
  if (!c.why_not.empty()) out["note"] = c.why_not;
  return out;
}

// Each tissue of an experiment in space: where its tables lie and what it ended as.
Json tissues_json(const study::Study& study, std::size_t k, const study::ExperimentResult& result) {
  Json out = Json::array();
  for (std::size_t v = 0; v < result.vessels.size() && v < result.outcomes.size(); ++v) {
    const study::Vessel& vessel = result.vessels[v];
    const study::ArmSpec& arm = study.experiments[k].arms[static_cast<std::size_t>(vessel.arm)];
    out.push_back({{"arm", arm.name},
                   {"dose", study::dose_words(arm, vessel.dose)},
                   {"replicate", vessel.replicate + 1},
                   {"folder", arm_folder(study, k, vessel).generic_string()},
                   {"state_hash", result.outcomes[v].state_hash}});
  }
  return out;
}

// A tube is FCS; everything else is text already.
std::string bytes_of(const assays::RawFile& file) {
  if (const auto* tube = std::get_if<assays::FlowSample>(&file.content))
    return io::write_fcs(io::to_fcs(*tube));
  return std::get<std::string>(file.content);
}

std::string readouts_csv(const study::Study& study, const study::StudyResult& result) {
  const std::vector<std::string> columns = {"experiment", "metric",    "system", "arm",
                                            "time_h",     "replicate", "value",  "note"};
  std::vector<std::vector<core::CsvValue>> rows;
  for (std::size_t k = 0; k < result.experiments.size(); ++k) {
    for (const study::Readout& r : result.experiments[k].measurements.readouts) {
      const core::CsvValue value = r.value ? core::CsvValue(*r.value) : core::CsvValue(std::monostate{});
      rows.push_back({study.experiments[k].name, r.metric, r.system, r.arm, core::minutes(r.at) / 60.0,
                      static_cast<std::int64_t>(r.replicate + 1), value, r.why_missing});
    }
  }
  return core::write_csv(columns, rows);
}

}  // namespace

std::string findings_json(const study::StudyResult& result) {
  Json out = Json::array();
  for (const study::Assessment& a : result.assessments) {
    const study::Finding& f = a.finding;
    Json row;
    row["id"] = f.id;
    row["figure"] = f.figure;
    row["system"] = f.system;
    row["readout"] = f.readout;
    row["arm"] = f.arm;
    row["reference_arm"] = f.reference_arm;
    row["expected"] = study::to_string(f.expected);
    row["role"] = study::to_string(f.role);
    const Json at_paper_n = comparison(a.at_paper_n);
    for (const auto& [key, value] : at_paper_n.items()) row[key] = value;
    row["at_all_replicates"] = comparison(a.at_full_n);
    out.push_back(std::move(row));
  }
  return out.dump(2) + "\n";
}

std::string run_json(const study::Study& study, const study::StudyResult& result,
                     const study::RunRecord& record) {
  Json out = record_json(record);
  out["study"] = study.name;
  out["title"] = study.title;
  out["model"] = {{"name", study.model->name},
                  {"version", study.model->version},
                  {"content_hash", study.model->content_hash}};
  out["quick"] = record.quick;
  out["source"] = record.source;
  out["set"] = record.set;
  out["state_hash"] = result.state_hash;
  out["runs"] = {{"requested", result.progress.total},
                 {"completed", result.progress.done - result.progress.failed},
                 {"reused", result.progress.reused},
                 {"failed", result.progress.failed}};
  out["failures"] = result.failures;
  out["cell_steps"] = result.progress.cell_steps;
  std::vector<study::Passage> passages;  // of the simulated cells of all vessels
  for (const study::ExperimentResult& experiment : result.experiments)
    for (const study::Outcome& outcome : experiment.outcomes) study::add(passages, outcome.passages);
  add_passages(out, passages);
  Json experiments = Json::array();
  for (std::size_t k = 0; k < study.experiments.size(); ++k) {
    const study::Experiment& e = study.experiments[k];
    Json warnings = Json::array();
    if (k < result.experiments.size())
      for (const core::Diagnostic& w : result.experiments[k].measurements.warnings.entries())
        warnings.push_back(core::to_string(w));
    experiments.push_back(
        {{"name", e.name}, {"title", e.title}, {"figure", e.figure}, {"replicates", e.replicates}});
    if (!e.space) experiments.back()["simulated_cells"] = e.simulated_cells;
    experiments.back()["step_min"] = core::minutes(e.step);
    experiments.back()["warnings"] = warnings;
    if (e.space && k < result.experiments.size())
      experiments.back()["tissues"] = tissues_json(study, k, result.experiments[k]);
  }
  out["experiments"] = experiments;
  return out.dump(2) + "\n";
}

std::string study_request_json(const study::RunRecord& record) {
  Json out = record_json(record);
  out["quick"] = record.quick;
  out["source"] = record.source;
  out["set"] = record.set;
  return out.dump(2) + "\n";
}

study::RunRecord read_record(const std::filesystem::path& folder, const char* file) {
  const std::filesystem::path path = folder / file;
  study::RunRecord record;
  try {
    const Json in = Json::parse(io::read_file(path));
    in.at("program").get_to(record.program);
    in.at("version").get_to(record.version);
    in.at("command").get_to(record.command);
    in.at("machine").get_to(record.machine);
    record.c_library = in.value("c_library", std::string());
    in.at("started").get_to(record.started);
    in.at("finished").get_to(record.finished);
    in.at("wall_seconds").get_to(record.wall_seconds);
    in.at("peak_memory_mib").get_to(record.peak_memory_mib);
    in.at("threads").get_to(record.threads);
    in.at("seed").get_to(record.seed);
    in.at("without").get_to(record.without);
    record.quick = in.value("quick", false);
    record.source = in.value("source", std::string());
    record.set = in.value("set", std::vector<std::string>());
  } catch (const nlohmann::json::exception& error) {
    throw core::InputError({{"bad-record",
                             {io::printable(path), 0, 0},
                             file,
                             fmt::format("cannot be read: {}", error.what()),
                             "the file was changed by hand, or written by another version"}});
  }
  return record;
}

std::string ro_crate_json(const study::Study& study, const study::RunRecord& record,
                          const std::vector<std::string>& files) {
  Json graph = Json::array();
  graph.push_back({{"@id", "ro-crate-metadata.json"},
                   {"@type", "CreativeWork"},
                   {"about", {{"@id", "./"}}},
                   {"conformsTo", {{"@id", "https://w3id.org/ro/crate/1.1"}}}});
  Json parts = Json::array();
  for (const std::string& file : files) parts.push_back({{"@id", file}});
  graph.push_back({{"@id", "./"},
                   {"@type", "Dataset"},
                   {"name", study.title},
                   {"description", study.question.empty() ? study.title : study.question},
                   {"datePublished", record.finished},
                   {"license", {{"@id", "https://www.apache.org/licenses/LICENSE-2.0"}}},
                   {"hasPart", parts},
                   {"mentions", {{"@id", "#run"}}}});
  graph.push_back({{"@id", "#stroma"},
                   {"@type", "SoftwareApplication"},
                   {"name", "Stroma"},
                   {"version", record.version}});
  graph.push_back({{"@id", "#run"},
                   {"@type", "CreateAction"},
                   {"name", record.command},
                   {"startTime", record.started},
                   {"endTime", record.finished},
                   {"instrument", {{"@id", "#stroma"}}},
                   {"result", {{"@id", "./"}}}});
  for (const std::string& file : files) graph.push_back({{"@id", file}, {"@type", "File"}});
  const Json out = {{"@context", "https://w3id.org/ro/crate/1.1/context"}, {"@graph", graph}};
  return out.dump(2) + "\n";
}

std::vector<std::pair<std::string, std::string>> laboratory_files(const study::Study& study,
                                                                  const study::StudyResult& result) {
  std::vector<std::pair<std::string, std::string>> files;
  files.emplace_back("tables/readouts.csv", readouts_csv(study, result));
  FileNames names;
  for (std::size_t k = 0; k < result.experiments.size(); ++k) {
    const study::Measurements& m = result.experiments[k].measurements;
    const std::string folder = "raw/" + folder_name(study.experiments[k].name) + "/";
    const auto name_of = [&](const std::string& what, const std::string& at) {
      return names.fresh(folder + slug(what) + (at.empty() ? "" : "-" + slug(at)));
    };
    for (const study::AssayRun& run : m.runs)
      for (const assays::RawFiles& together : run.assay->files(run.raw, run.order)) {
        const std::string name = name_of(together.name, run.order.at);
        for (const assays::RawFile& file : together.files)
          files.emplace_back(name + file.ending, bytes_of(file));
      }
  }
  return files;
}

}  // namespace stroma::store
