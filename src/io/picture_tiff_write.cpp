// Pictures as TIFF files, by libtiff.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "core/errors.hpp"
#include "io/ome_xml.hpp"
#include "io/picture.hpp"
#include "io/tiff_memory.hpp"

namespace stroma::io {
namespace {

void store(std::uint8_t* at, float value, int bits) {
  if (bits == 32) {
    std::memcpy(at, &value, 4);
    return;
  }
  core::require(value >= 0.0F && value <= (bits == 8 ? 255.0F : 65535.0F) && value == std::floor(value),
                "a value that does not fit the picture's depth");
  if (bits == 8) {
    *at = static_cast<std::uint8_t>(value);
  } else {
    const auto v = static_cast<std::uint16_t>(value);
    std::memcpy(at, &v, 2);
  }
}

/// Rows [y, y + h) and columns [x, x + w) of the channels, sample by sample; zeros beyond the picture.
std::vector<std::uint8_t> block(const imaging::Image& image, std::size_t first, std::size_t samples,
                                std::size_t x, std::size_t y, std::size_t w, std::size_t h) {
  const auto bytes = static_cast<std::size_t>(image.bits / 8);
  std::vector<std::uint8_t> out(w * h * samples * bytes, 0);
  for (std::size_t v = 0; v < std::min(h, image.height - y); ++v)
    for (std::size_t u = 0; u < std::min(w, image.width - x); ++u)
      for (std::size_t s = 0; s < samples; ++s)
        store(out.data() + ((v * w + u) * samples + s) * bytes,
              image.channels[first + s].plane.at(x + u, y + v), image.bits);
  return out;
}

void set_tags(TIFF* tiff, const imaging::Image& image, std::size_t samples, const TiffLayout& layout) {
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(image.width));
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(image.height));
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, image.bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, static_cast<int>(samples));
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, image.bits == 32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, image.colour ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, layout.compress ? COMPRESSION_ADOBE_DEFLATE : COMPRESSION_NONE);
  if (layout.compress && image.bits != 32) TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
  if (layout.tile > 0) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, layout.tile);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, layout.tile);
  } else {
    const std::size_t row = image.width * samples * static_cast<std::size_t>(image.bits / 8);
    const std::size_t rows =
        std::clamp<std::size_t>((std::size_t{64} << 10) / row, 1, image.height);  // some 64 kB
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, static_cast<std::uint32_t>(rows));
  }
}

void write_blocks(TIFF* tiff, const imaging::Image& image, std::size_t first, std::size_t samples,
                  const TiffLayout& layout) {
  std::uint32_t rows = 0;
  if (layout.tile == 0) TIFFGetField(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
  const std::size_t w = layout.tile > 0 ? layout.tile : image.width;
  const std::size_t h = layout.tile > 0 ? layout.tile : rows;
  std::uint32_t number = 0;
  for (std::size_t y = 0; y < image.height; y += h)
    for (std::size_t x = 0; x < image.width; x += w, ++number) {
      const std::size_t height = layout.tile > 0 ? h : std::min(h, image.height - y);
      std::vector<std::uint8_t> data = block(image, first, samples, x, y, w, height);
      const auto size = static_cast<tmsize_t>(data.size());
      const tmsize_t done = layout.tile > 0 ? TIFFWriteEncodedTile(tiff, number, data.data(), size)
                                            : TIFFWriteEncodedStrip(tiff, number, data.data(), size);
      core::require(done == size, "the TIFF library refused a strip or tile");
    }
}

}  // namespace

std::string write_tiff(const imaging::Image& image, const TiffLayout& layout) {
  imaging::require_valid(image);
  core::require(layout.tile % 16 == 0, "the side of a tile is not a multiple of 16");
  std::vector<std::string> names;
  for (const imaging::Channel& channel : image.channels) names.push_back(channel.name);
  const std::string type = image.bits == 32 ? "float" : fmt::format("uint{}", image.bits);
  const std::string ome = write_ome(image.width, image.height, names, image.colour, type, image.um_per_pixel);
  TiffMemory memory;
  core::require(memory.get() != nullptr, "the TIFF library refused to start");
  const std::size_t samples = image.colour ? 3 : 1;
  for (std::size_t first = 0; first < image.channels.size(); first += samples) {
    set_tags(memory.get(), image, samples, layout);
    if (first == 0 && layout.ome) TIFFSetField(memory.get(), TIFFTAG_IMAGEDESCRIPTION, ome.c_str());
    write_blocks(memory.get(), image, first, samples, layout);
    core::require(TIFFWriteDirectory(memory.get()) != 0, "the TIFF library refused a page");
  }
  return memory.close_and_take();
}

}  // namespace stroma::io
