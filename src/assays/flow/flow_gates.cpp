// Gates of tubes: by the negative population of controls, by the mixture of all tubes, and of debris by
// forward scatter.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "assays/flow/flow_gating.hpp"
#include "core/diagnostics.hpp"

namespace stroma::assays {
namespace {

constexpr std::size_t most_sampled = 20'000;  // events of a population: more say the same
constexpr std::size_t fewest = 100;
constexpr double z99 = 2.3263478740408408;  // standard normal quantiles
constexpr double z95 = 1.6448536269514722, z75 = 0.67448975019608171;

double upper_tail(double z) {
  return 0.5 * std::erfc(z / std::sqrt(2.0));
}

std::vector<double> sorted_sample(std::span<const float> values) {
  const std::size_t step = std::max<std::size_t>(1, values.size() / most_sampled);
  std::vector<double> out;
  out.reserve(values.size() / step + 1);
  for (std::size_t i = 0; i < values.size(); i += step)
    if (std::isfinite(values[i])) out.push_back(static_cast<double>(values[i]));
  std::sort(out.begin(), out.end());
  return out;
}

double at_share(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

/// Centre, spread and scale that make four quantiles of the negative events those of a normal distribution.
NegativePopulation fit(const std::vector<double>& sorted, double positive) {
  const double share = 1.0 - positive;
  const std::array<double, 4> q{at_share(sorted, 0.05 * share), at_share(sorted, 0.25 * share),
                                at_share(sorted, 0.50 * share), at_share(sorted, 0.75 * share)};
  const double size = std::max({std::fabs(q[0]), std::fabs(q[3]), 1e-300});
  NegativePopulation best;
  double least = std::numeric_limits<double>::infinity();
  for (int k = -24; k <= 16; ++k) {
    const double scale = size * std::pow(10.0, 0.125 * k);
    std::array<double, 4> y{};
    for (std::size_t i = 0; i < 4; ++i) y[i] = std::asinh(q[i] / scale);
    const double sd = (y[3] - y[1]) / (2.0 * z75);
    if (!(sd > 0.0)) continue;
    const double skew = (y[3] - 2.0 * y[2] + y[1]) / sd, tail = (y[2] - y[0]) / (z95 * sd) - 1.0;
    const double misfit = skew * skew + tail * tail;
    if (misfit < least) {
      least = misfit;
      best.centre = y[2];
      best.sd = sd;
      best.scale = scale;
    }
  }
  best.edge = std::isfinite(least) ? best.scale * std::sinh(best.centre + z99 * best.sd) : q[3];
  return best;
}

std::size_t channel_of(const FlowSample& tube, const std::string& name) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < tube.channels.size(); ++c) {
    if (tube.channels[c].name == name) return c;
    names.push_back(tube.channels[c].name);
  }
  throw core::InputError({{"unknown-channel",
                           {},
                           name,
                           fmt::format("tube '{}' has no channel '{}'", tube.arm, name),
                           core::did_you_mean(name, names)}});
}

void append_column(std::vector<float>& to, const FlowSample& tube, const std::string& name) {
  const std::size_t c = channel_of(tube, name), width = tube.channels.size();
  to.reserve(to.size() + tube.event_count());
  for (std::size_t i = c; i < tube.events.size(); i += width) to.push_back(tube.events[i]);
}

std::vector<float> column(const Tubes& tubes, const std::string& name) {
  std::vector<float> values;
  for (const FlowSample* tube : tubes) append_column(values, *tube, name);
  return values;
}

double share_above(std::span<const float> values, double threshold) {
  const auto n = std::count_if(values.begin(), values.end(),
                               [&](float v) { return static_cast<double>(v) > threshold; });
  return values.empty() ? 0.0 : static_cast<double>(n) / static_cast<double>(values.size());
}

/// The tubes' mixture; no separation where they have too few events above 0.
MixtureThreshold mixture(std::span<const float> values, const std::string& name) try {
  return mixture_threshold(values, name);
} catch (const core::InputError&) {
  return {};
}

/// The edge of a control's negative events.
double control_edge(const FlowSample& control, const std::string& name) {
  if (control.event_count() == 0)
    throw core::InputError({{"empty-control",
                             {},
                             control.arm,
                             fmt::format("control '{}' has no events to set a gate on", control.arm),
                             "give a control with events, or thresholds by --gate"}});
  std::vector<float> values;
  append_column(values, control, name);
  const MixtureThreshold m = mixture(values, name);
  return negative_population(values, m.found() ? m.positive : 0.0).edge;
}

void judge(GateFact& fact, std::span<const float> values, const MixtureThreshold& tubes) {
  if (values.size() < fewest) return;
  const NegativePopulation negative = negative_population(values, tubes.found() ? tubes.positive : 0.0);
  fact.negatives_cut = 1.0 - negative.below(fact.value);
}

}  // namespace

