// Pictures as PNG (ISO/IEC 15948), with the size of a pixel in the chunk pHYs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace stroma::io {

/// An 8-bit RGB picture, row after row from the top, 3 width height bytes, as PNG. `um_per_pixel` > 0 goes
/// into pHYs (pixels per metre, an integer: sizes below 1 m / 2^31 are not told apart). The same picture
/// gives the same bytes. Throws core::InternalError for sizes that do not agree.
std::string png_bytes(std::size_t width, std::size_t height, std::span<const std::uint8_t> rgb,
                      double um_per_pixel);

}  // namespace stroma::io
