#include "jobs/targets/inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "io/file.hpp"
#include "jobs/paths.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;

// GEO keeps GSE15893 under GSE15nnn, and GPL570 under GPLnnn.
std::string bin_of(const std::string& accession) {
  return accession.substr(0, std::max<std::size_t>(3, accession.size() - 3)) + "nnn";
}

bool is_accession(const std::string& name, const std::string& prefix) {
  return name.size() > prefix.size() && name.size() < 14 && name.starts_with(prefix) &&
         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(prefix.size()), name.end(),
                     [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
}

// Files of a folder whose name is `accession` and then no further digit, with one of the ends given.
std::vector<fs::path> named(const fs::path& folder, const std::string& accession,
                            const std::vector<std::string>& ends) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) {
    const std::string name = it->path().filename().string();
    if (!name.starts_with(accession) ||
        (name.size() > accession.size() &&
         std::isdigit(static_cast<unsigned char>(name[accession.size()])) != 0))
      continue;
    if (std::any_of(ends.begin(), ends.end(), [&](const std::string& e) { return name.ends_with(e); }))
      files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<fs::path> series_files(const std::string& name, core::Diagnostics& problems) {
  std::error_code ignored;
  if (!is_accession(name, "GSE") || fs::exists(name, ignored)) return {fs::path(name)};
  for (const fs::path& root : data_folders())
    if (auto files = named(root / "data" / "geo", name, {"_series_matrix.txt.gz", "_series_matrix.txt"});
        !files.empty())
      return files;
  problems.add(
      "geo-not-downloaded", {io::printable(fs::path("data/geo")), 0, 0}, name,
      fmt::format("the series matrix of {} is not here; it is public, but does not come with the program",
                  name),
      fmt::format("download https://ftp.ncbi.nlm.nih.gov/geo/series/{}/{}/matrix/{}_series_matrix.txt.gz "
                  "into data/geo/ of this folder, or give the path of the file",
                  bin_of(name), name, name));
  return {};
}

std::vector<GivenPlatform> given_platforms(const std::vector<std::string>& arguments) {
  std::vector<GivenPlatform> all;
  for (const std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    if (equals != std::string::npos && is_accession(argument.substr(0, equals), "GPL")) {
      all.push_back({argument.substr(equals + 1), argument.substr(0, equals), true});
      continue;
    }
    const std::string name = fs::path(argument).filename().string();
    const std::size_t end = name.find_first_not_of("0123456789", 3);
    const std::string accession = name.substr(0, end);
    all.push_back({argument, is_accession(accession, "GPL") ? accession : "", false});
  }
  return all;
}

std::optional<GivenPlatform> platform_file(const std::string& platform,
                                           const std::vector<GivenPlatform>& given, const fs::path& series,
                                           core::Diagnostics& problems) {
  const auto take = [](const GivenPlatform& one) {
    one.used = true;
    return one;
  };
  for (const GivenPlatform& one : given)
    if (!one.accession.empty() && one.accession == platform) return take(one);
  if (given.size() == 1 && (given[0].accession.empty() || platform.empty())) return take(given[0]);
  if (given.size() == 1) {
    take(given[0]);  // said once
    problems.add(
        "other-platform", {io::printable(series), 0, 0}, "--platform",
        fmt::format("this series was measured on {}; the table given is that of {}", platform,
                    given[0].accession),
        fmt::format("give the table of {} ({}), or say that this one holds its probes: --platform {}={}",
                    platform, platform_address(platform), platform, io::printable(given[0].file)));
    return std::nullopt;
  }
  if (!is_accession(platform, "GPL")) return std::nullopt;
  std::vector<fs::path> folders = {series.has_parent_path() ? series.parent_path() : fs::path(".")};
  for (const fs::path& root : data_folders()) folders.push_back(root / "data" / "geo");
  for (const fs::path& folder : folders)
    if (const auto files =
            named(folder, platform, {".annot.gz", ".annot", ".soft.gz", ".soft", ".txt.gz", ".txt", ".tsv"});
        !files.empty())
      return GivenPlatform{files.front(), platform, false};
  return std::nullopt;
}

std::string platform_address(const std::string& platform) {
  return fmt::format("https://ftp.ncbi.nlm.nih.gov/geo/platforms/{}/{}/annot/{}.annot.gz", bin_of(platform),
                     platform, platform);
}

}  // namespace stroma::jobs