double NegativePopulation::below(double x) const {
  return 1.0 - upper_tail((std::asinh(x / scale) - centre) / sd);
}

NegativePopulation negative_population(std::span<const float> values, double positive) {
  const std::vector<double> sorted = sorted_sample(values);
  NegativePopulation out;
  if (sorted.size() < fewest || !(sorted.back() > sorted.front())) {
    if (!sorted.empty()) out.edge = sorted.back();
    out.scale = std::max(std::fabs(out.edge), 1e-300);
    out.centre = std::asinh(out.edge / out.scale);
    return out;
  }
  double share = std::clamp(positive, 0.0, 0.9);
  for (int step = 0; step < 20; ++step) {
    out = fit(sorted, share);
    const auto above = sorted.end() - std::upper_bound(sorted.begin(), sorted.end(), out.edge);
    out.beyond = static_cast<double>(above) / static_cast<double>(sorted.size());
    const double next = std::clamp((out.beyond - 0.01) / 0.99, 0.0, 0.9);
    if (std::fabs(next - share) < 1e-4) break;
    share = 0.5 * (share + next);
  }
  return out;
}

AutomaticGate automatic_gate(const Tubes& tubes, const std::string& annexin_channel,
                             const std::string& pi_channel) {
  const auto threshold = [&](const std::string& name) {
    const std::vector<float> values = column(tubes, name);
    const MixtureThreshold m = mixture_threshold(values, name);
    GateFact fact;
    fact.separation = m.separation;
    fact.separated = m.found();
    fact.control = std::numeric_limits<double>::quiet_NaN();
    fact.value = m.found() ? m.value : negative_population(values).edge;
    judge(fact, values, m);
    return fact;
  };
  return {threshold(annexin_channel), threshold(pi_channel)};
}

AutomaticGate control_gate(const FlowSample* unstained, const FlowSample* live, const Tubes& tubes,
                           const std::string& annexin_channel, const std::string& pi_channel) {
  const auto threshold = [&](const std::string& name) {
    const std::vector<float> values = column(tubes, name);
    const MixtureThreshold m = mixture(values, name);
    GateFact fact;
    fact.separation = m.separation;
    fact.separated = m.found();
    fact.control = std::numeric_limits<double>::quiet_NaN();
    fact.value = -std::numeric_limits<double>::infinity();
    for (const FlowSample* control : {unstained, live})
      if (control != nullptr) fact.value = std::max(fact.value, control_edge(*control, name));
    if (m.found() && m.value > fact.value) fact.value = m.value;
    if (live != nullptr) {
      std::vector<float> of_control;
      append_column(of_control, *live, name);
      fact.control = share_above(of_control, fact.value);
    }
    judge(fact, values, m);
    return fact;
  };
  return {threshold(annexin_channel), threshold(pi_channel)};
}

AutomaticGate judge_gate(const QuadrantGate& gate, const Tubes& tubes, const std::string& annexin_channel,
                         const std::string& pi_channel) {
  const auto threshold = [&](const std::string& name, double value) {
    const std::vector<float> values = column(tubes, name);
    const MixtureThreshold m = mixture(values, name);
    GateFact fact;
    fact.value = value;
    fact.separation = m.separation;
    fact.separated = m.found();
    fact.control = std::numeric_limits<double>::quiet_NaN();
    judge(fact, values, m);
    return fact;
  };
  return {threshold(annexin_channel, gate.annexin), threshold(pi_channel, gate.pi)};
}

}  // namespace stroma::assays
