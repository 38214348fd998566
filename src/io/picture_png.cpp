// PNG files as planes, by libpng, row by row.
#include <fmt/format.h>
#include <png.h>

#include <bit>
#include <cstring>
#include <vector>

#include "core/errors.hpp"
#include "io/picture_formats.hpp"

namespace stroma::io {
namespace {

/// What went wrong inside the library, until it can be said with the file's name. Exceptions leave its calls
/// as in png.cpp: the default is longjmp, which skips destructors.
struct Damaged {
  std::string message;
};

struct Source {
  std::string_view bytes;
  std::size_t at = 0;
};

struct Reader {
  png_structp png = nullptr;
  png_infop info = nullptr;
  explicit Reader(Source& source) {
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, fail, [](png_structp, png_const_charp) {});
    if (png != nullptr) info = png_create_info_struct(png);
    core::require(info != nullptr, "the PNG library refused to start");
    png_set_read_fn(png, &source, take);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }

  [[noreturn]] static void fail(png_structp, png_const_charp message) { throw Damaged{message}; }
  static void take(png_structp png, png_bytep to, png_size_t size) {
    auto& source = *static_cast<Source*>(png_get_io_ptr(png));
    if (size > source.bytes.size() - source.at) throw Damaged{"the file ends early"};
    std::memcpy(to, source.bytes.data() + source.at, size);
    source.at += size;
  }
};

constexpr std::uint32_t largest_text = 1U << 20;  // bytes of an ancillary chunk; none is of use here

imaging::Image decode(Reader& reader, const std::string& file, std::size_t size,
                      const PictureLimits& limits) {
  png_structp png = reader.png;
  png_infop info = reader.info;
  png_set_user_limits(png, 0x7FFFFFFF, 0x7FFFFFFF);  // check_picture_size says what is too large, in words
  png_set_chunk_malloc_max(png, largest_text);
  png_read_info(png, info);
  const std::uint64_t width = png_get_image_width(png, info), height = png_get_image_height(png, info);
  const int type = png_get_color_type(png, info);
  const bool colour = (type & PNG_COLOR_MASK_COLOR) != 0;
  const bool clear = (type & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  const std::size_t channels = colour ? 3 : 1;
  check_picture_size(file, width, height, channels, limits);
  check_room(file, png_get_rowbytes(png, info) * height, deflate_factor, size);
  const int bits = png_get_bit_depth(png, info) == 16 ? 16 : 8;

  png_set_palette_to_rgb(png);
  if (!colour) png_set_expand_gray_1_2_4_to_8(png);
  if ((type & PNG_COLOR_MASK_ALPHA) != 0) png_set_strip_alpha(png);
  if (bits == 16 && std::endian::native == std::endian::little) png_set_swap(png);
  const int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  const std::size_t row_bytes = png_get_rowbytes(png, info);
  // A transparent colour makes the library expand to RGBA or grey + alpha on some ways: count what it gives.
  const std::size_t given = png_get_channels(png, info);
  const std::size_t value_bytes = bits / 8;
  core::require(given >= channels && row_bytes == given * width * value_bytes,
                "the PNG library's rows have an odd size");

  imaging::Image image = blank_picture(width, height, channels, colour, bits);
  const auto put = [&](std::size_t y, const std::vector<png_byte>& row) {
    for (std::size_t x = 0; x < width; ++x)
      for (std::size_t c = 0; c < channels; ++c) {
        const png_byte* at = row.data() + (x * given + c) * value_bytes;
        std::uint16_t value = *at;
        if (bits == 16) std::memcpy(&value, at, 2);
        image.channels[c].plane.at(x, y) = value;
      }
  };
  if (passes == 1) {
    std::vector<png_byte> row(row_bytes);
    for (std::size_t y = 0; y < height; ++y) {
      png_read_row(png, row.data(), nullptr);
      put(y, row);
    }
  } else {  // interlaced: every pass needs the rows of the one before
    std::vector<std::vector<png_byte>> rows(height, std::vector<png_byte>(row_bytes));
    for (int pass = 0; pass < passes; ++pass)
      for (auto& row : rows) png_read_row(png, row.data(), nullptr);
    for (std::size_t y = 0; y < height; ++y) put(y, rows[y]);
  }
  png_read_end(png, nullptr);

  png_uint_32 per_x = 0, per_y = 0;
  int unit = 0;
  if (png_get_pHYs(png, info, &per_x, &per_y, &unit) != 0 && unit == PNG_RESOLUTION_METER && per_x == per_y &&
      per_x > 1) {
    note_dpi(image, 0.0254 * per_x, "pHYs of the PNG", 0.0254);  // pixels per metre are whole
  }
  if (clear) image.notes.emplace_back("its transparency was left out");
  return image;
}

}  // namespace

imaging::Image read_png(std::string_view bytes, const std::string& file, const PictureLimits& limits) {
  Source source{bytes, 0};
  Reader reader(source);
  try {
    return decode(reader, file, bytes.size(), limits);
  } catch (const Damaged& damage) {
    refuse_picture(file, "picture-damaged", "PNG: " + damage.message,
                   "copy the file again from where it came from");
  }
}

}  // namespace stroma::io
