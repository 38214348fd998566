// Dose response: points per replicate, the fitted curve with its band, the zero dose set apart from the log
// axis, and each IC50 with its interval as a tick on the axis.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/csv.hpp"
#include "report/kinds.hpp"
#include "report/vega.hpp"
#include "report/words.hpp"

namespace stroma::report {
namespace {

using nlohmann::json;

constexpr int width = 300;
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

// The plot's edges in data units; the lower one is 0 %.
struct Box {
  double left, right, top;
};

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

// The points, the curves and the IC50s of a panel as rows of data; a curve's band is cut at the plot's edges.
struct Rows {
  std::vector<std::string> arms;
  json points = json::array(), curve = json::array(), band = json::array(), ic50 = json::array();
};

Rows rows_of(const DoseResponsePanel& panel, const Doses& doses, Box box) {
  Rows rows;
  for (const auto& arm : panel.arms) {
    const double level = 4.5 + 6.5 * static_cast<double>(rows.arms.size());
    rows.arms.push_back(arm.arm);
    for (const auto& p : arm.points)
      rows.points.push_back({{"arm", arm.arm},
                             {"x", p.dose > 0 ? p.dose : doses.zero_at},
                             {"y", p.response},
                             {"dose", p.dose},
                             {"replicate", p.replicate}});
    for (const auto& c : arm.curve) {
      json row = {{"arm", arm.arm}, {"x", c.dose}, {"y", c.response}};
      rows.curve.push_back(row);
      if (!std::isfinite(c.band.low) || !std::isfinite(c.band.high)) continue;
      row["low"] = std::clamp(c.band.low, 0.0, box.top);
      row["high"] = std::clamp(c.band.high, 0.0, box.top);
      rows.band.push_back(row);
    }
    const double value = arm.ic50.value;
    if (!(value >= box.left && value <= box.right)) continue;
    const auto& in = arm.ic50.interval;
    rows.ic50.push_back({{"arm", arm.arm},
                         {"x", value},
                         {"y", level},
                         {"fifty", 50},
                         {"low", in.low > box.left    ? in.low
                                 : std::isnan(in.low) ? value
                                                      : box.left},
                         {"high", in.high < box.right   ? in.high
                                  : std::isnan(in.high) ? value
                                                        : box.right},
                         {"label", print(value, 2)}});
  }
  return rows;
}

// All arms of the figure: panels share one scale of colours, or each would paint the other's arms.
std::vector<std::string> arms_in(const DoseResponse& figure) {
  std::vector<std::string> arms;
  for (const auto& panel : figure.panels)
    for (const auto& arm : panel.arms)
      if (std::find(arms.begin(), arms.end(), arm.arm) == arms.end()) arms.push_back(arm.arm);
  return arms;
}

json panel_spec(const DoseResponsePanel& panel, const DoseResponse& figure, const Doses& doses, double top,
                const Palette& palette) {
  const Box box{doses.zero_at / 1.35, doses.positive.back() * 1.35, top};
  const double gap = std::sqrt(doses.zero_at * doses.positive.front());
  json ticks = json::array({doses.zero_at});
  for (const double dose : doses.positive) ticks.push_back(dose);
  const json x_scale = {{"type", "log"}, {"domain", {box.left, box.right}}, {"nice", false}};
  const json x_axis = {
      {"values", ticks},
      {"labelExpr", "datum.value < " + json(gap).dump() + " ? '0' : format(datum.value, '~r')"},
      {"labelOverlap", false},
      {"labelFontSize", 10.5}};
  const json y_scale = {{"domain", {0, top}}, {"nice", false}};
  const auto x_of = [&](const char* field) {
    return vega::position(field, x_scale, x_axis, figure.drug + " (" + figure.dose_unit + ")");
  };
  const auto y_of = [&](const char* field) {
    return vega::position(field, y_scale, {{"tickCount", 6}}, figure.response_title);
  };
  const Rows rows = rows_of(panel, doses, box);
  const std::vector<std::string> arms = arms_in(figure);
  const json colour = vega::colour_by_arm(arms, palette, true);
  const json to_x = {{"field", "high"}}, to_high = {{"field", "high"}}, to_fifty = {{"field", "fifty"}};
  const json arm_tip = {{"field", "arm"}, {"type", "nominal"}};
  const auto tip = [](const char* field, const char* format, const std::string& title) {
    return json{
        {"field", field}, {"type", "quantitative"}, {"format", format}, {"title", vega::tip_title(title)}};
  };

  json layers = json::array();
  const auto draw = [&](const json& values, json mark, json encoding) {
    layers.push_back(vega::layer(values, std::move(mark), std::move(encoding)));
  };
  draw(control_band(panel, box.left, box.right), {{"type", "rect"}, {"color", "#dcdcdc"}, {"opacity", 0.7}},
       {{"x", x_of("x")},
        {"x2", {{"field", "x2"}}},
        {"y", y_of("low")},
        {"y2", to_high},
        {"tooltip", {{"field", "what"}}}});
  draw({{{"y", 50}}}, {{"type", "rule"}, {"color", "#bbbbbb"}, {"strokeDash", {2, 3}}}, {{"y", y_of("y")}});
  draw(rows.band, {{"type", "area"}, {"opacity", 0.16}, {"clip", true}},
       {{"x", x_of("x")}, {"y", y_of("low")}, {"y2", to_high}, {"color", colour}});
  draw(rows.ic50, {{"type", "rule"}, {"strokeDash", {3, 3}}, {"strokeWidth", 1}, {"opacity", 0.75}},
       {{"x", x_of("x")}, {"y", y_of("y")}, {"y2", to_fifty}, {"color", colour}});
  draw(rows.curve, {{"type", "line"}, {"strokeWidth", 2}, {"clip", true}},
       {{"x", x_of("x")}, {"y", y_of("y")}, {"color", colour}});
  draw(rows.points, {{"type", "point"}, {"filled", true}, {"size", 40}, {"opacity", 0.85}},
       {{"x", x_of("x")},
        {"y", y_of("y")},
        {"color", colour},
        {"shape", vega::shape_by_arm(arms, palette)},
        {"tooltip",
         {arm_tip, tip("dose", "~r", "dose, " + figure.dose_unit), tip("replicate", "d", "replicate"),
          tip("y", ".1f", "% of control")}}});
  draw(rows.ic50, {{"type", "rule"}, {"strokeWidth", 2.5}, {"clip", true}},
       {{"x", x_of("low")}, {"x2", to_x}, {"y", y_of("y")}, {"color", colour}});
  draw(rows.ic50, {{"type", "point"}, {"filled", true}, {"size", 55}, {"shape", "triangle-up"}},
       {{"x", x_of("x")},
        {"y", y_of("y")},
        {"color", colour},
        {"tooltip", {arm_tip, tip("x", ".3~r", "IC50, " + figure.dose_unit)}}});
  draw(rows.ic50,
       {{"type", "text"},
        {"align", "left"},
        {"baseline", "middle"},
        {"dx", 5},
        {"fontSize", 10},
        {"clip", true}},
       {{"x", x_of("high")},
        {"y", y_of("y")},
        {"color", colour},
        {"text", {{"field", "label"}, {"type", "nominal"}}}});
  // The break between the zero dose and the log axis.
  draw({{{"x", gap}, {"text", "//"}}},
       {{"type", "text"}, {"fontSize", 12}, {"y", height}, {"baseline", "middle"}},
       {{"x", x_of("x")}, {"text", {{"field", "text"}}}});
  return {{"title", panel.title}, {"width", width}, {"height", height}, {"layer", layers}};
}

}  // namespace

json specify(const DoseResponse& figure, const Palette& palette) {
  const Doses doses = doses_of(figure);
  const double top = highest_response(figure);
  std::vector<json> panels;
  for (const auto& panel : figure.panels) panels.push_back(panel_spec(panel, figure, doses, top, palette));
  return vega::page_of_panels(std::move(panels), 2, width + 80);
}

std::string tabulate(const DoseResponse& figure) {
  const std::vector<std::string> columns{"panel", "arm", "kind", "replicate", "dose_" + figure.dose_unit,
                                         "value", "low", "high"};
  std::vector<std::vector<core::CsvValue>> rows;
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
  return core::write_csv(columns, rows);
}

}  // namespace stroma::report
