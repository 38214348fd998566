// Lanes of a blot: stripes side by side, found in the picture's profile across. Known numbers of lanes are
// fitted as an even comb (the wells of a gel are evenly spaced), so that a lane without any band keeps its
// place; unknown ones are the stretches that stand out.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "imaging/image.hpp"

namespace stroma::imaging {

/// Columns [left, right) of one lane.
struct Lane {
  std::size_t left = 0, right = 0;
  std::size_t width() const { return right - left; }
  double centre() const { return 0.5 * (static_cast<double>(left) + static_cast<double>(right) - 1.0); }
};

/// The lanes of a picture in which bands are bright, left to right. `count`: how many there are; an even comb
/// is laid so that the signal falls into its teeth. An empty lane at either end cannot be told from the
/// membrane beside the gel: give `extent` then, which is divided evenly. Without a count, stretches where the
/// root of the profile is above Otsu's threshold, those narrower than a third of the usual one left out;
/// neighbours share the gap between them. Empty where nothing stands out.
std::vector<Lane> find_lanes(const Plane& signal, std::optional<std::size_t> count,
                             std::optional<Lane> extent);

}  // namespace stroma::imaging
