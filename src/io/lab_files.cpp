#include "io/lab_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "assays/dose_response/dose_unit.hpp"
#include "core/csv.hpp"
#include "core/diagnostics.hpp"
#include "core/document.hpp"
#include "core/table.hpp"
#include "core/units.hpp"
#include "io/csv.hpp"
#include "io/lab_rows.hpp"

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

using Rows = std::vector<std::vector<core::CsvValue>>;

std::string csv(const std::vector<std::string>& columns, const Rows& rows) {
  return core::write_csv(columns, rows);
}

core::CsvValue number(std::int64_t value) {
  return value;
}

}  // namespace

std::string write_plate_grid(const assays::Plate& plate) {
  std::vector<std::string> columns{"row"};
  for (int c = 0; c < plate.format.columns; ++c) columns.push_back(std::to_string(c + 1));
  Rows rows;
  for (int r = 0; r < plate.format.rows; ++r) {
    std::vector<core::CsvValue> row{std::string(1, static_cast<char>('A' + r))};
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
    core::CsvValue dose, standard;
    if (well.dose) dose = dose_text(*well.dose, plate.dose_unit);
    if (well.standard) standard = fmt::format("{} ng/mL", *well.standard);
    rows.push_back({assays::to_string(plate.format.position(i)), std::string(assays::to_string(well.role)),
                    well.arm, number(well.replicate), number(well.technical), dose, standard, well.dilution});
  }
  return csv({"well", "role", "arm", "replicate", "technical", "dose", "standard", "dilution"}, rows);
}

std::string write_ct_table(const std::vector<assays::CtRow>& table) {
  Rows rows;
  for (const assays::CtRow& row : table) {
    core::CsvValue ct = std::string(undetermined);
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
