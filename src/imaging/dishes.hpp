// Dishes and wells in a photograph: circles whose edge is seen nearly all around, of one size, in rows; and
// where the floor of each ends, direction by direction, so that colonies count up to the wall.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "imaging/image.hpp"

namespace stroma::imaging {

/// The inside of a dish or well, pixels.
struct Dish {
  double x = 0.0, y = 0.0, radius = 0.0;
};

/// A dish with its place among the others: rows from the top are letters, columns from the left numbers, as
/// on a plate: "A1", "A2", "B1".
struct PlacedDish {
  Dish dish;
  std::string place;
  double seen = 0.0;  ///< share of its edge that is seen, [0.55, 1]
};

/// Every dish of a photograph, row by row: circles with a radius of 0.08 to 0.55 of the shorter side (Hough
/// transform of the edges, as in Yuen et al., Image Vis. Comput. 8:71, 1990) along which the picture changes
/// in the same sense over 55 % of what lies in the picture, at least half of the circle. What lies inside
/// another dish, or is not of the size of the clearest one to 15 %, is none. Right to some 1 % of the shorter
/// side. A circle that colonies or texture make by chance changes in either sense.
std::vector<PlacedDish> find_dishes(const Plane& grey);

/// How far the floor reaches in each of 180 directions from the dish's centre, pixels: up to the first edge
/// from 0.85 radii on that neighbouring directions share, else to the given circle. `most`: in radii.
std::vector<double> floor_reach(const Plane& plane, const Dish& dish, double most);

/// Pixels of the floor: those whose centre lies within `reach` (as floor_reach gives it).
Mask floor_of(const Dish& dish, const std::vector<double>& reach, std::size_t width, std::size_t height);

/// The reach in the direction of (dx, dy), between its neighbours.
double reach_towards(const std::vector<double>& reach, double dx, double dy);

}  // namespace stroma::imaging
