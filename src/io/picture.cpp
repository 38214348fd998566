#include "io/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/diagnostics.hpp"
#include "core/errors.hpp"
#include "core/text.hpp"
#include "io/picture_formats.hpp"

namespace stroma::io {
namespace {

/// Where pixel (x, y) of the upright picture is stored, for orientations 2..8 (TIFF 6.0, tag 274).
std::pair<std::size_t, std::size_t> stored_at(unsigned orientation, std::size_t x, std::size_t y,
                                              std::size_t width,
                                              std::size_t height) {  // of the stored picture
  switch (orientation) {
    case 2:
      return {width - 1 - x, y};
    case 3:
      return {width - 1 - x, height - 1 - y};
    case 4:
      return {x, height - 1 - y};
    case 5:
      return {y, x};
    case 6:
      return {y, height - 1 - x};
    case 7:
      return {width - 1 - y, height - 1 - x};
    case 8:
      return {width - 1 - y, x};
    default:
      return {x, y};
  }
}

}  // namespace

void refuse_picture(const std::string& file, std::string code, std::string message, std::string hint) {
  throw core::InputError({{std::move(code), {file, 0, 0}, {}, std::move(message), std::move(hint)}});
}

void check_picture_size(const std::string& file, std::uint64_t width, std::uint64_t height,
                        std::uint64_t channels, const PictureLimits& limits) {
  if (width == 0 || height == 0 || channels == 0)
    refuse_picture(file, "picture-empty", fmt::format("the picture has {} x {} pixels", width, height));
  // Sides first, so that the product cannot overflow.
  const bool sides = width > limits.side || height > limits.side || channels > limits.values;
  if (!sides && width * height <= limits.values / channels) return;
  const double millions =
      1e-6 * static_cast<double>(width) * static_cast<double>(height) * static_cast<double>(channels);
  // Measured with rolling ball, watershed and overlays: 16 million values take 0.42 GB and 7 s, the largest
  // known case 9 GB and 3 minutes for 256 million.
  constexpr double gigabytes_a_million = 0.035, minutes_a_million = 0.012;
  throw core::LimitError(fmt::format(
      "{}: a picture of {} x {} pixels and {} channel{} has {:.0f} million values, which would take about "
      "{:.2g} GB and {:.2g} minutes; the limit is {:.0f} million ({} pixels a side): cut out the fields that "
      "you want to measure, or raise it by --largest-picture",
      file, width, height, channels, channels == 1 ? "" : "s", millions, gigabytes_a_million * millions,
      minutes_a_million * millions, 1e-6 * static_cast<double>(limits.values), limits.side));
}

void check_room(const std::string& file, std::uint64_t pixel_bytes, std::uint64_t factor,
                std::uint64_t size) {
  if (pixel_bytes / factor > size)
    refuse_picture(
        file, "picture-damaged",
        fmt::format("the header speaks of {} bytes of pixels, which a file of {} bytes cannot hold",
                    pixel_bytes, size),
        "copy the file again from where it came from");
}

imaging::Image blank_picture(std::size_t width, std::size_t height, std::size_t channels, bool colour,
                             int bits) {
  static constexpr std::array colours{"red", "green", "blue"};
  imaging::Image image;
  image.width = width;
  image.height = height;
  image.colour = colour;
  image.bits = bits;
  for (std::size_t c = 0; c < channels; ++c) {
    std::string name = colour ? std::string(colours.at(c)) : fmt::format("channel {}", c + 1);
    image.channels.push_back({std::move(name), imaging::Plane(width, height)});
  }
  return image;
}

void turn_upright(imaging::Image& image, unsigned orientation) {
  if (orientation == 1) return;
  if (orientation < 1 || orientation > 8) {
    image.notes.push_back(fmt::format("an orientation of {} has no meaning and was left alone", orientation));
    return;
  }
  const bool across = orientation >= 5;
  const std::size_t width = across ? image.height : image.width, height = across ? image.width : image.height;
  for (imaging::Channel& channel : image.channels) {
    imaging::Plane upright(width, height);
    for (std::size_t y = 0; y < height; ++y)
      for (std::size_t x = 0; x < width; ++x) {
        const auto [u, v] = stored_at(orientation, x, y, image.width, image.height);
        upright.at(x, y) = channel.plane.at(u, v);
      }
    channel.plane = std::move(upright);
  }
  image.width = width;
  image.height = height;
  image.notes.push_back(
      fmt::format("the picture was stored with orientation {} and turned upright", orientation));
}

void note_dpi(imaging::Image& image, double dots_per_inch, const std::string& source, double rounding) {
  constexpr double coarsest = 10.0;  // 1 dot per inch is how programs say that they do not know
  if (!(dots_per_inch >= coarsest) || !std::isfinite(dots_per_inch)) return;
  constexpr double finest = 4800.0;  // of scanners for film; a microscope's pixel is below 5 um
  const double size = 25400.0 / dots_per_inch, whole = std::round(dots_per_inch);
  if (dots_per_inch <= finest && std::fabs(dots_per_inch - whole) <= rounding) {
    image.notes.push_back(
        fmt::format("{:.0f} dots per inch ({}) were not taken for the size of a pixel: programs and cameras "
                    "write such numbers without knowing it; if a scanner did, say --pixel-size {:.4g}",
                    whole, source, size));
    return;
  }
  image.um_per_pixel = size;
  image.pixel_size_source = source;
}

std::string clean_name(std::string_view text) {
  constexpr std::size_t longest = 200;
  std::string out = core::replace_invalid_utf8(text.substr(0, longest));
  std::erase_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  return out;
}

imaging::Image read_picture(std::string_view bytes, const std::string& file, const PictureLimits& limits) {
  using namespace std::string_view_literals;
  const auto starts_with_any = [&](std::initializer_list<std::string_view> starts) {
    return std::any_of(starts.begin(), starts.end(),
                       [&](std::string_view s) { return bytes.starts_with(s); });
  };
  imaging::Image image;
  if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) {
    image = read_png(bytes, file, limits);
  } else if (bytes.starts_with("\xFF\xD8\xFF"sv)) {
    image = read_jpeg(bytes, file, limits);
  } else if (starts_with_any({"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv})) {
    image = read_tiff(bytes, file, limits);
  } else {
    std::string found;
    for (const char c : bytes.substr(0, 4)) found += (found.empty() ? "" : " ") + core::show_byte(c);
    refuse_picture(file, "picture-unknown-format",
                   found.empty() ? "the file is empty"
                                 : "the file begins with " + found + ", as no picture that can be read",
                   "PNG, JPEG, TIFF and OME-TIFF can be read; export the picture as one of them");
  }
  imaging::require_valid(image);
  return image;
}

}  // namespace stroma::io
