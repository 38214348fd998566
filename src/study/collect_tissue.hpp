// A tissue taken out of its surroundings and made into single cells or a lysate, for the instruments that
// read wells.
#pragma once

#include "assays/specimen.hpp"
#include "tissue/tissue.hpp"

namespace stroma::study {

/// All cells of a tissue, dissociated without loss (assumption), with the mean composition of the domain as
/// their medium: of a substance that the tissue has no field of, none. `setup` is what the tissue was founded
/// from. One simulated cell is one real cell; in two dimensions the volume is that of the plane of voxels.
assays::Specimen collect_tissue(const tissue::TissueState& state, const tissue::TissuePlan& plan,
                                const tissue::TissueSetup& setup);

}  // namespace stroma::study
