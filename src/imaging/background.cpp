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

/// Parabolas of one curvature whose apexes come from left to right, and their lower envelope at places that
/// move to the right as well: each parabola enters and leaves once.
class Rolling {
 public:
  explicit Rolling(double k) : k_(k) {}
  void clear() { apex_.clear(), value_.clear(), from_.clear(), at_ = 0; }
  bool empty() const { return apex_.empty(); }
  void add(double apex, double value) {
    double from = -1e300;
    while (!apex_.empty()) {
      from = 0.5 * (apex_.back() + apex) + (value - value_.back()) / (2.0 * k_ * (apex - apex_.back()));
      if (from > from_.back()) break;
      apex_.pop_back(), value_.pop_back(), from_.pop_back();
      from = -1e300;
    }
    apex_.push_back(apex), value_.push_back(value), from_.push_back(from);
    at_ = std::min(at_, apex_.size() - 1);
  }
  double lowest(double x) {
    while (at_ + 1 < apex_.size() && from_[at_ + 1] <= x) ++at_;
    while (at_ > 0 && from_[at_] > x) --at_;
    return value_[at_] + k_ * (x - apex_[at_]) * (x - apex_[at_]);
  }

 private:
  double k_;
  std::vector<double> apex_, value_, from_;
  std::size_t at_ = 0;
};

/// min over |u - x| <= reach of f(u) + k (x - u)^2. As van Herk's running minimum (Pattern Recognit. Lett.
/// 13:517, 1992): every window holds one multiple of its length; what lies right of that is taken from left
/// to right, what lies left of it from right to left.
void lower_within(std::vector<double>& f, double k, std::size_t reach, std::vector<double>& out) {
  const auto n = static_cast<std::ptrdiff_t>(f.size()), r = static_cast<std::ptrdiff_t>(reach),
             length = 2 * r + 1;
  out.assign(f.size(), 1e300);
  Rolling rolling(k);
  const auto take = [&](std::ptrdiff_t u, std::ptrdiff_t x, double sign) {
    if (u >= 0 && u < n) rolling.add(sign * static_cast<double>(u), f[static_cast<std::size_t>(u)]);
    if (x < 0 || x >= n || rolling.empty()) return;
    double& lowest = out[static_cast<std::size_t>(x)];
    lowest = std::min(lowest, rolling.lowest(sign * static_cast<double>(x)));
  };
  for (std::ptrdiff_t m = 0; m < n + length; m += length) {
    rolling.clear();
    for (std::ptrdiff_t u = m; u < m + length; ++u) take(u, u - r, 1.0);
    rolling.clear();
    for (std::ptrdiff_t u = m - 1; u > m - length; --u) take(u, u + r, -1.0);
  }
  f.swap(out);
}

/// Applies a change to every row, then to every column; columns are copied by the dozen, which caches like.
template <typename Change>
void each_line(Plane& plane, Change change) {
  constexpr std::size_t together = 16;
  const std::size_t width = plane.width, height = plane.height;
  std::vector<double> line(width);
  for (std::size_t y = 0; y < height; ++y) {
    float* row = plane.values.data() + y * width;
    std::copy_n(row, width, line.begin());
    change(line);
    std::transform(line.begin(), line.end(), row, [](double v) { return static_cast<float>(v); });
  }
  std::vector<std::vector<double>> columns(together, std::vector<double>(height));
  for (std::size_t left = 0; left < width; left += together) {
    const std::size_t some = std::min(together, width - left);
    for (std::size_t y = 0; y < height; ++y)
      for (std::size_t c = 0; c < some; ++c) columns[c][y] = plane.values[y * width + left + c];
    for (std::size_t c = 0; c < some; ++c) change(columns[c]);
    for (std::size_t y = 0; y < height; ++y)
      for (std::size_t c = 0; c < some; ++c)
        plane.values[y * width + left + c] = static_cast<float>(columns[c][y]);
  }
}

double curvature(double radius, double step) {
  core::require(radius > 0.0 && step > 0.0, "a rolling ball without size");
  return step / (2.0 * radius);
}

}  // namespace

Plane rolling_background(const Plane& plane, double radius, double step, std::size_t reach) {
  const double k = curvature(radius, step);
  Plane out = plane;
  Envelope envelope;
  std::vector<double> scratch;
  const auto lower = [&](std::vector<double>& line) {
    reach == 0 ? envelope.lower(line, k) : lower_within(line, k, reach, scratch);
  };
  each_line(out, lower);
  for (float& v : out.values) v = -v;
  each_line(out, lower);
  for (float& v : out.values) v = -v;
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
  Plane out = plane;
  each_line(out, [&](std::vector<double>& line) { line = box_mean(line, half); });
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
