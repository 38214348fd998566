// What a study leaves in its result folder beside the report: findings.json, run.json, tables/*.csv and raw/,
// the laboratory's own files. Every function returns bytes; the caller decides where they go.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "study/run_record.hpp"
#include "study/study.hpp"

namespace stroma::store {

/// The array of design section 7: one object per finding, with both sample sizes.
std::string findings_json(const study::StudyResult& result);

/// Configuration, version, seed, state hash, machine, counts of runs, clamps and the worst mass error.
std::string run_json(const study::Study& study, const study::StudyResult& result,
                     const study::RunRecord& record);

/// What was asked of a study's run, kept from its beginning so that it can be taken up.
inline constexpr const char* study_request_name = "input/study-request.json";
std::string study_request_json(const study::RunRecord& record);

/// The record in a folder's file, run.json or study_request_name. Throws core::InputError where there is none
/// or it cannot be read.
study::RunRecord read_record(const std::filesystem::path& folder, const char* file = "run.json");

/// RO-Crate 1.1 metadata of the folder whose files are listed (paths relative to it).
std::string ro_crate_json(const study::Study& study, const study::RunRecord& record,
                          const std::vector<std::string>& files);

/// (path, bytes) of tables/readouts.csv and of every raw file of every assay.
std::vector<std::pair<std::string, std::string>> laboratory_files(const study::Study& study,
                                                                  const study::StudyResult& result);

}  // namespace stroma::store
