// Densitometry of a blot: in every lane the profile along it, its background, and the volume of each band,
//   volume = sum of signal over the band's box,   background = sum of the background over the same box.
// A band is a row of the membrane: rows are found in all lanes together, and every lane is measured in every
// row, so that a lane without the band gives a volume near its background and not a gap in the table. Source
// of the quantification: Taylor et al., Mol. Biotechnol. 55:217 (2013).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "imaging/image.hpp"
#include "imaging/lanes.hpp"

namespace stroma::imaging {

enum class BlotBackground {
  flanks,       ///< a straight line between what lies above and below the band in its lane
  rolling,      ///< rolling ball along each lane's profile
  rubber_band,  ///< lower convex hull of each lane's profile
  none
};

struct BlotSetup {
  std::optional<bool> dark_bands;  ///< none: decided by which side of the median the picture reaches farther
  std::optional<std::size_t> lanes;
  std::optional<Lane> extent;       ///< of all lanes, where the outer ones are empty; needs `lanes`
  std::vector<Lane> edges;          ///< of every lane, by hand; then the two above are not needed
  std::optional<std::size_t> rows;  ///< bands per lane; none: every row that stands out
  BlotBackground background = BlotBackground::flanks;
  double radius = 500.0;  ///< of the rolling ball, pixels, > 0: large, as weak bands are low and wide
  double saturated_share = 0.001;  ///< of a band's pixels at the limit, from which it counts as saturated
};

/// Rows [top, bottom) of one band in all lanes.
struct BandRow {
  std::size_t top = 0, bottom = 0;
  double peak = 0.0;  ///< where it is strongest
};

/// One band: row `row` in lane `lane` (both from 0).
struct BandBox {
  std::size_t lane = 0, row = 0;
  std::size_t top = 0,
              bottom = 0;   ///< rows of pixels [top, bottom), the row's window moved to the lane's own peak
  double volume = 0.0;      ///< grey values, background included
  double background = 0.0;  ///< grey values, over the same pixels
  double at_limit = 0.0;    ///< share of its pixels at the detector's limit
  bool saturated = false;
  double detection = 0.0;  ///< net volume from which a band is one: what windows of its size beside all bands
                           ///< of its lane read, their middle and three robust standard deviations; or three
                           ///< times the noise of its pixels where that is more
  bool clear() const { return volume - background > detection; }
};

struct BlotPicture {
  bool dark_bands = false;     ///< as found or given
  double limit = 0.0;          ///< signal at which the detector saturates
  double grey_at_limit = 0.0;  ///< the grey value of the file that this is
  std::vector<Lane> lanes;
  LaneBasis basis = LaneBasis::stretches;  ///< of the lanes
  double unevenness = 1.0;                 ///< of their distances
  std::vector<Lane> stretches;             ///< columns in which bands stood out, where they were looked for
  std::vector<BandRow> rows;               ///< top to bottom
  std::vector<BandBox> bands;              ///< lane by lane, in each row by row: lanes x rows
};

/// Measures a blot. The limit is the picture's full scale, or its largest signal where the histogram ends
/// there in a spike (more than twice as many pixels as the next value, and 1 in 2000 of the picture): a
/// 12-bit camera in a 16-bit file. Lanes or rows that are not found leave empty lists. Accuracy on a sloped
/// background, of a band of h rows and w columns in noise of sd s per pixel: the line between the flanks,
/// each of h / 2 rows, is off by normal errors of about 1.25 s h sqrt(w / h); an envelope (rolling ball,
/// rubber band) hangs on the lowest values and is too low by up to 3 s h sqrt(w).
BlotPicture measure_blot(const Image& image, const BlotSetup& setup);

}  // namespace stroma::imaging
