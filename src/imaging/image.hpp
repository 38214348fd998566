// A picture as plain numbers: planes (channels) of one size, each value a float. Integers of 8 and 16 bits
// are exact in a float, so that one type carries every format; `bits` remembers what the detector gave. What
// it measures is a number of grey values; where the pixels' size is known, areas become um^2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stroma::imaging {

/// One channel: `width` x `height` values, row after row from the top.
struct Plane {
  std::size_t width = 0, height = 0;
  std::vector<float> values;

  Plane() = default;
  Plane(std::size_t w, std::size_t h, float value = 0.0F) : width(w), height(h), values(w * h, value) {}
  std::size_t size() const { return values.size(); }
  float& at(std::size_t x, std::size_t y) { return values[y * width + x]; }
  float at(std::size_t x, std::size_t y) const { return values[y * width + x]; }
};

/// Which pixels are meant: 1, or 0.
struct Mask {
  std::size_t width = 0, height = 0;
  std::vector<std::uint8_t> values;

  Mask() = default;
  Mask(std::size_t w, std::size_t h, bool value = false)
      : width(w), height(h), values(w * h, value ? 1 : 0) {}
  std::size_t size() const { return values.size(); }
  bool at(std::size_t x, std::size_t y) const { return values[y * width + x] != 0; }
  std::size_t count() const;  ///< pixels that are meant
};

struct Channel {
  std::string name;  ///< "red", "DAPI", ...; "channel 1" where the file names none
  Plane plane;
};

struct Image {
  std::size_t width = 0, height = 0;
  std::vector<Channel> channels;  ///< at least one
  bool colour = false;            ///< the channels are red, green and blue of one picture
  int bits = 8;                   ///< of one value in the file: 8, 16, or 32 for floats
  std::optional<double> um_per_pixel;
  std::string pixel_size_source;   ///< where that came from: "OME-XML", "pHYs", ...; empty where unknown
  std::vector<std::string> notes;  ///< what the reader did beyond reading, in words

  /// The largest value that the detector can give: 255, 65535; of floats, which do not say it, the least of
  /// 1, 255, 4095 and 65535 that holds all but 1 in 10 000 values, else the value that does. Never one
  /// picture's largest value: single hot pixels would set the scale.
  double full_scale() const;
};

/// The value at which the detector ran into its limit: `full_scale`, or the value at which the histogram ends
/// in a spike (more than twice as many pixels as the next value below, and 1 in 2000 of all): a 12-bit camera
/// in a 16-bit file. Fewer than a twentieth of the spike's pixels may lie above it: hot ones.
double detector_limit(const Plane& plane, double full_scale);

/// Throws core::InternalError unless every channel has the picture's size and there is one at least, and
/// three of a colour picture.
void require_valid(const Image& image);

/// One plane for what is grey: the plane itself, or the mean of red, green and blue.
Plane grey(const Image& image);

/// The values of a plane under a mask of the same size, in the order of the pixels.
std::vector<float> values_under(const Plane& plane, const Mask& mask);

/// Where the plane is above `threshold`; with `within`, there only.
Mask above(const Plane& plane, double threshold, const Mask* within = nullptr);

/// Pixels of both.
Mask both(const Mask& a, const Mask& b);

/// plane - background, value by value; negative values stay.
Plane difference(const Plane& plane, const Plane& background);

}  // namespace stroma::imaging
