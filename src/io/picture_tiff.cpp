// TIFF files as planes, by libtiff: every page, strip or tile by strip or tile.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "core/errors.hpp"
#include "core/units.hpp"
#include "io/ome_xml.hpp"
#include "io/picture_formats.hpp"
#include "io/tiff_memory.hpp"

namespace stroma::io {
namespace {

/// How one page is stored.
struct Page {
  std::uint32_t width = 0, height = 0;
  std::uint16_t bits = 1, samples = 1, format = SAMPLEFORMAT_UINT, photometric = PHOTOMETRIC_MINISBLACK;
  std::uint16_t planar = PLANARCONFIG_CONTIG, compression = COMPRESSION_NONE,
                orientation = ORIENTATION_TOPLEFT;
  std::size_t channels = 1;  ///< that are kept
  bool colour = false, palette = false, alpha = false;
  int depth() const { return format == SAMPLEFORMAT_IEEEFP ? 32 : bits; }
};

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& file, const PictureLimits& limits)
      : bytes_(bytes), file_(file), limits_(limits), memory_(bytes) {}

  imaging::Image read() {
    if (memory_.get() == nullptr) damaged("the header or the first directory cannot be read");
    read_description();
    plan_pages();
    for (const std::uint16_t directory : directories_) {
      if (TIFFSetDirectory(tiff(), directory) == 0) damaged("a page cannot be read");
      decode_page(read_layout());
      memory_.clear_error();
    }
    name_channels();
    turn_upright(image_, orientation_);
    return std::move(image_);
  }

 private:
  TIFF* tiff() const { return memory_.get(); }
  [[noreturn]] void damaged(const std::string& what) const {
    refuse_picture(file_, "picture-damaged",
                   fmt::format("TIFF: {}{}", what,
                               memory_.error().empty() ? "" : " (" + clean_name(memory_.error()) + ")"),
                   "copy the file again from where it came from");
  }
  [[noreturn]] void unsupported(const std::string& what) const {
    refuse_picture(file_, "picture-unsupported", "TIFF: " + what,
                   "save the picture as grey or RGB with 8 or 16 bits, or as 32-bit floats");
  }

