#include "assays/blot/western_blot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "assays/noise.hpp"
#include "core/errors.hpp"
#include "core/random.hpp"
#include "stats/descriptive.hpp"

namespace stroma::assays {
namespace {

// Streams: an exposure belongs to a protein of the membrane, a loading to the sample of a lane, the rest to a
// band; all by name, so that a lane more leaves the others as they were.
class Membrane {
 public:
  Membrane(const BlotInstrument& instrument, std::uint64_t seed) : instrument_(instrument), seed_(seed) {}

  double loading(const BlotLane& lane) const {
    core::Stream hand(seed_, core::Purpose::pipetting, sample_of(lane));
    return dispense(hand, instrument_.loading_cv);
  }
  double exposure(const std::string& protein) const {
    core::Stream film(seed_, core::Purpose::instrument, core::name_key(protein), -1);
    return dispense(film, instrument_.exposure_cv);
  }
  /// Fills volume and background of a band whose protein alone would give `signal`.
  void develop(BlotBand& band, double signal, const BlotLane& lane) const {
    core::Stream detector(core::derive_seed(seed_, core::name_key(band.protein)), core::Purpose::instrument,
                          sample_of(lane));
    const double noisy = signal * dispense(detector, instrument_.band_cv);
    // A detector gives no negative volume.
    band.volume =
        std::max(0.0, noisy + instrument_.background + instrument_.background_sd * detector.normal());
    band.background = std::max(0.0, instrument_.background + instrument_.background_sd * detector.normal());
    band.saturated = band.volume >= instrument_.limit;
    if (band.saturated) band.volume = instrument_.limit;
  }

 private:
  static std::uint64_t sample_of(const BlotLane& lane) {
    return core::name_key(fmt::format("{}\n{}", lane.arm, lane.replicate));
  }

