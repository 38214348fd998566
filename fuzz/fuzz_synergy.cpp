// Arbitrary bytes as a checkerboard.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/diagnostics.hpp"
#include "io/synergy_table.hpp"

using namespace stroma;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    for (const io::SynergyBlock& block :
         io::read_synergy_table({text, "t"}, io::SynergyResponse::inhibition_percent))
      for (const std::vector<double>& cell : block.board.effects)
        if (cell.empty() || !std::isfinite(cell.front())) std::abort();
  } catch (const core::InputError&) {
    // Refused in words: that is what a reader is for.
  }
  return 0;
}
