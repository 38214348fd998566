// Where the files of `targets` are: series and platforms by path or by accession, and what to download where
// they are missing.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/diagnostics.hpp"

namespace stroma::jobs {

/// The two series of Zhao et al. 2023, figure 4a: cancer cells treated with CXCL12.
inline const std::vector<std::string> series_of_the_paper = {"GSE15893", "GSE40017"};

/// Series matrices for `name`: the file itself, or for an accession the files
/// data/geo/GSE..._series_matrix.txt
/// (.gz) of the data folders. Nothing found: a diagnostic that says what to download from where to where.
std::vector<std::filesystem::path> series_files(const std::string& name, core::Diagnostics& problems);

/// A platform table as the user gave it: "GPL900=FILE", or a file, whose name may begin with an accession.
struct GivenPlatform {
  std::filesystem::path file;
  std::string
      accession;      ///< "GPL900" of GPL900.txt and of GPL900-annot.txt, GPL9001 of GPL9001.txt; or empty
  bool said = false;  ///< as GPL900=FILE: whatever the file itself says
  mutable bool used = false;
};

std::vector<GivenPlatform> given_platforms(const std::vector<std::string>& arguments);

/// The table of `platform` ("GPL570"): of `given` the one with exactly this accession, or the only one where
/// its name has none; else beside `series` or in data/geo. Nothing: the file is not there, or (with a
/// diagnostic, other-platform) only tables of other platforms were given.
std::optional<GivenPlatform> platform_file(const std::string& platform,
                                           const std::vector<GivenPlatform>& given,
                                           const std::filesystem::path& series, core::Diagnostics& problems);

/// The address of a platform's annotation file.
std::string platform_address(const std::string& platform);

}  // namespace stroma::jobs
