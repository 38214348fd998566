// Addresses of values in a document: "replicates", "output.growth_every", "plate.treatment[1].doses",
// "plate.arm[CAF supernatant].medium", "plate.treatment[sorafenib].doses[3]". An element of a list is named
// by its place from 1 on, or by its `name` (or what else names it: drug, factor, substance, assay, type,
// side); a list of one table needs neither. `--set` writes through them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/document.hpp"

namespace stroma::core {

/// The address of every value in `root` that is no table and no list of tables, in the order of the file.
std::vector<std::string> addresses(const Node& root);

/// The value at `address`, or null where there is none.
const Node* find_at(const Node& root, std::string_view address);

/// Puts `value` at `address`. A key that is not there yet is added to its table, where the reader of the
/// document judges it, as it does the kind and unit of every value. An element that is not there and a step
/// into a value without keys are problems at `value.place`, whose hint lists the addresses that there are.
void set_at(Node& root, std::string_view address, Node value, Diagnostics& problems);

}  // namespace stroma::core
