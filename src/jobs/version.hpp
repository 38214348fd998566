#pragma once

#include "core/version.hpp"

namespace stroma::jobs {

using core::version;

}  // namespace stroma::jobs
