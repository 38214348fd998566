// `check`: every problem of every file named, at once.
#include <fmt/format.h>

#include "io/file.hpp"
#include "io/model_folder.hpp"
#include "jobs/machine.hpp"
#include "jobs/paths.hpp"
#include "jobs/requests.hpp"
#include "model/build.hpp"
#include "model/lint.hpp"
#include "tissue/tissue_setup.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;

std::string with_warnings(std::string text, const study::Study& study) {
  for (const core::Diagnostic& d : study::warnings_of(study)) text += "\n  warning: " + core::to_string(d);
  return text;
}

// Schema, memory, and what the model must say about cells in space.
std::string check_tissue(const fs::path& path) {
  const store::LoadedTissue loaded = store::load_tissue(path, model_search(), {}, 1, memory_of_machine());
  core::Diagnostics problems;
  tissue::check_tissue(loaded.model, loaded.experiment.setup, problems);
  problems.throw_if_any();
  std::size_t cells = 0;
  for (const auto& group : loaded.experiment.setup.cells) cells += group.positions.size();
  std::string text =
      fmt::format("experiment in space, {}-D, {} voxels, {} substances, {} cells",
                  loaded.experiment.setup.grid.dimensions, loaded.experiment.setup.grid.voxels(),
                  loaded.experiment.setup.substances.size(), cells);
  for (const std::string& what : loaded.experiment.assumptions) text += "\n  assumption: " + what;
  for (const std::string& what : loaded.experiment.idle) text += "\n  note: " + what;
  return text;
}

// What a path holds, judged by what lies there. Returns what was checked.
std::string check_one(const fs::path& path) {
  if (fs::exists(path / "study.toml")) {
    const study::Study study = store::load_study(path, model_search());
    return with_warnings(
        fmt::format("study, {} experiments, {} findings", study.experiments.size(), study.findings.size()),
        study);
  }
  if (fs::exists(path / "model.toml") || fs::is_directory(path)) {
    const model::Model model = io::load_model(path);
    std::string text =
        fmt::format("model, {} cell types, {} nodes, {} mechanisms, {} rules", model.cell_types.size(),
                    model.nodes.size(), model.mechanisms.size(), model.rules.size());
    for (const core::Diagnostic& d : model::lint(model)) text += "\n  note: " + core::to_string(d);
    return text;
  }
  if (store::describes_tissue(path)) return check_tissue(path);
  const study::Study study =
      store::load_experiment(path, model_search(), {}, assays::built_in(), memory_of_machine());
  const study::Experiment& e = study.experiments.front();
  return with_warnings(
      fmt::format("{}, {} arms, {} readouts, {} replicates", e.space ? "experiment in space" : "experiment",
                  e.has_plate ? e.arms.size() : e.cultures.size(), e.readouts.size(), e.replicates),
      study);
}

}  // namespace

Result check(const CheckRequest& request, Session& session) {
  core::Diagnostics problems;
  for (const std::string& path : request.paths) {
    try {
      session.progress.part(fmt::format("{}: {}\n", io::printable(path), check_one(path)), nullptr);
    } catch (const core::InputError& error) {
      for (const core::Diagnostic& d : error.diagnostics()) problems.add(d);
    }
  }
  problems.throw_if_any();
  Result out;
  out.json = nlohmann::ordered_json::array();
  return out;
}

Job check_job() {
  return make_job<CheckRequest>(
      "check", "validate models, experiments, studies; all problems at once",
      [](Job& job, CheckRequest& request) {
        job.options().add("paths", request.paths, "files or folders").required();
        job.options().add("--json", job.shown->json, "diagnostics as JSON");
      },
      check);
}

}  // namespace stroma::jobs
