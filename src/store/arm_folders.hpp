// Where the tables and frames of the tissues of an experiment with arms lie in its result folder.
#pragma once

#include <filesystem>
#include <span>

#include "store/output_folder.hpp"
#include "study/study.hpp"

namespace stroma::store {

/// "arms/sorafenib-4-um/replicate-2" of a vessel of experiment `k` of a study; where the study has several
/// experiments, below "arms/EXPERIMENT". No two arms and doses share one.
std::filesystem::path arm_folder(const study::Study& study, std::size_t k, const study::Vessel& vessel);

/// Removes what tissues that are not among `wanted` (relative to the folder) left in arms/, as they listed
/// it.
void remove_other_arms(const OutputFolder& folder, std::span<const std::filesystem::path> wanted);

}  // namespace stroma::store
