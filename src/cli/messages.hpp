// Exit codes, and what is printed where.
#pragma once

#include <functional>
#include <string>

#include "jobs/job.hpp"

namespace stroma::cli {

inline constexpr int exit_done = 0, exit_internal = 1, exit_usage = 2, exit_invalid = 3, exit_numerical = 4,
                     exit_disk = 5, exit_limit = 6;

/// Prints a result as it was asked for: results to standard output, what must be known beside to standard
/// error.
void print(const jobs::Result& result, const jobs::Shown& shown);

/// Calls `act`, which returns an exit code; every way of failing becomes its message and its code, standard
/// output that cannot be written included.
int guarded(const std::function<int()>& act, const jobs::Shown& shown);

}  // namespace stroma::cli
