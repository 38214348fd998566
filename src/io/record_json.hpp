// What every run.json begins with. Private to the module, which alone sees the JSON library.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "io/results.hpp"

namespace stroma::io {

nlohmann::ordered_json record_json(const RunRecord& record);

}  // namespace stroma::io
