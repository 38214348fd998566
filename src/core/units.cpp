#include "core/units.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <system_error>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/errors.hpp"
#include "core/maths.hpp"

namespace stroma::core {
namespace {

struct Unit {
  std::string_view symbol;
  double factor;  // internal units per unit
  Dimension dim;
};

constexpr double mol = 1e24;    // in nM um^3
constexpr double litre = 1e15;  // in um^3
constexpr double avogadro = 6.02214076e23;
constexpr double pascal = 1.0 / 133.322387415;

// A molar unit is an amount per volume; writing it out keeps one source for the factors.
constexpr Unit molar_unit(std::string_view symbol, double molar) {
  return {symbol, molar * mol / litre, dimension::concentration};
}

constexpr std::array units = {
    Unit{"um", 1.0, dimension::length},
    Unit{"nm", 1e-3, dimension::length},
    Unit{"mm", 1e3, dimension::length},
    Unit{"cm", 1e4, dimension::length},
    Unit{"m", 1e6, dimension::length},
    Unit{"fL", 1e-15 * litre, dimension::volume},
    Unit{"pL", 1e-12 * litre, dimension::volume},
    Unit{"nL", 1e-9 * litre, dimension::volume},
    Unit{"uL", 1e-6 * litre, dimension::volume},
    Unit{"mL", 1e-3 * litre, dimension::volume},
    Unit{"L", litre, dimension::volume},
    Unit{"s", 1.0 / 60.0, dimension::time},
    Unit{"min", 1.0, dimension::time},
    Unit{"h", 60.0, dimension::time},
    Unit{"d", 1440.0, dimension::time},
    Unit{"day", 1440.0, dimension::time},
    Unit{"days", 1440.0, dimension::time},
    Unit{"week", 10080.0, dimension::time},
    Unit{"weeks", 10080.0, dimension::time},
    Unit{"mol", mol, dimension::amount},
    Unit{"mmol", 1e-3 * mol, dimension::amount},
    Unit{"umol", 1e-6 * mol, dimension::amount},
    Unit{"nmol", 1e-9 * mol, dimension::amount},
    Unit{"pmol", 1e-12 * mol, dimension::amount},
    Unit{"fmol", 1e-15 * mol, dimension::amount},
    Unit{"amol", 1e-18 * mol, dimension::amount},
    Unit{"molecule", mol / avogadro, dimension::amount},
    Unit{"molecules", mol / avogadro, dimension::amount},
    molar_unit("M", 1.0),
    molar_unit("mM", 1e-3),
    molar_unit("uM", 1e-6),
    molar_unit("nM", 1e-9),
    molar_unit("pM", 1e-12),
    Unit{"g", 1e12, dimension::mass},
    Unit{"mg", 1e9, dimension::mass},
    Unit{"ug", 1e6, dimension::mass},
    Unit{"ng", 1e3, dimension::mass},
    Unit{"pg", 1.0, dimension::mass},
    Unit{"fg", 1e-3, dimension::mass},
    Unit{"kDa", 1e15 / mol, dimension::molar_mass},
    Unit{"Da", 1e12 / mol, dimension::molar_mass},
    Unit{"kg", 1.0, Dimension{.body_mass = 1}},
    Unit{"Pa", pascal, dimension::pressure},
    Unit{"kPa", 1e3 * pascal, dimension::pressure},
    Unit{"mmHg", 1.0, dimension::pressure},
    Unit{"%", 0.01, dimension::none},
    Unit{"1", 1.0, dimension::none},
    Unit{"cell", 1.0, dimension::none},
    Unit{"cells", 1.0, dimension::none},
};

const std::vector<std::string>& unit_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const Unit& u : units) out.emplace_back(u.symbol);
    return out;
  }();
  return names;
}

const Unit* find_unit(std::string_view symbol) {
  for (const Unit& u : units)
    if (u.symbol == symbol) return &u;
  return nullptr;
}

