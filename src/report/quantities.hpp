// The unit in which a family of values is easiest to read: 185000 nM is 185 µM, 3e9 nM um^3 are 3 fmol.
// Values are in internal units (core/units.hpp); a unit is chosen once for a whole axis or row.
#pragma once

#include <string>

namespace stroma::report {

/// `value / size` is the value in the unit `name`.
struct DisplayUnit {
  std::string name;
  double size = 1.0;
};

/// The largest unit in which `largest` (>= 0, internal units) is at least 1; for 0 or NaN the middle one.
DisplayUnit concentration_unit(double largest);  ///< pM, nM, µM, mM
DisplayUnit amount_unit(double largest);         ///< zmol to nmol
DisplayUnit amount_rate_unit(double largest);    ///< zmol/h to nmol/h
DisplayUnit volume_unit(double largest);         ///< µm³, pL, nL, µL

/// "5 µM", "0.5 nM".
std::string print_concentration(double value);

/// "36 h", "0.5 h", "15 min".
std::string print_time(double minutes);

/// Letters, digits, - and _; everything else becomes "-". For ids of figures that carry a name.
std::string id_of(const std::string& name);

}  // namespace stroma::report
