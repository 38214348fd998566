// The two values of each subject. Pairs are found by a column (subject, block, day ...), else row by row; a
// value that is missing takes its partner with it and moves no other pair.
#pragma once

#include <string>
#include <vector>

#include "core/reading.hpp"
#include "io/group_rows.hpp"

namespace stroma::io {

struct Pairing {
  std::vector<std::string> names;  ///< of the two groups
  std::vector<long double> first, second;
  std::vector<std::string> labels;      ///< of each pair
  std::vector<std::string> incomplete;  ///< labels with a value in one group only
  const PlainColumn* by = nullptr;      ///< column that names the pairs; null: row by row
};

/// Pairs the values of exactly two groups, and says how in `facts`. With --per-subject the values of one
/// subject in a group are averaged; otherwise several are refused. Throws core::InputError (not-two-groups,
/// not-paired, not-independent).
Pairing pair_up(const PlainTable& table, const GroupColumns& columns, const ColumnOptions& options,
                core::Understanding& facts);

}  // namespace stroma::io
