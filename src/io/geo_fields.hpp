// The fields of a tab-separated line as GEO writes it: some in double quotes, which are no part of the value.
#pragma once

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

}  // namespace stroma::io
