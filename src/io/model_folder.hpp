// A model folder on disk: the nine files of docs/model.md, read whole, parsed and built. The content hash is
// over the bytes of all of them, so that two folders with one hash describe the same model.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"
#include "model/build.hpp"

namespace stroma::io {

/// The names of the files of a model folder, in the order in which they are hashed.
const std::vector<std::string>& model_file_names();

/// Reads and parses the files of the folder. What is missing, unreadable or malformed goes to `problems`,
/// every file of it; such a file comes back as an empty table. Throws core::IoError where the disk failed.
model::Files read_model_folder(const std::filesystem::path& folder, core::Diagnostics& problems);

/// The model of the folder. Throws core::InputError with everything that is wrong, sorted by place.
model::Model load_model(const std::filesystem::path& folder);

}  // namespace stroma::io
