// The forest plot: every finding's effect with its interval, against the side of zero on which the paper
// reports it.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/csv.hpp"
#include "report/kinds.hpp"
#include "report/vega.hpp"
#include "report/words.hpp"

namespace stroma::report {
namespace {

using nlohmann::json;

constexpr int width = 330, row_height = 44;                       // a phone shows all of it
constexpr int label_dy = -13, against_dy = -2, interval_dy = 10;  // in a row: what, which arms, the effect

std::string label_of(const Finding& f) {
  return f.id + " · " + f.figure + " · " + f.system + " · " + f.readout;
}

// The largest finite effect or end of an interval, so that zero is in the middle.
double reach_of(const std::vector<Finding>& findings) {
  double reach = 1;
  const auto take = [&](double v) {
    if (std::isfinite(v)) reach = std::max(reach, std::abs(v));
  };
  for (const auto& f : findings) {
    take(f.result.effect.value);
    if (std::isfinite(f.result.effect.interval.high) && std::abs(f.result.effect.interval.high) < 12)
      take(f.result.effect.interval.high);
    if (std::isfinite(f.result.effect.interval.low) && std::abs(f.result.effect.interval.low) < 12)
      take(f.result.effect.interval.low);
    if (f.larger) take(f.larger->effect.value);
  }
  return std::ceil(reach * 1.05 * 2) / 2;
}

json row_of(const Finding& f, const FindingResult& result, double reach, const std::string& label) {
  const auto end = [&](double v, double edge) {
    return std::isfinite(v) ? std::clamp(v, -reach, reach) : edge;
  };
  json row = {{"finding", label},
              {"arm", f.arm},
              {"reference", f.reference_arm},
              {"arms", f.arm + " against " + f.reference_arm},
              {"n", result.n},
              {"verdict", word(result.verdict)},
              {"colour", colour(result.verdict)},
              {"expected", word(f.expected)}};
  if (std::isfinite(result.effect.value)) row["effect"] = std::clamp(result.effect.value, -reach, reach);
  if (!std::isnan(result.effect.interval.low) && !std::isnan(result.effect.interval.high)) {
    row["low"] = end(result.effect.interval.low, -reach);
    row["high"] = end(result.effect.interval.high, reach);
  }
  return row;
}

}  // namespace

json specify_forest(const std::vector<Finding>& findings) {
  const double reach = reach_of(findings);
  std::vector<json> panels;
  for (const Role role : {Role::calibrated, Role::predicted}) {
    std::vector<std::string> order;
    json sides = json::array(), small = json::array(), large = json::array();
    for (const auto& f : findings) {
      if (f.role != role) continue;
      const std::string label = label_of(f);
      order.push_back(label);
      const double from = f.expected == Direction::up ? 0 : f.expected == Direction::down ? -reach : -0.1;
      const double to = f.expected == Direction::up ? reach : f.expected == Direction::down ? 0 : 0.1;
      sides.push_back(
          {{"finding", label}, {"from", from}, {"to", to}, {"expected", "the paper: " + word(f.expected)}});
      small.push_back(row_of(f, f.result, reach, label));
      if (f.larger) large.push_back(row_of(f, *f.larger, reach, label));
    }
    if (order.empty()) continue;
    const json scale = {{"domain", {-reach, reach}}, {"nice", false}};
    const json axis = {{"tickCount", 5}, {"grid", true}, {"gridColor", "#eeeeee"}, {"orient", "bottom"}};
    const auto x = [&](const char* field) {
      return vega::position(field, scale, axis, "log2 (arm / reference arm), 95 % interval");
    };
    const json y = {{"field", "finding"}, {"type", "nominal"},
                    {"sort", nullptr},    {"scale", {{"domain", order}}},
                    {"title", nullptr},   {"axis", {{"domain", false}, {"ticks", false}, {"labels", false}}}};
    const json shape = {
        {"field", "verdict"},
        {"type", "nominal"},
        {"scale",
         {{"domain", {"reproduced", "contradicted", "inconclusive"}},
          {"range", {"circle", "diamond", "square"}}}},
        {"legend", {{"title", nullptr}, {"orient", "top"}, {"direction", "horizontal"}, {"columns", 3}}}};
    const json ink = {
        {"field", "verdict"},
        {"type", "nominal"},
        {"scale",
         {{"domain", {"reproduced", "contradicted", "inconclusive"}},
          {"range",
           {colour(Verdict::reproduced), colour(Verdict::contradicted), colour(Verdict::inconclusive)}}}},
        {"legend", shape["legend"]}};
    const json tip = {{{"field", "finding"}, {"type", "nominal"}},
                      {{"field", "arm"}, {"type", "nominal"}},
                      {{"field", "reference"}, {"type", "nominal"}},
                      {{"field", "expected"}, {"type", "nominal"}},
                      {{"field", "n"}, {"type", "quantitative"}},
                      {{"field", "effect"}, {"type", "quantitative"}, {"format", ".2f"}},
                      {{"field", "low"}, {"type", "quantitative"}, {"format", ".2f"}},
                      {{"field", "high"}, {"type", "quantitative"}, {"format", ".2f"}},
                      {{"field", "verdict"}, {"type", "nominal"}}};
    json layers = json::array();
    layers.push_back(vega::layer(
        sides, {{"type", "rect"}, {"color", "#f1efe9"}},
        {{"x", x("from")}, {"x2", {{"field", "to"}}}, {"y", y}, {"tooltip", {{"field", "expected"}}}}));
    layers.push_back(
        vega::layer({{{"zero", 0}}}, {{"type", "rule"}, {"color", "#666666"}}, {{"x", x("zero")}}));
    const auto draw = [&](const json& rows, int offset, bool main) {
      layers.push_back(vega::layer(
          rows,
          {{"type", "rule"}, {"strokeWidth", main ? 2 : 1}, {"opacity", main ? 1 : 0.8}, {"yOffset", offset}},
          {{"x", x("low")}, {"x2", {{"field", "high"}}}, {"y", y}, {"color", ink}, {"tooltip", tip}}));
      layers.push_back(
          vega::layer(rows,
                      {{"type", "point"},
                       {"filled", main},
                       {"fill", main ? json() : json("#ffffff")},
                       {"size", main ? 48 : 22},
                       {"opacity", 1},
                       {"strokeWidth", 1.2},
                       {"yOffset", offset}},
                      {{"x", x("effect")}, {"y", y}, {"color", ink}, {"shape", shape}, {"tooltip", tip}}));
      if (main) layers.back()["mark"].erase("fill");
    };
    // Words stand above their interval, not beside it: beside it they push the half that decides off a
    // screen.
    for (const bool upper : {true, false})
      layers.push_back(
          vega::layer(small,
                      {{"type", "text"},
                       {"align", "left"},
                       {"baseline", "middle"},
                       {"x", 2},
                       {"dy", upper ? label_dy : against_dy},
                       {"fontSize", upper ? 10.5 : 9.5},
                       {"limit", width - 4},
                       {"color", upper ? "#222222" : "#5a5a5a"}},
                      {{"y", y}, {"text", {{"field", upper ? "finding" : "arms"}, {"type", "nominal"}}}}));
    draw(small, large.empty() ? interval_dy : interval_dy - 3, true);
    if (!large.empty()) draw(large, interval_dy + 6, false);
    panels.push_back({{"title", role == Role::calibrated ? "Used for calibration" : "Predicted"},
                      {"width", width},
                      {"height", row_height * static_cast<int>(order.size())},
                      {"layer", layers}});
  }
  return vega::page_of_panels(std::move(panels), 1, 900);
}

std::string tabulate(const std::vector<Finding>& findings) {
  const std::vector<std::string> columns{"id",
                                         "figure",
                                         "system",
                                         "readout",
                                         "arm",
                                         "reference_arm",
                                         "expected",
                                         "role",
                                         "test",
                                         "n",
                                         "effect_log2",
                                         "ci95_low",
                                         "ci95_high",
                                         "p_value",
                                         "verdict",
                                         "n_larger",
                                         "effect_log2_larger",
                                         "ci95_low_larger",
                                         "ci95_high_larger",
                                         "p_value_larger",
                                         "verdict_larger",
                                         "note"};
  std::vector<std::vector<core::CsvValue>> rows;
  for (const auto& f : findings) {
    std::vector<core::CsvValue> row{
        f.id, f.figure, f.system, f.readout, f.arm, f.reference_arm, word(f.expected), word(f.role), f.test};
    const auto append = [&](const FindingResult& r) {
      row.insert(row.end(), {std::int64_t{r.n}, r.effect.value, r.effect.interval.low, r.effect.interval.high,
                             r.p, word(r.verdict)});
    };
    append(f.result);
    if (f.larger)
      append(*f.larger);
    else
      row.insert(row.end(), 6, core::CsvValue{});
    row.push_back(f.note);
    rows.push_back(row);
  }
  return core::write_csv(columns, rows);
}

}  // namespace stroma::report
