#include "study/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "core/hash.hpp"
#include "core/section.hpp"
#include "model/drug_limits.hpp"
#include "model/effects.hpp"
#include "study/culture_samples.hpp"
#include "study/experiment_checks.hpp"
#include "study/keys.hpp"
#include "study/sampling.hpp"
#include "study/tissue_arms.hpp"
#include "study/tissue_executor.hpp"

namespace stroma::study {
namespace {

// The metrics that an experiment's readouts produce.
std::vector<std::string> metrics_of(const Experiment& e) {
  std::vector<std::string> metrics;
  for (const ReadoutSpec& r : e.readouts)
    for (const std::string& metric : metric_names(e.readouts, r)) metrics.push_back(metric);
  return metrics;
}

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// What systems are called in this metric; those of the protocol where the name is wrong.
std::vector<std::string> systems_of(const Protocol& protocol, const std::string& metric) {
  for (const ReadoutSpec& r : protocol.readouts)
    if (contains(metric_names(protocol.readouts, r), metric)) return readout_systems(protocol, r);
  return protocol.systems;
}

// What arms are called in these metrics; all names where no metric is right.
std::vector<std::string> arms_of(const Protocol& protocol, const std::vector<std::string>& metrics) {
  std::vector<std::string> names;
  for (const bool any : {false, true})
    for (const ReadoutSpec& r : protocol.readouts) {
      const std::vector<std::string> mine = metric_names(protocol.readouts, r);
      const bool wanted = std::any_of(mine.begin(), mine.end(),
                                      [&](const std::string& metric) { return contains(metrics, metric); });
      if (!wanted && !(any && names.empty())) continue;
      for (const std::string& name : readout_arms(protocol, r))
        if (!contains(names, name)) names.push_back(name);
    }
  return names;
}

// Types of which more cells are simulated than their share, in a vessel of an experiment in cultures.
void warn_of_weights(const Experiment& e, const model::Model& m, std::vector<core::Diagnostic>& warnings) {
  std::set<std::string> said;
  const auto say = [&](const std::vector<std::pair<model::Index, double>>& cells) {
    if (cells.empty()) return;
    for (const std::string& text : say_weights(sample_cells(cells, e.simulated_cells, m, true), m))
      if (said.insert(text).second) warnings.push_back({"rare-cells", {e.name, 0, 0}, e.name, text, {}});
  };
  for (const CultureSpec& culture : e.cultures) say(cells_of(culture));
  if (counts_clones(e)) return;
  for (const ArmSpec& arm : e.arms) say(cells_of(arm));
}

// Doses beyond the limits of their drugs.
void warn_of_doses(const Experiment& e, const model::Model& m, std::vector<core::Diagnostic>& warnings) {
  std::map<model::Index, double> highest;
  for (const ArmSpec& arm : e.arms)
    for (const TreatmentSpec& t : arm.treatments)
      for (const double dose : t.doses) highest[t.substance] = std::max(highest[t.substance], dose);
  for (const auto& [substance, dose] : highest)
    for (const std::string& text : model::beyond_limits(m, substance, dose))
      warnings.push_back({"beyond-limits", {e.name, 0, 0}, e.name, text, {}});
}

// One sentence for all experiments of a study whose vessels name no area.
void warn_of_areas(const Study& study, std::vector<core::Diagnostic>& warnings) {
  std::string names;
  for (const Experiment& e : study.experiments)
    if (e.area_is_assumed) names += (names.empty() ? "" : ", ") + e.name;
  if (!names.empty())
    warnings.push_back(
        {"assumption",
         {names, 0, 0},
         "area",
         "assumption: cells grow on an area as if the medium stood 3 mm deep (2 to 4 mm in wells of 6 to "
         "384 and in flasks); `area` says another",
         {}});
}

}  // namespace

std::vector<core::Diagnostic> warnings_of(const Study& study) {
  std::set<model::Index> types, in_space;
  for (const Experiment& e : study.experiments) {
    std::set<model::Index>& mine = e.space ? in_space : types;
    for (const CultureSpec& culture : e.cultures)
      for (const CultureSpec::Cells& cells : culture.cells) mine.insert(cells.type);
    for (const model::Index line : e.lines)
      if (line != model::none) mine.insert(line);
    for (const ArmSpec& arm : e.arms)
      for (const ArmSpec::Cells& cells : arm.cells) mine.insert(cells.type);
  }
  std::vector<core::Diagnostic> warnings;
  for (const auto& [setting, mine] :
       {std::pair{model::Setting::culture, &types}, std::pair{model::Setting::space, &in_space}}) {
    const std::vector<model::Index> all(mine->begin(), mine->end());
    if (!all.empty())
      for (core::Diagnostic& d : model::warn_of_idle_rows(*study.model, setting, all))
        warnings.push_back(std::move(d));
  }
  for (const Experiment& e : study.experiments)
    if (!e.space) {
      warn_of_weights(e, *study.model, warnings);
      warn_of_doses(e, *study.model, warnings);
    }
  warn_of_areas(study, warnings);
  // What an experiment in space leaves open, and what it says that acts nowhere; its arms say the same.
  for (const Experiment& e : study.experiments) {
    if (!e.space) continue;
    for (const std::string& what : e.space->first.assumptions)
      warnings.push_back({"assumption", {e.name, 0, 0}, e.name, "assumption: " + what, {}});
    for (const std::string& what : e.space->first.idle)
      warnings.push_back({"no-effect-here", {e.name, 0, 0}, e.name, what, {}});
  }
  return warnings;
}

void check_findings(const Study& study, const core::Table& table, core::Diagnostics& problems) {
  std::vector<std::string> experiments;
  for (const Experiment& e : study.experiments) experiments.push_back(e.name);
  for (std::size_t i = 0; i < study.findings.size() && i < table.rows.size(); ++i) {
    const Finding& f = study.findings[i];
    const core::Row row(table, i, problems);
    const auto unknown = [&](const char* column, const std::string& word,
                             const std::vector<std::string>& known) {
      if (!contains(known, word) && !word.empty())
        row.wrong(column, "unknown-name",
                  fmt::format("finding {}: '{}' is not in experiment '{}'", f.id, word, f.experiment),
                  core::did_you_mean(word, known));
    };
    const auto e = std::find_if(study.experiments.begin(), study.experiments.end(),
                                [&](const Experiment& x) { return x.name == f.experiment; });
    if (e == study.experiments.end()) {
      row.wrong("experiment", "unknown-experiment",
                fmt::format("finding {}: there is no experiment '{}'", f.id, f.experiment),
                core::did_you_mean(f.experiment, experiments));
      continue;
    }
    std::vector<std::string> timed;
    for (const std::string& metric : metrics_of(*e))
      if (metric.starts_with(f.readout + " at ")) timed.push_back(metric);
    if (!timed.empty()) {
      row.wrong("readout", "ambiguous",
                fmt::format("finding {}: experiment '{}' reads '{}' {} times, and a finding is about one",
                            f.id, f.experiment, f.readout, timed.size()),
                fmt::format("say which: {}", fmt::join(timed, ", ")));
      continue;
    }
    unknown("readout", f.readout, metrics_of(*e));
    unknown("system", f.system, systems_of(protocol_of(*e, *study.model), f.readout));
    unknown("arm", f.arm, arms_of(protocol_of(*e, *study.model), {f.readout}));
    unknown("reference_arm", f.reference_arm, arms_of(protocol_of(*e, *study.model), {f.readout}));
  }
}

FigureSpec read_figure(const core::Node& node, const Study& study, core::Diagnostics& problems) {
  core::Section section(node, figure_keys(), problems);
  FigureSpec figure;
  figure.panel = section.text("panel");
  figure.section = section.text("section");
  figure.title = section.text("title");
  figure.experiment = section.text("experiment");
  std::string id = figure.panel;
  std::erase_if(id, [](char c) { return c == ','; });
  figure.id = section.node("id") != nullptr ? section.text("id") : id;
  if (figure.id.empty() && !section.has("id")) section.missing("id");
  const auto e = std::find_if(study.experiments.begin(), study.experiments.end(),
                              [&](const Experiment& x) { return x.name == figure.experiment; });
  const auto read = [&](const char* key, const std::vector<std::string>& known,
                        std::vector<std::string>& to) {
    for (const auto& [text, place] : section.texts(key)) {
      if (e != study.experiments.end() && !contains(known, text))
        problems.add("unknown-name", place, text,
                     fmt::format("figure.{}: '{}' is not in experiment '{}'", key, text, figure.experiment),
                     core::did_you_mean(text, known));
      to.push_back(text);
    }
  };
  if (e == study.experiments.end()) {
    std::vector<std::string> names;
    for (const Experiment& x : study.experiments) names.push_back(x.name);
    section.wrong("experiment", "unknown-experiment",
                  fmt::format("there is no experiment '{}'", figure.experiment),
                  core::did_you_mean(figure.experiment, names));
  }
  read("readouts", e == study.experiments.end() ? std::vector<std::string>{} : metrics_of(*e),
       figure.readouts);
  read("arms",
       e == study.experiments.end() ? std::vector<std::string>{}
                                    : arms_of(protocol_of(*e, *study.model), figure.readouts),
       figure.arms);
  section.finish();
  return figure;
}

std::vector<FigureSpec> default_figures(const Study& study) {
  std::vector<FigureSpec> figures;
  for (const Experiment& e : study.experiments)
    for (const std::string& metric : metrics_of(e)) {
      FigureSpec figure{e.name + "-" + metric,
                        e.title,
                        e.figure,
                        e.title,
                        e.name,
                        {metric},
                        arms_of(protocol_of(e, *study.model), {metric})};
      std::replace_if(
          figure.id.begin(), figure.id.end(),
          [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '-');
      figures.push_back(std::move(figure));
    }
  return figures;
}

StudyResult run(const Study& study, Ledger* ledger, const StudyOptions& options) {
  StudyResult result;
  // All vessels are laid out first, so that progress counts to the end of the study and not of an experiment.
  std::size_t total = 0;
  double work = 0.0;
  for (const Experiment& e : study.experiments) {
    result.experiments.push_back({expand(e, *study.model, options.seed, options.quick), {}, {}});
    total += result.experiments.back().vessels.size();
    for (const Vessel& vessel : result.experiments.back().vessels) work += expected_work(vessel);
  }
  std::vector<std::pair<std::string, std::string>>
      hashes;  // of vessels, by key: the order of a file is no content
  for (std::size_t k = 0; k < study.experiments.size(); ++k) {
    ExperimentResult& mine = result.experiments[k];
    const Progress before = result.progress;
    const auto add = [&](const Progress& p) {
      result.progress = {before.done + p.done,
                         total,
                         before.reused + p.reused,
                         before.failed + p.failed,
                         before.work_done + p.work_done,
                         work,
                         before.work_reused + p.work_reused,
                         before.cell_steps + p.cell_steps};
    };
    ExecutorOptions executor = options.executor;
    executor.on_progress = [&](const Progress& p) {
      add(p);
      if (options.executor.on_progress) options.executor.on_progress(result.progress);
    };
    const Experiment& experiment = study.experiments[k];
    executor.checkpoint_every = experiment.checkpoint_every;
    Execution execution = experiment.space
                              ? execute_tissues(experiment, mine.vessels, study.model, ledger, executor)
                              : execute(mine.vessels, study.model, ledger, executor);
    add(execution.progress);
    mine.outcomes = std::move(execution.outcomes);
    if (execution.interrupted) {
      result.interrupted = true;
      return result;
    }
    for (std::size_t i = 0; i < mine.vessels.size(); ++i) {
      hashes.emplace_back(mine.vessels[i].key, mine.outcomes[i].state_hash);
      if (!mine.outcomes[i].finished())
        result.failures.push_back(mine.vessels[i].label + ": " + mine.outcomes[i].failure);
    }
    mine.measurements = measure(protocol_of(study.experiments[k], *study.model), *study.model,
                                samples_of(study.experiments[k], mine.vessels, mine.outcomes), options.seed);
  }
  std::sort(hashes.begin(), hashes.end());
  core::Hasher hasher;
  for (const auto& [key, hash] : hashes) hasher.text(hash);
  result.state_hash = hasher.digest();
  for (const Finding& f : study.findings) {
    const auto e = std::find_if(study.experiments.begin(), study.experiments.end(),
                                [&](const Experiment& x) { return x.name == f.experiment; });
    if (e == study.experiments.end()) continue;
    const auto& readouts =
        result.experiments[static_cast<std::size_t>(e - study.experiments.begin())].measurements.readouts;
    result.assessments.push_back({f, compare(f, readouts, study.paper_n), compare(f, readouts, 0)});
  }
  return result;
}

}  // namespace stroma::study
