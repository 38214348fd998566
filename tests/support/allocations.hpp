// How often this program has asked for memory, so that a test can say of a piece of work that it never does.
// A program that asks (tests/CMakeLists.txt names them) has every operator new replaced by one that counts.
#pragma once

#include <cstddef>

namespace stroma::test {

/// Allocations by operator new in all threads since the program began.
std::size_t allocations();

}  // namespace stroma::test
