// Checkerboards as long tables, in the form of SynergyFinder: block_id (or PairIndex), drug1, drug2, conc1,
// conc2, response, conc_unit (or conc_unit1 and conc_unit2). Lines of one block and pair of doses are
// replicates.
#pragma once

#include <string>
#include <vector>

#include "core/reading.hpp"
#include "io/sheet.hpp"
#include "stats/synergy.hpp"

namespace stroma::io {

/// What the numbers of the response column are.
enum class SynergyResponse {
  unknown,             ///< by the header (inhibition, viability) and by the wells without any drug, or asked
  inhibition_percent,  ///< SynergyFinder's own
  viability_percent,
  inhibition_fraction,
  viability_fraction
};

struct SynergyBlock {
  std::string name, drug1, drug2, unit1, unit2;
  stats::Checkerboard board;  ///< effects as inhibition, fractions of control
};

/// Throws InputError with every problem: a pair of doses that is missing, a block without dose zero of a drug
/// or with fewer than 3 doses, two units in a block, readings that are no numbers, lines that are there
/// twice, percent where a fraction is meant or the reverse, inhibition where viability is meant or the
/// reverse (the wells without any drug tell) and responses that may be either. `said` is told what was taken
/// for what; `command`, as typed, is for questions.
std::vector<SynergyBlock> read_synergy_table(const NamedText& text, SynergyResponse response,
                                             core::Understanding* said = nullptr,
                                             const std::string& command = {});

}  // namespace stroma::io
