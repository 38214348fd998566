// The files of a laboratory, both ways: plate grids and plate maps, Ct tables, densitometry, counting sheets,
// FCS tubes. What an assay's simulated instrument gives and what a user's own instrument gave have the same
// form. Forms: docs/assays.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assays/blot/western_blot.hpp"
#include "assays/colonies/colonies.hpp"
#include "assays/elisa/elisa.hpp"
#include "assays/flow/flow.hpp"
#include "assays/plate.hpp"
#include "assays/qpcr/qpcr.hpp"
#include "core/reading.hpp"
#include "io/fcs.hpp"
#include "io/sheet.hpp"

namespace stroma::io {

/// The plate that a grid and a map describe together; the grid may stand between other lines, and `read` says
/// which where a file has several (choose_grid); `reference` names one that is subtracted from it, well by
/// well. The map is a list (read_list_map) or a grid (read_grid_map). Wells that the file or the map leaves
/// out (Omit, Include, marks) are empty. `said` (or null) is told which read and which wells were used.
/// Throws InputError with every problem of both files, one cause once: readings that are no number, a well
/// mapped twice or outside the plate, a mapped well without a reading, a dose without unit, a replicate or
/// technical repeat below 1. Wells that the map does not name are empty, whatever the reader saw there; what
/// is wrong outside the chosen read is no matter.
assays::Plate read_plate(const NamedText& grid, const NamedText& map, std::string name,
                         std::string substance = {}, std::string_view read = {},
                         std::string_view reference = {}, core::Understanding* said = nullptr);

std::vector<assays::CtRow> read_ct_table(const NamedText& text);

std::vector<assays::BlotBand> read_densitometry(const NamedText& text);

std::vector<assays::ColonyCount> read_colony_counts(const NamedText& text);

std::vector<assays::CellCount> read_cell_counts(const NamedText& text);

/// A tube as FCS; arm and replicate are the keywords ARM, REPLICATE and TECHNICAL.
Fcs to_fcs(const assays::FlowSample& sample);
/// The reverse, for any file of annexin V and PI data; a tube without those keywords is called `name`.
assays::FlowSample from_fcs(const Fcs& fcs, const std::string& name);

}  // namespace stroma::io
