#include "report/scatter_layout.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "report/vega.hpp"

namespace stroma::report {

bool ScatterAxis::has_place(double value) const {
  return std::isfinite(value) && (!log || value > 0);
}

double ScatterAxis::pixel(double value) const {
  const double share = log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  return length * (upward ? 1 - share : share);
}

double ScatterAxis::value(double pixel) const {
  const double share = upward ? 1 - pixel / length : pixel / length;
  return log ? low * std::pow(high / low, share) : low + share * (high - low);
}

ScatterAxis axis_over(const std::vector<double>& values, int length, bool log, bool upward) {
  ScatterAxis axis{log ? 1.0 : 0.0, log ? 10.0 : 1.0, length, log, upward};
  double low = INFINITY, high = -INFINITY;
  for (const double v : values)
    if (axis.has_place(v)) low = std::min(low, v), high = std::max(high, v);
  if (low > high) return axis;
  if (low == high) {  // one value: in the middle
    const double reach = low == 0 ? 1 : std::fabs(low) / 2;
    axis.low = log ? low / 2 : low - reach;
    axis.high = log ? low * 2 : low + reach;
    return axis;
  }
  const double spare = 0.04;
  axis.low = log ? low * std::pow(high / low, -spare) : low - spare * (high - low);
  axis.high = log ? high * std::pow(high / low, spare) : high + spare * (high - low);
  return axis;
}

namespace {

struct Crowd {
  std::vector<std::size_t> members;
  std::vector<DrawnPoint> drawn;
  double cell = 0;  // px; 0: not thinned
};

void lay_on_grid(Crowd& crowd, const std::vector<ScatterPoint>& points, const ScatterAxis& x,
                 const ScatterAxis& y) {
  std::map<std::pair<long, long>, std::size_t> first;
  crowd.drawn.clear();
  for (const std::size_t i : crowd.members) {
    const std::pair cell{static_cast<long>(std::floor(x.pixel(points[i].x) / crowd.cell)),
                         static_cast<long>(std::floor(y.pixel(points[i].y) / crowd.cell))};
    const auto [at, fresh] = first.try_emplace(cell, crowd.drawn.size());
    if (fresh)
      crowd.drawn.push_back({i, 1});
    else
      ++crowd.drawn[at->second].stands_for;
  }
}

}  // namespace

std::vector<DrawnPoint> thin(const std::vector<ScatterPoint>& points, const ScatterAxis& x,
                             const ScatterAxis& y, std::size_t limit) {
  std::vector<DrawnPoint> drawn;
  std::map<std::string, Crowd> crowds;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!x.has_place(points[i].x) || !y.has_place(points[i].y)) continue;
    if (points[i].emphasis) {
      drawn.push_back({i, 1});
    } else {
      Crowd& crowd = crowds[points[i].arm];
      crowd.members.push_back(i);
      crowd.drawn.push_back({i, 1});
    }
  }
  const auto count = [&] {
    std::size_t sum = 0;
    for (const auto& [arm, crowd] : crowds) sum += crowd.drawn.size();
    return sum;
  };
  while (count() > limit) {
    Crowd& largest = std::max_element(crowds.begin(), crowds.end(), [](const auto& a, const auto& b) {
                       return a.second.drawn.size() < b.second.drawn.size();
                     })->second;
    if (largest.drawn.size() <= 1) break;  // more arms than the limit
    largest.cell = largest.cell == 0 ? 1 : 1.5 * largest.cell;
    lay_on_grid(largest, points, x, y);
  }
  for (const auto& [arm, crowd] : crowds) drawn.insert(drawn.end(), crowd.drawn.begin(), crowd.drawn.end());
  std::sort(drawn.begin(), drawn.end(),
            [](const DrawnPoint& a, const DrawnPoint& b) { return a.index < b.index; });
  return drawn;
}

namespace {

constexpr double label_height = 12, point_radius = 5;

bool meet(const LabelBox& a, const LabelBox& b) {
  return a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height &&
         b.top < a.top + a.height;
}

// Boxes about a point, nearest first: beside it, then on rings of 16 directions.
std::vector<LabelBox> candidates(std::size_t index, double px, double py, double width) {
  std::vector<LabelBox> boxes;
  const auto add = [&](double left, double top) { boxes.push_back({index, left, top, width, label_height}); };
  const double gap = point_radius + 2;
  add(px + gap, py - label_height / 2);
  add(px - gap - width, py - label_height / 2);
  add(px - width / 2, py - gap - label_height);
  add(px - width / 2, py + gap);
  for (const double radius : {16.0, 26.0, 36.0, 48.0, 60.0})
    for (int i = 0; i < 16; ++i) {
      const double angle = 2 * 3.14159265358979 * i / 16, dx = radius * std::cos(angle),
                   dy = radius * std::sin(angle);
      // The box hangs on the ring by the side that is nearer to the point.
      add(px + dx - (dx < 0 ? width : 0), py + dy - label_height / 2);
    }
  return boxes;
}

}  // namespace

std::vector<LabelBox> place_labels(const std::vector<ScatterPoint>& points, const ScatterAxis& x,
                                   const ScatterAxis& y) {
  std::vector<std::size_t> marked;
  std::vector<LabelBox> taken;  // emphasised points first, then labels
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!points[i].emphasis || !x.has_place(points[i].x) || !y.has_place(points[i].y)) continue;
    marked.push_back(i);
    taken.push_back({i, x.pixel(points[i].x) - point_radius, y.pixel(points[i].y) - point_radius,
                     2 * point_radius, 2 * point_radius});
  }
  std::vector<LabelBox> placed;
  for (const std::size_t i : marked) {
    if (points[i].label.empty()) continue;
    for (const LabelBox& box : candidates(i, x.pixel(points[i].x), y.pixel(points[i].y),
                                          vega::text_width(points[i].label, 10.5) + 3)) {
      const bool inside = box.left >= 0 && box.left + box.width <= x.length && box.top >= 0 &&
                          box.top + box.height <= y.length;
      if (!inside || std::any_of(taken.begin(), taken.end(), [&](const LabelBox& b) { return meet(b, box); }))
        continue;
      taken.push_back(box);
      placed.push_back(box);
      break;
    }
  }
  return placed;
}

}  // namespace stroma::report
