#include "imaging/image.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "core/errors.hpp"
#include "imaging/quantiles.hpp"

namespace stroma::imaging {
namespace {

void require_same(std::size_t w1, std::size_t h1, std::size_t w2, std::size_t h2) {
  core::require(w1 == w2 && h1 == h2, "two planes differ in size");
}

}  // namespace

std::size_t Mask::count() const {
  return std::accumulate(values.begin(), values.end(), std::size_t{0},
                         [](std::size_t sum, std::uint8_t v) { return sum + v; });
}

double Image::full_scale() const {
  if (bits == 8) return 255.0;
  if (bits == 16) return 65535.0;
  double largest = 0.0;  // of all but 1 in 10 000 values
  for (const Channel& channel : channels)
    if (!channel.plane.values.empty()) largest = std::max(largest, quantile_of(channel.plane.values, 0.9999));
  for (const double scale : {1.0, 255.0, 4095.0, 65535.0})
    if (largest <= scale) return scale;
  return largest;
}

double detector_limit(const Plane& plane, double full_scale) {
  constexpr double least_share = 1.0 / 2000.0;
  if (plane.values.empty()) return full_scale;
  // A spike of that share holds this quantile, also under a few hot pixels.
  const auto value = static_cast<float>(quantile_of(plane.values, 1.0 - 0.9 * least_share));
  std::size_t at = 0, above = 0, next = 0;
  float below = -std::numeric_limits<float>::infinity();
  for (const float v : plane.values) {
    at += v == value ? 1 : 0;
    above += v > value ? 1 : 0;
    if (v >= value || v < below) continue;
    next = v > below ? 1 : next + 1;
    below = v;
  }
  const bool spike = static_cast<double>(at) > least_share * static_cast<double>(plane.size()) &&
                     2 * at < plane.size() && 20 * above < at && at > 2 * next && next > 0;
  return spike ? value : full_scale;
}

void require_valid(const Image& image) {
  core::require(!image.channels.empty() && image.width > 0 && image.height > 0, "a picture without pixels");
  core::require(!image.colour || image.channels.size() == 3, "a colour picture without three channels");
  core::require(image.bits == 8 || image.bits == 16 || image.bits == 32, "a picture of an unknown depth");
  for (const Channel& channel : image.channels)
    core::require(channel.plane.width == image.width && channel.plane.height == image.height &&
                      channel.plane.size() == image.width * image.height,
                  "a channel differs from its picture in size");
}

Plane grey(const Image& image) {
  require_valid(image);
  if (!image.colour) return image.channels.front().plane;
  Plane out(image.width, image.height);
  const auto& r = image.channels[0].plane.values;
  const auto& g = image.channels[1].plane.values;
  const auto& b = image.channels[2].plane.values;
  for (std::size_t i = 0; i < out.size(); ++i) out.values[i] = (r[i] + g[i] + b[i]) / 3.0F;
  return out;
}

std::vector<float> values_under(const Plane& plane, const Mask& mask) {
  require_same(plane.width, plane.height, mask.width, mask.height);
  std::vector<float> out;
  out.reserve(mask.count());
  for (std::size_t i = 0; i < plane.size(); ++i)
    if (mask.values[i] != 0) out.push_back(plane.values[i]);
  return out;
}

Mask above(const Plane& plane, double threshold, const Mask* within) {
  if (within != nullptr) require_same(plane.width, plane.height, within->width, within->height);
  Mask out(plane.width, plane.height);
  for (std::size_t i = 0; i < plane.size(); ++i)
    out.values[i] = plane.values[i] > threshold && (within == nullptr || within->values[i] != 0) ? 1 : 0;
  return out;
}

Mask both(const Mask& a, const Mask& b) {
  require_same(a.width, a.height, b.width, b.height);
  Mask out(a.width, a.height);
  for (std::size_t i = 0; i < a.size(); ++i) out.values[i] = a.values[i] & b.values[i];
  return out;
}

Plane difference(const Plane& plane, const Plane& background) {
  require_same(plane.width, plane.height, background.width, background.height);
  Plane out(plane.width, plane.height);
  for (std::size_t i = 0; i < plane.size(); ++i) out.values[i] = plane.values[i] - background.values[i];
  return out;
}

}  // namespace stroma::imaging
