// A plate from the reader's file and its map: which read is used, which wells count, and what is said of it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "assays/dose_response/dose_unit.hpp"
#include "core/units.hpp"
#include "io/lab_files.hpp"
#include "io/plate_export.hpp"

namespace stroma::io {
namespace {

using assays::Position;

// "B3, B4, C5 and 9 more"
std::string list_wells(const std::vector<Position>& wells) {
  constexpr std::size_t most = 8;
  std::string out;
  for (std::size_t i = 0; i < std::min(wells.size(), most); ++i)
    out += (out.empty() ? "" : ", ") + assays::to_string(wells[i]);
  return wells.size() > most ? fmt::format("{} and {} more", out, wells.size() - most) : out;
}

// "*0.356*" and "Masked" are how programs mark a well that somebody took out.
std::string mark_of(const std::string& text) {
  const std::string plain = plain_name(text);
  if (plain == "masked" || plain == "#masked" || plain == "omitted" || plain == "excluded") return text;
  if (text.size() < 2 || (text.front() != '*' && text.back() != '*')) return {};
  std::string inner = text;
  std::erase(inner, '*');
  return read_cell(inner).kind == Reading::number ? "marked *" : "";
}

// The role that a program's own word for a well implies: "Blank B", "Standard S1", "Unused"; nothing for
// others.
std::optional<assays::WellRole> role_of_content(const std::string& content) {
  const std::string plain = plain_name(content);
  if (plain.starts_with("blank") || plain == "b" || plain.starts_with("blk")) return assays::WellRole::blank;
  if (plain.starts_with("standard") || plain.starts_with("std")) return assays::WellRole::standard;
  if (plain == "empty" || plain == "unused") return assays::WellRole::empty;
  if (plain.starts_with("sample") || plain.starts_with("unknown")) return assays::WellRole::sample;
  return std::nullopt;
}

// A well that the reader's program calls a blank and the map a sample, or the reverse: one of them is wrong.
void check_contents(const PlateGrid& grid, const PlateMap& map, core::Diagnostics& problems) {
  const MappedWell* first = nullptr;
  Position at;
  std::size_t differ = 0;
  for (const auto& [position, mapped] : map) {
    const auto content = grid.contents.find(position);
    if (content == grid.contents.end()) continue;
    const auto role = role_of_content(content->second);
    if (!role || *role == mapped.well.role || differ++ > 0) continue;
    first = &mapped;
    at = position;
  }
  if (!first) return;
  problems.add("content-differs", first->place, "well",
               fmt::format("well: the column '{}' of {} calls {} '{}', and the map a {}{}",
                           grid.content_column, grid.place.file, assays::to_string(at), grid.contents.at(at),
                           assays::to_string(first->well.role),
                           differ > 1 ? fmt::format(" ({} wells differ)", differ) : ""),
               "correct the map, or the layout in the reader's program");
}

// The cells of mapped wells as readings; one cause is named once, with the first of its wells and their
// count.
class Readings {
 public:
  Readings(const PlateGrid& grid, const PlateMap& map, core::Diagnostics& problems)
      : grid_(grid), map_(map), problems_(problems) {}

  void put(assays::Plate& plate) {
    for (const auto& [at, mapped] : map_) {
      if (!grid_.format.contains(at)) {
        beyond_.push_back(at);
        continue;
      }
      if (std::string why = left_out(at, mapped); !why.empty()) {
        omitted_[why].push_back(at);
        continue;
      }
      plate.at(at) = mapped.well;
      const auto found = grid_.cells.find(at);
      if (found == grid_.cells.end()) {
        if (!grid_.lost.contains(at)) absent_.push_back(at);
      } else {
        read(at, found->second, plate.at(at));
      }
    }
    report();
  }

  const std::map<std::string, std::vector<Position>>& omitted() const { return omitted_; }

 private:
  struct Bad {
    Position at;
    const core::Cell* cell;
    std::string hint;
  };

  std::string left_out(Position at, const MappedWell& mapped) const {
    if (!mapped.omitted.empty()) return mapped.omitted + " in the map";
    if (const auto omitted = grid_.omitted.find(at); omitted != grid_.omitted.end()) return omitted->second;
    const auto found = grid_.cells.find(at);
    return found == grid_.cells.end() ? "" : mark_of(found->second.text);
  }

  void read(Position at, const core::Cell& cell, assays::PlateWell& well) {
    const ReadCell reading = read_cell(cell.text);
    if (reading.kind == Reading::number || reading.kind == Reading::above) {
      well.od = reading.value;
      well.over_range = reading.kind == Reading::above;
    } else if (reading.kind == Reading::empty) {
      absent_.push_back(at);
    } else if (cell.text.find("\xEF\xBF\xBD") == std::string::npos) {  // a damaged byte has been named
      const bool below = reading.kind == Reading::below;
      bad_[below ? fmt::format("'{}' is below a limit", cell.text) : reading.why].push_back(
          {at, &cell,
           below || reading.hint == "leave the cell empty"
               ? "take the well out of the map, or read the plate again"
               : reading.hint});
    }
  }

