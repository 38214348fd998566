#pragma once

namespace stroma::jobs {

/// Of the program; the build sets it from CMakeLists.txt.
inline constexpr const char* version = STROMA_VERSION;

}  // namespace stroma::jobs
