// Wide tables of animals: one line per animal and one column per day ("5", "day 5", "d5", "week 2"), as
// spreadsheets and several growth programs keep them. They are turned into one line per measurement; columns
// and lines of marks are read as what they are.
#pragma once

#include <optional>
#include <string>

#include "core/reading.hpp"
#include "io/sheet.hpp"

namespace stroma::io {

/// The long form of a wide sheet: its columns without a day, then `day` and `volume`; nothing where the sheet
/// has fewer than three columns of rising days. Says in `understanding` how it was read; a line without any
/// number among its days (marks of a program) is left out and said.
std::optional<core::Table> days_as_lines(const Sheet& sheet, core::Understanding& understanding);

/// Lines that a column `use`, `include` (x, yes, true, 1), `exclude` or `omit` leaves out are removed from
/// the table and listed.
void leave_out_marked(core::Table& table, core::Understanding& understanding);

}  // namespace stroma::io
