// Texts of another time: what an instrument wrote before UTF-8. UTF-16 is read by io/file_kind.hpp.
#pragma once

#include <string>

namespace stroma::io {

/// Text in Windows-1252 (Latin-1 with the printers' signs) as UTF-8; undefined bytes become U+FFFD.
std::string from_windows_1252(const std::string& text);

}  // namespace stroma::io
