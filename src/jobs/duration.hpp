#pragma once

#include <string>

namespace stroma::jobs {

/// "3 min 12 s".
std::string duration_text(double seconds);

}  // namespace stroma::jobs
