// A laboratory's own data as a report: the figures, tables and sentences of each assay's analysis, the same
// for measured and for simulated files. Sentences state what was measured; none is written in advance.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assays/cck8/cck8.hpp"
#include "core/diagnostics.hpp"
#include "core/reading.hpp"
#include "report/arms.hpp"
#include "report/document.hpp"

namespace stroma::report {

/// The arms that are tested with one another: the measured ones, and apart from them the simulated ones, of
/// which there may be any number: they must not move the p values of what was measured.
std::vector<ArmValues> tested_together(const ArmValues& values);

/// Bars of one readout with the tests between arms (compare): every arm against `reference`, or against
/// the first where that is empty or not there; measured and simulated arms apart. `reference_line`: a dashed
/// line, such as 1 for a fold change.
Figure arm_figure(const std::string& id, const std::string& title, const std::string& y_title,
                  const std::vector<ArmValues>& panels, const std::string& reference,
                  std::optional<double> reference_line = {});

/// A plate that was analysed; `simulated` ones get the word behind the name of every arm.
struct AnalysedPlate {
  assays::Plate plate;
  assays::Cck8Analysis analysis;
  bool simulated = false;
};

/// What the responses are called.
struct DoseWords {
  std::string title = "Viable cells against dose";
  std::string response = "viable cells (% of untreated)";
};

/// Dose-response curves, IC50s with the tests between arms and what they assume, the plates as heat maps.
/// Doses of one drug are all molar or all by mass.
Section dose_response_section(const std::vector<AnalysedPlate>& plates, const std::string& reference,
                              core::Diagnostics& warnings, const DoseWords& words = {});

/// Whether a name is that of a simulated arm.
bool is_simulated(const std::string& arm);

/// The name of an arm as reports show it.
std::string arm_name(const std::string& arm, bool simulated);

/// Warnings as a table, one line each: what, where, what to do. Without rows where there are none.
Table warnings_table(const core::Diagnostics& warnings);

/// How the files were read, one line a fact, with the option that says otherwise.
Section understanding_section(const core::Understanding& understanding);

}  // namespace stroma::report
