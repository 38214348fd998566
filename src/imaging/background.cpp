#include "imaging/background.hpp"

#include <algorithm>
#include <cstddef>
#include <opencv2/imgproc.hpp>

#include "core/errors.hpp"
#include "imaging/opencv.hpp"

namespace stroma::imaging {
namespace {

/// min over u of f(u) + k (x - u)^2 for every x: the lower envelope of the parabolas, left to right.
class Envelope {
 public:
  void lower(std::vector<double>& f, double k) {
    const std::size_t n = f.size();
    apex_.resize(n);
    from_.resize(n);
    std::size_t last = 0;
    apex_[0] = 0;
    const auto crossing = [&](std::size_t p,
                              std::size_t q) {  // where the parabola of q passes below that of p
      const auto x = static_cast<double>(p), y = static_cast<double>(q);
      return (x + y) / 2.0 + (f[q] - f[p]) / (2.0 * k * (y - x));
    };
    for (std::size_t q = 1; q < n; ++q) {
      double at = crossing(apex_[last], q);
      while (last > 0 && at <= from_[last]) at = crossing(apex_[--last], q);
      apex_[++last] = q;
      from_[last] = at;
    }
    out_.resize(n);
    std::size_t piece = 0;
    for (std::size_t x = 0; x < n; ++x) {
      while (piece < last && from_[piece + 1] < static_cast<double>(x)) ++piece;
      const double apart = static_cast<double>(x) - static_cast<double>(apex_[piece]);
      out_[x] = f[apex_[piece]] + k * apart * apart;
    }
    f.swap(out_);
  }
  void upper(std::vector<double>& f, double k) {
    for (double& v : f) v = -v;
    lower(f, k);
    for (double& v : f) v = -v;
  }

 private:
  std::vector<std::size_t> apex_;
  std::vector<double> from_, out_;
};

template <typename Change>
void each_line(std::vector<double>& values, std::size_t width, std::size_t height, Change change) {
  std::vector<double> line(width);
  for (std::size_t y = 0; y < height; ++y) {
    std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(y * width), width, line.begin());
    change(line);
    std::copy_n(line.begin(), width, values.begin() + static_cast<std::ptrdiff_t>(y * width));
  }
  line.resize(height);
  for (std::size_t x = 0; x < width; ++x) {
    for (std::size_t y = 0; y < height; ++y) line[y] = values[y * width + x];
    change(line);
    for (std::size_t y = 0; y < height; ++y) values[y * width + x] = line[y];
  }
}

double curvature(double radius, double step) {
  core::require(radius > 0.0 && step > 0.0, "a rolling ball without size");
  return step / (2.0 * radius);
}

}  // namespace

Plane rolling_background(const Plane& plane, double radius, double step) {
  const double k = curvature(radius, step);
  std::vector<double> values(plane.values.begin(), plane.values.end());
  Envelope envelope;
  each_line(values, plane.width, plane.height, [&](std::vector<double>& line) { envelope.lower(line, k); });
  each_line(values, plane.width, plane.height, [&](std::vector<double>& line) { envelope.upper(line, k); });
  Plane out(plane.width, plane.height);
  std::transform(values.begin(), values.end(), out.values.begin(),
                 [](double v) { return static_cast<float>(v); });
  return out;
}

std::vector<double> rolling_background(std::span<const double> line, double radius, double step) {
  const double k = curvature(radius, step);
  std::vector<double> out(line.begin(), line.end());
  if (out.empty()) return out;
  Envelope envelope;
  envelope.lower(out, k);
  envelope.upper(out, k);
  return out;
}

std::vector<double> rubber_band(std::span<const double> line) {
  std::vector<std::size_t> hull;  // Andrew's monotone chain, the lower half
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto above = [&](std::size_t a, std::size_t b) {  // b lies on or above the chord from a to i
      return (line[b] - line[a]) * static_cast<double>(i - a) >=
             (line[i] - line[a]) * static_cast<double>(b - a);
    };
    while (hull.size() > 1 && above(hull[hull.size() - 2], hull.back())) hull.pop_back();
    hull.push_back(i);
  }
  std::vector<double> out(line.begin(), line.end());
  for (std::size_t h = 0; h + 1 < hull.size(); ++h)
    for (std::size_t i = hull[h]; i < hull[h + 1]; ++i)
      out[i] = line[hull[h]] + (line[hull[h + 1]] - line[hull[h]]) * static_cast<double>(i - hull[h]) /
                                   static_cast<double>(hull[h + 1] - hull[h]);
  return out;
}

std::vector<double> ground_of(std::span<const double> line, double radius, double range) {
  std::vector<double> out = rubber_band(line);
  if (!(range > 0.0)) return out;
  const std::vector<double> rolled = rolling_background(line, radius, range / 255.0);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::max(out[i], rolled[i]);
  return out;
}

std::vector<double> box_mean(std::span<const double> line, std::size_t half) {
  std::vector<double> out(line.size());
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::size_t low = i < half ? 0 : i - half, high = std::min(line.size(), i + half + 1);
    double sum = 0.0;
    for (std::size_t j = low; j < high; ++j) sum += line[j];
    out[i] = sum / static_cast<double>(high - low);
  }
  return out;
}

Plane box_mean(const Plane& plane, std::size_t half) {
  // The mean over a clipped square is the mean over its columns of the means over its rows.
  std::vector<double> values(plane.values.begin(), plane.values.end());
  each_line(values, plane.width, plane.height,
            [&](std::vector<double>& line) { line = box_mean(line, half); });
  Plane out(plane.width, plane.height);
  std::transform(values.begin(), values.end(), out.values.begin(),
                 [](double v) { return static_cast<float>(v); });
  return out;
}

Plane despeckle(const Plane& plane, std::size_t half) {
  core::require(half == 1 || half == 2, "a median square of an unknown size");
  single_threaded();
  Plane out(plane.width, plane.height);
  cv::Mat to = view(out);
  cv::medianBlur(view(plane), to, static_cast<int>(2 * half + 1));
  return out;
}

}  // namespace stroma::imaging
