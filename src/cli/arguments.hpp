// Option tables as a command line. arguments.cpp is the only file that sees the parser's library.
#pragma once

#include <string>
#include <vector>

#include "jobs/job.hpp"

namespace stroma::cli {

/// What a command line asked for: one of the three.
struct Parsed {
  const jobs::Job* job = nullptr;  ///< the command; its options are filled in
  std::string answer;              ///< help or version, for standard output
  std::string problem;             ///< what was mistyped, for standard error
};

/// Fills in the options of the job that the arguments of the program name.
Parsed parse(const std::vector<jobs::Job>& jobs, int argc, const char* const* argv);

}  // namespace stroma::cli
