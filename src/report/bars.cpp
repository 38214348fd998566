// Bars: a point per independent experiment, the mean and its error bar over them, brackets for the
// comparisons, and under the axis a table of + and - that says what each arm received.
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

constexpr int slot = 47;     // px per arm
constexpr int letter = 7;    // px of a name under the axis
constexpr int height = 210;  // px of the plot
constexpr int row_height = 18;
constexpr double half_bar = 0.31;

double number(std::size_t i) {
  return static_cast<double>(i);
}

bool has_no_treatment(const std::string& component) {
  return component == "untreated" || component == "control" || component == "vehicle" ||
         component == "no treatment";
}

// The rows of the table under the axis: every component that an arm of the figure names, in order of
// appearance.
std::vector<std::string> factors_of(const BarPanel& panel) {
  std::vector<std::string> factors;
  for (const auto& group : panel.groups)
    for (const auto& component : vega::components_of(group.arm))
      if (!has_no_treatment(component) &&
          std::find(factors.begin(), factors.end(), component) == factors.end())
        factors.push_back(component);
  return factors;
}

bool names_fit(const BarPanel& panel) {
  return std::all_of(panel.groups.begin(), panel.groups.end(), [](const BarGroup& group) {
    return group.arm.size() <= 9 && vega::components_of(group.arm).size() == 1;
  });
}

int width_of(const BarPanel& panel) {
  std::size_t longest = 0;
  if (names_fit(panel))
    for (const auto& group : panel.groups) longest = std::max(longest, group.arm.size());
  const int wide = std::max(slot, letter * static_cast<int>(longest));
  return std::max(150, wide * static_cast<int>(panel.groups.size()));
}

json treatment_table(const BarPanel& panel, const json& x, int width) {
  json cells = json::array();
  std::vector<std::string> rows;
  const bool plain = names_fit(panel);
  if (plain)
    rows = {""};
  else
    rows = factors_of(panel);
  for (std::size_t i = 0; i < panel.groups.size(); ++i) {
    const auto parts = vega::components_of(panel.groups[i].arm);
    for (const auto& row : rows) {
      const bool present = std::find(parts.begin(), parts.end(), row) != parts.end();
      cells.push_back({{"x", number(i)},
                       {"row", row},
                       {"present", present},
                       {"text", plain     ? panel.groups[i].arm
                                : present ? "+"
                                          : "–"}});
    }
  }
  json axis = {
      {"domain", false}, {"ticks", false}, {"labelPadding", 6}, {"labelLimit", 260}, {"title", nullptr}};
  if (plain) axis = nullptr;
  return {{"width", width},
          {"height", row_height * static_cast<int>(rows.size())},
          {"data", {{"values", cells}}},
          {"mark", {{"type", "text"}, {"fontSize", plain ? 11 : 13}}},
          {"encoding",
           {{"x", x},
            {"y",
             {{"field", "row"},
              {"type", "nominal"},
              {"sort", nullptr},
              {"axis", axis},
              {"scale", {{"domain", rows}}}}},
            {"text", {{"field", "text"}, {"type", "nominal"}}},
            {"color",
             {{"condition", {{"test", "datum.present === false"}, {"value", plain ? "#222222" : "#9a9a9a"}}},
              {"value", "#222222"}}}}}};
}

struct Bracket {
  std::size_t left = 0, right = 0;
  const Comparison* comparison = nullptr;
  std::size_t level = 0;
};

// Brackets on as few levels as possible: narrow ones first, each on the lowest level where it meets no other.
std::vector<Bracket> brackets_of(const BarPanel& panel) {
  std::vector<Bracket> brackets;
  const auto index_of = [&](const std::string& arm) {
    const auto found = std::find_if(panel.groups.begin(), panel.groups.end(),
                                    [&](const BarGroup& g) { return g.arm == arm; });
    core::require(found != panel.groups.end(), "a comparison names an arm that its panel lacks");
    return static_cast<std::size_t>(found - panel.groups.begin());
  };
  for (const auto& comparison : panel.comparisons) {
    const auto [left, right] = std::minmax({index_of(comparison.arm), index_of(comparison.reference_arm)});
    brackets.push_back({left, right, &comparison, 0});
  }
  std::stable_sort(brackets.begin(), brackets.end(),
                   [](const Bracket& a, const Bracket& b) { return a.right - a.left < b.right - b.left; });
  for (std::size_t i = 0; i < brackets.size(); ++i) {
    const auto meets = [&](const Bracket& other) {
      return other.level == brackets[i].level && other.left <= brackets[i].right &&
             brackets[i].left <= other.right;
    };
    while (std::any_of(brackets.begin(), brackets.begin() + static_cast<std::ptrdiff_t>(i), meets))
      ++brackets[i].level;
  }
  return brackets;
}

