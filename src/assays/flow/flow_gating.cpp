#include "assays/flow/flow_gating.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/diagnostics.hpp"

namespace stroma::assays {
namespace {

constexpr std::size_t bins = 512;
constexpr int most_steps = 500;
constexpr double least_sd_bins = 1.0;  // a component narrower than a bin cannot be seen

struct Component {
  double weight = 0.5, mean = 0.0, sd = 1.0;  // in bins
  double density(double x) const {
    const double z = (x - mean) / sd;
    return weight / sd * std::exp(-0.5 * z * z);
  }
};

using Histogram = std::array<double, bins>;  // shares of the events

// Of the bins from `first` on, before `last`.
Component moments(const Histogram& h, std::size_t first, std::size_t last) {
  double weight = 0.0, sum = 0.0, squares = 0.0;
  for (std::size_t b = first; b < last; ++b) {
    const double x = static_cast<double>(b);
    weight += h[b];
    sum += h[b] * x;
    squares += h[b] * x * x;
  }
  if (weight <= 0.0) return {0.0, 0.0, least_sd_bins};
  const double mean = sum / weight;
  return {weight, mean, std::sqrt(std::max(squares / weight - mean * mean, least_sd_bins * least_sd_bins))};
}

// The split with the largest variance between the two sides (Otsu 1979).
std::array<Component, 2> otsu(const Histogram& h) {
  std::array<Component, 2> best;
  double most = -1.0;
  for (std::size_t split = 1; split < bins; ++split) {
    const Component low = moments(h, 0, split), high = moments(h, split, bins);
    const double between = low.weight * high.weight * (high.mean - low.mean) * (high.mean - low.mean);
    if (between > most) {
      most = between;
      best = {low, high};
    }
  }
  return best;
}

void maximise(std::array<Component, 2>& c, const Histogram& h) {
  double before = -std::numeric_limits<double>::infinity();
  for (int step = 0; step < most_steps; ++step) {
    std::array<double, 2> weight{}, sum{}, squares{};
    double likelihood = 0.0;
    for (std::size_t b = 0; b < bins; ++b) {
      if (h[b] == 0.0) continue;
      const double x = static_cast<double>(b), low = c[0].density(x), high = c[1].density(x),
                   all = low + high;
      if (!(all > 0.0)) continue;  // so far from both that it moves neither
      likelihood += h[b] * std::log(all);
      const double share = h[b] * high / all;
      weight[0] += h[b] - share;
      sum[0] += (h[b] - share) * x;
      squares[0] += (h[b] - share) * x * x;
      weight[1] += share;
      sum[1] += share * x;
      squares[1] += share * x * x;
    }
    for (std::size_t k = 0; k < 2; ++k) {
      if (!(weight[k] > 0.0)) return;  // one component is all there is
      const double mean = sum[k] / weight[k];
      c[k] = {weight[k], mean,
              std::sqrt(std::max(squares[k] / weight[k] - mean * mean, least_sd_bins * least_sd_bins))};
    }
    if (likelihood - before < 1e-10) return;
    before = likelihood;
  }
}

// Where the upper component becomes the likelier one, between the means.
double crossing(const std::array<Component, 2>& c) {
  double low = c[0].mean, high = c[1].mean;
  for (int step = 0; step < 60; ++step) {
    const double middle = 0.5 * (low + high);
    (c[1].density(middle) > c[0].density(middle) ? high : low) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

MixtureThreshold mixture_threshold(std::span<const float> values, const std::string& channel) {
  double low = std::numeric_limits<double>::infinity(), high = 0.0;
  std::size_t n = 0;
  for (const float v : values) {
    if (!(v > 0.0f)) continue;
    ++n;
    low = std::min(low, static_cast<double>(v));
    high = std::max(high, static_cast<double>(v));
  }
  if (n < 100 || !(high > low))
    throw core::InputError({{"too-few-events",
                             {},
                             channel,
                             fmt::format("channel '{}' has {} events above 0{}: no threshold can be found",
                                         channel, n, n >= 100 ? ", all alike" : ""),
                             "set the gates with --gate annexin=..,pi=.. or give controls"}});
  const double from = std::log10(low), width = (std::log10(high) - from) / static_cast<double>(bins);
  Histogram h{};
  for (const float v : values)
    if (v > 0.0f) {
      const double at = (static_cast<double>(std::log10(v)) - from) / width;
      h[static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(bins - 1)))] +=
          1.0 / static_cast<double>(n);
    }
  std::array<Component, 2> c = otsu(h);
  maximise(c, h);
  if (c[0].mean > c[1].mean) std::swap(c[0], c[1]);
  const double spread = std::sqrt(0.5 * (c[0].sd * c[0].sd + c[1].sd * c[1].sd));
  return {std::pow(10.0, from + width * (crossing(c) + 0.5)), c[1].weight, (c[1].mean - c[0].mean) / spread};
}

}  // namespace stroma::assays
