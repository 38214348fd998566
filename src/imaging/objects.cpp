#include "imaging/objects.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <opencv2/imgproc.hpp>

#include "core/errors.hpp"
#include "imaging/opencv.hpp"

namespace stroma::imaging {

Labels measured(std::size_t width, std::size_t height, std::vector<std::uint32_t> raw) {
  Labels out;
  out.width = width;
  out.height = height;
  std::vector<std::uint32_t> renamed(
      raw.empty() ? 1 : *std::max_element(raw.begin(), raw.end()) + std::size_t{1}, 0);
  std::vector<double> xx;  // second moments about the origin
  std::vector<Object>& objects = out.objects;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == 0) continue;
    std::uint32_t& name = renamed[raw[i]];
    const std::size_t x = i % width, y = i / width;
    if (name == 0) {
      Object fresh;
      fresh.label = name = static_cast<std::uint32_t>(objects.size() + 1);
      fresh.left = fresh.right = x;
      fresh.top = fresh.bottom = y;
      objects.push_back(fresh);
      xx.push_back(0.0);
    }
    raw[i] = name;
    Object& o = objects[name - 1];
    ++o.area;
    const auto dx = static_cast<double>(x), dy = static_cast<double>(y);
    o.x += dx;
    o.y += dy;
    xx[name - 1] += dx * dx + dy * dy;
    o.left = std::min(o.left, x);
    o.right = std::max(o.right, x);
    o.bottom = y;
  }
  for (Object& o : objects) {
    const auto area = static_cast<double>(o.area);
    o.x /= area;
    o.y /= area;
    o.cut = o.left == 0 || o.top == 0 || o.right + 1 == width || o.bottom + 1 == height;
    // mu20 + mu02 about the centroid; a pixel is a unit square and has 1/12 of its own in each direction.
    const double spread = xx[o.label - 1] - area * (o.x * o.x + o.y * o.y) + area / 6.0;
    o.roundness = area * area / (2.0 * std::numbers::pi * spread);
  }
  out.values = std::move(raw);
  return out;
}

double Object::diameter() const {
  return 2.0 * std::sqrt(static_cast<double>(area) / std::numbers::pi);
}

Mask Labels::mask() const {
  Mask out(width, height);
  std::transform(values.begin(), values.end(), out.values.begin(),
                 [](std::uint32_t v) { return static_cast<std::uint8_t>(v != 0 ? 1 : 0); });
  return out;
}

Labels find_objects(const Mask& mask) {
  single_threaded();
  cv::Mat labels;
  cv::connectedComponents(view(mask), labels, 8, CV_32S);
  std::vector<std::uint32_t> raw(mask.size());
  for (std::size_t i = 0; i < raw.size(); ++i)
    raw[i] = static_cast<std::uint32_t>(
        labels.at<std::int32_t>(static_cast<int>(i / mask.width), static_cast<int>(i % mask.width)));
  return measured(mask.width, mask.height, std::move(raw));
}

Plane distance_inside(const Mask& mask) {
  single_threaded();
  cv::Mat framed, distance;  // a frame of one pixel that is not meant
  cv::copyMakeBorder(view(mask), framed, 1, 1, 1, 1, cv::BORDER_CONSTANT, cv::Scalar(0));
  cv::distanceTransform(framed, distance, cv::DIST_L2, cv::DIST_MASK_PRECISE, CV_32F);
  Plane out(mask.width, mask.height);
  for (std::size_t y = 0; y < mask.height; ++y)
    for (std::size_t x = 0; x < mask.width; ++x)
      out.at(x, y) = distance.at<float>(static_cast<int>(y) + 1, static_cast<int>(x) + 1);
  return out;
}

Labels keep_objects(const Labels& labels, const ObjectLimits& limits) {
  std::vector<std::uint32_t> raw = labels.values;
  for (std::uint32_t& v : raw) {
    if (v == 0) continue;
    const Object& o = labels.objects[v - 1];
    const auto area = static_cast<double>(o.area);
    if (area < limits.least_area || area > limits.largest_area || o.roundness < limits.roundness ||
        (limits.whole && o.cut))
      v = 0;
  }
  return measured(labels.width, labels.height, std::move(raw));
}

}  // namespace stroma::imaging
