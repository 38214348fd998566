#include "io/lab_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "assays/dose_unit.hpp"
#include "core/diagnostics.hpp"
#include "core/document.hpp"
#include "core/table.hpp"
#include "core/units.hpp"
#include "io/csv.hpp"
#include "io/plate_export.hpp"

namespace stroma::io {
namespace {

constexpr std::string_view undetermined = "Undetermined";

// A quantity in the readable unit where that reads back to the same bits, else in the exact one.
std::string with_unit(double value, std::string_view readable, std::string_view exact) {
  for (const std::string_view unit : {readable, exact}) {
    std::string text = fmt::format("{} {}", core::in_unit(value, unit), unit);
    if (core::parse_quantity(text).quantity.value == value) return text;
  }
  return fmt::format("{} {}", core::in_unit(value, exact), exact);
}

// A dose in the plate's unit where that reads back to the same bits, else in the one in which it is held.
std::string dose_text(double held, const std::string& unit) {
  if (!assays::is_mass_unit(unit)) return with_unit(held, unit, "nM");
  const std::string text = fmt::format("{} {}", assays::shown_dose(held, unit), unit);
  return assays::dose_of(core::parse_quantity(text).quantity, unit).held == held
             ? text
             : fmt::format("{} ng/mL", held);
}

std::int64_t whole(const core::Row& row, std::string_view column, std::int64_t low, double high = 1e9) {
  const double value =
      row.quantity(column, core::dimension::none, core::Range::closed(static_cast<double>(low), high));
  if (std::floor(value) != value)
    row.wrong(column, "not-whole", fmt::format("'{}' is not a whole number", row.text(column)));
  return static_cast<std::int64_t>(value);
}

int small(const core::Row& row, std::string_view column) {
  return static_cast<int>(std::clamp<std::int64_t>(whole(row, column, 1, 1e6), 1, 1'000'000));
}

int small_or_one(const core::Row& row, std::string_view column) {
  return row.text(column).empty() ? 1 : small(row, column);
}

// Reads a table and hands each row to `add`; throws with every problem at once.
template <class Add>
void each_row(const NamedText& from, std::initializer_list<std::string_view> required,
              std::initializer_list<std::string_view> optional, core::Diagnostics& problems, Add add) {
  CsvOptions options;
  options.delimiter = delimiter_of(from.text);
  options.row_names = true;
  const core::Table table = read_csv(from.text, from.file, options, problems);
  if (!core::check_columns(table, required, optional, problems)) return;
  require_rows(table, problems);
  for (std::size_t i = 0; i < table.rows.size(); ++i) add(core::Row(table, i, problems));
}

// Keys of a table's lines; complains of one that comes again.
class Once {
 public:
  void check(const core::Row& row, std::string_view column, const std::string& key, const char* code,
             const std::string& what) {
    const int line = row.place(column).line;
    const auto [first, fresh] = lines_.insert({key, line});
    if (!fresh)
      row.wrong(column, code, fmt::format("{} is there twice (first in line {})", what, first->second));
  }

 private:
  std::map<std::string, int> lines_;
};

using Rows = std::vector<std::vector<CsvValue>>;

std::string csv(const std::vector<std::string>& columns, const Rows& rows) {
  return write_csv(columns, rows);
}

CsvValue number(std::int64_t value) {
  return value;
}

// The cells of mapped wells as readings; what is none is named once, with well and place.
class Readings {
 public:
  Readings(const PlateGrid& grid, const PlateMap& map, core::Diagnostics& problems)
      : grid_(grid), map_(map), problems_(problems) {}

  void put(assays::Plate& plate) {
    const bool commas = all_decimal_commas();
    for (const auto& [at, mapped] : map_) {
      if (!grid_.format.contains(at)) {
        problems_.add("no-such-well", mapped.place, "well",
                      fmt::format("well: {} is not a well of {}, which has {} x {}", assays::to_string(at),
                                  grid_.place.file, grid_.format.rows, grid_.format.columns));
        continue;
      }
      plate.at(at) = mapped.well;
      const auto found = grid_.cells.find(at);
      if (found == grid_.cells.end()) {
        if (!grid_.lost.contains(at)) absent(at, mapped);
      } else if (!commas) {
        read(at, mapped, found->second, plate.at(at));
      }
    }
  }

 private:
  // A file with decimal commas throughout has one problem and not one per well.
  bool all_decimal_commas() {
    std::vector<const core::Cell*> cells;
    for (const auto& [at, mapped] : map_)
      if (const auto found = grid_.cells.find(at); found != grid_.cells.end())
        cells.push_back(&found->second);
    constexpr std::size_t least = 4;
    if (cells.size() < least || !std::all_of(cells.begin(), cells.end(), [](const core::Cell* cell) {
          return cell->text.find(',') != std::string::npos &&
                 read_cell(cell->text).kind == Reading::no_number;
        }))
      return false;
    const ReadCell first = read_cell(cells.front()->text);
    problems_.add("bad-reading", {grid_.place.file, cells.front()->line, cells.front()->column}, {},
                  fmt::format("{}, and so have the other {} wells", first.why, cells.size() - 1),
                  "export with decimal points");
    return true;
  }

