// What a file is, judged by its first bytes (the signatures of the formats' own specifications), so that a
// workbook where a table is expected is called a workbook and not a text with a hundred faults.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/diagnostics.hpp"

namespace stroma::io {

/// A format that is no table and no TOML.
struct FileKind {
  std::string name;    ///< with its article: "an Excel workbook (.xlsx)"
  std::string remedy;  ///< what to do to have it read
};

/// The kind of `bytes` where it is not plain text: workbooks, archives, compressed files, pictures, FCS,
/// HDF5, PDF, R and SPSS data, UTF-32, UTF-16 without a byte-order mark and other binary files; and texts of
/// another purpose that no reader here takes: SBML and other XML, HTML, RTF, JSON. Nothing for what may be a
/// table, a TOML file or UTF-16 with its byte-order mark. Looks at the names inside a zip archive, at no
/// other part of a compressed file.
std::optional<FileKind> other_kind(std::string_view bytes);

/// "other-kind" for `file`: one line that names the kind, and the remedy.
core::Diagnostic other_kind_diagnostic(const FileKind& kind, const std::string& file);

/// UTF-16 with a byte-order mark as UTF-8; every other text unchanged. A half of a surrogate pair that stands
/// alone, and an odd last byte, become U+FFFD, which readers refuse as they refuse other damaged text.
std::string as_utf8(std::string bytes);

}  // namespace stroma::io
