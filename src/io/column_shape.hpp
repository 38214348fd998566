// What the cells of a column look like, whatever its name: whether it counts rows, repeats a few labels as
// the groups of an experiment do, or is different in every row. A guess about a column is held against this
// before it is believed.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "io/column_names.hpp"
#include "io/plain_table.hpp"

namespace stroma::io {

struct ColumnShape {
  std::size_t filled = 0;   ///< cells that are not missing
  std::size_t levels = 0;   ///< different texts among them
  std::size_t least = 0;    ///< cells of the rarest level
  std::size_t most = 0;     ///< cells of the commonest
  bool whole = false;       ///< a column of numbers, all of them whole
  bool fractions = false;   ///< a column of numbers, at least one with decimals
  bool increasing = false;  ///< numbers, each larger than the one before it
  bool numbered = false;    ///< whole numbers from 0 or 1 without a gap: codes, counters
  bool flag = false;        ///< 0 and 1, yes and no, true and false
  bool all_distinct() const { return filled > 1 && levels == filled; }
  /// Two or more levels, each in at least two cells, or three where the numbers have decimals (doses).
  bool repeats() const { return levels >= 2 && least >= (fractions ? 3u : 2u) && levels < filled; }
};

ColumnShape shape_of(const PlainColumn& column);

/// The role that the name of a column says, where its cells agree: an index is whole numbers that increase, a
/// replicate is numbered or words, a subject is neither 0 and 1 nor measured values. Otherwise unknown.
ColumnRole plausible_role(const PlainColumn& column);

/// "'a', 'b'", or "none".
std::string listed(const std::vector<const PlainColumn*>& columns);

}  // namespace stroma::io
