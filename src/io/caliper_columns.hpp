// Which columns of a table of tumours say the animal and its arm. Found by their names (column_names.hpp) and
// checked against the cells; where two readings survive, or a column that is not known may divide the
// animals, the user is asked with every reading written out as a command.
#pragma once

#include <string>

#include "core/diagnostics.hpp"
#include "core/reading.hpp"
#include "core/table.hpp"

namespace stroma::io {

/// What the user says; empty where the table shall say it.
struct CaliperColumns {
  std::string animal, arm;  ///< headers of columns
  bool one_arm = false;     ///< all animals are one arm, whatever the columns say
  std::string command;      ///< as typed, for questions
};

/// Renames the columns of `table` that were found to "animal" and "arm", so that its reader finds them, and
/// says in `understanding` which they are, how many animals each arm has, and which columns are not used.
/// Problems: which-animal, which-arm (questions), missing-column for a named one that is not there. Warnings:
/// animals numbered anew in every arm, names of arms that differ only in their case, whole cages in one arm.
void name_caliper_columns(core::Table& table, const CaliperColumns& given, core::Understanding& understanding,
                          core::Diagnostics& warnings, core::Diagnostics& problems);

}  // namespace stroma::io
