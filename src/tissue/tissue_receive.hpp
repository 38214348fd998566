// How what a field lost to its sinks divides among those who draw from it. Private to the module.
#pragma once

#include <cstddef>

#include "tissue/tissue_loop.hpp"

namespace stroma::tissue {

/// Whether several draw from field f by sinks of one kind, or drugs enter cells from it: then what each of
/// them took depends on the concentration where it is. One alone took what the field lost.
bool is_shared(std::size_t f, const TissuePlan& plan, const TissueState& s, const TissueWorkspace& work);

}  // namespace stroma::tissue
