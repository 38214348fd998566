#include "store/study_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "core/errors.hpp"
#include "core/hash.hpp"
#include "core/section.hpp"
#include "io/csv.hpp"
#include "io/file.hpp"
#include "io/model_folder.hpp"
#include "io/toml.hpp"
#include "model/effects.hpp"
#include "store/overrides.hpp"
#include "study/keys.hpp"
#include "study/tissue_arms.hpp"

namespace stroma::store {
namespace {

namespace fs = std::filesystem;

core::Node read_document(const fs::path& file, core::Diagnostics& problems) {
  try {
    return io::read_toml(io::read_text_file(file), io::printable(file), problems);
  } catch (const core::InputError& error) {
    for (const core::Diagnostic& d : error.diagnostics()) problems.add(d);
    return {};
  }
}

// The model that a file asks for; null where it cannot be had, with the reasons in `problems`.
std::shared_ptr<const model::Model> model_for(const core::Node& document, const fs::path& file,
                                              const ModelSearch& search,
                                              std::optional<model::Setting> setting,
                                              const Overrides& overrides, core::Diagnostics& problems) {
  const std::string name = study::model_of(document);
  if (name.empty()) {
    problems.add("missing-key", {io::printable(file), 1, 0}, "model",
                 "model is missing; expected the name of a model such as \"hcc\"");
    return nullptr;
  }
  try {
    return load_model(find_model(name, file, search), search.without, setting, overrides);
  } catch (const core::InputError& error) {
    for (const core::Diagnostic& d : error.diagnostics()) problems.add(d);
    return nullptr;
  }
}

void read_findings_file(const fs::path& file, study::Study& study, core::Diagnostics& problems) {
  core::Table table;
  try {
    table = io::read_csv(io::read_text_file(file), io::printable(file), {}, problems);
  } catch (const core::InputError& error) {
    for (const core::Diagnostic& d : error.diagnostics()) problems.add(d);
    return;
  }
  const std::size_t before = problems.size();
  study.findings = study::read_findings(table, problems);
  if (problems.size() == before) study::check_findings(study, table, problems);
}

model::Setting setting_of(const core::Node& document) {
  return study::is_tissue_experiment(document) ? model::Setting::space : model::Setting::culture;
}

// An experiment in culture, or one in space with arms; tables of cells are looked for beside the file.
study::Experiment read_any(const core::Node& document, const fs::path& file, const std::string& name,
                           const model::Model& model, double memory_limit, core::Diagnostics& problems,
                           const assays::Registry& assays) {
  if (!study::is_tissue_experiment(document))
    return study::read_experiment(document, name, model, problems, assays);
  if (!study::has_arms(document)) {
    problems.add("no-arms", {io::printable(file), 1, 0}, "arm",
                 "an experiment in space without [[arm]] has nothing that a study could compare",
                 "give it arms, or run it by itself");
    return {};
  }
  const study::TableReader read_table = [&](const std::string& table) -> core::Table {
    const fs::path path = file.parent_path() / table;
    try {
      return io::read_csv(io::read_text_file(path), io::printable(path), {}, problems);
    } catch (const core::InputError& error) {
      for (const core::Diagnostic& d : error.diagnostics()) problems.add(d);
      return {};
    }
  };
  return study::read_tissue_arms(document, name, model, memory_limit, read_table, problems, assays);
}

// The tables that an experiment in space names, wherever in it.
void add_tables(const core::Node& node, std::vector<fs::path>& names) {
  for (const auto& [key, value] : node.keys) {
    if (key == "file" && value.kind == core::Node::Kind::text &&
        std::find(names.begin(), names.end(), fs::path(value.text)) == names.end())
      names.emplace_back(value.text);
    add_tables(value, names);
  }
  for (const core::Node& item : node.items) add_tables(item, names);
}

}  // namespace

fs::path find_model(const std::string& name, const fs::path& beside, const ModelSearch& search) {
  std::vector<fs::path> looked;
  std::error_code ignored;
  fs::path folder = fs::absolute(beside, ignored);
  while (folder.has_relative_path()) {
    folder = folder.parent_path();
    looked.push_back(folder / "models" / name);
  }
  for (const fs::path& root : search.roots) looked.push_back(root / name);
  for (const fs::path& candidate : looked)
    if (fs::exists(candidate / "model.toml", ignored)) return candidate;
  std::vector<std::string> known;
  for (const fs::path& root : search.roots)
    for (const auto& entry : fs::directory_iterator(root, ignored))
      known.push_back(entry.path().filename().string());
  core::Diagnostics problems;
  problems.add("no-such-model", {io::printable(beside), 0, 0}, "model",
               fmt::format("there is no model '{}' in a folder models/ above this file", name),
               core::did_you_mean(name, known));
  problems.throw_if_any();
  return {};
}

std::shared_ptr<const model::Model> load_model(const fs::path& folder, std::span<const std::string> without,
                                               std::optional<model::Setting> setting,
                                               const Overrides& overrides) {
  core::Diagnostics problems;
  model::Files files = io::read_model_folder(folder, problems);
  problems.throw_if_any();
  const std::vector<core::Place> places = overrides.places();
  const std::vector<core::Place> cells = model::apply(files, overrides.model, places, problems);
  problems.throw_if_any();
  auto built = model::build(files, problems);
  if (!problems.empty()) {
    // A cell that was set is wrong where it was set, and not in the file.
    core::Diagnostics placed;
    for (core::Diagnostic d : problems.entries()) {
      const auto cell = std::find_if(cells.begin(), cells.end(), [&](const core::Place& c) {
        return c.file == d.place.file && c.line == d.place.line && c.column == d.place.column;
      });
      if (cell != cells.end()) d.place = places[static_cast<std::size_t>(cell - cells.begin())];
      placed.add(std::move(d));
    }
    placed.throw_if_any();
  }
  core::require(built.has_value(), "a model without problems was not built");
  model::Model varied = model::without(*built, without, problems);
  if (setting) model::refuse_idle_knockouts(*built, *setting, without, problems);
  problems.throw_if_any();
  return std::make_shared<const model::Model>(std::move(varied));
}

std::string stored_name(const std::string& written) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  const bool own = written == "experiment.toml" || written == "request.json";
  if (!own && !written.empty() && written.front() != '.' && written.size() < 200 &&
      std::all_of(written.begin(), written.end(), is_plain))
    return written;
  core::Hasher hasher;
  hasher.text(written);
  std::string last = fs::path(written).filename().string().substr(0, 100);
  std::replace_if(
      last.begin(), last.end(), [&](char c) { return !is_plain(c); }, '-');
  return fmt::format("table-{}-{}", hasher.digest().substr(0, 8), last);
}

