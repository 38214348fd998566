// Survival tables: one row per subject, or per interval of its observation, with time, status, and where the
// table has them arms, strata and covariates. Which column is which: survival_roles.hpp; which rows had the
// event: status_column.hpp. What was understood is said in a few lines before any result.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "assays/survival/survival.hpp"
#include "core/reading.hpp"
#include "io/plain_table.hpp"
#include "io/sheet.hpp"
#include "io/survival_roles.hpp"

namespace stroma::io {

/// A covariate: one coefficient as a number, or one per name but the base.
struct SurvivalTerm {
  std::string column;
  bool levels = false;
  std::string base;  ///< the name that the others are compared with
  std::size_t coefficients = 0;
};

struct SurvivalTable {
  assays::SurvivalData data;        ///< complete rows: one per subject, or per interval of one
  std::vector<std::size_t> rows;    ///< of each of them, in the table
  std::vector<SurvivalTerm> terms;  ///< data.covariates are their coefficients, in this order
  std::string time, status, arm, stratum, subject;  ///< names of the columns; empty: there is none
  std::string time_unit;                            ///< as the table writes it; empty where it says none
  std::size_t subjects = 0;                         ///< independent units
  std::size_t events = 0;                           ///< of them
  bool late_entries = false;                        ///< rows are at risk from a start on
  core::Understanding understanding;
};

/// Reads it. `every_covariate`: without names, each column without another role is a covariate (Cox).
/// `reference`: level of the arms that the others are compared with, where arms are covariates; empty: the
/// first. Rows with a missing cell in a column that is used are left out and counted. Throws InputError with
/// every problem: those of find_survival_roles and read_status, negative-time, empty-interval,
/// overlapping-intervals, repeated-subjects (rows of one subject that are no intervals), repeated-events,
/// no-rows, no-censored-times, two-units, bad-reference, unknown-level, one-level.
SurvivalTable read_survival_table(const PlainTable& table, const SurvivalColumns& wanted, ArmsWanted arms,
                                  bool every_covariate = false, const std::string& reference = {});

/// The same of a text.
SurvivalTable read_survival_table(const NamedText& text, const SurvivalColumns& wanted,
                                  ArmsWanted arms = ArmsWanted::optional);

/// The terms of a Cox model: wanted.covariates, with the arms where they are named; where nothing is and
/// `every`, each column that has no other role. A column of arms by name is one of names although it holds
/// numbers, but for numeric(COLUMN).
struct TermColumn {
  const PlainColumn* column = nullptr;
  bool levels = false;
  std::string base;
  bool said = false;  ///< as numbers or names by the option
  bool arms = false;  ///< the arms, of which one called a control is the base
};
std::vector<TermColumn> find_survival_terms(const PlainTable& table, const SurvivalColumns& wanted,
                                            const SurvivalRoles& roles, bool every,
                                            const std::string& reference, core::Diagnostics& problems);

/// Adds the coefficients of `terms` to `out`, whose rows are known, and says how they were read.
void add_survival_terms(SurvivalTable& out, const PlainTable& table, const std::vector<TermColumn>& terms,
                        core::Diagnostics& problems);

}  // namespace stroma::io
