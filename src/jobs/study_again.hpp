// `verify`, `resume` and `fork` of runs that are vessels: cultures, studies and experiments in space with
// arms. Those of one tissue are in tissue_run.cpp, which leads here.
#pragma once

#include "jobs/requests.hpp"

namespace stroma::jobs {

Result verify_study(const VerifyRequest& request, Session& session);
Result resume_study(const ResumeRequest& request, Session& session);
Result fork_study(const ForkRequest& request, Session& session);

}  // namespace stroma::jobs
