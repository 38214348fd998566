// Where the data that comes with the program is found.
#include <cstdlib>

#include "cli/commands.hpp"

namespace stroma::cli {

std::vector<std::filesystem::path> data_folders() {
  std::vector<std::filesystem::path> folders;
  if (const char* chosen = std::getenv("STROMA_DATA"); chosen != nullptr && *chosen != '\0')
    folders.emplace_back(chosen);
  folders.emplace_back(std::filesystem::current_path());
  folders.emplace_back(STROMA_DATA_FOLDER);
  return folders;
}

io::ModelSearch model_search(const CommonOptions& options) {
  io::ModelSearch search;
  for (const std::filesystem::path& folder : data_folders()) search.roots.push_back(folder / "models");
  search.without = options.without;
  return search;
}

}  // namespace stroma::cli
