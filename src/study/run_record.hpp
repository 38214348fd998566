// What a run was: what is kept with its results and told in its report.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace stroma::study {

/// What a run was, for run.json and the report.
struct RunRecord {
  std::string program, version, command, machine;
  std::string c_library;  ///< name and fingerprint of what computes fits and tests; the engine has its own
  std::string started, finished;  ///< ISO 8601, UTC
  double wall_seconds = 0.0;
  double peak_memory_mib = 0.0;
  std::uint64_t seed = 0;
  bool quick = false;
  int threads = 1;
  std::vector<std::string> without;
  /// Of a study: its folder, or its one experiment; relative to the results where a copy lies there.
  std::string source;
  std::vector<std::string> set;  ///< "key=value" for top-level keys of that experiment
};

}  // namespace stroma::study
