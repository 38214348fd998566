// Western blot with densitometry: the same mass of protein is loaded in every lane, and a band's volume is
//   volume = gain x activity per cell x loading of the lane x noise of the band + background
// Analysis: background-subtracted volume over that of beta-actin in the same lane, relative to a reference
// arm on the same membrane. Source of the quantification: Degasperi et al., PLoS One 9 (2014) e87293.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assays/specimen.hpp"
#include "core/diagnostics.hpp"

namespace stroma::assays {

struct BlotInstrument {
  std::string loading_control = "beta-actin";  ///< the same amount in every cell; assumption
  double gain = 3e4;          ///< volume of a protein of activity 1 at the nominal loading; arbitrary units
  double control_gain = 2e4;  ///< of the loading control
  double background = 800.0;  ///< volume of an empty lane, 100..3000; assumption
  double background_sd =
      25.0;  ///< between places of the membrane, of the band and of its background reading; assumption
  double exposure_cv = 0.2;  ///< of the gain, for each protein of a membrane, 0..0.5; assumption
  double loading_cv = 0.10;  ///< of a lane, 0.05..0.2; assumption
  double band_cv = 0.10;     ///< of a band, 0.05..0.2; assumption
  double limit = 65535.0;    ///< a volume at which the detector (16 bit) saturates
};

/// One lane.
struct BlotLane {
  const Specimen* specimen = nullptr;
  std::string arm;
  int replicate = 1;
};

/// Raw output: one line of the densitometry table.
struct BlotBand {
  std::string membrane;
  int lane = 1;
  std::string arm;
  int replicate = 1;
  std::string protein;
  double volume = 0.0;      ///< arbitrary units, background included
  double background = 0.0;  ///< of an empty place beside the band
  bool saturated = false;
};

/// Runs one membrane: every lane for the loading control and each target (names of nodes). Throws InputError
/// for a target that no cell type has. Lanes without cells show background only.
std::vector<BlotBand> run_blot(std::string membrane, std::span<const BlotLane> lanes,
                               std::span<const std::string> targets, const BlotInstrument& instrument,
                               std::uint64_t seed);

struct BlotReadout {
  std::string membrane;
  int lane = 1;
  std::string arm;
  int replicate = 1;
  std::string protein;
  std::optional<double>
      ratio;  ///< net volume / net volume of the loading control; none where either is not above background
  std::optional<double> relative;  ///< ratio / mean ratio of the reference arm on the same membrane
  std::optional<double> share;  ///< ratio / mean ratio of all lanes of the membrane (Degasperi et al. 2014):
                                ///< comparable between membranes without taking the spread out of any arm
};

struct BlotAnalysis {
  std::vector<BlotReadout> readouts;  ///< in the order of the table, without the loading control
  core::Diagnostics warnings;         ///< saturated-band, no-band, no-loading-control, no-reference
};

/// Analyses a table, simulated or a user's own. Throws InputError where the loading control or the reference
/// arm is in no line
/// ("did you mean"), a band is given twice, or a volume is negative or not finite.
BlotAnalysis analyse_blot(std::span<const BlotBand> table, std::string_view loading_control,
                          std::string_view reference_arm);

/// How far the membranes of a table can be compared.
struct BlotComparability {
  /// Arms of which no lane can be put over the reference's on the same membrane, in any protein.
  std::vector<std::string> apart;
  /// Membranes show different arms of some protein (or lost some): shares of their lanes mean different
  /// things, and only lanes relative to the reference of the same membrane can be compared.
  bool unequal = false;
  std::size_t membranes = 0;
};
BlotComparability compare_membranes(const BlotAnalysis& analysis, std::string_view reference_arm);

}  // namespace stroma::assays
