// Pictures from files: PNG (ISO/IEC 15948), JPEG (ITU-T T.81), TIFF 6.0 and OME-TIFF (Goldberg et al., Genome
// Biol. 6:R47, 2005), told apart by their first bytes and never by their names. What comes out are planes of
// numbers; colours are the file's own values, without any profile or gamma applied.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "imaging/image.hpp"

namespace stroma::io {

/// How large a picture may be. Checked against the headers of all pages before anything is decoded, so that
/// what is refused takes neither memory nor time.
struct PictureLimits {
  std::uint64_t values = 80'000'000;  ///< width x height x channels: 320 MB as floats
  std::uint32_t side = 200'000;       ///< pixels
  std::uint32_t pages = 64;           ///< of a TIFF
};

/// Reads the bytes of a picture called `file`.
///   PNG    1 to 16 bits, grey, palette, RGB; below 8 bits scaled to 8; alpha left out (a note says so)
///   JPEG   grey and RGB of 8 bits; a file that ends early or has bad codes is an error
///   TIFF   8 and 16 bits unsigned, 32-bit floats; grey (white may be 0), RGB, palette, YCbCr in JPEG; strips
///   and
///          tiles; every compression that libtiff knows. A grey page is a channel; a colour picture has one
///          page. Pages marked as reduced or as masks are left out (a note says so).
///   OME-TIFF and ImageJ TIFF: pixel size and channel names; stacks in depth and time are refused
/// A picture stored rotated (Exif, TIFF) is turned upright, with a note. A resolution of whole dots per inch
/// up to 4800 is what programs write without knowing the size of a pixel: it is said in `notes`, and is no
/// pixel size. Throws core::InputError
/// with one of picture-unknown-format, picture-damaged, picture-empty, picture-unsupported,
/// picture-pages-differ, picture-stack, picture-bad-value, ome-bad-xml, ome-xml-refused, ome-pages, and
/// core::LimitError for one above `limits`.
imaging::Image read_picture(std::string_view bytes, const std::string& file,
                            const PictureLimits& limits = {});

/// How write_tiff lays a picture out.
struct TiffLayout {
  bool compress = false;   ///< deflate with horizontal differences (integers)
  std::uint32_t tile = 0;  ///< side of a tile, a multiple of 16; 0: strips
  bool ome = true;         ///< OME-XML with pixel size and channel names
};

/// A picture as TIFF with its own depth: colour as one RGB page, else one page per channel. Throws
/// core::InternalError for a picture that is not valid or has a value that its depth cannot hold exactly.
std::string write_tiff(const imaging::Image& image, const TiffLayout& layout = {});

}  // namespace stroma::io
