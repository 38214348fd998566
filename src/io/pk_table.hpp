// Concentrations in plasma: arm (optional), subject, time, concentration, dose (optional). A concentration
// below the limit of quantification is written "<5" (the limit in the column's unit), "<LOD" or "BLQ".
#pragma once

#include <string>
#include <vector>

#include "assays/pharmacokinetics.hpp"
#include "io/sheet.hpp"

namespace stroma::io {

struct PkTable {
  std::vector<assays::PkSample> samples;  ///< times in h; concentrations in the table's unit; dose in mass
                                          ///< (or mass per body mass) of its own unit
  std::string concentration_unit, dose_unit;  ///< as the table writes them
};

/// Throws InputError with every problem: two units in a column, negative times or concentrations, readings
/// that are no numbers, missing columns.
PkTable read_pk_table(const NamedText& text);

}  // namespace stroma::io
