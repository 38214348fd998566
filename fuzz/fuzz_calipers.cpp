// Arbitrary bytes as a caliper table.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/diagnostics.hpp"
#include "io/caliper_table.hpp"

using namespace stroma;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    for (const assays::TumourVolume& v : io::read_caliper_table({text, "t"}).volumes)
      if (!(v.volume >= 0.0) || !std::isfinite(v.volume) || !std::isfinite(v.day) || v.animal.empty())
        std::abort();
  } catch (const core::InputError&) {
    // Refused in words: that is what a reader is for.
  }
  return 0;
}
