// Flow cytometry: log density of events on two log axes, with the quadrant gates and the fraction in each
// quadrant.
#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "core/csv.hpp"
#include "core/errors.hpp"
#include "report/kinds.hpp"
#include "report/vega.hpp"

namespace stroma::report {
namespace {

using nlohmann::json;

constexpr int side = 176;  // px
constexpr int bins = 56;   // per axis

struct Density {
  std::map<std::pair<int, int>, int> counts;  // by bin of annexin, bin of PI
  int below = 0;                              // events at or under the axes' lower end
  int above = 0;
};

int bin_of(double value, const Flow& figure, double bins_per_e) {
  return std::clamp(static_cast<int>(std::floor(std::log(value / figure.low) * bins_per_e)), 0, bins - 1);
}

double edge(int bin, const Flow& figure) {
  return figure.low * std::pow(figure.high / figure.low, double(bin) / bins);
}

Density bin_events(const FlowPanel& panel, const Flow& figure) {
  core::require(panel.annexin.size() == panel.pi.size(),
                "a flow panel with unequal numbers of annexin and PI values");
  Density density;
  const double bins_per_e = bins / std::log(figure.high / figure.low);
  std::vector<int> counts(static_cast<std::size_t>(bins) * bins, 0);
  for (std::size_t i = 0; i < panel.annexin.size(); ++i) {
    const double a = panel.annexin[i], p = panel.pi[i];
    if (!(a > figure.low) || !(p > figure.low)) ++density.below;
    if (a > figure.high || p > figure.high) ++density.above;
    ++counts[static_cast<std::size_t>(bin_of(std::max(a, figure.low), figure, bins_per_e)) * bins +
             static_cast<std::size_t>(bin_of(std::max(p, figure.low), figure, bins_per_e))];
  }
  for (int x = 0; x < bins; ++x)
    for (int y = 0; y < bins; ++y)
      if (const int n = counts[static_cast<std::size_t>(x) * bins + static_cast<std::size_t>(y)]; n > 0)
        density.counts[{x, y}] = n;
  return density;
}

std::string percent(double fraction) {
  if (!std::isfinite(fraction)) return "–";
  char text[16];
  std::snprintf(text, sizeof text, "%.1f %%", 100 * fraction);
  return text;
}

json panel_spec(const FlowPanel& panel, const Density& density, const Flow& figure, int most) {
  json rects = json::array();
  for (const auto& [bin, count] : density.counts)
    rects.push_back({{"x", edge(bin.first, figure)},
                     {"x2", edge(bin.first + 1, figure)},
                     {"y", edge(bin.second, figure)},
                     {"y2", edge(bin.second + 1, figure)},
                     {"events", count}});
  const json scale = {{"type", "log"}, {"domain", {figure.low, figure.high}}, {"nice", false}};
  json decades = json::array();
  for (double v = std::pow(10, std::ceil(std::log10(figure.low) - 1e-9)); v <= figure.high * 1.0001; v *= 10)
    decades.push_back(v);
  const json axis = {{"values", decades},
                     {"labelExpr",
                      "'10' + replace(replace(replace(replace(replace(replace(replace(replace('' + "
                      "round(log(datum.value)/LN10), '1', '¹'), '2', '²'), '3', '³'), '4', '⁴'), '5', '⁵'), "
                      "'6', '⁶'), '7', '⁷'), '0', '⁰')"}};
  const json x = vega::position("x", scale, axis, figure.annexin_title),
             y = vega::position("y", scale, axis, figure.pi_title);

  json layers = json::array();
  layers.push_back(vega::layer(rects, {{"type", "rect"}, {"strokeWidth", 0}},
                               {{"x", x},
                                {"x2", {{"field", "x2"}}},
                                {"y", y},
                                {"y2", {{"field", "y2"}}},
                                {"color",
                                 {{"field", "events"},
                                  {"type", "quantitative"},
                                  {"scale",
                                   {{"type", "log"},
                                    {"domain", {1, std::max(2, most)}},
                                    {"range", {"#cfe3f3", "#56b4e9", "#0072b2", "#00304d"}},
                                    {"interpolate", "lab"}}},
                                  {"legend",
                                   {{"title", "events per bin"},
                                    {"orient", "bottom"},
                                    {"gradientLength", 140},
                                    {"gradientThickness", 8},
                                    {"tickCount", 3}}}}},
                                {"tooltip", {{{"field", "events"}, {"type", "quantitative"}}}}}));
  const json gate = {{"type", "rule"}, {"color", "#333333"}, {"strokeWidth", 1}};
  if (std::isfinite(panel.annexin_gate))
    layers.push_back(vega::layer({{{"x", panel.annexin_gate}}}, gate, {{"x", x}}));
  if (std::isfinite(panel.pi_gate)) layers.push_back(vega::layer({{{"y", panel.pi_gate}}}, gate, {{"y", y}}));
  struct Corner {
    int fraction;
    const char* align;
    const char* name;
    int px, py;
  };
  constexpr int far = side - 4;
  for (const Corner& c :
       {Corner{0, "left", "viable", 4, far}, Corner{1, "right", "early apoptotic", far, far},
        Corner{2, "right", "late apoptotic", far, 11}, Corner{3, "left", "necrotic", 4, 11}}) {
    const double f = panel.fractions[static_cast<std::size_t>(c.fraction)];
    if (!std::isfinite(f)) continue;  // scatter has no quadrants
    layers.push_back(vega::layer({{{"text", percent(f)}, {"what", std::string(c.name) + ": " + percent(f)}}},
                                 {{"type", "text"},
                                  {"align", c.align},
                                  {"x", c.px},
                                  {"y", c.py},
                                  {"baseline", c.py > 50 ? "bottom" : "middle"},
                                  {"fontSize", 10.5},
                                  {"fontWeight", 600},
                                  {"stroke", "#ffffff"},
                                  {"strokeWidth", 2.5},
                                  {"strokeOpacity", 0.85},
                                  {"strokeJoin", "round"}},
                                 {{"text", {{"field", "text"}}}, {"tooltip", {{"field", "what"}}}}));
    json copy = layers.back();
    copy["mark"].erase("stroke");
    copy["mark"].erase("strokeWidth");
    copy["mark"].erase("strokeOpacity");
    copy["mark"].erase("strokeJoin");
    layers.push_back(copy);
  }
  std::vector<std::string> title = vega::lines_of(panel.arm);
  title.front().insert(0, panel.system + " · ");
  std::vector<std::string> note;
  if (density.below > 0)
    note.push_back(std::to_string(density.below) + " events at or below the axes' lower end");
  if (density.above > 0) note.push_back(std::to_string(density.above) + " events above the axes' upper end");
  json head = {{"text", title}, {"fontSize", 11}, {"fontWeight", 600}};
  if (!note.empty())
    head.update({{"subtitle", note}, {"subtitleFontSize", 9.5}, {"subtitleColor", "#666666"}});
  return {{"title", head}, {"width", side}, {"height", side}, {"layer", layers}};
}

}  // namespace

json specify(const Flow& figure, const Palette&) {
  int most = 1;
  std::vector<Density> densities;
  for (const auto& panel : figure.panels) {
    densities.push_back(bin_events(panel, figure));
    for (const auto& [bin, count] : densities.back().counts) most = std::max(most, count);
  }
  std::vector<json> panels;
  for (std::size_t i = 0; i < figure.panels.size(); ++i)
    panels.push_back(panel_spec(figure.panels[i], densities[i], figure, most));
  return vega::page_of_panels(std::move(panels), figure.columns, side + 74);
}

std::string tabulate(const Flow& figure) {
  const bool quadrants_drawn = std::any_of(
      figure.panels.begin(), figure.panels.end(),
      [](const FlowPanel& p) { return std::isfinite(p.annexin_gate) && std::isfinite(p.pi_gate); });
  const std::string x = quadrants_drawn ? "annexin" : "x", y = quadrants_drawn ? "pi" : "y";
  const std::vector<std::string> columns{"system",    "arm",     "kind",   x + "_from", x + "_to",
                                         y + "_from", y + "_to", "events", "fraction"};
  std::vector<std::vector<core::CsvValue>> rows;
  const char* quadrants[] = {"viable", "early apoptotic", "late apoptotic", "necrotic"};
  for (const auto& panel : figure.panels) {
    const double a = panel.annexin_gate, p = panel.pi_gate;
    const core::CsvValue none;
    const core::CsvValue bounds[4][4] = {
        {none, a, none, p}, {a, none, none, p}, {a, none, p, none}, {none, a, p, none}};
    for (std::size_t q = 0; q < 4 && std::isfinite(panel.fractions[q]); ++q)
      rows.push_back({panel.system,
                      panel.arm,
                      quadrants[q],
                      bounds[q][0],
                      bounds[q][1],
                      bounds[q][2],
                      bounds[q][3],
                      {},
                      panel.fractions[q]});
    for (const auto& [bin, count] : bin_events(panel, figure).counts)
      rows.push_back({panel.system,
                      panel.arm,
                      "bin",
                      edge(bin.first, figure),
                      edge(bin.first + 1, figure),
                      edge(bin.second, figure),
                      edge(bin.second + 1, figure),
                      std::int64_t{count},
                      {}});
  }
  return core::write_csv(columns, rows);
}

}  // namespace stroma::report
