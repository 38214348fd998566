// Touching objects told apart: the flooding of the distance to the edge, object by object, on a raster fine
// enough that the neck between two is measured and not the pixels.
#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/errors.hpp"
#include "imaging/objects.hpp"
#include "imaging/opencv.hpp"

namespace stroma::imaging {
namespace {

/// When a saddle parts two peaks: it is below `share` of the lower peak plus `slack`, and `least` below it.
/// The saddle of a digital distance lies above the half width of the neck, since only the few pixels at its
/// two ends can be nearest, by up to `slack`; below `least` a peak is an unevenness of the edge. In pixels of
/// the raster that is flooded. Both were measured on drawn discs and ellipses (tests/unit/imaging).
struct Neck {
  double share = 0.75, slack = 0.9, least = 0.9;
};

/// Basins that grow downhill from the peaks of a height, joined where the saddle is not deep enough.
class Flood {
 public:
  Flood(const Plane& height, const Neck& neck) : height_(height), neck_(neck), basin_(height.size(), none) {}

  std::vector<std::uint32_t> labels() {
    std::vector<std::uint32_t> order;
    for (std::size_t i = 0; i < height_.size(); ++i)
      if (height_.values[i] > 0.0F) order.push_back(static_cast<std::uint32_t>(i));
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return height_.values[a] > height_.values[b]; });
    for (const std::uint32_t pixel : order) basin_[pixel] = take(pixel);
    std::vector<std::uint32_t> out(height_.size(), 0);
    for (std::size_t i = 0; i < out.size(); ++i)
      if (basin_[i] != none) out[i] = root(basin_[i]) + 1;
    return out;
  }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;

  std::uint32_t root(std::uint32_t basin) {
    while (parent_[basin] != basin) basin = parent_[basin] = parent_[parent_[basin]];
    return basin;
  }

  std::uint32_t take(std::uint32_t pixel) {
    const std::size_t width = height_.width, x = pixel % width, y = pixel / width;
    std::uint32_t home = none;  // the basin of the highest neighbour
    float highest = -1.0F;
    std::array<std::uint32_t, 8> around{};
    std::size_t count = 0;
    for (std::size_t v = y == 0 ? 0 : y - 1; v <= std::min(y + 1, height_.height - 1); ++v)
      for (std::size_t u = x == 0 ? 0 : x - 1; u <= std::min(x + 1, width - 1); ++u) {
        const std::size_t at = v * width + u;
        if (basin_[at] == none) continue;
        const std::uint32_t basin = root(basin_[at]);
        around[count++] = basin;
        if (height_.values[at] > highest) {
          highest = height_.values[at];
          home = basin;
        }
      }
    if (count == 0) {
      parent_.push_back(static_cast<std::uint32_t>(parent_.size()));
      peak_.push_back(height_.values[pixel]);
      return parent_.back();
    }
    for (std::size_t a = 0; a < count; ++a) join(home, around[a], height_.values[pixel]);
    return root(home);
  }

  /// Two basins that meet at a saddle.
  void join(std::uint32_t a, std::uint32_t b, float saddle) {
    a = root(a);
    b = root(b);
    if (a == b) return;
    // The lower peak goes into the higher one; between equals the later into the earlier.
    if (peak_[a] < peak_[b] || (peak_[a] == peak_[b] && a > b)) std::swap(a, b);
    const bool two = saddle < neck_.share * peak_[b] + neck_.slack && peak_[b] - saddle >= neck_.least;
    if (!two) parent_[b] = a;
  }

  const Plane& height_;
  Neck neck_;
  std::vector<std::uint32_t> basin_, parent_;
  std::vector<float> peak_;
};

/// A part of a picture about one object.
struct Box {
  std::size_t left = 0, top = 0, width = 0, height = 0;
};

/// The object alone, with a margin of two pixels where the picture has none.
Mask cut_out(const Labels& labels, const Object& object, Box& box) {
  constexpr std::size_t margin = 2;
  box = {object.left, object.top, object.right - object.left + 1, object.bottom - object.top + 1};
  Mask out(box.width + 2 * margin, box.height + 2 * margin);
  for (std::size_t y = 0; y < box.height; ++y)
    for (std::size_t x = 0; x < box.width; ++x)
      out.values[(y + margin) * out.width + x + margin] =
          labels.values[(box.top + y) * labels.width + box.left + x] == object.label ? 1 : 0;
  return out;
}

