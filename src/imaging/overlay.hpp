// What was measured, drawn over the picture so that an eye can check it: outlines of masks, boxes, circles,
// numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "imaging/image.hpp"

namespace stroma::imaging {

using Colour = std::array<std::uint8_t, 3>;  ///< red, green, blue

/// The palette of overlays (Okabe & Ito, Color Universal Design, 2008).
inline constexpr Colour vermilion{213, 94, 0}, sky_blue{86, 180, 233}, yellow{240, 228, 66},
    green{0, 158, 115};

/// An 8-bit RGB picture to draw on.
struct Canvas {
  std::size_t width = 0, height = 0;
  std::vector<std::uint8_t> rgb;  ///< row after row from the top
};

/// The picture as an eye sees it: colour as it is (16 bits and floats scaled to 8), one channel grey, several
/// channels of fluorescence as green, magenta and blue. Planes that are not 8-bit colour are stretched from
/// their 0.1 % to their 99.9 % quantile.
Canvas canvas_of(const Image& image);

/// Pixels of the mask that touch one outside it get the colour. On a canvas that is smaller than the mask the
/// line is two pixels wide, so that it can be seen on a page.
void draw_outline(Canvas& canvas, const Mask& mask, const Colour& colour);
/// The edge of columns [left, right) and rows [top, bottom).
void draw_box(Canvas& canvas, std::size_t left, std::size_t top, std::size_t right, std::size_t bottom,
              const Colour& colour);
void draw_circle(Canvas& canvas, double x, double y, double radius, const Colour& colour);
/// ASCII text whose lower left corner is at (x, y); letters `height` pixels high.
void draw_text(Canvas& canvas, double x, double y, const std::string& text, double height,
               const Colour& colour);

/// The canvas at most `side` pixels on its longer side, by means over areas.
Canvas shrunk(const Canvas& canvas, std::size_t side);

}  // namespace stroma::imaging
