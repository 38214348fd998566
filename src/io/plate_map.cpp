// Plate maps in the form of a grid: one grid of "arm @ dose", or one for each of role, arm, dose, ...
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <tuple>

#include "assays/dose_response/dose_unit.hpp"
#include "core/document.hpp"
#include "core/units.hpp"
#include "io/plate_export.hpp"

namespace stroma::io {
namespace {

using assays::Position;
using assays::WellRole;

constexpr std::array<std::string_view, 6> layer_names{"role",      "arm",      "dose",
                                                      "replicate", "standard", "dilution"};

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

class MapReader {
 public:
  MapReader(const Sheet& sheet, core::Diagnostics& problems) : sheet_(sheet), problems_(problems) {}

  PlateMap read() {
    const std::vector<PlateGrid> grids = find_grids(sheet_, problems_);
    for (const PlateGrid& grid : grids)
      for (const core::Diagnostic& d : grid.problems.entries()) problems_.add(d);
    if (grids.size() == 1 && layer_of(grids.front()).empty())
      for (const auto& [position, cell] : grids.front().cells) read_words(position, cell);
    else
      read_layers(grids);
    std::map<std::tuple<std::string, int, double, double>, int> repeats;
    for (auto& [position, mapped] : map_)
      mapped.well.technical =
          ++repeats[{mapped.well.arm, mapped.well.replicate, mapped.well.dose.value_or(0.0),
                     mapped.well.standard.value_or(-1.0)}];
    return std::move(map_);
  }

 private:
  // The last word of a grid's title names what it says.
  std::string layer_of(const PlateGrid& grid) const {
    std::string_view title = grid.title;
    const std::size_t space = title.find_last_of(' ');
    const std::string word = plain_name(space == std::string_view::npos ? title : title.substr(space + 1));
    return std::find(layer_names.begin(), layer_names.end(), word) == layer_names.end() ? "" : word;
  }

  void wrong(const core::Cell& cell, Position at, std::string code, const std::string& message,
             std::string hint = {}) {
    problems_.add(std::move(code), sheet_.place(cell), assays::to_string(at),
                  fmt::format("well {}: {}", assays::to_string(at), message), std::move(hint));
  }

  std::optional<double> quantity(const core::Cell& cell, Position at, std::string_view text,
                                 core::Dimension dim) {
    return core::check_quantity(text, dim, core::Range::non_negative(), sheet_.place(cell),
                                "well " + assays::to_string(at), problems_);
  }

  int repeat(const core::Cell& cell, Position at, std::string_view text) {
    const core::ParsedNumber number = core::parse_number(text);
    if (number.error.empty() && number.value >= 1.0 && number.value <= 1e6 &&
        static_cast<double>(static_cast<int>(number.value)) == number.value)
      return static_cast<int>(number.value);
    wrong(cell, at, "bad-replicate", fmt::format("'{}' is not a replicate, 1, 2, ...", text));
    return 1;
  }

  void read_standard(const core::Cell& cell, Position at, std::string_view text, MappedWell& mapped) {
    mapped.well.role = WellRole::standard;
    mapped.well.arm = "standard";
    mapped.standard_unit = unit_after_number(text);
    if (const auto value = quantity(cell, at, text, core::dimension::mass_concentration))
      mapped.well.standard = core::in_unit(*value, "ng/mL");
  }

  // "blank", "standard 5 ng/mL", "arm", "arm @ dose", "arm #2 @ dose"
  void read_words(Position at, const core::Cell& cell) {
    MappedWell& mapped = map_[at];
    mapped.place = sheet_.place(cell);
    const std::string small = plain_name(cell.text);
    if (small == "blank" || small == "blk") {
      mapped.well.role = WellRole::blank;
      return;
    }
    if (small.starts_with("standard") || small.starts_with("std")) {
      const std::size_t space = cell.text.find(' ');
      return read_standard(cell, at, space == std::string::npos ? "" : cell.text.substr(space + 1), mapped);
    }
    mapped.well.role = WellRole::sample;
    std::string arm = cell.text;
    if (const std::size_t place = arm.rfind('@'); place != std::string::npos) {
      read_map_dose(trimmed(std::string_view(arm).substr(place + 1)), sheet_.place(cell),
                    "well " + assays::to_string(at), mapped, problems_);
      arm = trimmed(std::string_view(arm).substr(0, place));
    }
    if (const std::size_t place = arm.rfind('#'); place != std::string::npos) {
      mapped.well.replicate = repeat(cell, at, trimmed(std::string_view(arm).substr(place + 1)));
      arm = trimmed(std::string_view(arm).substr(0, place));
    }
    if (arm.empty()) wrong(cell, at, "empty", "no arm is named", "write it as \"ARM @ DOSE\"");
    mapped.well.arm = arm;
  }

