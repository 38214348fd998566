#include "study/readout_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

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
  core::Section section(node, "readout", problems);
  ReadoutSpec readout;
  readout.assay = read_assay(section, assays);
  const assays::Descriptor& assay = *readout.assay;
  const bool of_culture = assay.needs == assays::Needs::medium && !experiment.has_plate;
  readout.at = of_culture && !section.has("at") ? core::Tick{} : read_required_tick(section, "at", false);
  if (of_culture) section.node("at");
  for (const auto& [text, place] : section.texts("targets"))
    read_target(readout, text, place, model, problems);
  const bool targeted = assay.targets != assays::TargetKind::none;
  if (targeted && readout.targets.empty())
    section.missing("targets", "a list of what is measured, such as [\"FOLR1\"]");
  if (!targeted && section.has("targets"))
    section.wrong("targets", "conflict", fmt::format("the assay '{}' has no targets", assay.name));
  readout.reference = section.text_or("reference", "");
  if (!readout.reference.empty()) check_reference(section, readout.reference, experiment);
  if (assay.relative && readout.reference.empty())
    section.missing("reference", "the arm to which the others are relative");
  readout.dilution = section.number_or("dilution", core::Range::closed(1.0, 1e6), 1.0);
  if (!of_culture && !experiment.has_plate)
    section.wrong("assay", "conflict", fmt::format("the assay '{}' needs a [plate]", assay.name));
  section.finish();
  return readout;
}

}  // namespace stroma::study
