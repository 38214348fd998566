// What becomes of cells that others acted on. Private to the module.
#pragma once

#include "tissue/tissue_passage.hpp"

namespace stroma::tissue {

/// Carries out the contact events of the step, in time: the killed begin to die, the injured are damaged, and
/// whoever eats or fuses takes in the volume and the drug of the other, of whom nothing is left at the end of
/// the step. Assumption: nothing is lost on the way; the eater digests as its volume law has it.
void resolve_contacts(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work,
                      OutsideOfTissue& outside);

}  // namespace stroma::tissue