  Page read_layout() const {
    Page p;
    if (TIFFGetField(tiff(), TIFFTAG_IMAGEWIDTH, &p.width) == 0 ||
        TIFFGetField(tiff(), TIFFTAG_IMAGELENGTH, &p.height) == 0)
      damaged("a page without width or height");
    TIFFGetFieldDefaulted(tiff(), TIFFTAG_BITSPERSAMPLE, &p.bits);
    TIFFGetFieldDefaulted(tiff(), TIFFTAG_SAMPLESPERPIXEL, &p.samples);
    TIFFGetFieldDefaulted(tiff(), TIFFTAG_SAMPLEFORMAT, &p.format);
    TIFFGetFieldDefaulted(tiff(), TIFFTAG_PLANARCONFIG, &p.planar);
    TIFFGetFieldDefaulted(tiff(), TIFFTAG_COMPRESSION, &p.compression);
    TIFFGetFieldDefaulted(tiff(), TIFFTAG_ORIENTATION, &p.orientation);
    if (TIFFGetField(tiff(), TIFFTAG_PHOTOMETRIC, &p.photometric) == 0)
      damaged("a page without a photometric tag");
    if (p.format == SAMPLEFORMAT_VOID) p.format = SAMPLEFORMAT_UINT;
    const bool whole = p.format == SAMPLEFORMAT_UINT && (p.bits == 8 || p.bits == 16);
    if (!whole && !(p.format == SAMPLEFORMAT_IEEEFP && p.bits == 32))
      unsupported(fmt::format("{} bits per value of sample format {}", p.bits, p.format));
    if (TIFFIsCODECConfigured(p.compression) == 0) unsupported(fmt::format("compression {}", p.compression));
    p.palette = p.photometric == PHOTOMETRIC_PALETTE;
    if (p.photometric == PHOTOMETRIC_YCBCR && p.compression == COMPRESSION_JPEG) {
      TIFFSetField(tiff(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);  // the codec converts
      p.photometric = PHOTOMETRIC_RGB;
    }
    p.colour = p.palette || p.photometric == PHOTOMETRIC_RGB;
    if (!p.colour && p.photometric != PHOTOMETRIC_MINISBLACK && p.photometric != PHOTOMETRIC_MINISWHITE)
      unsupported(fmt::format("photometric interpretation {}", p.photometric));
    if (p.palette && (p.bits != 8 || p.samples != 1)) unsupported("a palette that is not of 8 bits");
    if (p.format == SAMPLEFORMAT_IEEEFP && p.photometric == PHOTOMETRIC_MINISWHITE)
      unsupported("floats in which white is 0");
    std::uint16_t extras = 0;
    std::uint16_t* kinds = nullptr;
    TIFFGetFieldDefaulted(tiff(), TIFFTAG_EXTRASAMPLES, &extras, &kinds);
    std::size_t alphas = 0;
    for (std::uint16_t e = 0; e < extras; ++e) alphas += kinds[e] != EXTRASAMPLE_UNSPECIFIED ? 1 : 0;
    p.channels =
        p.palette || (p.colour && p.samples >= 3) ? 3 : p.samples - std::min<std::size_t>(alphas, p.samples);
    if (p.colour && !p.palette && p.samples < 3) damaged("an RGB page with fewer than three samples");
    p.alpha = p.samples > p.channels;
    return p;
  }

  /// Looks at the headers of all pages: whatever refuses the file is found before the first pixel is decoded.
  void plan_pages() {
    std::uint32_t pages = 0, left_out = 0;
    do {
      if (++pages > limits_.pages)
        throw core::LimitError(
            fmt::format("{}: the TIFF has more than {} pages; save the ones that you want to measure", file_,
                        limits_.pages));
      std::uint32_t kind = 0;
      TIFFGetFieldDefaulted(tiff(), TIFFTAG_SUBFILETYPE, &kind);
      if (pages > 1 && (kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) != 0) {
        ++left_out;
        continue;
      }
      plan_page(read_layout(), pages);
      directories_.push_back(static_cast<std::uint16_t>(pages - 1));
      memory_.clear_error();
    } while (TIFFReadDirectory(tiff()) != 0);
    if (!memory_.error().empty()) damaged("a further page cannot be read");
    check_channels();
    if (left_out > 0) notes_.push_back(fmt::format("{} reduced or mask pages were left out", left_out));
  }

  /// The first page makes the picture, further ones add channels.
  void plan_page(const Page& p, std::uint32_t number) {
    check_picture_size(file_, p.width, p.height, p.channels + channels_, limits_);
    check_page_room(p);
    if (channels_ == 0) {
      first_ = p;
      orientation_ = p.orientation;
      if (p.alpha) notes_.emplace_back("samples beyond the colours were left out");
    } else {
      if (p.colour || first_.colour)
        refuse_picture(file_, "picture-stack",
                       fmt::format("TIFF: page {} belongs to a stack of colour pictures", number),
                       "save each picture as a file of its own");
      if (p.width != first_.width || p.height != first_.height || p.depth() != first_.depth())
        refuse_picture(
            file_, "picture-pages-differ",
            fmt::format("TIFF: page {} has {} x {} pixels of {} bits, the first {} x {} of {}", number,
                        p.width, p.height, p.depth(), first_.width, first_.height, first_.depth()),
            "pages are read as channels and must agree; save the one that you want to measure");
    }
    channels_ += p.channels;
  }

  void decode_page(const Page& p) {
    if (image_.channels.empty()) {
      image_ = blank_picture(p.width, p.height, p.channels, p.colour, p.depth());
      image_.notes = notes_;
      read_resolution();
    } else {
      for (std::size_t c = 0; c < p.channels; ++c)
        image_.channels.push_back(
            {fmt::format("channel {}", image_.channels.size() + 1), imaging::Plane(p.width, p.height)});
    }
    const std::size_t base = image_.channels.size() - p.channels;
    if (TIFFIsTiled(tiff()) != 0)
      read_tiles(p, base);
    else
      read_strips(p, base);
  }

  void check_page_room(const Page& p) const {
    const std::uint64_t stored = std::uint64_t{p.width} * p.height * p.samples * (p.bits / 8);
    if (p.compression == COMPRESSION_NONE) check_room(file_, stored, 1, bytes_.size());
    for (const int c : {COMPRESSION_LZW, COMPRESSION_PACKBITS, COMPRESSION_JPEG, COMPRESSION_DEFLATE,
                        COMPRESSION_ADOBE_DEFLATE})
      if (p.compression == c) check_room(file_, stored, deflate_factor, bytes_.size());
  }

  void read_tiles(const Page& p, std::size_t base) {
    std::uint32_t w = 0, h = 0;
    TIFFGetField(tiff(), TIFFTAG_TILEWIDTH, &w);
    TIFFGetField(tiff(), TIFFTAG_TILELENGTH, &h);
    if (w == 0 || h == 0) damaged("tiles without size");
    check_picture_size(file_, w, h, p.samples, limits_);
    std::vector<std::uint8_t> buffer(block_size(TIFFTileSize64(tiff()), w, h, p));
    const std::uint16_t planes = p.planar == PLANARCONFIG_SEPARATE ? p.samples : std::uint16_t{1};
    for (std::uint16_t s = 0; s < planes; ++s)
      for (std::uint32_t y = 0; y < p.height; y += h)
        for (std::uint32_t x = 0; x < p.width; x += w) {
          const tmsize_t got = TIFFReadEncodedTile(tiff(), TIFFComputeTile(tiff(), x, y, 0, s), buffer.data(),
                                                   static_cast<tmsize_t>(buffer.size()));
          if (got < 0 || static_cast<std::size_t>(got) < buffer.size()) damaged("a tile cannot be read");
          place(p, base, s, buffer, w, x, y, std::min(w, p.width - x), std::min(h, p.height - y));
        }
  }

  void read_strips(const Page& p, std::size_t base) {
    std::uint32_t rows = 0;
    TIFFGetFieldDefaulted(tiff(), TIFFTAG_ROWSPERSTRIP, &rows);
    rows = std::min(rows, p.height);
    if (rows == 0) damaged("strips without rows");
    std::vector<std::uint8_t> buffer(block_size(TIFFVStripSize64(tiff(), rows), p.width, rows, p));
    const std::uint16_t planes = p.planar == PLANARCONFIG_SEPARATE ? p.samples : std::uint16_t{1};
    for (std::uint16_t s = 0; s < planes; ++s)
      for (std::uint32_t y = 0; y < p.height; y += rows) {
        const std::uint32_t here = std::min(rows, p.height - y);
        const std::size_t wanted = buffer.size() / rows * here;
        const tmsize_t got = TIFFReadEncodedStrip(tiff(), TIFFComputeStrip(tiff(), y, s), buffer.data(),
                                                  static_cast<tmsize_t>(wanted));
        if (got < 0 || static_cast<std::size_t>(got) < wanted) damaged("a strip cannot be read");
        place(p, base, s, buffer, p.width, 0, y, p.width, here);
      }
  }

  /// The bytes of a strip or tile: what the library says and what the layout means must agree.
  std::size_t block_size(std::uint64_t said, std::uint64_t width, std::uint64_t height, const Page& p) const {
    const std::uint64_t samples = p.planar == PLANARCONFIG_SEPARATE ? 1 : p.samples;
    const std::uint64_t meant = width * height * samples * (p.bits / 8);
    if (said != meant) unsupported("strips or tiles in an unusual arrangement, such as subsampled colours");
    return meant;
  }

  float value(const Page& p, const std::uint8_t* at) const {
    if (p.bits == 8) return *at;
    if (p.bits == 16) {
      std::uint16_t v = 0;
      std::memcpy(&v, at, 2);
      return v;
    }
    float v = 0.0F;
    std::memcpy(&v, at, 4);
    if (!std::isfinite(v))
      refuse_picture(file_, "picture-bad-value", "TIFF: a value is not a finite number",
                     "replace such pixels and save again");
    return v;
  }

  /// Copies a block whose rows are `stride` pixels apart to (x, y) of the planes.
  void place(const Page& p, std::size_t base, std::uint16_t plane, const std::vector<std::uint8_t>& block,
             std::size_t stride, std::size_t x, std::size_t y, std::size_t width, std::size_t height) {
    const std::size_t samples = p.planar == PLANARCONFIG_SEPARATE ? 1 : p.samples, bytes = p.bits / 8;
    std::uint16_t* maps[3] = {};
    if (p.palette && TIFFGetField(tiff(), TIFFTAG_COLORMAP, &maps[0], &maps[1], &maps[2]) == 0)
      damaged("a palette picture without a palette");
    const auto inverted = static_cast<float>(p.bits == 8 ? 255 : 65535);
    for (std::size_t v = 0; v < height; ++v)
      for (std::size_t u = 0; u < width; ++u)
        for (std::size_t s = 0; s < samples; ++s) {
          const float got = value(p, block.data() + ((v * stride + u) * samples + s) * bytes);
          if (p.palette) {
            for (std::size_t c = 0; c < 3; ++c)
              image_.channels[c].plane.at(x + u, y + v) =
                  static_cast<float>(maps[c][static_cast<std::size_t>(got)] >> 8);
            continue;
          }
          const std::size_t channel = p.planar == PLANARCONFIG_SEPARATE ? plane : s;
          if (channel >= p.channels) continue;  // beyond the colours
          image_.channels[base + channel].plane.at(x + u, y + v) =
              p.photometric == PHOTOMETRIC_MINISWHITE ? inverted - got : got;
        }
  }

  void read_resolution() {
    float x = 0.0F, y = 0.0F;
    std::uint16_t unit = RESUNIT_INCH;
    TIFFGetFieldDefaulted(tiff(), TIFFTAG_RESOLUTIONUNIT, &unit);
    if (TIFFGetField(tiff(), TIFFTAG_XRESOLUTION, &x) == 0 ||
        TIFFGetField(tiff(), TIFFTAG_YRESOLUTION, &y) == 0)
      return;
    if (!std::isfinite(x) || !(x > 0.0F) || std::fabs(x - y) > 0.01F * x) return;
    if (imagej_micron_) {
      image_.um_per_pixel = 1.0 / static_cast<double>(x);
      image_.pixel_size_source = "ImageJ's calibration";
    } else if (unit == RESUNIT_CENTIMETER || unit == RESUNIT_INCH) {
      const double dpi = static_cast<double>(x) * (unit == RESUNIT_INCH ? 1.0 : 2.54);
      note_dpi(image_, dpi, "resolution of the TIFF", 0.1);
    }
  }

  void read_description() {
    char* text = nullptr;
    if (TIFFGetField(tiff(), TIFFTAG_IMAGEDESCRIPTION, &text) == 0 || text == nullptr) return;
    const std::string_view description = text;
    if (looks_like_ome(description)) {
      ome_ = read_ome(description, file_);
      if (ome_->depths > 1 || ome_->times > 1) refuse_stack(ome_->depths, ome_->times);
    } else if (description.starts_with("ImageJ=")) {
      const std::uint64_t slices = imagej_number(description, "slices="),
                          frames = imagej_number(description, "frames=");
      if (slices > 1 || frames > 1) refuse_stack(slices, frames);
      imagej_images_ = imagej_number(description, "images=");
      for (const char* name : {"unit=micron", "unit=um", "unit=\u00B5m", "unit=\\u00B5m"})
        imagej_micron_ = imagej_micron_ || description.find(name) != std::string_view::npos;
    }
  }
  [[noreturn]] void refuse_stack(std::uint64_t depths, std::uint64_t times) const {
    refuse_picture(file_, "picture-stack",
                   fmt::format("TIFF: a stack of {} depths and {} times", depths, times),
                   "measure one plane or a projection: save it as a picture of its own");
  }
  static std::uint64_t imagej_number(std::string_view description, std::string_view key) {
    std::size_t at = description.find(key);
    if (at == std::string_view::npos) return 1;
    at += key.size();
    const core::ParsedNumber n = core::parse_number(description.substr(at, description.find('\n', at) - at));
    return n.error.empty() && n.value >= 1.0 && n.value < 1e9 ? static_cast<std::uint64_t>(n.value) : 1;
  }

  /// What the descriptions say of the number of channels.
  void check_channels() const {
    if (imagej_images_ > channels_)
      refuse_picture(
          file_, "picture-stack",
          fmt::format("TIFF: ImageJ stored {} pictures, of which {} have a page", imagej_images_, channels_),
          "save the picture as OME-TIFF, or fewer pictures in one file");
    if (ome_ && ome_->channels != channels_)
      refuse_picture(
          file_, "ome-pages",
          fmt::format("OME-XML: {} channels are described, {} are in the file", ome_->channels, channels_),
          "the other channels may lie in further files; save them as one");
  }

  void name_channels() {
    if (!ome_) return;
    if (!image_.colour && ome_->names.size() == image_.channels.size())
      for (std::size_t c = 0; c < ome_->names.size(); ++c)
        if (!ome_->names[c].empty()) image_.channels[c].name = ome_->names[c];
    if (ome_->um_per_pixel) {
      image_.um_per_pixel = ome_->um_per_pixel;
      image_.pixel_size_source = "OME-XML";
    }
  }

  std::string_view bytes_;
  const std::string& file_;
  const PictureLimits& limits_;
  TiffMemory memory_;
  imaging::Image image_;
  Page first_;
  std::size_t channels_ = 0;                ///< of all pages
  std::vector<std::uint16_t> directories_;  ///< that are read
  std::vector<std::string> notes_;
  std::optional<OmeDescription> ome_;
  bool imagej_micron_ = false;
  std::uint64_t imagej_images_ = 1;
  unsigned orientation_ = 1;
};

}  // namespace

imaging::Image read_tiff(std::string_view bytes, const std::string& file, const PictureLimits& limits) {
  return Reader(bytes, file, limits).read();
}

}  // namespace stroma::io
