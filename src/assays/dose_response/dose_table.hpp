// Dose responses as a long table, from any assay and plate format: one line per measurement. Responses are
// expressed in per cent of the same arm's and replicate's own dose zero, or are that already, and are
// analysed as those of a plate are (cck8.hpp).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assays/cck8/cck8.hpp"
#include "assays/dose_response/dose_measures.hpp"
#include "assays/dose_response/reported_ic50.hpp"
#include "core/diagnostics.hpp"
#include "core/parallel.hpp"
#include "core/reading.hpp"

namespace stroma::assays {

/// What the numbers of the response column are.
enum class ResponseScale {
  unknown,              ///< not said: any signal, divided by that of dose zero
  percent,              ///< per cent of control, 0 to about 100
  fraction,             ///< of control, 0 to about 1
  inhibition,           ///< inhibition, per cent or fraction by its size
  inhibition_percent,   ///< 100 minus per cent of control
  inhibition_fraction,  ///< 1 minus fraction of control
  signal,               ///< any signal, also one that rises from next to nothing
};

struct DoseRow {
  std::string drug, arm;
  int replicate = 1, technical = 1;
  double dose = 0.0;  ///< as it is held: nM or ng/mL (dose_unit.hpp)
  double response = 0.0;
  std::optional<double> at_start;  ///< signal when the drug was added, in the unit of `response`
  core::Place place;
  std::string dose_unit = "uM";  ///< in which `dose` is shown
};

struct DoseTable {
  std::vector<DoseRow> rows;
  ResponseScale scale = ResponseScale::unknown;  ///< as the header says
  bool replicates_said = false;                  ///< there is a column `replicate`
  bool technical_said = false;                   ///< there is a column `technical`
  core::Understanding understanding = {};        ///< which columns were taken for what
};

/// Which curve is fitted.
enum class CurveChoice { automatic, three, four, five };

struct DoseTableOptions {
  ResponseScale scale = ResponseScale::unknown;   ///< the user's word; goes before the header's
  CurveChoice curve = CurveChoice::automatic;     ///< automatic: as for plates
  bool robust = false;                            ///< outlying measurements count less, or nothing
  std::optional<stats::SharedParameters> shared;  ///< compare potencies with curves that share these
  std::string reference;                          ///< arm that potencies are relative to; empty: the first
  core::Threads threads;
  std::string command = {};  ///< as typed, for questions
};

/// All curves of one drug.
struct DrugResponses {
  std::string drug;
  std::vector<DoseResponse> responses;  ///< by arm and replicate, in the order of the table
  std::vector<DoseMeasures> measures;   ///< one for each of them
  std::optional<PotencyComparison> potency;
};

struct DoseTableAnalysis {
  std::vector<DrugResponses> drugs;
  core::Diagnostics warnings;  ///< no-ic50, dim-control, no-growth-rate, dead-wells, pseudo-replication
  core::Understanding understanding = {};  ///< columns, unit, scale and direction, curves
};

/// Throws InputError, all problems at once: an arm and replicate without dose zero whose responses are not
/// said to be per cent or fractions of control; responses that can be read both ways ("percent-or-fraction":
/// the header says per cent and no value is above 1.5, or some arms reach 20 and others do not reach 1.5);
/// responses that rise from next to nothing and may be inhibition ("inhibition-or-signal").
DoseTableAnalysis analyse_dose_table(DoseTable table, const DoseTableOptions& options);

}  // namespace stroma::assays
