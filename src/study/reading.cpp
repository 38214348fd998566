#include "study/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/units.hpp"

namespace stroma::study {

using core::Range;
namespace dim = core::dimension;

namespace {
constexpr double densest = 1e12;  // nM; water has 5.5e10 of itself, and products of such numbers stay finite
}

core::Tick read_required_tick(core::Section& section, std::string_view key, bool zero_allowed) {
  const double minutes =
      section.quantity(key, dim::time, zero_allowed ? Range::non_negative() : Range::positive());
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

core::Tick read_tick(core::Section& section, std::string_view key, core::Tick fallback, bool zero_allowed) {
  if (section.has(key)) return read_required_tick(section, key, zero_allowed);
  section.node(key);  // a key that may be there
  return fallback;
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

double read_concentration(const std::string& text, const core::Place& place, const std::string& key,
                          model::Index substance, const model::Model& model, core::Diagnostics& problems) {
  const core::ParsedQuantity parsed = core::parse_quantity(text);
  if (parsed.error.empty() && parsed.quantity.dim == dim::mass_concentration && substance != model::none) {
    const model::Substance& s = model.substances[static_cast<std::size_t>(substance)];
    if (s.molar_mass > 0.0 && parsed.quantity.value >= 0.0 &&
        core::molar(parsed.quantity.value, s.molar_mass) <= densest)
      return core::molar(parsed.quantity.value, s.molar_mass);
  }
  return core::check_quantity(text, dim::concentration, Range::closed(0.0, densest), place, key, problems)
      .value_or(0.0);
}

void read_doses(core::Section& section, TreatmentSpec& treatment, const model::Model& model) {
  treatment.series = section.has("doses");
  if (treatment.series && section.has("dose"))
    section.wrong("doses", "conflict", "give either `dose` or `doses`, not both");
  const std::string key = treatment.series ? "doses" : "dose";
  section.node(treatment.series ? "dose" : "doses");
  const auto texts = section.texts(key);
  if (!section.has(key)) section.missing("dose", "a concentration such as \"3 uM\", or `doses` with a list");
  if (section.has(key) && texts.empty()) section.wrong(key, "empty", "expected at least one dose");
  for (const auto& [text, place] : texts) {
    const double dose = read_concentration(text, place, section.path() + "." + key, treatment.substance,
                                           model, section.problems());
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
