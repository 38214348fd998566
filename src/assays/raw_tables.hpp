// Raw output as the tables that a laboratory keeps; io reads them, and a user's own in many other forms.
#pragma once

#include <string>
#include <vector>

#include "assays/blot/western_blot.hpp"
#include "assays/colonies/colonies.hpp"
#include "assays/elisa/elisa.hpp"
#include "assays/plate.hpp"
#include "assays/qpcr/qpcr.hpp"

namespace stroma::assays {

/// Optical densities as the reader exports them: header row,1,...,12; rows A..H; an empty well is an empty
/// cell, a well beyond the reader's limit is written as ">3.5".
std::string write_plate_grid(const Plate& plate);

/// What is in each well, one line per well that is not empty: well, role (blank, standard, sample), arm,
/// replicate, technical, dose (with its unit), standard (with its unit), dilution.
std::string write_plate_map(const Plate& plate);

/// arm, replicate, gene, technical, ct; an undetermined well is written "Undetermined".
std::string write_ct_table(const std::vector<CtRow>& table);

/// membrane, lane, arm, replicate, protein, volume, background, saturated (yes or no).
std::string write_densitometry(const std::vector<BlotBand>& table);

/// arm, replicate, technical, plated, colonies.
std::string write_colony_counts(const std::vector<ColonyCount>& sheet);

/// arm, replicate, cells, volume (with its unit).
std::string write_cell_counts(const std::vector<CellCount>& sheet);

}  // namespace stroma::assays
