// A long table with two factors: which columns they are, and whether a subject was measured in one cell, at
// every level of one factor, or in a way that no method here can use.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "io/group_rows.hpp"

namespace stroma::io {

struct FactorRows {
  const PlainColumn* value = nullptr;
  std::array<const PlainColumn*, 2> factor{};
  std::array<std::vector<std::string>, 2> names;  ///< of the levels, in order of appearance
  std::vector<std::array<std::size_t, 2>> level;  ///< of each value
  std::vector<long double> values;
  std::vector<std::string> block;  ///< of each value; empty where no block enters
  const PlainColumn* subject = nullptr;
  const PlainColumn* block_column = nullptr;

  /// Repeated measures: every subject (its index in `subject_of`) once at every level of factor `within`.
  bool repeated = false;
  std::size_t within = 1;
  std::vector<std::size_t> subject_of;
};

/// Reads them and says how; throws core::InputError with the readings where the columns or the design leave
/// several. Subjects that are not complete in repeated measures are left out and named.
FactorRows factor_rows(const PlainTable& table, const ColumnOptions& options, core::Understanding& facts);

}  // namespace stroma::io
