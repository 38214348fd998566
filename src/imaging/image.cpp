#include "imaging/image.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <numeric>

#include "core/errors.hpp"

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
  float largest = 0.0F;
  for (const Channel& channel : channels)
    for (const float value : channel.plane.values) largest = std::max(largest, value);
  return largest;
}

double Image::grey_range() const {
  if (bits != 16) return full_scale();
  float largest = 0.0F;
  for (const Channel& channel : channels)
    for (const float value : channel.plane.values) largest = std::max(largest, value);
  for (const double range : {255.0, 1023.0, 4095.0, 16383.0})
    if (largest <= range) return range;
  return full_scale();
}

double detector_limit(const Plane& plane, double full_scale) {
  std::map<float, std::size_t, std::greater<>> top;  // the two largest values
  for (const float v : plane.values) {
    if (top.size() == 2 && v < top.rbegin()->first) continue;
    ++top[v];
    if (top.size() > 2) top.erase(std::prev(top.end()));
  }
  if (top.size() < 2) return full_scale;
  const auto [value, count] = *top.begin();
  const bool spike = count > 2 * std::next(top.begin())->second && 2000 * count > plane.size();
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
