// A finding is a published comparison of two arms in one readout. Its verdict is taken from the interval of
// the log2 ratio that the simulated laboratory measured, and only then held against what was published:
// nothing before this file knows what is expected.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/table.hpp"
#include "study/measure.hpp"

namespace stroma::study {

enum class Direction { up, down, same };
enum class Role { calibrated, predicted };
enum class Verdict { reproduced, contradicted, inconclusive };
std::string to_string(Direction d);
std::string to_string(Role r);
std::string to_string(Verdict v);

/// A row of findings.csv.
struct Finding {
  std::string id, figure, system, readout, arm, reference_arm;
  Direction expected = Direction::up;
  Role role = Role::predicted;
  std::string experiment;  ///< file stem
  std::string note;
};
std::vector<Finding> read_findings(const core::Table& table, core::Diagnostics& problems);

/// The comparison at a number of replicates.
struct Comparison {
  int n = 0;                                   ///< values per arm (the smaller)
  std::optional<double> effect, low, high, p;  ///< log2 ratio and its 95 % interval
  std::string test;
  std::string why_not;  ///< where there is no comparison
  Verdict verdict = Verdict::inconclusive;
};

/// What the interval says: entirely above 0 is up, entirely below is down; "same" needs the whole interval
/// within
/// +-equivalence_margin. An interval against the expected direction contradicts; anything else is
/// inconclusive.
inline constexpr double equivalence_margin =
    0.3219280948873623;  // log2(1.25), the usual bioequivalence bound
Verdict judge(Direction expected, double low, double high);

struct Assessment {
  Finding finding;
  Comparison at_paper_n, at_full_n;
};

/// Compares the arms of a finding over the first `n` replicates (all for n <= 0).
Comparison compare(const Finding& finding, std::span<const Readout> readouts, int n);

}  // namespace stroma::study
