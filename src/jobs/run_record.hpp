// The record that a result folder keeps of its run: program, command, machine, times.
#pragma once

#include <chrono>

#include "jobs/requests.hpp"
#include "store/results.hpp"

namespace stroma::jobs {

/// The record of a run that begins now, as `options` and `command`, as typed, ask for it.
study::RunRecord begin_record(const RunOptions& options, const std::string& command);

/// Adds what is known when the run ends now: the time, how long it took since `begin`, the memory of this
/// process.
void end_record(study::RunRecord& record, std::chrono::steady_clock::time_point begin);

}  // namespace stroma::jobs
