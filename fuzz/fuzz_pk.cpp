// Arbitrary bytes as a table of concentrations in plasma.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/diagnostics.hpp"
#include "io/pk_table.hpp"

using namespace stroma;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    for (const assays::PkSample& sample : io::read_pk_table({text, "t"}).samples)
      if (!(sample.time >= 0.0) || (sample.concentration && !(*sample.concentration >= 0.0))) std::abort();
  } catch (const core::InputError&) {
    // Refused in words: that is what a reader is for.
  }
  return 0;
}
