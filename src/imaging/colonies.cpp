#include "imaging/colonies.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "core/errors.hpp"
#include "imaging/background.hpp"
#include "imaging/opencv.hpp"
#include "imaging/quantiles.hpp"

namespace stroma::imaging {
namespace {

constexpr double working_side = 400.0;  // pixels: the dish is looked for in a picture of this size

double area_of(double diameter) {
  return 0.25 * std::numbers::pi * diameter * diameter;
}

/// The share of a circle along which the picture changes across it by at least `edge` grey values.
double seen_share(const cv::Mat& grey, double x, double y, double radius, double edge) {
  constexpr int places = 360;
  int seen = 0;
  for (int k = 0; k < places; ++k) {
    const double angle = 2.0 * std::numbers::pi * k / places, reach = 3.0;
    const auto value = [&](double r) {
      const int u = static_cast<int>(std::lround(x + r * std::cos(angle)));
      const int v = static_cast<int>(std::lround(y + r * std::sin(angle)));
      return u < 0 || v < 0 || u >= grey.cols || v >= grey.rows
                 ? -1.0
                 : static_cast<double>(grey.at<std::uint8_t>(v, u));
    };
    const double in = value(radius - reach), out = value(radius + reach), on = value(radius);
    if (in < 0.0 || out < 0.0 || on < 0.0) continue;
    seen += std::max({std::fabs(in - out), std::fabs(in - on), std::fabs(out - on)}) >= edge ? 1 : 0;
  }
  return static_cast<double>(seen) / places;
}

/// Replaces what lies beyond the dish (rim, table) by its inside mirrored at the edge: a background that
/// falls or rises towards the edge goes on beyond it without a step, which the rolling ball would take for an
/// object.
void mirror_outwards(Plane& plane, const Dish& dish, double rim) {
  const Plane from = plane;
  const double reach = rim * dish.radius;
  const auto clamped = [](double v, std::size_t size) {
    return static_cast<std::size_t>(std::clamp(std::lround(v), 0L, static_cast<long>(size) - 1));
  };
  for (std::size_t y = 0; y < plane.height; ++y)
    for (std::size_t x = 0; x < plane.width; ++x) {
      const double dx = static_cast<double>(x) - dish.x, dy = static_cast<double>(y) - dish.y;
      const double r = std::hypot(dx, dy);
      if (r <= reach) continue;
      const double factor = std::max(0.0, 2.0 * reach - r) / r;
      plane.at(x, y) =
          from.at(clamped(dish.x + factor * dx, plane.width), clamped(dish.y + factor * dy, plane.height));
    }
}

/// A part of a picture, pixels.
struct Part {
  std::size_t left = 0, top = 0, width = 0, height = 0;
};

/// What lies within 1.1 radii of the dish; empty where the dish lies beside the picture.
Part part_about(const Dish& dish, const Image& image) {
  const double reach = 1.1 * dish.radius + 2.0;
  const auto first = [&](double middle) { return static_cast<std::size_t>(std::max(0.0, middle - reach)); };
  const auto last = [&](double middle, std::size_t size) {
    return static_cast<std::size_t>(std::clamp(std::ceil(middle + reach), 0.0, static_cast<double>(size)));
  };
  const Part part{first(dish.x), first(dish.y), last(dish.x, image.width), last(dish.y, image.height)};
  if (part.left >= part.width || part.top >= part.height) return {};
  return {part.left, part.top, part.width - part.left, part.height - part.top};
}

/// Labels of a part as labels of the whole picture.
Labels in_picture(const Labels& labels, const Part& part, const Image& image) {
  Labels out;
  out.width = image.width;
  out.height = image.height;
  out.values.assign(image.width * image.height, 0);
  for (std::size_t y = 0; y < part.height; ++y)
    std::copy_n(labels.values.begin() + static_cast<std::ptrdiff_t>(y * part.width), part.width,
                out.values.begin() + static_cast<std::ptrdiff_t>((part.top + y) * image.width + part.left));
  out.objects = labels.objects;
  for (Object& o : out.objects) {
    o.x += static_cast<double>(part.left);
    o.y += static_cast<double>(part.top);
    o.left += part.left;
    o.right += part.left;
    o.top += part.top;
    o.bottom += part.top;
  }
  return out;
}

}  // namespace

std::optional<Dish> find_dish(const Plane& grey) {
  single_threaded();
  const double low = quantile_of(grey.values, 0.001), high = quantile_of(grey.values, 0.999);
  if (!(high > low)) return std::nullopt;
  cv::Mat bytes, small;
  view(grey).convertTo(bytes, CV_8U, 255.0 / (high - low), -low * 255.0 / (high - low));
  const double side = static_cast<double>(std::min(grey.width, grey.height));
  const double scale = std::max(1.0, side / working_side);
  cv::resize(bytes, small, cv::Size(), 1.0 / scale, 1.0 / scale, cv::INTER_AREA);
  cv::GaussianBlur(small, small, cv::Size(5, 5), 1.5);
  const double shorter = std::min(small.cols, small.rows);
  if (shorter < 32.0) return std::nullopt;
  std::vector<cv::Vec3f> circles;
  cv::HoughCircles(small, circles, cv::HOUGH_GRADIENT, 1.0, shorter / 4.0, 60.0, 20.0,
                   static_cast<int>(0.25 * shorter), static_cast<int>(0.55 * shorter));
  const cv::Vec3f* best = nullptr;
  double best_seen = 1.0 / 3.0;
  for (const cv::Vec3f& c : circles) {
    const double seen = seen_share(small, c[0], c[1], c[2], 12.0);
    if (seen > best_seen) {
      best_seen = seen;
      best = &c;
    }
  }
  if (best == nullptr) return std::nullopt;
  return Dish{(static_cast<double>((*best)[0]) + 0.5) * scale - 0.5,
              (static_cast<double>((*best)[1]) + 0.5) * scale - 0.5, static_cast<double>((*best)[2]) * scale};
}

Mask inside_of(const Dish& dish, double share, std::size_t width, std::size_t height) {
  Mask out(width, height);
  const double reach = share * dish.radius;
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x) {
      const double dx = static_cast<double>(x) - dish.x, dy = static_cast<double>(y) - dish.y;
      out.values[y * width + x] = dx * dx + dy * dy <= reach * reach ? 1 : 0;
    }
  return out;
}

