#include "imaging/blot.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "imaging/background.hpp"
#include "imaging/quantiles.hpp"

namespace stroma::imaging {
namespace {

constexpr double outlier =
    0.001;  // share of pixels on either side that does not decide which side is the signal
constexpr double stands_out = 0.05;   // of the strongest row's height
constexpr double noise_factor = 5.0;  // a row must be so many standard deviations of the profile's noise high
constexpr double valley = 0.8;  // two peaks are one row where the valley is above this share of the lower one
constexpr double foot = 0.01;   // of a row's height: where it ends
constexpr std::size_t least_flank = 3;  // rows beside a band from which its background can be taken

bool bands_are_dark(const Plane& plane) {
  const double low = quantile_of(plane.values, outlier), middle = quantile_of(plane.values, 0.5),
               high = quantile_of(plane.values, 1.0 - outlier);
  return middle - low > high - middle;
}

/// One lane along the membrane: mean signal per row of pixels, the same without single bright pixels, what
/// its bands stand out from, and the background that is subtracted.
struct Profile {
  std::vector<double> mean, even, ground, background;
  double net(std::size_t y) const { return even[y] - ground[y]; }
};

double spread(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return *high - *low;
}

std::vector<double> row_means(const Plane& plane, const Lane& lane) {
  std::vector<double> out(plane.height, 0.0);
  for (std::size_t y = 0; y < plane.height; ++y) {
    double sum = 0.0;
    for (std::size_t x = lane.left; x < lane.right; ++x) sum += plane.at(x, y);
    out[y] = sum / static_cast<double>(lane.width());
  }
  return out;
}

/// `even`: the signal without single bright pixels; bands are looked for there and measured in `signal`.
Profile profile_of(const Plane& signal, const Plane& even, const Lane& lane, const BlotSetup& setup,
                   double full_scale) {
  Profile out;
  out.mean = row_means(signal, lane);
  out.even = row_means(even, lane);
  const std::vector<double> smooth = box_mean(out.even, 1);
  out.ground = ground_of(smooth, setup.radius, spread(smooth));
  switch (setup.background) {
    case BlotBackground::flanks:
      break;  // when the bands are known
    case BlotBackground::rolling:
      out.background = rolling_background(smooth, setup.radius, full_scale / 255.0);
      break;
    case BlotBackground::rubber_band:
      out.background = rubber_band(smooth);
      break;
    case BlotBackground::none:
      out.background.assign(signal.height, 0.0);
      break;
  }
  return out;
}

/// Stretches of a profile that stand out, split at valleys, each with its feet.
std::vector<BandRow> rows_of(const std::vector<double>& net) {
  std::vector<float> steps;
  for (std::size_t y = 0; y + 1 < net.size(); ++y) steps.push_back(static_cast<float>(net[y + 1] - net[y]));
  const double noise = steps.empty() ? 0.0 : robust_sd(steps) / std::sqrt(2.0);
  const double highest = *std::max_element(net.begin(), net.end());
  const double least = std::max(stands_out * highest, noise_factor * noise);
  std::vector<std::size_t> peaks;
  for (std::size_t y = 0; y < net.size(); ++y) {
    if (net[y] <= least) continue;
    const bool top = (y == 0 || net[y] > net[y - 1]) && (y + 1 == net.size() || net[y] >= net[y + 1]);
    if (!top) continue;
    if (!peaks.empty()) {
      const double between = *std::min_element(net.begin() + static_cast<std::ptrdiff_t>(peaks.back()),
                                               net.begin() + static_cast<std::ptrdiff_t>(y));
      const double lower = std::min(net[peaks.back()], net[y]);
      if (between > valley * lower || lower - between < noise_factor * noise) {
        if (net[y] > net[peaks.back()]) peaks.back() = y;
        continue;
      }
    }
    peaks.push_back(y);
  }
  std::vector<BandRow> rows;
  for (std::size_t k = 0; k < peaks.size(); ++k) {
    const std::size_t peak = peaks[k];
    const auto lowest_between = [&](std::size_t a, std::size_t b) {
      return static_cast<std::size_t>(std::min_element(net.begin() + static_cast<std::ptrdiff_t>(a),
                                                       net.begin() + static_cast<std::ptrdiff_t>(b)) -
                                      net.begin());
    };
    const std::size_t first = k == 0 ? 0 : lowest_between(peaks[k - 1], peak);
    const std::size_t last = k + 1 == peaks.size() ? net.size() : lowest_between(peak, peaks[k + 1]);
    const double end = std::max(foot * net[peak], noise);
    BandRow row{peak, peak + 1, static_cast<double>(peak)};
    while (row.top > first && net[row.top - 1] > end) --row.top;
    while (row.bottom < last && net[row.bottom] > end) ++row.bottom;
    rows.push_back(row);
  }
  return rows;
}

/// How far a lane's own band lies from the row: its peak within the free half of the gaps to the neighbouring
/// rows, 0 where no peak of the lane stands out.
std::ptrdiff_t shift_of(const Profile& profile, const std::vector<BandRow>& rows, std::size_t k) {
  const BandRow& row = rows[k];
  const std::size_t size = profile.mean.size(), height = row.bottom - row.top;
  const std::size_t room_above = std::min(height / 2, k == 0 ? row.top : (row.top - rows[k - 1].bottom) / 2);
  const std::size_t room_below =
      std::min(height / 2, k + 1 == rows.size() ? size - row.bottom : (rows[k + 1].top - row.bottom) / 2);
  const auto peak = static_cast<std::size_t>(row.peak);
  std::vector<double> net(size);
  for (std::size_t y = 0; y < size; ++y) net[y] = profile.net(y);
  const std::vector<double> smooth = box_mean(net, std::max<std::size_t>(1, height / 8));
  const std::size_t low = peak - std::min(peak, room_above), high = std::min(size, peak + room_below + 1);
  const auto best =
      static_cast<std::size_t>(std::max_element(smooth.begin() + static_cast<std::ptrdiff_t>(low),
                                                smooth.begin() + static_cast<std::ptrdiff_t>(high)) -
                               smooth.begin());
  const bool inside = best > low && best + 1 < high;  // a true maximum, not a slope
  return inside ? static_cast<std::ptrdiff_t>(best) - static_cast<std::ptrdiff_t>(peak) : 0;
}

struct Rows {
  std::size_t top = 0, bottom = 0;
};

/// The middle value of the profile in rows [top, bottom), of which there is one at least.
double level_of(const std::vector<double>& mean, std::size_t top, std::size_t bottom) {
  std::vector<double> values(mean.begin() + static_cast<std::ptrdiff_t>(top),
                             mean.begin() + static_cast<std::ptrdiff_t>(bottom));
  std::sort(values.begin(), values.end());
  return 0.5 * (values[(values.size() - 1) / 2] + values[values.size() / 2]);
}

/// The background of bands as a straight line between what lies above and below them; bands without room
/// between them share one line. Outside the bands the profile is its own background.
std::vector<double> between_flanks(const std::vector<double>& mean, std::vector<Rows> bands) {
  std::vector<double> out = mean;
  std::sort(bands.begin(), bands.end(), [](const Rows& a, const Rows& b) { return a.top < b.top; });
  std::vector<Rows> runs;
  std::vector<std::size_t> reach;  // rows of flank on either side: half a band's height
  for (const Rows& band : bands) {
    const std::size_t half = std::max(least_flank, (band.bottom - band.top) / 2);
    if (!runs.empty() && band.top < runs.back().bottom + least_flank) {
      runs.back().bottom = std::max(runs.back().bottom, band.bottom);
      reach.back() = std::max(reach.back(), half);
    } else {
      runs.push_back(band);
      reach.push_back(half);
    }
  }
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const std::size_t first = r == 0 ? 0 : runs[r - 1].bottom,
                      last = r + 1 == runs.size() ? mean.size() : runs[r + 1].top;
    const std::size_t above = std::min(reach[r], runs[r].top - first),
                      below = std::min(reach[r], last - runs[r].bottom);
    double high = 0.0, low = 0.0;  // levels above and below
    if (above > 0) high = level_of(mean, runs[r].top - above, runs[r].top);
    if (below > 0) low = level_of(mean, runs[r].bottom, runs[r].bottom + below);
    if (above == 0) high = below > 0 ? low : mean[runs[r].top];
    if (below == 0) low = above > 0 ? high : mean[runs[r].bottom - 1];
    const double from = static_cast<double>(runs[r].top) - 0.5 * (static_cast<double>(above) + 1.0),
                 to = static_cast<double>(runs[r].bottom) + 0.5 * (static_cast<double>(below) - 1.0);
    for (std::size_t y = runs[r].top; y < runs[r].bottom; ++y)
      out[y] = high + (low - high) * (static_cast<double>(y) - from) / std::max(1.0, to - from);
  }
  return out;
}

BandBox box_of(const Plane& signal, const Lane& lane, const Profile& profile, std::size_t top,
               std::size_t bottom, double limit, double saturated_share) {
  BandBox box;
  box.top = top;
  box.bottom = bottom;
  std::size_t at_limit = 0;
  for (std::size_t y = top; y < bottom; ++y) {
    box.volume += profile.mean[y] * static_cast<double>(lane.width());
    box.background += profile.background[y] * static_cast<double>(lane.width());
    for (std::size_t x = lane.left; x < lane.right; ++x) at_limit += signal.at(x, y) >= limit ? 1 : 0;
  }
  box.at_limit = static_cast<double>(at_limit) / static_cast<double>((bottom - top) * lane.width());
  box.saturated = box.at_limit > saturated_share;
  return box;
}

/// What windows of the band's height read elsewhere in its lane, where no band is: the net volume from which
/// a band is told from the membrane. An uneven membrane and dirt read as much as a weak band.
double detection_of(const Plane& signal, const Lane& lane, const std::vector<double>& mean,
                    const std::vector<Rows>& bands, const Rows& band) {
  constexpr double deviations = 3.0;
  constexpr std::size_t least_windows = 5;
  const std::size_t height = band.bottom - band.top, flank = std::max(least_flank, height / 2),
                    step = std::max<std::size_t>(1, height / 4);
  std::vector<float> nets;
  for (std::size_t top = flank; top + height + flank <= mean.size(); top += step) {
    const bool free = std::none_of(bands.begin(), bands.end(), [&](const Rows& b) {
      return top < b.bottom + flank && b.top < top + height + flank;
    });
    if (!free) continue;
    const std::vector<double> line = between_flanks(mean, {{top, top + height}});
    double net = 0.0;
    for (std::size_t y = top; y < top + height; ++y) net += mean[y] - line[y];
    nets.push_back(static_cast<float>(net * static_cast<double>(lane.width())));
  }
  std::vector<float> steps;  // of pixels, for their noise
  for (std::size_t y = 0; y < signal.height; ++y)
    for (std::size_t x = lane.left; x + 1 < lane.right; ++x)
      steps.push_back(signal.at(x + 1, y) - signal.at(x, y));
  // Sum over the box and medians of two flanks: see measure_blot.
  const double pixels = static_cast<double>(height * lane.width());
  const double noise = steps.empty() ? 0.0 : 1.6 * robust_sd(steps) / std::sqrt(2.0) * std::sqrt(pixels);
  if (nets.size() < least_windows) return deviations * noise;
  const double middle = quantile_of(nets, 0.5);
  return std::max(deviations * noise, middle + deviations * robust_sd(nets));
}

/// Every row of bands in one lane. A window follows the lane's own peak; where that is no band it stays in
/// its row, since the highest of noise about it would always be more than nothing.
void measure_lane(BlotPicture& out, std::size_t l, const Plane& signal, Profile& profile,
                  const BlotSetup& setup) {
  std::vector<Rows> moved, rows;
  for (std::size_t r = 0; r < out.rows.size(); ++r) {
    const std::ptrdiff_t shift = shift_of(profile, out.rows, r);
    const auto by = [&](std::size_t y) {
      return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(y) + shift);
    };
    rows.push_back({out.rows[r].top, out.rows[r].bottom});
    moved.push_back({by(out.rows[r].top), by(out.rows[r].bottom)});
  }
  const auto measure = [&](const std::vector<Rows>& windows) {
    if (setup.background == BlotBackground::flanks)
      profile.background = between_flanks(profile.mean, windows);
    std::vector<BandBox> boxes;
    for (std::size_t r = 0; r < windows.size(); ++r) {
      boxes.push_back(box_of(signal, out.lanes[l], profile, windows[r].top, windows[r].bottom, out.limit,
                             setup.saturated_share));
      boxes.back().lane = l;
      boxes.back().row = r;
      boxes.back().detection = detection_of(signal, out.lanes[l], profile.mean, windows, windows[r]);
    }
    return boxes;
  };
  std::vector<BandBox> boxes = measure(moved);
  if (std::any_of(boxes.begin(), boxes.end(), [](const BandBox& b) { return !b.clear(); })) {
    for (std::size_t r = 0; r < boxes.size(); ++r)
      if (!boxes[r].clear()) moved[r] = rows[r];
    boxes = measure(moved);
  }
  out.bands.insert(out.bands.end(), boxes.begin(), boxes.end());
}

}  // namespace

