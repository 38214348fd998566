// What a study would be, without running any of it.
#pragma once

#include "jobs/requests.hpp"
#include "study/study.hpp"

namespace stroma::jobs {

/// Vessels and tissues, cells, steps, memory, disk and time, in words.
Result plan_of(const study::Study& study, const RunOptions& options);

/// Whether any of its experiments is in space.
bool has_tissues(const study::Study& study);

}  // namespace stroma::jobs