double highest_of(const BarPanel& panel, const Bars& figure) {
  double top = figure.reference.value_or(0);
  for (const auto& group : panel.groups) {
    for (double v : group.values)
      if (std::isfinite(v)) top = std::max(top, v);
    for (double v : {group.mean, group.error.high})
      if (std::isfinite(v)) top = std::max(top, v);
  }
  return top > 0 ? top : 1;
}

double lowest_of(const BarPanel& panel) {
  double low = 0;
  for (const auto& group : panel.groups) {
    for (double v : group.values)
      if (std::isfinite(v)) low = std::min(low, v);
    if (std::isfinite(group.error.low)) low = std::min(low, group.error.low);
  }
  return low;
}

// A title that is longer than its axis stands in two lines: what was measured, and its unit.
json title_lines(const std::string& title) {
  constexpr std::size_t fits = 40;  // characters beside an axis
  const std::size_t unit = title.rfind(" (");
  if (title.empty()) return nullptr;
  if (title.size() <= fits || unit == std::string::npos) return title;
  return {title.substr(0, unit), title.substr(unit + 1)};
}

json panel_spec(const BarPanel& panel, const Bars& figure, const Palette& palette) {
  const double data_top = highest_of(panel, figure), low = lowest_of(panel);
  const auto brackets = brackets_of(panel);
  std::size_t levels = 0;
  for (const auto& b : brackets) levels = std::max(levels, b.level + 1);
  // A bracket and its label take 22 px; the plot grows by that much so that the bars keep their height.
  const int bracket_px = 22;
  const int extra = bracket_px * static_cast<int>(levels) + (levels ? 6 : 0);
  const double per_px = (data_top - low) / height;
  const double top = data_top + per_px * (extra + 4);

  json bars = json::array(), points = json::array(), lines = json::array(), labels = json::array();
  for (std::size_t i = 0; i < panel.groups.size(); ++i) {
    const auto& group = panel.groups[i];
    const std::string& colour = palette[group.arm].colour;
    const double x = number(i);
    json bar = {{"arm", group.arm},      {"colour", colour},         {"x", x},   {"left", x - half_bar},
                {"right", x + half_bar}, {"n", group.values.size()}, {"zero", 0}};
    if (std::isfinite(group.mean)) bar["mean"] = group.mean;
    if (std::isfinite(group.error.low) && std::isfinite(group.error.high)) {
      bar["low"] = group.error.low;
      bar["high"] = group.error.high;
      for (double end : {group.error.low, group.error.high})
        lines.push_back({{"left", x - 0.1}, {"right", x + 0.1}, {"y", end}, {"y2", end}});
      lines.push_back({{"left", x}, {"right", x}, {"y", group.error.low}, {"y2", group.error.high}});
    }
    bars.push_back(bar);
    const double n = number(group.values.size());
    for (std::size_t k = 0; k < group.values.size(); ++k)
      if (std::isfinite(group.values[k]))
        points.push_back({{"arm", group.arm},
                          {"colour", colour},
                          {"y", group.values[k]},
                          {"replicate", k + 1},
                          {"x", x + (n > 1 ? (number(k) / (n - 1) - 0.5) * 0.34 : 0)}});
  }
  for (const auto& b : brackets) {
    const double y = data_top + per_px * (10 + bracket_px * number(b.level) + 2), foot = y - per_px * 4;
    const double left = number(b.left) + 0.06, right = number(b.right) - 0.06;
    lines.push_back({{"left", left}, {"right", right}, {"y", y}, {"y2", y}});
    lines.push_back({{"left", left}, {"right", left}, {"y", foot}, {"y2", y}});
    lines.push_back({{"left", right}, {"right", right}, {"y", foot}, {"y2", y}});
    labels.push_back({{"x", (left + right) / 2},
                      {"y", y},
                      {"label", b.comparison->label},
                      {"p", std::isfinite(b.comparison->p) ? json(b.comparison->p) : json(nullptr)},
                      {"arm", b.comparison->arm},
                      {"reference", b.comparison->reference_arm},
                      {"stars", b.comparison->label.find_first_not_of('*') == std::string::npos}});
  }

  const std::string title = panel.y_title.empty() ? figure.y_title : panel.y_title;
  const json x_scale = {
      {"domain", {-0.5, number(panel.groups.size()) - 0.5}}, {"nice", false}, {"zero", false}};
  const json y_scale = {{"domain", {low, top}}, {"nice", false}, {"zero", false}};
  // Ticks end with the data: the space above belongs to the brackets.
  const json y_axis = {{"values", vega::round_ticks(low, data_top * 1.02, 5)}};
  const auto x_of = [&](const std::string& field) { return vega::position(field, x_scale, nullptr, ""); };
  const auto y_of = [&](const std::string& field) {
    json channel = vega::position(field, y_scale, y_axis, title);
    channel["title"] = title_lines(title);
    return channel;
  };
  const json colour = vega::literal_colour("colour");
  const int width = width_of(panel);

  json layers = json::array();
  layers.push_back(vega::layer(bars, {{"type", "rect"}, {"fillOpacity", 0.28}, {"strokeWidth", 1.2}},
                               {{"x", x_of("left")},
                                {"x2", {{"field", "right"}}},
                                {"y", y_of("mean")},
                                {"y2", {{"field", "zero"}}},
                                {"fill", colour},
                                {"stroke", colour},
                                {"tooltip",
                                 {{{"field", "arm"}, {"type", "nominal"}},
                                  {{"field", "mean"}, {"type", "quantitative"}, {"format", ".4~g"}},
                                  {{"field", "n"}, {"type", "quantitative"}}}}}));
  if (figure.reference)
    layers.push_back(vega::layer({{{"y", *figure.reference}}},
                                 {{"type", "rule"}, {"color", "#888888"}, {"strokeDash", {4, 3}}},
                                 {{"y", y_of("y")}}));
  layers.push_back(vega::layer(points,
                               {{"type", "point"},
                                {"filled", true},
                                {"size", 42},
                                {"opacity", 0.95},
                                {"stroke", "#ffffff"},
                                {"strokeWidth", 0.8}},
                               {{"x", x_of("x")},
                                {"y", y_of("y")},
                                {"color", colour},
                                {"tooltip",
                                 {{{"field", "arm"}, {"type", "nominal"}},
                                  {{"field", "replicate"}, {"type", "quantitative"}},
                                  {{"field", "y"},
                                   {"type", "quantitative"},
                                   {"format", ".4~g"},
                                   {"title", vega::tip_title(title)}}}}}));
  layers.push_back(vega::layer(
      lines, {{"type", "rule"}, {"strokeWidth", 1.3}, {"color", "#222222"}},
      {{"x", x_of("left")}, {"x2", {{"field", "right"}}}, {"y", y_of("y")}, {"y2", {{"field", "y2"}}}}));
  layers.push_back(vega::layer(bars, {{"type", "rule"}, {"strokeWidth", 2}, {"color", "#222222"}},
                               {{"x", x_of("left")}, {"x2", {{"field", "right"}}}, {"y", y_of("mean")}}));
  for (const bool stars : {true, false}) {
    json some = json::array();
    for (const auto& row : labels)
      if (row["stars"].get<bool>() == stars) some.push_back(row);
    if (some.empty()) continue;
    layers.push_back(vega::layer(some,
                                 {{"type", "text"},
                                  {"baseline", stars ? "middle" : "bottom"},
                                  {"dy", stars ? -4 : -2},
                                  {"fontSize", stars ? 14 : 10.5}},
                                 {{"x", x_of("x")},
                                  {"y", y_of("y")},
                                  {"text", {{"field", "label"}, {"type", "nominal"}}},
                                  {"tooltip",
                                   {{{"field", "arm"}, {"type", "nominal"}},
                                    {{"field", "reference"}, {"type", "nominal"}},
                                    {{"field", "p"}, {"type", "quantitative"}, {"format", ".2~e"}}}}}));
  }
  const json plot = {{"width", width}, {"height", height + extra}, {"layer", layers}};
  return {{"title", panel.title},
          {"vconcat", {plot, treatment_table(panel, x_of("x"), width)}},
          {"spacing", 5},
          {"bounds", "full"}};
}

}  // namespace

