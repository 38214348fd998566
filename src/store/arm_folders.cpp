#include "store/arm_folders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/errors.hpp"
#include "store/file_names.hpp"
#include "study/experiment_checks.hpp"

namespace stroma::store {
namespace {

namespace fs = std::filesystem;
constexpr const char* arms_name = "arms";

// What a file system takes as a name, and no half of a letter.
std::string cut(std::string name) {
  constexpr std::size_t longest = 100;
  if (name.size() <= longest) return name;
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  name.resize(end);
  return name;
}

}  // namespace

fs::path arm_folder(const study::Study& study, std::size_t k, const study::Vessel& vessel) {
  fs::path folder = arms_name;
  if (study.experiments.size() > 1) folder /= folder_name(study.experiments[k].name);
  FileNames names;
  const std::vector<study::ArmSpec>& arms = study.experiments[k].arms;
  for (std::size_t a = 0; a < arms.size(); ++a)
    for (std::size_t d = 0; d < study::doses_of(arms[a]); ++d) {
      const std::string dose = study::dose_words(arms[a], static_cast<int>(d));
      std::string name = slug(arms[a].name + (dose.empty() ? "" : " " + dose));
      if (name.empty()) name = "arm";
      name = cut(std::move(name));
      name = names.fresh(name);
      if (static_cast<int>(a) == vessel.arm && static_cast<int>(d) == vessel.dose)
        return folder / name / fmt::format("replicate-{}", vessel.replicate + 1);
    }
  throw core::InternalError("a vessel of an arm that its experiment lacks");
}

void remove_other_arms(const OutputFolder& folder, std::span<const fs::path> wanted) {
  std::error_code error;
  std::vector<fs::path> others, inner;
  for (fs::recursive_directory_iterator it(folder.path() / arms_name, error), end; !error && it != end;
       it.increment(error)) {
    if (it->is_symlink(error) || !it->is_directory(error)) continue;
    inner.push_back(it->path());
    const fs::path relative = it->path().lexically_relative(folder.path());
    if (fs::exists(it->path() / OutputFolder::list_name, error) &&
        std::find(wanted.begin(), wanted.end(), relative) == wanted.end())
      others.push_back(it->path());
  }
  if (others.empty()) return;
  for (const fs::path& other : others) const OutputFolder emptied(other, Existing::replace);
  // Folders that are empty now, the innermost first; the others stay.
  std::sort(inner.begin(), inner.end(),
            [](const fs::path& a, const fs::path& b) { return a.native().size() > b.native().size(); });
  for (const fs::path& each : inner) fs::remove(each, error);
}

}  // namespace stroma::store
