// What came out of a vessel as bytes, for the ledger.
#pragma once

#include <string>
#include <string_view>

#include "study/executor.hpp"

namespace stroma::study {

/// The state hash and the specimens of a finished vessel.
std::string encode(const Outcome& outcome);

/// The reverse, marked as reused. Throws InternalError or InputError for what `encode` did not write.
Outcome decode_outcome(std::string_view bytes);

}  // namespace stroma::study
