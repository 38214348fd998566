#include "imaging/fluorescence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/errors.hpp"
#include "imaging/background.hpp"
#include "imaging/number.hpp"
#include "imaging/objects.hpp"
#include "imaging/quantiles.hpp"

namespace stroma::imaging {
namespace {

std::optional<double> part(double sum, double whole) {
  if (!(whole > 0.0)) return std::nullopt;
  return sum / whole;
}

}  // namespace

std::optional<BackgroundRule> parse_background(std::string_view text) {
  if (text == "none") return BackgroundRule{BackgroundMethod::none, 0.0};
  if (text == "median") return BackgroundRule{BackgroundMethod::median, 0.0};
  if (text == "rolling") return BackgroundRule{};
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto value = number_in(text.substr(colon + 1));
  if (!value) return std::nullopt;
  if (text.substr(0, colon) == "rolling" && *value > 0.0)
    return BackgroundRule{BackgroundMethod::rolling_ball, *value};
  if (text.substr(0, colon) == "percentile" && *value >= 0.0 && *value <= 100.0)
    return BackgroundRule{BackgroundMethod::percentile, *value};
  return std::nullopt;
}

std::string to_string(const BackgroundRule& rule) {
  switch (rule.method) {
    case BackgroundMethod::none:
      return "none";
    case BackgroundMethod::median:
      return "median";
    case BackgroundMethod::rolling_ball:
      return fmt::format("rolling:{}", rule.value);
    case BackgroundMethod::percentile:
      return fmt::format("percentile:{}", rule.value);
  }
  throw core::InternalError("a background without a name");
}

Plane without_background(const Plane& plane, const BackgroundRule& rule, double step) {
  if (rule.method == BackgroundMethod::none) return plane;
  if (rule.method == BackgroundMethod::rolling_ball) {
    const auto reach = static_cast<std::size_t>(std::max(1.0, std::ceil(rule.value)));
    Plane ground = rolling_background(box_mean(plane, 1), rule.value, step, reach);
    for (std::size_t i = 0; i < ground.size(); ++i) ground.values[i] = plane.values[i] - ground.values[i];
    return ground;
  }
  const double order = rule.method == BackgroundMethod::median ? 0.5 : rule.value / 100.0;
  return difference(plane,
                    Plane(plane.width, plane.height, static_cast<float>(quantile_of(plane.values, order))));
}

double ball_step(const Image& image) {
  return image.bits == 32 && image.full_scale() <= 1.0 ? 1.0 / 255.0 : 1.0;
}

std::optional<double> SignalMeasure::share() const {
  return part(static_cast<double>(positive), static_cast<double>(pixels));
}
std::optional<double> SignalMeasure::mean() const {
  return part(sum, static_cast<double>(pixels));
}
std::optional<double> SignalMeasure::positive_mean() const {
  return part(positive_sum, static_cast<double>(positive));
}

double taken_by_ball(const Mask& signal, double radius, double step) {
  const Labels objects = find_objects(signal);
  const Plane inside = distance_inside(signal);
  std::vector<double> half(objects.objects.size(), 0.0);  // of the widest place
  for (std::size_t i = 0; i < inside.size(); ++i)
    if (const std::uint32_t label = objects.values[i]; label != 0)
      half[label - 1] = std::max(half[label - 1], static_cast<double>(inside.values[i]));
  double sum = 0.0;
  for (std::size_t o = 0; o < half.size(); ++o)
    sum += step * half[o] * half[o] / (2.0 * radius) * static_cast<double>(objects.objects[o].area);
  return sum;
}

double walls_in_background(const Plane& plane, const Plane& net, double threshold) {
  constexpr std::size_t across = 3;
  if (!(threshold > 0.0)) return 0.0;
  std::size_t walls = 0;
  const auto ground = [&](std::size_t i) { return plane.values[i] - net.values[i]; };
  for (std::size_t y = 0; y + across < plane.height; ++y)
    for (std::size_t x = 0; x + across < plane.width; ++x) {
      const std::size_t i = y * plane.width + x;
      const double here = ground(i);
      walls += std::fabs(ground(i + across) - here) > threshold ||
                       std::fabs(ground(i + across * plane.width) - here) > threshold
                   ? 1
                   : 0;
    }
  return static_cast<double>(walls) / static_cast<double>(plane.size());
}

SignalMeasure measure_signal(const Plane& net, double threshold, const Mask& within) {
  core::require(net.width == within.width && net.height == within.height, "a mask differs in size");
  SignalMeasure out;
  out.threshold = threshold;
  for (std::size_t i = 0; i < net.size(); ++i) {
    if (within.values[i] == 0) continue;
    ++out.pixels;
    out.sum += net.values[i];
    if (net.values[i] > threshold) {
      ++out.positive;
      out.positive_sum += net.values[i];
    }
  }
  return out;
}

Colocalisation colocalise(const Plane& first, double first_threshold, const Plane& second,
                          double second_threshold, const Mask& marker) {
  core::require(first.size() == second.size() && first.size() == marker.size(), "channels differ in size");
  Colocalisation out;
  double sum1 = 0.0, sum2 = 0.0;
  double signal1 = 0.0, signal2 = 0.0, in2 = 0.0, in1 = 0.0;
  std::size_t either = 0, both_above = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (marker.values[i] == 0) continue;
    ++out.pixels;
    const double a = first.values[i], b = second.values[i];
    sum1 += a;
    sum2 += b;
    const bool has1 = a > first_threshold, has2 = b > second_threshold;
    either += has1 || has2 ? 1 : 0;
    both_above += has1 && has2 ? 1 : 0;
    if (has1) signal1 += a;
    if (has2) signal2 += b;
    if (has1 && has2) {
      in2 += a;
      in1 += b;
    }
  }
  out.manders1 = part(in2, signal1);
  out.manders2 = part(in1, signal2);
  out.overlap = part(static_cast<double>(both_above), static_cast<double>(either));
  if (out.pixels < 2) return out;
  const double mean1 = sum1 / static_cast<double>(out.pixels), mean2 = sum2 / static_cast<double>(out.pixels);
  double s11 = 0.0, s22 = 0.0, s12 = 0.0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (marker.values[i] == 0) continue;
    const double a = first.values[i] - mean1, b = second.values[i] - mean2;
    s11 += a * a;
    s22 += b * b;
    s12 += a * b;
  }
  if (s11 > 0.0 && s22 > 0.0) out.pearson = s12 / std::sqrt(s11 * s22);
  return out;
}

}  // namespace stroma::imaging
