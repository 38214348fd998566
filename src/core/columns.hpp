// Columns of a table that are declared as keys are.
#pragma once

#include "core/keys.hpp"
#include "core/table.hpp"

namespace stroma::core {

/// Reports columns that are missing, unknown or named twice, against their declaration. Returns whether all
/// that it requires are there.
bool check_columns(const Table& table, const Keys& columns, Diagnostics& problems);

}  // namespace stroma::core
