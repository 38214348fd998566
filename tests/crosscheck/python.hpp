// Debian's own Python (and ParaView's) as the second reader of what Stroma writes.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "test_paths.hpp"

namespace stroma::test {

/// Where the programs that read are missing, the tests fail and say this.
inline constexpr const char* how_to_get_them =
    "a program that this test needs is missing: run tools/setup, which installs what tools/packages.txt "
    "lists under [test]";

/// Whether `import <module>` works in the distribution's Python (another one on PATH may lack its modules).
inline bool python_has(const std::string& module) {
  return std::system(("/usr/bin/python3 -c 'import " + module + "'").c_str()) == 0;
}

/// Runs a script of tests/crosscheck/python; 0 where all that it asserts holds.
inline int run_script(const std::string& interpreter, const std::string& script,
                      const std::string& arguments) {
  const std::string command =
      interpreter + " '" + STROMA_SOURCE_DIR + "/tests/crosscheck/python/" + script + "' " + arguments;
  return std::system(command.c_str());
}

}  // namespace stroma::test
