// One function for each assay, in its folder.
#pragma once

#include "assays/descriptor.hpp"

namespace stroma::assays {

Descriptor annexin_assay();
Descriptor blot_assay();
Descriptor blot_picture_assay();
Descriptor cck8_assay();
Descriptor colonies_assay();
Descriptor colony_picture_assay();
Descriptor dose_response_assay();
Descriptor elisa_assay();
Descriptor fluorescence_assay();
Descriptor growth_assay();
Descriptor ihc_assay();
Descriptor pk_assay();
Descriptor qpcr_assay();
Descriptor survival_assay();
Descriptor synergy_assay();

}  // namespace stroma::assays
