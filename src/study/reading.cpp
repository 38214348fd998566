#include "study/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/units.hpp"

namespace stroma::study {

namespace dim = core::dimension;

core::Tick read_tick(core::Section& section, std::string_view key) {
  const double minutes = section.quantity(key);
  const double count = minutes * core::ticks_per_minute;
  if (count > 4e9) {
    section.wrong(key, "out-of-range", "longer than the 76 years that the clock holds");
    return {};
  }
  const core::Tick tick = core::to_tick(minutes);
  if (std::abs(count - static_cast<double>(tick.count)) > 1e-6 * std::max(1.0, count))
    section.wrong(key, "not-a-tick", "must be a multiple of 0.6 s, the tick of the clock");
  return tick;
}

model::Index read_cell_type(const std::string& name, const core::Place& place, const model::Model& model,
                            core::Diagnostics& problems) {
  const model::Index index = model.cell_type(name);
  if (index != model::none && !model.cell_types[static_cast<std::size_t>(index)].abstract) return index;
  std::vector<std::string> names;
  for (const model::CellType& type : model.cell_types)
    if (!type.abstract) names.push_back(type.name);
  problems.add("unknown-cell-type", place, name,
               index == model::none ? fmt::format("the model has no cell type '{}'", name)
                                    : fmt::format("'{}' is a family of cell types, not a cell", name),
               core::did_you_mean(name, names));
  return model::none;
}

double read_concentration(core::Section& section, std::string_view key, const std::string& text,
                          const core::Place& place, model::Index substance, const model::Model& model) {
  const core::Key& declared = section.declared(key);
  const core::ParsedQuantity parsed = core::parse_quantity(text);
  if (parsed.error.empty() && parsed.quantity.dim == dim::mass_concentration && substance != model::none) {
    const model::Substance& s = model.substances[static_cast<std::size_t>(substance)];
    if (s.molar_mass > 0.0 && declared.range.contains(core::molar(parsed.quantity.value, s.molar_mass)))
      return core::molar(parsed.quantity.value, s.molar_mass);
  }
  return core::check_quantity(declared, text, place, section.full(key), section.problems()).value_or(0.0);
}

double read_concentration(core::Section& section, std::string_view key, model::Index substance,
                          const model::Model& model) {
  if (section.node(key) == nullptr) {
    if (section.declared(key).is_required) section.missing(key);
    return 0.0;
  }
  return read_concentration(section, key, section.text(key), section.place(key), substance, model);
}

void read_doses(core::Section& section, TreatmentSpec& treatment, const model::Model& model) {
  const std::string key = section.chosen("dose");
  treatment.series = section.has("doses");
  if (key.empty()) return;
  const auto texts = section.texts(key);
  if (texts.empty()) section.wrong(key, "empty", "expected at least one dose");
  for (const auto& [text, place] : texts) {
    const double dose = read_concentration(section, key, text, place, treatment.substance, model);
    if (std::find(treatment.doses.begin(), treatment.doses.end(), dose) != treatment.doses.end() &&
        dose > 0.0)
      section.problems().add("duplicate-dose", place, key, fmt::format("dose '{}' is there twice", text));
    treatment.doses.push_back(dose);
    treatment.written.push_back(text);
  }
}

std::vector<std::string> substance_names(const model::Model& model) {
  std::vector<std::string> names;
  for (const model::Substance& substance : model.substances) names.push_back(substance.name);
  return names;
}

}  // namespace stroma::study
