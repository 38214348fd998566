// A number inside the name of a rule, such as the 2.5 of "mean+2.5sd".
#pragma once

#include <optional>
#include <string_view>

#include "core/units.hpp"

namespace stroma::imaging {

/// The finite decimal number that the text is; nothing for anything else.
inline std::optional<double> number_in(std::string_view text) {
  const core::ParsedNumber parsed = core::parse_number(text);
  if (!parsed.error.empty()) return std::nullopt;
  return parsed.value;
}

}  // namespace stroma::imaging
