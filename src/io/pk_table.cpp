#include "io/pk_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/units.hpp"
#include "io/csv.hpp"
#include "io/measured_table.hpp"

namespace stroma::io {
namespace {

bool below_limit(const std::string& text) {
  const std::string plain = plain_name(text);
  constexpr std::array<std::string_view, 7> words{"<lod", "<loq", "<lloq", "blq", "bql", "bloq", "nd"};
  return std::find(words.begin(), words.end(), plain) != words.end();
}

}  // namespace

PkTable read_pk_table(const NamedText& text) {
  core::Diagnostics problems;
  CsvOptions options;
  options.delimiter = delimiter_of(text.text);
  options.row_names = true;
  namespace dim = core::dimension;
  MeasuredTable table(read_csv(text.text, text.file, options, problems),
                      {{"arm", false, {"group", "condition"}},
                       {"subject", true, {"animal", "id", "mouse", "patient"}},
                       {"time", true, {}, {dim::time}},
                       {"concentration",
                        true,
                        {"conc", "dv", "plasma concentration"},
                        {dim::mass_concentration, dim::concentration}},
                       {"dose", false, {"amt", "amount"}, {dim::mass, dim::dose, dim::amount}}},
                      OtherColumns::refuse, problems);
  PkTable out;
  if (table.complete())
    for (std::size_t r = 0; r < table.rows(); ++r) {
      assays::PkSample sample;
      sample.arm = table.text(r, "arm").empty() ? "all" : table.text(r, "arm");
      sample.subject = table.required_text(r, "subject");
      sample.place = table.place(r, "concentration");
      if (const auto time = table.quantity(r, "time", core::Range::non_negative()))
        sample.time = core::in_unit(*time, "h");
      const ReadCell cell = table.reading(r, "concentration");
      if (below_limit(table.text(r, "concentration"))) {
        sample.limit = 0.0;
      } else if (cell.kind == Reading::below) {
        sample.limit = cell.value;
      } else if (const auto value = table.quantity(r, "concentration", core::Range::non_negative())) {
        sample.concentration =
            *value / core::parse_quantity("1 " + table.unit("concentration")).quantity.value;
      }
      if (table.has("dose") && !table.text(r, "dose").empty())
        if (const auto dose = table.quantity(r, "dose", core::Range::positive()))
          sample.dose = *dose / core::parse_quantity("1 " + table.unit("dose")).quantity.value;
      out.samples.push_back(std::move(sample));
    }
  if (table.complete() && out.samples.empty())
    problems.add("empty-table", {text.file, 1, 0}, {}, "the table has a header and no lines");
  problems.throw_if_any();
  out.concentration_unit = table.unit("concentration");
  out.dose_unit = table.unit("dose");
  return out;
}

}  // namespace stroma::io
