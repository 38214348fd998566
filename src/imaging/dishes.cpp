#include "imaging/dishes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "core/errors.hpp"
#include "imaging/opencv.hpp"
#include "imaging/quantiles.hpp"

namespace stroma::imaging {
namespace {

constexpr double working_side = 400.0;  // pixels: dishes are looked for in a picture of this size
constexpr double edge = 12.0;           // of 255: change across an edge that is seen
constexpr double least_seen = 0.55, least_inside = 0.5, alike = 0.15;
constexpr std::size_t directions = 180;

double at(const cv::Mat& grey, double x, double y) {  // -1 outside
  const int u = static_cast<int>(std::lround(x)), v = static_cast<int>(std::lround(y));
  if (u < 0 || v < 0 || u >= grey.cols || v >= grey.rows) return -1.0;
  return static_cast<double>(grey.at<std::uint8_t>(v, u));
}

struct Evidence {
  double seen = 0.0;      ///< share of the circle in the picture with an edge of one sense
  double contrast = 0.0;  ///< mean change across it in that sense
};

/// What speaks for a circle: from inside to outside the picture gets brighter, or darker, or has a ridge or a
/// furrow (a rim); one of the four all around.
Evidence evidence_for(const cv::Mat& grey, const Dish& circle) {
  constexpr int places = 180;
  constexpr double across = 3.0;
  std::array<int, 4> seen{};
  std::array<double, 4> change{};
  int inside = 0;
  for (int k = 0; k < places; ++k) {
    const double angle = 2.0 * std::numbers::pi * k / places, c = std::cos(angle), s = std::sin(angle);
    const auto value = [&](double r) { return at(grey, circle.x + r * c, circle.y + r * s); };
    const double in = value(circle.radius - across), on = value(circle.radius),
                 out = value(circle.radius + across);
    if (in < 0.0 || on < 0.0 || out < 0.0) continue;
    ++inside;
    const std::array<double, 4> senses{out - in, in - out, on - std::max(in, out), std::min(in, out) - on};
    for (std::size_t m = 0; m < senses.size(); ++m) {
      seen[m] += senses[m] >= edge ? 1 : 0;
      change[m] += senses[m];
    }
  }
  if (inside < least_inside * places) return {};
  const auto best = static_cast<std::size_t>(std::max_element(seen.begin(), seen.end()) - seen.begin());
  return {static_cast<double>(seen[best]) / inside, change[best] / inside};
}

struct Candidate {
  Dish circle;
  Evidence evidence;
};

/// Moves and widens the circle as long as the edge under it gets clearer.
Candidate refined(const cv::Mat& grey, Dish circle) {
  Candidate best{circle, evidence_for(grey, circle)};
  for (int round = 0; round < 12; ++round) {
    const Dish from = best.circle;
    for (const auto& [dx, dy, dr] :
         {std::array{1.0, 0.0, 0.0}, std::array{-1.0, 0.0, 0.0}, std::array{0.0, 1.0, 0.0},
          std::array{0.0, -1.0, 0.0}, std::array{0.0, 0.0, 1.0}, std::array{0.0, 0.0, -1.0}}) {
      const Dish moved{from.x + dx, from.y + dy, from.radius + dr};
      const Evidence e = evidence_for(grey, moved);
      if (e.seen > best.evidence.seen ||
          (e.seen == best.evidence.seen && e.contrast > best.evidence.contrast))
        best = {moved, e};
    }
    if (best.circle.x == from.x && best.circle.y == from.y && best.circle.radius == from.radius) break;
  }
  return best;
}

std::vector<Candidate> candidates(const cv::Mat& grey) {
  const double shorter = std::min(grey.cols, grey.rows);
  std::vector<Candidate> out;
  for (const auto& [low, high] :
       {std::pair{0.08, 0.14}, {0.12, 0.21}, {0.18, 0.30}, {0.26, 0.42}, {0.38, 0.55}}) {
    std::vector<cv::Vec3f> circles;
    cv::HoughCircles(grey, circles, cv::HOUGH_GRADIENT, 1.0, 1.2 * low * shorter, 60.0, 20.0,
                     static_cast<int>(low * shorter), static_cast<int>(high * shorter));
    for (const cv::Vec3f& c : circles) {
      const Candidate found = refined(grey, {c[0], c[1], c[2]});
      if (found.evidence.seen >= least_seen) out.push_back(found);
    }
  }
  return out;
}

/// Of circles that overlap the clearest stays; of one inside another the larger. Larger ones come first,
/// since a dish holds round things and nothing that is as clear holds dishes.
std::vector<Candidate> apart(std::vector<Candidate> all) {
  std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
    return a.evidence.seen * a.circle.radius > b.evidence.seen * b.circle.radius;
  });
  std::vector<Candidate> out;
  for (const Candidate& c : all) {
    const bool clear = std::none_of(out.begin(), out.end(), [&](const Candidate& o) {
      return std::hypot(c.circle.x - o.circle.x, c.circle.y - o.circle.y) <
             0.9 * (c.circle.radius + o.circle.radius);
    });
    if (clear) out.push_back(c);
  }
  return out;
}

