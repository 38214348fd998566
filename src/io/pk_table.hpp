// Concentrations in plasma, one line per sample: arm (optional), subject, time, concentration, dose
// (optional), route (optional), replicate (optional). A concentration below the limit of quantification is
// written "<5" (the limit in the column's unit), "<LOD" or "BLQ", or a column blq (cens) says 1. NONMEM's
// tables are read as well: lines of doses (EVID 1, or an amount without a measurement) become the dose of
// their subject's samples, times count from it, "." is nothing, and comment lines before the header are
// passed over.
#pragma once

#include <string>
#include <vector>

#include "assays/pk/pharmacokinetics.hpp"
#include "core/reading.hpp"
#include "io/sheet.hpp"

namespace stroma::io {

/// What the user says about a table that does not say it; empty where it does.
struct PkColumns {
  std::string time_unit, concentration_unit, dose_unit;
  std::string subject, arm;  ///< headers of columns
  std::string command;       ///< as typed, for questions
};

struct PkTable {
  std::vector<assays::PkSample> samples;  ///< times in h; concentrations in the table's unit; dose in mass
                                          ///< (or mass per body mass) of its own unit
  std::string concentration_unit, dose_unit;       ///< as the table writes them
  assays::Dosing dosing = assays::Dosing::unsaid;  ///< NONMEM's SS and II
  double tau = 0.0;                                ///< h
  core::Understanding understanding;
};

/// Throws InputError with every problem: two units in a column, negative concentrations, readings that are no
/// numbers, missing columns, empty cells of a column of replicates, several doses of one subject; and the
/// questions which-arm and no-units.
PkTable read_pk_table(const NamedText& text, const PkColumns& columns = {});

}  // namespace stroma::io
