// The methods section that a reader can paste: what was simulated, how it was treated and read, and how it
// was compared.
#include <fmt/format.h>

#include <algorithm>

#include "core/units.hpp"
#include "report/study_report.hpp"
#include "report/words.hpp"
#include "study/tissue_arms.hpp"

namespace stroma::report {
namespace {

// "1e6" and not "1e+06".
std::string plain(double value) {
  std::string text = fmt::format("{:.3g}", value);
  for (const char* sign : {"e+0", "e+"})
    if (const std::size_t at = text.find(sign); at != std::string::npos)
      text.replace(at, std::string(sign).size(), "e");
  return text;
}

std::string hours(core::Tick t) {
  const double h = core::minutes(t) / 60.0;
  return h >= 96.0 && h == 24.0 * static_cast<int>(h / 24.0) ? fmt::format("{:.4g} days", h / 24.0)
                                                             : fmt::format("{:.4g} h", h);
}

std::string assay_words(const study::ReadoutSpec& r, const study::Study& study) {
  std::vector<std::string> targets;
  for (const std::string& target : r.targets) {
    std::string words = target_words(target, study);  // "FOLR1, protein" would end the list too early
    if (const std::size_t comma = words.find(", "); comma != std::string::npos) words.erase(comma, 1);
    targets.push_back(std::move(words));
  }
  assays::Question question;
  question.reference = r.reference;
  question.dilution = r.dilution;
  return r.assay->methods(question, listed(targets));
}

std::string culture_words(const study::CultureSpec& c, const model::Model& m) {
  std::vector<std::string> cells;
  for (const auto& cell : c.cells)
    cells.push_back(fmt::format("{} at {} cells/mL", m.cell_types[static_cast<std::size_t>(cell.type)].name,
                                plain(cell.density * core::unit("mL"))));
  return fmt::format("{}: {} in {:.4g} mL of {}, collected after {}. ", c.name, listed(cells),
                     core::in_unit(c.volume, "mL"), c.medium.written, hours(c.duration));
}

// "0 h, every 24 h, 3 times, washed out at 72 h".
std::string schedule_words(const study::TreatmentSpec& t) {
  std::string text = hours(t.at);
  if (t.every.count > 0) text += fmt::format(", every {}", hours(t.every));
  if (t.times > 0) text += fmt::format(", {} times", t.times);
  if (t.until.count >= 0) text += fmt::format(", washed out at {}", hours(t.until));
  return text;
}

// Each treatment once, in the order of the arms.
std::vector<std::string> treatments_of(const study::Experiment& e, const model::Model& m) {
  std::vector<std::string> all;
  for (const study::ArmSpec& arm : e.arms)
    for (const study::TreatmentSpec& t : arm.treatments) {
      const std::string text =
          fmt::format("{} ({}; at {})", m.substances[static_cast<std::size_t>(t.substance)].name,
                      listed(t.written), schedule_words(t));
      if (std::find(all.begin(), all.end(), text) == all.end()) all.push_back(text);
    }
  return all;
}

std::string plate_words(const study::Experiment& e, const model::Model& m) {
  std::string text =
      fmt::format("{}, {:.4g} mL per well", listed(e.systems), core::in_unit(e.well_volume, "mL"));
  if (e.cells_per_well > 0.0) text += fmt::format(", {:.0f} cells", e.cells_per_well);
  if (e.wells_per_arm > 1) text += fmt::format(", {} technical wells", e.wells_per_arm);
  if (e.renewal.count > 0) text += fmt::format(", medium renewed every {}", hours(e.renewal));
  text += ". ";
  if (const auto treatments = treatments_of(e, m); !treatments.empty())
    text += "Added: " + listed(treatments) + ". ";
  std::vector<std::string> arms;
  for (const study::ArmSpec& arm : e.arms)
    arms.push_back(arm.name == arm.medium.written ? arm.name
                                                  : fmt::format("{} (in {})", arm.name, arm.medium.written));
  return text + "Arms: " + listed(arms) + ". ";
}

// What the arms of an experiment in space share, and how each of them is read.
std::string tissue_words(const study::Experiment& e, const model::Model& m) {
  const study::TissueExperiment& first = e.space->first;
  const fields::Grid& grid = first.setup.grid;
  std::size_t cells = 0;
  for (const auto& group : first.setup.cells) cells += group.positions.size();
  std::string text = fmt::format("{} cells of {} in {} dimensions, {} voxels of {:.4g} um, over {}. ", cells,
                                 listed(e.systems), grid.dimensions == 2 ? "two" : "three", grid.voxels(),
                                 grid.spacing[0], hours(first.duration));
  if (const auto treatments = treatments_of(e, m); !treatments.empty())
    text += "Added to the surroundings: " + listed(treatments) + ". ";
  std::vector<std::string> arms;
  for (const study::ArmSpec& arm : e.arms) arms.push_back(arm.name);
  text += "Arms: " + listed(arms) +
          ". The arms of a replicate are one tissue, with the same random numbers, until they are treated "
          "differently. ";
  if (!e.readouts.empty())
    text += "To be read, a tissue was dissociated into all of its cells, without loss. ";
  return text;
}

std::string experiment_words(const study::Experiment& e, const study::Study& study) {
  std::string text = fmt::format("{} (n = {} independent experiments). ", e.title, e.replicates);
  for (const study::CultureSpec& c : e.cultures) text += culture_words(c, *study.model);
  if (e.space)
    text += tissue_words(e, *study.model);
  else if (e.has_plate)
    text += plate_words(e, *study.model);
  for (const study::ReadoutSpec& r : e.readouts)
    text +=
        fmt::format("Read{} by {}. ", r.at.count > 0 ? " after " + hours(r.at) : "", assay_words(r, study));
  return typeset(text);
}

}  // namespace

std::string methods_text(const study::Study& study, const study::StudyResult& result,
                         const study::RunRecord& record) {
  const model::Description d = study::describe_model(study);
  std::string text = fmt::format(
      "Experiments were simulated with Stroma {} and the model {} {} (content hash {}; {} mechanisms, {} "
      "rules, {} drug targets; {} numbers with a source, {} numbers assumed with a range, and {} strengths "
      "of "
      "arrows (weights, half-maxima, Hill powers) assumed within the ranges of the model), seed {}, state "
      "hash {}. ",
      record.version, d.name, d.version, d.content_hash.substr(0, 12), d.counts.mechanisms, d.counts.rules,
      d.counts.drug_targets, d.counts.numbers_sourced, d.counts.numbers_assumed, d.counts.strengths,
      record.seed, result.state_hash.substr(0, 12));
  text +=
      "Signalling follows normalised-Hill logic ODEs, receptors Gaddum's occupancy; an intracellular drug "
      "target answers to the free concentration, after serum binding and efflux, with an IC50 that the model "
      "folder cites, assumes or fits. Cells pass Erlang phases, die by hazards that the network sets, and "
      "carry heritable lognormal traits.";
  text += "\n\n";
  for (const study::Experiment& e : study.experiments) text += experiment_words(e, study) + "\n\n";
  text += fmt::format(
      "Data are means with SEM. Two arms were compared by Welch's t test, more by one-way ANOVA with the "
      "Brown-Forsythe test and Tukey's HSD, pairs that are findings by Welch's t test of log2 values; {}. "
      "A published comparison counts as reproduced where the 95 % interval of the log2 ratio (Welch, log "
      "scale) lies on its side of zero, contradicted where it lies on the other, and inconclusive otherwise. "
      "{} of {} vessels were completed, {} failed and were left out.",
      has_stars_of_zhao(study.source) ? star_convention_of_zhao : star_convention,
      result.progress.total - result.progress.failed, result.progress.total, result.progress.failed);
  return text;
}

}  // namespace stroma::report
