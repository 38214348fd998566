#include "imaging/lanes.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "imaging/background.hpp"
#include "imaging/quantiles.hpp"
#include "imaging/threshold.hpp"

namespace stroma::imaging {
namespace {

constexpr double tooth = 0.5;   // share of a pitch that the comb's teeth take
constexpr double ball = 500.0;  // pixels; larger than a band is high

/// Mean signal of each column above what lies under its bands, above the rubber band: a membrane that is
/// darker on one side is no lane.
std::vector<double> across(const Plane& signal) {
  const auto [low, high] = std::minmax_element(signal.values.begin(), signal.values.end());
  const double range = static_cast<double>(*high) - *low;
  const Plane even = box_mean(signal, std::max<std::size_t>(1, signal.width / 200));
  std::vector<double> sums(signal.width, 0.0), column(signal.height);
  for (std::size_t x = 0; x < signal.width; ++x) {
    for (std::size_t y = 0; y < signal.height; ++y) column[y] = even.at(x, y);
    const std::vector<double> ground = ground_of(column, ball, range);
    for (std::size_t y = 0; y < signal.height; ++y) sums[x] += column[y] - ground[y];
  }
  for (double& v : sums) v /= static_cast<double>(signal.height);
  const std::vector<double> base = rubber_band(sums);
  for (std::size_t x = 0; x < sums.size(); ++x) sums[x] = std::max(0.0, sums[x] - base[x]);
  return sums;
}

std::vector<Lane> even(double left, double pitch, std::size_t count) {
  std::vector<Lane> lanes;
  for (std::size_t i = 0; i < count; ++i)
    lanes.push_back({static_cast<std::size_t>(std::llround(left + static_cast<double>(i) * pitch)),
                     static_cast<std::size_t>(std::llround(left + static_cast<double>(i + 1) * pitch))});
  return lanes;
}

/// Teeth narrower than the bands score alike over a stretch of positions. The comb is moved and stretched to
/// where the centres of the signal in its lanes lie, by least squares weighted with that signal.
void refine(const std::vector<double>& profile, std::size_t count, double& left, double& pitch) {
  double w = 0.0, wi = 0.0, wii = 0.0, wd = 0.0, wid = 0.0;  // sums over lanes i with offsets d
  for (std::size_t i = 0; i < count; ++i) {
    const double low = left + static_cast<double>(i) * pitch, index = static_cast<double>(i);
    double weight = 0.0, moment = 0.0;
    for (auto x = static_cast<std::size_t>(std::llround(low));
         x < static_cast<std::size_t>(std::llround(low + pitch)); ++x) {
      const double signal = std::sqrt(profile[x]);
      weight += signal;
      moment += signal * (static_cast<double>(x) + 0.5 - low - 0.5 * pitch);
    }
    w += weight;
    wi += weight * index;
    wii += weight * index * index;
    wd += moment;
    wid += moment * index;
  }
  if (!(w > 0.0)) return;
  const double spread = wii - wi * wi / w;
  const double slope = spread > 1e-9 * w ? (wid - wi * wd / w) / spread : 0.0;
  const double at_first = (wd - slope * wi) / w;
  // Lane i has its centre at left + (i + 1/2) pitch.
  const auto width = static_cast<double>(profile.size()), lanes = static_cast<double>(count);
  pitch = std::min(pitch + slope, width / lanes);
  left = std::clamp(left + at_first - 0.5 * slope, 0.0, width - pitch * lanes);
}

/// The comb of `count` teeth with the most signal in its teeth against its gaps.
std::vector<Lane> comb(const std::vector<double>& profile, std::size_t count) {
  const auto width = static_cast<double>(profile.size());
  // Roots, so that one strong lane does not decide alone; running sums, so that a stretch costs two look-ups.
  std::vector<double> sums(profile.size() + 1, 0.0);
  for (std::size_t x = 0; x < profile.size(); ++x) sums[x + 1] = sums[x] + std::sqrt(profile[x]);
  const auto stretch = [&](double low, double high) {
    return sums[static_cast<std::size_t>(std::llround(high))] -
           sums[static_cast<std::size_t>(std::llround(low))];
  };
  const double step = std::max(0.25, width / 2000.0);
  double best = -1e300, best_left = 0.0, best_pitch = width / static_cast<double>(count);
  for (double pitch = width / static_cast<double>(count);
       pitch >= std::max(2.0, 0.4 * width / static_cast<double>(count));
       pitch -= step / static_cast<double>(count)) {
    const double span = pitch * static_cast<double>(count);
    for (double left = 0.0; left + span <= width; left += step) {
      double in_teeth = 0.0;
      for (std::size_t i = 0; i < count; ++i) {
        const double middle = left + (static_cast<double>(i) + 0.5) * pitch;
        in_teeth += stretch(middle - 0.5 * tooth * pitch, middle + 0.5 * tooth * pitch);
      }
      const double score = 2.0 * in_teeth - stretch(left, left + span);  // teeth - gaps
      if (score > best) {
        best = score;
        best_left = left;
        best_pitch = pitch;
      }
    }
  }
  refine(profile, count, best_left, best_pitch);
  return even(best_left, best_pitch, count);
}

std::vector<Lane> standing_out(const std::vector<double>& profile) {
  std::vector<float> roots;  // so that a strong lane does not hide a weak one
  for (const double v : profile) roots.push_back(static_cast<float>(std::sqrt(v)));
  const double root = threshold_of({ThresholdMethod::otsu, 0.0}, roots), threshold = root * root;
  std::vector<Lane> runs;
  bool open = false;
  for (std::size_t x = 0; x < profile.size(); ++x) {
    const bool in = profile[x] > threshold;
    if (in && !open) runs.push_back({x, x + 1});
    if (in) runs.back().right = x + 1;
    open = in;
  }
  if (runs.empty()) return runs;
  std::vector<float> widths;
  for (const Lane& run : runs) widths.push_back(static_cast<float>(run.width()));
  const double usual = quantile_of(widths, 0.5);
  std::erase_if(runs, [&](const Lane& run) { return 3.0 * static_cast<double>(run.width()) < usual; });
  // The soft edges of a band reach into the gap: neighbours meet in its middle, the outer ones get as much.
  std::vector<float> gaps;
  for (std::size_t i = 0; i + 1 < runs.size(); ++i)
    gaps.push_back(static_cast<float>(runs[i + 1].left - runs[i].right));
  const double gap = gaps.empty() ? usual / 2.0 : quantile_of(gaps, 0.5);
  const auto half = static_cast<std::size_t>(gap / 2.0);
  std::vector<Lane> lanes = runs;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::size_t before = i == 0 ? 0 : (runs[i - 1].right + runs[i].left + 1) / 2;
    const std::size_t after = i + 1 == runs.size() ? profile.size() : (runs[i].right + runs[i + 1].left) / 2;
    lanes[i].left = std::max(before, runs[i].left > half ? runs[i].left - half : 0);
    lanes[i].right = std::min(after, runs[i].right + half);
  }
  return lanes;
}

}  // namespace

std::vector<Lane> find_lanes(const Plane& signal, std::optional<std::size_t> count,
                             std::optional<Lane> extent) {
  core::require(signal.width > 0 && signal.height > 0, "a blot without pixels");
  if (count)
    core::require(*count >= 1 && *count * 2 <= signal.width, "more lanes than the picture has room for");
  if (extent) {
    core::require(count.has_value() && extent->left < extent->right && extent->right <= signal.width &&
                      extent->width() >= 2 * *count,
                  "an extent of lanes that is not in the picture");
    return even(static_cast<double>(extent->left),
                static_cast<double>(extent->width()) / static_cast<double>(*count), *count);
  }
  const std::vector<double> profile = across(signal);
  return count ? comb(profile, *count) : standing_out(profile);
}

}  // namespace stroma::imaging
