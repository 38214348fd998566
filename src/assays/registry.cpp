#include "assays/registry.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assays/descriptors.hpp"
#include "core/errors.hpp"

namespace stroma::assays {

std::optional<std::string> Descriptor::target_of(const std::string& metric_name) const {
  if (targets == TargetKind::none)
    return metric_name == metric ? std::optional<std::string>("") : std::nullopt;
  if (!metric_name.starts_with(metric + ":")) return std::nullopt;
  return metric_name.substr(metric.size() + 1);
}

void Registry::add(Descriptor descriptor) {
  if (descriptor.simulated())
    core::require(descriptor.analyse && descriptor.files && descriptor.methods && !descriptor.metric.empty(),
                  "an assay with an instrument needs an analysis, files, a method and a metric");
  for (const auto& known : all_)
    if (known->name == descriptor.name || (!descriptor.metric.empty() && known->metric == descriptor.metric))
      throw core::InputError(
          {{"assay-there-already",
            {},
            descriptor.name,
            fmt::format("there is an assay '{}' with metric '{}' already", known->name, known->metric),
            "give it a name and a metric of its own"}});
  all_.push_back(std::make_shared<const Descriptor>(std::move(descriptor)));
}

std::shared_ptr<const Descriptor> Registry::find(std::string_view name) const {
  const auto found =
      std::find_if(all_.begin(), all_.end(), [&](const auto& assay) { return assay->name == name; });
  return found == all_.end() ? nullptr : *found;
}

std::vector<std::string> Registry::simulated_names() const {
  std::vector<std::string> names;
  for (const auto& assay : all_)
    if (assay->simulated()) names.push_back(assay->name);
  return names;
}

Registry built_in() {
  Registry registry;
  for (const auto describe : {cck8_assay, colonies_assay, annexin_assay, elisa_assay, qpcr_assay, blot_assay,
                              // Measured data only.
                              dose_response_assay, growth_assay, pk_assay, survival_assay, synergy_assay,
                              ihc_assay, fluorescence_assay, blot_picture_assay, colony_picture_assay})
    registry.add(describe());
  return registry;
}

}  // namespace stroma::assays
