// Lanes of a blot: stripes side by side, found in the picture's profile across. Of a known number those that
// have a band lie where their bands are, at whatever distances; those without one keep their place in an even
// comb. Unknown numbers are the stretches that stand out.
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

/// How lanes were found.
enum class LaneBasis {
  given,      ///< their edges, or an even division of a given extent
  bands,      ///< each has a band, where it lies
  comb,       ///< some have none: the others lie where their bands are, these in an even comb
  uneven,     ///< as `comb`, but the bands do not fit an even comb: the lanes without one are a guess
  stretches,  ///< their number was not known
};

struct Lanes {
  std::vector<Lane> lanes;  ///< left to right; empty where nothing stands out
  LaneBasis basis = LaneBasis::stretches;
  std::vector<Lane> bands = {};  ///< the stretches that stood out, where they were looked for

  /// The largest distance between neighbours' centres over the smallest; 1 for fewer than three lanes.
  double unevenness() const;
};

/// The lanes of a picture in which bands are bright. `count`: how many there are. Stretches of the profile
/// that stand out of its noise and are parted by valleys are bands; where there are as many as lanes, lanes
/// are where they are. Else an even comb is laid so that the signal falls into its teeth, and each of its
/// lanes that holds one band moves to it. An empty lane at either end cannot be told from the membrane beside
/// the gel: give `extent` then, which is divided evenly, or the edges of every lane. Without a count every
/// band is a lane. Stretches narrower than a third of the usual one are dirt. Neighbours share the gap
/// between them.
Lanes find_lanes(const Plane& signal, std::optional<std::size_t> count, std::optional<Lane> extent);

}  // namespace stroma::imaging
