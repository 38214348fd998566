// Lines: each replicate thin, the mean thick.
#include <cmath>
#include <nlohmann/json.hpp>

#include "io/csv.hpp"
#include "report/kinds.hpp"
#include "report/vega.hpp"

namespace stroma::report {
namespace {

using nlohmann::json;

constexpr int width = 300, height = 220;

json panel_spec(const LinePanel& panel, const Lines& figure, const Palette& palette) {
  std::vector<std::string> arms;
  json thin = json::array(), thick = json::array();
  for (const auto& series : panel.series) {
    if (std::find(arms.begin(), arms.end(), series.arm) == arms.end()) arms.push_back(series.arm);
    for (const auto& p : series.points)
      if (std::isfinite(p.y))
        (series.mean ? thick : thin)
            .push_back({{"arm", series.arm},
                        {"line", series.arm + "\n" + series.replicate},
                        {"x", p.x},
                        {"y", p.y}});
  }
  const json x = vega::position("x", {{"nice", false}}, {{"tickCount", 7}}, figure.x_title);
  const json y = vega::position("y", figure.log_y ? json{{"type", "log"}} : json{{"zero", false}},
                                {{"tickCount", 6}}, figure.y_title);
  json legend = vega::colour_by_arm(arms, palette, true);
  legend["legend"]["symbolType"] = "stroke";
  const json detail = {{"field", "line"}, {"type", "nominal"}};
  const auto line = [&](const json& values, double stroke, double opacity) {
    return vega::layer(
        values,
        {{"type", "line"}, {"strokeWidth", stroke}, {"opacity", opacity}, {"tooltip", {{"content", "data"}}}},
        {{"x", x}, {"y", y}, {"detail", detail}, {"color", legend}});
  };
  return {{"title", panel.title},
          {"width", width},
          {"height", height},
          {"layer", {line(thin, 1, 0.55), line(thick, 2.6, 1)}}};
}

}  // namespace

json specify(const Lines& figure, const Palette& palette) {
  std::vector<json> panels;
  for (const auto& panel : figure.panels) panels.push_back(panel_spec(panel, figure, palette));
  return vega::page_of_panels(std::move(panels), 2, width + 80);
}

std::string tabulate(const Lines& figure) {
  const std::vector<std::string> columns{"panel", "arm", "line", "x", "y"};
  std::vector<std::vector<io::CsvValue>> rows;
  for (const auto& panel : figure.panels)
    for (const auto& series : panel.series)
      for (const auto& p : series.points)
        rows.push_back({panel.title, series.arm, series.mean ? "mean" : series.replicate, p.x, p.y});
  return io::write_csv(columns, rows);
}

}  // namespace stroma::report
