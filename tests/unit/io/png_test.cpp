// A picture comes back as it was, with the size of its pixels.
#include "io/png.hpp"

#include <gtest/gtest.h>
#include <png.h>

#include <vector>

#include "core/errors.hpp"

namespace stroma::io {
namespace png_test {

std::vector<std::uint8_t> gradient(std::size_t width, std::size_t height) {
  std::vector<std::uint8_t> rgb;
  for (std::size_t i = 0; i < 3 * width * height; ++i) rgb.push_back(static_cast<std::uint8_t>(i * i / 7));
  return rgb;
}

TEST(Png, comes_back_as_it_was) {
  for (const std::size_t width : {1u, 17u, 300u}) {
    const std::vector<std::uint8_t> rgb = gradient(width, 20);
    const std::string bytes = png_bytes(width, 20, rgb, 1.0);
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    ASSERT_NE(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()), 0);
    EXPECT_EQ(image.width, width);
    EXPECT_EQ(image.height, 20u);
    image.format = PNG_FORMAT_RGB;
    std::vector<std::uint8_t> back(PNG_IMAGE_SIZE(image));
    ASSERT_NE(png_image_finish_read(&image, nullptr, back.data(), 0, nullptr), 0);
    EXPECT_EQ(back, rgb);
  }
}

TEST(Png, says_how_large_a_pixel_is) {
  // 0.8 um per pixel are 1 250 000 pixels per metre, in both directions: chunk pHYs, big-endian, unit 1.
  const std::string bytes = png_bytes(2, 2, gradient(2, 2), 0.8);
  const std::size_t at = bytes.find("pHYs");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(bytes.substr(at + 4, 9), std::string("\x00\x13\x12\xD0\x00\x13\x12\xD0\x01", 9));
}

TEST(Png, sizes_that_do_not_agree_are_bugs_of_ours) {
  EXPECT_THROW(png_bytes(2, 2, gradient(2, 3), 1.0), core::InternalError);
  EXPECT_THROW(png_bytes(0, 0, {}, 1.0), core::InternalError);
  EXPECT_THROW(png_bytes(2, 2, gradient(2, 2), 0.0), core::InternalError);
}

}  // namespace png_test
}  // namespace stroma::io
