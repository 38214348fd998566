#include "io/model_folder.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "core/hash.hpp"
#include "io/csv.hpp"
#include "io/file.hpp"
#include "io/toml.hpp"

namespace stroma::io {
namespace {

struct TableFile {
  const char* name;
  core::Table model::Files::*table;
};

constexpr TableFile table_files[] = {
    {"substances.csv", &model::Files::substances},
    {"drugs.csv", &model::Files::drugs},
    {"drug_targets.csv", &model::Files::drug_targets},
    {"cell_types.csv", &model::Files::cell_types},
    {"nodes.csv", &model::Files::nodes},
    {"mechanisms.csv", &model::Files::mechanisms},
    {"rules.csv", &model::Files::rules},
    {"references.csv", &model::Files::references},
};

// The bytes of one file, or nothing where it is missing or unreadable; the reason goes to `problems`.
std::optional<std::string> read_part(const std::filesystem::path& path, core::Diagnostics& problems) {
  try {
    return read_text_file(path);
  } catch (const core::InputError& error) {
    for (core::Diagnostic diagnostic : error.diagnostics()) {
      diagnostic.place.file = printable(path);
      problems.add(std::move(diagnostic));
    }
    return std::nullopt;
  }
}

}  // namespace

const std::vector<std::string>& model_file_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all{"model.toml"};
    for (const TableFile& file : table_files) all.emplace_back(file.name);
    return all;
  }();
  return names;
}

model::Files read_model_folder(const std::filesystem::path& folder, core::Diagnostics& problems) {
  model::Files files;
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) {
    const bool is_file = std::filesystem::exists(folder, ignored);
    problems.add(is_file ? "not-a-folder" : "no-such-folder", {printable(folder), 0, 0}, printable(folder),
                 is_file ? "a model is a folder, this is a file" : "there is no model folder of this name",
                 fmt::format("a model folder holds {}", fmt::join(model_file_names(), ", ")));
    return files;
  }
  core::Hasher hasher;
  const auto take = [&](const std::string& name) {
    auto bytes = read_part(folder / name, problems);
    hasher.text(name);
    hasher.text(bytes.value_or(std::string()));
    return bytes;
  };
  const std::string header_name = printable(folder / "model.toml");
  if (const auto bytes = take("model.toml")) files.model = read_toml(*bytes, header_name, problems);
  files.model.place.file = header_name;
  for (const TableFile& file : table_files) {
    const std::string name = printable(folder / file.name);
    core::Table& table = files.*file.table;
    if (const auto bytes = take(file.name)) table = read_csv(*bytes, name, {}, problems);
    table.file = name;
  }
  files.content_hash = hasher.digest();
  return files;
}

model::Model load_model(const std::filesystem::path& folder) {
  core::Diagnostics problems;
  const model::Files files = read_model_folder(folder, problems);
  if (files.content_hash.empty()) problems.throw_if_any();  // there is no folder
  auto built = model::build(files, problems);
  problems.throw_if_any();
  core::require(built.has_value(), "a model without problems was not built");
  return std::move(*built);
}

}  // namespace stroma::io
