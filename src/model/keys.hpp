// The keys of model.toml, each declared once (core/keys.hpp): the reader, `stroma schema model` and
// docs/model.md take them from here.
#pragma once

#include "core/keys.hpp"

namespace stroma::model {

const core::Keys& model_keys();
const core::Keys& assumption_keys();

}  // namespace stroma::model
