#include "study/readout_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "study/keys.hpp"
#include "study/reading.hpp"

namespace stroma::study {
namespace {

// The assay of that name; any other where the name is wrong, so that the rest can be read.
std::shared_ptr<const assays::Descriptor> read_assay(core::Section& section, const assays::Registry& assays) {
  const std::string name = section.text("assay");
  const std::vector<std::string> known = assays.simulated_names();
  const auto found = assays.find(name);
  if (found != nullptr && found->simulated()) return found;
  if (found != nullptr)
    section.wrong("assay", "measured-only",
                  fmt::format("the assay '{}' analyses measured data; nothing simulates it", name),
                  fmt::format("simulated are: {}", fmt::join(known, ", ")));
  else if (!name.empty())
    section.wrong("assay", "unknown-assay", fmt::format("there is no assay '{}'", name),
                  core::did_you_mean(name, known));
  return assays.find(known.front());
}

void read_target(ReadoutSpec& readout, const std::string& text, const core::Place& place,
                 const model::Model& model, core::Diagnostics& problems) {
  const bool substance = readout.assay->targets == assays::TargetKind::substances;
  const bool known = substance ? model.substance(text) != model::none : model.node(text) != model::none;
  if (!known) {
    std::vector<std::string> names = substance_names(model);
    if (!substance) {
      names.clear();
      for (const model::Node& n : model.nodes) names.push_back(n.name);
    }
    problems.add(
        "unknown-target", place, text,
        fmt::format("readout.targets: the model has no {} '{}'", substance ? "substance" : "node", text),
        core::did_you_mean(text, names));
  }
  readout.targets.push_back(text);
}

void check_reference(core::Section& section, const std::string& reference, const Experiment& experiment) {
  std::vector<std::string> names;
  for (const ArmSpec& arm : experiment.arms) names.push_back(arm.name);
  if (std::find(names.begin(), names.end(), reference) == names.end())
    section.wrong("reference", "unknown-arm", fmt::format("there is no arm '{}'", reference),
                  core::did_you_mean(reference, names));
}

}  // namespace

ReadoutSpec read_readout(const core::Node& node, const Experiment& experiment, const model::Model& model,
                         const assays::Registry& assays, core::Diagnostics& problems) {
  core::Section section(node, readout_keys(), problems);
  ReadoutSpec readout;
  readout.assay = read_assay(section, assays);
  const assays::Descriptor& assay = *readout.assay;
  const bool of_culture = assay.needs == assays::Needs::medium && !experiment.has_plate;
  readout.at = read_tick(section, "at");
  if (!of_culture && !section.has("at")) section.missing("at");
  if (assay.targets != assays::TargetKind::none)
    for (const auto& [text, place] : section.texts("targets"))
      read_target(readout, text, place, model, problems);
  else if (section.node("targets") != nullptr)
    section.wrong("targets", "conflict", fmt::format("the assay '{}' has no targets", assay.name));
  readout.reference = section.has("reference") ? section.text("reference") : std::string();
  if (!readout.reference.empty()) check_reference(section, readout.reference, experiment);
  if (assay.relative && readout.reference.empty()) section.missing("reference");
  readout.dilution = section.quantity("dilution");
  if (!of_culture && !experiment.has_plate)
    section.wrong("assay", "conflict", fmt::format("the assay '{}' needs a [plate]", assay.name));
  section.finish();
  return readout;
}

}  // namespace stroma::study
