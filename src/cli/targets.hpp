// `targets`: genes that change alike in GEO series, ranked against known resistance genes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/commands.hpp"

namespace CLI {
class App;
}

namespace stroma::cli {

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
};

/// Adds the command to the program; `run` runs it.
class TargetsCommand {
 public:
  TargetsCommand(CLI::App& app, CommonOptions& options);
  bool parsed() const;
  int run(const CommonOptions& options) const;

 private:
  CLI::App* command_;
  TargetsRequest request_;
};

}  // namespace stroma::cli
