// One cause, one message: a column of two hundred cells that are no numbers is one thing wrong, not two
// hundred. What a reader collected is folded only where it is told; the list itself keeps every place.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/diagnostics.hpp"

namespace stroma::core {

/// Diagnostics of one cause.
struct Folded {
  Diagnostic first;
  std::size_t count = 1;
  std::vector<Place> places;  ///< of all, in their order
};

/// Puts together, in the order of their first, the diagnostics of one file, code and key whose messages are
/// equal but for the place (two or more), or differ only in numbers and quoted words (four or more: so few
/// as three are shown as they are, since each may need its own correction); and those of twenty or more keys
/// that differ in nothing else, such as the columns of a table that is another one. Where a file is of
/// another kind (code "other-kind"), what else was said of that file follows from it and is left out.
std::vector<Folded> fold(std::span<const Diagnostic> diagnostics);

/// The message with " (N of this kind: lines 4, 7, 9, ...)" where there are several.
std::string message_of(const Folded& folded);

/// "file:line:column: message [code]", folded, and the hint.
std::string to_string(const Folded& folded);

/// All of them as a terminal shows them, each ending with a line end; a hint that several have stands once,
/// under the first. A hundred are shown and the rest counted.
std::string told(std::span<const Folded> all);

}  // namespace stroma::core
