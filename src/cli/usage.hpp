// What is said to someone who mistyped a command or an option.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "jobs/job.hpp"

namespace stroma::cli {

/// What is wrong with `words` (the arguments, without the program's name) as one line a cause: a command that
/// does not exist, with the nearest name of its level, or the place where a command of that name is; a
/// command that is missing, with the names there are; options that its command does not have, with the
/// nearest. Empty where none of these is the reason.
std::string usage_problems(const std::vector<jobs::Job>& jobs, std::span<const std::string> words);

}  // namespace stroma::cli