  void report() {
    if (!beyond_.empty())
      problems_.add("no-such-well", map_.at(beyond_.front()).place, "well",
                    fmt::format("well: {} is not a well of {}, which has {} x {}", list_wells(beyond_),
                                grid_.place.file, grid_.format.rows, grid_.format.columns));
    report_absent();
    for (const auto& [why, wells] : bad_) {
      const Bad& first = wells.front();
      const std::string name = assays::to_string(first.at);
      std::vector<Position> others;
      for (std::size_t i = 1; i < wells.size(); ++i) others.push_back(wells[i].at);
      problems_.add("bad-reading", {grid_.place.file, first.cell->line, first.cell->column}, name,
                    fmt::format("well {}: {}{}", name, why,
                                others.empty() ? "" : fmt::format("; so have {}", list_wells(others))),
                    first.hint);
    }
  }

  // Whole rows of which the file has nothing are one cause, single wells another.
  void report_absent() {
    std::vector<Position> single, rows;
    for (const Position at : absent_) (grid_.rows.contains(at.row) ? single : rows).push_back(at);
    if (!rows.empty()) {
      std::string letters;
      for (const Position at : rows)
        if (letters.empty() || letters.back() != 'A' + at.row)
          letters += (letters.empty() ? "" : ", ") + std::string(1, static_cast<char>('A' + at.row));
      problems_.add("row-missing", {grid_.place.file, grid_.place.line, 0}, "row",
                    fmt::format("row {} is missing, and the map has {} well{} there (line {} of {})", letters,
                                rows.size(), rows.size() == 1 ? "" : "s", map_.at(rows.front()).place.line,
                                map_.at(rows.front()).place.file),
                    "export the whole plate, or take these wells out of the map");
    }
    if (!single.empty())
      problems_.add("no-reading", map_.at(single.front()).place, "well",
                    single.size() == 1 ? fmt::format("well: well {} has no reading in {}",
                                                     assays::to_string(single.front()), grid_.place.file)
                                       : fmt::format("well: {} wells have no reading in {}: {}",
                                                     single.size(), grid_.place.file, list_wells(single)),
                    "take the well out of the map, or read the plate again");
  }

