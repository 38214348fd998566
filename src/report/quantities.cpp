#include "report/quantities.hpp"

#include <fmt/format.h>

#include <cmath>
#include <initializer_list>

namespace stroma::report {
namespace {

struct Choice {
  const char* name;
  double size;
};

DisplayUnit choose(std::initializer_list<Choice> ascending, double largest, std::size_t middle) {
  const Choice* chosen = ascending.begin() + (largest > 0.0 && std::isfinite(largest) ? 0 : middle);
  if (largest > 0.0 && std::isfinite(largest))
    for (const Choice& choice : ascending)
      if (largest >= choice.size * (1.0 - 1e-12)) chosen = &choice;
  return {chosen->name, chosen->size};
}

}  // namespace

DisplayUnit concentration_unit(double largest) {
  return choose({{"pM", 1e-3}, {"nM", 1.0}, {"µM", 1e3}, {"mM", 1e6}}, largest, 1);
}

DisplayUnit amount_unit(double largest) {
  return choose({{"zmol", 1e3}, {"amol", 1e6}, {"fmol", 1e9}, {"pmol", 1e12}, {"nmol", 1e15}}, largest, 2);
}

DisplayUnit amount_rate_unit(double largest) {
  DisplayUnit unit = amount_unit(largest * 60.0);
  unit.name += "/h";
  unit.size /= 60.0;
  return unit;
}

DisplayUnit volume_unit(double largest) {
  return choose({{"µm³", 1.0}, {"pL", 1e3}, {"nL", 1e6}, {"µL", 1e9}}, largest, 0);
}

std::string print_concentration(double value) {
  const DisplayUnit unit = concentration_unit(std::fabs(value));
  return fmt::format("{:.4g} {}", value / unit.size, unit.name);
}

std::string print_time(double minutes) {
  if (minutes > 0.0 && minutes < 30.0) return fmt::format("{:.4g} min", minutes);
  return fmt::format("{:.4g} h", minutes / 60.0);
}

std::string id_of(const std::string& name) {
  std::string id;
  for (const char c : name) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    id += plain ? c : '-';
  }
  return id;
}

}  // namespace stroma::report
