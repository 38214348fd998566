// Names of substances as experiments in space write them.
#include <fmt/format.h>

#include "study/reading.hpp"
#include "study/tissue_reader.hpp"

namespace stroma::study {

std::optional<std::size_t> TissueReader::substance_named(core::Section& section, std::string_view key,
                                                         const std::string& name) {
  std::vector<std::string> known;
  for (const fields::SubstancePlan* plan : substance_plans()) known.push_back(plan->name);
  for (std::size_t f = 0; f < known.size(); ++f)
    if (known[f] == name) return f;
  if (name.empty()) return std::nullopt;
  const std::string near = core::did_you_mean(name, known);
  section.wrong(
      key, "unknown-substance", fmt::format("'{}' is not among the substances of this experiment", name),
      model_.substance(name) != model::none ? fmt::format("add a [[substance]] with name = \"{}\"", name)
                                            : near);
  return std::nullopt;
}

std::vector<const fields::SubstancePlan*> TissueReader::substance_plans() const {
  std::vector<const fields::SubstancePlan*> plans;
  for (const auto& substance : experiment_.setup.substances) plans.push_back(&substance.plan);
  return plans;
}

}  // namespace stroma::study
