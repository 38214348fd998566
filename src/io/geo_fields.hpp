// The fields of a tab-separated line as GEO writes it: some in double quotes, which are no part of the value.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

namespace stroma::io {

struct GeoField {
  std::string_view text;
  int column = 1;  ///< byte column in the line
};

/// Adds the fields of `line` to `fields`; at least one. Points into the line.
inline void split_geo_line(std::string_view line, std::vector<GeoField>& fields) {
  const char* const begin = line.data();
  for (std::size_t at = 0;;) {
    const void* tab = at < line.size() ? std::memchr(begin + at, '\t', line.size() - at) : nullptr;
    const std::size_t end =
        tab != nullptr ? static_cast<std::size_t>(static_cast<const char*>(tab) - begin) : line.size();
    std::string_view text = line.substr(at, end - at);
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    fields.push_back({text, static_cast<int>(at) + 1});
    if (tab == nullptr) return;
    at = end + 1;
  }
}

/// How many fields `line` has, without storing them.
inline std::size_t count_geo_fields(std::string_view line) {
  return 1 + static_cast<std::size_t>(std::count(line.begin(), line.end(), '\t'));
}

/// Whether the last field of `line` begins with a quotation mark that nothing closes: the value goes on in
/// the next line.
inline bool is_open_geo_line(std::string_view line) {
  const std::size_t tab = line.rfind('\t');
  const std::string_view last = tab == std::string_view::npos ? line : line.substr(tab + 1);
  return last.starts_with('"') && (last.size() == 1 || last.back() != '"');
}

}  // namespace stroma::io
