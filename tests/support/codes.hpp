// What a reader says of bad input: the codes, or the messages with their places.
#pragma once

#include <string>

#include "core/diagnostics.hpp"

namespace stroma::test {

/// The codes of everything that `act` reports, sorted by place and joined by blanks; "none" where it
/// succeeds.
template <class Act>
std::string codes_of(Act act) {
  try {
    act();
  } catch (const core::InputError& error) {
    std::string codes;
    for (const core::Diagnostic& d : error.diagnostics()) codes += (codes.empty() ? "" : " ") + d.code;
    return codes;
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
