// Pictures come back from every format as they were written, and what is wrong with a file is named.
#include "io/picture.hpp"

#include <gtest/gtest.h>
#include <jpeglib.h>
#include <png.h>
#include <tiffio.h>

#include <chrono>
#include <cmath>
#include <cstdlib>

#include "core/errors.hpp"
#include "io/ome_xml.hpp"
#include "io/png.hpp"
#include "refused.hpp"
#include "support/pictures.hpp"

namespace stroma::io {
namespace picture_test {

using imaging::Image;

/// A picture in which every value differs from its neighbours and no channel is like another.
Image pattern(std::size_t width, std::size_t height, std::vector<std::string> names, bool colour, int bits) {
  Image image = test::blank(width, height, std::move(names), colour, bits);
  const std::size_t range = bits == 8 ? 256 : 65536;
  for (std::size_t c = 0; c < image.channels.size(); ++c)
    for (std::size_t i = 0; i < width * height; ++i) {
      const std::size_t value = (i * 7919 + c * 104729 + i * i * 31) % range;
      image.channels[c].plane.values[i] =
          bits == 32 ? static_cast<float>(value) * 0.37F - 900.0F : static_cast<float>(value);
    }
  return image;
}

void expect_same(const Image& a, const Image& b) {
  ASSERT_EQ(a.channels.size(), b.channels.size());
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.height, b.height);
  EXPECT_EQ(a.bits, b.bits);
  EXPECT_EQ(a.colour, b.colour);
  for (std::size_t c = 0; c < a.channels.size(); ++c)
    EXPECT_EQ(a.channels[c].plane.values, b.channels[c].plane.values) << "channel " << c;
}

std::string code_of(const std::string& bytes) {
  return test::refused([&] { read_picture(bytes, "p"); }).code;
}

// ----------------------------------------------------------------------------------------------------- TIFF

TEST(Picture, every_depth_and_layout_of_a_tiff_comes_back_bit_by_bit) {
  for (const int bits : {8, 16, 32})
    for (const bool colour : {true, false})
      for (const bool compress : {true, false})
        for (const std::uint32_t tile : {0U, 32U}) {
          Image image = pattern(77, 45,
                                colour ? std::vector<std::string>{"red", "green", "blue"}
                                       : std::vector<std::string>{"DAPI", "FITC"},
                                colour, bits);
          image.um_per_pixel = 0.325;
          const Image back = read_picture(write_tiff(image, {compress, tile, true}), "p");
          expect_same(image, back);
          EXPECT_DOUBLE_EQ(back.um_per_pixel.value_or(0.0), 0.325);
          EXPECT_EQ(back.pixel_size_source, "OME-XML");
          for (std::size_t c = 0; c < image.channels.size(); ++c)
            EXPECT_EQ(back.channels[c].name, image.channels[c].name);
        }
}

TEST(Picture, a_tiff_without_a_description_has_numbered_channels) {
  const Image back =
      read_picture(write_tiff(pattern(9, 7, {"a", "b", "c"}, false, 16), {false, 0, false}), "p");
  ASSERT_EQ(back.channels.size(), 3U);
  EXPECT_EQ(back.channels[2].name, "channel 3");
  EXPECT_FALSE(back.um_per_pixel);
}

TEST(Picture, a_tiff_cut_anywhere_is_an_error_and_never_a_picture) {
  // Written uncompressed, without tags behind the pixels that could be missed: every byte matters to the
  // directory or the pixels, but for the padding of the last value.
  const std::string whole = write_tiff(pattern(40, 30, {"a"}, false, 8), {true, 0, false});
  for (std::size_t size = 0; size + 8 < whole.size(); size += 7) {
    const std::string code = code_of(whole.substr(0, size));
    EXPECT_TRUE(code.starts_with("picture-")) << size;
  }
}

TEST(Picture, values_that_a_depth_cannot_hold_are_not_written) {
  Image image = pattern(4, 4, {"a"}, false, 8);
  image.channels[0].plane.values[3] = 255.5F;
  EXPECT_THROW(write_tiff(image), core::InternalError);
  image.channels[0].plane.values[3] = 256.0F;
  EXPECT_THROW(write_tiff(image), core::InternalError);
}

TEST(Picture, a_float_that_is_not_finite_is_refused) {
  Image image = pattern(4, 4, {"a"}, false, 32);
  image.channels[0].plane.values[3] = std::nanf("");
  EXPECT_EQ(code_of(write_tiff(image)), "picture-bad-value");
}

TEST(Picture, pages_that_do_not_agree_are_refused) {
  const std::string ome = write_ome(8, 8, {"a", "b"}, false, "uint8", {});
  EXPECT_EQ(ome.find("<!"), std::string::npos);
  // A description of two channels over a file of one.
  Image one = pattern(8, 8, {"a"}, false, 8);
  std::string bytes = write_tiff(one);
  const std::size_t at = bytes.find("SizeC=\"1\"");
  ASSERT_NE(at, std::string::npos);
  bytes[at + 7] = '2';
  EXPECT_EQ(code_of(bytes), "ome-pages");
  std::string stack = write_tiff(one);
  stack[stack.find("SizeZ=\"1\"") + 7] = '5';
  EXPECT_EQ(code_of(stack), "picture-stack");
}

// ------------------------------------------------------------------------------------------------------ XML

TEST(Picture, xml_that_attacks_is_refused_at_once_and_opens_nothing) {
  const std::string bomb =
      "<?xml version=\"1.0\"?><!DOCTYPE OME [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
      "\"&a;&a;&a;&a;&a;&a;&a;&a;\">]><OME>&b;</OME>";
  const std::string external =
      "<!DOCTYPE OME [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><OME><Image><Pixels "
      "SizeC=\"1\">&x;</Pixels></Image></OME>";
  std::string deep = "<OME>";
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  for (int i = 0; i < 100'000; ++i) deep += "</a>";
  deep += "</OME>";
  for (const std::string& xml : {bomb, external, deep}) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(test::refused([&] { read_ome(xml, "f"); }).code, "ome-xml-refused");
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
  }
  EXPECT_EQ(test::refused([] { read_ome("<OME><Image>", "f"); }).code, "ome-bad-xml");
  EXPECT_EQ(test::refused([] { read_ome("<OME><Image><Pixels SizeC=\"-3\"/></Image></OME>", "f"); }).code,
            "ome-bad-xml");
}

TEST(Picture, units_of_a_description_become_micrometres) {
  const auto size = [](const std::string& attributes) {
    return read_ome(
               "<OME><Image><Pixels SizeC=\"1\" SizeZ=\"1\" SizeT=\"1\" " + attributes + "/></Image></OME>",
               "f")
        .um_per_pixel;
  };
  EXPECT_DOUBLE_EQ(size("PhysicalSizeX=\"0.5\" PhysicalSizeY=\"0.5\"").value(), 0.5);
  EXPECT_DOUBLE_EQ(
      size("PhysicalSizeX=\"250\" PhysicalSizeXUnit=\"nm\" PhysicalSizeY=\"250\" PhysicalSizeYUnit=\"nm\"")
          .value(),
      0.25);
  EXPECT_FALSE(size("PhysicalSizeX=\"0.5\" PhysicalSizeY=\"0.7\""));  // not square
  EXPECT_FALSE(size(
      "PhysicalSizeX=\"0.5\" PhysicalSizeXUnit=\"pixel\" PhysicalSizeY=\"0.5\" PhysicalSizeYUnit=\"pixel\""));
}

// ------------------------------------------------------------------------------------------------------ PNG

struct PngKind {
  int type, bits;
  bool interlaced;
};

/// A PNG of any kind: sample s of pixel i is (i * 37 + s * 11) modulo its range; palettes have a colour per
/// index.
std::string png_of(const PngKind& kind, std::size_t width, std::size_t height) {
  std::string bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &bytes,
      [](png_structp p, png_bytep data, png_size_t size) {
        static_cast<std::string*>(png_get_io_ptr(p))->append(reinterpret_cast<const char*>(data), size);
      },
      [](png_structp) {});
  png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), kind.bits,
               kind.type, kind.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (kind.type == PNG_COLOR_TYPE_PALETTE) {
    png_color colours[256];
    for (int i = 0; i < 1 << kind.bits; ++i)
      colours[i] = {static_cast<png_byte>(i), static_cast<png_byte>(255 - i), static_cast<png_byte>(i * 3)};
    png_set_PLTE(png, info, colours, 1 << kind.bits);
  }
  png_write_info(png, info);
  png_set_packing(png);
  const std::size_t samples = png_get_channels(png, info), value_bytes = kind.bits == 16 ? 2 : 1;
  std::vector<std::vector<png_byte>> rows(height, std::vector<png_byte>(width * samples * value_bytes));
  std::vector<png_bytep> pointers;
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x)
      for (std::size_t s = 0; s < samples; ++s) {
        const std::size_t value = ((y * width + x) * 37 + s * 11) % (std::size_t{1} << kind.bits);
        png_byte* at = rows[y].data() + (x * samples + s) * value_bytes;
        if (value_bytes == 2) *at++ = static_cast<png_byte>(value >> 8);
        *at = static_cast<png_byte>(value);
      }
    pointers.push_back(rows[y].data());
  }
  png_write_image(png, pointers.data());
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

