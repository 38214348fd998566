#include "io/png.hpp"

#include <png.h>

#include <cmath>

#include "core/errors.hpp"

namespace stroma::io {
namespace {

/// The library's objects, freed on every way out. Its errors come as exceptions: the default is longjmp,
/// which skips destructors.
struct Writer {
  png_structp png = nullptr;
  png_infop info = nullptr;
  Writer() {
    png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, fail, [](png_structp, png_const_charp) {});
    if (png != nullptr) info = png_create_info_struct(png);
    core::require(info != nullptr, "the PNG library refused to start");
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { png_destroy_write_struct(&png, &info); }

  [[noreturn]] static void fail(png_structp, png_const_charp message) {
    throw core::InternalError(std::string("the PNG library refused: ") + message);
  }
};

void append(png_structp png, png_bytep data, png_size_t size) {
  static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(data), size);
}

}  // namespace

std::string png_bytes(std::size_t width, std::size_t height, std::span<const std::uint8_t> rgb,
                      double um_per_pixel) {
  constexpr std::size_t largest = 1'000'000;  // the library's own limit of either side
  core::require(width >= 1 && height >= 1 && width <= largest && height <= largest &&
                    rgb.size() == 3 * width * height && um_per_pixel > 0.0,
                "a picture's size and its pixels do not agree");
  std::string bytes;
  Writer writer;
  png_set_write_fn(writer.png, &bytes, append, [](png_structp) {});
  png_set_IHDR(writer.png, writer.info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), 8,
               PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  const double per_metre = std::round(1e6 / um_per_pixel);
  if (per_metre >= 1.0 && per_metre <= 2147483647.0) {
    const auto pixels = static_cast<png_uint_32>(per_metre);
    png_set_pHYs(writer.png, writer.info, pixels, pixels, PNG_RESOLUTION_METER);
  }
  constexpr int level = 3;  // a third of the time of the default for pictures a tenth larger
  png_set_compression_level(writer.png, level);
  png_write_info(writer.png, writer.info);
  for (std::size_t row = 0; row < height; ++row) png_write_row(writer.png, rgb.data() + 3 * width * row);
  png_write_end(writer.png, nullptr);
  return bytes;
}

}  // namespace stroma::io
