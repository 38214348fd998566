// The light that falls on a stained section, and where the section lies on its slide. A section is measured
// against an empty place; where there is none, the palest tissue must not be taken for one, so that what
// speaks against a place is said with it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "imaging/image.hpp"
#include "imaging/stains.hpp"

namespace stroma::imaging {

/// The light that falls on the section, per channel.
struct White {
  Rgb value{};
  double share = 0.0;  ///< of the picture's pixels that it was estimated from; 1 where it was given
  double noise = 0.0;  ///< of the mean optical density of one pixel there: robust standard deviation
  double block = 0.0;  ///< radius of the largest disc that is nothing but such pixels, of the shorter side
};

/// The white point of a colour picture from its brightest places: the brightest peak of the histogram of mean
/// grey values that holds 1 in 200 pixels, as wide as its upper half is; the median per channel of what is
/// at least as bright as its lower end. Right to the grey value where at least 1 % of the picture is empty.
White estimate_white(const Image& image);

/// Why the place that the white point comes from may not be empty; empty text where nothing speaks against
/// it. An empty slide covers 1 % of the picture, is in one piece somewhere (a disc of 1.5 % of the shorter
/// side), bright (60 % of full scale, of 8-bit pictures), and as grey as lamps are: they differ from grey
/// along blue and yellow, haematoxylin and eosin take away green. Limits are assumptions.
std::string doubt_of(const White& white, const Image& image);

/// A white point that is more magenta than this is no lamp.
inline constexpr double most_magenta = 0.012;

/// The optical density by which green is darker than the middle of red and blue: 0 of lamps and about 0 of
/// DAB, 0.24 and 0.41 of haematoxylin and eosin of density 1.
double magenta_of(const Rgb& white);

/// A grey light behind the palest tissue: what is left of its colour when as much of `stain` is taken away as
/// makes it grey. At most full scale. Nothing where the stain does not explain the colour.
std::optional<Rgb> grey_light_behind(const Rgb& palest, const Rgb& stain, double full_scale);

/// The mean optical density from which a pixel is tissue: the valley of the histogram between the empty place
/// and the palest tissue, at least four times the empty place's noise and 0.01, at most 0.1. 0.05 where there
/// is no valley (`clear` is false then): assumption.
struct TissueCut {
  double density = 0.05;
  bool clear = false;
};
TissueCut tissue_cut(const Plane& density, double noise);

}  // namespace stroma::imaging
