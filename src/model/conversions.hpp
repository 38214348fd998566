// Which cell types may become which.
#pragma once

#include "core/diagnostics.hpp"
#include "model/model.hpp"

namespace stroma::model {

/// Whether a cell of type `from` can become one of `to`; adds why not. Refused: a family, of which there are
/// no cells, and a type that has a network but no node in common with that of the other, of which nothing
/// would pass over.
bool check_conversion(const Model& model, Index from, Index to, const core::Place& place,
                      core::Diagnostics& problems);

}  // namespace stroma::model
