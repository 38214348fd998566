// What a study leaves in its result folder beside the report: findings.json, run.json, tables/*.csv and raw/,
// the laboratory's own files. Every function returns bytes; the caller decides where they go.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "study/study.hpp"

namespace stroma::io {

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

/// The array of design section 7: one object per finding, with both sample sizes.
std::string findings_json(const study::StudyResult& result);

/// Configuration, version, seed, state hash, machine, counts of runs, clamps and the worst mass error.
std::string run_json(const study::Study& study, const study::StudyResult& result, const RunRecord& record);

/// The record in `folder`/run.json. Throws core::InputError where there is none or it cannot be read.
RunRecord read_record(const std::filesystem::path& folder);

/// RO-Crate 1.1 metadata of the folder whose files are listed (paths relative to it).
std::string ro_crate_json(const study::Study& study, const RunRecord& record,
                          const std::vector<std::string>& files);

/// (path, bytes) of tables/readouts.csv and of every raw file of every assay.
std::vector<std::pair<std::string, std::string>> laboratory_files(const study::Study& study,
                                                                  const study::StudyResult& result);

}  // namespace stroma::io
