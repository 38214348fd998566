// Densitometry: Stroma's own table, or ImageJ's results (Label, Area, Mean, RawIntDen) with a sheet that says
// what each measured box is.
#pragma once

#include <vector>

#include "assays/blot/western_blot.hpp"
#include "io/sheet.hpp"

namespace stroma::io {

/// Reads either form. The sheet has one line per label: label, membrane, lane, arm, replicate, protein, what
/// (band or background). A band's volume is RawIntDen (else IntDen, else Area x Mean); its background is the
/// mean of the background boxes of its membrane and protein (of its own lane where there is one) times its
/// area. Throws InputError: unknown-label, no-background, no-densitometry and those of tables.
std::vector<assays::BlotBand> read_densitometry_export(const NamedText& text, const NamedText& sheet);

}  // namespace stroma::io
