// Colonies on a photograph: the dish or well, the light's unevenness taken away, what is darker than the dish
// by more than its noise, split where colonies touch.
#pragma once

#include <optional>

#include "imaging/image.hpp"
#include "imaging/objects.hpp"
#include "imaging/threshold.hpp"

namespace stroma::imaging {

/// The inside of a dish or well, pixels.
struct Dish {
  double x = 0.0, y = 0.0, radius = 0.0;
};

/// The clearest circle with a radius of 0.25 to 0.55 of the picture's shorter side (Hough transform of the
/// edges, as in Yuen et al., Image Vis. Comput. 8:71, 1990), right to some 1 % of the shorter side; none
/// where no edge of a third of a circle is to be seen.
std::optional<Dish> find_dish(const Plane& grey);

/// Pixels whose centres are within `share` of the dish's radius.
Mask inside_of(const Dish& dish, double share, std::size_t width, std::size_t height);

struct ColonySetup {
  bool dark = true;  ///< stained colonies on a bright dish; false: bright ones on a dark ground
  std::size_t channel =
      1;  ///< of a colour picture: green, which crystal violet, methylene blue and Giemsa take away
  std::optional<Dish> dish;  ///< none: found; where none is found, the whole picture
  bool whole = false;        ///< the whole picture is dish: none is looked for
  double rim = 0.93;         ///< of the dish's radius: beyond it lie rim and meniscus
  double radius = 50.0;      ///< of the rolling ball, pixels, > 0; larger than a colony
  ThresholdRule threshold;   ///< of the signal inside the dish
  double noise = 5.0;  ///< the threshold is at least so many robust standard deviations of the empty dish
  double least_diameter = 4.0;  ///< pixels
  double largest_diameter = 1e9;
  double roundness = 0.5;  ///< scratches and fibres are below it
  double neck = 0.75;      ///< of split_objects
};

struct ColonyPicture {
  std::optional<Dish> dish;  ///< none: the whole picture was measured
  double threshold = 0.0;    ///< grey values above the background
  std::size_t inside = 0;    ///< pixels of the dish that were looked at
  Labels colonies;
  double covered() const;  ///< share of the dish under colonies, [0, 1]
};

/// Counts and measures the colonies of a picture.
ColonyPicture measure_colonies(const Image& image, const ColonySetup& setup);

}  // namespace stroma::imaging
