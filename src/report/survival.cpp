// Survival: steps with their bands, censor marks, medians as dashed lines, and the numbers at risk at round
// times under the axis.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/csv.hpp"
#include "core/errors.hpp"
#include "report/kinds.hpp"
#include "report/vega.hpp"
#include "report/words.hpp"

namespace stroma::report {
namespace {

using nlohmann::json;

constexpr int width = 284, height = 220, row_height = 16;

double longest_of(const Survival& figure) {
  double longest = 0;
  for (const auto& panel : figure.panels)
    for (const auto& arm : panel.arms) {
      for (const stats::FollowUp& subject : arm.subjects) longest = std::max(longest, subject.time);
      for (const SurvivalStep& step : arm.steps) longest = std::max(longest, step.time);
    }
  return longest > 0 ? longest : 1;
}

double last_time(const SurvivalArm& arm) {
  double last = arm.steps.empty() ? 0 : arm.steps.back().time;
  for (const stats::FollowUp& subject : arm.subjects) last = std::max(last, subject.time);
  return last;
}

// The step in force at a time; censoring at a step's own time comes after it.
double survival_at(const SurvivalArm& arm, double time) {
  double survival = 1;
  for (const SurvivalStep& step : arm.steps)
    if (step.time <= time) survival = step.survival;
  return survival;
}

struct Rows {
  std::vector<std::string> arms;
  json steps = json::array(), bands = json::array(), censored = json::array(), medians = json::array();
};

Rows rows_of(const SurvivalPanel& panel) {
  Rows rows;
  for (const auto& arm : panel.arms) {
    rows.arms.push_back(arm.arm);
    core::require(std::is_sorted(arm.steps.begin(), arm.steps.end(),
                                 [](const auto& a, const auto& b) { return a.time < b.time; }),
                  "steps of a survival curve that are not ascending in time");
    if (arm.steps.empty() || arm.steps.front().time > 0)  // all are alive until the first step
      rows.steps.push_back({{"arm", arm.arm}, {"x", 0}, {"y", 100}});
    for (std::size_t i = 0; i < arm.steps.size(); ++i) {
      const SurvivalStep& step = arm.steps[i];
      const double until = i + 1 < arm.steps.size() ? arm.steps[i + 1].time : last_time(arm);
      rows.steps.push_back({{"arm", arm.arm}, {"x", step.time}, {"y", 100 * step.survival}});
      if (i + 1 == arm.steps.size() && until > step.time)
        rows.steps.push_back({{"arm", arm.arm}, {"x", until}, {"y", 100 * step.survival}});
      if (std::isfinite(step.band.low) && std::isfinite(step.band.high) && until > step.time)
        rows.bands.push_back({{"arm", arm.arm},
                              {"x", step.time},
                              {"x2", until},
                              {"low", 100 * step.band.low},
                              {"high", 100 * step.band.high}});
    }
    if (arm.steps.empty() && last_time(arm) > 0)
      rows.steps.push_back({{"arm", arm.arm}, {"x", last_time(arm)}, {"y", 100}});
    for (const stats::FollowUp& subject : arm.subjects)
      if (!subject.event)
        rows.censored.push_back(
            {{"arm", arm.arm}, {"x", subject.time}, {"y", 100 * survival_at(arm, subject.time)}});
    if (std::isfinite(arm.median.value))
      rows.medians.push_back({{"arm", arm.arm},
                              {"x", arm.median.value},
                              {"y", 50},
                              {"y0", 0},
                              {"text", print(arm.median.value, 3)},
                              {"interval", print(arm.median.interval, 3)}});
  }
  return rows;
}

// The table of numbers at risk: one row per arm in the order of the legend, its colour to the left.
json risk_table(const SurvivalPanel& panel, const std::vector<double>& times, const json& x,
                const Palette& palette) {
  json counts = json::array(), names = json::array();
  for (std::size_t a = 0; a < panel.arms.size(); ++a) {
    for (const double time : times)
      counts.push_back({{"x", time}, {"row", a}, {"n", stats::at_risk(panel.arms[a].subjects, time)}});
    names.push_back({{"row", a}, {"arm", panel.arms[a].arm}, {"colour", palette[panel.arms[a].arm].colour}});
  }
  const auto rows = static_cast<double>(panel.arms.size());
  const json y = vega::position(
      "row", {{"domain", {-0.5, rows - 0.5}}, {"reverse", true}, {"nice", false}, {"zero", false}}, nullptr,
      "");
  return {{"width", width},
          {"height", row_height * static_cast<int>(panel.arms.size())},
          {"title",
           {{"text", "number at risk, in the order of the legend"},
            {"fontSize", 11},
            {"fontWeight", "normal"},
            {"offset", 2}}},
          {"layer",
           {vega::layer(counts, {{"type", "text"}, {"fontSize", 11}},
                        {{"x", x}, {"y", y}, {"text", {{"field", "n"}, {"type", "quantitative"}}}}),
            vega::layer(names,
                        {{"type", "point"},
                         {"filled", true},
                         {"shape", "square"},
                         {"size", 60},
                         {"opacity", 1},
                         {"x", -20}},
                        {{"y", y},
                         {"fill", vega::literal_colour("colour")},
                         {"tooltip", {{"field", "arm"}, {"type", "nominal"}}}})}}};
}

json panel_spec(const SurvivalPanel& panel, const Survival& figure, double longest, const Palette& palette) {
  const Rows rows = rows_of(panel);
  const std::vector<double> times = vega::round_ticks(0, longest, 6);
  const json x_scale = {{"domain", {0, longest * 1.02}}, {"nice", false}};
  const json y_scale = {{"domain", {0, 102}}, {"nice", false}};
  const auto x_of = [&](const char* field) {
    return vega::position(field, x_scale, {{"values", times}}, figure.time_title);
  };
  const auto y_of = [&](const char* field) {
    return vega::position(field, y_scale, {{"values", {0, 25, 50, 75, 100}}}, figure.y_title);
  };
  json colour = vega::colour_by_arm(rows.arms, palette, true);
  colour["legend"]["symbolType"] = "stroke";
  const json arm_tip = {{"field", "arm"}, {"type", "nominal"}};
  json layers = json::array();
  const auto draw = [&](const json& values, json mark, json encoding) {
    if (!values.empty()) layers.push_back(vega::layer(values, std::move(mark), std::move(encoding)));
  };
  draw(rows.bands, {{"type", "rect"}, {"opacity", 0.13}, {"strokeWidth", 0}},
       {{"x", x_of("x")},
        {"x2", {{"field", "x2"}}},
        {"y", y_of("low")},
        {"y2", {{"field", "high"}}},
        {"color", colour}});
  draw(rows.medians, {{"type", "rule"}, {"strokeDash", {4, 3}}, {"strokeWidth", 1.2}},
       {{"x", x_of("x")},
        {"y", y_of("y0")},
        {"y2", {{"field", "y"}}},
        {"color", colour},
        {"tooltip",
         {arm_tip,
          {{"field", "text"}, {"type", "nominal"}, {"title", "median"}},
          {{"field", "interval"}, {"type", "nominal"}, {"title", "interval"}}}}});
  if (!rows.medians.empty()) {
    double last = 0;
    for (const auto& row : rows.medians) last = std::max(last, row["x"].get<double>());
    draw({{{"x", 0}, {"x2", last}, {"y", 50}}},
         {{"type", "rule"}, {"strokeDash", {4, 3}}, {"color", "#999999"}},
         {{"x", x_of("x")}, {"x2", {{"field", "x2"}}}, {"y", y_of("y")}});
  }
  draw(rows.steps, {{"type", "line"}, {"interpolate", "step-after"}, {"strokeWidth", 2}},
       {{"x", x_of("x")}, {"y", y_of("y")}, {"color", colour}});
  draw(rows.censored,
       {{"type", "tick"}, {"orient", "vertical"}, {"size", 11}, {"thickness", 1.6}, {"opacity", 1}},
       {{"x", x_of("x")}, {"y", y_of("y")}, {"color", colour}, {"tooltip", {arm_tip}}});
  const json plot = {{"width", width}, {"height", height}, {"layer", layers}};
  json table_x = x_of("x");
  table_x["axis"] = nullptr;
  table_x["title"] = nullptr;
  return {{"title",
           {{"text", panel.title},
            {"subtitle", "tick on a curve: censored"},
            {"subtitleFontSize", 10},
            {"subtitleColor", "#666666"}}},
          {"vconcat", {plot, risk_table(panel, times, table_x, palette)}},
          {"spacing", 8},
          {"bounds", "full"}};
}

}  // namespace

SurvivalArm survival_arm(std::string arm, std::vector<stats::FollowUp> subjects,
                         const stats::KaplanMeier& estimate) {
  const stats::MedianSurvival& median = estimate.median;
  SurvivalArm drawn{std::move(arm), std::move(subjects), {}, {median.value, {median.ci.low, median.ci.high}}};
  for (const stats::SurvivalPoint& p : estimate.points)
    if (p.events > 0) drawn.steps.push_back({p.time, p.survival, {p.ci.low, p.ci.high}});
  return drawn;
}

json specify(const Survival& figure, const Palette& palette) {
  const double longest = longest_of(figure);
  std::vector<json> panels;
  for (const auto& panel : figure.panels) panels.push_back(panel_spec(panel, figure, longest, palette));
  return vega::page_of_panels(std::move(panels), figure.columns, width + 90);
}

std::string tabulate(const Survival& figure) {
  const std::vector<std::string> columns{"panel", "arm", "kind", "time", "value", "low", "high"};
  std::vector<std::vector<core::CsvValue>> rows;
  const auto times = vega::round_ticks(0, longest_of(figure), 6);
  const core::CsvValue none;
  for (const auto& panel : figure.panels)
    for (const auto& arm : panel.arms) {
      for (const auto& s : arm.steps)
        rows.push_back({panel.title, arm.arm, "survival", s.time, s.survival, s.band.low, s.band.high});
      for (const auto& f : arm.subjects)
        rows.push_back({panel.title, arm.arm, f.event ? "event" : "censored", f.time, none, none, none});
      for (const double time : times)
        rows.push_back({panel.title, arm.arm, "at risk", time,
                        static_cast<std::int64_t>(stats::at_risk(arm.subjects, time)), none, none});
      rows.push_back({panel.title, arm.arm, "median", arm.median.value, none, arm.median.interval.low,
                      arm.median.interval.high});
    }
  return core::write_csv(columns, rows);
}

}  // namespace stroma::report
