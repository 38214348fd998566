// The files of a model, parsed, as JSON: every cell with its place, so that a model that was sent is refused
// in the words in which it would be refused at home. Private to the module, which alone sees the JSON
// library.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "model/build.hpp"

namespace stroma::store {

nlohmann::ordered_json files_json(const model::Files& files);
/// The reverse. Throws nlohmann::json::exception or core::InputError ("bad-model") for anything else.
model::Files files_of_json(const nlohmann::ordered_json& json);

}  // namespace stroma::store
