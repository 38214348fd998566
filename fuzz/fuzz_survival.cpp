// Arbitrary bytes as a survival table.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/diagnostics.hpp"
#include "io/survival_table.hpp"

using namespace stroma;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    for (const assays::SurvivalSubject& s : io::read_survival_table({text, "t"}, {}).data.subjects)
      if (!(s.follow_up.time >= 0.0) || !std::isfinite(s.follow_up.time)) std::abort();
  } catch (const core::InputError&) {
    // Refused in words: that is what a reader is for.
  }
  return 0;
}