BlotPicture measure_blot(const Image& image, const BlotSetup& setup) {
  core::require(setup.radius > 0.0 && setup.saturated_share >= 0.0, "a blot's setup out of range");
  Plane signal = grey(image);
  const double full_scale = image.full_scale();
  BlotPicture out;
  out.dark_bands = setup.dark_bands.value_or(bands_are_dark(signal));
  if (out.dark_bands)
    for (float& v : signal.values) v = static_cast<float>(full_scale) - v;
  out.limit = detector_limit(signal, full_scale);
  out.grey_at_limit = out.dark_bands ? full_scale - out.limit : out.limit;
  if (*std::max_element(signal.values.begin(), signal.values.end()) ==
      *std::min_element(signal.values.begin(), signal.values.end()))
    return out;
  const Plane even = despeckle(signal, 1);
  Lanes lanes = setup.edges.empty() ? find_lanes(even, setup.lanes, setup.extent)
                                    : Lanes{setup.edges, LaneBasis::given, {}};
  out.unevenness = lanes.unevenness();
  out.lanes = std::move(lanes.lanes);
  out.basis = lanes.basis;
  out.stretches = std::move(lanes.bands);
  if (out.lanes.empty()) return out;

  std::vector<Profile> profiles;
  std::vector<double> together(signal.height, 0.0);
  for (const Lane& lane : out.lanes) {
    profiles.push_back(profile_of(signal, even, lane, setup, full_scale));
    for (std::size_t y = 0; y < signal.height; ++y)
      together[y] += profiles.back().even[y] / static_cast<double>(out.lanes.size());
  }
  const std::vector<double> smooth = box_mean(together, 1),
                            ground = ground_of(smooth, setup.radius, spread(smooth));
  for (std::size_t y = 0; y < signal.height; ++y) together[y] -= ground[y];
  out.rows = rows_of(together);
  if (setup.rows && out.rows.size() > *setup.rows) {
    std::vector<BandRow> strongest = out.rows;
    std::stable_sort(strongest.begin(), strongest.end(), [&](const BandRow& a, const BandRow& b) {
      return together[static_cast<std::size_t>(a.peak)] > together[static_cast<std::size_t>(b.peak)];
    });
    strongest.resize(*setup.rows);
    std::sort(strongest.begin(), strongest.end(),
              [](const BandRow& a, const BandRow& b) { return a.top < b.top; });
    out.rows = strongest;
  }
  for (std::size_t l = 0; l < out.lanes.size(); ++l) measure_lane(out, l, signal, profiles[l], setup);
  return out;
}

}  // namespace stroma::imaging
