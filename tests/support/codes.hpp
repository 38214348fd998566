// What a reader says of bad input: the codes, or the messages with their places.
#pragma once

#include <concepts>
#include <span>
#include <string>

#include "core/diagnostics.hpp"

namespace stroma::test {

/// The codes in order, joined by blanks; "none" where there are none.
inline std::string joined_codes(std::span<const core::Diagnostic> problems) {
  std::string codes;
  for (const core::Diagnostic& d : problems) codes += (codes.empty() ? "" : " ") + d.code;
  return codes.empty() ? "none" : codes;
}

inline std::string codes_of(const core::Diagnostics& problems) {
  return joined_codes(problems.entries());
}

/// Those of everything that `act` reports, sorted by place; "none" where it succeeds.
template <std::invocable Act>
std::string codes_of(Act act) {
  try {
    act();
  } catch (const core::InputError& error) {
    return joined_codes(error.diagnostics());
  }
  return "none";
}

/// The same as "file:line:column: message [code]" lines.
template <class Act>
std::string messages_of(Act act) {
  try {
    act();
  } catch (const core::InputError& error) {
    std::string lines;
    for (const core::Diagnostic& d : error.diagnostics()) lines += core::to_string(d) + "\n";
    return lines;
  }
  return "none";
}

}  // namespace stroma::test
