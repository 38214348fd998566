// One colour and one point shape per arm, the same in every figure of a report: the palette of Okabe and Ito
// (Color universal design, 2008), which colour-blind readers tell apart, with greys for controls.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "report/document.hpp"

namespace stroma::report {

struct Style {
  std::string colour;  ///< "#rrggbb"
  std::string shape;   ///< a Vega point shape; tells arms apart without colour
};

/// The styles of a report's arms. Colours are given out in the order of `Report::arms` and then in the order
/// in which figures name further arms; equal colour keys share a colour. After seven hues they come again,
/// darker.
class Palette {
 public:
  explicit Palette(const Report& report);

  /// The style of a named arm. Throws core::InternalError for an arm that no figure of the report names.
  const Style& operator[](const std::string& arm) const;

 private:
  void add(const Arm& arm);

  std::map<std::string, Style> by_arm_;
  std::map<std::string, std::string> by_key_;
  std::size_t hues_ = 0;
  std::size_t greys_ = 0;
};

/// `count` colours in an order that the eye reads, light to dark, as "#rrggbb".
std::vector<std::string> ordered_colours(std::size_t count);

/// The arms that a figure names, each once, in order of appearance.
std::vector<std::string> arms_of(const Figure& figure);

}  // namespace stroma::report
