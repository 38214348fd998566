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
  const Mask dish = out.dish ? inside_of(*out.dish, setup.rim, image.width, image.height)
                             : Mask(image.width, image.height, true);
  out.inside = dish.count();
  if (out.inside == 0) return out;

  const double full_scale = image.full_scale();
  Plane signal = plane;
  if (setup.dark)
    for (float& v : signal.values) v = static_cast<float>(full_scale) - v;
  if (out.dish) mirror_outwards(signal, *out.dish, setup.rim);
  const Plane smooth = despeckle(signal, 1);
  const Plane net = difference(
      smooth, full_scale > 0.0 ? rolling_background(box_mean(smooth, 1), setup.radius, full_scale / 255.0)
                               : Plane(smooth.width, smooth.height));
  const std::vector<float> values = values_under(net, dish);
  // Otsu divides an empty dish too: what the noise reaches is no colony.
  const double floor = quantile_of(values, 0.5) + setup.noise * robust_sd(values);
  out.threshold = setup.threshold.method == ThresholdMethod::fixed
                      ? setup.threshold.value
                      : std::max(floor, threshold_of(setup.threshold, values));
  const Labels split = split_objects(above(net, out.threshold, &dish), setup.neck);
  out.colonies = keep_objects(
      split, {area_of(setup.least_diameter), area_of(setup.largest_diameter), setup.roundness, false});
  return out;
}

}  // namespace stroma::imaging
