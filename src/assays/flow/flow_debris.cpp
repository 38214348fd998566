// Debris, apart from cells by forward scatter.
#include <algorithm>
#include <array>
#include <cmath>

#include "assays/flow/flow_gating.hpp"

namespace stroma::assays {
namespace {

constexpr std::size_t bins = 256;
constexpr double bandwidth = 3.0;       // bins: smooths the noise of some thousand events
constexpr double most_of_cells = 0.4;   // debris scatters less than this share of what cells do
constexpr double highest_gate = 0.5;    // of the scatter of cells
constexpr double least_peak = 0.25;     // of the highest: a peak of cells
constexpr double deepest_valley = 0.7;  // of the lower of its two peaks
constexpr double least_share = 0.01;    // debris that is worth a gate
constexpr std::size_t most_sampled = 50'000;
constexpr std::size_t fewest = 500;

using Density = std::array<double, bins>;

struct Axis {
  double from = 0.0, width = 1.0;  // log10
  double value(std::size_t bin) const {
    return std::pow(10.0, from + width * (static_cast<double>(bin) + 0.5));
  }
};

std::vector<double> logarithms(const Tubes& tubes, std::size_t channel) {
  std::size_t events = 0;
  for (const FlowSample* tube : tubes) events += tube->event_count();
  const std::size_t step = std::max<std::size_t>(1, events / most_sampled);
  std::vector<double> out;
  for (const FlowSample* tube : tubes) {
    const std::size_t width = tube->channels.size();
    for (std::size_t i = channel; i < tube->events.size(); i += width * step)
      if (tube->events[i] > 0.0f) out.push_back(std::log10(static_cast<double>(tube->events[i])));
  }
  std::sort(out.begin(), out.end());
  return out;
}

Density smoothed(const std::vector<double>& logs, const Axis& axis) {
  Density raw{}, out{};
  for (const double v : logs) {
    const double at = (v - axis.from) / axis.width;
    raw[static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(bins - 1)))] += 1.0;
  }
  for (std::size_t b = 0; b < bins; ++b) {
    double weight = 0.0;
    for (std::size_t k = 0; k < bins; ++k) {
      const double z = (static_cast<double>(b) - static_cast<double>(k)) / bandwidth;
      if (std::fabs(z) > 4.0) continue;
      const double w = std::exp(-0.5 * z * z);
      weight += w;
      out[b] += w * raw[k];
    }
    out[b] /= weight;  // a kernel cut off at the end of the scale loses nothing
  }
  return out;
}

}  // namespace

DebrisGate debris_gate(const Tubes& tubes, std::size_t forward_channel) {
  const std::vector<double> logs = logarithms(tubes, forward_channel);
  DebrisGate out;
  if (logs.size() < fewest) return out;
  const double low = logs[logs.size() / 1000], high = logs[logs.size() - 1 - logs.size() / 1000];
  if (!(high > low)) return out;
  const Axis axis{low, (high - low) / static_cast<double>(bins)};
  const Density d = smoothed(logs, axis);
  const double highest = *std::max_element(d.begin(), d.end());
  std::size_t cells = bins;  // the peak of the highest scatter
  for (std::size_t b = bins - 1; b-- > 1;)
    if (d[b] >= d[b - 1] && d[b] > d[b + 1] && d[b] >= least_peak * highest) {
      cells = b;
      break;
    }
  if (cells == bins) return out;
  const auto share_below = [&](double scatter) {
    const auto n = std::lower_bound(logs.begin(), logs.end(), std::log10(scatter)) - logs.begin();
    return static_cast<double>(n) / static_cast<double>(logs.size());
  };
  out.cells = axis.value(cells);
  out.low_share = share_below(most_of_cells * out.cells);
  std::size_t debris = bins;  // the highest peak of what scatters too little for a cell
  for (std::size_t b = 0; b < cells && axis.value(b) < most_of_cells * axis.value(cells); ++b)
    if ((b == 0 || d[b] >= d[b - 1]) && d[b] > d[b + 1] && (debris == bins || d[b] > d[debris])) debris = b;
  if (debris == bins) return out;
  std::size_t valley = debris;  // before the density rises again, towards dying cells or cells
  while (valley + 1 < cells && d[valley + 1] <= d[valley]) ++valley;
  for (std::size_t b = valley; b < cells && axis.value(b) < most_of_cells * axis.value(cells); ++b)
    if (d[b] < d[valley]) valley = b;
  const double next = *std::max_element(d.begin() + static_cast<std::ptrdiff_t>(valley),
                                        d.begin() + static_cast<std::ptrdiff_t>(cells + 1));
  if (axis.value(valley) > highest_gate * axis.value(cells) ||
      d[valley] > deepest_valley * std::min(d[debris], next))
    return out;
  if (share_below(axis.value(valley)) >= least_share) out.threshold = axis.value(valley);
  return out;
}

std::size_t remove_debris(FlowSample& tube, std::size_t forward_channel, double least) {
  const std::size_t width = tube.channels.size(), events = tube.event_count();
  std::size_t kept = 0;
  for (std::size_t e = 0; e < events; ++e) {
    const float* event = tube.events.data() + e * width;
    if (!(static_cast<double>(event[forward_channel]) >= least)) continue;
    if (kept != e) std::copy(event, event + width, tube.events.data() + kept * width);
    ++kept;
  }
  tube.events.resize(kept * width);
  return events - kept;
}

}  // namespace stroma::assays
