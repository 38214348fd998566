// What the readers of the single picture formats share; read_picture (picture.hpp) chooses between them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "imaging/image.hpp"
#include "io/picture.hpp"

namespace stroma::io {

imaging::Image read_png(std::string_view bytes, const std::string& file, const PictureLimits& limits);
imaging::Image read_jpeg(std::string_view bytes, const std::string& file, const PictureLimits& limits);
imaging::Image read_tiff(std::string_view bytes, const std::string& file, const PictureLimits& limits);

/// Throws core::InputError with one diagnostic.
[[noreturn]] void refuse_picture(const std::string& file, std::string code, std::string message,
                                 std::string hint = {});

/// Throws where a picture of this size is empty (InputError) or above a limit (LimitError).
void check_picture_size(const std::string& file, std::uint64_t width, std::uint64_t height,
                        std::uint64_t channels, const PictureLimits& limits);

/// Throws where a header claims more bytes of pixels than `factor` times the `size` bytes of its file:
/// nothing is allocated for a file that cannot hold what it says.
void check_room(const std::string& file, std::uint64_t pixel_bytes, std::uint64_t factor, std::uint64_t size);
inline constexpr std::uint64_t deflate_factor =
    1100;  ///< the most bytes that deflate makes of one; LZW, PackBits less

/// An image with `channels` planes of zeros, named red, green, blue where it is in colour.
imaging::Image blank_picture(std::size_t width, std::size_t height, std::size_t channels, bool colour,
                             int bits);

/// Turns a picture upright that is stored with this orientation (Exif and TIFF tag 274, 1..8), with a note.
/// Others are left as they are, with a note.
void turn_upright(imaging::Image& image, unsigned orientation);

/// Takes a resolution in dots per inch for the pixel size, unless it is a whole number up to 4800 (to
/// `rounding`), which programs write without knowing it: then a note says so.
void note_dpi(imaging::Image& image, double dots_per_inch, const std::string& source, double rounding = 0.01);

/// Text of a file as a name: valid UTF-8, without control characters, at most 200 bytes.
std::string clean_name(std::string_view text);

}  // namespace stroma::io