  const BlotInstrument& instrument_;
  std::uint64_t seed_;
};

void check(std::span<const BlotBand> table, std::string_view control, std::string_view reference,
           core::Diagnostics& warnings) {
  core::Diagnostics problems;
  std::set<std::tuple<std::string, int, std::string>> seen;
  std::vector<std::string> proteins, arms;
  for (const BlotBand& band : table) {
    const std::string where = fmt::format("membrane {}, lane {}, {}", band.membrane, band.lane, band.protein);
    if (!seen.insert({band.membrane, band.lane, band.protein}).second)
      problems.add("duplicate-band", {}, band.arm, where + " is given twice");
    for (const double volume : {band.volume, band.background})
      if (!(volume >= 0.0) || !std::isfinite(volume))
        problems.add("bad-volume", {}, band.arm,
                     fmt::format("{}: a volume of {}; it must be 0 or more", where, volume));
    if (band.saturated)
      warnings.add("saturated-band", {}, band.arm, where + " is saturated; its volume is a lower bound",
                   "expose for a shorter time");
    proteins.push_back(band.protein);
    arms.push_back(band.arm);
  }
  const auto named = [&](std::string_view name, const std::vector<std::string>& names, const char* code,
                         const char* what) {
    if (std::find(names.begin(), names.end(), name) == names.end())
      problems.add(code, {}, std::string(name), fmt::format("the table has no {} '{}'", what, name),
                   core::did_you_mean(name, names));
  };
  named(control, proteins, "no-loading-control", "protein");
  named(reference, arms, "no-reference-arm", "arm");
  problems.throw_if_any();
}

std::optional<double> net(const BlotBand& band) {
  const double value = band.volume - band.background;
  return value > 0.0 ? std::optional(value) : std::nullopt;
}

const BlotBand* find(std::span<const BlotBand> table, const BlotBand& like, std::string_view protein) {
  for (const BlotBand& band : table)
    if (band.membrane == like.membrane && band.lane == like.lane && band.protein == protein) return &band;
  return nullptr;
}

// Mean ratio of a protein over the lanes of one membrane: all lanes, or those of one arm.
std::optional<double> mean_ratio(const std::vector<BlotReadout>& readouts, const BlotReadout& like,
                                 const std::string_view* arm) {
  std::vector<double> ratios;
  for (const BlotReadout& other : readouts)
    if (other.membrane == like.membrane && other.protein == like.protein && other.ratio &&
        (!arm || other.arm == *arm))
      ratios.push_back(*other.ratio);
  return ratios.empty() ? std::nullopt : std::optional(stats::mean(ratios));
}

}  // namespace

std::vector<BlotBand> run_blot(std::string membrane, std::span<const BlotLane> lanes,
                               std::span<const std::string> targets, const BlotInstrument& instrument,
                               std::uint64_t seed) {
  const Membrane blot(instrument, seed);
  std::vector<BlotBand> table;
  for (std::size_t l = 0; l < lanes.size(); ++l) {
    core::require(lanes[l].specimen != nullptr, "a blot needs lysates");
    const Specimen& lysate = *lanes[l].specimen;
    const double loaded = (lysate.counts().total() > 0.0 ? 1.0 : 0.0) * blot.loading(lanes[l]);
    for (std::size_t p = 0; p <= targets.size(); ++p) {
      const bool control = p == targets.size();
      const double amount =
          control ? instrument.control_gain : instrument.gain * lysate_mean(lysate, targets[p]);
      BlotBand band{membrane,
                    static_cast<int>(l) + 1,
                    lanes[l].arm,
                    lanes[l].replicate,
                    control ? instrument.loading_control : targets[p],
                    0.0,
                    0.0,
                    false};
      blot.develop(band, amount * loaded * blot.exposure(band.protein), lanes[l]);
      table.push_back(std::move(band));
    }
  }
  return table;
}

BlotComparability compare_membranes(const BlotAnalysis& analysis, std::string_view reference_arm) {
  BlotComparability out;
  std::map<std::string, std::map<std::string, std::multiset<std::string>>> arms;  // by protein and membrane
  std::set<std::string> membranes, compared;
  std::vector<std::string> all;
  for (const BlotReadout& r : analysis.readouts) {
    membranes.insert(r.membrane);
    if (std::find(all.begin(), all.end(), r.arm) == all.end()) all.push_back(r.arm);
    arms[r.protein][r.membrane];
    if (r.ratio) arms[r.protein][r.membrane].insert(r.arm);
    if (r.relative) compared.insert(r.arm);
  }
  for (const std::string& arm : all)
    if (arm != reference_arm && !compared.contains(arm)) out.apart.push_back(arm);
  for (const auto& [protein, of_membranes] : arms)
    for (const auto& [membrane, shown] : of_membranes)
      out.unequal = out.unequal || shown != of_membranes.begin()->second;
  out.membranes = membranes.size();
  return out;
}

BlotAnalysis analyse_blot(std::span<const BlotBand> table, std::string_view loading_control,
                          std::string_view reference_arm) {
  BlotAnalysis out;
  check(table, loading_control, reference_arm, out.warnings);
  for (const BlotBand& band : table) {
    const std::string where = fmt::format("membrane {}, lane {}, {}", band.membrane, band.lane, band.protein);
    if (!net(band)) out.warnings.add("no-band", {}, band.arm, where + ": no band above background");
    if (band.protein == loading_control) continue;
    BlotReadout readout{band.membrane, band.lane,    band.arm,     band.replicate,
                        band.protein,  std::nullopt, std::nullopt, std::nullopt};
    const BlotBand* control = find(table, band, loading_control);
    if (!control)
      out.warnings.add("no-loading-control", {}, band.arm,
                       fmt::format("{}: its lane has no band of {}", where, loading_control));
    else if (net(band) && net(*control))
      readout.ratio = *net(band) / *net(*control);
    out.readouts.push_back(std::move(readout));
  }
  std::set<std::pair<std::string, std::string>> unreferenced;
  for (BlotReadout& readout : out.readouts) {
    if (!readout.ratio) continue;
    readout.share = *readout.ratio / *mean_ratio(out.readouts, readout, nullptr);
    if (const auto reference = mean_ratio(out.readouts, readout, &reference_arm))
      readout.relative = *readout.ratio / *reference;
    else if (unreferenced.insert({readout.membrane, readout.protein}).second)
      out.warnings.add("no-reference", {}, readout.protein,
                       fmt::format("membrane {} shows no {} in arm '{}' to compare with", readout.membrane,
                                   readout.protein, reference_arm));
  }
  return out;
}

}  // namespace stroma::assays
