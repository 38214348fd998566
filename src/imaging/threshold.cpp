#include "imaging/threshold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/errors.hpp"
#include "imaging/number.hpp"
#include "imaging/quantiles.hpp"

namespace stroma::imaging {
namespace {

constexpr std::size_t fine = 65536, coarse = 256;

/// Counts of equal bins. Bin i holds values about low + i width.
struct Histogram {
  double low = 0.0, width = 1.0;
  std::vector<double> counts;
  double value(std::size_t bin) const { return low + static_cast<double>(bin) * width; }
  /// The largest value that belongs to the bin.
  double end(std::size_t bin) const { return low + (static_cast<double>(bin) + 0.5) * width; }
};

/// Where a histogram begins and ends.
struct Ends {
  float low = 0.0F, high = 0.0F;
};
Ends ends_of(std::span<const float> values) {
  std::vector<float> copy(values.begin(), values.end());
  const auto beyond = static_cast<std::ptrdiff_t>(copy.size() / 20'000);
  const auto low = copy.begin() + beyond, high = copy.end() - 1 - beyond;
  std::nth_element(copy.begin(), low, copy.end());
  const float least = *low;
  std::nth_element(copy.begin(), high, copy.end());
  return {least, *high};
}

Histogram histogram_of(std::span<const float> values, Ends ends, std::size_t bins) {
  Histogram h;
  h.low = ends.low;
  const double range = static_cast<double>(ends.high) - ends.low;
  const bool whole = range < static_cast<double>(bins) &&
                     std::all_of(values.begin(), values.end(), [](float v) { return v == std::floor(v); });
  h.width = whole ? 1.0 : range / static_cast<double>(bins - 1);
  h.counts.assign(static_cast<std::size_t>(std::llround(range / h.width)) + 1, 0.0);
  for (const float v : values) {
    const auto bin =
        static_cast<std::size_t>(std::llround((std::clamp(v, ends.low, ends.high) - h.low) / h.width));
    h.counts[std::min(bin, h.counts.size() - 1)] += 1.0;
  }
  return h;
}

double otsu(const Histogram& h) {
  double all = 0.0, moment = 0.0;
  for (std::size_t i = 0; i < h.counts.size(); ++i) {
    all += h.counts[i];
    moment += h.counts[i] * static_cast<double>(i);
  }
  double below = 0.0, below_moment = 0.0, best = -1.0;
  std::size_t first = 0, last = 0;  // cuts of the same variance: an empty stretch between the classes
  for (std::size_t i = 0; i + 1 < h.counts.size(); ++i) {
    below += h.counts[i];
    below_moment += h.counts[i] * static_cast<double>(i);
    const double above = all - below;
    if (below == 0.0 || above == 0.0) continue;
    const double apart = below_moment / below - (moment - below_moment) / above;
    const double between = below * above * apart * apart;
    if (between > best) {
      best = between;
      first = last = i;
    } else if (between == best && h.counts[i] == 0.0) {
      last = i;
    }
  }
  return 0.5 * (h.end(first) + h.end(last));
}

double li(const Histogram& h) {
  // Means of the two classes by cumulative sums, as offsets above the smallest value (the method needs
  // logarithms).
  std::vector<double> count(h.counts.size() + 1, 0.0), moment(h.counts.size() + 1, 0.0);
  for (std::size_t i = 0; i < h.counts.size(); ++i) {
    count[i + 1] = count[i] + h.counts[i];
    moment[i + 1] = moment[i] + h.counts[i] * static_cast<double>(i);
  }
  double threshold = moment.back() / count.back();  // in bins
  for (int round = 0; round < 1000; ++round) {
    const auto cut =
        std::clamp<std::size_t>(static_cast<std::size_t>(std::floor(threshold)) + 1, 1, h.counts.size() - 1);
    const double back = moment[cut] / count[cut];
    const double front = (moment.back() - moment[cut]) / (count.back() - count[cut]);
    // A background of nothing but the smallest value has mean 0 and no logarithm: everything above it is
    // signal.
    if (back <= 0.0) return h.end(0);
    const double next = (front - back) / (std::log(front) - std::log(back));
    if (std::fabs(next - threshold) < 0.5) return h.low + next * h.width;
    threshold = next;
  }
  return h.low + threshold * h.width;
}

double triangle(const Histogram& h) {
  const auto peak =
      static_cast<std::size_t>(std::max_element(h.counts.begin(), h.counts.end()) - h.counts.begin());
  const std::size_t end = h.counts.size() - 1;
  const bool right = end - peak >= peak;  // the longer tail holds the objects
  const double tail = static_cast<double>(right ? end - peak : peak);
  double best = -1.0;
  std::size_t at = peak;
  const std::size_t low = right ? peak : 0, high = right ? end : peak;
  for (std::size_t i = low; i <= high; ++i) {
    // Below the line from the peak to the end of the tail, up to a constant factor.
    const double along = static_cast<double>(right ? i - peak : peak - i);
    const double below = h.counts[peak] * (1.0 - along / tail) - h.counts[i];
    if (below > best) {
      best = below;
      at = i;
    }
  }
  return h.end(at);
}

double mean_sd(std::span<const float> values, double k) {
  double sum = 0.0, squares = 0.0;
  for (const float v : values) sum += v;
  const double mean = sum / static_cast<double>(values.size());
  for (const float v : values) squares += (v - mean) * (v - mean);
  return mean + k * std::sqrt(squares / static_cast<double>(values.size()));
}

}  // namespace

std::optional<ThresholdRule> parse_threshold(std::string_view text) {
  if (text == "otsu") return ThresholdRule{ThresholdMethod::otsu, 0.0};
  if (text == "li") return ThresholdRule{ThresholdMethod::li, 0.0};
  if (text == "triangle") return ThresholdRule{ThresholdMethod::triangle, 0.0};
  if (text.starts_with("mean+") && text.ends_with("sd") && text.size() > 7) {
    const auto k = number_in(text.substr(5, text.size() - 7));
    if (k && *k >= 0.0) return ThresholdRule{ThresholdMethod::mean_sd, *k};
    return std::nullopt;
  }
  if (const auto value = number_in(text)) return ThresholdRule{ThresholdMethod::fixed, *value};
  return std::nullopt;
}

std::string to_string(const ThresholdRule& rule) {
  switch (rule.method) {
    case ThresholdMethod::fixed:
      return fmt::format("{}", rule.value);
    case ThresholdMethod::otsu:
      return "otsu";
    case ThresholdMethod::li:
      return "li";
    case ThresholdMethod::triangle:
      return "triangle";
    case ThresholdMethod::mean_sd:
      return fmt::format("mean+{}sd", rule.value);
  }
  throw core::InternalError("a threshold method without a name");
}

double threshold_of(const ThresholdRule& rule, std::span<const float> values) {
  if (rule.method == ThresholdMethod::fixed) return rule.value;
  core::require(!values.empty(), "a threshold of nothing");
  if (rule.method == ThresholdMethod::mean_sd) return mean_sd(values, rule.value);
  Ends ends = ends_of(values);
  if (ends.low == ends.high) {  // nothing but what lies beyond the ends differs
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    ends = {*low, *high};
  }
  if (ends.low == ends.high) return ends.low;
  if (rule.method == ThresholdMethod::triangle) return triangle(histogram_of(values, ends, coarse));
  const Histogram h = histogram_of(values, ends, fine);
  return rule.method == ThresholdMethod::otsu ? otsu(h) : li(h);
}

std::optional<double> clear_of_noise(const Plane& plane, double threshold, const Mask* within) {
  std::vector<float> below, steps;
  const auto counts = [&](std::size_t i) { return within == nullptr || within->values[i] != 0; };
  for (std::size_t i = 0; i < plane.size(); ++i) {
    if (!counts(i)) continue;
    if (plane.values[i] <= threshold) below.push_back(plane.values[i]);
    if (i % plane.width + 1 < plane.width && counts(i + 1))
      steps.push_back(plane.values[i + 1] - plane.values[i]);
  }
  if (below.empty() || steps.empty()) return std::nullopt;
  const double noise = robust_sd(steps) / std::sqrt(2.0);
  if (!(noise > 0.0)) return std::nullopt;
  return (threshold - quantile_of(std::move(below), 0.5)) / noise;
}

}  // namespace stroma::imaging
