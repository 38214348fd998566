// Survival tables: subject, arm, time, status, and where asked for a stratum and covariates; one line per
// subject. The unit of time stands in the header ("time (days)", "time_weeks", or "months" alone) or in every
// cell, and is kept.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assays/survival.hpp"
#include "io/sheet.hpp"

namespace stroma::io {

/// Columns to read, by name; empty: the usual names, and no further ones.
struct SurvivalColumns {
  std::string stratum;
  std::vector<std::string> covariates;  ///< of numbers, or of words: one indicator per level but the first
  std::string time = {}, status = {}, arm = {};  ///< where they have other names than the usual ones
};

struct SurvivalTable {
  assays::SurvivalData data;
  std::string time_unit;           ///< as the table writes it; empty where it says none
  std::vector<std::string> notes;  ///< how words among the covariates were read
};

/// Whether a status means the event: 1, or dead, died, death, event, progressed, yes, true; 0, or alive,
/// censored, no, false, none. Nothing for any other text.
std::optional<bool> event_of(std::string_view status);

/// A column of status that holds 1 and 2 and no 0 has the event as 2, as R's survival package reads it.
/// Without a column called arm, group, treatment or condition the only column of words names the arms. Throws
/// InputError with every problem: missing columns, negative or missing times, any other status, a subject of
/// an arm that is there twice, two units in a column, per cent among fractions.
SurvivalTable read_survival_table(const NamedText& text, const SurvivalColumns& columns);

}  // namespace stroma::io
