// What a file that a person writes may hold, for machines and as a page, from the declared keys.
#pragma once

#include <string>
#include <vector>

#include "core/keys.hpp"
#include "jobs/job.hpp"

namespace stroma::jobs {

/// A kind of file: "experiment", "study", "model", "calibration".
struct FileKind {
  std::string name, what;
  /// Whole files: one, or those of the settings, told apart by the keys `dimensions` and `domain` of the
  /// last.
  std::vector<const core::Keys*> files;
  /// Tables beside it that are read by the names of their columns.
  std::vector<const core::Keys*> tables = {};
};
const std::vector<FileKind>& file_kinds();

/// One table of the documentation, in Markdown.
std::string keys_text(const core::Keys& keys);

/// As text: the tables of all keys, or, named by `path` ("plate.arm"), of one. As JSON: a JSON Schema
/// (2020-12) of the file. Throws InputError for a table that there is not.
Result file_schema(const FileKind& kind, const std::string& path);

}  // namespace stroma::jobs