TEST(Picture, every_kind_of_png_is_read) {
  constexpr std::size_t width = 19, height = 11;
  std::vector<PngKind> kinds;
  for (const bool interlaced : {false, true}) {
    for (const int bits : {1, 2, 4, 8, 16}) kinds.push_back({PNG_COLOR_TYPE_GRAY, bits, interlaced});
    for (const int bits : {1, 2, 4, 8}) kinds.push_back({PNG_COLOR_TYPE_PALETTE, bits, interlaced});
    for (const int bits : {8, 16})
      for (const int type : {PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB_ALPHA})
        kinds.push_back({type, bits, interlaced});
  }
  for (const PngKind& kind : kinds) {
    const Image image = read_picture(png_of(kind, width, height), "p");
    const bool colour = (kind.type & PNG_COLOR_MASK_COLOR) != 0,
               alpha = (kind.type & PNG_COLOR_MASK_ALPHA) != 0;
    ASSERT_EQ(image.channels.size(), colour ? 3U : 1U);
    EXPECT_EQ(image.bits, kind.bits == 16 ? 16 : 8);
    EXPECT_EQ(image.notes.empty(), !alpha);
    for (std::size_t i = 0; i < width * height; ++i)
      for (std::size_t c = 0; c < image.channels.size(); ++c) {
        const std::size_t range = std::size_t{1} << kind.bits;
        std::size_t meant = (i * 37 + c * 11) % range;
        if (kind.type == PNG_COLOR_TYPE_PALETTE) {
          const std::size_t index = i * 37 % range;
          meant = c == 0 ? index : c == 1 ? 255 - index : index * 3 % 256;
        } else if (kind.bits < 8) {
          meant = meant * 255 / (range - 1);
        }
        ASSERT_EQ(image.channels[c].plane.values[i], static_cast<float>(meant))
            << "type " << kind.type << ", " << kind.bits << " bits, pixel " << i;
      }
  }
}

