#include "io/doubled_lines.hpp"

#include <fmt/format.h>

namespace stroma::io {

void DoubledLines::add(const std::string& key, const core::Place& place) {
  const auto [before, fresh] = lines_.insert({key, place.line});
  if (fresh) return;
  if (again_++ > 0) return;
  first_ = place;
  original_ = before->second;
}

void DoubledLines::report(const std::string& what, const std::string& hint,
                          core::Diagnostics& problems) const {
  if (again_ == 0) return;
  problems.add("doubled-lines", {first_.file, first_.line, 0}, {},
               fmt::format("{} line{} measured before, by {}; the first has those of line {}", again_,
                           again_ == 1 ? " repeats what was" : "s repeat what was", what, original_),
               hint);
}

}  // namespace stroma::io
