// What every run.json begins with. Private to the module, which alone sees the JSON library.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "store/results.hpp"

namespace stroma::store {

nlohmann::ordered_json record_json(const study::RunRecord& record);

}  // namespace stroma::store