TEST(Picture, png_says_how_large_its_pixels_are) {
  const std::vector<std::uint8_t> rgb(12, 100);
  EXPECT_NEAR(read_picture(png_bytes(2, 2, rgb, 0.8), "p").um_per_pixel.value(), 0.8, 1e-9);
  EXPECT_FALSE(
      read_picture(png_bytes(2, 2, rgb, 1e6 / 2835.0), "p").um_per_pixel);  // 72 dots per inch: a screen
}

TEST(Picture, a_png_cut_or_changed_anywhere_is_an_error) {
  const std::string whole = png_of({PNG_COLOR_TYPE_RGB, 8, false}, 20, 20);
  for (std::size_t size = 0; size < whole.size(); size += 3)
    EXPECT_TRUE(code_of(whole.substr(0, size)).starts_with("picture-")) << size;
  std::string changed = whole;
  changed[whole.size() / 2] = static_cast<char>(changed[whole.size() / 2] ^ 0x40);  // its checksum tells
  EXPECT_EQ(code_of(changed), "picture-damaged");
}

// ----------------------------------------------------------------------------------------------------- JPEG

std::string jpeg_of(const Image& image, int quality, bool progressive, unsigned orientation = 1) {
  jpeg_compress_struct library{};
  jpeg_error_mgr errors{};
  library.err = jpeg_std_error(&errors);
  jpeg_create_compress(&library);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&library, &memory, &size);
  library.image_width = static_cast<JDIMENSION>(image.width);
  library.image_height = static_cast<JDIMENSION>(image.height);
  library.input_components = image.colour ? 3 : 1;
  library.in_color_space = image.colour ? JCS_RGB : JCS_GRAYSCALE;
  jpeg_set_defaults(&library);
  jpeg_set_quality(&library, quality, TRUE);
  if (progressive) jpeg_simple_progression(&library);
  jpeg_start_compress(&library, TRUE);
  if (orientation != 1) {
    const unsigned char exif[] = {
        'E', 'x', 'i', 'f', 0,  0, 'M', 'M', 0, 42, 0, 0, 0,
        8,   0,   1,   1,   18, 0, 3,   0,   0, 0,  1, 0, static_cast<unsigned char>(orientation),
        0,   0,   0,   0,   0,  0};
    jpeg_write_marker(&library, JPEG_APP0 + 1, exif, sizeof exif);
  }
  std::vector<JSAMPLE> row(image.width * static_cast<std::size_t>(library.input_components));
  for (std::size_t y = 0; y < image.height; ++y) {
    for (std::size_t x = 0; x < image.width; ++x)
      for (std::size_t c = 0; c < static_cast<std::size_t>(library.input_components); ++c)
        row[x * static_cast<std::size_t>(library.input_components) + c] =
            static_cast<JSAMPLE>(image.channels[c].plane.at(x, y));
    JSAMPROW at = row.data();
    jpeg_write_scanlines(&library, &at, 1);
  }
  jpeg_finish_compress(&library);
  std::string bytes(reinterpret_cast<char*>(memory), size);
  jpeg_destroy_compress(&library);
  std::free(memory);
  return bytes;
}

