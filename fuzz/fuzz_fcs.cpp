// Arbitrary bytes as an FCS file.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/diagnostics.hpp"
#include "io/fcs.hpp"

using namespace stroma;

namespace {

/// Every value is a number, but in channels that say that they hold none; those may lend it by compensation.
void check(const io::Fcs& fcs, bool compensated) {
  const std::size_t width = fcs.channels.size();
  bool all = true;
  for (const io::FcsChannel& channel : fcs.channels) all = all && channel.has_numbers;
  for (std::size_t i = 0; i < fcs.events.size(); ++i)
    if (std::isinf(fcs.events[i]) ||
        (std::isnan(fcs.events[i]) && fcs.channels[i % width].has_numbers && !(compensated && !all)))
      std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    std::size_t events = 0;
    for (io::Fcs& fcs :
         io::merge_twins(io::read_fcs_data_sets({reinterpret_cast<const char*>(data), size}, "f"))) {
      events += fcs.events.size();
      if (fcs.channels.empty() || fcs.events.size() % fcs.channels.size() != 0 || events > size) std::abort();
      check(fcs, false);
      io::linearise(fcs);
      check(fcs, false);
      io::compensate(fcs, "f");
      check(fcs, true);
    }
  } catch (const core::InputError&) {
    // Refused in words: that is what a reader is for.
  }
  return 0;
}
