// The columns of those tables that are read by the names of their columns: what may be there, what must,
// under which names and in which dimensions. Each stands with its reader.
#pragma once

#include <vector>

#include "io/measured_table.hpp"

namespace stroma::io {

/// Of caliper tables; `volumes`: those with volumes in place of lengths and widths.
std::vector<ColumnSpec> caliper_columns(bool volumes);
/// Of the Ct tables of qPCR machines.
std::vector<ColumnSpec> ct_columns();
/// Of long tables of dose responses; `start`: the column with the signal at the start, or empty.
std::vector<ColumnSpec> dose_columns(const std::string& start);
/// Of tables of concentrations in plasma.
std::vector<ColumnSpec> pk_columns();

}  // namespace stroma::io
