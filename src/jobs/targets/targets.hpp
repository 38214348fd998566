// `targets`: genes that change alike in GEO series, ranked against known resistance genes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "jobs/job.hpp"

namespace stroma::jobs {

/// What is screened, and how.
struct TargetsRequest {
  std::vector<std::string> series;     ///< files, or accessions of files that lie in data/geo
  std::vector<std::string> groups;     ///< one for all series, or one for each
  std::vector<std::string> platforms;  ///< files, or GPL900=FILE
  std::string symbol_column;
  std::filesystem::path list;  ///< empty: data/resistance_genes.csv
  double fdr = 0.05, log2_change = 1.0;
  std::string normalise = "auto";
  std::string scale = "auto";  ///< log2, ln, log10, raw, fpkm, counts
  std::string block;           ///< annotation whose values are blocks; "none"; empty: found
  std::vector<std::string> missing;
  std::filesystem::path output = "results/targets";
  bool force = false;
};

Result find_targets(const TargetsRequest& request, Session& session);
Job targets_job();

}  // namespace stroma::jobs
