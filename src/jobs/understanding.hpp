// How the files were read, for machines: the same for every command.
#pragma once

#include <nlohmann/json.hpp>

#include "core/reading.hpp"

namespace stroma::jobs {

/// [{about, what, basis: given | found | assumed, option}]
nlohmann::ordered_json understanding_json(const core::Understanding& understanding);

}  // namespace stroma::jobs
