// Where models, studies and tables that come with the program are found.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "store/study_folder.hpp"

namespace stroma::jobs {

/// Where models and experiments that come with the program are: $STROMA_DATA, the working folder, the
/// program's own.
std::vector<std::filesystem::path> data_folders();
/// The study folder of that path, or of that name in experiments/. Throws InputError with the nearest name.
std::filesystem::path find_study(const std::string& name);
/// The file or folder of that path, or the model or study of that name. Throws InputError with the nearest
/// name.
std::filesystem::path find_described(const std::string& name);
/// Where models are looked for; `without`: rows that are knocked out.
store::ModelSearch model_search(const std::vector<std::string>& without = {});

}  // namespace stroma::jobs
