// Replicates that stand beside each other: GraphPad's grouped tables, in which the columns of one group have
// one name (Control, Control, CAF, CAF) or numbered ones (DMEM_1, DMEM_2, CAF_1, CAF_2), and tables in which
// each row is a group and its columns are rep1, rep2, rep3. They become rows: group, replicate, value.
#pragma once

#include <optional>
#include <string>

#include "io/plain_table.hpp"

namespace stroma::io {

struct LongForm {
  PlainTable table;      ///< the other columns, then group (where columns name it), replicate and value
  std::string what;      ///< "columns DMEM_1 to DMEM_3, CAF_1 to CAF_3: 3 replicates of 2 groups"
  bool certain = false;  ///< the names leave no other reading (a sign before the number, or one name twice)
};

/// The table with replicates as rows, or nothing where its columns do not come in groups: all columns of
/// numbers without another role are numbered from 1 (or 0) within at least two names, or within one name
/// where a column of words that differ tells the rows apart.
std::optional<LongForm> replicates_as_rows(const PlainTable& table);

}  // namespace stroma::io
