// What every run.json begins with. Private to the module, which alone sees the JSON library.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "store/results.hpp"
#include "study/passages.hpp"

namespace stroma::store {

nlohmann::ordered_json record_json(const study::RunRecord& record);

/// Says under "arrivals" how many cells of each type came, and under "conversions" how many of one became
/// another, {from: {to: n}}.
void add_passages(nlohmann::ordered_json& out, const std::vector<study::Passage>& passages);

}  // namespace stroma::store