  void absent(assays::Position at, const MappedWell& mapped) {
    problems_.add("no-reading", mapped.place, "well",
                  fmt::format("well: well {} has no reading in {}", assays::to_string(at), grid_.place.file),
                  "take the well out of the map, or read the plate again");
  }

  void read(assays::Position at, const MappedWell& mapped, const core::Cell& cell, assays::PlateWell& well) {
    const ReadCell reading = read_cell(cell.text);
    if (reading.kind == Reading::number || reading.kind == Reading::above) {
      well.od = reading.value;
      well.over_range = reading.kind == Reading::above;
    } else if (reading.kind == Reading::empty) {
      absent(at, mapped);
    } else if (cell.text.find("\xEF\xBF\xBD") == std::string::npos) {  // a damaged byte has been named
      const std::string name = assays::to_string(at);
      problems_.add(
          "bad-reading", {grid_.place.file, cell.line, cell.column}, name,
          fmt::format(
              "well {}: {}", name,
              reading.kind == Reading::below ? fmt::format("'{}' is below a limit", cell.text) : reading.why),
          reading.kind == Reading::below || reading.hint == "leave the cell empty"
              ? "take the well out of the map, or read the plate again"
              : reading.hint);
    }
  }

  const PlateGrid& grid_;
  const PlateMap& map_;
  core::Diagnostics& problems_;
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

void read_well(const core::Row& row, MappedWell& mapped, core::Diagnostics& problems) {
  assays::PlateWell& well = mapped.well;
  const std::string role = row.choice("role", {"blank", "standard", "sample"});
  well.role = assays::parse_role(role).value_or(assays::WellRole::empty);
  well.arm = well.role == assays::WellRole::sample ? row.required_text("arm") : row.text("arm");
  well.replicate = small_or_one(row, "replicate");
  well.technical = small_or_one(row, "technical");
  if (!row.text("dose").empty()) {
    read_map_dose(row.text("dose"), row.place("dose"), "dose", mapped, problems);
  }
  if (well.role == assays::WellRole::standard) {
    mapped.standard_unit = unit_after_number(row.text("standard"));
    well.standard = core::in_unit(
        row.quantity("standard", core::dimension::mass_concentration, core::Range::non_negative()), "ng/mL");
  } else if (!row.text("standard").empty())
    row.wrong("standard", "not-a-standard", "only a well of role standard has one");
  core::Range dilutions = core::Range::non_negative();
  dilutions.low = 1.0;
  well.dilution = row.quantity_or("dilution", core::dimension::none, dilutions, 1.0);
}

}  // namespace

std::string write_plate_grid(const assays::Plate& plate) {
  std::vector<std::string> columns{"row"};
  for (int c = 0; c < plate.format.columns; ++c) columns.push_back(std::to_string(c + 1));
  Rows rows;
  for (int r = 0; r < plate.format.rows; ++r) {
    std::vector<CsvValue> row{std::string(1, static_cast<char>('A' + r))};
    for (int c = 0; c < plate.format.columns; ++c) {
      const assays::PlateWell& well = plate.at({r, c});
      if (!well.od)
        row.emplace_back(std::monostate{});
      else if (well.over_range)
        row.emplace_back(fmt::format(">{}", *well.od));
      else
        row.emplace_back(*well.od);
    }
    rows.push_back(std::move(row));
  }
  return csv(columns, rows);
}

std::string write_plate_map(const assays::Plate& plate) {
  Rows rows;
  for (std::size_t i = 0; i < plate.wells.size(); ++i) {
    const assays::PlateWell& well = plate.wells[i];
    if (well.role == assays::WellRole::empty) continue;
    CsvValue dose, standard;
    if (well.dose) dose = dose_text(*well.dose, plate.dose_unit);
    if (well.standard) standard = fmt::format("{} ng/mL", *well.standard);
    rows.push_back({assays::to_string(plate.format.position(i)), std::string(assays::to_string(well.role)),
                    well.arm, number(well.replicate), number(well.technical), dose, standard, well.dilution});
  }
  return csv({"well", "role", "arm", "replicate", "technical", "dose", "standard", "dilution"}, rows);
}

namespace {

PlateMap read_list_map(const NamedText& map, core::Diagnostics& problems) {
  PlateMap mapped;
  each_row(map, {"well", "role"}, {"arm", "replicate", "technical", "dose", "standard", "dilution"}, problems,
           [&](const core::Row& row) {
             const auto place = assays::parse_position(row.text("well"), assays::plate_384);
             if (!place)
               return row.wrong("well", "no-such-well",
                                fmt::format("'{}' is not a well, A1 to H12 or P24", row.text("well")));
             const auto [first, fresh] = mapped.insert({*place, {{}, row.place("well"), {}, {}, {}}});
             if (!fresh)
               return row.wrong("well", "well-taken-twice",
                                fmt::format("well {} is used twice (first in line {})",
                                            assays::to_string(*place), first->second.place.line),
                                "give each well its own place");
             read_well(row, first->second, problems);
           });
  return mapped;
}

}  // namespace

namespace {

// A layout that the reader's program prints has no number in it and is no read; where nothing has one, every
// grid stays, so that what is wrong with it is said.
std::vector<PlateGrid> reads_of(std::vector<PlateGrid> grids) {
  const auto no_numbers = [](const PlateGrid& grid) {
    return std::none_of(grid.cells.begin(), grid.cells.end(), [](const auto& entry) {
      return read_cell(entry.second.text).kind == Reading::number;
    });
  };
  if (!std::all_of(grids.begin(), grids.end(), no_numbers)) std::erase_if(grids, no_numbers);
  return grids;
}

}  // namespace

assays::Plate read_plate(const NamedText& grid, const NamedText& map, std::string name, std::string substance,
                         std::string_view read) {
  core::Diagnostics problems;
  const Sheet sheet = read_sheet(grid, problems);
  const std::vector<PlateGrid> grids = reads_of(find_grids(sheet, problems));
  const PlateGrid* chosen = choose_grid(grids, read, grid.file, problems);
  core::Diagnostics ignored;  // the map is read again below, by its own reader
  const Sheet map_sheet = read_sheet(map, ignored);
  const PlateMap mapped =
      is_grid_map(map_sheet) ? read_grid_map(map_sheet, problems) : read_list_map(map, problems);
  assays::Plate plate;
  plate.name = std::move(name);
  plate.substance = std::move(substance);
  if (chosen) {
    plate.format = chosen->format;
    plate.wells.resize(plate.format.wells());
    Readings(*chosen, mapped, problems).put(plate);
  }
  take_dose_unit(mapped, plate, problems);
  take_standard_unit(mapped, plate);
  problems.throw_if_any();
  return plate;
}

std::string write_ct_table(const std::vector<assays::CtRow>& table) {
  Rows rows;
  for (const assays::CtRow& row : table) {
    CsvValue ct = std::string(undetermined);
    if (row.ct) ct = *row.ct;
    rows.push_back({row.arm, number(row.replicate), row.gene, number(row.technical), ct});
  }
  return csv({"arm", "replicate", "gene", "technical", "ct"}, rows);
}

std::vector<assays::CtRow> read_ct_table(const NamedText& text) {
  core::Diagnostics problems;
  std::vector<assays::CtRow> table;
  Once once;
  each_row(text, {"arm", "replicate", "gene", "technical", "ct"}, {}, problems, [&](const core::Row& row) {
    assays::CtRow ct{row.required_text("arm"),
                     small(row, "replicate"),
                     row.required_text("gene"),
                     small(row, "technical"),
                     {}};
    if (row.text("ct") != undetermined)
      ct.ct = row.quantity("ct", core::dimension::none, core::Range::positive());
    once.check(
        row, "technical", fmt::format("{}\t{}\t{}\t{}", ct.arm, ct.replicate, ct.gene, ct.technical),
        "duplicate-well",
        fmt::format("well {} of {} in '{}', replicate {}", ct.technical, ct.gene, ct.arm, ct.replicate));
    table.push_back(std::move(ct));
  });
  problems.throw_if_any();
  return table;
}

std::string write_densitometry(const std::vector<assays::BlotBand>& table) {
  Rows rows;
  for (const assays::BlotBand& band : table)
    rows.push_back({band.membrane, number(band.lane), band.arm, number(band.replicate), band.protein,
                    band.volume, band.background, std::string(band.saturated ? "yes" : "no")});
  return csv({"membrane", "lane", "arm", "replicate", "protein", "volume", "background", "saturated"}, rows);
}

std::vector<assays::BlotBand> read_densitometry(const NamedText& text) {
  core::Diagnostics problems;
  std::vector<assays::BlotBand> table;
  Once once;
  each_row(
      text, {"membrane", "lane", "arm", "replicate", "protein", "volume", "background"}, {"saturated"},
      problems, [&](const core::Row& row) {
        assays::BlotBand band;
        band.membrane = row.required_text("membrane");
        band.lane = small(row, "lane");
        band.arm = row.required_text("arm");
        band.replicate = small(row, "replicate");
        band.protein = row.required_text("protein");
        band.volume = row.quantity("volume", core::dimension::none, core::Range::non_negative());
        band.background = row.quantity("background", core::dimension::none, core::Range::non_negative());
        band.saturated = !row.text("saturated").empty() && row.choice("saturated", {"yes", "no"}) == "yes";
        once.check(row, "protein", fmt::format("{}\t{}\t{}", band.membrane, band.lane, band.protein),
                   "duplicate-band",
                   fmt::format("membrane '{}', lane {}, {}", band.membrane, band.lane, band.protein));
        table.push_back(std::move(band));
      });
  problems.throw_if_any();
  return table;
}

std::string write_colony_counts(const std::vector<assays::ColonyCount>& sheet) {
  Rows rows;
  for (const assays::ColonyCount& line : sheet)
    rows.push_back({line.arm, number(line.replicate), number(line.technical), number(line.plated),
                    number(line.colonies)});
  return csv({"arm", "replicate", "technical", "plated", "colonies"}, rows);
}

std::vector<assays::ColonyCount> read_colony_counts(const NamedText& text) {
  core::Diagnostics problems;
  std::vector<assays::ColonyCount> sheet;
  Once once;
  each_row(
      text, {"arm", "replicate", "plated", "colonies"}, {"technical"}, problems, [&](const core::Row& row) {
        const assays::ColonyCount count{row.required_text("arm"), small(row, "replicate"),
                                        small_or_one(row, "technical"), whole(row, "plated", 1),
                                        whole(row, "colonies", 0)};
        if (count.plated > 0 && count.colonies > count.plated)
          row.wrong("colonies", "more-than-plated",
                    fmt::format("{} colonies of {} cells plated", count.colonies, count.plated),
                    "look whether the columns plated and colonies are exchanged");
        once.check(row, "colonies", fmt::format("{}\t{}\t{}", count.arm, count.replicate, count.technical),
                   "duplicate-well",
                   fmt::format("well {} of '{}', replicate {}", count.technical, count.arm, count.replicate));
        sheet.push_back(count);
      });
  problems.throw_if_any();
  return sheet;
}

std::string write_cell_counts(const std::vector<assays::CellCount>& sheet) {
  Rows rows;
  for (const assays::CellCount& line : sheet)
    rows.push_back({line.arm, number(line.replicate), line.cells, fmt::format("{} mL", line.millilitres)});
  return csv({"arm", "replicate", "cells", "volume"}, rows);
}

std::vector<assays::CellCount> read_cell_counts(const NamedText& text) {
  core::Diagnostics problems;
  std::vector<assays::CellCount> sheet;
  each_row(text, {"arm", "replicate", "cells", "volume"}, {}, problems, [&](const core::Row& row) {
    const double cells = row.quantity("cells", core::dimension::none, core::Range::non_negative());
    const double volume = row.quantity("volume", core::dimension::volume, core::Range::positive());
    sheet.push_back({row.required_text("arm"), small(row, "replicate"), cells, core::in_unit(volume, "mL")});
  });
  problems.throw_if_any();
  return sheet;
}

Fcs to_fcs(const assays::FlowSample& sample) {
  Fcs fcs;
  for (const assays::FlowChannel& channel : sample.channels)
    fcs.channels.push_back({channel.name, channel.stain, channel.range});
  fcs.events.assign(sample.events.begin(), sample.events.end());
  if (!sample.arm.empty()) fcs.keywords.emplace_back("ARM", sample.arm);
  fcs.keywords.emplace_back("REPLICATE", std::to_string(sample.replicate));
  fcs.keywords.emplace_back("TECHNICAL", std::to_string(sample.technical));
  return fcs;
}

assays::FlowSample from_fcs(const Fcs& fcs, const std::string& name) {
  assays::FlowSample sample;
  const std::string* arm = fcs.keyword("ARM");
  sample.arm = arm ? *arm : name;
  const auto repeat = [&](std::string_view keyword) {
    const std::string* text = fcs.keyword(keyword);
    const core::ParsedNumber parsed = text ? core::parse_number(*text) : core::ParsedNumber{1.0, {}};
    const bool whole_number = parsed.error.empty() && parsed.value >= 1.0 && parsed.value <= 1e6;
    return whole_number ? static_cast<int>(parsed.value) : 1;
  };
  sample.replicate = repeat("REPLICATE");
  sample.technical = repeat("TECHNICAL");
  for (const FcsChannel& channel : fcs.channels)
    sample.channels.push_back({channel.name, channel.stain, channel.range});
  sample.events.assign(fcs.events.begin(), fcs.events.end());
  return sample;
}

}  // namespace stroma::io
