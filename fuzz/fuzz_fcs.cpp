// Arbitrary bytes as an FCS file.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/diagnostics.hpp"
#include "io/fcs.hpp"

using namespace stroma;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const io::Fcs fcs = io::read_fcs({reinterpret_cast<const char*>(data), size}, "f");
    if (fcs.channels.empty() || fcs.events.size() % fcs.channels.size() != 0 || fcs.events.size() > size)
      std::abort();
    for (const double event : fcs.events)
      if (!std::isfinite(event)) std::abort();
  } catch (const core::InputError&) {
    // Refused in words: that is what a reader is for.
  }
  return 0;
}
