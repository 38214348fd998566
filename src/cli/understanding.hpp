// How the files were read, for a terminal and for machines: the same for every command.
#pragma once

#include <nlohmann/json.hpp>

#include "core/reading.hpp"

namespace stroma::cli {

/// One line a fact under "read as:"; nothing where nothing was understood.
void print_understanding(const core::Understanding& understanding);

/// [{about, what, basis: given | found | assumed, option}]
nlohmann::ordered_json understanding_json(const core::Understanding& understanding);

}  // namespace stroma::cli
