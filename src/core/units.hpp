// Quantities: a number, its unit and its dimension. Everything that crosses Stroma's border carries a unit;
// it is parsed, checked and converted once, here, and inside there are only doubles in internal units.
//
// Internal units: length um, time min, concentration nM, hence amount nM um^3 (1e-24 mol); mass pg, pressure
// mmHg, body mass kg. A number of cells has no dimension, so "1e6 /mL" and "1e6 cells/mL" are the same
// density.
#pragma once

#include <string>
#include <string_view>

namespace stroma::core {

/// Exponents of the base dimensions. "kg" is body mass and g, mg, ug ... are substance mass, so that a dose
/// of 30 mg/kg is not a pure number.
struct Dimension {
  signed char length = 0, time = 0, amount = 0, mass = 0, body_mass = 0, pressure = 0;
  friend bool operator==(const Dimension&, const Dimension&) = default;
};

namespace dimension {
inline constexpr Dimension none{};
inline constexpr Dimension length{.length = 1};
inline constexpr Dimension area{.length = 2};
inline constexpr Dimension volume{.length = 3};
inline constexpr Dimension time{.time = 1};
inline constexpr Dimension rate{.time = -1};
inline constexpr Dimension velocity{.length = 1, .time = -1};
inline constexpr Dimension amount{.amount = 1};
inline constexpr Dimension amount_rate{.time = -1, .amount = 1};
inline constexpr Dimension mass{.mass = 1};
inline constexpr Dimension mass_rate{.time = -1, .mass = 1};
inline constexpr Dimension molar_mass{.amount = -1, .mass = 1};
inline constexpr Dimension concentration{.length = -3, .amount = 1};
inline constexpr Dimension mass_concentration{.length = -3, .mass = 1};
inline constexpr Dimension density{.length = -3};  ///< cells per volume
inline constexpr Dimension diffusivity{.length = 2, .time = -1};
inline constexpr Dimension dose{.mass = 1, .body_mass = -1};
inline constexpr Dimension pressure{.pressure = 1};
}  // namespace dimension

/// What a dimension is called and written in, for messages: "a concentration (such as uM)".
std::string describe(const Dimension& dimension);

/// A number in internal units together with its dimension.
struct Quantity {
  double value = 0.0;
  Dimension dim;
};

/// The outcome of parsing: `error` is empty where `quantity` holds.
struct ParsedQuantity {
  Quantity quantity;
  bool has_unit = false;
  std::string error;
};

/// Parses "3 uM", "1e6 /mL", "48 h", "10 %", "2.5 mg/kg", "1e5 um^2/min", independent of the locale. A bare
/// number has no unit and no dimension. Not a number, an unknown unit, a decimal comma, NaN, an infinity, a
/// value outside double range or a denormal one are errors, said in words.
ParsedQuantity parse_quantity(std::string_view text);

/// Parses a plain decimal number strictly (no surrounding text, no locale). `error` says what is wrong.
struct ParsedNumber {
  double value = 0.0;
  std::string error;
};
ParsedNumber parse_number(std::string_view text);

/// `value` (internal units) written in `unit`, e.g. in_unit(3000.0, "uM") == 3. Throws InternalError for a
/// unit that does not exist: units in code are ours, not the user's.
double in_unit(double value, std::string_view unit);
/// The internal value of one `unit`; the inverse factor of in_unit.
double unit(std::string_view unit);

/// Molar concentration [nM] of a mass concentration [pg/um^3] for a molar mass [pg per nM um^3].
inline double molar(double mass_concentration, double molar_mass) {
  return mass_concentration / molar_mass;
}

}  // namespace stroma::core
