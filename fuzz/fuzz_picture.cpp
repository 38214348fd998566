// Arbitrary bytes as a picture: PNG, JPEG, TIFF and OME-TIFF.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/diagnostics.hpp"
#include "core/errors.hpp"
#include "io/picture.hpp"

using namespace stroma;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  io::PictureLimits limits;
  limits.values = std::uint64_t{1} << 22;  // pictures that a fuzzer can try thousands of in a second
  try {
    const imaging::Image image = io::read_picture({reinterpret_cast<const char*>(data), size}, "f", limits);
    std::uint64_t values = 0;
    for (const imaging::Channel& channel : image.channels) {
      values += channel.plane.size();
      for (const float value : channel.plane.values)
        if (!std::isfinite(value) || (image.bits != 32 && (value < 0.0F || value > image.full_scale())))
          std::abort();
    }
    if (values == 0 || values > limits.values) std::abort();
    // What was read can be written and comes back the same.
    if (image.channels.size() <= limits.pages) {
      const imaging::Image back = io::read_picture(io::write_tiff(image), "f", limits);
      if (back.channels.size() != image.channels.size()) std::abort();
      for (std::size_t c = 0; c < image.channels.size(); ++c)
        if (back.channels[c].plane.values != image.channels[c].plane.values) std::abort();
    }
  } catch (const core::InputError&) {
    // Refused in words: that is what a reader is for.
  } catch (const core::LimitError&) {
    // Too large, said before anything was allocated.
  }
  return 0;
}
