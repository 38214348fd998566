// The rows of a plain table as values of groups, and which of them are independent. A column of subjects,
// blocks, replicates or times says how rows hang together; where they do, the rows are not pooled: the mean
// of each subject is the value, blocks enter the model, or the user is asked with every reading as a command.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/reading.hpp"
#include "io/group_columns.hpp"

namespace stroma::io {

/// Values with their group and the row of the table that each comes from.
struct GroupRows {
  std::vector<std::string> names;  ///< of the groups, in order of appearance
  std::vector<std::size_t> group;  ///< of each value: index of its name
  std::vector<long double> value;
  std::vector<std::size_t> row;
  std::vector<std::string> subject;  ///< of each value; empty where nothing says it
  std::vector<std::string> block;    ///< of each value; empty where no block enters
  std::size_t left_out = 0;          ///< rows without a group or a value

  std::size_t size() const { return value.size(); }
};

/// Rows of long and wide tables alike: of a wide one each cell is a value, its column the group. Rows without
/// a value are counted and left out, or kept as NaN with `keep_missing`. Names that differ only in case or
/// blanks are asked about.
GroupRows rows_of(const PlainTable& table, const GroupColumns& columns, const ColumnOptions& options,
                  core::Understanding& facts, bool keep_missing = false);

/// The names in a column with those that differ only in case or blanks made one (--any-case), kept apart
/// (--exact-names), or asked about.
std::vector<std::string> settled_names(const PlainTable& table, const PlainColumn& column,
                                       const ColumnOptions& options, core::Understanding& facts);

/// How the labels of one column lie across the groups.
struct Crossing {
  std::size_t labels = 0;      ///< different ones
  std::size_t cells = 0;       ///< pairs of group and label that occur
  std::size_t repeated = 0;    ///< of them with several rows
  std::size_t shared = 0;      ///< labels that occur in several groups
  std::size_t everywhere = 0;  ///< labels that occur in every group
  std::size_t example = 0;     ///< the group in which most rows share a label
  std::size_t example_rows = 0, example_labels = 0;
};
Crossing crossing_of(const GroupRows& rows, const PlainColumn& column);

/// What a method can do with rows that belong together.
struct Ability {
  std::string method;           ///< its name on the command line
  bool blocks = false;          ///< it has a model with blocks
  bool only_describes = false;  ///< it tests nothing: what is not independent is noted, not refused
};

struct Units {
  GroupRows rows;                        ///< one per independent value
  const PlainColumn* subject = nullptr;  ///< column that names the independent unit
  const PlainColumn* block = nullptr;    ///< column whose labels enter the model
  bool means = false;                    ///< values are means of a subject's rows
  std::vector<std::string> notes;
};

/// Decides which rows are independent, and says so in `facts`; throws core::InputError (not-independent) with
/// the readings where the table shows repeated measures, nesting or blocks that the options do not settle.
Units units_of(const PlainTable& table, const GroupColumns& columns, GroupRows rows,
               const ColumnOptions& options, const Ability& can, core::Understanding& facts);

/// The column of subjects: --subject, or the one whose name says so and whose cells agree; of several the
/// one with the fewest labels. Null where there is none.
const PlainColumn* choose_subject(const PlainTable& table, const ColumnOptions& options);

/// Says the roles of the columns: value, groups with n, and what was not used.
void say_columns(const PlainTable& table, const GroupColumns& columns, const ColumnOptions& options,
                 const Units& units, core::Understanding& facts);

/// "'X' (counts the rows), 'dose' (3 levels, pooled)" of the columns that have no role here.
std::string unused_columns(const PlainTable& table, const std::vector<const PlainColumn*>& used);

}  // namespace stroma::io
