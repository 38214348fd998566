// Long tables of measurements that are not plates: dose responses, concentrations in plasma, combinations of
// two drugs. Forms: docs/assays.md.
#pragma once

#include <string>
#include <vector>

#include "assays/dose_response/dose_table.hpp"
#include "io/sheet.hpp"

namespace stroma::io {

/// What the caller knows of a table.
struct DoseTableChoices {
  std::string drug = "drug";  ///< where the table has no column drug
  std::string start =
      {};                 ///< the column with the signal when the drug was added (for growth rates), or empty
  std::string time = {};  ///< of a table with several times, the one that is meant
  std::string command = {};  ///< as typed, for questions
};

/// arm, dose, response; optional drug, replicate, technical, plate, well, time. The dose's unit stands in
/// every cell or in the header (dose_uM); the response may say "response (%)", "response_fraction" or
/// "inhibition". Throws InputError with all problems, among them two units in one column, readings that are
/// no numbers, lines that are there twice, a replicate that some lines do not have, and several times where
/// none is named.
assays::DoseTable read_dose_table(const NamedText& text, const DoseTableChoices& choices);

}  // namespace stroma::io
