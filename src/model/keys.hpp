// The keys of model.toml and the columns of the tables beside it, each declared once (core/keys.hpp): the
// readers, `stroma schema model` and docs/model.md take them from here.
#pragma once

#include "core/keys.hpp"

namespace stroma::model {

const core::Keys& model_keys();
const core::Keys& assumption_keys();

// Columns.
const core::Keys& substance_columns();
const core::Keys& drug_columns();
const core::Keys& cell_type_columns();
const core::Keys& node_columns();
const core::Keys& drug_target_columns();
const core::Keys& mechanism_columns();
const core::Keys& rule_columns();
const core::Keys& reference_columns();

}  // namespace stroma::model
