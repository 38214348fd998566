// Names, times and concentrations as experiments in space write them.
#include <fmt/format.h>

#include <cmath>

#include "core/units.hpp"
#include "study/tissue_reader.hpp"

namespace stroma::study {

core::Tick TissueReader::tick(core::Section& section, std::string_view key, core::Tick fallback,
                              bool zero_allowed) {
  if (!section.has(key)) {
    section.node(key);
    return fallback;
  }
  const double minutes =
      section.quantity(key, dim::time, zero_allowed ? Range::non_negative() : Range::positive());
  const double count = minutes * core::ticks_per_minute;
  if (count > 4e9) {
    section.wrong(key, "out-of-range", "longer than the 76 years that the clock holds");
    return fallback;
  }
  const core::Tick out = core::to_tick(minutes);
  if (std::abs(count - static_cast<double>(out.count)) > 1e-6 * std::max(1.0, count))
    section.wrong(key, "not-a-tick", "must be a multiple of 0.6 s, the tick of the clock");
  return out;
}

const core::Node* TissueReader::required_table(core::Section& section, std::string_view key,
                                               std::string_view expected) {
  const core::Node* node = section.node(key);
  if (node == nullptr) {
    section.missing(key, expected);
    return nullptr;
  }
  if (node->kind == core::Node::Kind::table) return node;
  section.wrong(key, "wrong-type", fmt::format("expected a table [{}]", key));
  return nullptr;
}

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

model::Index TissueReader::cell_type_named(const std::string& name, const core::Place& place) {
  const model::Index index = model_.cell_type(name);
  if (index != model::none && !model_.cell_types[static_cast<std::size_t>(index)].abstract) return index;
  std::vector<std::string> names;
  for (const model::CellType& type : model_.cell_types)
    if (!type.abstract) names.push_back(type.name);
  problems_.add("unknown-cell-type", place, name,
                index == model::none ? fmt::format("the model has no cell type '{}'", name)
                                     : fmt::format("'{}' is a family of cell types, not a cell", name),
                core::did_you_mean(name, names));
  return model::none;
}

double TissueReader::concentration(core::Section& section, std::string_view key, const std::string& text,
                                   model::Index substance) {
  const core::ParsedQuantity parsed = core::parse_quantity(text);
  if (parsed.error.empty() && parsed.quantity.dim == dim::mass_concentration && substance != model::none) {
    const model::Substance& s = model_.substances[static_cast<std::size_t>(substance)];
    if (s.molar_mass > 0.0 && parsed.quantity.value >= 0.0)
      return core::molar(parsed.quantity.value, s.molar_mass);
  }
  return core::check_quantity(text, dim::concentration, Range::non_negative(), section.place(key),
                              section.path() + "." + std::string(key), problems_)
      .value_or(0.0);
}

}  // namespace stroma::study
