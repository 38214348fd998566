// Simulated and measured values of the same readouts side by side: how far the simulation is off, and whether
// it is equivalent. Compared are the base-2 logarithms, so that an effect is a ratio whatever the unit:
//   shift = mean log2 simulated - mean log2 measured,   equivalent: its 90 % interval lies within +-margin
// (two one-sided Welch tests, Schuirmann 1987). Arms are compared by name; what one side lacks is said.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/table.hpp"
#include "study/measure.hpp"

namespace stroma::study {

/// What the intervals say of one arm.
enum class Agreement {
  equivalent,  ///< within the margin
  off,         ///< the 95 % interval of the shift excludes 0, and the arm is not equivalent
  undecided,   ///< neither: more replicates are needed
  untested,    ///< fewer than two positive values on one side: `why_not` says so
};
std::string to_string(Agreement agreement);

/// One arm of one readout.
struct ArmAgreement {
  std::string metric, system, arm;
  std::vector<double> measured, simulated;  ///< positive, in the metric's unit
  std::optional<double> shift, low, high;   ///< log2(simulated / measured) and its 95 % interval
  std::optional<double> p_equivalence;      ///< of the two one-sided tests
  Agreement verdict = Agreement::untested;
  std::string why_not;
};

struct AgreementResult {
  std::vector<ArmAgreement> arms;          ///< in the order of the measured table
  std::vector<std::string> only_measured;  ///< "ic50, HepG2, CAF supernatant": no simulated values
  std::vector<std::string> only_simulated;
};

/// Reads a table of readouts, measured or that of a result folder (tables/readouts.csv): metric, system, arm,
/// replicate (from 1), value; `experiment` and `note` are ignored. An empty value is a missing one. Problems:
/// a value that is no number, a replicate given twice.
std::vector<Readout> read_readouts(const core::Table& table, core::Diagnostics& problems);

/// Compares arm by arm. `margin` > 0: log2 of the ratio that counts as equivalent.
AgreementResult compare(std::span<const Readout> measured, std::span<const Readout> simulated, double margin);

}  // namespace stroma::study
