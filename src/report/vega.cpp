#include "report/vega.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace stroma::report::vega {

using nlohmann::json;

namespace {

// Generic families only: an SVG must read the same on a machine that has none of our fonts.
constexpr const char* font = "Helvetica, Arial, 'Liberation Sans', sans-serif";

json config() {
  return {
      {"font", font},
      {"background", "#ffffff"},
      {"view", {{"stroke", nullptr}}},
      // The figure as a whole has alternative text; a description of each mark would put titles into
      // expressions, and thousands of strings into the page.
      {"mark", {{"aria", false}}},
      {"axis",
       {{"labelFontSize", 11},
        {"titleFontSize", 12},
        {"titleFontWeight", "normal"},
        {"labelColor", "#333333"},
        {"titleColor", "#1a1a1a"},
        {"domainColor", "#555555"},
        {"tickColor", "#555555"},
        {"tickSize", 4},
        {"grid", false},
        {"titlePadding", 8},
        {"labelFlush", false},
        {"labelLimit", 420}}},
      {"title",
       {{"anchor", "start"}, {"fontSize", 13}, {"fontWeight", 600}, {"color", "#1a1a1a"}, {"offset", 10}}},
      {"legend",
       {{"labelFontSize", 11.5},
        {"labelLimit", 420},
        {"titleFontSize", 11},
        {"titleLimit", 420},
        {"titleFontWeight", "normal"},
        {"labelColor", "#222222"},
        {"titleColor", "#444444"},
        {"symbolSize", 70},
        {"symbolStrokeWidth", 1.5}}},
      {"text", {{"fontSize", 11}, {"color", "#222222"}}}};
}

}  // namespace

json page_of_panels(std::vector<json> panels, int columns, int panel_width) {
  return {{"$schema", "https://vega.github.io/schema/vega-lite/v5.json"},
          {"config", config()},
          {"padding", 6},
          {"concat", std::move(panels)},
          {"columns", columns},
          {"spacing", 28},
          {"usermeta", {{"panel_width", panel_width}}}};
}

json layer(json values, json mark, json encoding) {
  return {{"data", {{"values", std::move(values)}}},
          {"mark", std::move(mark)},
          {"encoding", std::move(encoding)}};
}

json position(const std::string& field, json scale, json axis, const std::string& title) {
  json channel = {
      {"field", field}, {"type", "quantitative"}, {"scale", std::move(scale)}, {"axis", std::move(axis)}};
  channel["title"] = title.empty() ? json(nullptr) : json(title);
  return channel;
}

json colour_by_arm(const std::vector<std::string>& arms, const Palette& palette, bool legend) {
  std::vector<std::string> range;
  for (const auto& arm : arms) range.push_back(palette[arm].colour);
  json channel = {{"field", "arm"}, {"type", "nominal"}, {"scale", {{"domain", arms}, {"range", range}}}};
  channel["legend"] = legend
                          ? json{{"title", nullptr}, {"orient", "top"}, {"columns", 1}, {"symbolOpacity", 1}}
                          : json(nullptr);
  return channel;
}

json shape_by_arm(const std::vector<std::string>& arms, const Palette& palette) {
  std::vector<std::string> range;
  for (const auto& arm : arms) range.push_back(palette[arm].shape);
  return {{"field", "arm"},
          {"type", "nominal"},
          {"scale", {{"domain", arms}, {"range", range}}},
          {"legend", {{"title", nullptr}, {"orient", "top"}, {"columns", 1}}}};
}

json literal_colour(const std::string& field) {
  return {{"field", field}, {"type", "nominal"}, {"scale", nullptr}, {"legend", nullptr}};
}

std::string tip_title(const std::string& title) {
  std::string plain;
  for (std::size_t i = 0; i < title.size(); ++i) {
    const bool separator = title.compare(i, 3, "\u2028") == 0 || title.compare(i, 3, "\u2029") == 0;
    if (separator) i += 2;
    const char c = title[i];
    const bool breaks =
        separator || c == '"' || c == '\'' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
    plain += breaks ? ' ' : c;
  }
  return plain;
}

double text_width(const std::string& text, double font_size) {
  const auto begins_a_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return 0.63 * font_size * static_cast<double>(std::count_if(text.begin(), text.end(), begins_a_character));
}

std::vector<double> round_ticks(double low, double high, int about) {
  const double rough = (high - low) / about, power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double nice : {5.0, 2.0, 1.0})
    if (nice * power >= rough / 1.4) step = nice * power;
  std::vector<double> ticks;
  for (double i = std::ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; ++i)
    ticks.push_back(i * step);
  return ticks;
}

std::vector<std::string> components_of(const std::string& arm) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t at = arm.find(" + "); at != std::string::npos; at = arm.find(" + ", begin)) {
    parts.push_back(arm.substr(begin, at - begin));
    begin = at + 3;
  }
  parts.push_back(arm.substr(begin));
  return parts;
}

std::vector<std::string> lines_of(const std::string& arm) {
  std::vector<std::string> lines = components_of(arm);
  for (std::size_t i = 1; i < lines.size(); ++i) lines[i].insert(0, "+ ");
  return lines;
}

}  // namespace stroma::report::vega
