// Which rows of a column of status had the event. The name of the column says which way it counts
// ("censored": yes is no event; "dead": yes is the event), words say it themselves (Deceased, Living,
// 1:DECEASED as cBioPortal writes it), and codings of common software are known: 0 and 1, R's 1 and 2,
// CDISC's CNSR. What none of these settles is asked, with the number of events of each reading.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"
#include "io/plain_table.hpp"

namespace stroma::io {

/// Which way a column counts, by its name alone.
enum class StatusDirection {
  unknown,    ///< the name says nothing: 1 and yes are taken for the event, as an assumption
  event,      ///< status, event, dead, death, relapse, OS_STATUS: 1 and yes are the event
  no_event,   ///< censored, alive, survived, relapse-free, CNSR: 1 and yes are no event
  ambiguous,  ///< cens, censor, censoring: data sets use them both ways
};

StatusDirection direction_of_status(std::string_view name);

/// A column of status as it was read.
struct StatusReading {
  std::vector<int> event;  ///< of each row: 1 the event, 0 none, -1 missing
  std::string coding;      ///< "no = event, yes = none", in the words of the column
  bool assumed = false;    ///< by convention only: 1 and 2, or a name that says nothing
};

/// Reads it. `event`: the values that mean the event, as the user said; empty: found out. `command`: as
/// typed, for questions. Problems: ask-status (readings that could be, with their events), bad-status (words
/// among known ones that are none, with the place of the first), unknown-event (a value that the column does
/// not have). Nothing where there were any.
std::optional<StatusReading> read_status(const PlainColumn& column, const std::vector<std::string>& event,
                                         const std::string& command, core::Diagnostics& problems);

}  // namespace stroma::io
