#include "report/tissue_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cells/life.hpp"
#include "report/figures.hpp"
#include "report/quantities.hpp"
#include "report/rule_figures.hpp"
#include "report/study_report.hpp"
#include "report/words.hpp"

namespace stroma::report {
namespace {

std::string counted(std::int64_t n, const char* one, const char* many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

std::string box_words(const fields::Grid& grid) {
  std::string text;
  for (int a = 0; a < grid.dimensions; ++a) text += fmt::format("{}{:.4g}", a ? " x " : "", grid.length(a));
  return text + " µm";
}

std::vector<std::string> names_of_substances(const TissueRun& run) {
  std::vector<std::string> names;
  for (const auto& substance : run.plan.fields.substances) names.push_back(substance.name);
  return names;
}

std::string question_of(const TissueRun& run) {
  const fields::Grid& grid = run.plan.fields.grid;
  std::vector<std::string> types;
  for (const TypeWords& type : types_of(run)) types.push_back(type.label);
  const std::vector<std::string> substances = names_of_substances(run);
  std::string text;
  if (types.empty()) {
    text = fmt::format("{} in {} of {}", listed(substances),
                       grid.dimensions == 1   ? "a line"
                       : grid.dimensions == 2 ? "a plane"
                                              : "a box",
                       box_words(grid));
  } else {
    text = fmt::format("{} cells in {} dimensions, {}", listed(types), grid.dimensions == 2 ? "two" : "three",
                       box_words(grid));
    if (!substances.empty()) text += ", with " + listed(substances);
  }
  std::string given;
  for (const LineMark& mark : treatment_marks(run))
    given += fmt::format("; {} at {:.4g} h", mark.label, mark.at);
  return text + fmt::format(", over {}", print_time(core::minutes(run.state.tick))) + given + ".";
}

std::string fields_summary(const TissueRun& run) {
  const fields::Grid& grid = run.plan.fields.grid;
  const double volume = grid.voxel_volume() * static_cast<double>(grid.voxels());
  std::vector<std::string> means;
  for (std::size_t f = 0; f < run.plan.fields.substances.size(); ++f) {
    const auto values = run.state.fields.concentration(f);
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    means.push_back(fmt::format("{} {} on average ({} to {})", run.plan.fields.substances[f].name,
                                print_concentration(run.state.fields.substances[f].content / volume),
                                print_concentration(*low), print_concentration(*high)));
  }
  return means.empty() ? std::string()
                       : fmt::format("In the domain {}: {}.", when_last(run, {}), listed(means));
}

std::string summary_of(const TissueRun& run) {
  if (run.plan.populations.empty()) return fields_summary(run);
  const study::NumberTable& t = run.results.growth;
  std::vector<std::string> alive;
  std::int64_t dead = 0;
  const std::vector<TypeWords> types = types_of(run);
  for (std::size_t k = 0; k < types.size(); ++k) {
    const cells::FateCounts counts = cells::count_fates(run.state.populations[k].cells);
    dead += static_cast<std::int64_t>(run.state.populations[k].cells.size()) -
            static_cast<std::int64_t>(counts.live);
    std::string text = fmt::format("{} {}", counts.live, types[k].label);
    const int column = t.column(types[k].name + "_live");
    if (column >= 0 && !t.rows.empty())
      text += fmt::format(" ({:.0f} at the start)", t.rows.front()[static_cast<std::size_t>(column)]);
    alive.push_back(text);
  }
  const cells::Tally& tally = run.state.counters.tally;
  std::string text = fmt::format(
      "After {}, {} cells are alive and {} {} not yet cleared: {}, {} by apoptosis and {} by necrosis so "
      "far.",
      print_time(core::minutes(run.state.tick)), listed(alive), counted(dead, "dead cell", "dead cells"),
      dead == 1 ? "is" : "are", counted(tally.births, "division", "divisions"),
      counted(tally.apoptoses, "death", "deaths"), tally.necroses);
  const int live = t.column("live_radius_um"), core = t.column("necrotic_radius_um");
  if (live >= 0 && core >= 0 && !t.rows.empty()) {
    const auto value = [&](const std::vector<double>& row, int c) {
      return row[static_cast<std::size_t>(c)];
    };
    const double necrotic = value(t.rows.back(), core);
    const std::string when = when_last(run, t);
    text += fmt::format(" The outer radius went from {:.4g} to {:.4g} µm{}, {}.", value(t.rows.front(), live),
                        value(t.rows.back(), live), when == "at the end" ? "" : " " + when,
                        necrotic > 0.0 ? fmt::format("with a necrotic core of {:.4g} µm", necrotic)
                                       : std::string("without a necrotic core"));
  }
  return text;
}

std::vector<std::string> warnings_of(const TissueRun& run) {
  std::vector<std::string> warnings;
  const tissue::Counters& c = run.state.counters;
  if (run.state.tick < run.experiment.duration)
    warnings.push_back(fmt::format("This run is not finished: it stands at {} of {}.",
                                   print_time(core::minutes(run.state.tick)),
                                   print_time(core::minutes(run.experiment.duration))));
  for (const std::string& what : run.experiment.assumptions) warnings.push_back("Assumption: " + what + ".");
  for (const std::string& what : run.experiment.idle) warnings.push_back("Without effect: " + what + ".");
  for (const std::string& id : run.record.without) warnings.push_back("Knocked out: " + id + ".");
  if (!run.experiment.left_out.empty())
    warnings.push_back(
        fmt::format("Left out: {}. The cells secrete or read {}, and the experiment does not "
                    "simulate {}: what depends on {} is missing here.",
                    listed(run.experiment.left_out), run.experiment.left_out.size() == 1 ? "it" : "them",
                    run.experiment.left_out.size() == 1 ? "it" : "them",
                    run.experiment.left_out.size() == 1 ? "it" : "them"));
  const auto clamp = [&](std::int64_t n, const std::string& text) {
    if (n > 0) warnings.push_back(fmt::format("{} {}", n, text));
  };
  clamp(c.reflections,
        "times a cell was reflected at a side of the domain: the domain is small for this "
        "tissue, and cells near its sides are not where they would be.");
  clamp(c.coincidences,
        "times two cells stood on one point and were pushed apart in a direction drawn at "
        "random.");
  clamp(c.negative_voxels,
        "times a voxel held less than nothing, because a sink asked for more than there "
        "was; the values were left as they were.");
  clamp(static_cast<std::int64_t>(c.network.out_of_bounds),
        "activities of the signalling network left [0, 1] by more than rounding.");
  clamp(static_cast<std::int64_t>(c.network.missed),
        "steps of the signalling network missed their error target at the shortest step.");
  const study::NumberTable& growth = run.results.growth;
  if (const int time = growth.column("time_h"); time >= 0 && !growth.rows.empty())
    if (const double first = growth.rows.front()[static_cast<std::size_t>(time)]; first > 0.0)
      warnings.push_back(
          fmt::format("The tables begin at {:.4g} h: this run took up the history of another "
                      "there, or its earlier tables are lost.",
                      first));
  return warnings;
}

RunFacts facts_of(const TissueRun& run) {
  const study::RunRecord& r = run.record;
  const tissue::Counters& c = run.state.counters;
  RunFacts facts;
  facts.program = "Stroma " + r.version;
  facts.command = r.command;
  if (!run.plan.populations.empty() || !run.plan.model->content_hash.empty()) {
    facts.model = run.plan.model->name + " " + run.plan.model->version;
    facts.model_hash = run.plan.model->content_hash;
  }
  facts.state_hash = tissue::state_hash(run.state);
  facts.date = r.finished;
  facts.machine = r.machine;
  facts.wall_time = r.wall_seconds < 120.0 ? fmt::format("{:.3g} s", r.wall_seconds)
                                           : fmt::format("{:.3g} min", r.wall_seconds / 60.0);
  facts.seed = r.seed;
  const auto clamps = c.reflections + c.coincidences + c.negative_voxels +
                      static_cast<std::int64_t>(c.network.out_of_bounds + c.network.missed);
  facts.more = {
      {"simulated time", print_time(core::minutes(run.state.tick))},
      {"threads", fmt::format("{}", r.threads)},
      {"peak memory", fmt::format("{:.0f} MiB", r.peak_memory_mib)},
      {"steps", fmt::format("{} of the coupling, {} of the fields, {} of the mechanics", c.steps,
                            c.field_steps, c.mechanics_steps)},
      {"clamps and reflections", clamps == 0 ? "none" : fmt::format("{}, see the notes at the top", clamps)},
      {"worst mass balance", fmt::format("{:.2g} of the turnover", c.worst_balance)}};
  return facts;
}

// A report has the colours of the section pictures wherever a cell type is drawn.
std::vector<Arm> arms_of(const TissueRun& run) {
  std::vector<Arm> arms;
  for (const TypeWords& type : types_of(run)) arms.push_back({type.label, false, {}, type.colour});
  arms.push_back({"outer, live cells", false, {}, "#1a1a1a"});
  arms.push_back({"necrotic core", true, {}, {}});
  for (Arm& arm : rule_arms()) arms.push_back(std::move(arm));
  return arms;
}

void add(Report& report, Section section) {
  if (!section.figures.empty() || !section.tables.empty() || !section.pictures.empty())
    report.sections.push_back(std::move(section));
}

}  // namespace

std::string when_last(const TissueRun& run, const study::NumberTable& table) {
  const int time = table.column("time_h");
  const double stands = core::minutes(run.state.tick) / 60.0;
  const double last =
      time < 0 || table.rows.empty() ? stands : table.rows.back()[static_cast<std::size_t>(time)];
  if (last < stands * (1.0 - 1e-5))
    return fmt::format("at {}, the last time in the tables of a run that stands at {}",
                       print_time(60.0 * last), print_time(60.0 * stands));
  return run.state.tick < run.experiment.duration ? "at " + print_time(60.0 * stands) : "at the end";
}

Report make_tissue_report(const TissueRun& run) {
  Report report;
  report.title = run.experiment.title;
  report.question = question_of(run);
  report.summary = summary_of(run);
  report.warnings = warnings_of(run);
  report.facts = facts_of(run);
  report.arms = arms_of(run);
  add(report, tissue_sections(run));
  add(report, growth_section(run));
  add(report, profile_section(run));
  add(report, probe_section(run));
  Section budget{"budget", "Mass budget", {}, {}, {}};
  if (!run.plan.fields.substances.empty()) budget.tables.push_back(mass_budget(run));
  add(report, std::move(budget));
  std::vector<model::Index> types;
  for (const tissue::PopulationPlan& population : run.plan.populations) types.push_back(population.type);
  if (!types.empty()) {
    const model::Model& model = *run.plan.model;
    Section rules{"rules", "Rules", {}, rule_figures(model, types), {}};
    if (Table table = rule_table(model, types); !table.rows.empty()) rules.tables.push_back(std::move(table));
    add(report, std::move(rules));
    Section network{
        "network", "The mechanisms", "Every arrow is a row of the model with its source.", {}, {}};
    if (Figure figure = network_figure(model, {types.begin(), types.end()});
        !std::get<Network>(figure.content).edges.empty())
      network.figures.push_back(std::move(figure));
    add(report, std::move(network));
  }
  report.methods = tissue_methods(run);
  report.references = tissue_references(run);
  settle_ids(report);
  return report;
}

}  // namespace stroma::report
