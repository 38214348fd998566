// Runs of studies and of experiments that are one: what the ledger does not know is run, then all is
// measured, assessed and written. `reproduce`, `run` and `report` lead here.
#pragma once

#include <filesystem>

#include "jobs/requests.hpp"
#include "study/study.hpp"

namespace stroma::jobs {

inline constexpr const char* quick_in_space =
    "--quick thins out cultures; a tissue is made smaller by --set duration=\"6 h\" or --set dimensions=2";

/// Runs a study that was loaded from `source`, its folder or its one experiment's file.
Result run_study(const study::Study& study, const std::filesystem::path& source, RunOptions options,
                 Session& session);

/// Throws InputError ("no-vessels"): `file` is an experiment in space, which --on cannot send away.
[[noreturn]] void refuse_workers(const std::filesystem::path& file);

/// Makes the report of a finished study again. Throws InputError where something of it is not there.
Result remake_study_report(const ReportRequest& request, Session& session);

}  // namespace stroma::jobs
