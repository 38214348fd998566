// Plates: the wells as the reader saw them, shaded by the raw reading, each with its value, what is in
// it and a stripe in its arm's colour.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/csv.hpp"
#include "core/errors.hpp"
#include "report/kinds.hpp"
#include "report/vega.hpp"

namespace stroma::report {
namespace {

using nlohmann::json;

// Wells of a plate of 384 are drawn smaller, so that the plate fits a page.
struct WellSize {
  int width = 38, height = 32;
  double reading = 11, label = 9;  // font sizes
};

WellSize size_of(const PlatePanel& panel) {
  return panel.columns > 12 ? WellSize{28, 25, 8.5, 7} : WellSize{};
}

int width_of(const PlatePanel& panel) {
  return panel.columns * size_of(panel).width;
}

std::string well_name(const PlateWell& well) {
  return std::string(1, static_cast<char>('A' + well.row)) + std::to_string(well.column + 1);
}

struct Range {
  double low = 0, high = 1;
};

Range range_of(const Plate& figure) {
  Range range{1e300, -1e300};
  for (const auto& panel : figure.panels)
    for (const auto& well : panel.wells)
      if (std::isfinite(well.value)) {
        range.low = std::min(range.low, well.value);
        range.high = std::max(range.high, well.value);
      }
  return range.low < range.high ? range : Range{};
}

json panel_spec(const PlatePanel& panel, const Plate& figure, Range range,
                const std::vector<std::string>& arms, const Palette& palette) {
  const int rows = panel.rows, columns = panel.columns;
  const auto [well_width, well_height, reading_size, label_size] = size_of(panel);
  json wells = json::array(), stripes = json::array(), empty = json::array();
  std::vector<bool> used(static_cast<std::size_t>(rows * columns));
  for (const auto& well : panel.wells) {
    core::require(well.row >= 0 && well.row < rows && well.column >= 0 && well.column < columns,
                  "a well outside the plate");
    used[static_cast<std::size_t>(well.row * columns + well.column)] = true;
    json row = {{"x", well.column},        {"x2", well.column + 1}, {"y", well.row},  {"y2", well.row + 1},
                {"well", well_name(well)}, {"label", well.label},   {"arm", well.arm}};
    if (std::isfinite(well.value)) {
      char text[24];
      std::snprintf(text, sizeof text, "%.2f", well.value);
      row["value"] = well.value;
      row["text"] = text;
      row["dark"] = (well.value - range.low) / (range.high - range.low) > 0.62;
    }
    wells.push_back(row);
    if (!well.arm.empty()) {
      row["x"] = well.column + 0.03;
      row["x2"] = well.column + 0.13;
      row["y"] = well.row + 0.06;
      row["y2"] = well.row + 0.94;
      stripes.push_back(row);
    }
  }
  for (int i = 0; i < rows * columns; ++i)
    if (!used[static_cast<std::size_t>(i)])
      empty.push_back(
          {{"x", i % columns}, {"x2", i % columns + 1}, {"y", i / columns}, {"y2", i / columns + 1}});

  json column_ticks = json::array(), row_ticks = json::array();
  for (int i = 0; i < columns; ++i) column_ticks.push_back(i + 0.5);
  for (int i = 0; i < rows; ++i) row_ticks.push_back(i + 0.5);
  const json bare = {{"domain", false}, {"ticks", false}};
  json x_axis = bare, y_axis = bare;
  x_axis.update({{"orient", "top"},
                 {"values", column_ticks},
                 {"labelExpr", "floor(datum.value) + 1"},
                 {"labelOverlap", false}});
  y_axis.update(
      {{"values", row_ticks},
       {"labelExpr", "substring('ABCDEFGHIJKLMNOPQRSTUVWXYZ', floor(datum.value), floor(datum.value) + 1)"}});
  const json x = vega::position("x", {{"domain", {0, columns}}, {"nice", false}}, x_axis, "");
  const json y = vega::position("y", {{"domain", {0, rows}}, {"nice", false}, {"reverse", true}}, y_axis, "");
  const json box = {{"x", x}, {"x2", {{"field", "x2"}}}, {"y", y}, {"y2", {{"field", "y2"}}}};

  json layers = json::array();
  layers.push_back(vega::layer(empty, {{"type", "rect"}, {"fill", "#fafafa"}, {"stroke", "#e4e4e4"}}, box));
  json shaded = box;
  shaded["fill"] = {{"field", "value"},
                    {"type", "quantitative"},
                    {"scale",
                     {{"domain", {range.low, range.high}},
                      {"range", {"#fff8ec", "#fdd49e", "#ef8a4c", "#a63603"}},
                      {"interpolate", "lab"}}},
                    {"legend",
                     {{"title", figure.quantity},
                      {"orient", "bottom"},
                      {"gradientLength", 180},
                      {"gradientThickness", 9},
                      {"tickCount", 4}}}};
  shaded["tooltip"] = {
      {{"field", "well"}, {"type", "nominal"}},
      {{"field", "arm"}, {"type", "nominal"}},
      {{"field", "label"}, {"type", "nominal"}, {"title", vega::tip_title(figure.label_title)}},
      {{"field", "value"},
       {"type", "quantitative"},
       {"format", ".3f"},
       {"title", vega::tip_title(figure.quantity)}}};
  layers.push_back(
      vega::layer(wells, {{"type", "rect"}, {"stroke", "#ffffff"}, {"strokeWidth", 1.5}}, shaded));
  if (!stripes.empty()) {
    json stripe = box;
    stripe["color"] = vega::colour_by_arm(arms, palette, true);
    stripe["color"]["legend"]["title"] = "arm (stripe at the left of each well)";
    stripe["color"]["legend"]["symbolType"] = "square";
    layers.push_back(
        vega::layer(stripes, {{"type", "rect"}, {"stroke", "#ffffff"}, {"strokeWidth", 0.6}}, stripe));
  }
  const json ink = {{"condition", {{"test", "datum.dark"}, {"value", "#ffffff"}}}, {"value", "#2a1a10"}};
  const auto write = [&, width = well_width, height = well_height](const char* field, double size, double dy,
                                                                   int weight) {
    return vega::layer(
        wells,
        {{"type", "text"},
         {"fontSize", size},
         {"dy", dy},
         {"dx", width / 2 + 2},
         {"yOffset", height / 2},
         {"fontWeight", weight}},
        {{"x", x}, {"y", y}, {"text", {{"field", field}, {"type", "nominal"}}}, {"color", ink}});
  };
  layers.push_back(write("text", reading_size, -0.16 * well_height, 600));
  layers.push_back(write("label", label_size, 0.25 * well_height, 400));
  return {{"title",
           {{"text", panel.title},
            {"subtitle", "in each well: the reading, and below it " + figure.label_title},
            {"subtitleFontSize", 10.5},
            {"subtitleColor", "#555555"}}},
          {"width", columns * well_width},
          {"height", rows * well_height},
          {"layer", layers}};
}

}  // namespace

json specify(const Plate& figure, const Palette& palette) {
  std::vector<json> panels;
  const Range range = range_of(figure);
  int widest = 0;
  for (const auto& panel : figure.panels) {
    std::vector<std::string> arms;
    for (const auto& well : panel.wells)
      if (!well.arm.empty() && std::find(arms.begin(), arms.end(), well.arm) == arms.end())
        arms.push_back(well.arm);
    panels.push_back(panel_spec(panel, figure, range, arms, palette));
    widest = std::max(widest, width_of(panel));
    panels.back()["resolve"] = {{"scale", {{"color", "independent"}, {"fill", "independent"}}}};
  }
  json spec = vega::page_of_panels(std::move(panels), widest > 500 ? 1 : 2, widest + 34);
  spec["resolve"] = {{"scale", {{"color", "independent"}}}};
  return spec;
}

std::string tabulate(const Plate& figure) {
  const std::vector<std::string> names{"plate", "well", "row", "column", "arm", "label", "value"};
  std::vector<std::vector<core::CsvValue>> lines;
  for (const auto& panel : figure.panels)
    for (const auto& well : panel.wells)
      lines.push_back({panel.title, well_name(well), std::string(1, static_cast<char>('A' + well.row)),
                       std::int64_t{well.column + 1}, well.arm, well.label, well.value});
  return core::write_csv(names, lines);
}

}  // namespace stroma::report
