// Caliper tables: animal (or ID), arm, day, length and width of a tumour, one line per measurement; or
// volumes instead of length and width. `day` counts days; a column `time` says its unit. The volume is length
// x width^2 / 2 (Euhus et al., J. Surg. Oncol. 31, 1986) unless another formula is given.
#pragma once

#include <string>
#include <vector>

#include "assays/growth/tumour_growth.hpp"
#include "io/caliper_columns.hpp"
#include "io/sheet.hpp"

namespace stroma::io {

inline constexpr const char* usual_volume = "length*width^2/2";

struct CaliperTable {
  std::vector<assays::TumourVolume> volumes;
  bool from_volume = false;           ///< the table has volumes
  core::Diagnostics warnings;         ///< swapped length and width, units that were not said
  core::Understanding understanding;  ///< columns, animals, arms; what was left out
};

/// Long tables, and wide ones with a column per day (day_columns.hpp). `columns`: what the user says about
/// them (caliper_columns.hpp). Cells that are empty, NA, NaN or say that the animal was dead are no
/// measurement and are counted. `formula` of length and width in mm, giving mm^3. Throws InputError with
/// every problem: missing columns, two units in a column, negative numbers, readings that are no numbers, a
/// formula that cannot be read. A column of lengths (volumes) without any unit is taken as mm (mm^3), with a
/// warning; a width above the length is a warning, and the longer is taken as length.
CaliperTable read_caliper_table(const NamedText& text, const std::string& formula = usual_volume,
                                const CaliperColumns& columns = {});

}  // namespace stroma::io
