#include "assays/dose_response/dose_unit.hpp"

namespace stroma::assays {
namespace {

core::Quantity one(std::string_view unit) {
  return core::parse_quantity("1 " + std::string(unit)).quantity;
}

}  // namespace

bool is_mass_unit(std::string_view unit) {
  return one(unit).dim == core::dimension::mass_concentration;
}

Dose dose_of(const core::Quantity& quantity, std::string_view unit) {
  if (quantity.dim == core::dimension::mass_concentration)
    return {core::in_unit(quantity.value, "ng/mL"), std::string(unit)};
  return {quantity.value, "uM"};
}

double shown_dose(double held, std::string_view unit) {
  return is_mass_unit(unit) ? core::in_unit(held * one("ng/mL").value, unit) : core::in_unit(held, unit);
}

std::string printed_unit(std::string_view unit) {
  return unit.starts_with('u') ? "µ" + std::string(unit.substr(1)) : std::string(unit);
}

std::string unit_key(std::string_view unit) {
  std::string out;
  for (const char c : unit) out += c == '/' ? "_per_" : std::string(1, c);
  return out;
}

}  // namespace stroma::assays
