// Lines of a table that are there twice: copied by hand they make every interval narrower than it is.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "core/diagnostics.hpp"

namespace stroma::io {

/// Remembers what each line measured, and says once which came again.
class DoubledLines {
 public:
  /// `key`: everything that tells one measurement from another.
  void add(const std::string& key, const core::Place& place);
  std::size_t count() const { return again_; }
  /// One problem (code doubled-lines) with the first pair and the count; nothing where no line came again.
  /// `what`: "drug, arm, replicate, technical and dose".
  void report(const std::string& what, const std::string& hint, core::Diagnostics& problems) const;

 private:
  std::map<std::string, int> lines_;
  std::size_t again_ = 0;
  core::Place first_;
  int original_ = 0;
};

}  // namespace stroma::io
