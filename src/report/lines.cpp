// Lines: each replicate thin, the mean thick; treatments, half-maxima and the like as thin rules with labels.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/csv.hpp"
#include "report/kinds.hpp"
#include "report/vega.hpp"

namespace stroma::report {
namespace {

using nlohmann::json;

constexpr int width = 246, height = 200;

int label_width(const std::string& label) {
  return static_cast<int>(5.7 * static_cast<double>(label.size())) + 4;
}

std::vector<std::string> arms_in_order(const LinePanel& panel) {
  std::vector<std::string> arms;
  for (const auto& series : panel.series)
    if (std::find(arms.begin(), arms.end(), series.arm) == arms.end()) arms.push_back(series.arm);
  return arms;
}

json colour_of(const Lines& figure, const LinePanel& panel, const Palette& palette) {
  const std::vector<std::string> arms = arms_in_order(panel);
  json legend;
  if (figure.ordered) {
    legend = {{"field", "arm"},
              {"type", "nominal"},
              {"scale", {{"domain", arms}, {"range", ordered_colours(arms.size())}}},
              {"legend", {{"title", nullptr}, {"orient", "top"}, {"columns", 3}, {"symbolOpacity", 1}}}};
  } else {
    legend = vega::colour_by_arm(arms, palette, true);
  }
  legend["legend"]["symbolType"] = "stroke";
  return legend;
}

json outlined(const json& text) {
  json outline = text;
  outline["stroke"] = "#ffffff";
  outline["strokeWidth"] = 3;
  outline["strokeJoin"] = "round";
  return outline;
}

void add_label(json& layers, const char* axis, const LineMark& mark, const json& text, int place) {
  const json encoding = {{axis, {{"field", axis}, {"type", "quantitative"}}},
                         {*axis == 'x' ? "y" : "x", {{"value", place}}},
                         {"text", {{"field", "label"}, {"type", "nominal"}}}};
  const json values = {{{axis, mark.at}, {"label", mark.label}}};
  layers.push_back(vega::layer(values, outlined(text), encoding));
  layers.push_back(vega::layer(values, text, encoding));
}

void add_rules(json& layers, const char* axis, const std::vector<LineMark>& marks) {
  json rules = json::array();
  for (const LineMark& mark : marks) rules.push_back({{axis, mark.at}});
  if (!marks.empty())
    layers.push_back(
        vega::layer(std::move(rules),
                    {{"type", "rule"}, {"color", "#8a8a8a"}, {"strokeDash", {3, 3}}, {"strokeWidth", 1}},
                    {{axis, {{"field", axis}, {"type", "quantitative"}}}}));
}

json label_style(const char* align, const char* baseline, int dx, int dy) {
  return {{"type", "text"}, {"align", align},   {"baseline", baseline}, {"dx", dx},
          {"dy", dy},       {"fontSize", 10.5}, {"color", "#333333"}};
}

// Marks of the y axis: labels at the right end of their rules; one that is near another steps aside.
void add_levels(json& layers, const std::vector<LineMark>& marks, double low, double high) {
  add_rules(layers, "y", marks);
  for (std::size_t i = 0; i < marks.size(); ++i) {
    int aside = 0;
    for (std::size_t k = 0; k < i; ++k)
      if (std::fabs(marks[k].at - marks[i].at) < 0.09 * (high - low))
        aside += 12 + label_width(marks[k].label);
    add_label(layers, "y", marks[i], label_style("right", "bottom", 0, -2), width - 2 - aside);
  }
}

// Marks of the x axis: labels above the frame, where no line is; those that would touch stand in rows.
// Returns the number of rows.
int add_times(json& layers, const std::vector<LineMark>& marks, double low, double high) {
  add_rules(layers, "x", marks);
  std::vector<double> row_ends;
  for (const LineMark& mark : marks) {
    const double at = high > low ? (mark.at - low) / (high - low) * width : 0.0,
                 size = label_width(mark.label);
    const bool fits = at + size <= width + 24;
    const double begin = fits ? at : at - size;
    std::size_t row = 0;
    while (row < row_ends.size() && row_ends[row] + 6 > begin) ++row;
    if (row == row_ends.size()) row_ends.push_back(0.0);
    row_ends[row] = begin + size;
    add_label(layers, "x", mark, label_style(fits ? "left" : "right", "middle", fits ? -2 : 2, 0),
              -8 - 13 * static_cast<int>(row));
  }
  return static_cast<int>(row_ends.size());
}

json panel_spec(const LinePanel& panel, const Lines& figure, const Palette& palette) {
  json thin = json::array(), thick = json::array(), dots = json::array();
  double low = INFINITY, high = -INFINITY, bottom = figure.zero ? 0.0 : INFINITY, top = -INFINITY;
  for (const auto& series : panel.series) {
    // A line of few points shows where they are; one of a single point would show nothing at all.
    const bool few = series.points.size() <= 12 && figure.ordered == false && series.mean;
    for (const auto& p : series.points) {
      if (!std::isfinite(p.y)) continue;
      const json row = {
          {"arm", series.arm}, {"line", series.arm + "\n" + series.replicate}, {"x", p.x}, {"y", p.y}};
      (series.mean ? thick : thin).push_back(row);
      if (few) dots.push_back(row);
      low = std::min(low, p.x);
      high = std::max(high, p.x);
      bottom = std::min(bottom, p.y);
      top = std::max(top, p.y);
    }
  }
  const json x = vega::position("x", {{"nice", false}}, {{"tickCount", 7}},
                                panel.x_title.empty() ? figure.x_title : panel.x_title);
  for (const LineMark& mark : panel.at_y) {
    bottom = std::min(bottom, mark.at);
    top = std::max(top, mark.at);
  }
  json linear = {{"zero", figure.zero}};
  if (figure.zero && top <= 0.0 && bottom >= 0.0) linear["domain"] = {0, 1};  // nothing but zeros
  const json y = vega::position("y", figure.log_y ? json{{"type", "log"}} : std::move(linear),
                                {{"tickCount", 6}}, panel.y_title.empty() ? figure.y_title : panel.y_title);
  const json colour = colour_of(figure, panel, palette);
  const json detail = {{"field", "line"}, {"type", "nominal"}};
  const auto line = [&](const json& values, double stroke, double opacity) {
    return vega::layer(
        values,
        {{"type", "line"}, {"strokeWidth", stroke}, {"opacity", opacity}, {"tooltip", {{"content", "data"}}}},
        {{"x", x}, {"y", y}, {"detail", detail}, {"color", colour}});
  };
  json layers = {line(thin, 1, 0.55), line(thick, figure.ordered ? 2 : 2.6, 1)};
  if (!dots.empty())
    layers.push_back(vega::layer(dots, {{"type", "point"}, {"filled", true}, {"size", 22}, {"opacity", 1}},
                                 {{"x", x}, {"y", y}, {"color", colour}}));
  add_levels(layers, panel.at_y, bottom, top);
  const int rows = add_times(layers, panel.at_x, low, high);
  if (rows > 0)  // a legend between title and frame leaves the labels their room
    for (json& layer : layers)
      if (layer["encoding"].contains("color")) layer["encoding"]["color"]["legend"]["offset"] = 8 + 13 * rows;
  return {{"title", panel.title}, {"width", width}, {"height", height}, {"layer", std::move(layers)}};
}

}  // namespace

json specify(const Lines& figure, const Palette& palette) {
  std::vector<json> panels;
  for (const auto& panel : figure.panels) panels.push_back(panel_spec(panel, figure, palette));
  json page = vega::page_of_panels(std::move(panels), 3, width + 80);
  // One legend for all panels where all show the same arms; else each has its own.
  const bool same = std::all_of(figure.panels.begin(), figure.panels.end(), [&](const LinePanel& panel) {
    return arms_in_order(panel) == arms_in_order(figure.panels.front());
  });
  if (!same) page["resolve"] = {{"scale", {{"color", "independent"}}}};
  return page;
}

std::string tabulate(const Lines& figure) {
  const std::vector<std::string> columns{"panel", "arm", "line", "x", "y", "x is", "y is"};
  std::vector<std::vector<core::CsvValue>> rows;
  for (const auto& panel : figure.panels) {
    const std::string x_title = panel.x_title.empty() ? figure.x_title : panel.x_title,
                      y_title = panel.y_title.empty() ? figure.y_title : panel.y_title;
    for (const auto& series : panel.series)
      for (const auto& p : series.points)
        rows.push_back(
            {panel.title, series.arm, series.mean ? "mean" : series.replicate, p.x, p.y, x_title, y_title});
    for (const auto& mark : panel.at_x)
      rows.push_back({panel.title, mark.label, "mark", mark.at, missing, x_title, y_title});
    for (const auto& mark : panel.at_y)
      rows.push_back({panel.title, mark.label, "mark", missing, mark.at, x_title, y_title});
  }
  return core::write_csv(columns, rows);
}

}  // namespace stroma::report
