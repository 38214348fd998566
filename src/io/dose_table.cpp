#include "io/dose_table.hpp"

#include <fmt/format.h>

#include "assays/dose_unit.hpp"
#include "io/csv.hpp"
#include "io/measured_table.hpp"

namespace stroma::io {
namespace {

// The response column's header may say what its numbers are; the word is taken off so that the column is
// found.
assays::ResponseScale scale_of(core::Table& table) {
  for (core::Cell& cell : table.header) {
    const std::string plain = plain_name(cell.text);
    for (const std::string_view name : {"response", "viability", "survival"}) {
      if (!plain.starts_with(name)) continue;
      const std::string rest = plain.substr(name.size());
      if (rest.empty()) break;
      if (rest == "%" || rest == "percent" || rest == "pct") {
        cell.text = name;
        return assays::ResponseScale::percent;
      }
      if (rest == "fraction") {
        cell.text = name;
        return assays::ResponseScale::fraction;
      }
    }
  }
  return assays::ResponseScale::unknown;
}

}  // namespace

assays::DoseTable read_dose_table(const NamedText& text, const std::string& drug, const std::string& start) {
  core::Diagnostics problems;
  CsvOptions options;
  options.delimiter = delimiter_of(text.text);
  options.row_names = true;
  core::Table csv = read_csv(text.text, text.file, options, problems);
  assays::DoseTable out;
  out.scale = scale_of(csv);
  std::vector<ColumnSpec> columns{{"drug", false, {"compound"}},
                                  {"arm", true, {"condition", "group", "cell line"}},
                                  {"replicate", false, {"experiment"}},
                                  {"technical", false, {"well"}},
                                  {"dose",
                                   true,
                                   {"concentration", "conc"},
                                   {core::dimension::concentration, core::dimension::mass_concentration}},
                                  {"response", true, {"viability", "survival", "signal", "od"}}};
  if (!start.empty()) columns.push_back({start, true});
  MeasuredTable table(std::move(csv), columns, OtherColumns::refuse, problems);
  out.replicates_said = table.has("replicate");
  out.technical_said = table.has("technical");
  if (table.complete())
    for (std::size_t r = 0; r < table.rows(); ++r) {
      assays::DoseRow row;
      row.drug = table.text(r, "drug").empty() ? drug : table.text(r, "drug");
      row.arm = table.required_text(r, "arm");
      row.replicate = table.repeat(r, "replicate");
      row.technical = table.repeat(r, "technical");
      row.place = table.place(r, "response");
      const auto dose = table.quantity(r, "dose", core::Range::non_negative(), row.drug);
      const auto response = table.number(r, "response", core::Range::any());
      const std::string unit = table.unit("dose", row.drug);
      if (dose && !unit.empty()) {
        const core::Dimension dim = core::parse_quantity("1 " + unit).quantity.dim;
        const assays::Dose held = assays::dose_of({*dose, dim}, unit);
        row.dose = held.held;
        row.dose_unit = held.unit;
      }
      row.response = response.value_or(0.0);
      if (!start.empty()) row.at_start = table.number(r, start, core::Range::positive());
      out.rows.push_back(std::move(row));
    }
  if (table.complete() && out.rows.empty())
    problems.add("empty-table", {text.file, 1, 0}, {}, "the table has a header and no lines");
  problems.throw_if_any();
  return out;
}

}  // namespace stroma::io
