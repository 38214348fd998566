// TOML 1.0 into the neutral tree of core, each value and each key with its place. The parser is toml++; here
// are only the limits that keep a hostile file cheap, the places, and what Stroma does not take from TOML:
// dates, times, infinities and NaN.
#pragma once

#include <string>
#include <string_view>

#include "core/diagnostics.hpp"
#include "core/document.hpp"

namespace stroma::io {

/// Reads `text`; `file` is its name in places. The result is the root table, its keys in the order of the
/// file; numbers keep the text that was written (without underscores; other bases become decimal). Columns
/// count characters. Problems (codes: not-utf8, file-too-large, too-deep, bad-syntax, duplicate-key with both
/// places, not-supported) go to `problems`; after a problem of syntax the result is an empty table.
core::Node read_toml(std::string_view text, std::string file, core::Diagnostics& problems);

}  // namespace stroma::io