// Both Unicode spellings of micro (U+00B5, U+03BC) become 'u'.
std::string plain_micro(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    if ((byte == 0xC2 && next == 0xB5) || (byte == 0xCE && next == 0xBC)) {
      out += 'u';
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Returns whether all exponents stay small: they are kept in one byte each and must not wrap round to those
// of another dimension.
bool accumulate(Quantity& total, const Unit& unit, int power) {
  constexpr int largest = 60;
  bool small = true;
  total.value *= maths::pow(unit.factor, power);
  const auto add = [power, &small](signed char& to, signed char from) {
    const int sum = to + power * from;
    small = small && std::abs(sum) <= largest;
    to = static_cast<signed char>(small ? sum : 0);
  };
  add(total.dim.length, unit.dim.length);
  add(total.dim.time, unit.dim.time);
  add(total.dim.amount, unit.dim.amount);
  add(total.dim.mass, unit.dim.mass);
  add(total.dim.body_mass, unit.dim.body_mass);
  add(total.dim.pressure, unit.dim.pressure);
  return small;
}

// unit-expression := ['/'] factor { ('/' | '*' | ' ') factor };  factor := symbol [ '^' ] [ '-' ] [ digit ]
std::string multiply_units(Quantity& total, std::string_view expression) {
  int sign = 1;
  bool divided = false;
  while (!(expression = trim(expression)).empty()) {
    if (expression.front() == '/' || expression.front() == '*') {
      if (divided) return "two operators in a row in the unit";
      divided = true;
      sign = expression.front() == '/' ? -1 : 1;
      expression.remove_prefix(1);
      continue;
    }
    std::size_t end = 0;
    while (end < expression.size() &&
           std::string_view(" \t/*^-0123456789").find(expression[end]) == std::string_view::npos)
      ++end;
    if (end == 0 && expression.front() == '1') end = 1;
    const std::string_view symbol = expression.substr(0, end);
    expression.remove_prefix(end);
    int power = 1;
    const std::string_view before_power = expression;
    if (!expression.empty() && expression.front() == '^') expression.remove_prefix(1);
    int exponent_sign = 1;
    if (!expression.empty() && expression.front() == '-') {
      exponent_sign = -1;
      expression.remove_prefix(1);
    }
    if (!expression.empty() && expression.front() >= '1' && expression.front() <= '9') {
      power = expression.front() - '0';
      expression.remove_prefix(1);
    } else if (expression.size() != before_power.size()) {
      return fmt::format("the power of the unit '{}' is not a digit from 1 to 9", symbol);
    }
    const Unit* unit = find_unit(symbol);
    if (unit == nullptr) {
      const std::string hint = did_you_mean(symbol, unit_names());
      return fmt::format("unknown unit '{}'{}", symbol, hint.empty() ? "" : "; " + hint);
    }
    if (!accumulate(total, *unit, sign * exponent_sign * power)) return "the powers of the unit are too high";
    sign = 1;
    divided = false;
  }
  if (divided) return "the unit ends with an operator";
  return {};
}

std::string range_error(std::string_view text, double value) {
  if (!std::isfinite(value)) return fmt::format("'{}' is outside the range of numbers (+-1.8e308)", text);
  if (value != 0.0 && std::abs(value) < std::numeric_limits<double>::min())
    return fmt::format("'{}' is too small to be represented exactly (below 2.2e-308)", text);
  return {};
}

// Reads the longest number at the front of `text`; `rest` is what follows it.
ParsedNumber leading_number(std::string_view text, std::string_view& rest) {
  ParsedNumber parsed;
  std::string_view body = text;
  if (body.size() > 1 && body.front() == '+' && body[1] != '-') body.remove_prefix(1);
  const char* first = body.data();
  const char* last = first + body.size();
  const bool digit_first = !body.empty() && (body.front() == '-' || body.front() == '.' ||
                                             (body.front() >= '0' && body.front() <= '9'));
  const auto [end, status] = std::from_chars(first, last, parsed.value);
  if (!digit_first || status == std::errc::invalid_argument) {
    parsed.error = fmt::format("'{}' is not a number", text.substr(0, 60));
    return parsed;
  }
  rest = std::string_view(end, static_cast<std::size_t>(last - end));
  if (status == std::errc::result_out_of_range) {
    parsed.error =
        fmt::format("'{}' is outside the range of numbers (2.2e-308 to 1.8e308)", text.substr(0, 60));
    return parsed;
  }
  parsed.error = range_error(text.substr(0, 60), parsed.value);
  if (parsed.error.empty() && !rest.empty() && rest.front() == ',')
    parsed.error = fmt::format("'{}' has a decimal comma; write a decimal point", text.substr(0, 60));
  return parsed;
}

}  // namespace

ParsedNumber parse_number(std::string_view text) {
  std::string_view rest;
  const std::string_view trimmed = trim(text);
  if (trimmed.empty()) return {0.0, "a number is missing"};
  ParsedNumber parsed = leading_number(trimmed, rest);
  if (parsed.error.empty() && !rest.empty())
    parsed.error =
        fmt::format("'{}' is not a number: '{}' follows it", trimmed.substr(0, 60), rest.substr(0, 20));
  return parsed;
}

ParsedQuantity parse_quantity(std::string_view text) {
  ParsedQuantity parsed;
  const std::string plain = plain_micro(trim(text));
  if (plain.empty()) {
    parsed.error = "a quantity is missing";
    return parsed;
  }
  std::string_view rest;
  const ParsedNumber number = leading_number(plain, rest);
  if (!number.error.empty()) {
    parsed.error = number.error;
    return parsed;
  }
  parsed.quantity.value = number.value;
  rest = trim(rest);
  parsed.has_unit = !rest.empty();
  parsed.error = multiply_units(parsed.quantity, rest);
  if (parsed.error.empty()) parsed.error = range_error(plain, parsed.quantity.value);
  if (parsed.error.empty() && number.value != 0.0 && parsed.quantity.value == 0.0)
    parsed.error = fmt::format("'{}' is too small to be told from zero", plain);
  return parsed;
}

double unit(std::string_view name) {
  Quantity one{1.0, {}};
  const std::string error = multiply_units(one, name);
  if (!error.empty()) throw InternalError(fmt::format("unit '{}' in the code: {}", name, error));
  return one.value;
}

double in_unit(double value, std::string_view name) {
  return value / unit(name);
}

std::string describe(const Dimension& d) {
  struct Name {
    Dimension dim;
    std::string_view text;
  };
  static constexpr std::array names = {
      Name{dimension::none, "a number without unit (or %)"},
      Name{dimension::length, "a length (such as um)"},
      Name{dimension::area, "an area (such as um^2)"},
      Name{dimension::volume, "a volume (such as uL)"},
      Name{dimension::time, "a time (such as h)"},
      Name{dimension::rate, "a rate (such as 1/h)"},
      Name{dimension::velocity, "a speed (such as um/min)"},
      Name{dimension::amount, "an amount (such as nmol)"},
      Name{dimension::amount_rate, "an amount per time (such as molecules/min)"},
      Name{dimension::mass, "a mass (such as ng)"},
      Name{dimension::mass_rate, "a mass per time (such as pg/h)"},
      Name{dimension::molar_mass, "a molar mass (such as g/mol)"},
      Name{dimension::concentration, "a concentration (such as uM)"},
      Name{dimension::mass_concentration, "a mass concentration (such as ng/mL)"},
      Name{dimension::density, "a number of cells per volume (such as cells/mL)"},
      Name{dimension::diffusivity, "a diffusion coefficient (such as um^2/min)"},
      Name{dimension::dose, "a dose per body mass (such as mg/kg)"},
      Name{dimension::pressure, "a pressure (such as mmHg)"},
  };
  for (const Name& name : names)
    if (name.dim == d) return std::string(name.text);
  std::string text;
  const auto term = [&text](std::string_view base, int power) {
    if (power != 0) text += fmt::format("{}{}^{}", text.empty() ? "" : " ", base, power);
  };
  term("length", d.length);
  term("time", d.time);
  term("amount", d.amount);
  term("mass", d.mass);
  term("body mass", d.body_mass);
  term("pressure", d.pressure);
  return text;
}

}  // namespace stroma::core
