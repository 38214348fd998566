#include "imaging/white.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/errors.hpp"
#include "imaging/objects.hpp"
#include "imaging/quantiles.hpp"

namespace stroma::imaging {
namespace {

constexpr std::size_t bins = 256;
constexpr double least_peak = 0.005;  // share of the pixels in a peak's five bins
constexpr double past_peak = 0.6;     // of its height: the walk down has left the peak

/// What an empty slide must be; see doubt_of.
constexpr double least_share = 0.01, least_block = 0.015, least_bright = 0.6, most_tinted = 1.3;

/// Counts over five neighbouring bins.
std::vector<double> smoothed(const std::vector<double>& counts) {
  std::vector<double> out(counts.size(), 0.0);
  for (std::size_t i = 0; i < counts.size(); ++i)
    for (std::size_t j = i < 2 ? 0 : i - 2; j < std::min(counts.size(), i + 3); ++j) out[i] += counts[j];
  return out;
}

/// The brightest peak of values in [0, top]; from there down everything is darker.
double brightest_peak(const std::vector<float>& values, double top) {
  std::vector<double> counts(bins, 0.0);
  const double scale = static_cast<double>(bins - 1) / top;
  for (const float v : values)
    counts[static_cast<std::size_t>(std::clamp(std::lround(v * scale), 0L, static_cast<long>(bins) - 1))] +=
        1.0;
  const std::vector<double> sums = smoothed(counts);
  const double least = least_peak * static_cast<double>(values.size());
  std::size_t best = bins - 1;
  for (std::size_t i = bins; i-- > 0;) {
    if (sums[i] > sums[best]) best = i;
    if (sums[best] >= least && sums[i] < past_peak * sums[best]) break;
  }
  double weight = 0.0, moment = 0.0;  // the middle of the five bins
  for (std::size_t j = best < 2 ? 0 : best - 2; j < std::min(bins, best + 3); ++j) {
    weight += counts[j];
    moment += counts[j] * static_cast<double>(j);
  }
  return (weight > 0.0 ? moment / weight : static_cast<double>(best)) / scale;
}

double largest_disc(const Mask& mask) {
  const Plane inside = distance_inside(mask);
  return *std::max_element(inside.values.begin(), inside.values.end());
}

/// Pixels that are at least as bright as `low`, each the mean of 3 x 3 in all but noise: single dark pixels
/// of noise or dust make no hole.
Mask bright_places(const std::vector<float>& light, double low, std::size_t width, std::size_t height) {
  Mask out(width, height);
  for (std::size_t i = 0; i < light.size(); ++i) out.values[i] = light[i] >= low ? 1 : 0;
  Mask closed = out;
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x) {
      if (out.at(x, y)) continue;
      std::size_t near = 0, all = 0;
      for (std::size_t v = y == 0 ? 0 : y - 1; v < std::min(height, y + 2); ++v)
        for (std::size_t u = x == 0 ? 0 : x - 1; u < std::min(width, x + 2); ++u, ++all)
          near += out.at(u, v) ? 1 : 0;
      closed.values[y * width + x] = 3 * near >= 2 * all ? 1 : 0;
    }
  return closed;
}

}  // namespace

White estimate_white(const Image& image) {
  require_valid(image);
  core::require(image.colour, "only a colour picture has a white point");
  const Plane light = grey(image);
  const double top = quantile_of(light.values, 0.9999);
  White out;
  if (!(top > 0.0)) return out;
  const double peak = brightest_peak(light.values, top), bin = top / static_cast<double>(bins - 1);
  double squares = 0.0;  // of the upper half, which nothing else reaches into
  std::size_t upper = 0;
  for (const float v : light.values)
    if (v >= peak && v <= top) {
      squares += (v - peak) * (v - peak);
      ++upper;
    }
  const double sd = upper == 0 ? 0.0 : std::sqrt(squares / static_cast<double>(upper));
  const double low = peak - std::max(3.0 * sd, 1.5 * bin);
  std::array<std::vector<float>, 3> empty;
  std::vector<float> densities;
  for (std::size_t i = 0; i < light.size(); ++i) {
    if (light.values[i] < low) continue;
    for (std::size_t c = 0; c < 3; ++c) empty[c].push_back(image.channels[c].plane.values[i]);
  }
  out.share = static_cast<double>(empty[0].size()) / static_cast<double>(light.size());
  for (std::size_t c = 0; c < 3; ++c) out.value[c] = quantile_of(empty[c], 0.5);
  for (std::size_t k = 0; k < empty[0].size(); ++k) {
    double od = 0.0;
    for (std::size_t c = 0; c < 3; ++c) od -= std::log10(std::max(1e-9F, empty[c][k])) / 3.0;
    densities.push_back(static_cast<float>(od));
  }
  out.noise = robust_sd(densities);
  const double side = static_cast<double>(std::min(image.width, image.height));
  out.block = largest_disc(bright_places(light.values, low, image.width, image.height)) / side;
  return out;
}

