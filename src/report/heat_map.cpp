// Heat maps: rows by columns as shades of one scale for all panels, sequential or diverging about a midpoint;
// numbers in the cells where there are few, strips in the colours of the groups beside rows and columns.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/csv.hpp"
#include "core/errors.hpp"
#include "report/kinds.hpp"
#include "report/vega.hpp"
#include "report/words.hpp"

namespace stroma::report {
namespace {

using nlohmann::json;

constexpr std::size_t most_numbers = 150;  // cells of a panel that get their number
constexpr int strip = 9;                   // px
constexpr double label_size = 10.5;

const std::vector<std::string> sequential{"#fff8ec", "#fdd49e", "#ef8a4c", "#a63603"};
// Blue, white, vermillion: told apart by colour-blind readers (Okabe and Ito's hues, shaded).
const std::vector<std::string> diverging{"#004a73", "#5b9bc9", "#f7f7f7", "#e08a52", "#8a3d00"};

struct Range {
  double low = 0, high = 1;
};

Range range_of(const HeatMap& figure) {
  Range range{INFINITY, -INFINITY};
  for (const auto& panel : figure.panels)
    for (const double v : panel.values)
      if (std::isfinite(v)) {
        range.low = std::min(range.low, v);
        range.high = std::max(range.high, v);
      }
  if (figure.midpoint && range.low <= range.high) {
    const double reach = std::max({*figure.midpoint - range.low, range.high - *figure.midpoint, 0.0});
    range = {*figure.midpoint - reach, *figure.midpoint + reach};
  }
  if (range.low < range.high) return range;
  const double middle = figure.midpoint.value_or(range.low > range.high ? 0 : range.low);
  return {middle - 1, middle + 1};
}

struct CellSize {
  int width, height;
};

// Cells with numbers have room for them; others get smaller the more there are, down to 3 px.
CellSize cell_of(const HeatMapPanel& panel) {
  if (panel.rows.size() * panel.columns.size() <= most_numbers) return {46, 28};
  const auto fit = [](std::size_t n, int most, int least, int room) {
    return std::clamp(room / static_cast<int>(std::max<std::size_t>(1, n)), least, most);
  };
  return {fit(panel.columns.size(), 24, 3, 900), fit(panel.rows.size(), 18, 3, 900)};
}

int widest(const std::vector<std::string>& labels) {
  double most = 0;
  for (const auto& label : labels) most = std::max(most, vega::text_width(label, label_size));
  return static_cast<int>(most) + 2;
}

// Labels of rows or columns: every k-th, so that they do not touch.
json labels_of(const std::vector<std::string>& labels, int room, int needed) {
  const auto every = static_cast<std::size_t>((needed + room - 1) / room);
  json rows = json::array();
  for (std::size_t i = 0; i < labels.size(); i += std::max<std::size_t>(1, every))
    rows.push_back({{"at", static_cast<double>(i) + 0.5}, {"label", labels[i]}});
  return rows;
}

// Numbers of all cells have as many decimals as give the largest of the scale three digits.
std::string number_in_cell(double value, Range range) {
  const double largest = std::max(std::fabs(range.low), std::fabs(range.high));
  if (largest >= 1e5 || largest < 1e-3) return print(value, 3);
  const int decimals = std::max(0, 2 - static_cast<int>(std::floor(std::log10(largest))));
  const double step = std::pow(10.0, -decimals), rounded = std::round(value / step) * step;
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", decimals, std::fabs(rounded));
  return (rounded < -step / 2 ? "−" : "") + std::string(text);
}

struct Panel {
  const HeatMapPanel& data;
  const HeatMap& figure;
  Range range;
  CellSize cell;
  double columns, rows;
};

json cells_of(const Panel& p, bool present) {
  json cells = json::array();
  for (std::size_t r = 0; r < p.data.rows.size(); ++r)
    for (std::size_t c = 0; c < p.data.columns.size(); ++c) {
      const double value = p.data.values[r * p.data.columns.size() + c];
      if (std::isfinite(value) != present) continue;
      json cell = {{"x", c},
                   {"x2", c + 1},
                   {"y", r},
                   {"y2", r + 1},
                   {"mx", static_cast<double>(c) + 0.5},
                   {"my", static_cast<double>(r) + 0.5},
                   {"row", p.data.rows[r]},
                   {"column", p.data.columns[c]}};
      if (present) {
        const double share = (value - p.range.low) / (p.range.high - p.range.low);
        cell["value"] = value;
        cell["text"] = number_in_cell(value, p.range);
        cell["dark"] = share > 0.84 || (p.figure.midpoint && share < 0.14);
      } else {
        cell["text"] = "–";
      }
      cells.push_back(cell);
    }
  return cells;
}

// A strip of rectangles beside the rows (left of the cells) or above the columns.
json strip_rows(const std::vector<std::string>& groups, bool beside, CellSize cell) {
  json rows = json::array();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].empty()) continue;
    const double from = -(strip + 3.0) / (beside ? cell.width : cell.height),
                 to = -3.0 / (beside ? cell.width : cell.height);
    const auto at = static_cast<double>(i);
    rows.push_back({{"arm", groups[i]},
                    {"x", beside ? from : at},
                    {"x2", beside ? to : at + 1},
                    {"y", beside ? at : from},
                    {"y2", beside ? at + 1 : to}});
  }
  return rows;
}

