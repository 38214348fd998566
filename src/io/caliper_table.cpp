#include "io/caliper_table.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "core/units.hpp"
#include "io/csv.hpp"
#include "io/measured_table.hpp"
#include "stats/formula.hpp"

namespace stroma::io {
namespace {

namespace dim = core::dimension;

std::vector<ColumnSpec> columns_of(bool volumes) {
  std::vector<ColumnSpec> out{{"animal", true, {"id", "mouse", "subject", "animal id", "mouse id"}},
                              {"arm", false, {"group", "treatment", "condition"}},
                              {"tumour", false, {"tumor", "flank", "side", "site"}},
                              {"day", false, {"days"}},
                              {"time", false, {}, {dim::time}}};
  if (volumes)
    out.push_back({"volume", true, {"tumour volume", "tumor volume"}, {dim::volume, dim::none}});
  else
    for (const char* side : {"length", "width"}) out.push_back({side, true, {}, {dim::length, dim::none}});
  return out;
}

class Reader {
 public:
  Reader(const NamedText& text, const std::string& formula) : file_(text.file) {
    CsvOptions options;
    options.delimiter = delimiter_of(text.text);
    options.row_names = true;
    core::Table table = read_csv(text.text, text.file, options, problems_);
    for (const core::Cell& cell : table.header)
      out_.from_volume = out_.from_volume || plain_name(cell.text).find("volume") != std::string::npos;
    table_.emplace(std::move(table), columns_of(out_.from_volume), OtherColumns::ignore, problems_);
    if (!out_.from_volume) read_formula(formula);
  }

  CaliperTable read() {
    if (table_->complete() && !table_->has("day") && !table_->has("time"))
      problems_.add("missing-column", {file_, 1, 0}, "day", "column 'day' is missing",
                    "days as plain numbers, or a column 'time' with its unit");
    if (table_->complete() && table_->rows() == 0)
      problems_.add("empty-table", {file_, 1, 0}, {}, "the table has a header and no lines");
    problems_.throw_if_any();
    for (const std::string column : {"length", "width", "volume"})
      if (table_->has(column)) note_units(column);
    for (std::size_t row = 0; row < table_->rows(); ++row) read_row(row);
    problems_.throw_if_any();
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

  void read_row(std::size_t row) {
    assays::TumourVolume v;
    v.animal = table_->required_text(row, "animal");
    v.arm = table_->has("arm") ? table_->required_text(row, "arm") : "all";
    v.tumour = table_->has("tumour") ? table_->required_text(row, "tumour") : "";
    v.place = table_->place(row, out_.from_volume ? "volume" : "length");
    const bool day = table_->has("day");
    const auto time = day ? table_->number(row, "day", core::Range::any())
                          : table_->quantity(row, "time", core::Range::any());
    const auto size = volume(row);
    if (!time || !size) return;
    v.day = day ? *time : core::in_unit(*time, "d");
    v.volume = *size;
    out_.volumes.push_back(std::move(v));
  }

  std::string file_;
  core::Diagnostics problems_;
  std::optional<MeasuredTable> table_;
  std::optional<stats::Formula> formula_;
  std::set<std::string> in_header_;  // columns whose header says the unit
  CaliperTable out_;
};

}  // namespace

CaliperTable read_caliper_table(const NamedText& text, const std::string& formula) {
  return Reader(text, formula).read();
}

}  // namespace stroma::io
