// Two columns of numbers of which each row holds a pair, for correlations.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/reading.hpp"
#include "io/group_rows.hpp"

namespace stroma::io {

struct TwoColumns {
  const PlainColumn *x = nullptr, *y = nullptr;
  bool x_given = false, y_given = false;
};

/// The columns of those names (empty: not given), else the only two columns of numbers that are neither
/// counters nor names of subjects. Throws core::InputError (ambiguous-columns, missing-column) with the
/// pairs that could be.
TwoColumns choose_two(const PlainTable& table, const std::string& x, const std::string& y,
                      const std::string& command);

struct PairRows {
  std::vector<long double> x, y;
  std::size_t incomplete = 0;  ///< rows with one number of the two
  const PlainColumn* subject = nullptr;
};

/// The complete pairs, one per independent unit (means of subjects with --per-subject); what the pairs are is
/// said. Throws core::InputError (not-independent) where several rows are of one subject and no option says
/// what that means.
PairRows pair_rows(const PlainTable& table, const TwoColumns& columns, const ColumnOptions& options,
                   const std::string& method, core::Understanding& facts);

}  // namespace stroma::io
