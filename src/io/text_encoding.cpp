#include "io/text_encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/diagnostics.hpp"

namespace stroma::io {
namespace {

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// Whether every second byte of the beginning is NUL: Latin letters in UTF-16 without its mark. Gives the
// place of the other byte.
std::optional<std::size_t> utf16_without_mark(std::string_view bytes) {
  constexpr std::size_t looked_at = 64, least = 8;
  const std::size_t n = std::min(bytes.size(), looked_at) / 2 * 2;
  if (n < least) return std::nullopt;
  std::array<std::size_t, 2> nul{};
  for (std::size_t i = 0; i < n; ++i) nul[i % 2] += bytes[i] == '\0';
  if (nul[1] == n / 2 && nul[0] == 0) return 0;
  if (nul[0] == n / 2 && nul[1] == 0) return 1;
  return std::nullopt;
}

// `low`: where the low byte of each pair stands.
std::string from_utf16(std::string_view bytes, std::size_t low) {
  constexpr std::uint32_t replacement = 0xFFFD;
  const auto unit = [&](std::size_t i) {
    const auto a = static_cast<unsigned char>(bytes[i + low]),
               b = static_cast<unsigned char>(bytes[i + 1 - low]);
    return static_cast<std::uint32_t>(a) | (static_cast<std::uint32_t>(b) << 8);
  };
  std::string out;
  out.reserve(bytes.size() / 2);
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    std::uint32_t code = unit(i);
    if (code >= 0xD800 && code < 0xDC00 && i + 3 < bytes.size()) {
      const std::uint32_t second = unit(i + 2);
      if (second >= 0xDC00 && second < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00);
        i += 2;
      } else {
        code = replacement;
      }
    } else if (code >= 0xD800 && code < 0xE000) {
      code = replacement;
    }
    append_utf8(out, code);
  }
  return out;
}

// What a file is by its first bytes, where it is no text; and what to do with it.
struct Kind {
  std::string_view begins, name, remedy;
};

void refuse_other_kinds(std::string_view bytes, const std::string& file) {
  using namespace std::string_view_literals;
  constexpr std::string_view save = "open it and save the sheet as CSV (comma or semicolon delimited)";
  static constexpr std::array<Kind, 5> kinds{
      {{"\xD0\xCF\x11\xE0"sv, "an old Excel workbook (xls)"sv, save},
       {"PK\x03\x04"sv, "a zip archive"sv, "unpack it and give the table in it"sv},
       {"%PDF"sv, "a PDF document"sv, "export the table as CSV"sv},
       {"\x89PNG"sv, "a picture (PNG)"sv, "give the table, not its picture"sv},
       {"\x1F\x8B"sv, "a gzip archive"sv, "unpack it first"sv}}};
  for (const Kind& kind : kinds) {
    if (!bytes.starts_with(kind.begins)) continue;
    const bool workbook =
        kind.begins.starts_with("PK") && (bytes.find("xl/") != std::string_view::npos ||
                                          bytes.find("[Content_Types].xml") != std::string_view::npos);
    core::Diagnostics problems;
    problems.add(
        "other-kind", {file, 0, 0}, {},
        fmt::format("this is {} and no table of text", workbook ? "an Excel workbook (xlsx)" : kind.name),
        std::string(workbook ? save : kind.remedy));
    problems.throw_if_any();
  }
}

}  // namespace

std::string text_of(std::string bytes, const std::string& file) {
  refuse_other_kinds(bytes, file);
  const std::string_view all = bytes;
  if (all.starts_with("\xFF\xFE")) return from_utf16(all.substr(2), 0);
  if (all.starts_with("\xFE\xFF")) return from_utf16(all.substr(2), 1);
  if (const auto low = utf16_without_mark(all)) return from_utf16(all, *low);
  return bytes;
}

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
