// A blot's picture as lines of a densitometry table, which the analysis of Western blots takes over.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "assays/blot/western_blot.hpp"
#include "core/diagnostics.hpp"
#include "imaging/blot.hpp"

namespace stroma::assays {

/// What is in one lane of one picture: a line of the sample sheet.
struct BlotPictureLane {
  std::string file, membrane, protein;
  int lane = 1;  ///< from 1, left to right
  std::string arm;
  int replicate = 1;
  int band = 1;  ///< which row of bands of the picture is the protein's, from 1, top to bottom
};

/// The bands of one picture as lines of a densitometry table. `lanes`: the lines of the sheet that name this
/// file. Throws core::InputError where the sheet speaks of a lane or band that was not found (no-such-lane,
/// no-such-band) or nothing was found (no-lanes), or the bands do not fit an even comb and some lanes have
/// none (lanes-uneven). Warnings: saturated-band, no-band (lanes in which no band stands out),
/// lanes-not-named (lanes found that no line names).
std::vector<BlotBand> bands_of_picture(const imaging::BlotPicture& picture,
                                       std::span<const BlotPictureLane> lanes, core::Diagnostics& warnings);

}  // namespace stroma::assays