json fill_of(const Panel& p) {
  return {{"field", "value"},
          {"type", "quantitative"},
          {"scale",
           {{"domain", {p.range.low, p.range.high}},
            {"range", p.figure.midpoint ? diverging : sequential},
            {"interpolate", "lab"}}},
          {"legend",
           {{"title", p.figure.quantity},
            {"orient", "bottom"},
            {"gradientLength", 180},
            {"gradientThickness", 9},
            {"tickCount", 5}}}};
}

// px between the cells and their labels: a gap, and the strip where there is one.
int room_for(const std::vector<std::string>& groups) {
  return groups.empty() ? 6 : strip + 9;
}

// Labels stand outside the frame as marks: names are data and never part of an axis expression.
void add_labels(json& layers, const Panel& p, const json& x, const json& y, bool upright) {
  const json name = {{"field", "label"}, {"type", "nominal"}};
  const int beside = -room_for(p.data.row_groups), above = -room_for(p.data.column_groups);
  const auto place = [](json channel) {
    channel["field"] = "at";
    return channel;
  };
  layers.push_back(vega::layer(
      labels_of(p.data.rows, p.cell.height, 12),
      {{"type", "text"}, {"x", beside}, {"align", "right"}, {"baseline", "middle"}, {"fontSize", label_size}},
      {{"y", place(y)}, {"text", name}}));
  json mark = {{"type", "text"}, {"y", above}, {"fontSize", label_size}};
  if (upright)
    mark.update({{"align", "center"}, {"baseline", "bottom"}});
  else
    mark.update({{"align", "left"}, {"baseline", "middle"}, {"angle", -90}});
  layers.push_back(
      vega::layer(labels_of(p.data.columns, p.cell.width, upright ? widest(p.data.columns) + 6 : 12), mark,
                  {{"x", place(x)}, {"text", name}}));
}

