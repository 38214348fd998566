#include "jobs/paths.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "core/diagnostics.hpp"
#include "io/file.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;

// Folders of models or of studies: below `kind` in the data, with `file` in them.
struct Shelf {
  const char *kind, *file;
};
constexpr Shelf models{"models", "model.toml"}, studies{"experiments", "study.toml"};

fs::path find_on(const Shelf& shelf, const std::string& name) {
  std::error_code ignored;
  for (const fs::path& data : data_folders())
    if (fs::exists(data / shelf.kind / name / shelf.file, ignored)) return data / shelf.kind / name;
  return {};
}

void add_names(std::vector<std::string>& names, const Shelf& shelf) {
  std::error_code ignored;
  for (const fs::path& data : data_folders())
    for (const auto& entry : fs::directory_iterator(data / shelf.kind, ignored))
      if (fs::exists(entry.path() / shelf.file, ignored))
        names.push_back(io::printable(entry.path().filename()));
}

[[noreturn]] void refuse(const std::string& code, const std::string& name, const std::string& message,
                         const std::vector<std::string>& known) {
  throw core::InputError({{code, {name, 0, 0}, name, message, core::did_you_mean(name, known)}});
}

}  // namespace

std::vector<std::filesystem::path> data_folders() {
  std::vector<std::filesystem::path> folders;
  if (const char* chosen = std::getenv("STROMA_DATA"); chosen != nullptr && *chosen != '\0')
    folders.emplace_back(chosen);
  folders.emplace_back(std::filesystem::current_path());
  // Installed: beside the program, wherever that was moved. In the tree: the sources' own.
  std::error_code ignored;
  const fs::path installed =
      fs::read_symlink("/proc/self/exe", ignored).parent_path().parent_path() / "share" / "stroma";
  folders.push_back(fs::exists(installed, ignored) ? installed : fs::path(STROMA_DATA_FOLDER));
  return folders;
}

store::ModelSearch model_search(const std::vector<std::string>& without) {
  store::ModelSearch search;
  for (const std::filesystem::path& folder : data_folders()) search.roots.push_back(folder / "models");
  search.without = without;
  return search;
}

std::filesystem::path find_study(const std::string& name) {
  std::error_code ignored;
  if (fs::exists(fs::path(name) / studies.file, ignored)) return name;
  if (fs::path found = find_on(studies, name); !found.empty()) return found;
  std::vector<std::string> known;
  add_names(known, studies);
  refuse(
      "no-such-study", name,
      fmt::format("there is no study '{}': neither a folder with study.toml nor one in experiments/", name),
      known);
}

std::filesystem::path find_described(const std::string& name) {
  std::error_code ignored;
  if (fs::exists(name, ignored) || fs::path(name).has_parent_path()) return name;
  for (const Shelf& shelf : {models, studies})
    if (fs::path found = find_on(shelf, name); !found.empty()) return found;
  std::vector<std::string> known;
  add_names(known, models);
  add_names(known, studies);
  refuse("no-such-thing", name, fmt::format("there is no file, folder, model or study '{}'", name), known);
}

}  // namespace stroma::jobs
