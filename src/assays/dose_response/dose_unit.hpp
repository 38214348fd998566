// In which unit a drug's doses are held and shown. Molar doses are held in nM and shown in uM; doses by mass
// (antibodies, extracts, anything without a molar mass) are held in ng/mL and shown in the unit in which they
// were given. Neither is ever converted into the other: that needs a molar mass, which nobody gave.
#pragma once

#include <string>
#include <string_view>

#include "core/units.hpp"

namespace stroma::assays {

/// A dose and the unit in which it is shown.
struct Dose {
  double held = 0.0;        ///< nM, or ng/mL where `unit` is one of mass
  std::string unit = "uM";  ///< "uM", or a unit of mass concentration such as "ug/mL"
};

/// Whether a unit is one of mass concentration.
bool is_mass_unit(std::string_view unit);

/// A dose as it is held. `unit`: as it was written, such as "nM" or "ug/mL"; `quantity` is a concentration or
/// a mass concentration.
Dose dose_of(const core::Quantity& quantity, std::string_view unit);

/// A held dose as a number of `unit`.
double shown_dose(double held, std::string_view unit);

/// The unit as it is printed: "µM", "µg/mL".
std::string printed_unit(std::string_view unit);

/// The unit as part of a name in JSON: "uM", "ug_per_mL".
std::string unit_key(std::string_view unit);

}  // namespace stroma::assays
