#include "imaging/lanes.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "imaging/background.hpp"
#include "imaging/quantiles.hpp"

namespace stroma::imaging {
namespace {

constexpr double tooth = 0.5;   // share of a pitch that the comb's teeth take
constexpr double ball = 500.0;  // pixels; larger than a band is high

/// Mean signal of each column above what lies under its bands, above the rubber band: a membrane that is
/// darker on one side is no lane.
std::vector<double> across(const Plane& signal) {
  const double range = quantile_of(signal.values, 0.999) - quantile_of(signal.values, 0.001);
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

struct Comb {
  double left = 0.0, pitch = 1.0;
};

/// The comb of `count` teeth with the most signal in its teeth against its gaps.
Comb comb(const std::vector<double>& profile, std::size_t count) {
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
  return {best_left, best_pitch};
}

/// Lanes about stretches, left to right. The soft edges of a band reach into the gap: neighbours meet in its
/// middle, and none reaches farther from its stretch than half of the usual gap.
std::vector<Lane> about(const std::vector<Lane>& runs, std::size_t size) {
  std::vector<float> gaps;
  for (std::size_t i = 0; i + 1 < runs.size(); ++i)
    gaps.push_back(runs[i + 1].left > runs[i].right ? static_cast<float>(runs[i + 1].left - runs[i].right)
                                                    : 0.0F);
  const double gap = gaps.empty() ? 0.5 * static_cast<double>(runs.front().width()) : quantile_of(gaps, 0.5);
  const auto half = static_cast<std::size_t>(gap / 2.0);
  std::vector<Lane> lanes = runs;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::size_t before = i == 0 ? 0 : (runs[i - 1].right + runs[i].left + 1) / 2;
    const std::size_t after = i + 1 == runs.size() ? size : (runs[i].right + runs[i + 1].left) / 2;
    lanes[i].left = std::max(before, runs[i].left > half ? runs[i].left - half : 0);
    lanes[i].right = std::min(after, runs[i].right + half);
  }
  return lanes;
}

double usual_width(const std::vector<Lane>& runs) {
  std::vector<float> widths;
  for (const Lane& run : runs) widths.push_back(static_cast<float>(run.width()));
  return quantile_of(widths, 0.5);
}

/// The standard deviation of a profile's noise: of differences over a distance at which smoothing no longer
/// makes neighbours alike.
double noise_of(const std::vector<double>& profile) {
  constexpr std::size_t lag = 8;
  std::vector<float> steps;
  for (std::size_t x = 0; x + lag < profile.size(); ++x)
    steps.push_back(static_cast<float>(profile[x + lag] - profile[x]));
  return steps.empty() ? 0.0 : robust_sd(steps) / std::sqrt(2.0);
}

/// Stretches that stand out of the noise, parted where the profile falls between them.
std::vector<Lane> bands_of(const std::vector<double>& profile) {
  constexpr double of_noise = 5.0, of_highest = 0.005, valley = 0.7;
  const double noise = noise_of(profile), highest = *std::max_element(profile.begin(), profile.end());
  const double least = std::max(of_noise * noise, of_highest * highest);
  std::vector<Lane> runs;
  std::size_t peak = 0, low = 0;  // of the open run, and the lowest place since its peak
  bool open = false;
  for (std::size_t x = 0; x < profile.size(); ++x) {
    if (profile[x] <= least) {
      open = false;
      continue;
    }
    if (!open) {
      runs.push_back({x, x});
      peak = low = x;
      open = true;
    }
    runs.back().right = x + 1;
    if (profile[x] < profile[low]) low = x;
    const double lower = std::min(profile[peak], profile[x]);
    if (profile[low] < valley * lower && lower - profile[low] > of_noise * noise && low > peak) {
      runs.back().right = low;
      runs.push_back({low, x + 1});
      peak = low = x;
    } else if (profile[x] >= profile[peak]) {
      peak = low = x;
    }
  }
  if (runs.empty()) return runs;
  // What an uneven membrane adds beside a band is no part of it.
  constexpr double foot = 0.1;
  for (Lane& run : runs) {
    const double end = foot * *std::max_element(profile.begin() + static_cast<std::ptrdiff_t>(run.left),
                                                profile.begin() + static_cast<std::ptrdiff_t>(run.right));
    while (run.left + 1 < run.right && profile[run.left] < end) ++run.left;
    while (run.left + 1 < run.right && profile[run.right - 1] < end) --run.right;
  }
  const double usual = usual_width(runs);
  std::erase_if(runs, [&](const Lane& run) { return 3.0 * static_cast<double>(run.width()) < usual; });
  return runs;
}

/// As many lanes as were asked for.
Lanes counted(const std::vector<double>& profile, std::size_t count) {
  std::vector<Lane> bands = bands_of(profile);
  if (bands.size() > count) {  // the weakest may be dirt between the lanes, if what is left is even
    std::vector<Lane> strongest = bands;
    const auto signal = [&](const Lane& band) {
      double sum = 0.0;
      for (std::size_t x = band.left; x < band.right; ++x) sum += profile[x];
      return sum;
    };
    std::stable_sort(strongest.begin(), strongest.end(),
                     [&](const Lane& a, const Lane& b) { return signal(a) > signal(b); });
    strongest.resize(count);
    std::sort(strongest.begin(), strongest.end(),
              [](const Lane& a, const Lane& b) { return a.left < b.left; });
    const Lanes kept{about(strongest, profile.size()), LaneBasis::bands, bands};
    constexpr double even_enough = 1.3;
    if (kept.unevenness() < even_enough) return kept;
  }
  if (bands.size() == count) return {about(bands, profile.size()), LaneBasis::bands, bands};
  const Comb found = comb(profile, count);
  if (bands.empty()) return {even(found.left, found.pitch, count), LaneBasis::comb, bands};
  constexpr double tolerance = 0.3;  // of a pitch: how far a band may lie from its tooth
  std::vector<Lane> cores;           // half a pitch about each tooth, or the band
  std::vector<bool> taken(count, false);
  for (std::size_t i = 0; i < count; ++i) {
    const double middle = found.left + (static_cast<double>(i) + 0.5) * found.pitch;
    cores.push_back({static_cast<std::size_t>(std::llround(std::max(0.0, middle - 0.25 * found.pitch))),
                     static_cast<std::size_t>(std::llround(middle + 0.25 * found.pitch))});
  }
  bool fits = bands.size() < count;
  for (const Lane& band : bands) {
    const double place = (band.centre() + 0.5 - found.left) / found.pitch - 0.5, nearest = std::round(place);
    if (nearest < 0.0 || nearest >= static_cast<double>(count) || taken[static_cast<std::size_t>(nearest)] ||
        std::fabs(place - nearest) > tolerance) {
      fits = false;
      continue;
    }
    const auto i = static_cast<std::size_t>(nearest);
    taken[i] = true;
    cores[i] = band;
  }
  for (std::size_t i = 0; i + 1 < count; ++i)
    fits = fits && cores[i].right <= cores[i + 1].left;  // a band that reaches into its neighbour
  if (!fits) return {even(found.left, found.pitch, count), LaneBasis::uneven, bands};
  return {about(cores, profile.size()), LaneBasis::comb, bands};
}

}  // namespace

double Lanes::unevenness() const {
  if (lanes.size() < 3) return 1.0;
  double least = 1e300, most = 0.0;
  for (std::size_t i = 0; i + 1 < lanes.size(); ++i) {
    const double apart = lanes[i + 1].centre() - lanes[i].centre();
    least = std::min(least, apart);
    most = std::max(most, apart);
  }
  return most / least;
}

Lanes find_lanes(const Plane& signal, std::optional<std::size_t> count, std::optional<Lane> extent) {
  core::require(signal.width > 0 && signal.height > 0, "a blot without pixels");
  if (count)
    core::require(*count >= 1 && *count * 2 <= signal.width, "more lanes than the picture has room for");
  if (extent) {
    core::require(count.has_value() && extent->left < extent->right && extent->right <= signal.width &&
                      extent->width() >= 2 * *count,
                  "an extent of lanes that is not in the picture");
    return {even(static_cast<double>(extent->left),
                 static_cast<double>(extent->width()) / static_cast<double>(*count), *count),
            LaneBasis::given,
            {}};
  }
  const std::vector<double> profile = across(signal);
  if (count) return counted(profile, *count);
  const std::vector<Lane> bands = bands_of(profile);
  return {bands.empty() ? bands : about(bands, profile.size()), LaneBasis::stretches, bands};
}

}  // namespace stroma::imaging
