// Values that a person sets without writing them into a file: "address=value". An address is of a value of
// the experiment ("plate.volume", "experiment.plate.treatment[sorafenib].doses[2]", core/address.hpp) or of a
// cell of the model ("mechanisms.CXCL12_CXCR4.weight", model/addresses.hpp).
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/document.hpp"
#include "model/addresses.hpp"

namespace stroma::store {

struct Overrides {
  std::vector<std::pair<std::string, std::string>> experiment;  ///< (address, value as typed)
  std::vector<model::Change> model;
  /// For each change of the model "--set ADDRESS".
  std::vector<core::Place> places() const;
};

/// Sorts "address=value" by what it is of. Texts without both and addresses that are given twice are
/// problems.
Overrides read_overrides(std::span<const std::string> set, core::Diagnostics& problems);

/// Writes the experiment's part: a value is TOML, or a text where it is not.
void apply_overrides(core::Node& document, const Overrides& overrides, core::Diagnostics& problems);

}  // namespace stroma::store
