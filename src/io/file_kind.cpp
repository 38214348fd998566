#include "io/file_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace stroma::io {
namespace {

constexpr std::string_view as_csv = "save the sheet as \"CSV UTF-8 (comma delimited)\", one sheet a file";
constexpr std::string_view unpack = "unpack it first and give the file inside";
constexpr std::string_view as_picture =
    "pictures are read by `stroma analyse` with colony-picture, blot-picture, ihc or fluorescence";
constexpr std::string_view export_table = "export the table as CSV";

struct Signature {
  std::string_view bytes;
  std::string_view name;
  std::string_view remedy;
};

using namespace std::string_view_literals;

// Sources: the formats' specifications (RFC 1952, PNG 1.2, JFIF, TIFF 6.0, HDF5 1.14, ISO 32000, FCS 3.1,
// MS-CFB, APPNOTE for zip); 7z, xz, bzip2, zstd, RAR, parquet, SPSS, Stata and SQLite by their own headers.
constexpr std::array signatures{
    Signature{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "an Excel workbook of the old form (.xls)", as_csv},
    Signature{"%PDF"sv, "a PDF document", "a PDF holds no table that can be read: get the numbers as CSV"},
    Signature{"\x89HDF\r\n\x1A\n"sv, "an HDF5 file (.h5, .h5ad)", export_table},
    Signature{"\x89PNG\r\n\x1A\n"sv, "a PNG picture", as_picture},
    Signature{"\xFF\xD8\xFF"sv, "a JPEG picture", as_picture},
    Signature{"II*\0"sv, "a TIFF picture", as_picture},
    Signature{"MM\0*"sv, "a TIFF picture", as_picture},
    Signature{"II+\0"sv, "a TIFF picture", as_picture},
    Signature{"MM\0+"sv, "a TIFF picture", as_picture},
    Signature{"GIF87a"sv, "a GIF picture", as_picture},
    Signature{"GIF89a"sv, "a GIF picture", as_picture},
    Signature{"FCS2."sv, "a flow-cytometry file (FCS)", "FCS files are read by `stroma analyse flow`"},
    Signature{"FCS3."sv, "a flow-cytometry file (FCS)", "FCS files are read by `stroma analyse flow`"},
    Signature{"\x1F\x8B"sv, "a file compressed with gzip", unpack},
    Signature{"BZh"sv, "a file compressed with bzip2", unpack},
    Signature{"\xFD"
              "7zXZ\0"sv,
              "a file compressed with xz", unpack},
    Signature{"\x28\xB5\x2F\xFD"sv, "a file compressed with zstd", unpack},
    Signature{"7z\xBC\xAF\x27\x1C"sv, "a 7-Zip archive", unpack},
    Signature{"Rar!\x1A"sv, "a RAR archive", unpack},
    Signature{"SQLite format 3\0"sv, "a SQLite database", export_table},
    Signature{"PAR1"sv, "a Parquet file", export_table},
    Signature{"$FL2"sv, "an SPSS file (.sav)", export_table},
    Signature{"<stata_dta>"sv, "a Stata file (.dta)", export_table},
    Signature{"RDX2\n"sv, "an R data file", "in R: write.csv(table, \"table.csv\", row.names = FALSE)"},
    Signature{"RDX3\n"sv, "an R data file", "in R: write.csv(table, \"table.csv\", row.names = FALSE)"},
    Signature{"{\\rtf"sv, "a document in rich text (RTF)", "save it as plain text"},
    Signature{"\xFF\xFE\0\0"sv, "a text in UTF-32", "save it as UTF-8"},
    Signature{"\0\0\xFE\xFF"sv, "a text in UTF-32", "save it as UTF-8"},
};

FileKind kind(std::string_view name, std::string_view remedy) {
  return {std::string(name), std::string(remedy)};
}

bool holds(std::string_view bytes, std::string_view part) {
  return bytes.find(part) != std::string_view::npos;
}

// The names of the entries stand uncompressed in a zip archive.
FileKind kind_of_zip(std::string_view bytes) {
  if (holds(bytes, "xl/workbook")) return kind("an Excel workbook (.xlsx)", as_csv);
  if (holds(bytes, "opendocument.spreadsheet")) return kind("an OpenDocument spreadsheet (.ods)", as_csv);
  if (holds(bytes, "Index/Document.iwa")) return kind("an Apple Numbers or Pages document", as_csv);
  if (holds(bytes, "word/document") || holds(bytes, "opendocument.text"))
    return kind("a text document (.docx, .odt)", "save its table as CSV");
  if (holds(bytes, "ppt/presentation")) return kind("a presentation (.pptx)", "save its table as CSV");
  return kind("a zip archive", unpack);
}

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::optional<FileKind> kind_of_markup(std::string_view bytes) {
  const std::string head = lowered(bytes.substr(0, 4096));
  const std::size_t first = head.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  const std::string_view start = std::string_view(head).substr(first);
  if (start.starts_with("<!doctype html") || start.starts_with("<html"))
    return kind(
        "a web page (HTML)",
        "a page was saved in place of the file (a login or an error), or a workbook as HTML: fetch or "
        "save it again as CSV");
  if (start.starts_with("<?xml") ||
      (start.starts_with('<') && start.size() > 1 &&
       (std::string_view("abcdefghijklmnopqrstuvwxyz!").find(start[1]) != std::string_view::npos))) {
    if (holds(start, "<sbml"))
      return kind("an SBML model", "models here are folders of model.toml and CSV tables: docs/model.md");
    if (holds(start, "<graphpadprismfile"))
      return kind("a GraphPad Prism project (.pzfx)", "in Prism: File > Export, as CSV");
    if (holds(start, "urn:schemas-microsoft-com:office:spreadsheet"))
      return kind("an Excel workbook as XML", as_csv);
    if (start.starts_with("<?xml")) return kind("an XML file", export_table);
  }
  if (start.starts_with('{') || start.starts_with("[{") || start.starts_with("[\n")) {
    const std::size_t next = start.find_first_not_of(" \t\r\n", 1);
    if (next != std::string_view::npos && (start[next] == '"' || start[next] == '{'))
      return kind("a JSON file", "tables are read as CSV, experiments and models as TOML and CSV");
  }
  return {};
}

/// Of the first 4 KiB, the bytes of value 0 at even and at odd places, and the bytes looked at.
struct Zeros {
  std::size_t even = 0, odd = 0, looked = 0;
};

Zeros zeros_of(std::string_view bytes) {
  Zeros zeros;
  zeros.looked = std::min<std::size_t>(bytes.size(), 4096);
  for (std::size_t i = 0; i < zeros.looked; ++i)
    if (bytes[i] == '\0') ++(i % 2 == 0 ? zeros.even : zeros.odd);
  return zeros;
}

void append_utf8(std::string& out, std::uint32_t c) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

bool has_utf16_mark(std::string_view bytes) {
  return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
}

}  // namespace