  const PlateGrid& grid_;
  const PlateMap& map_;
  core::Diagnostics& problems_;
  std::vector<Position> beyond_, absent_;
  std::map<std::string, std::vector<Position>> omitted_;
  std::map<std::string, std::vector<Bad>> bad_;
};

// One drug is on a plate, so its doses are all molar or all by mass; nothing converts one into the other.
void take_dose_unit(const PlateMap& map, assays::Plate& plate, core::Diagnostics& problems) {
  const MappedWell* first = nullptr;
  for (const auto& [at, mapped] : map) {
    if (mapped.dose_unit.empty()) continue;
    if (!first || std::pair(mapped.dose_place.line, mapped.dose_place.column) <
                      std::pair(first->dose_place.line, first->dose_place.column))
      first = &mapped;
  }
  if (!first) return;
  const bool mass = assays::is_mass_unit(first->dose_unit);
  if (mass) plate.dose_unit = first->dose_unit;
  for (const auto& [at, mapped] : map)
    if (!mapped.dose_unit.empty() && assays::is_mass_unit(mapped.dose_unit) != mass)
      problems.add(
          "mass-and-molar", mapped.dose_place, "dose",
          fmt::format("dose: well {} has a dose in {}, but line {}, column {} has one in {}; without a "
                      "molar mass one cannot be read as the other",
                      assays::to_string(at), mapped.dose_unit, first->dose_place.line,
                      first->dose_place.column, first->dose_unit),
          "write all doses of a plate either by mass or in moles");
}

// Readouts are shown as the operator thinks of them: in the unit of the highest standard.
void take_standard_unit(const PlateMap& map, assays::Plate& plate) {
  double highest = 0.0;
  for (const auto& [at, mapped] : map)
    if (mapped.well.standard && *mapped.well.standard > highest && !mapped.standard_unit.empty()) {
      highest = *mapped.well.standard;
      plate.standard_unit = mapped.standard_unit;
    }
}

void append(core::Diagnostics& to, const core::Diagnostics& more) {
  for (const core::Diagnostic& d : more.entries()) to.add(d);
}

// A reader's file has lines that nobody reads; what is wrong in them is no matter, unless it swallows others.
void keep_problems_of(const PlateGrid* chosen, bool any, const core::Diagnostics& found,
                      core::Diagnostics& problems) {
  constexpr std::array<std::string_view, 5> always{"empty-file", "unterminated-quote", "field-too-long",
                                                   "too-many-cells", "too-many-problems"};
  for (const core::Diagnostic& d : found.entries()) {
    const bool inside =
        !chosen ? !any : (d.place.line >= chosen->place.line && d.place.line <= chosen->last_line);
    if (inside || std::find(always.begin(), always.end(), d.code) != always.end()) problems.add(d);
  }
}

// A second wavelength at which the dye is not seen: what plate, dirt and bubbles absorb.
void subtract(const PlateGrid& grid, const PlateMap& map, assays::Plate& plate, core::Diagnostics& problems) {
  PlateMap used;
  for (const auto& [at, mapped] : map)
    if (plate.format.contains(at) && plate.at(at).role != assays::WellRole::empty) used.insert({at, mapped});
  assays::Plate other;
  other.format = grid.format;
  other.wells.resize(other.format.wells());
  append(problems, grid.problems);
  Readings(grid, used, problems).put(other);
  for (const auto& [at, mapped] : used) {
    assays::PlateWell& well = plate.at(at);
    if (!grid.format.contains(at) || !other.at(at).od || !well.od) continue;
    well.over_range = well.over_range || other.at(at).over_range;
    *well.od -= *other.at(at).od;
  }
}

void say_wells(const assays::Plate& plate, const PlateGrid& grid, const PlateMap& map,
               const std::map<std::string, std::vector<Position>>& omitted, core::Understanding& said) {
  std::map<assays::WellRole, std::size_t> roles;
  for (const assays::PlateWell& well : plate.wells) ++roles[well.role];
  std::size_t controls = 0, limits = 0, unmapped = 0;
  for (const assays::PlateWell& well : plate.wells) {
    controls += well.role == assays::WellRole::sample && well.dose && *well.dose == 0.0;
    limits += well.role != assays::WellRole::empty && well.over_range;
  }
  for (const auto& [at, cell] : grid.cells)
    unmapped += !map.contains(at) && read_cell(cell.text).kind == Reading::number;
  std::string what;
  const auto add = [&](std::size_t n, const char* words) {
    if (n > 0) what += fmt::format("{}{} {}", what.empty() ? "" : ", ", n, words);
  };
  add(roles[assays::WellRole::blank], "blank");
  add(roles[assays::WellRole::standard], "standard");
  if (controls > 0) {
    add(controls, "at dose 0");
    add(roles[assays::WellRole::sample] - controls, "with a dose");
  } else {
    add(roles[assays::WellRole::sample], "sample");
  }
  add(limits, "of them at the reader's limit");
  add(unmapped, "read but not in the map (not used)");
  said.found("wells", what);
  for (const auto& [why, wells] : omitted)
    said.found("left out", fmt::format("{} ({})", list_wells(wells), why));
}

}  // namespace

assays::Plate read_plate(const NamedText& grid, const NamedText& map, std::string name, std::string substance,
                         std::string_view read, std::string_view reference, core::Understanding* said) {
  core::Diagnostics problems, in_file;
  const Sheet sheet = read_sheet(grid, in_file);
  const std::vector<PlateGrid> grids = find_grids(sheet, problems);
  const PlateGrid* chosen = choose_grid(grids, read, grid.file, problems);
  const PlateGrid* other =
      reference.empty() || !chosen ? nullptr : choose_grid(grids, reference, grid.file, problems);
  keep_problems_of(chosen, !grids.empty(), in_file, problems);
  core::Diagnostics ignored;  // the map is read again below, by its own reader
  const Sheet map_sheet = read_sheet(map, ignored);
  const PlateMap mapped =
      is_grid_map(map_sheet) ? read_grid_map(map_sheet, problems) : read_list_map(map, problems);
  assays::Plate plate;
  plate.name = std::move(name);
  plate.substance = std::move(substance);
  if (chosen) {
    append(problems, chosen->problems);
    plate.format = chosen->format;
    plate.wells.resize(plate.format.wells());
    check_contents(*chosen, mapped, problems);
    Readings readings(*chosen, mapped, problems);
    readings.put(plate);
    if (other == chosen)
      problems.add("same-read", chosen->place, "--subtract",
                   fmt::format("'{}' would be subtracted from itself", chosen->title),
                   "name the reference wavelength");
    else if (other)
      subtract(*other, mapped, plate, problems);
    if (said) {
      const std::string which = name_read(grids, *chosen);
      if (!read.empty())
        said->given("read", which, "--read");
      else if (grids.size() > 1 || !chosen->title.empty())
        said->found("read", which, "--read");
      if (other) said->given("reference wavelength", name_read(grids, *other) + ", subtracted", "--subtract");
      say_wells(plate, *chosen, mapped, readings.omitted(), *said);
      if (sheet.decimal_commas) said->found("numbers", "with decimal commas");
    }
  }
  take_dose_unit(mapped, plate, problems);
  take_standard_unit(mapped, plate);
  problems.throw_if_any();
  return plate;
}

}  // namespace stroma::io
