// Lines: each replicate thin, the mean thick; treatments, half-maxima and the like as thin rules with labels.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "io/csv.hpp"
#include "report/kinds.hpp"
#include "report/vega.hpp"

namespace stroma::report {
namespace {

using nlohmann::json;

constexpr int width = 300, height = 220;

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

// Rules at places of one axis with their labels inside the frame, on the side where there is room. Labels on
// the x axis are stepped down so that neighbours do not lie on each other; a white outline keeps them legible
// over lines.
void add_marks(json& layers, const std::vector<LineMark>& marks, bool on_x, double low, double high) {
  if (marks.empty()) return;
  const char* axis = on_x ? "x" : "y";
  json rules = json::array();
  for (const LineMark& mark : marks) rules.push_back({{axis, mark.at}});
  const json place = {{"field", axis}, {"type", "quantitative"}};
  layers.push_back(vega::layer(
      std::move(rules), {{"type", "rule"}, {"color", "#8a8a8a"}, {"strokeDash", {3, 3}}, {"strokeWidth", 1}},
      {{axis, place}}));
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const bool left = on_x && marks[i].at <= low + 0.55 * (high - low);
    const json text = {{"type", "text"},
                       {"align", left ? "left" : "right"},
                       {"baseline", on_x ? "middle" : "bottom"},
                       {"dx", on_x ? (left ? 4 : -4) : 0},
                       {"dy", on_x ? 0 : -2},
                       {"fontSize", 10.5},
                       {"color", "#333333"}};
    json outline = text;
    outline["stroke"] = "#ffffff";
    outline["strokeWidth"] = 3;
    outline["strokeJoin"] = "round";
    const json other = {{"value", on_x ? 8 + 13 * static_cast<int>(i % 5) : width - 2}};
    const json encoding = {
        {axis, place}, {on_x ? "y" : "x", other}, {"text", {{"field", "label"}, {"type", "nominal"}}}};
    const json values = {{{axis, marks[i].at}, {"label", marks[i].label}}};
    layers.push_back(vega::layer(values, outline, encoding));
    layers.push_back(vega::layer(values, text, encoding));
  }
}

json panel_spec(const LinePanel& panel, const Lines& figure, const Palette& palette) {
  json thin = json::array(), thick = json::array(), dots = json::array();
  double low = INFINITY, high = -INFINITY;
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
    }
  }
  const json x = vega::position("x", {{"nice", false}}, {{"tickCount", 7}},
                                panel.x_title.empty() ? figure.x_title : panel.x_title);
  const json y = vega::position("y", figure.log_y ? json{{"type", "log"}} : json{{"zero", figure.zero}},
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
  add_marks(layers, panel.at_y, false, low, high);
  add_marks(layers, panel.at_x, true, low, high);
  return {{"title", panel.title}, {"width", width}, {"height", height}, {"layer", std::move(layers)}};
}

}  // namespace

json specify(const Lines& figure, const Palette& palette) {
  std::vector<json> panels;
  for (const auto& panel : figure.panels) panels.push_back(panel_spec(panel, figure, palette));
  return vega::page_of_panels(std::move(panels), 2, width + 80);
}

std::string tabulate(const Lines& figure) {
  const std::vector<std::string> columns{"panel", "arm", "line", "x", "y", "x is", "y is"};
  std::vector<std::vector<io::CsvValue>> rows;
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
  return io::write_csv(columns, rows);
}

}  // namespace stroma::report
