// Plate maps as lists: one line per well with its role, arm, replicate and dose.
#include <fmt/format.h>

#include <algorithm>

#include "assays/dose_response/dose_unit.hpp"
#include "io/lab_rows.hpp"
#include "io/plate_export.hpp"

namespace stroma::io {
namespace {

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

// Takes the columns Omit, Include, Flag ... out of a table: which of its lines they leave out, and by what.
std::map<int, std::string> take_flags(core::Table& table) {
  std::map<int, std::string> omitted;  // by line
  for (std::size_t c = table.header.size(); c-- > 0;) {
    const std::string name = table.header[c].text;
    if (!is_flag_column(name)) continue;
    for (std::vector<core::Cell>& row : table.rows) {
      if (leaves_out(name, row[c].text)) omitted[row[c].line] = name;
      row.erase(row.begin() + static_cast<std::ptrdiff_t>(c));
    }
    table.header.erase(table.header.begin() + static_cast<std::ptrdiff_t>(c));
  }
  return omitted;
}

// A replicate that is empty in some lines would be counted as the first experiment.
void check_replicates(const core::Table& table, core::Diagnostics& problems) {
  const auto replicate = table.column("replicate"), role = table.column("role");
  if (!replicate || !role) return;
  const core::Cell* first = nullptr;
  std::size_t empty = 0, filled = 0;
  for (const std::vector<core::Cell>& row : table.rows) {
    if (row[*role].text != "sample") continue;
    if (!row[*replicate].text.empty())
      ++filled;
    else if (++empty == 1)
      first = &row[*replicate];
  }
  if (empty > 0 && filled > 0)
    problems.add(
        "empty-replicate", table.place(*first), "replicate",
        fmt::format("replicate: {} of {} samples have none; which experiment they belong to is not said",
                    empty, empty + filled),
        "number the experiment of every sample, or leave the column empty throughout");
}

}  // namespace

PlateMap read_list_map(const NamedText& text, core::Diagnostics& problems) {
  CsvOptions options;
  options.delimiter = delimiter_of(text.text);
  options.row_names = true;
  core::Table table = read_csv(text.text, text.file, options, problems);
  points_for_commas(table.rows);
  const std::map<int, std::string> omitted = take_flags(table);
  PlateMap mapped;
  if (!core::check_columns(table, {"well", "role"},
                           {"arm", "replicate", "technical", "dose", "standard", "dilution"}, problems))
    return mapped;
  check_replicates(table, problems);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const core::Row row(table, i, problems);
    const auto place = assays::parse_position(row.text("well"), assays::plate_384);
    if (!place) {
      row.wrong("well", "no-such-well",
                fmt::format("'{}' is not a well, A1 to H12 or P24", row.text("well")));
      continue;
    }
    const auto [first, fresh] = mapped.insert({*place, {{}, row.place("well"), {}, {}, {}, {}}});
    if (!fresh) {
      row.wrong("well", "well-taken-twice",
                fmt::format("well {} is used twice (first in line {})", assays::to_string(*place),
                            first->second.place.line),
                "give each well its own place");
      continue;
    }
    read_well(row, first->second, problems);
    if (const auto out = omitted.find(row.place("well").line); out != omitted.end())
      first->second.omitted = out->second;
  }
  return mapped;
}

}  // namespace stroma::io