study::Study load_experiment(const fs::path& file, const ModelSearch& search,
                             std::span<const std::string> set, const assays::Registry& assays,
                             double memory_limit) {
  core::Diagnostics problems;
  study::Study out;
  out.name = io::printable(file.stem());
  core::Node document = read_document(file, problems);
  problems.throw_if_any();
  const Overrides overrides = read_overrides(set, problems);
  apply_overrides(document, overrides, problems);
  out.model = model_for(document, file, search, setting_of(document), overrides, problems);
  problems.throw_if_any();
  out.experiments.push_back(read_any(document, file, out.name, *out.model, memory_limit, problems, assays));
  problems.throw_if_any();
  out.title = out.experiments.front().title;
  return out;
}

bool describes_tissue(const fs::path& file) {
  core::Diagnostics ignored;
  const core::Node document = read_document(file, ignored);
  return study::is_tissue_experiment(document) && !study::has_arms(document);
}

LoadedTissue load_tissue(const fs::path& file, const ModelSearch& search, std::span<const std::string> set,
                         std::uint64_t seed, double memory_limit, Tables tables) {
  core::Diagnostics problems;
  LoadedTissue out;
  core::Node document = read_document(file, problems);
  problems.throw_if_any();
  const Overrides overrides = read_overrides(set, problems);
  apply_overrides(document, overrides, problems);
  if (study::has_arms(document))
    problems.add("has-arms", {io::printable(file), 1, 0}, "arm",
                 "a file with arms, replicates or readouts is many runs, and one is asked for here",
                 "give the treatments of one arm as [[treatment]]");
  problems.throw_if_any();
  const bool needs_model = document.find("model") != nullptr || document.find("cells") != nullptr;
  if (!needs_model && !overrides.model.empty())
    problems.add("no-model", overrides.places().front(), overrides.model.front().address,
                 "this experiment has no model whose numbers could be set");
  out.model = needs_model ? model_for(document, file, search, model::Setting::space, overrides, problems)
                          : std::make_shared<const model::Model>();
  problems.throw_if_any();
  out.inputs.emplace_back("experiment.toml", io::read_file(file));
  const study::TableReader read_table = [&](const std::string& name) -> core::Table {
    const fs::path path = file.parent_path() / (tables == Tables::stored ? stored_name(name) : name);
    try {
      const std::string bytes = io::read_text_file(path);
      const std::string kept = stored_name(name);
      if (std::none_of(out.inputs.begin(), out.inputs.end(), [&](const auto& i) { return i.first == kept; }))
        out.inputs.emplace_back(kept, bytes);
      return io::read_csv(bytes, io::printable(path), {}, problems);
    } catch (const core::InputError& error) {
      for (const core::Diagnostic& d : error.diagnostics()) problems.add(d);
      return {};
    }
  };
  out.experiment = study::read_tissue_experiment(document, io::printable(file.stem()), *out.model, seed,
                                                 memory_limit, read_table, problems);
  problems.throw_if_any();
  return out;
}

