#include "imaging/overlay.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "imaging/opencv.hpp"
#include "imaging/quantiles.hpp"

namespace stroma::imaging {
namespace {

cv::Mat view_of(Canvas& canvas) {
  require_size(canvas.width, canvas.height);
  return {static_cast<int>(canvas.height), static_cast<int>(canvas.width), CV_8UC3, canvas.rgb.data()};
}

cv::Scalar scalar(const Colour& c) {
  return {double(c[0]), double(c[1]), double(c[2])};
}

/// A value as a byte, `low` black and `high` white.
std::uint8_t byte_of(float value, double low, double high) {
  return static_cast<std::uint8_t>(std::lround(255.0 * std::clamp((value - low) / (high - low), 0.0, 1.0)));
}

struct Stretch {
  double low = 0.0, high = 1.0;
};
Stretch stretch_of(const Plane& plane) {
  Stretch s{quantile_of(plane.values, 0.001), quantile_of(plane.values, 0.999)};
  if (!(s.high > s.low)) s.high = s.low + 1.0;
  return s;
}

void set(Canvas& canvas, std::size_t pixel, const Colour& colour) {
  for (std::size_t c = 0; c < 3; ++c) canvas.rgb[3 * pixel + c] = colour[c];
}

}  // namespace

Canvas canvas_of(const Image& image) {
  require_valid(image);
  Canvas out{image.width, image.height, std::vector<std::uint8_t>(3 * image.width * image.height, 0)};
  const std::size_t pixels = image.width * image.height;
  if (image.colour) {
    const double scale = image.full_scale() > 0.0 ? image.full_scale() : 1.0;
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t i = 0; i < pixels; ++i)
        out.rgb[3 * i + c] = byte_of(image.channels[c].plane.values[i], 0.0, scale);
    return out;
  }
  // One channel lights all three colours; of several, green, magenta and blue, which colour-blind eyes tell
  // apart.
  static constexpr std::array<std::array<bool, 3>, 3> lights{
      {{false, true, false}, {true, false, true}, {false, false, true}}};
  const std::size_t shown = std::min<std::size_t>(3, image.channels.size());
  for (std::size_t k = 0; k < shown; ++k) {
    const Plane& plane = image.channels[k].plane;
    const Stretch s = stretch_of(plane);
    for (std::size_t i = 0; i < pixels; ++i) {
      const std::uint8_t light = byte_of(plane.values[i], s.low, s.high);
      for (std::size_t c = 0; c < 3; ++c)
        if (shown == 1 || lights[k][c]) out.rgb[3 * i + c] = std::max(out.rgb[3 * i + c], light);
    }
  }
  return out;
}

namespace {

/// The mask at the size of a smaller canvas: what is meant of a pixel's middle.
Mask fitted(const Mask& mask, std::size_t width, std::size_t height) {
  Mask out(width, height);
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x)
      out.values[y * width + x] =
          mask.at((2 * x + 1) * mask.width / (2 * width), (2 * y + 1) * mask.height / (2 * height)) ? 1 : 0;
  return out;
}

}  // namespace

void draw_outline(Canvas& canvas, const Mask& mask, const Colour& colour) {
  core::require(canvas.width <= mask.width && canvas.height <= mask.height,
                "a canvas is larger than the mask to be drawn on it");
  const bool smaller = canvas.width < mask.width || canvas.height < mask.height;
  const Mask meant = smaller ? fitted(mask, canvas.width, canvas.height) : mask;
  const std::size_t reach = smaller ? 2 : 1;
  for (std::size_t y = 0; y < meant.height; ++y)
    for (std::size_t x = 0; x < meant.width; ++x) {
      if (!meant.at(x, y)) continue;
      bool edge = false;
      for (std::size_t d = 1; d <= reach; ++d)
        edge = edge || (x >= d && !meant.at(x - d, y)) || (x + d < meant.width && !meant.at(x + d, y)) ||
               (y >= d && !meant.at(x, y - d)) || (y + d < meant.height && !meant.at(x, y + d));
      if (edge) set(canvas, y * meant.width + x, colour);
    }
}

void draw_box(Canvas& canvas, std::size_t left, std::size_t top, std::size_t right, std::size_t bottom,
              const Colour& colour) {
  cv::Mat to = view_of(canvas);
  cv::rectangle(to, cv::Point(static_cast<int>(left), static_cast<int>(top)),
                cv::Point(static_cast<int>(right) - 1, static_cast<int>(bottom) - 1), scalar(colour), 1,
                cv::LINE_8);
}

void draw_circle(Canvas& canvas, double x, double y, double radius, const Colour& colour) {
  cv::Mat to = view_of(canvas);
  cv::circle(to, cv::Point(static_cast<int>(std::lround(x)), static_cast<int>(std::lround(y))),
             static_cast<int>(std::lround(radius)), scalar(colour), 1, cv::LINE_8);
}

void draw_text(Canvas& canvas, double x, double y, const std::string& text, double height,
               const Colour& colour) {
  cv::Mat to = view_of(canvas);
  constexpr double capital = 22.0;  // pixels at scale 1 in this font
  cv::putText(to, text, cv::Point(static_cast<int>(std::lround(x)), static_cast<int>(std::lround(y))),
              cv::FONT_HERSHEY_SIMPLEX, height / capital, scalar(colour), height > 16.0 ? 2 : 1, cv::LINE_8);
}

Canvas shrunk(const Canvas& canvas, std::size_t side) {
  const std::size_t longer = std::max(canvas.width, canvas.height);
  if (longer <= side) return canvas;
  single_threaded();
  const double scale = static_cast<double>(side) / static_cast<double>(longer);
  Canvas out;
  out.width = std::max<std::size_t>(
      1, static_cast<std::size_t>(std::lround(scale * static_cast<double>(canvas.width))));
  out.height = std::max<std::size_t>(
      1, static_cast<std::size_t>(std::lround(scale * static_cast<double>(canvas.height))));
  out.rgb.resize(3 * out.width * out.height);
  Canvas from = canvas;
  cv::Mat to = view_of(out);
  cv::resize(view_of(from), to, to.size(), 0.0, 0.0, cv::INTER_AREA);
  return out;
}

}  // namespace stroma::imaging