/// Rows by their heights, in each from the left.
void place(std::vector<PlacedDish>& dishes) {
  std::sort(dishes.begin(), dishes.end(),
            [](const PlacedDish& a, const PlacedDish& b) { return a.dish.y < b.dish.y; });
  std::size_t first = 0;
  char row = 'A';
  for (std::size_t i = 1; i <= dishes.size(); ++i) {
    if (i < dishes.size() && dishes[i].dish.y - dishes[first].dish.y < dishes[first].dish.radius) continue;
    std::sort(dishes.begin() + static_cast<std::ptrdiff_t>(first),
              dishes.begin() + static_cast<std::ptrdiff_t>(i),
              [](const PlacedDish& a, const PlacedDish& b) { return a.dish.x < b.dish.x; });
    for (std::size_t k = first; k < i; ++k) dishes[k].place = row + std::to_string(k - first + 1);
    first = i;
    ++row;
  }
}

/// The middle value of each radius over neighbouring directions: colonies are narrower than half of them.
class Rays {
 public:
  Rays(const Plane& plane, const Dish& dish, double from, double to) : from_(from) {
    const auto steps = static_cast<std::size_t>(std::max(1.0, to - from)) + 1;
    values_.assign(directions, std::vector<float>(steps));
    for (std::size_t k = 0; k < directions; ++k)
      for (std::size_t s = 0; s < steps; ++s) {
        std::vector<float> near;
        for (int j = -3; j <= 3; ++j) {
          const double angle = 2.0 * std::numbers::pi * (static_cast<double>(k) + j) / directions,
                       r = from + static_cast<double>(s);
          const auto u = std::lround(dish.x + r * std::cos(angle)),
                     v = std::lround(dish.y + r * std::sin(angle));
          if (u >= 0 && v >= 0 && u < static_cast<long>(plane.width) && v < static_cast<long>(plane.height))
            near.push_back(plane.at(static_cast<std::size_t>(u), static_cast<std::size_t>(v)));
        }
        values_[k][s] = near.empty() ? 0.0F : static_cast<float>(quantile_of(near, 0.5));
      }
  }
  std::size_t steps() const { return values_.front().size(); }
  double radius(std::size_t s) const { return from_ + static_cast<double>(s); }
  /// The change over four pixels about step s.
  double change(std::size_t k, std::size_t s) const {
    const std::vector<float>& ray = values_[k];
    return ray[std::min(ray.size() - 1, s + 2)] - ray[s < 2 ? 0 : s - 2];
  }

 private:
  double from_;
  std::vector<std::vector<float>> values_;
};

}  // namespace