  void read_layers(const std::vector<PlateGrid>& grids) {
    std::map<std::string, const PlateGrid*> layers;
    for (const PlateGrid& grid : grids) {
      const std::string layer = layer_of(grid);
      if (layer.empty())
        problems_.add(
            "unknown-grid", grid.place, "map",
            fmt::format("the grid '{}' has no name; expected role, arm, dose, replicate, standard or "
                        "dilution above it or in its corner",
                        grid.title));
      else if (!layers.insert({layer, &grid}).second)
        problems_.add("duplicate-grid", grid.place, "map", fmt::format("there are two grids '{}'", layer));
    }
    if (!layers.contains("arm"))
      return problems_.add("no-arm-grid", {sheet_.file, 0, 0}, "map", "no grid is called 'arm'");
    for (const auto& [at, cell] : layers["arm"]->cells) read_layered(at, cell, layers);
  }

  void read_layered(Position at, const core::Cell& cell,
                    const std::map<std::string, const PlateGrid*>& layers) {
    const auto of = [&](const char* layer) -> const core::Cell* {
      const auto grid = layers.find(layer);
      if (grid == layers.end()) return nullptr;
      const auto found = grid->second->cells.find(at);
      return found == grid->second->cells.end() ? nullptr : &found->second;
    };
    MappedWell& mapped = map_[at];
    mapped.place = sheet_.place(cell);
    mapped.well.role = WellRole::sample;
    mapped.well.arm = cell.text;
    if (plain_name(cell.text) == "blank") mapped.well = {WellRole::blank, "", 1, 1, {}, {}, 1.0, {}, false};
    if (const core::Cell* role = of("role")) {
      const auto parsed = assays::parse_role(plain_name(role->text));
      if (parsed)
        mapped.well.role = *parsed;
      else
        wrong(*role, at, "unknown-value", fmt::format("'{}' is not blank, standard or sample", role->text));
    }
    if (const core::Cell* dose = of("dose"); dose && mapped.well.role == WellRole::sample)
      read_map_dose(dose->text, sheet_.place(*dose), "well " + assays::to_string(at), mapped, problems_);
    if (const core::Cell* replicate = of("replicate"))
      mapped.well.replicate = repeat(*replicate, at, replicate->text);
    if (const core::Cell* standard = of("standard")) read_standard(*standard, at, standard->text, mapped);
    if (const core::Cell* dilution = of("dilution")) {
      const core::ParsedNumber number = core::parse_number(dilution->text);
      if (number.error.empty() && number.value >= 1.0)
        mapped.well.dilution = number.value;
      else
        wrong(*dilution, at, "bad-dilution",
              fmt::format("'{}' is not a factor of 1 or more", dilution->text));
    }
  }

  const Sheet& sheet_;
  core::Diagnostics& problems_;
  PlateMap map_;
};

}  // namespace

std::string unit_after_number(std::string_view quantity) {
  const std::size_t unit = quantity.find_first_not_of("0123456789.+-eE ");
  return unit == std::string_view::npos ? std::string{} : std::string(quantity.substr(unit));
}

void read_map_dose(const std::string& text, const core::Place& place, const std::string& key,
                   MappedWell& mapped, core::Diagnostics& problems) {
  const core::ParsedQuantity parsed = core::parse_quantity(text);
  const bool mass = parsed.error.empty() && parsed.quantity.dim == core::dimension::mass_concentration;
  const core::Dimension dim = mass ? core::dimension::mass_concentration : core::dimension::concentration;
  const auto value = core::check_quantity(text, dim, core::Range::non_negative(), place, key, problems);
  if (!value) return;
  mapped.dose_unit = unit_after_number(text);
  if (mapped.dose_unit.empty()) mapped.dose_unit = "uM";
  mapped.dose_place = place;
  mapped.well.dose = assays::dose_of({*value, dim}, mapped.dose_unit).held;
}

PlateMap read_grid_map(const Sheet& sheet, core::Diagnostics& problems) {
  return MapReader(sheet, problems).read();
}

}  // namespace stroma::io