std::optional<StudyInputs> study_inputs(const fs::path& source, const ModelSearch& search,
                                        std::span<const std::string> set) {
  const auto plain = [](const fs::path& name) {
    return !name.empty() && name.is_relative() &&
           std::none_of(name.begin(), name.end(), [](const fs::path& part) { return part == ".."; });
  };
  std::error_code ignored;
  const bool is_study = fs::is_directory(source, ignored);
  const fs::path file = is_study ? source / "study.toml" : source;
  core::Diagnostics problems;
  core::Node document = read_document(file, problems);
  apply_overrides(document, read_overrides(set, problems), problems);
  std::vector<fs::path> names{file.filename()};
  if (is_study) {
    core::Section top(document, study::study_keys(), problems);
    for (const auto& [name, place] : top.texts("experiments")) names.emplace_back(name);
    if (const std::string findings = top.text("findings"); !findings.empty()) names.emplace_back(findings);
  }
  if (is_study) {
    const std::vector<fs::path> listed = names;
    for (const fs::path& name : listed) {
      if (name.extension() != ".toml") continue;
      std::vector<fs::path> tables;
      add_tables(read_document(file.parent_path() / name, problems), tables);
      for (const fs::path& table : tables) names.push_back(name.parent_path() / table);
    }
  } else if (study::is_tissue_experiment(document)) {
    add_tables(document, names);
  }
  const std::string model = study::model_of(document);
  if (fs::path(model).has_parent_path() || !plain(model)) return {};
  StudyInputs out;
  fs::path stem = source.filename().empty() ? source.parent_path().filename() : source.filename();
  if (is_study && !plain(stem)) stem = fs::absolute(source).lexically_normal().filename();  // such as "."
  if (!plain(stem)) return {};
  out.source = io::printable(stem);  // the record is UTF-8, whatever the folder's names are
  for (const fs::path& name : names) {
    if (!plain(name)) return {};
    out.files.emplace_back(io::printable((is_study ? stem / name : name).lexically_normal()),
                           io::read_file(file.parent_path() / name));
  }
  const fs::path folder = find_model(model, file, search);
  for (const std::string& name : io::model_file_names())
    out.files.emplace_back((fs::path("models") / model / name).string(), io::read_file(folder / name));
  return out;
}

study::Study load_study(const fs::path& folder, const ModelSearch& search, std::span<const std::string> set,
                        const assays::Registry& assays) {
  core::Diagnostics problems;
  const Overrides overrides = read_overrides(set, problems);
  for (const auto& [address, value] : overrides.experiment)
    problems.add(
        "several-experiments", {"--set " + address, 0, 0}, address,
        "a study has experiments of its own; what is set for all of them is in the model",
        "set an address of the model, such as mechanisms.ROW.weight, or run one experiment by itself");
  study::Study out;
  out.name = io::printable(folder.filename().empty() ? folder.parent_path().filename() : folder.filename());
  const fs::path file = folder / "study.toml";
  const core::Node document = read_document(file, problems);
  problems.throw_if_any();
  core::Section top(document, study::study_keys(), problems);
  top.schema();
  out.title = top.text("title");
  out.source = top.text("source");
  out.question = top.text("question");
  top.text("model");
  out.paper_n = static_cast<int>(top.whole("paper_n"));
  const std::string findings = top.text("findings");
  const auto experiments = top.texts("experiments");
  const auto figures = top.tables("figure");
  top.finish();
  std::set<model::Setting> settings;
  for (const auto& [name, place] : experiments) {
    core::Diagnostics said_below;
    settings.insert(setting_of(read_document(folder / name, said_below)));
  }
  // A row that does something in one of the settings may be knocked out.
  out.model =
      model_for(document, file, search,
                settings.size() == 1 ? std::optional(*settings.begin()) : std::nullopt, overrides, problems);
  if (out.model == nullptr) problems.throw_if_any();
  // An experiment is called by its file's stem; where two have one, by their paths: "a/plate" and "b/plate".
  std::map<std::string, int> stems;
  for (const auto& [name, place] : experiments) ++stems[io::printable(fs::path(name).stem())];
  std::set<std::string> listed;
  for (const auto& [name, place] : experiments) {
    const fs::path path = folder / name;
    if (!listed.insert(fs::path(name).lexically_normal().string()).second) {
      problems.add("listed-twice", place, name, fmt::format("experiments: '{}' is there twice", name));
      continue;
    }
    std::string called = io::printable(path.stem());
    if (stems[called] > 1)
      called = io::printable(fs::path(name).lexically_normal().replace_extension().generic_string());
    const core::Node experiment = read_document(path, problems);
    if (experiment.keys.empty()) continue;
    if (study::model_of(experiment) != study::model_of(document))
      problems.add(
          "model-differs", {io::printable(path), 1, 0}, "model",
          fmt::format("the experiment's model is not the study's ('{}')", study::model_of(document)));
    out.experiments.push_back(read_any(experiment, path, called, *out.model,
                                       std::numeric_limits<double>::infinity(), problems, assays));
  }
  for (const core::Node* figure : figures) out.figures.push_back(study::read_figure(*figure, out, problems));
  if (!findings.empty() && problems.empty()) read_findings_file(folder / findings, out, problems);
  problems.throw_if_any();
  return out;
}

}  // namespace stroma::store
