#include "io/caliper_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "core/units.hpp"
#include "io/csv.hpp"
#include "io/day_columns.hpp"
#include "io/decimal_commas.hpp"
#include "io/known_columns.hpp"
#include "io/measured_table.hpp"
#include "stats/formula.hpp"

namespace stroma::io {
namespace {

namespace dim = core::dimension;

}  // namespace

std::vector<ColumnSpec> caliper_columns(bool volumes) {
  std::vector<ColumnSpec> out{{"animal", true},
                              {"arm", false},
                              {"tumour", false, {"tumor", "flank", "side", "site"}},
                              {"day",
                               false,
                               {"days", "study day", "day of study", "dpi", "days post implantation",
                                "days post inoculation", "days post injection"}},
                              {"week", false, {"weeks", "study week", "wk"}},
                              {"time", false, {}, {dim::time}}};
  if (volumes)
    out.push_back({"volume", true, {"tumour volume", "tumor volume", "vol", "tv"}, {dim::volume, dim::none}});
  else
    for (const char* side : {"length", "width"}) out.push_back({side, true, {}, {dim::length, dim::none}});
  return out;
}

namespace {

bool says_volume(const std::string& header) {
  const std::string plain = plain_name(header);
  return plain.find("volume") != std::string::npos || plain == "vol" || plain == "tv";
}

// What stands where an animal was not measured.
bool is_missing(const std::string& text) {
  constexpr std::array<std::string_view, 9> words{
      "nan", "dead", "died", "found dead", "sacrificed", "euthanized", "euthanised", "culled", "."};
  std::string small = text;
  for (char& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return read_cell(text).kind == Reading::empty ||
         std::find(words.begin(), words.end(), small) != words.end();
}

// The table in its long form, with its columns called by their roles.
core::Table long_table(const NamedText& text, const CaliperColumns& columns, CaliperTable& out,
                       core::Diagnostics& problems) {
  CsvOptions options;
  options.delimiter = delimiter_of(text.text);
  options.row_names = true;
  core::Diagnostics of_sheet;
  const Sheet sheet = read_sheet(text, of_sheet);
  std::optional<core::Table> wide = days_as_lines(sheet, out.understanding);
  const bool by_day = wide && of_sheet.empty();
  core::Table table = by_day ? std::move(*wide) : read_csv(text.text, text.file, options, problems);
  if (by_day && sheet.decimal_commas) out.understanding.found("numbers", "with decimal commas");
  leave_out_marked(table, out.understanding);
  if (const std::string said = write_points(table, options.delimiter); !said.empty())
    out.understanding.found("numbers", said);
  if (table.header.empty()) return table;
  core::Diagnostics questions;
  name_caliper_columns(table, columns, out.understanding, out.warnings, questions);
  if (!questions.empty()) {  // until they are answered, nothing else about the table can be said
    for (const core::Diagnostic& question : questions.entries()) problems.add(question);
    problems.throw_if_any();
  }
  return table;
}

class Reader {
 public:
  Reader(const NamedText& text, const std::string& formula, const CaliperColumns& columns)
      : file_(text.file) {
    core::Table table = long_table(text, columns, out_, problems_);
    for (const core::Cell& cell : table.header) out_.from_volume = out_.from_volume || says_volume(cell.text);
    table_.emplace(std::move(table), caliper_columns(out_.from_volume), OtherColumns::ignore, problems_);
    if (!out_.from_volume) read_formula(formula);
  }

  CaliperTable read() {
    if (table_->complete() && !table_->has("day") && !table_->has("week") && !table_->has("time"))
      problems_.add("missing-column", {file_, 1, 0}, "day", "column 'day' is missing",
                    "days as plain numbers, a column 'week', or a column 'time' with its unit");
    if (table_->complete() && table_->rows() == 0)
      problems_.add("empty-table", {file_, 1, 0}, {}, "the table has a header and no lines");
    problems_.throw_if_any();
    for (const std::string column : {"length", "width", "volume"})
      if (table_->has(column)) note_units(column);
    for (std::size_t row = 0; row < table_->rows(); ++row) read_row(row);
    if (missing_ > 0 && out_.volumes.empty())
      problems_.add("empty-table", {file_, 1, 0}, {}, "no line of the table has a measurement");
    problems_.throw_if_any();
    if (missing_ > 0)
      out_.understanding.found(
          "not measured",
          fmt::format("{} of {} lines have no volume (empty, NA or dead)", missing_, table_->rows()));
    if (!table_->has("day") && table_->has("week")) out_.understanding.found("time", "weeks, of 7 days");
    return std::move(out_);
  }

 private:
  void read_formula(const std::string& formula) {
    try {
      formula_.emplace(formula, std::vector<std::string>{"length", "width"}, std::vector<std::string>{});
    } catch (const stats::FormulaError& error) {
      problems_.add("bad-formula", {}, "--formula", fmt::format("'{}': {}", formula, error.what()),
                    "use length and width (mm), such as pi/6*length*width^2");
    }
  }

  // A number with a unit beside numbers without one could mean anything; a column that never says is in mm.
  void note_units(const std::string& column) {
    if (!table_->unit(column).empty()) {
      in_header_.insert(column);
      return;
    }
    std::vector<std::size_t> bare;
    std::size_t said = 0;
    for (std::size_t row = 0; row < table_->rows(); ++row) {
      const std::string text = table_->text(row, column);
      if (text.ends_with('%'))
        table_->wrong(row, column, "wrong-dimension",
                      fmt::format("'{}' is a percentage; expected a measurement", text));
      else if (core::parse_number(text).error.empty())
        bare.push_back(row);
      else
        said += core::parse_quantity(text).has_unit;
    }
    if (said > 0)
      for (const std::size_t row : bare)
        table_->wrong(row, column, "two-units",
                      fmt::format("'{}' has no unit where other cells have one", table_->text(row, column)),
                      "write the unit once, in the header");
    else if (!bare.empty())
      out_.warnings.add(
          "unit-assumed", {file_, 1, 0}, column,
          fmt::format("{} has no unit: taken as {}", column, column == "volume" ? "mm³" : "mm"),
          fmt::format("write it in the header: {} ({})", column, column == "volume" ? "mm^3" : "mm"));
  }

  // In mm or mm^3: plain numbers are so already.
  std::optional<double> measured(std::size_t row, const std::string& column) {
    const bool plain =
        !in_header_.contains(column) && core::parse_number(table_->text(row, column)).error.empty();
    if (plain) return table_->number(row, column, core::Range::non_negative());
    const auto value = table_->quantity(row, column, core::Range::non_negative());
    if (!value) return std::nullopt;
    const double mm = core::unit("mm");
    return *value / (column == "volume" ? mm * mm * mm : mm);
  }

  std::optional<double> volume(std::size_t row) {
    if (out_.from_volume) return measured(row, "volume");
    auto length = measured(row, "length"), width = measured(row, "width");
    if (!length || !width) return std::nullopt;
    if (*width > *length) {
      out_.warnings.add(
          "swapped", table_->place(row, "width"), "width",
          fmt::format("the width {:g} is above the length {:g}: taken the other way round", *width, *length),
          "the length is the longer diameter");
      std::swap(length, width);
    }
    const std::array<std::vector<double>, 2> sides{std::vector{*length}, std::vector{*width}};
    double out = 0.0;
    formula_->evaluate(sides, {}, {&out, 1});
    if (std::isfinite(out) && out >= 0.0) return out;
    table_->wrong(row, "length", "bad-volume", fmt::format("the formula gives {:g} for these sides", out));
    return std::nullopt;
  }

  std::optional<double> day_of(std::size_t row) {
    if (table_->has("day")) return table_->number(row, "day", core::Range::any());
    const bool week = table_->has("week");
    const auto time = week ? table_->number(row, "week", core::Range::any())
                           : table_->quantity(row, "time", core::Range::any());
    if (!time) return std::nullopt;
    return week ? 7.0 * *time : core::in_unit(*time, "d");
  }

  void read_row(std::size_t row) {
    const std::string first = out_.from_volume ? "volume" : "length";
    if (is_missing(table_->text(row, first)) &&
        (out_.from_volume || is_missing(table_->text(row, "width")))) {
      ++missing_;
      return;
    }
    assays::TumourVolume v;
    v.animal = table_->required_text(row, "animal");
    v.arm = table_->has("arm") ? table_->required_text(row, "arm") : "all";
    v.tumour = table_->has("tumour") ? table_->required_text(row, "tumour") : "";
    v.place = table_->place(row, first);
    const auto day = day_of(row);
    const auto size = volume(row);
    if (!day || !size) return;
    v.day = *day;
    v.volume = *size;
    out_.volumes.push_back(std::move(v));
  }

  std::string file_;
  core::Diagnostics problems_;
  std::optional<MeasuredTable> table_;
  std::optional<stats::Formula> formula_;
  std::set<std::string> in_header_;  // columns whose header says the unit
  std::size_t missing_ = 0;          // lines without a measurement
  CaliperTable out_;
};

}  // namespace

CaliperTable read_caliper_table(const NamedText& text, const std::string& formula,
                                const CaliperColumns& columns) {
  return Reader(text, formula, columns).read();
}

}  // namespace stroma::io
