#pragma once

namespace stroma::cli {

/// The whole program: parses the arguments, runs a command, reports a failure once and completely. Returns
/// the exit code.
int run_program(int argc, char** argv);

}  // namespace stroma::cli