json panel_spec(const Panel& p, const std::vector<std::string>& groups, const Palette& palette) {
  const HeatMapPanel& data = p.data;
  const bool upright = widest(data.columns) + 4 <= p.cell.width;
  const int beside = room_for(data.row_groups) + widest(data.rows),
            above = room_for(data.column_groups) + (upright ? 12 : widest(data.columns));
  const auto bare = [](int padding) {
    return json{{"domain", false}, {"ticks", false}, {"labels", false}, {"titlePadding", padding + 6}};
  };
  json x_axis = bare(above), y_axis = bare(beside);
  x_axis["orient"] = "top";
  const json x = vega::position("x", {{"domain", {0, p.columns}}, {"nice", false}, {"zero", false}}, x_axis,
                                p.figure.column_title);
  const json y =
      vega::position("y", {{"domain", {0, p.rows}}, {"nice", false}, {"zero", false}, {"reverse", true}},
                     y_axis, p.figure.row_title);
  const json box = {{"x", x}, {"x2", {{"field", "x2"}}}, {"y", y}, {"y2", {{"field", "y2"}}}};
  const bool numbers = data.rows.size() * data.columns.size() <= most_numbers;
  const double rim = std::min(p.cell.width, p.cell.height) >= 8 ? 1 : 0;
  const json present = cells_of(p, true), absent = cells_of(p, false);

  json layers = json::array();
  json shaded = box;
  shaded["fill"] = fill_of(p);
  shaded["tooltip"] = {{{"field", "row"}, {"type", "nominal"}},
                       {{"field", "column"}, {"type", "nominal"}},
                       {{"field", "value"},
                        {"type", "quantitative"},
                        {"format", ".4~g"},
                        {"title", vega::tip_title(p.figure.quantity)}}};
  layers.push_back(
      vega::layer(present, {{"type", "rect"}, {"stroke", "#ffffff"}, {"strokeWidth", rim}}, shaded));
  if (!absent.empty()) {
    json empty = box;
    empty["tooltip"] = {{{"field", "row"}, {"type", "nominal"}},
                        {{"field", "column"}, {"type", "nominal"}},
                        {{"field", "text"}, {"type", "nominal"}, {"title", "missing"}}};
    layers.push_back(vega::layer(
        absent, {{"type", "rect"}, {"fill", "#ffffff"}, {"stroke", "#c8c8c8"}, {"strokeWidth", 0.7}}, empty));
    if (rim > 0)  // a stroke through what is missing
      layers.push_back(
          vega::layer(absent, {{"type", "rule"}, {"color", "#c8c8c8"}},
                      {{"x", x}, {"x2", {{"field", "x2"}}}, {"y", y}, {"y2", {{"field", "y2"}}}}));
  }
  if (numbers) {
    json mx = x, my = y;
    mx["field"] = "mx";
    my["field"] = "my";
    layers.push_back(vega::layer(
        present, {{"type", "text"}, {"fontSize", 11}},
        {{"x", mx},
         {"y", my},
         {"text", {{"field", "text"}, {"type", "nominal"}}},
         {"color", {{"condition", {{"test", "datum.dark"}, {"value", "#ffffff"}}}, {"value", "#2a1a10"}}}}));
  }
  for (const bool rows : {true, false}) {
    const json bars = strip_rows(rows ? data.row_groups : data.column_groups, rows, p.cell);
    if (bars.empty()) continue;
    json coloured = box;
    coloured["color"] = vega::colour_by_arm(groups, palette, true);
    coloured["color"]["legend"]["symbolType"] = "square";
    coloured["tooltip"] = {{{"field", "arm"}, {"type", "nominal"}, {"title", "group"}}};
    layers.push_back(vega::layer(bars, {{"type", "rect"}}, coloured));
  }
  add_labels(layers, p, x, y, upright);
  json title = {{"text", data.title}};
  if (!absent.empty())
    title.update({{"subtitle", std::to_string(absent.size()) + " missing, drawn white with a stroke"},
                  {"subtitleFontSize", 10},
                  {"subtitleColor", "#666666"}});
  return {{"title", title},
          {"width", p.columns * p.cell.width},
          {"height", p.rows * p.cell.height},
          {"layer", layers}};
}

}  // namespace

json specify(const HeatMap& figure, const Palette& palette) {
  std::vector<std::string> groups;
  const auto name = [&](const std::string& group) {
    if (!group.empty() && std::find(groups.begin(), groups.end(), group) == groups.end())
      groups.push_back(group);
  };
  const Range range = range_of(figure);
  int wide = 0;
  for (const auto& panel : figure.panels) {
    const std::size_t rows = panel.rows.size(), columns = panel.columns.size();
    core::require(panel.values.size() == rows * columns, "a heat map without one value per cell");
    core::require(panel.row_groups.empty() || panel.row_groups.size() == rows,
                  "a heat map without one group per row");
    core::require(panel.column_groups.empty() || panel.column_groups.size() == columns,
                  "a heat map without one group per column");
    for (const auto& group : panel.column_groups) name(group);
    for (const auto& group : panel.row_groups) name(group);
    wide = std::max(wide, static_cast<int>(columns) * cell_of(panel).width + widest(panel.rows) + 60);
  }
  std::vector<json> panels;
  for (const auto& panel : figure.panels)
    panels.push_back(
        panel_spec({panel, figure, range, cell_of(panel), static_cast<double>(panel.columns.size()),
                    static_cast<double>(panel.rows.size())},
                   groups, palette));
  return vega::page_of_panels(std::move(panels), figure.columns, wide);
}

std::string tabulate(const HeatMap& figure) {
  const std::vector<std::string> columns{"panel",        "row",   "row_group", "column",
                                         "column_group", "value", "value is"};
  std::vector<std::vector<core::CsvValue>> rows;
  for (const auto& panel : figure.panels)
    for (std::size_t r = 0; r < panel.rows.size(); ++r)
      for (std::size_t c = 0; c < panel.columns.size(); ++c)
        rows.push_back({panel.title, panel.rows[r], panel.row_groups.empty() ? "" : panel.row_groups[r],
                        panel.columns[c], panel.column_groups.empty() ? "" : panel.column_groups[c],
                        panel.values[r * panel.columns.size() + c], figure.quantity});
  return core::write_csv(columns, rows);
}

}  // namespace stroma::report
