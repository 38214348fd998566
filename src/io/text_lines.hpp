// The lines of a text that may be compressed with gzip (RFC 1952), one after the other, without ever holding
// all of it: tables of expression are ten times larger unpacked. Limits keep a small file from becoming a
// large one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/diagnostics.hpp"

namespace stroma::io {

struct LineLimits {
  std::uint64_t bytes = std::uint64_t{4} << 30;  ///< unpacked
  double ratio = 200.0;  ///< unpacked to packed, beyond the first 16 MiB; tables of numbers have 2 to 20
  std::size_t line = std::size_t{16} << 20;  ///< bytes of one line
};

/// Calls line(text, number) for every line of `bytes` (numbers from 1, ends LF or CRLF, a byte-order mark of
/// the first line left out) until it returns false. Problems: truncated-gzip, corrupt-gzip, gzip-bomb,
/// too-large, line-too-long, nul-byte; each with the line that had been reached, and the text from there on
/// is not read. Returns whether everything that was asked for could be read.
bool for_each_line(std::string_view bytes, const std::string& file, const LineLimits& limits,
                   core::Diagnostics& problems, const std::function<bool(std::string_view, int)>& line);

}  // namespace stroma::io