/// The mask on a raster `factor` times as fine, its edge smoothed over half a pixel.
Mask finer(const Mask& mask, int factor) {
  constexpr double smooth = 0.4;  // pixels
  cv::Mat from, to;
  view(mask).convertTo(from, CV_32F);
  cv::resize(from, to, cv::Size(), factor, factor, cv::INTER_LINEAR);
  cv::GaussianBlur(to, to, cv::Size(), smooth * factor);
  Mask out(mask.width * static_cast<std::size_t>(factor), mask.height * static_cast<std::size_t>(factor));
  for (std::size_t y = 0; y < out.height; ++y)
    for (std::size_t x = 0; x < out.width; ++x)
      out.values[y * out.width + x] = to.at<float>(static_cast<int>(y), static_cast<int>(x)) > 0.5F ? 1 : 0;
  return out;
}

/// Gives pixels of the mask without a label that of a labelled neighbour, from the labelled ones outwards.
void fill_unlabelled(const Mask& mask, std::vector<std::uint32_t>& labels) {
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] != 0) front.push_back(i);
  if (front.empty())  // too small for the fine raster: one object
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = mask.values[i];
  while (!front.empty()) {
    std::vector<std::size_t> next;
    for (const std::size_t i : front) {
      const std::size_t x = i % mask.width, y = i / mask.width;
      for (std::size_t v = y == 0 ? 0 : y - 1; v < std::min(mask.height, y + 2); ++v)
        for (std::size_t u = x == 0 ? 0 : x - 1; u < std::min(mask.width, x + 2); ++u) {
          const std::size_t at = v * mask.width + u;
          if (mask.values[at] == 0 || labels[at] != 0) continue;
          labels[at] = labels[i];
          next.push_back(at);
        }
    }
    front.swap(next);
  }
}

/// Labels of one object's pixels, 1 and up.
std::vector<std::uint32_t> split_one(const Mask& mask, double neck) {
  constexpr double small = 16.0, medium = 32.0;  // half widths, pixels
  constexpr double fine_slack = 0.8, fine_least = 0.4;
  const Plane distance = distance_inside(mask);
  const double half = *std::max_element(distance.values.begin(), distance.values.end());
  const int factor = half < small ? 4 : half < medium ? 2 : 1;
  if (factor == 1) return Flood(distance, {neck, 0.9, 0.9}).labels();
  const Mask fine = finer(mask, factor);
  const std::vector<std::uint32_t> found =
      Flood(distance_inside(fine), {neck, fine_slack * factor, fine_least * factor}).labels();
  std::vector<std::uint32_t> out(mask.size(), 0);
  const auto step = static_cast<std::size_t>(factor);
  for (std::size_t y = 0; y < mask.height; ++y)
    for (std::size_t x = 0; x < mask.width; ++x)
      if (mask.at(x, y))
        out[y * mask.width + x] = found[(y * step + step / 2) * fine.width + x * step + step / 2];
  fill_unlabelled(mask, out);
  return out;
}

}  // namespace

Labels split_objects(const Mask& mask, double neck) {
  core::require(neck > 0.0 && neck <= 1.0, "a neck outside (0, 1]");
  constexpr double plainly_one = 0.95;    // roundness of no two discs that could be told apart
  constexpr std::size_t least_area = 12;  // pixels; below it there is nothing to tell apart
  single_threaded();
  const Labels whole = find_objects(mask);
  std::vector<std::uint32_t> out(mask.size(), 0);
  std::uint32_t names = 0;
  for (const Object& object : whole.objects) {
    if (object.roundness > plainly_one || object.area < least_area) {
      ++names;
      for (std::size_t y = object.top; y <= object.bottom; ++y)
        for (std::size_t x = object.left; x <= object.right; ++x)
          if (whole.values[y * mask.width + x] == object.label) out[y * mask.width + x] = names;
      continue;
    }
    Box box;
    const Mask alone = cut_out(whole, object, box);
    const std::vector<std::uint32_t> parts = split_one(alone, neck);
    const std::size_t margin = (alone.width - box.width) / 2;
    for (std::size_t y = 0; y < box.height; ++y)
      for (std::size_t x = 0; x < box.width; ++x)
        if (const std::uint32_t part = parts[(y + margin) * alone.width + x + margin]; part != 0)
          out[(box.top + y) * mask.width + box.left + x] = names + part;
    names += *std::max_element(parts.begin(), parts.end());
  }
  return measured(mask.width, mask.height, std::move(out));
}

}  // namespace stroma::imaging
