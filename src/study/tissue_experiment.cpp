#include "study/tissue_experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "study/keys.hpp"
#include "study/reading.hpp"
#include "study/tissue_reader.hpp"

namespace stroma::study {

bool is_tissue_experiment(const core::Node& document) {
  return document.find("dimensions") != nullptr || document.find("domain") != nullptr;
}

TissueExperiment read_tissue_experiment(const core::Node& document, const std::string& name,
                                        const model::Model& model, std::uint64_t seed, double memory_limit,
                                        const TableReader& read_table, core::Diagnostics& problems) {
  TissueReader reader(document, name, model, seed, memory_limit, read_table, problems);
  return reader.read();
}

TissueReader::TissueReader(const core::Node& document, const std::string& name, const model::Model& m,
                           std::uint64_t seed, double memory_limit, const TableReader& read_table,
                           core::Diagnostics& problems)
    : document_(document),
      model_(m),
      memory_limit_(memory_limit),
      read_table_(read_table),
      problems_(problems) {
  experiment_.name = name;
  experiment_.setup.seed = seed;
  experiment_.setup.donor_seed = core::derive_seed(seed, 1);
}

TissueExperiment TissueReader::read() {
  core::Section top(document_, tissue_keys(), problems_);
  top.schema();
  experiment_.title = top.text("title");
  experiment_.model = top.text("model");
  experiment_.setup.grid.dimensions = static_cast<int>(top.whole("dimensions"));
  // Everything else hangs on it: one message for one cause.
  if (!top.has("dimensions")) return std::move(experiment_);
  experiment_.duration = read_tick(top, "duration");
  experiment_.setup.step = read_tick(top, "step");
  if (!top.has("step")) experiment_.setup.step = std::min(experiment_.setup.step, experiment_.duration);
  experiment_.checkpoint_every = read_tick(top, "checkpoint_every");
  experiment_.setup.mechanics_tolerance = top.quantity("mechanics_error");
  experiment_.setup.adhesion_reach = top.quantity("adhesion_reach");
  experiment_.setup.max_cells = static_cast<std::size_t>(top.whole("max_cells"));
  check_steps(top);
  if (const core::Node* domain = top.table("domain")) read_domain(*domain);
  if (const core::Node* medium = top.node("medium")) read_medium(*medium);
  for (const core::Node* matrix : top.tables("matrix")) read_matrix(*matrix);
  if (top.node("substance") != nullptr)
    for (const core::Node* substance : top.tables("substance")) read_substance(*substance);
  for (const core::Node* cells : top.tables("cells")) read_cells(*cells);
  for (const core::Node* attachment : top.tables("attachment")) read_attachment(*attachment);
  experiment_.setup.attachments_per_cell = static_cast<std::uint32_t>(top.whole("attachments_per_cell"));
  name_idle(top);
  for (const core::Node* treatment : top.tables("treatment")) read_treatment(*treatment);
  for (const core::Node* probe : top.tables("probe")) read_probe(*probe);
  const core::Node* output = top.node("output");
  read_output(output);
  top.finish();
  if (!top.has("substance") && !top.has("cells")) top.missing("substance");
  name_left_out();
  return std::move(experiment_);
}

// Keys that nothing in this experiment could read.
void TissueReader::name_idle(core::Section& top) {
  const auto idle = [&](const char* key, const char* why) {
    if (top.has(key)) top.wrong(key, "cannot-act", why, "leave it out");
  };
  if (experiment_.setup.attachments.empty())
    idle("attachments_per_cell", "there is no [[attachment]] whose springs it could limit");
  if (!has_cells())
    for (const char* key : {"mechanics_error", "adhesion_reach", "max_cells"})
      idle(key, "there are no [[cells]] that it could act on");
  if (experiment_.setup.substances.empty()) idle("matrix", "there is no [[substance]] that it could hinder");
  const auto& substances = experiment_.setup.substances;
  const auto hindered = [](const auto& s) {
    return std::any_of(s.plan.mobility.begin(), s.plan.mobility.end(), [](double m) { return m < 1.0; });
  };
  if (!matrix_.empty() && !substances.empty() && std::none_of(substances.begin(), substances.end(), hindered))
    experiment_.idle.push_back("the [[matrix]] hinders no substance");
  const auto decays_in_serum = [&](const auto& s) {
    return s.index != model::none &&
           model_.substances[static_cast<std::size_t>(s.index)].decay_in_serum > 0.0;
  };
  if (experiment_.setup.serum > 0.0 && !has_cells() &&
      std::none_of(substances.begin(), substances.end(), decays_in_serum))
    experiment_.idle.push_back(
        "no substance decays faster in the serum, and there are no [[cells]] that take one up");
}

bool TissueReader::has_cells() const {
  return document_.find("cells") != nullptr;
}

// A step longer than the run would be cut in silence; a step that does not divide checkpoints would move
// them.
void TissueReader::check_steps(core::Section& top) {
  const core::Tick step = experiment_.setup.step;
  if (experiment_.duration.count > 0 && step > experiment_.duration)
    top.wrong("step", "out-of-range", "is longer than the run", "leave it out, or make the duration longer");
  if (step.count > 0 && experiment_.checkpoint_every.count % step.count != 0)
    top.wrong("checkpoint_every", "not-a-multiple", "must be a multiple of `step`");
  if (step.count > core::to_tick(60).count)
    top.wrong("step", "out-of-range", "a coupling step beyond 1 h would miss what cells do to each other",
              "the steps of fields and mechanics within it adapt themselves; leave it at a few minutes");
}

// What the cells secrete or read and the file does not list is absent from the tissue: said, not guessed.
void TissueReader::name_left_out() {
  std::set<model::Index> there, wanted;
  for (const auto& substance : experiment_.setup.substances) there.insert(substance.index);
  std::set<model::Index> types;
  for (const auto& cells : experiment_.setup.cells) types.insert(cells.type);
  for (const tissue::Arrival& arrival : experiment_.setup.arrivals) types.insert(arrival.type);
  for (const model::Index type : types)
    for (const auto& [behaviour, value] : model_.cell_types[static_cast<std::size_t>(type)].behaviours) {
      const bool flows = behaviour.kind == model::BehaviourKind::secretion ||
                         behaviour.kind == model::BehaviourKind::consumption;
      if (flows && value > 0.0) wanted.insert(behaviour.operand);
    }
  for (const model::Index substance : wanted)
    if (substance != model::none && !there.contains(substance))
      experiment_.left_out.push_back(model_.substances[static_cast<std::size_t>(substance)].name);
}

}  // namespace stroma::study
