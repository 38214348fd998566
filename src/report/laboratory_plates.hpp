// Reports of what comes off plates and machines: ELISA, qPCR, blots, colonies, concentrations in plasma and
// drug combinations; and whether the tests' assumptions hold.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "assays/blot/western_blot.hpp"
#include "assays/colonies/colonies.hpp"
#include "assays/dose_response/dose_table.hpp"
#include "assays/elisa/elisa.hpp"
#include "assays/pk/pharmacokinetics.hpp"
#include "assays/qpcr/qpcr_relative.hpp"
#include "report/laboratory.hpp"
#include "stats/synergy.hpp"

namespace stroma::report {

/// Adds a value to the panel and arm of these names; both appear in the order in which they are first named.
void add_value(std::vector<ArmValues>& panels, const std::string& panel, const std::string& arm, double value,
               bool ratios, const std::string& block = {});

/// Whether panels need the names of their tables: more than one is measured, or more than one simulated. One
/// of each shares its panels, so that both stand on one axis.
template <typename Analysed>
bool need_names(const std::vector<Analysed>& tables) {
  const auto simulated =
      std::count_if(tables.begin(), tables.end(), [](const Analysed& t) { return t.simulated; });
  return simulated > 1 || static_cast<std::ptrdiff_t>(tables.size()) - simulated > 1;
}

/// A count as a cell: "6" and not "6.000".
Cell whole(std::size_t n);

/// Normality of the residuals (Shapiro-Wilk) and equality of variances (Brown-Forsythe) of each panel, on the
/// scale on which its arms are compared, in words; what speaks against a test is a warning too (not-normal,
/// unequal-variances, few-values).
Table assumptions_table(const std::vector<ArmValues>& panels, core::Diagnostics& warnings);

/// For every arm against `reference` (or the first), on the scale on which they are compared: the pooled
/// spread, the smallest difference that the present number of values would find, and how many values the next
/// experiment needs. Without rows where no two arms have two values, or none differ.
Table planning_table(const std::vector<ArmValues>& panels, const std::string& reference);

/// The section's bars with tests, assumptions and the size of the next experiment. Panels with one arm have
/// bars and no test.
void add_arms(Section& section, const std::string& id, const std::string& title, const std::string& y_title,
              const std::vector<ArmValues>& panels, const std::string& reference,
              std::optional<double> reference_line, core::Diagnostics& warnings);

struct AnalysedElisa {
  assays::Plate plate;
  assays::ElisaAnalysis analysis;
  bool simulated = false;
};
Section elisa_section(const std::vector<AnalysedElisa>& plates, const std::string& reference,
                      core::Diagnostics& warnings);

struct AnalysedQpcr {
  std::string name;  ///< of the table: a cell line, a run
  assays::RelativeAnalysis analysis;
  std::map<std::string, assays::Amplification> amplification;
  std::vector<assays::QpcrStandard> standards;
  bool simulated = false;
};
Section qpcr_section(const std::vector<AnalysedQpcr>& runs, const std::string& reference,
                     core::Diagnostics& warnings);

struct AnalysedBlot {
  std::string name;
  assays::BlotAnalysis analysis;
  bool simulated = false;
  std::string reference = {};  ///< arm of this table that its values are against; empty: that of the section
  std::vector<std::string> apart = {};  ///< arms that share no membrane with the reference: not compared
};
Section blot_section(const std::vector<AnalysedBlot>& blots, const std::string& reference,
                     core::Diagnostics& warnings);

struct AnalysedColonies {
  std::string name;
  std::vector<assays::ColonyRate> rates;
  bool simulated = false;
};
Section colonies_section(const std::vector<AnalysedColonies>& sheets, const std::string& reference,
                         core::Diagnostics& warnings);

struct PkUnits {
  std::string concentration, dose;
};
/// What a dose divided by a concentration is called, and what to multiply it by: litres (per kg of body
/// mass), or where the units do not give them, such as a dose in mg and nM in plasma, "mg per nM" and 1.
struct VolumeUnit {
  std::string name;
  double factor = 1.0;
};
VolumeUnit volume_unit(const PkUnits& units);
/// "bolus", "infusion" or "extravascular".
std::string route_name(assays::Route route);
Section pk_section(const assays::PkAnalysis& analysis, const PkUnits& units);

struct AnalysedSynergy {
  std::string name, drug1, drug2, unit1, unit2;
  stats::Checkerboard board;
  stats::Synergy synergy;
};
Section synergy_section(const std::vector<AnalysedSynergy>& blocks);

/// Tables of areas and growth rates, of how many parameters the curves need, and of relative potencies, as
/// far as they were computed.
void add_dose_measures(Section& section, const std::vector<assays::DrugResponses>& drugs);

}  // namespace stroma::report