std::optional<FileKind> other_kind(std::string_view bytes) {
  for (const Signature& s : signatures)
    if (bytes.starts_with(s.bytes)) return kind(s.name, s.remedy);
  if (bytes.starts_with("PK\x03\x04"sv) || bytes.starts_with("PK\x05\x06"sv)) return kind_of_zip(bytes);
  if (has_utf16_mark(bytes)) return {};
  if (auto markup = kind_of_markup(bytes)) return markup;
  // A stray NUL is damage, which the readers report with its place; many of them are another kind of file.
  const Zeros zeros = zeros_of(bytes);
  const std::size_t many = zeros.looked / 8, few = zeros.looked / 64;
  if (zeros.looked >= 16 && zeros.even + zeros.odd > many)
    return std::min(zeros.even, zeros.odd) <= few
               ? kind("a text in UTF-16 without its byte-order mark", "save it as \"CSV UTF-8\"")
               : kind("a binary file", "expected a text; export the table as CSV");
  return {};
}

core::Diagnostic other_kind_diagnostic(const FileKind& kind, const std::string& file) {
  return {
      "other-kind", {file, 0, 0}, file, fmt::format("this is {}; expected a text", kind.name), kind.remedy};
}

std::string as_utf8(std::string bytes) {
  if (!has_utf16_mark(bytes)) return bytes;
  const bool big = bytes[0] == '\xFE';
  const auto unit = [&](std::size_t at) -> std::uint32_t {
    const auto a = static_cast<unsigned char>(bytes[at]), b = static_cast<unsigned char>(bytes[at + 1]);
    return big ? (std::uint32_t{a} << 8) | b : (std::uint32_t{b} << 8) | a;
  };
  constexpr std::uint32_t replacement = 0xFFFD;
  std::string out;
  out.reserve(bytes.size() / 2 + 16);
  std::size_t at = 2;
  while (at + 1 < bytes.size()) {
    const std::uint32_t first = unit(at);
    at += 2;
    const bool high = first >= 0xD800 && first < 0xDC00, low = first >= 0xDC00 && first < 0xE000;
    if (high && at + 1 < bytes.size() && unit(at) >= 0xDC00 && unit(at) < 0xE000) {
      append_utf8(out, 0x10000 + ((first - 0xD800) << 10) + (unit(at) - 0xDC00));
      at += 2;
    } else {
      append_utf8(out, high || low ? replacement : first);
    }
  }
  if (at < bytes.size()) append_utf8(out, replacement);
  return out;
}

}  // namespace stroma::io
