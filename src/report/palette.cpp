#include "report/palette.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/errors.hpp"

namespace stroma::report {
namespace {

// Vermillion, blue, orange, sky blue, reddish purple, bluish green, and for yellow, which is lost on white,
// its dark shade; neighbours differ in lightness too.
constexpr std::array<const char*, 7> hues{"#d55e00", "#0072b2", "#e69f00", "#56b4e9",
                                          "#cc79a7", "#009e73", "#9c9400"};
constexpr std::array<const char*, 7> dark_hues{"#8a3d00", "#004a73", "#946600", "#1f78a8",
                                               "#8c4a6d", "#00664a", "#5c5700"};
constexpr std::array<const char*, 5> greys{"#6a6a6a", "#9a9a9a", "#3a3a3a", "#b8b8b8", "#828282"};
constexpr std::array<const char*, 6> shapes{"circle",  "square",        "triangle-up",
                                            "diamond", "triangle-down", "cross"};

void append_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

struct NameArms {
  std::vector<std::string>& names;
  void operator()(const DoseResponse& figure) const {
    for (const auto& panel : figure.panels)
      for (const auto& arm : panel.arms) append_once(names, arm.arm);
  }
  void operator()(const Bars& figure) const {
    for (const auto& panel : figure.panels)
      for (const auto& group : panel.groups) append_once(names, group.arm);
  }
  void operator()(const Flow& figure) const {
    for (const auto& panel : figure.panels) append_once(names, panel.arm);
  }
  void operator()(const Plate& figure) const {
    for (const auto& panel : figure.panels)
      for (const auto& well : panel.wells)
        if (!well.arm.empty()) append_once(names, well.arm);
  }
  void operator()(const Network&) const {}
  void operator()(const Lines& figure) const {
    if (figure.ordered) return;
    for (const auto& panel : figure.panels)
      for (const auto& series : panel.series) append_once(names, series.arm);
  }
  void operator()(const Scatter& figure) const {
    for (const auto& panel : figure.panels) {
      for (const auto& point : panel.points) append_once(names, point.arm);
      for (const auto& curve : panel.curves) append_once(names, curve.arm);
    }
  }
  void operator()(const HeatMap& figure) const {
    for (const auto& panel : figure.panels)
      for (const auto* groups : {&panel.row_groups, &panel.column_groups})
        for (const auto& group : *groups)
          if (!group.empty()) append_once(names, group);
  }
  void operator()(const Venn& figure) const {
    for (const auto& set : figure.sets) append_once(names, set);
  }
  void operator()(const Survival& figure) const {
    for (const auto& panel : figure.panels)
      for (const auto& arm : panel.arms) append_once(names, arm.arm);
  }
};

}  // namespace

std::vector<std::string> arms_of(const Figure& figure) {
  std::vector<std::string> names;
  std::visit(NameArms{names}, figure.content);
  return names;
}

Palette::Palette(const Report& report) {
  for (const Arm& arm : report.arms) add(arm);
  for (const Section& section : report.sections)
    for (const Figure& figure : section.figures)
      for (const std::string& name : arms_of(figure)) add({name, false, ""});
}

void Palette::add(const Arm& arm) {
  if (by_arm_.contains(arm.name)) return;
  if (!arm.colour.empty()) {
    by_arm_[arm.name] = {arm.colour, shapes[by_arm_.size() % shapes.size()]};
    return;
  }
  const std::string key =
      (arm.control ? "control:" : "arm:") + (arm.colour_key.empty() ? arm.name : arm.colour_key);
  if (!by_key_.contains(key)) {
    if (arm.control) {
      by_key_[key] = greys[greys_++ % greys.size()];
    } else {
      const auto& row = (hues_ / hues.size()) % 2 == 0 ? hues : dark_hues;
      by_key_[key] = row[hues_++ % hues.size()];
    }
  }
  by_arm_[arm.name] = {by_key_[key], shapes[by_arm_.size() % shapes.size()]};
}

std::vector<std::string> ordered_colours(std::size_t count) {
  // Viridis without its yellow, light to dark: order survives grey printing and colour blindness.
  constexpr double stops[][3] = {{110, 195, 95}, {31, 158, 137}, {49, 104, 142}, {68, 57, 131}, {68, 1, 84}};
  std::vector<std::string> colours;
  for (std::size_t i = 0; i < count; ++i) {
    const double at = count == 1 ? 4.0 : 4.0 * static_cast<double>(i) / static_cast<double>(count - 1);
    const auto low = std::min(static_cast<std::size_t>(at), std::size_t{3});
    const double share = at - static_cast<double>(low);
    unsigned rgb = 0;
    for (std::size_t c = 0; c < 3; ++c)
      rgb = rgb << 8 |
            static_cast<unsigned>(std::lround(stops[low][c] + share * (stops[low + 1][c] - stops[low][c])));
    colours.push_back(fmt::format("#{:06x}", rgb));
  }
  return colours;
}

const Style& Palette::operator[](const std::string& arm) const {
  const auto found = by_arm_.find(arm);
  core::require(found != by_arm_.end(), "an arm without a colour");
  return found->second;
}

}  // namespace stroma::report
