// The version of the program: set once, by project() in CMakeLists.txt.
#pragma once

namespace stroma::core {

/// "major.minor.patch" (https://semver.org).
extern const char* const version;

}  // namespace stroma::core
