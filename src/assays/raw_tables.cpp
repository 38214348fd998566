#include "assays/raw_tables.hpp"

#include <fmt/format.h>

#include "assays/dose_response/dose_unit.hpp"
#include "core/csv.hpp"
#include "core/units.hpp"

namespace stroma::assays {
namespace {

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
  if (!is_mass_unit(unit)) return with_unit(held, unit, "nM");
  const std::string text = fmt::format("{} {}", shown_dose(held, unit), unit);
  return dose_of(core::parse_quantity(text).quantity, unit).held == held ? text
                                                                         : fmt::format("{} ng/mL", held);
}

using Rows = std::vector<std::vector<core::CsvValue>>;

std::string csv(const std::vector<std::string>& columns, const Rows& rows) {
  return core::write_csv(columns, rows);
}

core::CsvValue number(std::int64_t value) {
  return value;
}

}  // namespace

std::string write_plate_grid(const Plate& plate) {
  std::vector<std::string> columns{"row"};
  for (int c = 0; c < plate.format.columns; ++c) columns.push_back(std::to_string(c + 1));
  Rows rows;
  for (int r = 0; r < plate.format.rows; ++r) {
    std::vector<core::CsvValue> row{std::string(1, static_cast<char>('A' + r))};
    for (int c = 0; c < plate.format.columns; ++c) {
      const PlateWell& well = plate.at({r, c});
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

std::string write_plate_map(const Plate& plate) {
  Rows rows;
  for (std::size_t i = 0; i < plate.wells.size(); ++i) {
    const PlateWell& well = plate.wells[i];
    if (well.role == WellRole::empty) continue;
    core::CsvValue dose, standard;
    if (well.dose) dose = dose_text(*well.dose, plate.dose_unit);
    if (well.standard) standard = fmt::format("{} ng/mL", *well.standard);
    rows.push_back({to_string(plate.format.position(i)), std::string(to_string(well.role)), well.arm,
                    number(well.replicate), number(well.technical), dose, standard, well.dilution});
  }
  return csv({"well", "role", "arm", "replicate", "technical", "dose", "standard", "dilution"}, rows);
}

std::string write_ct_table(const std::vector<CtRow>& table) {
  Rows rows;
  for (const CtRow& row : table) {
    core::CsvValue ct = std::string("Undetermined");
    if (row.ct) ct = *row.ct;
    rows.push_back({row.arm, number(row.replicate), row.gene, number(row.technical), ct});
  }
  return csv({"arm", "replicate", "gene", "technical", "ct"}, rows);
}

std::string write_densitometry(const std::vector<BlotBand>& table) {
  Rows rows;
  for (const BlotBand& band : table)
    rows.push_back({band.membrane, number(band.lane), band.arm, number(band.replicate), band.protein,
                    band.volume, band.background, std::string(band.saturated ? "yes" : "no")});
  return csv({"membrane", "lane", "arm", "replicate", "protein", "volume", "background", "saturated"}, rows);
}

std::string write_colony_counts(const std::vector<ColonyCount>& sheet) {
  Rows rows;
  for (const ColonyCount& line : sheet)
    rows.push_back({line.arm, number(line.replicate), number(line.technical), number(line.plated),
                    number(line.colonies)});
  return csv({"arm", "replicate", "technical", "plated", "colonies"}, rows);
}

std::string write_cell_counts(const std::vector<CellCount>& sheet) {
  Rows rows;
  for (const CellCount& line : sheet)
    rows.push_back({line.arm, number(line.replicate), line.cells, fmt::format("{} mL", line.millilitres)});
  return csv({"arm", "replicate", "cells", "volume"}, rows);
}

}  // namespace stroma::assays
