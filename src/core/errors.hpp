// The four ways in which Stroma fails. A bug in the program and a fault in its input are different types,
// because they need different readers: a bug goes to the developers, a fault to the person who wrote the
// file.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace stroma::core {

/// A bug in Stroma: an invariant that no input can break was broken. Exit code 1.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// Numerical breakdown of a run: a value that is not finite or leaves its bounds. Exit code 4.
class NumericalError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A file could not be read or written: disk full, no permission, folder gone. Exit code 5.
class IoError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A request that would exceed memory or a stated limit, refused before it begins. Exit code 6.
class LimitError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws InternalError where `condition` does not hold.
inline void require(bool condition, const char* what) {
  if (!condition) throw InternalError(what);
}

}  // namespace stroma::core
