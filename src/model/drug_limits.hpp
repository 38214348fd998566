// Where a dose of a drug is beyond what the model knows of it.
#pragma once

#include <string>
#include <vector>

#include "model/model.hpp"

namespace stroma::model {

/// What to say of a concentration [nM, total in the medium] of a substance: one sentence for each limit of
/// its drug (`solubility`, `acute_toxicity`) that it exceeds. Empty for what is no drug or has no limits.
std::vector<std::string> beyond_limits(const Model& model, Index substance, double concentration);

}  // namespace stroma::model
