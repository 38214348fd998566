// Colonies on a photograph: the dish or well, the light's unevenness taken away, what is darker than the dish
// by more than its noise, split where colonies touch.
#pragma once

#include <optional>
#include <vector>

#include "imaging/dishes.hpp"
#include "imaging/image.hpp"
#include "imaging/objects.hpp"
#include "imaging/threshold.hpp"

namespace stroma::imaging {

struct ColonySetup {
  bool dark = true;  ///< stained colonies on a bright dish; false: bright ones on a dark ground
  std::size_t channel =
      1;  ///< of a colour picture: green, which crystal violet, methylene blue and Giemsa take away
  std::optional<Dish> dish;   ///< none: the whole picture is dish
  std::optional<double> rim;  ///< of the dish's radius: beyond it nothing is counted; none: the floor is
                              ///< counted up to the wall, as floor_reach finds it
  double radius = 50.0;       ///< of the rolling ball, pixels, > 0; larger than a colony
  ThresholdRule threshold;    ///< of the signal inside the dish
  double noise = 5.0;  ///< the threshold is at least so many robust standard deviations of the empty dish
  double least_diameter = 4.0;  ///< pixels
  double largest_diameter = 1e9;
  double roundness = 0.5;  ///< scratches and fibres are below it
  double neck = 0.75;      ///< of split_objects
};

struct ColonyPicture {
  std::optional<Dish> dish;   ///< none: the whole picture was measured
  std::vector<double> reach;  ///< of the floor in 180 directions, pixels; empty without a dish
  double threshold = 0.0;     ///< grey values above the background
  std::size_t foreign = 0;  ///< pixels of things that no colonies are (pen, scratches, fibres): they have no
                            ///< say in the threshold
  std::size_t inside = 0;   ///< pixels of the dish that were looked at
  Labels colonies;
  double mean_reach() const;  ///< of the floor, in radii of the dish; 0 without a dish
  double covered() const;     ///< share of the dish under colonies, [0, 1]
};

/// Counts and measures the colonies of a picture.
ColonyPicture measure_colonies(const Image& image, const ColonySetup& setup);

}  // namespace stroma::imaging
