// What the name of a column says about its role, as laboratories write them: one list of words for every
// command. Names are compared as plain_name does ("Mouse ID" = "mouse_id" = "mouseid").
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace stroma::io {

/// What a column is for, by its name alone.
enum class ColumnRole {
  unknown,
  subject,    ///< who was measured: mouse, animal, patient, donor, culture, litter, cage, sample ...
  block,      ///< what was measured together: membrane, plate, experiment, batch, run, block
  replicate,  ///< counts repeats: replicate, rep, repeat, n, well repeat; no group and no value
  index,      ///< counts rows: X, row, no, index, obs
  time,       ///< day, week, time, hours
  dose,       ///< dose, concentration, conc
  well,       ///< well, position
  group,      ///< group, arm, treatment, condition, genotype
  status,     ///< event, status, dead, censored, alive, OS status
};

ColumnRole role_of_column(std::string_view name);

/// Every name of a role, plain (small letters, no blanks or signs): aliases for tables with fixed columns.
const std::vector<std::string>& names_of(ColumnRole role);

}  // namespace stroma::io
