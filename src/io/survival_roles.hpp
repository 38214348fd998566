// Which columns of a table of survival hold time, status, arms, strata and subjects: by the option, else by
// name and by what stands in them. One column has one role; a guess must be plausible (times are numbers,
// arms are shared by several subjects); where two readings survive, both are offered as commands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/reading.hpp"
#include "io/plain_table.hpp"

namespace stroma::io {

/// What the user said; empty: found by name. "none" for start, arm and subject: there is no such column.
struct SurvivalColumns {
  std::string time, start, status, arm, stratum, subject;
  std::vector<std::string> event;       ///< values of the status column that mean the event
  std::vector<std::string> covariates;  ///< columns; factor(COLUMN) for names, numeric(COLUMN) for numbers
  std::vector<std::string> base;  ///< COLUMN=LEVEL: what the other levels of a covariate are compared with
  std::string command;            ///< as typed, for questions
  bool own_numbers = false;       ///< each arm numbers its own subjects: 1 of one is not 1 of another
};

/// The columns that were settled on; null where there is none.
struct SurvivalRoles {
  const PlainColumn *time = nullptr, *start = nullptr, *status = nullptr, *arm = nullptr, *stratum = nullptr,
                    *subject = nullptr;
  bool arm_said = false;                       ///< by --group, "none" too
  bool subject_said = false;                   ///< by --subject, "none" too
  std::string time_unit;                       ///< as the header or the cells write it; empty: not said
  std::vector<const PlainColumn*> covariates;  ///< those that were named
};

/// What a command needs of the arms.
enum class ArmsWanted {
  optional,  ///< without a column of arms everybody is one arm
  required,  ///< a column must be found or asked for
  no,        ///< arms are covariates: only --group is looked at
};

/// Finds them. Problems: missing-column, ask-time, ask-status, ask-start, ask-arms,
/// one-column-two-roles, no-arms (a column in which every subject has a value of its own).
SurvivalRoles find_survival_roles(const PlainTable& table, const SurvivalColumns& wanted, ArmsWanted arms,
                                  core::Diagnostics& problems);

/// "COLUMN" of "factor(COLUMN)" and "numeric(COLUMN)", where no column has that name itself.
std::string column_of_term(const PlainTable& table, const std::string& term);

/// Whether a column is a time or a status by its name, of whatever endpoint.
bool names_time_or_status(const PlainColumn& column);

/// Whether a column called x, row or no holds another number in every row.
bool counts_rows(const PlainColumn& column);

/// Distinct values of a column that are there.
std::size_t count_levels(const PlainColumn& column);

/// Whether a column of whole numbers could number groups: 2 to 12 of them, each there twice or more on
/// average.
bool numbers_groups(const PlainColumn& column);

}  // namespace stroma::io
