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
    std::size_t events = 0;
    for (io::Fcs& fcs : io::read_fcs_data_sets({reinterpret_cast<const char*>(data), size}, "f")) {
      events += fcs.events.size();
      if (fcs.channels.empty() || fcs.events.size() % fcs.channels.size() != 0 || events > size) std::abort();
      io::linearise(fcs);
      for (const double event : fcs.events)
        if (!std::isfinite(event)) std::abort();
      io::compensate(fcs, "f");
      for (const double event : fcs.events)
        if (!std::isfinite(event)) std::abort();
    }
  } catch (const core::InputError&) {
    // Refused in words: that is what a reader is for.
  }
  return 0;
}