std::vector<PlacedDish> find_dishes(const Plane& grey) {
  single_threaded();
  const double low = quantile_of(grey.values, 0.001), high = quantile_of(grey.values, 0.999);
  if (!(high > low)) return {};
  cv::Mat bytes, small;
  view(grey).convertTo(bytes, CV_8U, 255.0 / (high - low), -low * 255.0 / (high - low));
  const double scale = std::max(1.0, static_cast<double>(std::min(grey.width, grey.height)) / working_side);
  cv::resize(bytes, small, cv::Size(), 1.0 / scale, 1.0 / scale, cv::INTER_AREA);
  cv::GaussianBlur(small, small, cv::Size(5, 5), 1.5);
  if (std::min(small.cols, small.rows) < 32) return {};
  const std::vector<Candidate> found = apart(candidates(small));
  std::vector<PlacedDish> out;
  for (const Candidate& c : found) {
    if (std::fabs(c.circle.radius - found.front().circle.radius) > alike * found.front().circle.radius)
      continue;
    out.push_back(
        {{(c.circle.x + 0.5) * scale - 0.5, (c.circle.y + 0.5) * scale - 0.5, c.circle.radius * scale},
         {},
         c.evidence.seen});
  }
  place(out);
  return out;
}

std::vector<double> floor_reach(const Plane& plane, const Dish& dish, double most) {
  constexpr double begin = 0.85, inner = 0.60, of_noise = 8.0, of_wall = 0.08;
  constexpr std::size_t half = 7;  // directions on either side that must agree
  const Rays rays(plane, dish, inner * dish.radius, most * dish.radius);
  std::vector<float> quiet;
  double wall = 0.0;
  for (std::size_t k = 0; k < directions; ++k)
    for (std::size_t s = 0; s < rays.steps(); ++s) {
      if (rays.radius(s) < begin * dish.radius)
        quiet.push_back(static_cast<float>(rays.change(k, s)));
      else
        wall = std::max(wall, std::fabs(rays.change(k, s)));
    }
  const double least = std::max(of_wall * wall, quiet.empty() ? 0.0 : of_noise * robust_sd(quiet));
  std::vector<double> first(directions, std::min(1.0, most) * dish.radius);
  for (std::size_t k = 0; k < directions && wall > 0.0; ++k)
    for (std::size_t s = 0; s < rays.steps(); ++s)
      if (rays.radius(s) >= begin * dish.radius && std::fabs(rays.change(k, s)) >= least) {
        first[k] = rays.radius(s);  // the change begins two pixels further out
        break;
      }
  std::vector<double> out(directions);
  for (std::size_t k = 0; k < directions; ++k) {
    std::vector<double> near;
    for (std::size_t j = 0; j <= 2 * half; ++j)
      near.push_back(first[(k + directions + j - half) % directions]);
    std::nth_element(near.begin(), near.begin() + half, near.end());
    out[k] = near[half];
  }
  return out;
}

double reach_towards(const std::vector<double>& reach, double dx, double dy) {
  const double turn = std::atan2(dy, dx) / (2.0 * std::numbers::pi), n = static_cast<double>(reach.size());
  const double place = (turn < 0.0 ? turn + 1.0 : turn) * n, low = std::floor(place);
  const double a = reach[static_cast<std::size_t>(low) % reach.size()],
               b = reach[(static_cast<std::size_t>(low) + 1) % reach.size()];
  return a + (b - a) * (place - low);
}

Mask floor_of(const Dish& dish, const std::vector<double>& reach, std::size_t width, std::size_t height) {
  core::require(!reach.empty(), "a floor without directions");
  const double most = *std::max_element(reach.begin(), reach.end()),
               least = *std::min_element(reach.begin(), reach.end());
  Mask out(width, height);
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x) {
      const double dx = static_cast<double>(x) - dish.x, dy = static_cast<double>(y) - dish.y,
                   r = std::hypot(dx, dy);
      const bool in = r <= least || (r <= most && r <= reach_towards(reach, dx, dy));
      out.values[y * width + x] = in ? 1 : 0;
    }
  return out;
}

}  // namespace stroma::imaging
