#include "study/readout_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "study/reading.hpp"

namespace stroma::study {
namespace {

constexpr std::array assay_names = {"cck8", "colonies", "annexin", "elisa", "qpcr", "blot"};

std::optional<Assay> read_assay(core::Section& section, const std::string& assay) {
  const auto found = std::find(assay_names.begin(), assay_names.end(), assay);
  if (found != assay_names.end()) return static_cast<Assay>(found - assay_names.begin());
  const std::vector<std::string> known(assay_names.begin(), assay_names.end());
  if (!assay.empty())
    section.wrong("assay", "unknown-assay", fmt::format("there is no assay '{}'", assay),
                  core::did_you_mean(assay, known));
  return std::nullopt;
}

void read_target(ReadoutSpec& readout, const std::string& text, const core::Place& place,
                 const model::Model& model, core::Diagnostics& problems) {
  const bool substance = readout.assay == Assay::elisa;
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

std::string to_string(Assay assay) {
  return assay_names[static_cast<std::size_t>(assay)];
}

ReadoutSpec read_readout(const core::Node& node, const Experiment& experiment, const model::Model& model,
                         core::Diagnostics& problems) {
  core::Section section(node, "readout", problems);
  ReadoutSpec readout;
  const std::string assay = section.text("assay");
  readout.assay = read_assay(section, assay).value_or(Assay::cck8);
  const bool of_culture = readout.assay == Assay::elisa && !experiment.has_plate;
  readout.at = of_culture && !section.has("at") ? core::Tick{} : read_required_tick(section, "at", false);
  if (of_culture) section.node("at");
  for (const auto& [text, place] : section.texts("targets"))
    read_target(readout, text, place, model, problems);
  const bool targeted =
      readout.assay == Assay::elisa || readout.assay == Assay::qpcr || readout.assay == Assay::blot;
  if (targeted && readout.targets.empty())
    section.missing("targets", "a list of what is measured, such as [\"FOLR1\"]");
  if (!targeted && section.has("targets"))
    section.wrong("targets", "conflict", fmt::format("the assay '{}' has no targets", assay));
  readout.reference = section.text_or("reference", "");
  if (!readout.reference.empty()) check_reference(section, readout.reference, experiment);
  if ((readout.assay == Assay::qpcr || readout.assay == Assay::blot) && readout.reference.empty())
    section.missing("reference", "the arm to which the others are relative");
  readout.dilution = section.number_or("dilution", core::Range::closed(1.0, 1e6), 1.0);
  if (!of_culture && !experiment.has_plate)
    section.wrong("assay", "conflict", fmt::format("the assay '{}' needs a [plate]", assay));
  section.finish();
  return readout;
}

}  // namespace stroma::study
