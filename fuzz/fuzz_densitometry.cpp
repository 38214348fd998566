// Arbitrary bytes as densitometry with its sheet.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/diagnostics.hpp"
#include "io/densitometry_export.hpp"

using namespace stroma;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    // The first byte divides the input between the two files.
    const std::size_t half = size == 0 ? 0 : 1 + (size - 1) * data[0] / 255;
    const std::string_view first = size == 0 ? text : text.substr(1, half - 1), second = text.substr(half);
    for (const assays::BlotBand& band : io::read_densitometry_export({first, "t"}, {second, "s"}))
      if (!(band.volume >= 0.0) || !(band.background >= 0.0) || band.arm.empty()) std::abort();
  } catch (const core::InputError&) {
    // Refused in words: that is what a reader is for.
  }
  return 0;
}
