// Declared keys as JSON Schema (draft 2020-12). Quantities are texts with their unit: `x-quantity` says what
// they are, `x-unit` a unit of theirs and `x-range` what is allowed in it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/keys.hpp"

namespace stroma::jobs {

/// The schema of a file that is one of `files`: of two, the second where it has any of the keys `second_has`.
nlohmann::ordered_json files_json(const std::vector<const core::Keys*>& files,
                                  const std::vector<std::string>& second_has);

/// The columns of a table that is read by their names.
nlohmann::ordered_json columns_json(const core::Keys& columns);

/// The tables of keys below a table, each once, itself first.
std::vector<const core::Keys*> tables_below(const core::Keys& keys);

/// "from 1 um to 20 um", "above 0"; empty where all is allowed.
std::string range_text(const core::Key& key);

/// What a table of keys is called: as it is written, or what the file is.
std::string name_of(const core::Keys& keys);

}  // namespace stroma::jobs
