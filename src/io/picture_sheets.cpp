#include "io/picture_sheets.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "core/table.hpp"
#include "io/csv.hpp"
#include "io/sheet.hpp"

namespace stroma::io {
namespace {

template <class Add>
void each_line(const NamedText& from, std::initializer_list<std::string_view> required,
               std::initializer_list<std::string_view> optional, Add add) {
  core::Diagnostics problems;
  CsvOptions options;
  options.delimiter = delimiter_of(from.text);
  options.row_names = true;
  const core::Table table = read_csv(from.text, from.file, options, problems);
  if (core::check_columns(table, required, optional, problems))
    for (std::size_t i = 0; i < table.rows.size(); ++i) add(core::Row(table, i, problems));
  if (table.rows.empty() && problems.empty())
    problems.add("empty-table", {from.file, 0, 0}, {}, "the sample sheet names no picture",
                 "write one line per picture");
  problems.throw_if_any();
}

std::int64_t whole(const core::Row& row, std::string_view column, double low, double high, double fallback) {
  const double value =
      row.quantity_or(column, core::dimension::none, core::Range::closed(low, high), fallback);
  if (std::floor(value) != value)
    row.wrong(column, "not-whole", fmt::format("{} is not a whole number", value));
  return static_cast<std::int64_t>(value);
}

int needed(const core::Row& row, std::string_view column) {
  if (row.text(column).empty()) row.wrong(column, "missing-value", "a whole number from 1 is needed");
  return static_cast<int>(whole(row, column, 1.0, 1e6, 1.0));
}

}  // namespace

std::vector<assays::FieldSample> read_field_sheet(const NamedText& text) {
  std::vector<assays::FieldSample> out;
  std::set<std::string> seen;
  each_line(text, {"file", "arm"}, {"replicate", "field"}, [&](const core::Row& row) {
    out.push_back(
        {row.required_text("file"), row.required_text("arm"), row.text("replicate"), row.text("field")});
    if (!seen.insert(out.back().file).second)
      row.wrong("file", "duplicate-file", fmt::format("'{}' is named twice", out.back().file));
  });
  return out;
}

std::vector<assays::BlotPictureLane> read_blot_sheet(const NamedText& text) {
  std::vector<assays::BlotPictureLane> out;
  std::set<std::tuple<std::string, int, int>> seen;
  each_line(
      text, {"file", "protein", "lane", "arm", "replicate"}, {"membrane", "band"}, [&](const core::Row& row) {
        assays::BlotPictureLane line{row.required_text("file"),
                                     row.text("membrane"),
                                     row.required_text("protein"),
                                     needed(row, "lane"),
                                     row.required_text("arm"),
                                     needed(row, "replicate"),
                                     1};
        line.band = static_cast<int>(whole(row, "band", 1.0, 1e6, 1.0));
        if (line.membrane.empty()) line.membrane = "membrane";
        if (!seen.insert({line.file, line.lane, line.band}).second)
          row.wrong("lane", "duplicate-lane",
                    fmt::format("lane {}, band {} of '{}' is named twice", line.lane, line.band, line.file));
        out.push_back(std::move(line));
      });
  return out;
}

std::vector<assays::DishSample> read_dish_sheet(const NamedText& text) {
  std::vector<assays::DishSample> out;
  std::map<std::string, bool> found;  // photographs whose dish is to be found, and the others
  each_line(
      text, {"file", "arm", "replicate", "plated"}, {"technical", "x", "y", "radius"},
      [&](const core::Row& row) {
        assays::DishSample s;
        s.file = row.required_text("file");
        s.arm = row.required_text("arm");
        s.replicate = needed(row, "replicate");
        s.technical = static_cast<int>(whole(row, "technical", 1.0, 1e6, 1.0));
        if (row.text("plated").empty())
          row.wrong("plated", "missing-value", "the number of cells plated is needed");
        s.plated = whole(row, "plated", 1.0, 1e15, 1.0);
        const bool any = !row.text("x").empty() || !row.text("y").empty() || !row.text("radius").empty();
        if (any) {
          imaging::Dish circle;
          circle.x = row.quantity("x", core::dimension::none, core::Range::non_negative());
          circle.y = row.quantity("y", core::dimension::none, core::Range::non_negative());
          circle.radius = row.quantity("radius", core::dimension::none, core::Range::positive());
          s.circle = circle;
        }
        const auto [first, is_first] = found.emplace(s.file, !any);
        if (!is_first && (first->second || !any))
          row.wrong(
              "file", "no-circle",
              fmt::format("'{}' is named by several lines, but not each says which dish it means", s.file),
              "give x, y and radius of the dish in every line");
        out.push_back(std::move(s));
      });
  return out;
}

}  // namespace stroma::io
