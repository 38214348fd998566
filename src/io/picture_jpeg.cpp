// JPEG files as planes, by libjpeg. The library leaves on an error by longjmp, which skips destructors:
// everything with a destructor lives outside the one function that calls setjmp.
#include <fmt/format.h>
#include <jerror.h>
#include <jpeglib.h>  // after cstdio, whose FILE it needs

#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <vector>

#include "core/errors.hpp"
#include "io/picture_formats.hpp"

namespace stroma::io {
namespace {

constexpr int most_scans = 200;  // a progressive file of thousands of scans takes hours: none is a photograph

struct Failure {
  jpeg_error_mgr manager;  // first: the library knows the object by this address
  std::jmp_buf back;
  char message[JMSG_LENGTH_MAX];
};

/// An error, or a warning that means the pixels are not those that were stored.
[[noreturn]] void leave(j_common_ptr library) {
  auto* failure = reinterpret_cast<Failure*>(library->err);
  library->err->format_message(library, failure->message);
  std::longjmp(failure->back, 1);
}
void warn(j_common_ptr library, int level) {
  const int code = library->err->msg_code;
  const bool harmless = code == JWRN_EXTRANEOUS_DATA || code == JWRN_ADOBE_XFORM || code == JWRN_BOGUS_ICC;
  if (level < 0 && !harmless) leave(library);
}
void watch(j_common_ptr library) {
  if (reinterpret_cast<j_decompress_ptr>(library)->input_scan_number > most_scans)
    ERREXIT1(library, JERR_BAD_PROGRESSION, most_scans);
}

/// The whole decoder, with everything that must outlive a longjmp.
struct Decoder {
  jpeg_decompress_struct library{};
  Failure failure{};
  jpeg_progress_mgr progress{};
  std::vector<JSAMPLE> row;
  imaging::Image image;

  Decoder() {
    library.err = jpeg_std_error(&failure.manager);
    failure.manager.error_exit = leave;
    failure.manager.emit_message = warn;
    failure.manager.output_message = [](j_common_ptr) {};
    progress.progress_monitor = watch;
  }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() { jpeg_destroy_decompress(&library); }
};

// Each step is one call of the library with the way back set; it returns false where the library left. No
// object with a destructor is born inside.
bool read_header(Decoder& d, const unsigned char* bytes, unsigned long size) {
  if (setjmp(d.failure.back) != 0) return false;
  jpeg_create_decompress(&d.library);
  d.library.progress = &d.progress;
  jpeg_mem_src(&d.library, bytes, size);
  jpeg_save_markers(&d.library, JPEG_APP0 + 1, 0xFFFF);  // Exif
  jpeg_read_header(&d.library, TRUE);
  return true;
}

bool start(Decoder& d) {
  if (setjmp(d.failure.back) != 0) return false;
  d.library.out_color_space = d.library.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  d.library.dct_method = JDCT_ISLOW;
  jpeg_start_decompress(&d.library);
  return true;
}

bool read_row(Decoder& d) {
  if (setjmp(d.failure.back) != 0) return false;
  JSAMPROW to = d.row.data();
  jpeg_read_scanlines(&d.library, &to, 1);
  return true;
}

bool finish(Decoder& d) {
  if (setjmp(d.failure.back) != 0) return false;
  jpeg_finish_decompress(&d.library);
  return true;
}

/// The orientation of an Exif segment (a small TIFF behind "Exif\0\0"); none where there is none.
std::optional<unsigned> exif_orientation(std::string_view segment) {
  using namespace std::string_view_literals;
  if (!segment.starts_with("Exif\0\0"sv)) return std::nullopt;
  const std::string_view tiff = segment.substr(6);
  if (tiff.size() < 8) return std::nullopt;
  const bool little = tiff.starts_with("II");
  const auto number = [&](std::size_t at, std::size_t bytes) -> std::size_t {
    std::size_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i)
      value |= std::size_t{static_cast<unsigned char>(tiff[at + i])} << 8 * (little ? i : bytes - 1 - i);
    return value;
  };
  const std::size_t table = number(4, 4);
  if (table > tiff.size() || tiff.size() - table < 2) return std::nullopt;
  const std::size_t entries = number(table, 2);
  for (std::size_t e = 0; e < entries; ++e) {
    const std::size_t at = table + 2 + 12 * e;
    if (at + 12 > tiff.size()) return std::nullopt;
    if (number(at, 2) == 274 && number(at + 2, 2) == 3) return static_cast<unsigned>(number(at + 8, 2));
  }
  return std::nullopt;
}

std::optional<unsigned> orientation_of(const jpeg_decompress_struct& library) {
  for (const jpeg_marker_struct* m = library.marker_list; m != nullptr; m = m->next)
    if (m->marker == JPEG_APP0 + 1)
      if (const auto found = exif_orientation({reinterpret_cast<const char*>(m->data), m->data_length}))
        return found;
  return std::nullopt;
}

void note_density(const jpeg_decompress_struct& library, imaging::Image& image) {
  if (library.saw_JFIF_marker == FALSE || library.X_density != library.Y_density) return;
  if (library.density_unit == 1) note_dpi(image, library.X_density, "density of the JPEG");
  // Dots per cm are whole: 118 and 119 are 300 per inch.
  if (library.density_unit == 2) note_dpi(image, 2.54 * library.X_density, "density of the JPEG", 1.27);
}

}  // namespace

imaging::Image read_jpeg(std::string_view bytes, const std::string& file, const PictureLimits& limits) {
  Decoder d;
  const auto need = [&](bool worked) {
    if (!worked)
      refuse_picture(file, "picture-damaged", fmt::format("JPEG: {}", d.failure.message),
                     "copy the file again from where it came from");
  };
  need(read_header(d, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
  const auto channels = static_cast<std::size_t>(d.library.num_components);
  const J_COLOR_SPACE space = d.library.jpeg_color_space;
  if ((channels != 1 && channels != 3) || (channels == 3 && space != JCS_YCbCr && space != JCS_RGB))
    refuse_picture(file, "picture-unsupported",
                   fmt::format("JPEG: {} colour components, as for print", channels),
                   "save the picture as grey or RGB");
  const std::size_t width = d.library.image_width, height = d.library.image_height;
  check_picture_size(file, width, height, channels, limits);
  // At least half a bit for each component of 64 pixels, with colours stored at half the width and height.
  constexpr std::uint64_t factor = 2100;
  if (d.library.arith_code == FALSE)
    check_room(file, std::uint64_t{width} * height * channels, factor, bytes.size());
  const std::optional<unsigned> orientation = orientation_of(d.library);  // finishing forgets the markers
  need(start(d));
  core::require(static_cast<std::size_t>(d.library.output_components) == channels &&
                    d.library.output_width == width && d.library.output_height == height,
                "the JPEG library's rows have an odd size");
  d.row.resize(width * channels);
  d.image = blank_picture(width, height, channels, channels == 3, 8);
  for (std::size_t y = 0; y < height; ++y) {
    need(read_row(d));
    for (std::size_t x = 0; x < width; ++x)
      for (std::size_t c = 0; c < channels; ++c)
        d.image.channels[c].plane.at(x, y) = static_cast<float>(d.row[x * channels + c]);
  }
  need(finish(d));
  note_density(d.library, d.image);
  if (orientation) turn_upright(d.image, *orientation);
  d.image.notes.emplace_back("JPEG discards detail: measured densities are approximate");
  return std::move(d.image);
}

}  // namespace stroma::io
