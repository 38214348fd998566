// Arbitrary bytes as a plate's grid and map.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/diagnostics.hpp"
#include "io/lab_files.hpp"

using namespace stroma;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    // The first byte divides the input between the two files.
    const std::size_t half = size == 0 ? 0 : 1 + (size - 1) * data[0] / 255;
    const std::string_view first = size == 0 ? text : text.substr(1, half - 1), second = text.substr(half);
    const assays::Plate plate = io::read_plate({first, "g"}, {second, "m"}, "p");
    for (const assays::PlateWell& well : plate.wells)
      if (well.role != assays::WellRole::empty && !(well.od && std::isfinite(*well.od))) std::abort();
  } catch (const core::InputError&) {
    // Refused in words: that is what a reader is for.
  }
  return 0;
}
