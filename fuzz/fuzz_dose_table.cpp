// Arbitrary bytes as a long table of dose responses.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/diagnostics.hpp"
#include "io/dose_table.hpp"

using namespace stroma;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    for (const assays::DoseRow& row : io::read_dose_table({text, "t"}, {"d"}).rows)
      if (!(row.dose >= 0.0) || !std::isfinite(row.response) || row.arm.empty()) std::abort();
  } catch (const core::InputError&) {
    // Refused in words: that is what a reader is for.
  }
  return 0;
}
