#include "imaging/colonies.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "core/errors.hpp"
#include "imaging/background.hpp"
#include "imaging/opencv.hpp"
#include "imaging/quantiles.hpp"

namespace stroma::imaging {
namespace {

double area_of(double diameter) {
  return 0.25 * std::numbers::pi * diameter * diameter;
}

/// Replaces what lies beyond the dish (rim, table) by its inside mirrored at the edge: a background that
/// falls or rises towards the edge goes on beyond it without a step, which the rolling ball would take for an
/// object.
void mirror_outwards(Plane& plane, const Dish& dish, const std::vector<double>& floor) {
  const Plane from = plane;
  const auto clamped = [](double v, std::size_t size) {
    return static_cast<std::size_t>(std::clamp(std::lround(v), 0L, static_cast<long>(size) - 1));
  };
  for (std::size_t y = 0; y < plane.height; ++y)
    for (std::size_t x = 0; x < plane.width; ++x) {
      const double dx = static_cast<double>(x) - dish.x, dy = static_cast<double>(y) - dish.y;
      const double r = std::hypot(dx, dy), reach = reach_towards(floor, dx, dy);
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

/// What is above the threshold, in pieces, and what of it is foreign: a connected thing most of whose area
/// lies in pieces that are not round enough or too large, as pen and scratches are.
struct Pieces {
  Labels kept;
  Mask foreign;
};
Pieces pieces_of(const Mask& signal, const ColonySetup& setup) {
  const Labels things = find_objects(signal), split = split_objects(signal, setup.neck);
  const ObjectLimits limits{area_of(setup.least_diameter), area_of(setup.largest_diameter), setup.roundness,
                            false};
  std::vector<double> wrong(things.objects.size(), 0.0);
  const auto thing_of = [&](const Object& piece) -> std::uint32_t {
    for (std::size_t x = piece.left; x <= piece.right; ++x) {
      const std::size_t i = piece.top * signal.width + x;
      if (split.values[i] == piece.label) return things.values[i];
    }
    return 0;
  };
  for (const Object& piece : split.objects) {
    const auto area = static_cast<double>(piece.area);
    if (area >= limits.least_area && (piece.roundness < limits.roundness || area > limits.largest_area))
      wrong[thing_of(piece) - 1] += area;
  }
  Pieces out{keep_objects(split, limits), Mask(signal.width, signal.height)};
  for (std::size_t i = 0; i < signal.size(); ++i)
    if (const std::uint32_t t = things.values[i]; t != 0)
      out.foreign.values[i] = 2.0 * wrong[t - 1] > static_cast<double>(things.objects[t - 1].area) ? 1 : 0;
  return out;
}

/// The mask without what is foreign and a margin of three pixels about it.
Mask without(const Mask& mask, const Mask& foreign) {
  cv::Mat wide;
  cv::dilate(view(foreign), wide, cv::getStructuringElement(cv::MORPH_ELLIPSE, cv::Size(7, 7)));
  Mask out = mask;
  for (std::size_t y = 0; y < mask.height; ++y)
    for (std::size_t x = 0; x < mask.width; ++x)
      if (wide.at<std::uint8_t>(static_cast<int>(y), static_cast<int>(x)) != 0)
        out.values[y * mask.width + x] = 0;
  return out;
}

/// Counts the colonies of a signal above its background. Otsu's threshold lies between what is darkest and
/// the rest: as long as that is pen and not colonies, it is left out and the threshold taken again.
void count_colonies(ColonyPicture& out, const Plane& net, const Mask& dish, const ColonySetup& setup,
                    Labels& kept) {
  constexpr int most_rounds = 5;
  constexpr double worth = 0.05;  // share of the signal's area from which foreign things may set a threshold
  Mask looked_at = dish;
  for (int round = 0; round < most_rounds; ++round) {
    const std::vector<float> values = values_under(net, looked_at);
    if (values.empty()) return;
    // Otsu divides an empty dish too: what the noise reaches is no colony.
    const double floor = quantile_of(values, 0.5) + setup.noise * robust_sd(values);
    out.threshold = setup.threshold.method == ThresholdMethod::fixed
                        ? setup.threshold.value
                        : std::max(floor, threshold_of(setup.threshold, values));
    const Mask signal = above(net, out.threshold, &looked_at);
    Pieces pieces = pieces_of(signal, setup);
    kept = std::move(pieces.kept);
    const std::size_t strange = pieces.foreign.count();
    out.foreign += strange;
    if (setup.threshold.method == ThresholdMethod::fixed ||
        static_cast<double>(strange) <= worth * static_cast<double>(signal.count()))
      return;
    looked_at = without(looked_at, pieces.foreign);
  }
}

}  // namespace

double ColonyPicture::mean_reach() const {
  if (!dish || reach.empty()) return 0.0;
  double sum = 0.0;
  for (const double r : reach) sum += r;
  return sum / static_cast<double>(reach.size()) / dish->radius;
}

double ColonyPicture::covered() const {
  std::size_t sum = 0;
  for (const Object& o : colonies.objects) sum += o.area;
  return inside == 0 ? 0.0 : static_cast<double>(sum) / static_cast<double>(inside);
}

ColonyPicture measure_colonies(const Image& image, const ColonySetup& setup) {
  require_valid(image);
  core::require(
      setup.radius > 0.0 && (!setup.rim || (*setup.rim > 0.0 && *setup.rim <= 1.0)) && setup.noise >= 0.0,
      "a colony counter's setup out of range");
  single_threaded();
  ColonyPicture out;
  const Plane& plane = image.channels[image.colour ? std::min<std::size_t>(setup.channel, 2) : 0].plane;
  out.dish = setup.dish;
  const double full_scale = image.full_scale();
  // Of a plate of many wells only the part about this one is looked at.
  const Part part = out.dish ? part_about(*out.dish, image) : Part{0, 0, image.width, image.height};
  if (part.width == 0 || part.height == 0) return out;
  Plane signal(part.width, part.height);
  for (std::size_t y = 0; y < part.height; ++y)
    for (std::size_t x = 0; x < part.width; ++x) signal.at(x, y) = plane.at(part.left + x, part.top + y);
  if (setup.dark)
    for (float& v : signal.values) v = static_cast<float>(full_scale) - v;
  Plane smooth = despeckle(signal, 1);
  Mask dish(part.width, part.height, true);
  if (out.dish) {
    const Dish local{out.dish->x - static_cast<double>(part.left),
                     out.dish->y - static_cast<double>(part.top), out.dish->radius};
    constexpr double beyond = 1.02;  // a circle is found to some hundredths
    out.reach =
        setup.rim ? std::vector<double>(180, *setup.rim * local.radius) : floor_reach(smooth, local, beyond);
    dish = floor_of(local, out.reach, part.width, part.height);
    mirror_outwards(smooth, local, out.reach);
  }
  out.inside = dish.count();
  if (out.inside == 0) return out;
  const Plane net =
      difference(smooth, rolling_background(box_mean(smooth, 1), setup.radius, full_scale / 255.0));
  Labels kept;
  count_colonies(out, net, dish, setup, kept);
  out.colonies = in_picture(kept, part, image);
  return out;
}

}  // namespace stroma::imaging
