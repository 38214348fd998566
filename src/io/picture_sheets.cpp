#include "io/picture_sheets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "core/table.hpp"
#include "io/column_names.hpp"
#include "io/csv.hpp"
#include "io/sheet.hpp"

namespace stroma::io {
namespace {

/// What a laboratory calls a column of ours; empty where nothing is meant.
std::string_view meant_by(std::string_view name) {
  static const std::set<std::string> pictures{"picture", "image",     "photo",     "photograph", "filename",
                                              "name",    "imagefile", "imagename", "picturefile"};
  switch (role_of_column(name)) {
    case ColumnRole::group:
      return "arm";
    case ColumnRole::subject:
    case ColumnRole::replicate:
      return "replicate";
    case ColumnRole::block:
      return plain_name(name) == "blot" || plain_name(name) == "gel" ? "membrane" : "replicate";
    case ColumnRole::well:
      return "dish";
    default:
      return pictures.contains(plain_name(name)) ? "file" : std::string_view{};
  }
}

/// Gives the columns our names where a laboratory's name has the role of one that is asked for and absent.
void rename(core::Table& table, const std::vector<std::string_view>& ours, core::Understanding* to) {
  const auto is_ours = [&](std::string_view name) {
    return std::find(ours.begin(), ours.end(), name) != ours.end();
  };
  for (core::Cell& cell : table.header) {
    if (is_ours(cell.text)) continue;
    const std::string_view meant = meant_by(cell.text);
    if (meant.empty() || !is_ours(meant) || table.column(meant)) continue;
    if (to != nullptr) to->found("column " + cell.text, std::string("read as ") + std::string(meant));
    cell.text = meant;
  }
}

template <class Add>
void each_line(const NamedText& from, std::initializer_list<std::string_view> required,
               std::initializer_list<std::string_view> optional, core::Understanding* to, Add add) {
  core::Diagnostics problems;
  CsvOptions options;
  options.delimiter = delimiter_of(from.text);
  options.row_names = true;
  core::Table table = read_csv(from.text, from.file, options, problems);
  std::vector<std::string_view> ours(required);
  ours.insert(ours.end(), optional.begin(), optional.end());
  rename(table, ours, to);
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

std::vector<assays::FieldSample> read_field_sheet(const NamedText& text, core::Understanding* to) {
  std::vector<assays::FieldSample> out;
  std::set<std::string> seen;
  each_line(text, {"file", "arm"}, {"replicate", "field"}, to, [&](const core::Row& row) {
    out.push_back(
        {row.required_text("file"), row.required_text("arm"), row.text("replicate"), row.text("field")});
    if (!seen.insert(out.back().file).second)
      row.wrong("file", "duplicate-file", fmt::format("'{}' is named twice", out.back().file));
  });
  return out;
}

std::vector<assays::BlotPictureLane> read_blot_sheet(const NamedText& text, core::Understanding* to) {
  std::vector<assays::BlotPictureLane> out;
  std::set<std::tuple<std::string, int, int>> seen;
  each_line(text, {"file", "protein", "lane", "arm", "replicate"}, {"membrane", "band"}, to,
            [&](const core::Row& row) {
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
                row.wrong(
                    "lane", "duplicate-lane",
                    fmt::format("lane {}, band {} of '{}' is named twice", line.lane, line.band, line.file));
              out.push_back(std::move(line));
            });
  return out;
}

std::vector<assays::DishSample> read_dish_sheet(const NamedText& text, core::Understanding* to) {
  std::vector<assays::DishSample> out;
  std::set<std::pair<std::string, std::string>> named;  // file and place
  each_line(
      text, {"file", "arm", "replicate", "plated"}, {"technical", "dish", "x", "y", "radius"}, to,
      [&](const core::Row& row) {
        assays::DishSample s;
        s.file = row.required_text("file");
        s.arm = row.required_text("arm");
        s.replicate = needed(row, "replicate");
        s.technical = static_cast<int>(whole(row, "technical", 1.0, 1e6, 1.0));
        if (row.text("plated").empty())
          row.wrong("plated", "missing-value", "the number of cells plated is needed");
        s.plated = whole(row, "plated", 1.0, 1e15, 1.0);
        s.place = row.text("dish");
        for (char& c : s.place) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        if (!s.place.empty() && !named.insert({s.file, s.place}).second)
          row.wrong("dish", "duplicate-dish", fmt::format("dish {} of '{}' is named twice", s.place, s.file));
        const bool any = !row.text("x").empty() || !row.text("y").empty() || !row.text("radius").empty();
        if (any) {
          imaging::Dish circle;
          circle.x = row.quantity("x", core::dimension::none, core::Range::non_negative());
          circle.y = row.quantity("y", core::dimension::none, core::Range::non_negative());
          circle.radius = row.quantity("radius", core::dimension::none, core::Range::positive());
          s.circle = circle;
        }
        out.push_back(std::move(s));
      });
  return out;
}

}  // namespace stroma::io
