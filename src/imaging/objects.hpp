// Objects: connected pixels of a mask (8 neighbours), measured one by one, and objects that touch told apart
// by the watershed of the distance to the edge. Two peaks of the distance are one object where the neck
// between them is nearly as wide as the smaller of the two; two discs of radius R with centres s apart have a
// neck of half width sqrt(R^2 - s^2/4). Source of the flooding: Meyer, Signal Process. 38:113 (1994).
// Splitting is in watershed.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "imaging/image.hpp"

namespace stroma::imaging {

/// One object. Lengths in pixels, areas in pixels squared.
struct Object {
  std::uint32_t label = 0;  ///< from 1
  std::size_t area = 0;
  double x = 0.0, y = 0.0;                               ///< centroid, pixel centres at whole numbers
  std::size_t left = 0, top = 0, right = 0, bottom = 0;  ///< its first and last columns and rows
  bool cut = false;                                      ///< it touches the picture's edge
  double roundness = 0.0;  ///< area^2 / (2 pi (mu20 + mu02)): 1 for a disc, less for everything else (Zunic,
                           ///< Hirota & Rosin, Pattern Recognit. 43:47, 2010)

  double diameter() const;  ///< of the disc of the same area
};

/// Which pixel belongs to which object: 0 is none. Labels follow the first pixel of each object, row by row.
struct Labels {
  std::size_t width = 0, height = 0;
  std::vector<std::uint32_t> values;
  std::vector<Object> objects;  ///< objects[k] has label k + 1

  Mask mask() const;  ///< every pixel of an object
};

/// Connected pixels of the mask.
Labels find_objects(const Mask& mask);

/// As find_objects, with touching ones told apart: two stay two where the half width of the neck is below
/// `neck` x the half width of the smaller. neck in (0, 1]; 0.75 tells discs of one size apart whose centres
/// are 1.4 radii or more from each other, from a radius of 6 pixels in 99 of 100 at least (measured over
/// all directions, docs/theory/imaging.md); at 1.0 radii and below they stay one, between either happens.
/// Small objects are looked at on a raster four times as fine, with their edge made smooth, since a pixel is
/// a large part of a neck there.
Labels split_objects(const Mask& mask, double neck);

/// Objects of labels in any order, renamed in the order of their first pixel, with their measures.
Labels measured(std::size_t width, std::size_t height, std::vector<std::uint32_t> raw);

/// What an object must be to stay.
struct ObjectLimits {
  double least_area = 0.0;     ///< pixels squared
  double largest_area = 1e18;  ///< pixels squared
  double roundness = 0.0;      ///< [0, 1]
  bool whole = false;          ///< those that the picture's edge cuts go
};

/// The objects within the limits, labelled anew.
Labels keep_objects(const Labels& labels, const ObjectLimits& limits);

/// The distance of every pixel of the mask to the nearest that is not, pixels; 0 outside. What lies beyond
/// the picture is outside.
Plane distance_inside(const Mask& mask);

}  // namespace stroma::imaging
