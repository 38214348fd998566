// Dose response: points per replicate, the fitted curve with its band, the zero dose set apart from the log
// axis, and each IC50 with its interval as a tick on the axis.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "io/csv.hpp"
#include "report/kinds.hpp"
#include "report/vega.hpp"

namespace stroma::report {
namespace {

using nlohmann::json;

constexpr int width = 370;
constexpr int height = 250;

struct Doses {
  std::vector<double> positive;  // ascending
  double zero_at = 0.1;          // where the zero dose is drawn
};

Doses doses_of(const DoseResponse& figure) {
  std::set<double> seen;
  for (const auto& panel : figure.panels)
    for (const auto& arm : panel.arms)
      for (const auto& point : arm.points)
        if (point.dose > 0) seen.insert(point.dose);
  Doses doses;
  doses.positive.assign(seen.begin(), seen.end());
  if (doses.positive.empty()) doses.positive = {1};
  // One and a half of the layout's steps to the left of the lowest dose.
  const double step = doses.positive.size() > 1 ? doses.positive[1] / doses.positive[0] : 2;
  doses.zero_at = doses.positive.front() / std::pow(step, 1.5);
  return doses;
}

double highest_response(const DoseResponse& figure) {
  double top = 110;
  for (const auto& panel : figure.panels)
    for (const auto& arm : panel.arms)
      for (const auto& point : arm.points) top = std::max(top, point.response);
  return std::ceil(top / 10) * 10;
}

// The zero-dose wells' mean and standard deviation, all arms together.
json control_band(const DoseResponsePanel& panel, double left, double right) {
  std::vector<double> values;
  for (const auto& arm : panel.arms)
    for (const auto& point : arm.points)
      if (point.dose == 0) values.push_back(point.response);
  if (values.size() < 2) return json::array();
  double mean = 0, square = 0;
  for (double v : values) mean += v / static_cast<double>(values.size());
  for (double v : values) square += (v - mean) * (v - mean) / static_cast<double>(values.size() - 1);
  const double sd = std::sqrt(square);
  return {{{"x", left},
           {"x2", right},
           {"low", mean - sd},
           {"high", mean + sd},
           {"what", "mean ± SD of the untreated wells"}}};
}

json panel_spec(const DoseResponsePanel& panel, const DoseResponse& figure, const Doses& doses, double top,
                const Palette& palette) {
  const double left = doses.zero_at / 1.35, right = doses.positive.back() * 1.35;
  json ticks = json::array({doses.zero_at});
  for (double dose : doses.positive) ticks.push_back(dose);
  const std::string zero_below = json(std::sqrt(doses.zero_at * doses.positive.front())).dump();
  const json x =
      vega::position("x", {{"type", "log"}, {"domain", {left, right}}, {"nice", false}},
                     {{"values", ticks},
                      {"labelExpr", "datum.value < " + zero_below + " ? '0' : format(datum.value, '~r')"},
                      {"labelOverlap", false},
                      {"labelFontSize", 10.5}},
                     figure.drug + " (" + figure.dose_unit + ")");
  const json y =
      vega::position("y", {{"domain", {0, top}}, {"nice", false}}, {{"tickCount", 6}}, figure.response_title);

  std::vector<std::string> arms;
  json points = json::array(), curve = json::array(), ticks50 = json::array();
  for (std::size_t i = 0; i < panel.arms.size(); ++i) {
    const auto& arm = panel.arms[i];
    arms.push_back(arm.arm);
    for (const auto& p : arm.points)
      points.push_back({{"arm", arm.arm},
                        {"x", p.dose > 0 ? p.dose : doses.zero_at},
                        {"y", p.response},
                        {"dose", p.dose},
                        {"replicate", p.replicate}});
    for (const auto& c : arm.curve) {
      json row = {{"arm", arm.arm}, {"x", c.dose}, {"y", c.response}};
      if (std::isfinite(c.band.low) && std::isfinite(c.band.high)) {
        row["low"] = std::clamp(c.band.low, 0.0, top);
        row["high"] = std::clamp(c.band.high, 0.0, top);
      }
      curve.push_back(row);
    }
    if (std::isfinite(arm.ic50.value)) {
      const auto& in = arm.ic50.interval;
      ticks50.push_back({{"arm", arm.arm},
                         {"x", arm.ic50.value},
                         {"level", 4.5 + 5.0 * static_cast<double>(i)},
                         {"low", std::isfinite(in.low) && in.low > 0 ? in.low : left},
                         {"high", std::isfinite(in.high) ? in.high : right},
                         {"what", "IC50"},
                         {"fifty", 50}});
    }
  }
  const json colour = vega::colour_by_arm(arms, palette, true);
  const json plain = vega::colour_by_arm(arms, palette, false);
  json band = json::array();
  for (const auto& row : curve)
    if (row.contains("low")) band.push_back(row);

  json layers = json::array();
  layers.push_back(vega::layer(control_band(panel, left, right),
                               {{"type", "rect"}, {"color", "#dcdcdc"}, {"opacity", 0.7}},
                               {{"x", x},
                                {"x2", {{"field", "x2"}}},
                                {"y", vega::position("low", {{"domain", {0, top}}, {"nice", false}},
                                                     {{"tickCount", 6}}, figure.response_title)},
                                {"y2", {{"field", "high"}}},
                                {"tooltip", {{"field", "what"}}}}));
  layers.push_back(vega::layer({{{"y", 50}}},
                               {{"type", "rule"}, {"color", "#bbbbbb"}, {"strokeDash", {2, 3}}}, {{"y", y}}));
  layers.push_back(
      vega::layer(band, {{"type", "area"}, {"opacity", 0.16}, {"clip", true}},
                  {{"x", x},
                   {"y", vega::position("low", json::object(), json::object(), figure.response_title)},
                   {"y2", {{"field", "high"}}},
                   {"color", plain}}));
  layers.push_back(
      vega::layer(ticks50, {{"type", "rule"}, {"strokeDash", {3, 3}}, {"strokeWidth", 1}, {"opacity", 0.75}},
                  {{"x", x},
                   {"y", vega::position("level", json::object(), json::object(), figure.response_title)},
                   {"y2", {{"field", "fifty"}}},
                   {"color", plain}}));
  layers.push_back(vega::layer(curve, {{"type", "line"}, {"strokeWidth", 2}, {"clip", true}},
                               {{"x", x}, {"y", y}, {"color", plain}}));
  layers.push_back(vega::layer(
      points, {{"type", "point"}, {"filled", true}, {"size", 38}, {"opacity", 0.8}},
      {{"x", x},
       {"y", y},
       {"color", colour},
       {"shape", vega::shape_by_arm(arms, palette)},
       {"tooltip",
        {{{"field", "arm"}, {"type", "nominal"}},
         {{"field", "dose"}, {"type", "quantitative"}, {"title", "dose, " + figure.dose_unit}},
         {{"field", "replicate"}, {"type", "quantitative"}},
         {{"field", "y"}, {"type", "quantitative"}, {"format", ".1f"}, {"title", "% of control"}}}}}));
  const json level = vega::position("level", json::object(), json::object(), figure.response_title);
  layers.push_back(vega::layer(ticks50, {{"type", "rule"}, {"strokeWidth", 2.5}, {"clip", true}},
                               {{"x", vega::position("low", json::object(), json::object(), "")},
                                {"x2", {{"field", "high"}}},
                                {"y", level},
                                {"color", plain}}));
  layers.push_back(vega::layer(ticks50,
                               {{"type", "point"},
                                {"filled", true},
                                {"size", 70},
                                {"shape", "triangle-up"},
                                {"stroke", "white"},
                                {"strokeWidth", 0.8}},
                               {{"x", x},
                                {"y", level},
                                {"color", plain},
                                {"tooltip",
                                 {{{"field", "arm"}, {"type", "nominal"}},
                                  {{"field", "x"},
                                   {"type", "quantitative"},
                                   {"format", ".3~r"},
                                   {"title", "IC50, " + figure.dose_unit}}}}}));
  // The break between the zero dose and the log axis.
  layers.push_back(vega::layer({{{"x", std::sqrt(doses.zero_at * doses.positive.front())}, {"text", "//"}}},
                               {{"type", "text"},
                                {"fontSize", 12},
                                {"y", height},
                                {"baseline", "middle"},
                                {"stroke", "#ffffff"},
                                {"strokeWidth", 0}},
                               {{"x", x}, {"text", {{"field", "text"}}}}));
  return {{"title", panel.title}, {"width", width}, {"height", height}, {"layer", layers}};
}

}  // namespace

json specify(const DoseResponse& figure, const Palette& palette) {
  const Doses doses = doses_of(figure);
  const double top = highest_response(figure);
  std::vector<json> panels;
  for (const auto& panel : figure.panels) panels.push_back(panel_spec(panel, figure, doses, top, palette));
  return vega::page_of_panels(std::move(panels), 2, width + 90);
}

std::string tabulate(const DoseResponse& figure) {
  const std::vector<std::string> columns{"panel", "arm", "kind", "replicate", "dose_" + figure.dose_unit,
                                         "value", "low", "high"};
  std::vector<std::vector<io::CsvValue>> rows;
  for (const auto& panel : figure.panels)
    for (const auto& arm : panel.arms) {
      for (const auto& p : arm.points)
        rows.push_back(
            {panel.title, arm.arm, "point", std::int64_t{p.replicate}, p.dose, p.response, {}, {}});
      for (const auto& c : arm.curve)
        rows.push_back({panel.title, arm.arm, "curve", {}, c.dose, c.response, c.band.low, c.band.high});
      rows.push_back({panel.title,
                      arm.arm,
                      "ic50",
                      {},
                      {},
                      arm.ic50.value,
                      arm.ic50.interval.low,
                      arm.ic50.interval.high});
    }
  return io::write_csv(columns, rows);
}

}  // namespace stroma::report
