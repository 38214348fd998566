// What a run in space left in its folder, read back for its report.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "core/time.hpp"
#include "study/tissue_experiment.hpp"
#include "study/tissue_results.hpp"

namespace stroma::store {

/// Reads a table whose first column is the tick, up to `until`. With `times` > 0 only the rows of so many of
/// its ticks are kept, chosen by evenly_chosen. A row that is cut short is left out.
study::NumberTable read_numbers(std::string_view csv, core::Tick until, std::size_t times);

/// Reads what is there up to `until`. A table that is not there has no columns: a run without cells has no
/// profiles. Throws core::IoError for a file that is there and cannot be read.
study::TissueResults read_tissue_results(const std::filesystem::path& folder,
                                         const study::TissueExperiment& experiment, core::Tick until);

}  // namespace stroma::store
