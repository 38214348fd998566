// Which columns of a plain table hold the values, name the groups and tell who was measured. A table is long
// (a column of values, a column of groups) or wide (each column of numbers is a group). What an option says
// is taken; what the names say is taken where the cells agree; where two readings are left, both are written
// out as commands and the user decides.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/reading.hpp"
#include "io/column_names.hpp"
#include "io/plain_table.hpp"

namespace stroma::io {

/// What the command line says about the columns; empty: nothing.
struct ColumnOptions {
  std::string command;  ///< as typed: the readings of a question are written out with it
  std::string value, group, group2, subject, block;
  std::vector<std::string> columns;  ///< groups of a wide table
  bool wide = false;                 ///< each column of numbers is a group
  bool independent = false;          ///< every row is an independent unit, whatever other columns say
  bool per_subject = false;          ///< values of one subject in one group are averaged first
  bool own_numbers = false;          ///< each group numbers its own subjects: 1 of one is not 1 of another
  bool exact_names = false;          ///< 'control' and 'Control' are two groups
  bool any_case = false;             ///< they are one
};

/// Where the values and the groups are. Pointers into the table.
struct GroupColumns {
  const PlainColumn* value = nullptr;    ///< of a long table, or the only sample of a table without groups
  const PlainColumn* group = nullptr;    ///< of a long table
  std::vector<const PlainColumn*> wide;  ///< of a wide one: each is a group
  bool assumed = false;                  ///< neither an option nor a name says so: the cells do
  bool wide_table() const { return group == nullptr && value == nullptr; }
};

/// Chooses them, or throws core::InputError (ambiguous-columns, missing-column, no-numbers, one-group) with
/// the readings that are left. `several`: two or more groups are needed; otherwise one may be all there is.
/// `pairs`: of two columns of words that could be the groups, the one with two levels is.
GroupColumns choose_groups(const PlainTable& table, const ColumnOptions& options, bool several,
                           bool pairs = false);

/// The column of values beside `taken`: --value, or the only column of numbers that nothing else claims.
const PlainColumn* choose_value(const PlainTable& table, const ColumnOptions& options,
                                const std::vector<const PlainColumn*>& taken);

/// The columns that `describe` describes where there are groups and no option names one: every one of numbers
/// but for subjects, blocks, replicates, wells and counters; empty for a wide table.
std::vector<std::string> columns_to_describe(const PlainTable& table, const ColumnOptions& options);

/// The column of that name; throws missing-column with the nearest name.
const PlainColumn* column_named(const PlainTable& table, const std::string& name, const std::string& option);

/// A name as it is written on a command line: 'Mouse ID' with its quotation marks.
std::string as_argument(const std::string& name);

/// The command that was typed with another method of `stats`.
std::string with_method(const std::string& command, const std::string& method);

/// Throws one question: `message` and every reading as a command.
[[noreturn]] void ask(const PlainTable& table, std::string code, std::string message,
                      const std::string& command, const std::vector<core::Choice>& readings);

}  // namespace stroma::io
