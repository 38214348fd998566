// Where the files of `targets` are: series and platforms by path or by accession, and what to download where
// they are missing.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/diagnostics.hpp"

namespace stroma::cli {

/// The two series of Zhao et al. 2023, figure 4a: cancer cells treated with CXCL12.
inline const std::vector<std::string> series_of_the_paper = {"GSE15893", "GSE40017"};

/// Series matrices for `name`: the file itself, or for an accession the files
/// data/geo/GSE..._series_matrix.txt
/// (.gz) of the data folders. Nothing found: a diagnostic that says what to download from where to where.
std::vector<std::filesystem::path> series_files(const std::string& name, core::Diagnostics& problems);

/// The table of `platform` ("GPL570") among `given`, by name, or the only one of them; else beside `series`
/// or in data/geo. Nothing: the file is not there.
std::optional<std::filesystem::path> platform_file(const std::string& platform,
                                                   const std::vector<std::filesystem::path>& given,
                                                   const std::filesystem::path& series);

/// The address of a platform's annotation file.
std::string platform_address(const std::string& platform);

}  // namespace stroma::cli