json specify(const Bars& figure, const Palette& palette) {
  std::vector<json> panels;
  int widest = 0;
  for (const auto& panel : figure.panels) {
    panels.push_back(panel_spec(panel, figure, palette));
    widest = std::max(widest, width_of(panel));
  }
  return vega::page_of_panels(std::move(panels), figure.columns, widest + 190);
}

std::string tabulate(const Bars& figure) {
  const std::vector<std::string> columns{"panel", "quantity", "kind", "arm", "reference_arm", "replicate",
                                         "value", "low",      "high", "p",   "label"};
  std::vector<std::vector<core::CsvValue>> rows;
  for (const auto& panel : figure.panels) {
    const std::string quantity = panel.y_title.empty() ? figure.y_title : panel.y_title;
    for (const auto& group : panel.groups) {
      for (std::size_t k = 0; k < group.values.size(); ++k)
        rows.push_back({panel.title,
                        quantity,
                        "point",
                        group.arm,
                        {},
                        static_cast<std::int64_t>(k + 1),
                        group.values[k],
                        {},
                        {},
                        {},
                        {}});
      rows.push_back({panel.title,
                      quantity,
                      "mean and " + figure.error_bar,
                      group.arm,
                      {},
                      {},
                      group.mean,
                      group.error.low,
                      group.error.high,
                      {},
                      {}});
    }
    for (const auto& c : panel.comparisons)
      rows.push_back(
          {panel.title, quantity, "comparison", c.arm, c.reference_arm, {}, {}, {}, {}, c.p, c.label});
  }
  return core::write_csv(columns, rows);
}

}  // namespace stroma::report
