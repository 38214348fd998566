// Arbitrary bytes as a Ct table with its sample sheet.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/diagnostics.hpp"
#include "io/ct_export.hpp"

using namespace stroma;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    // The first byte divides the input between the two files.
    const std::size_t half = size == 0 ? 0 : 1 + (size - 1) * data[0] / 255;
    const std::string_view first = size == 0 ? text : text.substr(1, half - 1), second = text.substr(half);
    for (const assays::CtRow& row : io::read_ct_export({first, "t"}, {second, "s"}).rows)
      if (row.arm.empty() || row.replicate < 1 || (row.ct && !(*row.ct > 0.0))) std::abort();
  } catch (const core::InputError&) {
    // Refused in words: that is what a reader is for.
  }
  return 0;
}
