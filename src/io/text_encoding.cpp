#include "io/text_encoding.hpp"

#include <array>
#include <cstdint>

namespace stroma::io {
namespace {

// Codes below 0x10000: those of Windows-1252 and U+FFFD.
void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

}  // namespace

std::string from_windows_1252(const std::string& text) {
  // 0x80 to 0x9F; the rest is Latin-1. 0: undefined.
  constexpr std::array<std::uint16_t, 32> signs{
      0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const std::uint32_t code = byte >= 0x80 && byte < 0xA0 ? signs[byte - 0x80u] : byte;
    append_utf8(out, byte >= 0x80 && code == 0 ? 0xFFFD : code);
  }
  return out;
}

}  // namespace stroma::io
