#pragma once

#include <string>
#include <vector>

namespace stroma::assays {

/// The different names of `arm_of_each` (one per subject, well or tube) in the order in which they first
/// occur, `reference` moved to the front where it is given. Throws core::InputError (code unknown-arm) where
/// no arm has that name.
std::vector<std::string> ordered_arms(const std::vector<std::string>& arm_of_each,
                                      const std::string& reference);

/// Those of `arms` that are called what laboratories call an untreated control: vehicle, control, untreated,
/// PBS, DMSO, placebo, saline, sham, mock ..., as the whole name; where none is, those with such a word in
/// their name ("vehicle (DMSO)", "IgG control"), but for combinations ("DMSO + drug").
std::vector<std::string> arms_called_control(const std::vector<std::string>& arms);

}  // namespace stroma::assays