/// A picture without steps: what JPEG keeps.
Image smooth(std::size_t width, std::size_t height, bool colour) {
  Image image = test::blank(
      width, height,
      colour ? std::vector<std::string>{"red", "green", "blue"} : std::vector<std::string>{"grey"}, colour,
      8);
  for (std::size_t c = 0; c < image.channels.size(); ++c)
    for (std::size_t y = 0; y < height; ++y)
      for (std::size_t x = 0; x < width; ++x)
        image.channels[c].plane.at(x, y) = static_cast<float>(40 + 30 * c + x + y);
  return image;
}

TEST(Picture, jpegs_are_read_to_what_quantisation_leaves) {
  for (const bool colour : {false, true})
    for (const bool progressive : {false, true}) {
      const Image image = smooth(50, 40, colour);
      const Image back = read_picture(jpeg_of(image, 100, progressive), "p");
      ASSERT_EQ(back.channels.size(), image.channels.size());
      // At quality 100 coefficients are rounded to whole numbers: half a step in each of 64 orthonormal ones
      // is at most 4 grey values; colours are stored at half the width and height, and two of them meet in
      // red, green and blue.
      const double bound = colour ? 8.0 : 4.0;
      for (std::size_t c = 0; c < image.channels.size(); ++c)
        for (std::size_t i = 0; i < 2000; ++i)
          ASSERT_NEAR(back.channels[c].plane.values[i], image.channels[c].plane.values[i], bound);
      EXPECT_FALSE(back.notes.empty());  // that densities are approximate
    }
}

TEST(Picture, a_jpeg_that_ends_early_is_an_error) {
  for (const bool progressive : {false, true}) {
    const std::string whole = jpeg_of(smooth(64, 64, true), 90, progressive);
    for (std::size_t size = 0; size < whole.size(); size += 11) {
      const std::string code = code_of(whole.substr(0, size));
      EXPECT_TRUE(code.starts_with("picture-")) << size;
    }
  }
}

TEST(Picture, a_rotated_photograph_is_turned_upright) {
  // Orientation 6: row 0 is the right side, column 0 the top (Exif 2.3, tag 274): upright(x, y) = stored(y,
  // height - 1 - x).
  const Image stored = smooth(40, 24, false);
  const Image upright = read_picture(jpeg_of(stored, 100, false, 6), "p");
  ASSERT_EQ(upright.width, 24U);
  ASSERT_EQ(upright.height, 40U);
  for (std::size_t y = 0; y < 40; ++y)
    for (std::size_t x = 0; x < 24; ++x)
      EXPECT_NEAR(upright.channels[0].plane.at(x, y), stored.channels[0].plane.at(y, 23 - x), 4.0);
  EXPECT_EQ(upright.notes.size(), 2U);
  // Every orientation keeps the multiset of pixels, and 1, 3, 5, 7 .. differ.
  for (unsigned o = 2; o <= 8; ++o) {
    const Image turned = read_picture(jpeg_of(stored, 100, false, o), "p");
    EXPECT_EQ(turned.width, o >= 5 ? 24U : 40U);
  }
}

// --------------------------------------------------------------------------------------------------- limits

TEST(Picture, sizes_are_refused_before_anything_is_allocated) {
  PictureLimits small;
  small.values = 1000;
  EXPECT_THROW(read_picture(write_tiff(pattern(40, 30, {"a"}, false, 8)), "p", small), core::LimitError);
  EXPECT_THROW(read_picture(png_of({PNG_COLOR_TYPE_GRAY, 8, false}, 40, 30), "p", small), core::LimitError);
  EXPECT_THROW(read_picture(jpeg_of(smooth(40, 30, false), 90, false), "p", small), core::LimitError);
  // A header that claims 60000 x 60000 pixels in a file of a few hundred bytes.
  std::string png = png_of({PNG_COLOR_TYPE_GRAY, 8, false}, 40, 30);
  for (const std::size_t at : {18U, 22U})
    png[at] = static_cast<char>(0xEA), png[at + 1] = static_cast<char>(0x60);
  EXPECT_THROW(read_picture(png, "p"), std::runtime_error);
}

TEST(Picture, what_is_no_picture_is_named_by_its_bytes) {
  EXPECT_EQ(code_of(""), "picture-unknown-format");
  EXPECT_EQ(code_of("file,arm\n"), "picture-unknown-format");
  EXPECT_EQ(code_of("GIF89a"), "picture-unknown-format");
  const std::string text = test::refused([] { read_picture("BM12", "p"); }).message;
  EXPECT_NE(text.find("0x42 0x4D"), std::string::npos);
}

}  // namespace picture_test
}  // namespace stroma::io