double magenta_of(const Rgb& white) {
  return -std::log10(white[1]) + 0.5 * (std::log10(white[0]) + std::log10(white[2]));
}

std::string doubt_of(const White& white, const Image& image) {
  const auto [low, high] = std::minmax_element(white.value.begin(), white.value.end());
  if (!(*low > 0.0)) return "it is black in one colour";
  if (white.share < least_share) return fmt::format("it covers {:.2f} % of the picture", 100.0 * white.share);
  if (image.bits == 8 && *low < least_bright * image.full_scale())
    return fmt::format("it is dark for an empty slide, {:.0f} of 255", *low);
  if (magenta_of(white.value) > most_magenta || *high > most_tinted * *low)
    return "it has the colour of pale tissue and not of a lamp";
  if (white.block < least_block)
    return "it is nowhere in one piece, as the pale parts of tissue are between its cells";
  return {};
}

std::optional<Rgb> grey_light_behind(const Rgb& palest, const Rgb& stain, double full_scale) {
  Rgb od{}, hue = stain;
  double mean = 0.0, along = 0.0, length = 0.0;
  for (std::size_t c = 0; c < 3; ++c) length += stain[c] * stain[c];
  for (std::size_t c = 0; c < 3; ++c) {
    if (!(palest[c] > 0.0)) return std::nullopt;
    od[c] = -std::log10(palest[c] / full_scale);
    mean += od[c] / 3.0;
    hue[c] /= std::sqrt(length);
    along += hue[c] / 3.0;
  }
  double dot = 0.0, square = 0.0;
  for (std::size_t c = 0; c < 3; ++c) {
    dot += (od[c] - mean) * (hue[c] - along);
    square += (hue[c] - along) * (hue[c] - along);
  }
  const double amount = square > 0.0 ? dot / square : 0.0;  // least squares on what is not grey
  if (!(amount > 0.0)) return std::nullopt;
  const double light = full_scale * std::pow(10.0, -std::max(0.0, mean - amount * along));
  return Rgb{light, light, light};
}

TissueCut tissue_cut(const Plane& density, double noise) {
  constexpr double width = 0.0025, end = 0.3, least = 0.01, most = 0.1, tissue_share = 0.001, deep = 0.5;
  std::vector<double> counts(static_cast<std::size_t>(end / width), 0.0);
  for (const float v : density.values) {
    const double bin = std::floor(v / width);
    if (bin < static_cast<double>(counts.size()))
      counts[bin < 0.0 ? 0 : static_cast<std::size_t>(bin)] += 1.0;
  }
  const double floor = std::max(least, 4.0 * noise);
  const std::vector<double> sums = smoothed(counts);
  const auto from = static_cast<std::size_t>(std::ceil(floor / width));
  TissueCut out;
  out.density = std::max(0.05, std::min(most, floor));
  if (from + 1 >= sums.size()) return out;
  // The palest tissue: the first peak that rises again from what the walk up has found lowest.
  const double enough = tissue_share * static_cast<double>(density.size());
  std::size_t lowest = from;
  for (std::size_t i = from; i < sums.size(); ++i) {
    if (sums[i] < sums[lowest]) lowest = i;
    if (sums[i] < enough || sums[lowest] > deep * sums[i]) continue;
    std::size_t last = lowest;  // of the valley's flat bottom
    for (std::size_t j = lowest; j < i; ++j)
      if (sums[j] <= sums[lowest] + 0.05 * (sums[i] - sums[lowest])) last = j;
    const double middle = width * (0.5 * static_cast<double>(lowest + last) + 0.5);
    if (middle > most) return out;
    return {std::max(floor, middle), true};
  }
  return out;
}

}  // namespace stroma::imaging
