// Annexin V / propidium iodide flow cytometry: annexin V binds the phosphatidylserine that dying cells turn
// outwards, propidium iodide enters where the membrane is open. Each fate stains as a lognormal population;
// quadrants are set on controls. Source of the assay: Vermes et al., J. Immunol. Methods 184 (1995).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assays/specimen.hpp"

namespace stroma::assays {

/// A lognormal population in one channel.
struct Stain {
  double median = 1.0;  ///< linear scale, arbitrary units
  double sigma = 0.0;   ///< standard deviation of the natural logarithm
};

/// How cells of one fate look.
struct FatePopulation {
  Stain fsc, ssc, annexin, pi;
};

/// Constants of the stain and the cytometer. All medians and spreads are assumptions with ranges of a factor
/// of 3 (medians) and 1.5 (spreads): separations of one to two decades between negative and positive cells,
/// as kits show, with a few per cent of each population beyond the gate. PI is compensated, so that annexin V
/// does not spill into it.
struct FlowInstrument {
  std::int64_t max_events = 10'000;
  FatePopulation live{{60e3, 0.20}, {25e3, 0.25}, {200, 0.45}, {150, 0.45}};
  FatePopulation early_apoptotic{{42e3, 0.25}, {32e3, 0.30}, {3200, 0.75}, {180, 0.45}};
  FatePopulation late_apoptotic{{28e3, 0.30}, {38e3, 0.35}, {5000, 0.85}, {3000, 0.85}};
  FatePopulation necrotic{{34e3, 0.35}, {30e3, 0.35}, {3000, 0.90}, {5000, 0.75}};
  Stain unstained_annexin{90, 0.40}, unstained_pi{80, 0.40};  ///< autofluorescence
  double range =
      262144.0;  ///< top of the scale; brighter events pile up there, as they do in a digitiser of 18 bit
};

struct FlowChannel {
  std::string name;   ///< "FITC-A"
  std::string stain;  ///< "Annexin V"
  double range = 262144.0;
  friend bool operator==(const FlowChannel&, const FlowChannel&) = default;
};

/// Raw output: one tube.
struct FlowSample {
  std::string arm;
  int replicate = 1, technical = 1;
  std::vector<FlowChannel> channels;  ///< of the simulated cytometer: FSC-A, SSC-A, FITC-A, PI-A
  std::vector<float> events;          ///< row by row, one value per channel
  std::size_t event_count() const { return channels.empty() ? 0 : events.size() / channels.size(); }
};

/// Acquires one tube: simulated cells are drawn without replacement, up to max_events; a smaller specimen
/// gives fewer events, since repeating cells would feign precision.
FlowSample acquire(const Specimen& specimen, std::string arm, int replicate, int technical,
                   const FlowInstrument& instrument, std::uint64_t seed);

/// The two tubes on which gates are set: live cells without dyes, and live cells with both (a healthy
/// culture, its dying cells excluded by scatter).
struct GatingControls {
  FlowSample unstained, live;
};
GatingControls acquire_controls(const FlowInstrument& instrument, std::uint64_t seed,
                                std::int64_t events = 10'000);

/// Thresholds of the quadrants; a value above is positive.
struct QuadrantGate {
  double annexin = 0.0, pi = 0.0;
};

/// Each threshold is the larger of the two controls' quantiles of order `quantile` in that channel. Throws
/// InputError where a control has no event or lacks a channel.
QuadrantGate set_gate(const FlowSample& unstained, const FlowSample& live, double quantile = 0.99,
                      std::string_view annexin_channel = "FITC-A", std::string_view pi_channel = "PI-A");

struct Quadrants {
  std::string arm;
  int replicate = 1, technical = 1;
  std::size_t events = 0;
  /// Fractions of all events, 0..1; 0 where there is no event.
  double live = 0.0;                ///< annexin V-, PI-
  double early = 0.0;               ///< annexin V+, PI-
  double late = 0.0;                ///< annexin V+, PI+
  double necrotic = 0.0;            ///< annexin V-, PI+
  std::optional<double> apoptotic;  ///< early + late; none without events
};

/// Counts the quadrants of one tube. Throws InputError ("unknown-channel") where it lacks a channel.
Quadrants analyse_flow(const FlowSample& sample, const QuadrantGate& gate,
                       std::string_view annexin_channel = "FITC-A", std::string_view pi_channel = "PI-A");

}  // namespace stroma::assays
