// Overlaps of sets: two or three as circles with the size of each region, more as bars over a matrix that
// says which sets a region is in (Lex et al., IEEE TVCG 2014).
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/csv.hpp"
#include "core/errors.hpp"
#include "report/kinds.hpp"
#include "report/vega.hpp"

namespace stroma::report {
namespace {

using nlohmann::json;

constexpr std::size_t most_bars = 40;

void require_regions(const Venn& figure) {
  core::require(figure.sets.size() >= 2, "an overlap of fewer than two sets");
  std::set<std::vector<std::size_t>> seen;
  for (const VennRegion& region : figure.regions) {
    core::require(!region.in.empty() && region.in.back() < figure.sets.size() &&
                      std::is_sorted(region.in.begin(), region.in.end(), std::less_equal<>()) &&
                      seen.insert(region.in).second,
                  "a region of an overlap that is in no set, in an unknown one or twice there");
    core::require(region.members.empty() || region.members.size() == static_cast<std::size_t>(region.size),
                  "a region of an overlap with another number of members than its size");
  }
}

std::int64_t size_of(const Venn& figure, const std::vector<std::size_t>& in) {
  for (const VennRegion& region : figure.regions)
    if (region.in == in) return region.size;
  return 0;
}

std::int64_t size_of_set(const Venn& figure, std::size_t set) {
  std::int64_t sum = 0;
  for (const VennRegion& region : figure.regions)
    if (std::find(region.in.begin(), region.in.end(), set) != region.in.end()) sum += region.size;
  return sum;
}

std::string name_of(const Venn& figure, const std::vector<std::size_t>& in) {
  std::string name;
  for (const std::size_t set : in) name += (name.empty() ? "" : " and ") + figure.sets[set];
  return name + (in.size() < figure.sets.size() ? " only" : "");
}

std::vector<std::vector<std::size_t>> all_regions(std::size_t sets) {
  std::vector<std::vector<std::size_t>> regions;
  for (std::size_t mask = 1; mask < (std::size_t{1} << sets); ++mask) {
    regions.emplace_back();
    for (std::size_t i = 0; i < sets; ++i)
      if ((mask >> i & 1U) != 0) regions.back().push_back(i);
  }
  return regions;
}

struct Place {
  double x, y;
};

constexpr int width = 330;
constexpr double radius = 85;

// Circles of one size about the middle of the plot, in px.
std::vector<Place> circles_of(std::size_t sets) {
  if (sets == 2) return {{113, 92}, {217, 92}};
  return {{114, 92}, {216, 92}, {165, 180}};
}

// Where the number of a region stands: the circles' centres, those outside pushed away.
Place middle_of(const std::vector<std::size_t>& in, const std::vector<Place>& circles) {
  Place all{0, 0}, own{0, 0};
  for (const Place& c : circles) {
    all.x += c.x / static_cast<double>(circles.size());
    all.y += c.y / static_cast<double>(circles.size());
  }
  for (const std::size_t i : in) {
    own.x += circles[i].x / static_cast<double>(in.size());
    own.y += circles[i].y / static_cast<double>(in.size());
  }
  const double away = in.size() == circles.size() ? 0 : in.size() == 1 ? 1.45 : 2.0;
  return {all.x + away * (own.x - all.x), all.y + away * (own.y - all.y)};
}

json circles_spec(const Venn& figure, const Palette& palette) {
  const std::vector<Place> places = circles_of(figure.sets.size());
  const int height = figure.sets.size() == 2 ? 184 : 272;
  json circles = json::array(), numbers = json::array();
  for (std::size_t i = 0; i < places.size(); ++i)
    circles.push_back(
        {{"x", places[i].x}, {"y", places[i].y}, {"arm", figure.sets[i]}, {"size", size_of_set(figure, i)}});
  for (const auto& in : all_regions(places.size())) {
    const Place at = middle_of(in, places);
    numbers.push_back(
        {{"x", at.x}, {"y", at.y}, {"size", size_of(figure, in)}, {"region", name_of(figure, in)}});
  }
  const json x = vega::position("x", {{"domain", {0, width}}, {"nice", false}}, nullptr, ""),
             y = vega::position("y", {{"domain", {0, height}}, {"nice", false}, {"reverse", true}}, nullptr,
                                "");
  const json colour = vega::colour_by_arm(figure.sets, palette, true);
  const double area = 4 * radius * radius;  // Vega's size of a circle is the square of its diameter
  json layers = json::array();
  layers.push_back(vega::layer(circles,
                               {{"type", "point"},
                                {"shape", "circle"},
                                {"filled", true},
                                {"size", area},
                                {"opacity", 0.28},
                                {"stroke", nullptr}},
                               {{"x", x}, {"y", y}, {"color", colour}}));
  layers.push_back(vega::layer(
      circles, {{"type", "point"}, {"shape", "circle"}, {"filled", false}, {"size", area}, {"opacity", 1}},
      {{"x", x}, {"y", y}, {"color", colour}}));
  layers.push_back(vega::layer(
      numbers, {{"type", "text"}, {"fontSize", 15}, {"fontWeight", 600}},
      {{"x", x},
       {"y", y},
       {"text", {{"field", "size"}, {"type", "quantitative"}, {"format", ",d"}}},
       {"tooltip",
        {{{"field", "region"}, {"type", "nominal"}},
         {{"field", "size"}, {"type", "quantitative"}, {"title", vega::tip_title(figure.element)}}}}}));
  return {{"title",
           {{"text", "number of " + figure.element},
            {"subtitle", "the circles are not to scale"},
            {"subtitleFontSize", 10},
            {"subtitleColor", "#666666"}}},
          {"width", width},
          {"height", height},
          {"layer", layers}};
}

constexpr int bar_height = 170, bar_step = 26, matrix_row = 22;

json upset_spec(const Venn& figure, const Palette& palette) {
  std::vector<const VennRegion*> order;
  for (const VennRegion& region : figure.regions)
    if (region.size > 0) order.push_back(&region);
  std::stable_sort(order.begin(), order.end(),
                   [](const VennRegion* a, const VennRegion* b) { return a->size > b->size; });
  const std::size_t regions = order.size();
  if (regions > most_bars) order.resize(most_bars);
  const auto sets = figure.sets.size();
  json bars = json::array(), dots = json::array(), links = json::array(), names = json::array();
  for (std::size_t i = 0; i < order.size(); ++i) {
    const VennRegion& region = *order[i];
    bars.push_back({{"x", i},
                    {"left", static_cast<double>(i) - 0.34},
                    {"right", static_cast<double>(i) + 0.34},
                    {"zero", 0},
                    {"size", region.size},
                    {"region", name_of(figure, region.in)}});
    for (std::size_t s = 0; s < sets; ++s) {
      const bool in = std::find(region.in.begin(), region.in.end(), s) != region.in.end();
      dots.push_back({{"x", i}, {"row", s}, {"colour", in ? palette[figure.sets[s]].colour : "#e2e2e2"}});
    }
    links.push_back({{"x", i}, {"row", region.in.front()}, {"row2", region.in.back()}});
  }
  for (std::size_t s = 0; s < sets; ++s)
    names.push_back(
        {{"row", s}, {"label", figure.sets[s] + " (" + std::to_string(size_of_set(figure, s)) + ")"}});
  const int total = bar_step * static_cast<int>(std::max<std::size_t>(1, order.size()));
  const json x_scale = {
      {"domain", {-0.5, static_cast<double>(order.size()) - 0.5}}, {"nice", false}, {"zero", false}};
  const json x = vega::position("x", x_scale, nullptr, ""),
             left = vega::position("left", x_scale, nullptr, "");
  const json y = vega::position("size", json::object(), {{"tickCount", 5}, {"format", "~s"}}, figure.element);
  const json rows = vega::position("row",
                                   {{"domain", {-0.5, static_cast<double>(sets) - 0.5}},
                                    {"reverse", true},
                                    {"nice", false},
                                    {"zero", false}},
                                   nullptr, "");
  const json tip = {
      {{"field", "region"}, {"type", "nominal"}},
      {{"field", "size"}, {"type", "quantitative"}, {"title", vega::tip_title(figure.element)}}};
  const json top = {
      {"width", total},
      {"height", bar_height},
      {"layer",
       {vega::layer(bars, {{"type", "rect"}, {"color", "#4a4a4a"}},
                    {{"x", left},
                     {"x2", {{"field", "right"}}},
                     {"y", y},
                     {"y2", {{"field", "zero"}}},
                     {"tooltip", tip}}),
        vega::layer(bars, {{"type", "text"}, {"baseline", "bottom"}, {"dy", -2}, {"fontSize", 10}},
                    {{"x", x}, {"y", y}, {"text", {{"field", "size"}, {"type", "quantitative"}}}})}}};
  const json matrix = {
      {"width", total},
      {"height", matrix_row * static_cast<int>(sets)},
      {"layer",
       {vega::layer(links, {{"type", "rule"}, {"color", "#4a4a4a"}, {"strokeWidth", 2}},
                    {{"x", x}, {"y", rows}, {"y2", {{"field", "row2"}}}}),
        vega::layer(dots, {{"type", "point"}, {"filled", true}, {"size", 110}, {"opacity", 1}},
                    {{"x", x}, {"y", rows}, {"color", vega::literal_colour("colour")}}),
        vega::layer(names, {{"type", "text"}, {"x", -12}, {"align", "right"}, {"fontSize", 11}},
                    {{"y", rows}, {"text", {{"field", "label"}, {"type", "nominal"}}}})}}};
  json title = {{"text", "number of " + figure.element + " in exactly these sets"}};
  if (regions > most_bars)
    title.update({{"subtitle", "the " + std::to_string(most_bars) + " largest of " + std::to_string(regions) +
                                   " overlaps; the CSV holds all"},
                  {"subtitleFontSize", 10},
                  {"subtitleColor", "#666666"}});
  return {{"title", title}, {"vconcat", {top, matrix}}, {"spacing", 6}, {"bounds", "full"}};
}

}  // namespace

json specify(const Venn& figure, const Palette& palette) {
  require_regions(figure);
  return vega::page_of_panels(
      {figure.sets.size() <= 3 ? circles_spec(figure, palette) : upset_spec(figure, palette)}, 1, width + 20);
}

std::string tabulate(const Venn& figure) {
  std::vector<std::string> columns{"region", "size"};
  for (const auto& set : figure.sets) columns.push_back("in " + set);
  columns.emplace_back("member");
  std::vector<std::vector<core::CsvValue>> rows;
  for (const VennRegion& region : figure.regions) {
    std::vector<core::CsvValue> row{name_of(figure, region.in), region.size};
    for (std::size_t s = 0; s < figure.sets.size(); ++s)
      row.emplace_back(std::find(region.in.begin(), region.in.end(), s) != region.in.end() ? "yes" : "no");
    row.emplace_back();
    rows.push_back(row);
    for (const auto& member : region.members) {
      row[1] = std::monostate{};
      row.back() = member;
      rows.push_back(row);
    }
  }
  return core::write_csv(columns, rows);
}

}  // namespace stroma::report
