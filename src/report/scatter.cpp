// Scatter: points in a plane with error bars, fitted curves with bands, reference lines and the line y = x.
// Where points go and which are drawn: scatter_layout.hpp.
#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "core/csv.hpp"
#include "report/kinds.hpp"
#include "report/scatter_layout.hpp"
#include "report/vega.hpp"

namespace stroma::report {
namespace {

using nlohmann::json;

constexpr int width = 276, height = 250;
constexpr std::size_t most_points = 4000, many_points = 300;

std::vector<std::string> arms_in_order(const Scatter& figure) {
  std::vector<std::string> arms;
  const auto name = [&](const std::string& arm) {
    if (std::find(arms.begin(), arms.end(), arm) == arms.end()) arms.push_back(arm);
  };
  for (const auto& panel : figure.panels) {
    for (const auto& point : panel.points) name(point.arm);
    for (const auto& curve : panel.curves) name(curve.arm);
  }
  return arms;
}

struct Frame {
  ScatterAxis x, y;
  bool whole_y = false;
};

Frame frame_of(const ScatterPanel& panel, const Scatter& figure) {
  std::vector<double> xs, ys;
  for (const auto& p : panel.points) {
    xs.insert(xs.end(), {p.x, p.x_error.low, p.x_error.high});
    ys.insert(ys.end(), {p.y, p.y_error.low, p.y_error.high});
  }
  for (const auto& curve : panel.curves)  // a band may be cut by the frame, the curve not
    for (const auto& c : curve.points) xs.push_back(c.x), ys.push_back(c.y);
  for (const auto& mark : panel.at_x) xs.push_back(mark.at);
  for (const auto& mark : panel.at_y) ys.push_back(mark.at);
  if (figure.identity) {
    xs.insert(xs.end(), ys.begin(), ys.end());
    ys = xs;
  }
  Frame frame{axis_over(xs, width, figure.log_x, false), axis_over(ys, height, figure.log_y, true)};
  // Numbers of arms and other whole numbers get no ticks between them.
  frame.whole_y = !figure.log_y && panel.curves.empty() && !panel.points.empty() &&
                  std::all_of(panel.points.begin(), panel.points.end(),
                              [](const ScatterPoint& p) { return std::floor(p.y) == p.y; });
  return frame;
}

// Ticks of a log axis: decades, or 1, 2 and 5 of each where there are few.
json log_ticks(const ScatterAxis& axis) {
  const double decades = std::log10(axis.high / axis.low);
  const int every = std::max(1, static_cast<int>(std::ceil(decades / 7)));
  json ticks = json::array();
  for (int k = static_cast<int>(std::floor(std::log10(axis.low))); std::pow(10.0, k) <= axis.high; ++k)
    for (const double digit : {1.0, 2.0, 5.0}) {
      const double tick = digit * std::pow(10.0, k);
      if (digit > 1 ? decades > 3.2 : k % every != 0) continue;
      if (tick >= axis.low && tick <= axis.high) ticks.push_back(tick);
    }
  return ticks;
}

json whole_ticks(const ScatterAxis& axis) {
  constexpr double most = 8.0;
  const double step = std::max(1.0, std::ceil((axis.high - axis.low) / most));
  json ticks = json::array();
  for (double tick = std::ceil(axis.low / step) * step; tick <= axis.high; tick += step)
    ticks.push_back(tick);
  return ticks;
}

json channel(const ScatterAxis& axis, const char* field, const std::string& title, bool whole = false) {
  json scale = {{"domain", {axis.low, axis.high}}, {"nice", false}};
  json ticks = {{"tickCount", 6}};
  if (axis.log) {
    scale["type"] = "log";
    ticks = {{"values", log_ticks(axis)}, {"format", "~g"}};
  } else {
    scale["zero"] = false;
    if (whole) ticks = {{"values", whole_ticks(axis)}, {"format", "d"}};
  }
  return vega::position(field, scale, ticks, title);
}

double clamp_to(const ScatterAxis& axis, double value) {
  return axis.log && !(value > 0) ? axis.low : std::clamp(value, axis.low, axis.high);
}

// Everything of a panel that is drawn, as rows of data.
struct Rows {
  json points = json::array(), marked = json::array(), x_bars = json::array(), y_bars = json::array(),
       curves = json::array(), bands = json::array(), labels = json::array(), leaders = json::array();
  std::vector<std::string> note;
};

void add_point(Rows& rows, const ScatterPoint& p, int stands_for, const Frame& frame) {
  json row = {{"arm", p.arm}, {"label", p.label}, {"x", p.x}, {"y", p.y}, {"n", stands_for}};
  const auto bar = [&](const ScatterAxis& axis, const Interval& error, json& to) {
    if (std::isnan(error.low) || std::isnan(error.high)) return;
    row["low"] = clamp_to(axis, error.low);
    row["high"] = clamp_to(axis, error.high);
    to.push_back(row);
  };
  (p.emphasis ? rows.marked : rows.points).push_back(row);
  bar(frame.x, p.x_error, rows.x_bars);
  bar(frame.y, p.y_error, rows.y_bars);
}

void add_labels(Rows& rows, const ScatterPanel& panel, const Frame& frame) {
  const auto boxes = place_labels(panel.points, frame.x, frame.y);
  for (const LabelBox& box : boxes) {
    const ScatterPoint& p = panel.points[box.index];
    const double px = frame.x.pixel(p.x), py = frame.y.pixel(p.y), middle = box.top + box.height / 2;
    rows.labels.push_back(
        {{"x", frame.x.value(box.left + 1.5)}, {"y", frame.y.value(middle)}, {"label", p.label}});
    // A label that is not beside its point is tied to it.
    const double end_x = std::clamp(px, box.left, box.left + box.width),
                 end_y = std::clamp(py, box.top, box.top + box.height);
    if (std::hypot(end_x - px, end_y - py) > 10)
      rows.leaders.push_back(
          {{"x", p.x}, {"y", p.y}, {"x2", frame.x.value(end_x)}, {"y2", frame.y.value(end_y)}});
  }
  const auto wanted = static_cast<std::size_t>(
      std::count_if(panel.points.begin(), panel.points.end(), [&](const ScatterPoint& p) {
        return p.emphasis && !p.label.empty() && frame.x.has_place(p.x) && frame.y.has_place(p.y);
      }));
  if (boxes.size() < wanted)
    rows.note.push_back("labels without room, shown on hover: " + std::to_string(wanted - boxes.size()));
}

Rows rows_of(const ScatterPanel& panel, const Frame& frame) {
  Rows rows;
  const auto drawn = thin(panel.points, frame.x, frame.y, most_points);
  std::map<std::string, std::size_t> size_of_arm;
  std::size_t placed = 0;
  for (const DrawnPoint& d : drawn) {
    size_of_arm[panel.points[d.index].arm] += 1;
    placed += static_cast<std::size_t>(d.stands_for);
  }
  // The most numerous arm lies below the others.
  auto order = drawn;
  std::stable_sort(order.begin(), order.end(), [&](const DrawnPoint& a, const DrawnPoint& b) {
    return size_of_arm[panel.points[a.index].arm] > size_of_arm[panel.points[b.index].arm];
  });
  for (const DrawnPoint& d : order) add_point(rows, panel.points[d.index], d.stands_for, frame);
  if (drawn.size() < placed) {
    rows.note.push_back(std::to_string(drawn.size()) + " of " + std::to_string(placed) +
                        " points drawn: where points of one colour");
    rows.note.push_back("hide each other, one stands for them; the CSV holds all");
  }
  if (placed < panel.points.size())
    rows.note.push_back("points that have no place on these axes, but are in the CSV: " +
                        std::to_string(panel.points.size() - placed));
  for (const auto& curve : panel.curves)
    for (const auto& c : curve.points) {
      if (!frame.x.has_place(c.x) || !frame.y.has_place(c.y)) continue;
      json row = {{"arm", curve.arm}, {"x", c.x}, {"y", c.y}};
      rows.curves.push_back(row);
      if (std::isnan(c.band.low) || std::isnan(c.band.high)) continue;
      row["low"] = clamp_to(frame.y, c.band.low);
      row["high"] = clamp_to(frame.y, c.band.high);
      rows.bands.push_back(row);
    }
  add_labels(rows, panel, frame);
  return rows;
}

// Reference lines with their labels outside the frame, where no point is: above it, or to its right.
void add_marks(json& layers, const std::vector<LineMark>& marks, const char* axis, const json& position) {
  const bool vertical = *axis == 'x';
  json rules = json::array();
  for (const LineMark& mark : marks) rules.push_back({{axis, mark.at}, {"label", mark.label}});
  if (rules.empty()) return;
  layers.push_back(vega::layer(rules, {{"type", "rule"}, {"color", "#777777"}, {"strokeDash", {4, 3}}},
                               {{axis, position}}));
  json text = {{"type", "text"}, {"fontSize", 10}, {"color", "#444444"}};
  if (vertical)
    text.update({{"align", "center"}, {"baseline", "bottom"}, {"y", -4}});
  else
    text.update({{"align", "left"}, {"baseline", "middle"}, {"x", width + 4}});
  layers.push_back(
      vega::layer(rules, text, {{axis, position}, {"text", {{"field", "label"}, {"type", "nominal"}}}}));
}

json panel_spec(const ScatterPanel& panel, const Scatter& figure, const std::vector<std::string>& arms,
                const Palette& palette) {
  const Frame frame = frame_of(panel, figure);
  const Rows rows = rows_of(panel, frame);
  const std::string x_title = panel.x_title.empty() ? figure.x_title : panel.x_title,
                    y_title = panel.y_title.empty() ? figure.y_title : panel.y_title;
  const auto x_of = [&](const char* field) { return channel(frame.x, field, x_title); };
  const auto y_of = [&](const char* field) { return channel(frame.y, field, y_title, frame.whole_y); };
  const bool legend = arms.size() > 1 || (arms.size() == 1 && !arms.front().empty());
  const json colour = vega::colour_by_arm(arms, palette, legend);
  json shape = vega::shape_by_arm(arms, palette);
  if (!legend) shape["legend"] = nullptr;
  const json tip = {
      {{"field", "label"}, {"type", "nominal"}, {"title", "point"}},
      {{"field", "arm"}, {"type", "nominal"}},
      {{"field", "x"}, {"type", "quantitative"}, {"format", ".4~g"}, {"title", vega::tip_title(x_title)}},
      {{"field", "y"}, {"type", "quantitative"}, {"format", ".4~g"}, {"title", vega::tip_title(y_title)}},
      {{"field", "n"}, {"type", "quantitative"}, {"title", "points here"}}};
  const json to_high = {{"field", "high"}}, to_x = {{"field", "x2"}}, to_y = {{"field", "y2"}};
  const bool many = rows.points.size() > many_points;

  json layers = json::array();
  const auto draw = [&](const json& values, json mark, json encoding) {
    if (!values.empty()) layers.push_back(vega::layer(values, std::move(mark), std::move(encoding)));
  };
  if (figure.identity) {
    const double low = std::max(frame.x.low, frame.y.low), high = std::min(frame.x.high, frame.y.high);
    draw({{{"x", low}, {"y", low}, {"x2", high}, {"y2", high}}},
         {{"type", "rule"}, {"color", "#777777"}, {"strokeDash", {5, 4}}},
         {{"x", x_of("x")}, {"y", y_of("y")}, {"x2", to_x}, {"y2", to_y}});
  }
  draw(rows.bands, {{"type", "area"}, {"opacity", 0.16}, {"clip", true}},
       {{"x", x_of("x")}, {"y", y_of("low")}, {"y2", to_high}, {"color", colour}});
  draw(rows.curves, {{"type", "line"}, {"strokeWidth", 2}, {"clip", true}},
       {{"x", x_of("x")}, {"y", y_of("y")}, {"color", colour}});
  const json bar = {{"type", "rule"}, {"strokeWidth", 1.2}, {"opacity", 0.7}};
  draw(rows.x_bars, bar, {{"x", x_of("low")}, {"x2", to_high}, {"y", y_of("y")}, {"color", colour}});
  draw(rows.y_bars, bar, {{"x", x_of("x")}, {"y", y_of("low")}, {"y2", to_high}, {"color", colour}});
  const json place = {
      {"x", x_of("x")}, {"y", y_of("y")}, {"color", colour}, {"shape", shape}, {"tooltip", tip}};
  draw(rows.points,
       {{"type", "point"}, {"filled", true}, {"size", many ? 13 : 42}, {"opacity", many ? 0.7 : 0.85}},
       place);
  add_marks(layers, panel.at_x, "x", x_of("x"));
  add_marks(layers, panel.at_y, "y", y_of("y"));
  draw(rows.leaders, {{"type", "rule"}, {"color", "#777777"}, {"strokeWidth", 0.7}},
       {{"x", x_of("x")}, {"y", y_of("y")}, {"x2", to_x}, {"y2", to_y}});
  draw(rows.marked,
       {{"type", "point"},
        {"filled", true},
        {"size", 58},
        {"opacity", 1},
        {"stroke", "#1a1a1a"},
        {"strokeWidth", 1}},
       place);
  json text = {{"type", "text"}, {"align", "left"}, {"baseline", "middle"}, {"fontSize", 10.5}};
  const json written = {
      {"x", x_of("x")}, {"y", y_of("y")}, {"text", {{"field", "label"}, {"type", "nominal"}}}};
  json halo = text;
  halo.update({{"stroke", "#ffffff"}, {"strokeWidth", 3}, {"strokeJoin", "round"}, {"strokeOpacity", 0.85}});
  draw(rows.labels, halo, written);
  draw(rows.labels, text, written);
  json title = {{"text", panel.title}};
  if (!rows.note.empty())
    title.update({{"subtitle", rows.note}, {"subtitleFontSize", 10}, {"subtitleColor", "#666666"}});
  return {{"title", title}, {"width", width}, {"height", height}, {"layer", layers}};
}

}  // namespace

json specify(const Scatter& figure, const Palette& palette) {
  const std::vector<std::string> arms = arms_in_order(figure);
  std::vector<json> panels;
  for (const auto& panel : figure.panels) panels.push_back(panel_spec(panel, figure, arms, palette));
  return vega::page_of_panels(std::move(panels), figure.columns, width + 90);
}

std::string tabulate(const Scatter& figure) {
  const std::vector<std::string> columns{"panel",  "kind", "arm",   "label",  "x",       "x_low",
                                         "x_high", "y",    "y_low", "y_high", "emphasis"};
  std::vector<std::vector<core::CsvValue>> rows;
  for (const auto& panel : figure.panels) {
    const core::CsvValue none;
    rows.push_back({panel.title, "x axis", none, panel.x_title.empty() ? figure.x_title : panel.x_title, none,
                    none, none, none, none, none, none});
    rows.push_back({panel.title, "y axis", none, panel.y_title.empty() ? figure.y_title : panel.y_title, none,
                    none, none, none, none, none, none});
    for (const auto& p : panel.points)
      rows.push_back({panel.title, "point", p.arm, p.label, p.x, p.x_error.low, p.x_error.high, p.y,
                      p.y_error.low, p.y_error.high, p.emphasis ? core::CsvValue("yes") : none});
    for (const auto& curve : panel.curves)
      for (const auto& c : curve.points)
        rows.push_back(
            {panel.title, "curve", curve.arm, none, c.x, none, none, c.y, c.band.low, c.band.high, none});
    for (const auto& mark : panel.at_x)
      rows.push_back(
          {panel.title, "vertical line", none, mark.label, mark.at, none, none, none, none, none, none});
    for (const auto& mark : panel.at_y)
      rows.push_back(
          {panel.title, "horizontal line", none, mark.label, none, none, none, mark.at, none, none, none});
  }
  return core::write_csv(columns, rows);
}

}  // namespace stroma::report
