#include "assays/flow/flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/diagnostics.hpp"
#include "core/errors.hpp"
#include "core/maths.hpp"
#include "core/random.hpp"
#include "stats/descriptive.hpp"

namespace stroma::assays {
namespace {

std::vector<FlowChannel> channels(const FlowInstrument& instrument) {
  return {{"FSC-A", "", instrument.range},
          {"SSC-A", "", instrument.range},
          {"FITC-A", "Annexin V", instrument.range},
          {"PI-A", "Propidium iodide", instrument.range}};
}

float detect(core::Stream& stream, const Stain& stain, double range) {
  const double value = stain.median * core::maths::exp(stain.sigma * stream.normal());
  return static_cast<float>(std::min(value, range - 1.0));
}

void append_event(FlowSample& sample, core::Stream& stream, const FatePopulation& look, double range) {
  for (const Stain* stain : {&look.fsc, &look.ssc, &look.annexin, &look.pi})
    sample.events.push_back(detect(stream, *stain, range));
}

std::size_t channel(const FlowSample& sample, std::string_view name) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < sample.channels.size(); ++c) {
    if (sample.channels[c].name == name) return c;
    names.push_back(sample.channels[c].name);
  }
  core::Diagnostics problems;
  problems.add("unknown-channel", {}, std::string(name),
               fmt::format("tube '{}' has no channel '{}'", sample.arm, name),
               core::did_you_mean(name, names));
  problems.throw_if_any();
  throw core::InternalError("unreachable");
}

std::vector<double> column(const FlowSample& sample, std::string_view name) {
  const std::size_t c = channel(sample, name);
  std::vector<double> values(sample.event_count());
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<double>(sample.events[i * sample.channels.size() + c]);
  return values;
}

// By fate: the simulated cells, or, where they stand for different numbers, the real ones.
std::array<std::int64_t, 4> cells_to_draw_from(const Specimen& specimen) {
  const CellCounts counts = specimen.counts();
  const double each = specimen.is_weighted() ? specimen.scale : 1.0;
  return {std::llround(each * counts.live), std::llround(each * counts.early_apoptotic),
          std::llround(each * counts.late_apoptotic), std::llround(each * counts.necrotic)};
}

}  // namespace

FlowSample acquire(const Specimen& specimen, std::string arm, int replicate, int technical,
                   const FlowInstrument& instrument, std::uint64_t seed) {
  core::require(instrument.max_events >= 0, "a negative number of events");
  FlowSample sample{std::move(arm), replicate, technical, channels(instrument), {}};
  std::array<std::int64_t, 4> left = cells_to_draw_from(specimen);
  const std::array<const FatePopulation*, 4> looks{&instrument.live, &instrument.early_apoptotic,
                                                   &instrument.late_apoptotic, &instrument.necrotic};
  std::int64_t cells = std::accumulate(left.begin(), left.end(), std::int64_t{0});
  const std::int64_t events = std::min(cells, instrument.max_events);
  sample.events.reserve(static_cast<std::size_t>(events) * sample.channels.size());
  core::Stream draw(seed, core::Purpose::sampling, 0), detector(seed, core::Purpose::instrument, 0);
  // Without replacement: the next event is any of the cells left, all equally likely.
  for (std::int64_t e = 0; e < events; ++e, --cells) {
    auto pick = std::min(static_cast<std::int64_t>(draw.uniform() * static_cast<double>(cells)), cells - 1);
    std::size_t fate = 0;
    while (pick >= left[fate]) pick -= left[fate++];
    --left[fate];
    append_event(sample, detector, *looks[fate], instrument.range);
  }
  return sample;
}

GatingControls acquire_controls(const FlowInstrument& instrument, std::uint64_t seed, std::int64_t events) {
  GatingControls controls{{"unstained control", 1, 1, channels(instrument), {}},
                          {"live control", 1, 1, channels(instrument), {}}};
  FatePopulation unstained = instrument.live;
  unstained.annexin = instrument.unstained_annexin;
  unstained.pi = instrument.unstained_pi;
  core::Stream first(seed, core::Purpose::instrument, 1), second(seed, core::Purpose::instrument, 2);
  for (std::int64_t e = 0; e < events; ++e) {
    append_event(controls.unstained, first, unstained, instrument.range);
    append_event(controls.live, second, instrument.live, instrument.range);
  }
  return controls;
}

QuadrantGate set_gate(const FlowSample& unstained, const FlowSample& live, double quantile,
                      std::string_view annexin_channel, std::string_view pi_channel) {
  core::Diagnostics problems;
  for (const FlowSample* control : {&unstained, &live})
    if (control->event_count() == 0)
      problems.add("empty-control", {}, control->arm,
                   fmt::format("control '{}' has no events to set a gate on", control->arm));
  problems.throw_if_any();
  const auto threshold = [&](std::string_view name) {
    return std::max(stats::quantile(column(unstained, name), quantile),
                    stats::quantile(column(live, name), quantile));
  };
  return {threshold(annexin_channel), threshold(pi_channel)};
}

Quadrants analyse_flow(const FlowSample& sample, const QuadrantGate& gate, std::string_view annexin_channel,
                       std::string_view pi_channel) {
  const std::size_t a = channel(sample, annexin_channel), p = channel(sample, pi_channel),
                    width = sample.channels.size();
  std::array<std::size_t, 4> n{};
  Quadrants out{sample.arm, sample.replicate, sample.technical, sample.event_count(), 0.0, 0.0, 0.0,
                0.0,        std::nullopt};
  for (std::size_t e = 0; e < out.events; ++e) {
    const bool annexin = static_cast<double>(sample.events[e * width + a]) > gate.annexin;
    const bool pi = static_cast<double>(sample.events[e * width + p]) > gate.pi;
    ++n[static_cast<std::size_t>(annexin) + 2 * static_cast<std::size_t>(pi)];
  }
  if (out.events == 0) return out;
  const double all = static_cast<double>(out.events);
  out.live = static_cast<double>(n[0]) / all;
  out.early = static_cast<double>(n[1]) / all;
  out.necrotic = static_cast<double>(n[2]) / all;
  out.late = static_cast<double>(n[3]) / all;
  out.apoptotic = static_cast<double>(n[1] + n[3]) / all;
  return out;
}

}  // namespace stroma::assays
