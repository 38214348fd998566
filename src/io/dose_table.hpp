// Long tables of measurements that are not plates: dose responses, concentrations in plasma, combinations of
// two drugs. Forms: docs/assays.md.
#pragma once

#include <string>
#include <vector>

#include "assays/dose_table.hpp"
#include "io/sheet.hpp"

namespace stroma::io {

/// arm, dose, response; optional drug, replicate, technical. The dose's unit stands in every cell or in the
/// header (dose_uM); the response may say "response (%)" or "response_fraction". Throws InputError with all
/// problems, among them two units in one column and readings that are no numbers.
///
/// `start`: the column with the signal when the drug was added (for growth rates), or empty.
assays::DoseTable read_dose_table(const NamedText& text, const std::string& drug,
                                  const std::string& start = {});

}  // namespace stroma::io
