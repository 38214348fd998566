// CCK-8: dehydrogenases of viable cells turn WST-8 into an orange dye, read at 450 nm after 4 h.
//   OD = background + extinction * viable,   viable = real cells live + `early_activity` of the early
//   apoptotic ones
// Analysis: blanks are subtracted, doses expressed in per cent of the arm's own zero dose, and a 4-parameter
// logistic in log dose gives the IC50. Source of the assay: Ishiyama et al., Talanta 44 (1997).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assays/plate.hpp"
#include "assays/specimen.hpp"
#include "stats/dose_response.hpp"

namespace stroma::assays {

/// Constants of the assay and the reader.
struct Cck8Instrument {
  double background =
      0.20;  ///< OD of medium with reagent, 0.1..0.4; assumption (phenol red and spontaneous reduction)
  double extinction = 5e-5;  ///< OD per viable cell after 4 h, 2e-5..1e-4; assumption (1e4 cells of an HCC
                             ///< line give 0.3..0.9)
  double early_activity =
      0.5;  ///< share of the activity of a live cell left in an early apoptotic one, 0..1; assumption
  double pipetting_cv = 0.03;  ///< of the cells or volume of one well, 0.01..0.08; assumption. 0 where the
                               ///< study has already pipetted its vessels with pipette_cells
  double reader_sd = 0.005;    ///< OD, 0.001..0.02; assumption
  double reader_limit = 3.5;   ///< OD; range of a microplate absorbance reader such as the iMark, 0..3.5
};

/// One well to be read. The same specimen may be in several wells (technical repeats of one vessel).
struct Cck8Well {
  const Specimen* specimen = nullptr;
  std::string arm;
  double dose = 0.0;  ///< nM
  int replicate = 1, technical = 1;
  std::optional<Position> position;  ///< all wells of a plate have one, or none has (then they are arranged)
};

/// A plate to be read.
struct Cck8Plate {
  std::string name;
  std::string drug;
  std::vector<Cck8Well> wells;
  std::vector<Position> blank_positions;  ///< where wells have positions
  std::size_t blanks = 3;                 ///< number of blanks where they have not
};

/// Reads the plate. Throws InputError where two wells are in one place, positions are mixed with none, the
/// plate is full or a dose is negative or not finite: all problems at once.
Plate read_cck8(const Cck8Plate& plate, const Cck8Instrument& instrument, std::uint64_t seed);

/// All repeats of one dose of an arm.
struct DosePoint {
  double dose = 0.0;        ///< nM
  std::vector<double> net;  ///< OD minus the mean blank, one per well
  std::vector<double>
      percent;        ///< of the mean net OD of the zero dose, one per well; empty where the control is dim
  double mean = 0.0;  ///< of `percent`; 0 where that is empty
};

/// One arm and replicate of a plate.
struct DoseResponse {
  std::string arm;
  int replicate = 1;
  double control_od = 0.0;        ///< mean net OD of the zero dose
  std::vector<DosePoint> points;  ///< by rising dose
  /// Logistic through all wells, in nM and per cent of control; its absolute IC50 is at 50 % of control. Look
  /// at `fit->status`: a fit may say in words that there is no IC50. None where the arm has no dose but zero
  /// or its control is dim.
  std::optional<stats::DoseResponseFit> fit;
  std::string dose_unit = "uM";  ///< in which doses are shown (dose_unit.hpp)
};

/// The logistic of a response in per cent of control, as `DoseResponse::fit` says; none for fewer than two
/// doses.
std::optional<stats::DoseResponseFit> fit_percent(const DoseResponse& response);

/// A control whose mean net OD is below this is dim: nothing can be expressed in per cent of it. Four times a
/// usual reader noise of 0.005 OD.
inline constexpr double least_control_od = 0.02;

/// What the caller knows of a plate.
struct Cck8Choices {
  std::string control = {};  ///< arm whose wells are the control of arms without a dose zero of their own
  bool no_blank = false;     ///< readings are net of the background already
  bool keep_limits = false;  ///< wells at the reader's limit count as that limit; else they are left out
};

struct Cck8Analysis {
  double blank_mean = 0.0;
  std::size_t blanks = 0;
  std::vector<DoseResponse> responses;  ///< in the order of the plate, row by row
  core::Diagnostics warnings;           ///< saturated-well, saturated-control, dim-control, no-ic50
  std::string control = {};             ///< arm that served as the control of others; empty: each has its own
  std::vector<std::string> controlled = {};  ///< those others
};

/// Analyses a plate, simulated or a user's own. A sample without a dose counts as dose zero. Arms without a
/// dose zero take that of `choices.control`, or of the only arm that has nothing else (a vehicle for several
/// drugs). A well at the reader's limit says that its signal is larger and not how large: it is left out and
/// counted; a control of which half the wells are at the limit is none. Throws InputError where there is no
/// blank, an arm has no control or several could be meant, or a sample or blank has no reading: all problems
/// at once.
Cck8Analysis analyse_cck8(const Plate& plate, const Cck8Choices& choices = {});

}  // namespace stroma::assays