double ColonyPicture::covered() const {
  std::size_t sum = 0;
  for (const Object& o : colonies.objects) sum += o.area;
  return inside == 0 ? 0.0 : static_cast<double>(sum) / static_cast<double>(inside);
}

ColonyPicture measure_colonies(const Image& image, const ColonySetup& setup) {
  require_valid(image);
  core::require(setup.radius > 0.0 && setup.rim > 0.0 && setup.rim <= 1.0 && setup.noise >= 0.0,
                "a colony counter's setup out of range");
  ColonyPicture out;
  const Plane& plane = image.channels[image.colour ? std::min<std::size_t>(setup.channel, 2) : 0].plane;
  out.dish = setup.whole ? std::nullopt : setup.dish ? setup.dish : find_dish(grey(image));
  const double full_scale = image.full_scale(), range = image.grey_range();
  // Of a plate of many wells only the part about this one is looked at.
  const Part part = out.dish ? part_about(*out.dish, image) : Part{0, 0, image.width, image.height};
  if (part.width == 0 || part.height == 0) return out;
  const std::optional<Dish> local =
      out.dish ? std::optional(Dish{out.dish->x - static_cast<double>(part.left),
                                    out.dish->y - static_cast<double>(part.top), out.dish->radius})
               : std::nullopt;
  Plane signal(part.width, part.height);
  for (std::size_t y = 0; y < part.height; ++y)
    for (std::size_t x = 0; x < part.width; ++x) signal.at(x, y) = plane.at(part.left + x, part.top + y);
  const Mask dish =
      local ? inside_of(*local, setup.rim, part.width, part.height) : Mask(part.width, part.height, true);
  out.inside = dish.count();
  if (out.inside == 0) return out;

  if (setup.dark)
    for (float& v : signal.values) v = static_cast<float>(full_scale) - v;
  if (local) mirror_outwards(signal, *local, setup.rim);
  const Plane smooth = despeckle(signal, 1);
  const Plane net =
      difference(smooth, range > 0.0 ? rolling_background(box_mean(smooth, 1), setup.radius, range / 255.0)
                                     : Plane(smooth.width, smooth.height));
  const std::vector<float> values = values_under(net, dish);
  // Otsu divides an empty dish too: what the noise reaches is no colony.
  const double floor = quantile_of(values, 0.5) + setup.noise * robust_sd(values);
  out.threshold = setup.threshold.method == ThresholdMethod::fixed
                      ? setup.threshold.value
                      : std::max(floor, threshold_of(setup.threshold, values));
  const Labels split = split_objects(above(net, out.threshold, &dish), setup.neck);
  const Labels kept = keep_objects(
      split, {area_of(setup.least_diameter), area_of(setup.largest_diameter), setup.roundness, false});
  out.colonies = in_picture(kept, part, image);
  return out;
}

}  // namespace stroma::imaging
